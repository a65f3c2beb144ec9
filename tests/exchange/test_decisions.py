"""What a person decides between two who claim the same thing; files that are carried by hand."""

import pytest

from app.usecases.desk import name_own_structure
from sync.decisions import Decisions
from sync.errors import CarriedFileRefusedError, UnknownConflictError
from sync.keyring import Keyring
from sync.keys import RelayKey, StructureKey, StructureRoot
from sync.machines import Machines
from sync.removal import Removal, machine_code
from sync.statement_files import (
    HeadsFile,
    StatementsFile,
    greatest,
    read_heads_file,
    read_statements_file,
)
from sync.statements import (
    IncarnationStatement,
    Profile,
    RelayCertificate,
    Revocation,
    StructureCertificate,
    fingerprint,
    relay_id,
    sign_statement,
    statement_name,
)
from tests.exchange.desks import joining


def keep(door, *statements):
    door.port.keep_statements({statement_name(data): data for data in statements})


def decisions(door):
    return Decisions(door.port, door.desk.clock)


def certified(world, root, *, name: str) -> bytes:
    """The Region's certificate of another root for Châteauroux's place in the directory."""
    certificate = StructureCertificate(
        authority=world.authority.id,
        structure=root.id,
        root_key=root.public,
        name=name,
        directory=world["chateauroux"].reference,
        from_s=int(world.clock.now().timestamp()),
        until_s=10**10,
    )
    return sign_statement(certificate, world.authority.private_key)


@pytest.fixture
def claimed(world):
    """Châteauroux lost everything and its Region certified another root for it."""
    root = StructureRoot.generate()
    profile = Profile(structure=root.id, generation=1, hpke=StructureKey.generate().public)
    keep(
        world["blanc"],
        certified(world, root, name="Châteauroux, de nouveau (exemple)"),
        sign_statement(profile, root.private_key),
    )
    world["blanc"].exchange()
    return world, root


def test_changed_root_waits_with_both_codes_to_compare(claimed):
    world, root = claimed
    (dispute,) = decisions(world["blanc"]).disputes()
    first = world["chateauroux"].membership.root()
    assert (dispute.code, dispute.about) == ("root_changed", world["chateauroux"].reference)
    assert (dispute.kept.id, dispute.kept.code) == (first.id, fingerprint(first.public))
    assert (dispute.set_aside.id, dispute.set_aside.code) == (root.id, fingerprint(root.public))
    assert dispute.set_aside.name == "Châteauroux, de nouveau (exemple)"


def test_accepted_root_takes_the_place_of_the_first_one_here(claimed):
    world, root = claimed
    blanc, reference = world["blanc"], world["chateauroux"].reference
    decisions(blanc).accept_root(reference, root.id)
    assert blanc.registry.structure_by_directory(reference).structure == root.id
    assert {name for name, _, at in blanc.port.structures() if at == reference} == {root.id}
    recorded = blanc.receive(world["chateauroux"])
    assert recorded.route == "relay"
    blanc.exchange()
    assert blanc.counts().pending == 0
    (other,) = decisions(blanc).disputes()
    assert other.set_aside.id == world["chateauroux"].desk.own_structure().id
    assert other.is_decided


def warned_of(door):
    standing = Machines(door.port, door.desk.clock).standing()
    return [one.code for one in standing.warnings if one.code == "decision_awaited"]


@pytest.mark.parametrize("takes_the_new_one", [True, False])
def test_nobody_is_asked_again_what_was_decided(claimed, takes_the_new_one):
    world, root = claimed
    blanc, reference = world["blanc"], world["chateauroux"].reference
    assert warned_of(blanc)
    if takes_the_new_one:
        decisions(blanc).accept_root(reference, root.id)
    else:
        decisions(blanc).keep_known("root_changed", reference)
        decisions(blanc).keep_known("root_changed", reference)
    assert not warned_of(blanc)
    blanc.exchange()
    assert not warned_of(blanc)


