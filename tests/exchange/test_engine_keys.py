"""Who can read what leaves: epochs, recipients, and those who must never be among them."""

import hashlib

import pytest

from app.domain.reception import PersonDetails, WantedReferral
from app.domain.spaces import structure_space
from app.store.log import Pen
from app.usecases.receptions import record_reception
from sync.envelope import EnvelopeError, open_bundle
from sync.errors import NotAdmittedYetError
from sync.key_wraps import wrap_structure_key
from sync.keys import MachineKeys, RelayKey, StructureKey, StructureRoot
from sync.relay_port import PushAnswer, Refused
from sync.statements import (
    IncarnationStatement,
    MachineCertificate,
    Profile,
    Receipt,
    Revocation,
    StructureCertificate,
    Wrap,
    read_statement,
    sign_statement,
    statement_name,
)
from sync.wire import parse_bundle
from tests.exchange.desks import World, a_reception
from tests.exchange.forging import pair_of


def wraps(world: World) -> list[Wrap]:
    bodies = (read_statement(data).body for data in world.relay.statements.values())
    return [body for body in bodies if isinstance(body, Wrap)]


def keep(door, *statements: bytes) -> None:
    door.port.keep_statements({statement_name(data): data for data in statements})


def test_recipient_without_a_key_yet_keeps_records_here_until_it_has_one(world):
    blanc = world["blanc"]
    chateauroux = world["chateauroux"].desk.own_structure().id
    # A structure whose profile has not come: it is known, and nothing can be sealed for it.
    profile = next(
        data
        for data in blanc.port.statements()
        if isinstance(body := read_statement(data).body, Profile) and body.structure == chateauroux
    )
    blanc.receive(world["chateauroux"])
    del world.relay.statements[statement_name(profile)]
    report = blanc.exchange(port=Without(blanc.port, profile))
    assert report.pushed == 6
    assert blanc.counts().pending == 1
    assert blanc.statuses("out") == ["a_transmettre"]
    world["chateauroux"].exchange()
    report = blanc.exchange()
    assert (report.pushed, blanc.counts().pending) == (1, 0)
    assert world["chateauroux"].exchange().pulled == 1


class Without:
    """A store that has not received one statement yet."""

    def __init__(self, port, statement: bytes) -> None:
        self._port = port
        self._statement = statement

    def __getattr__(self, name):
        return getattr(self._port, name)

    def statements(self):
        return [data for data in self._port.statements() if data != self._statement]

    def keep_statements(self, statements):
        others = {name: data for name, data in statements.items() if data != self._statement}
        self._port.keep_statements(others)


def test_structure_that_is_not_certified_keeps_its_work_and_says_so(tmp_path, certified_template):
    world = certified_template.copy(tmp_path / "world")
    try:
        door = world.found("argenton")
        door.receive()
        pending = door.counts().pending
        with pytest.raises(NotAdmittedYetError):
            door.exchange()
        assert door.counts().last_failure.code == "not_admitted_yet"
        assert (door.counts().pending, list(door.port.unsent())) == (pending, [])
        world.certify("argenton")
        assert door.exchange().pushed == pending
    finally:
        world.close()


