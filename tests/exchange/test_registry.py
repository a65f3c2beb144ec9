"""What is believed: whatever the order, by the chain alone, and never by the authority alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.certificates import Pinned
from sync.registry import Registry
from sync.statements import (
    MachineCertificate,
    Profile,
    read_statement,
    sign_statement,
    statement_name,
)
from tests.exchange.parties import NOW_S, Machine, Region, Structure, epoch, octets
from tests.exchange.small_world import (
    ALL,
    N1,
    N2,
    NORTH,
    PAIR,
    REGION,
    S1,
    SOUTH,
    STRANGER,
    reason,
    registry,
)


def picture(known: Registry) -> dict:
    """All that can be asked of a registry."""
    shown = {name: item for name, item in vars(known).items() if name not in ("_shelf", "_wraps")}
    spaces = (NORTH.space, PAIR)
    return shown | {
        "wraps": [known.wraps(space) for space in spaces],
        "sealing": [known.sealing_epochs(space) for space in spaces],
        "may": [known.machine_may(space, machine.id) for space in spaces for machine in (N1, S1)],
    }


def test_everything_signed_as_it_should_is_believed():
    known = registry(*ALL.values())
    assert known.waiting == {}
    assert known.refused == {}
    assert known.conflicts == []
    assert known.relays.keys() == {REGION.relay.id}
    assert known.structures.keys() == {NORTH.id, SOUTH.id}
    assert known.profiles[NORTH.id].generation == 2
    assert known.profile(NORTH.id, 1).generation == 1
    assert known.machines.keys() == {N1.id, N2.id, S1.id}
    assert known.incarnations == {N1.incarnation: N1.id, S1.incarnation: S1.id}
    assert known.spaces.keys() == {NORTH.space, PAIR}
    assert {wrap.recipient for wrap in known.wraps(NORTH.space)} == {N1.id, N2.id}
    assert [wrap.recipient for wrap in known.wraps(PAIR)] == [SOUTH.id]
    assert [key.recipient for key in known.structure_keys] == [N2.id]
    assert len(known.invitations) == len(known.requests) == len(known.receipts) == 1
    assert known.structure_by_directory("exemple/1").structure == NORTH.id
    assert known.structure_by_directory("exemple/3") is None
    assert known.members_of_space(PAIR) == {NORTH.id, SOUTH.id}
    assert known.members_of_space(bytes(16)) == frozenset()
    assert known.statement_bytes(statement_name(ALL["n1"])) == ALL["n1"]


MORE = [
    *ALL.values(),
    b"not a statement",
    REGION.certify(Structure("usurper"), directory="exemple/1", from_s=NOW_S + 1),
    Structure("usurper").sign_machine(STRANGER.keys),
    SOUTH.sign_machine(N2.keys),
    N2.live(N1.incarnation, at_s=NOW_S + 1),
    NORTH.revoke(N2.id, ((NORTH.space, N2.incarnation, 3, bytes(32)),)),
    REGION.revoke(SOUTH.id),
    NORTH.sign_machine(N1.keys, from_s=NOW_S + 9),
    REGION.certify(NORTH, directory="exemple/1", from_s=NOW_S + 9),
    S1.wrap(epoch(NORTH.space, "intruder", 7), ALL["s1"]),
    N1.wrap(epoch(NORTH.space, "next", 2), ALL["n1"]),
    sign_statement(
        Profile(structure=NORTH.id, generation=9, hpke=bytes(1_216)), NORTH.root.private_key
    ),
]


@settings(max_examples=60, deadline=None)
@given(st.permutations(MORE), st.lists(st.sampled_from(MORE), max_size=5), st.integers(0, 40))
def test_order_repetition_and_batches_change_nothing(shuffled, repeated, cut):
    at_once = picture(registry(*MORE))
    known = registry(*shuffled[:cut]).with_statements([*shuffled[cut:], *repeated])
    assert picture(known) == at_once


@settings(max_examples=40, deadline=None)
@given(st.sets(st.sampled_from(sorted(ALL))))
def test_a_statement_whose_chain_is_not_complete_waits_and_is_believed_later(present):
    part = registry(*(ALL[label] for label in present))
    assert part.refused == {}
    whole = part.with_statements(ALL.values())
    assert whole.waiting == {}
    assert picture(whole) == picture(registry(*ALL.values()))


def test_a_larger_registry_leaves_the_smaller_as_it_was():
    small = registry(ALL["north"])
    before = picture(small)
    small.with_statements(ALL.values())
    assert picture(small) == before


@pytest.mark.parametrize(
    ("missing", "waits", "why"),
    [
        ("relay", "receipt", "unknown_relay"),
        ("north", "n1", "unknown_structure"),
        ("north", "north profile", "unknown_structure"),
        ("n1", "n1 lives", "unknown_machine"),
        ("n1", "invitation", "unknown_machine"),
        ("north space", "wrap n2", "unknown_space"),
        ("n2", "wrap n2", "unknown_recipient"),
        ("n2", "structure key", "unknown_recipient"),
        ("south profile", "wrap south", "unknown_profile"),
        ("north profile", "structure key", "unknown_profile"),
        ("invitation", "request", "unknown_invitation"),
    ],
)
def test_what_waits_says_what_it_waits_for(missing, waits, why):
    known = registry(*(data for label, data in ALL.items() if label != missing))
    assert reason(known, ALL[waits]) == why


def test_a_kind_of_a_later_program_waits():
    later = bytes.fromhex("8244a1616b60") + b"\x58\x40" + bytes(64)
    assert reason(registry(later), later) == "unknown_kind"


def test_what_is_no_statement_is_refused():
    assert reason(registry(b"no"), b"no") == "malformed"


# The authority cannot add a reader.


def signed_by_the_authority(machine: Machine) -> bytes:
    body = read_statement(NORTH.sign_machine(machine.keys)).body
    assert isinstance(body, MachineCertificate)
    return sign_statement(body, REGION.key.private_key)


def test_a_machine_signed_by_the_authority_is_not_believed():
    forged = signed_by_the_authority(STRANGER)
    known = registry(*ALL.values(), forged, STRANGER.live())
    assert reason(known, forged) == "bad_signature"
    assert STRANGER.id not in known.machines
    assert STRANGER.incarnation not in known.incarnations
    assert not known.machine_may(NORTH.space, STRANGER.id)


def test_a_profile_signed_by_the_authority_is_not_believed():
    body = Profile(structure=NORTH.id, generation=9, hpke=STRANGER.keys.hpke.public)
    forged = sign_statement(body, REGION.key.private_key)
    known = registry(*ALL.values(), forged)
    assert reason(known, forged) == "bad_signature"
    assert known.profiles[NORTH.id].generation == 2


def test_a_stolen_authority_key_certifies_everything_and_gets_no_key():
    """Whatever the thief certifies, no recipient of a key is of the thief's making."""
    usurper = Structure("usurper")
    stolen = [
        REGION.certify(usurper, directory="exemple/1", from_s=NOW_S - 9),
        usurper.profile(1),
        usurper.sign_machine(STRANGER.keys),
        signed_by_the_authority(STRANGER),
        STRANGER.live(),
        STRANGER.name_space(1, NORTH.id),
        STRANGER.wrap(epoch(NORTH.space, "thief", 99), ALL["n1"]),
        N1.wrap(epoch(NORTH.space), NORTH.sign_machine(STRANGER.keys)),
        STRANGER.invite(NORTH, octets("thief", 16)),
    ]
    pinned = Pinned(roots={"exemple/1": NORTH.id})
    known = registry(*ALL.values(), *stolen, pinned=pinned)
    honest = registry(*ALL.values())
    assert known.structure_by_directory("exemple/1").structure == NORTH.id
    assert known.members_of_space(NORTH.space) == {NORTH.id}
    assert {wrap.recipient for wrap in known.wraps(NORTH.space)} == {N1.id, N2.id}
    assert known.sealing_epochs(NORTH.space) == honest.sealing_epochs(NORTH.space)
    assert known.invitations == honest.invitations
    assert {key for key in known.machines if known.machine_may(NORTH.space, key)} == {N1.id, N2.id}