def test_decision_to_keep_can_be_taken_back(claimed):
    world, root = claimed
    blanc, reference = world["blanc"], world["chateauroux"].reference
    decisions(blanc).keep_known("root_changed", reference)
    decisions(blanc).accept_root(reference, root.id)
    assert blanc.registry.structure_by_directory(reference).structure == root.id


def test_a_third_root_asks_for_a_new_decision(claimed):
    world, root = claimed
    blanc, reference = world["blanc"], world["chateauroux"].reference
    decisions(blanc).accept_root(reference, root.id)
    keep(blanc, certified(world, StructureRoot.generate(), name="Une troisième (exemple)"))
    assert warned_of(blanc)
    waiting = [one.set_aside.name for one in decisions(blanc).disputes() if not one.is_decided]
    assert waiting == ["Une troisième (exemple)"]


def test_what_is_not_disputed_is_not_decided(world):
    with pytest.raises(UnknownConflictError):
        decisions(world["blanc"]).keep_known("root_changed", "exemple/1")


def test_only_a_root_that_waits_can_be_accepted(claimed):
    world, root = claimed
    reference = world["chateauroux"].reference
    for asked in ((reference, bytes(16)), ("exemple/inconnue", root.id)):
        with pytest.raises(UnknownConflictError):
            decisions(world["blanc"]).accept_root(*asked)


def test_incarnation_claimed_twice_is_listed(world):
    blanc, thief = world["blanc"], world["chateauroux"].keyring.machine
    body = IncarnationStatement(machine=thief.id, incarnation=blanc.port.incarnation(), at_s=1)
    keep(blanc, sign_statement(body, thief.sign.private_key))
    (dispute,) = decisions(blanc).disputes()
    assert (dispute.code, dispute.set_aside.id) == ("incarnation_taken", thief.id)
    assert dispute.set_aside.code == machine_code(thief.id)


# No network.


def test_machine_is_admitted_by_files_alone_and_works_at_once(world):
    blanc = world["blanc"]
    blanc.receive(world["chateauroux"])
    blanc.exchange()
    second = world.new_door("second")
    _, request = second.membership.join(blanc.membership.invite().to_json())
    blanc.membership.take_request(request.to_json())
    admitted = blanc.membership.admit(request.spoken)
    admission = blanc.membership.admission(admitted.machine).to_json()
    assert second.membership.take_statements(admission) > 5
    assert second.membership.is_admitted()
    own = blanc.desk.own_structure().id
    assert set(Keyring(second.port).epochs) == set(blanc.keyring.epochs)
    partners = {structure for structure, _, _ in second.port.structures()}
    assert partners == {own, world["chateauroux"].desk.own_structure().id}
    assert second.membership.take_statements(admission) == 0


def test_admission_of_another_machine_admits_nobody_here(world):
    blanc = world["blanc"]
    second, _ = joining(world, "blanc", "second")
    third, spoken = joining(world, "blanc", "third")
    keep(blanc, *third.port.statements())
    admitted = blanc.membership.admit(spoken)
    second.membership.take_statements(blanc.membership.admission(admitted.machine).to_json())
    assert not second.membership.is_admitted()
    assert Keyring(second.port).epochs == {}


def test_admission_holds_no_key_in_clear(world):
    blanc = world["blanc"]
    blanc.receive(world["chateauroux"])
    blanc.exchange()
    _, spoken = joining(world, "blanc", "second")
    second = world["second"]
    keep(blanc, *second.port.statements())
    admitted = blanc.membership.admit(spoken)
    carried = b"".join(blanc.membership.admission(admitted.machine).statements)
    for secret in blanc.port.secrets().values():
        assert secret not in carried