def test_both_sides_make_an_epoch_at_once_and_both_are_readable(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    chateauroux.receive(blanc)
    hears, answers = blanc.transport(), chateauroux.transport()
    # Châteauroux listed the statements before Le Blanc handed its own over.
    told = answers.statement_names(None)
    blanc.exchange(hears)
    answers.statement_names = lambda etag: told
    chateauroux.exchange(answers)
    blanc.exchange()
    space = pair_of(blanc, chateauroux)
    assert len({wrap.epoch for wrap in wraps(world) if wrap.space == space.id}) == 2
    chateauroux.exchange()
    for door in (blanc, chateauroux):
        assert door.reasons() == []
        assert len(door.referrals("in")) == 1
    chosen = {door.registry.sealing_epochs(space.id) for door in (blanc, chateauroux)}
    assert len(chosen) == 1
    blanc.receive(chateauroux)
    blanc.exchange()
    headers = [parse_bundle(data).header for data in world.relay.bundles.values()]
    last = [header for header in headers if header.space == space.id][-1]
    assert last.epoch == next(iter(chosen))[0]


def test_machine_that_the_authority_signed_is_handed_no_key(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    spy = MachineKeys.generate()
    structure = blanc.desk.own_structure().id
    body = MachineCertificate(
        structure=structure,
        machine=spy.id,
        sign=spy.sign.public,
        hpke=spy.hpke.public,
        from_s=0,
        until_s=10**10,
    )
    certificate = sign_statement(body, world.authority.private_key)
    lives = sign_statement(
        IncarnationStatement(machine=spy.id, incarnation=b"\x07" * 8, at_s=0),
        spy.sign.private_key,
    )
    for name in (certificate, lives):
        world.relay.statements[statement_name(name)] = name
    keep(blanc, certificate, lives)
    keep(chateauroux, certificate, lives)
    blanc.receive(chateauroux)
    for door in (blanc, chateauroux, blanc):
        assert spy.id not in door.registry.machines
        door.exchange()
    assert spy.id not in {wrap.recipient for wrap in wraps(world)}


def second_root(world: World, reference: str) -> tuple[StructureRoot, StructureKey, list[bytes]]:
    """Another root that the authority certified for a reference, dated before the first."""
    root, key = StructureRoot.generate(), StructureKey.generate()
    certificate = StructureCertificate(
        authority=world.authority.id,
        structure=root.id,
        root_key=root.public,
        name="La même, dit-elle (exemple)",
        directory=reference,
        from_s=1,
        until_s=10**10,
    )
    profile = Profile(structure=root.id, generation=1, hpke=key.public)
    made = [
        sign_statement(certificate, world.authority.private_key),
        sign_statement(profile, root.private_key),
    ]
    return root, key, made


def test_second_root_for_a_known_reference_is_handed_no_key(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    root, _, made = second_root(world, chateauroux.reference)
    keep(blanc, *made)
    blanc.exchange()
    assert [conflict.set_aside for conflict in blanc.registry.conflicts] == [root.id]
    recorded = blanc.receive(chateauroux)
    assert recorded.route == "relay"
    blanc.exchange()
    given = {wrap.recipient for wrap in wraps(world)}
    assert chateauroux.desk.own_structure().id in given
    assert root.id not in given
    assert chateauroux.exchange().pulled == 1


def test_root_is_kept_from_its_certificate_on_even_before_it_has_a_profile(certified):
    blanc, chateauroux = certified["blanc"], certified["chateauroux"]
    first = next(
        data
        for data in chateauroux.port.statements()
        if isinstance(read_statement(data).body, StructureCertificate)
    )
    blanc.exchange()
    keep(blanc, first)
    blanc.exchange()
    root, _, made = second_root(certified, chateauroux.reference)
    keep(blanc, *made)
    blanc.exchange()
    assert root.id not in blanc.registry.structures
    assert chateauroux.desk.own_structure().id in blanc.registry.structures


def test_machine_that_claims_an_incarnation_already_known_is_set_aside(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    thief = chateauroux.keyring.machine
    body = IncarnationStatement(machine=thief.id, incarnation=blanc.port.incarnation(), at_s=1)
    claim = sign_statement(body, thief.sign.private_key)
    for door in (blanc, chateauroux):
        keep(door, claim)
        door.exchange()
        machine = door.registry.incarnations[blanc.port.incarnation()]
        assert machine == blanc.keyring.machine.id
        (conflict,) = door.registry.conflicts
        assert conflict.code == "incarnation_taken"


def test_relay_alone_opens_nothing(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    blanc.exchange()
    plain = b"".join(world.opened_bundles().values())
    held = b"".join((*world.relay.bundles.values(), *world.relay.statements.values()))
    for word in ("Nadia", "Exemplier", "travailler dehors", "33639980021"):
        assert word.encode() in plain
        assert word.encode() not in held
    with pytest.raises(KeyError):
        World(folder=world.folder, authority=world.authority, relay=world.relay).opened_bundles()


def refused_hand_over(chateauroux, **changes):
    wanted = WantedReferral(to=chateauroux.reference, agreement=False)
    return a_reception(referral=wanted, expressed="Parole gardée", **changes)


def test_what_a_person_refused_is_never_sealed(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    record_reception(blanc.desk, refused_hand_over(chateauroux))
    confined = blanc.counts().confined
    assert confined > 0
    before = len(world.relay.bundles)
    for door in (blanc, chateauroux, blanc):
        door.exchange()
    sealed = world.opened_bundles()
    assert len(sealed) > before
    assert all("Parole gardée".encode() not in plain for plain in sealed.values())
    assert (blanc.counts().confined, blanc.counts().pending) == (confined, 0)


def test_refusal_alone_leaves_no_trace_on_the_relay(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    before = dict(world.relay.bundles), dict(world.relay.statements)
    record_reception(blanc.desk, refused_hand_over(chateauroux))
    report = blanc.exchange()
    assert (report.pushed, report.bundles_up) == (0, 0)
    assert (world.relay.bundles, world.relay.statements) == before


def test_person_who_agrees_later_leaves_then(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    recorded = record_reception(blanc.desk, refused_hand_over(chateauroux))
    blanc.exchange()
    assert world.relay.bundles == {}
    blanc.receive(chateauroux, person=PersonDetails(known=recorded.person), demand=recorded.demand)
    blanc.exchange()
    assert chateauroux.exchange().pulled == 1
    (line,) = chateauroux.referrals("in")
    assert line.display_name == "Nadia Exemplier"


def test_relay_that_refuses_one_bundle_takes_the_others(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.exchange()
    # An arrival, which is acknowledged by a second push of the same exchange.
    chateauroux.receive(blanc)
    chateauroux.exchange()
    blanc.receive(chateauroux)
    link, tried = blanc.transport(), []
    push = link.push

    def picky(bundles, ahead):
        offered = list(bundles)
        tried.extend(name for name, _, _ in offered)
        answer = push(one for one in offered if one[0] != tried[0])
        refused = [Refused(name=name, code="too_large") for name, *_ in offered if name == tried[0]]
        return PushAnswer(receipts=answer.receipts, refused=(*answer.refused, *refused))

    link.push = picky
    report = blanc.exchange(link)
    assert [(one.name, one.code) for one in report.refused] == [(tried[0], "too_large")]
    assert tried.count(tried[0]) == 1
    assert (len(tried), report.bundles_up) == (3, 2)
    assert [bundle.name for bundle in blanc.port.unsent()] == tried[:1]
    assert blanc.counts().pending > 0
    assert blanc.exchange().bundles_up == 1
    assert blanc.counts().pending == 0


def test_receipts_that_our_relay_did_not_sign_for_that_bundle_are_not_believed(world):
    blanc = world["blanc"]
    blanc.receive(world["chateauroux"])
    stranger, relay = RelayKey.generate(), world.relay.key
    link = blanc.transport()

    def lie(bundles, ahead):
        (name, data, _), *_ = list(bundles)
        header = parse_bundle(data).header
        right = {
            "relay": relay.id,
            "name": name,
            "space": header.space,
            "incarnation": header.incarnation,
            "sequence": header.sequence,
            "at_s": 1,
        }
        other = {**right, "sequence": header.sequence + 1}
        receipts = (
            b"nothing",
            sign_statement(Receipt(**right), stranger.private_key),
            sign_statement(Receipt(**other), relay.private_key),
            sign_statement(Receipt(**{**right, "name": bytes(32)}), relay.private_key),
            next(iter(world.relay.statements.values())),
        )
        return PushAnswer(receipts=receipts)

    link.push = lie
    assert blanc.exchange(link).bundles_up == 0
    assert blanc.counts().acknowledged == 0
    assert len(list(blanc.port.unsent())) == 2
    assert blanc.statuses("out") == ["a_transmettre"]
    assert blanc.exchange().bundles_up == 2


def test_removed_partner_is_sent_nothing_more(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    body = Revocation(target=chateauroux.desk.own_structure().id, at_s=1)
    keep(blanc, sign_statement(body, world.authority.private_key))
    blanc.receive(chateauroux)
    blanc.exchange()
    assert blanc.counts().pending == 1
    assert {wrap.space for wrap in wraps(world)} == {
        structure_space(blanc.desk.own_structure().id).id
    }


def test_key_of_a_structure_that_a_removed_machine_holds_seals_no_more(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    lost, root = MachineKeys.generate(), blanc.membership.root()
    certificate = blanc.membership.certificate_of(root, lost.sign.public, lost.hpke.public)
    keyring = blanc.keyring
    key = wrap_structure_key(
        blanc.registry.profiles[root.id], keyring.structure_keys[1], certificate, keyring.machine
    )
    removal = sign_statement(Revocation(target=lost.id, at_s=1), root.private_key)
    signed = sign_statement(certificate, root.private_key)
    keep(blanc, signed, key)
    blanc.receive(chateauroux)
    blanc.exchange()
    keep(blanc, removal)
    exposed = {wrap.epoch for wrap in wraps(world)}
    blanc.receive(chateauroux)
    blanc.exchange()
    # The machine that holds the root makes the structure another key; both spaces change epochs.
    assert blanc.registry.profiles[root.id].generation == 2
    assert blanc.counts().pending == 0
    assert lost.id not in {wrap.recipient for wrap in wraps(world) if wrap.epoch not in exposed}
    for space in blanc.registry.spaces:
        assert blanc.registry.sealing_epochs(space)[0] not in exposed
    before = len(world.relay.statements)
    blanc.exchange()
    assert len(world.relay.statements) == before


def test_event_too_large_for_any_bundle_holds_no_other_back(world):
    blanc = world["blanc"]
    noise = hashlib.shake_256(b"nothing that compresses").hexdigest(1_100_000)
    space = structure_space(blanc.desk.own_structure().id)

    def write(tx):
        Pen(tx, author="Agent (exemple)", at_s=1).create(space, "demand", {"expressed": noise})

    blanc.desk.workspace.writer.write(write)
    blanc.receive()
    report = blanc.exchange()
    assert report.pushed == blanc.counts().acknowledged > 3
    assert blanc.counts().pending == 1


def test_bundle_opens_with_the_key_of_its_epoch_only(world):
    blanc = world["blanc"]
    blanc.receive(world["chateauroux"])
    blanc.exchange()
    one, other = (parse_bundle(data) for data in world.relay.bundles.values())
    key = blanc.keyring.epoch_keys[other.header.space, other.header.epoch]
    with pytest.raises(EnvelopeError):
        open_bundle(one, key)