def test_a_second_root_for_a_pinned_reference_is_set_aside():
    usurper = Structure("usurper")
    certificate = REGION.certify(usurper, directory="exemple/1", from_s=NOW_S - 9)
    machine = usurper.sign_machine(STRANGER.keys)
    pinned = Pinned(roots={"exemple/1": NORTH.id})
    known = registry(ALL["north"], certificate, machine, pinned=pinned)
    assert reason(known, certificate) == "root_changed"
    assert reason(known, machine) == "unknown_structure"
    (conflict,) = known.conflicts
    assert (conflict.code, conflict.about) == ("root_changed", "exemple/1")
    assert (conflict.kept, conflict.set_aside) == (NORTH.id, usurper.id)
    assert conflict.statement == statement_name(certificate)


def test_a_pinned_root_stands_even_when_its_certificate_is_not_here():
    certificate = REGION.certify(SOUTH, directory="exemple/1")
    known = registry(certificate, pinned=Pinned(roots={"exemple/1": NORTH.id}))
    assert known.structures == {}
    assert known.structure_by_directory("exemple/1") is None


def test_without_anything_known_before_the_earliest_certificate_holds_the_reference():
    usurper = Structure("usurper")
    known = registry(ALL["north"], REGION.certify(usurper, directory="exemple/1", from_s=NOW_S + 1))
    assert known.structure_by_directory("exemple/1").structure == NORTH.id