def test_two_machines_with_one_invitation_the_second_waits_for_a_person(world):
    blanc = world["blanc"]
    text = blanc.membership.invite().to_json()
    doors = [world.new_door(name) for name in ("second", "third")]
    requests = [door.membership.join(text)[1] for door in doors]
    own = blanc.desk.own_structure()
    name_own_structure(doors[0].desk, structure=own.id, name=own.name, reference=own.reference)
    for request in requests:
        blanc.membership.take_request(request.to_json())
    blanc.membership.admit(requests[0].spoken)
    for door in (blanc, doors[0], blanc):
        door.exchange()
    (waiting,) = blanc.membership.waiting()
    assert (waiting.machine, waiting.token_used) == (doors[1].keyring.machine.id, True)
    assert waiting.machine not in blanc.registry.machines
    assert blanc.membership.admit(waiting.spoken).token_used
    assert blanc.membership.waiting() == []


def test_removal_by_the_region_is_taken_from_a_file_and_spread_by_the_exchange(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    machine = chateauroux.keyring.machine.id
    removal = sign_statement(Revocation(target=machine, at_s=1), world.authority.private_key)
    file = StatementsFile(about="revocation", statements=(removal,)).to_json()
    assert blanc.membership.take_statements(file) == 1
    blanc.exchange()
    assert removal in world.relay.statements.values()
    assert blanc.registry.is_revoked(machine)


def test_file_that_holds_no_statement_is_refused(world):
    for text in (
        "",
        "{}",
        '{"format": 1, "kind": "statements", "about": "x", "statements": ["AA=="]}',
    ):
        with pytest.raises(CarriedFileRefusedError):
            world["blanc"].membership.take_statements(text)


def test_statement_that_nobody_entitled_signed_does_no_harm(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    stranger = chateauroux.membership.root()
    body = Revocation(target=blanc.keyring.machine.id, at_s=1)
    forged = sign_statement(body, stranger.private_key)
    file = StatementsFile(about="revocation", statements=(forged,)).to_json()
    assert blanc.membership.take_statements(file) == 0
    assert not blanc.registry.is_revoked(blanc.keyring.machine.id)


def test_heads_are_read_as_written_and_the_greatest_counts():
    heads = tuple((b"s" * 16, b"i" * 8, number, bytes([number]) * 32) for number in (2, 7))
    files = [HeadsFile(target=b"t" * 16, heads=(head,)) for head in heads]
    read = [read_heads_file(file.to_json()) for file in files]
    assert read == files
    assert greatest(file.heads for file in read) == heads[1:]


def test_relay_reads_the_same_files_as_desks(world):
    removal = Removal(world["blanc"].port, world["blanc"].desk.clock)
    assert removal.rotate() == 2
    file = StatementsFile(about="tout", statements=tuple(world["blanc"].port.statements()))
    assert read_statements_file(file.to_json()) == file


# Relays.


def moved_relay(world, key, url: str) -> bytes:
    body = RelayCertificate(authority=world.authority.id, relay_key=key, url=url)
    return sign_statement(body, world.authority.private_key)


def test_relay_certified_since_is_tried_after_the_known_one(world):
    blanc = world["blanc"]
    moved = moved_relay(world, RelayKey.generate().public, "https://ailleurs.exemple.fr")
    foreign = sign_statement(
        RelayCertificate(
            authority=world.authority.id, relay_key=bytes(32), url="https://pirate.exemple.fr"
        ),
        RelayKey.generate().private_key,
    )
    keep(blanc, moved, foreign)
    urls = [region.relay_url for region in blanc.membership.relays()]
    assert urls == ["https://relais.exemple.fr", "https://ailleurs.exemple.fr"]


def test_relay_that_was_removed_is_tried_no_more(world):
    blanc, key = world["blanc"], RelayKey.generate()
    moved = moved_relay(world, key.public, "https://ailleurs.exemple.fr")
    removal = Revocation(target=relay_id(world.relay.key.public), at_s=1)
    keep(blanc, moved, sign_statement(removal, world.authority.private_key))
    (region,) = blanc.membership.relays()
    assert region.relay_key == key.public
    blanc.membership.prefer_relay(region)
    assert blanc.membership.region() == region