def test_a_root_the_authority_removed_gives_way_where_nothing_was_pinned():
    heir = Structure("heir")
    certificate = REGION.certify(heir, directory="exemple/1", from_s=NOW_S + 1)
    known = registry(ALL["north"], certificate, REGION.revoke(NORTH.id))
    assert known.structure_by_directory("exemple/1").structure == heir.id
    kept = known.with_statements([])
    pinned = registry(
        ALL["north"],
        certificate,
        REGION.revoke(NORTH.id),
        pinned=Pinned(roots={"exemple/1": NORTH.id}),
    )
    assert kept.structures.keys() == {heir.id}
    assert pinned.structures.keys() == {NORTH.id}


def test_structures_outside_the_directory_do_not_exclude_each_other():
    known = registry(REGION.certify(NORTH), REGION.certify(SOUTH))
    assert known.structures.keys() == {NORTH.id, SOUTH.id}
    assert known.structure_by_directory("") is None


def test_another_authority_certifies_nothing_here():
    other = Region("other region")
    structure, relay = other.certify(NORTH), other.relay_certificate()
    known = registry(structure, relay)
    assert reason(known, structure) == reason(known, relay) == "wrong_identifier"


def test_the_latest_certificate_of_a_structure_is_shown():
    renewed = REGION.certify(NORTH, directory="exemple/1", from_s=NOW_S + 9)
    known = registry(renewed, ALL["north"])
    assert known.structures[NORTH.id].from_s == NOW_S + 9
    known = registry(NORTH.sign_machine(N1.keys, NOW_S + 9), ALL["n1"], ALL["north"])
    assert known.machines[N1.id].from_s == NOW_S + 9


# Members.


def test_only_machines_of_members_act_in_a_space():
    known = registry(*ALL.values())
    assert known.machine_may(NORTH.space, N1.id)
    assert not known.machine_may(NORTH.space, S1.id)
    assert known.machine_may(PAIR, S1.id)
    assert not known.machine_may(bytes(16), N1.id)


def test_a_space_is_named_by_one_of_its_members_and_by_its_right_name():
    intruder = S1.name_space(1, NORTH.id)
    body = read_statement(ALL["pair"]).body
    misnamed = sign_statement(
        type(body)(
            machine=N1.id,
            space=NORTH.space,
            space_kind=2,
            members=body.members,
        ),
        N1.keys.sign.private_key,
    )
    known = registry(ALL["north"], ALL["n1"], ALL["south"], ALL["s1"], intruder, misnamed)
    assert reason(known, intruder) == "not_a_member"
    assert reason(known, misnamed) == "wrong_identifier"
    assert known.spaces == {}


def test_a_wrap_by_a_stranger_or_for_a_stranger_is_not_believed():
    by_stranger = S1.wrap(epoch(NORTH.space), ALL["n1"])
    for_stranger = N1.wrap(epoch(NORTH.space), ALL["s1"])
    for_structure = N1.wrap(epoch(NORTH.space), ALL["south profile"])
    known = registry(*ALL.values(), by_stranger, for_stranger, for_structure)
    assert reason(known, by_stranger) == "not_a_member"
    assert reason(known, for_stranger) == "unknown_recipient"
    assert reason(known, for_structure) == "unknown_recipient"


def test_a_structure_key_comes_from_the_structures_own_machine():
    by_stranger = S1.wrap_structure_key(NORTH, ALL["n2"])
    assert reason(registry(*ALL.values(), by_stranger), by_stranger) == "not_a_member"


def test_an_incarnation_belongs_to_whoever_was_known_first():
    stolen = N2.live(N1.incarnation, at_s=NOW_S - 9)
    known = registry(*ALL.values(), stolen)
    assert known.incarnations[N1.incarnation] == N2.id
    pinned = Pinned(incarnations={N1.incarnation: N1.id})
    known = registry(*ALL.values(), stolen, pinned=pinned)
    assert known.incarnations[N1.incarnation] == N1.id
    assert reason(known, stolen) == "incarnation_taken"
    assert [conflict.code for conflict in known.conflicts] == ["incarnation_taken"]


def test_another_root_that_signs_a_machine_takes_nothing_from_its_own():
    known = registry(*ALL.values(), SOUTH.sign_machine(N1.keys), SOUTH.revoke(N1.id))
    assert known.structures_of(N1.id) == {NORTH.id, SOUTH.id}
    assert known.active_structures_of(N1.id) == {NORTH.id}
    assert known.machine_may(NORTH.space, N1.id)
    assert not known.is_revoked(N1.id)
