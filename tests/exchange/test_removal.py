"""A machine leaves: what it wrote, what it can read afterwards, and what a person decides."""

import pytest

from sync.decisions import Decisions
from sync.errors import (
    MachineRevokedError,
    NothingLateError,
    NotTheRootError,
    RemovesItselfError,
    UnknownMachineError,
)
from sync.machines import Machines
from sync.removal import Removal, machine_code
from sync.statement_files import read_heads_file
from sync.statements import Revocation, sign_statement, statement_name
from sync.wire import parse_bundle
from tests.exchange.desks import Door, World, joined
from tests.exchange.forging import pair_of
from ui.compose_machines import write_heads


def removal(door: Door) -> Removal:
    return Removal(door.port, door.desk.clock)


def decisions(door: Door) -> Decisions:
    return Decisions(door.port, door.desk.clock)


def machine(door: Door) -> bytes:
    return door.keyring.machine.id


def exchanged(*doors: Door) -> None:
    for door in doors:
        door.exchange()


@pytest.fixture
def staffed(world):
    """Le Blanc with two machines which have both written to Châteauroux, all of it read."""
    second = joined(world, "blanc")
    for door in (world["blanc"], second):
        door.receive(world["chateauroux"])
    exchanged(second, world["blanc"], world["chateauroux"], second, world["blanc"])
    return world


def headers_above(world: World, before: set[bytes]) -> list:
    return [parse_bundle(data).header for n, data in world.relay.bundles.items() if n not in before]


def readable_by(door: Door, header) -> bool:
    return (header.space, header.epoch) in door.keyring.epoch_keys


def test_what_is_written_after_a_removal_is_closed_to_the_removed_machine(staffed):
    blanc, chateauroux, second = (staffed[name] for name in ("blanc", "chateauroux", "second"))
    stolen = second.keyring
    removal(blanc).remove(machine_code(machine(second)))
    exchanged(blanc, chateauroux)
    before = set(staffed.relay.bundles)
    blanc.receive(chateauroux)
    chateauroux.answer()
    exchanged(chateauroux, blanc, chateauroux, blanc)
    new = headers_above(staffed, before)
    assert {header.space for header in new} >= {pair_of(blanc, chateauroux).id}
    stolen.learn(blanc.registry)  # were every statement in the hands of the thief
    held = set(stolen.epoch_keys)
    assert not any((header.space, header.epoch) in held for header in new)
    assert all(readable_by(blanc, header) for header in new)
    assert chateauroux.reasons() == blanc.reasons() == []
    assert sorted(blanc.statuses("out")) == sorted(chateauroux.statuses("in"))


def test_partner_that_writes_before_it_knows_more_than_the_removal_changes_keys_too(staffed):
    """The other structure cannot see who holds which structure key: the generation tells it."""
    blanc, chateauroux, second = (staffed[name] for name in ("blanc", "chateauroux", "second"))
    stolen = second.keyring
    removal(blanc).remove(machine_code(machine(second)))
    exchanged(blanc)
    before = set(staffed.relay.bundles)
    chateauroux.receive(blanc)
    exchanged(chateauroux)
    stolen.learn(blanc.registry)
    (header,) = (
        one for one in headers_above(staffed, before) if one.space == pair_of(blanc, chateauroux).id
    )
    assert (header.space, header.epoch) not in stolen.epoch_keys
    exchanged(blanc)
    assert len(blanc.referrals("in")) == 1


def test_removed_machine_keeps_its_work_and_is_told(staffed):
    blanc, second = staffed["blanc"], staffed["second"]
    removal(blanc).remove(machine_code(machine(second)))
    exchanged(blanc)
    second.receive()
    pending = second.counts().pending
    with pytest.raises(MachineRevokedError):
        second.exchange()
    assert second.counts().last_failure.code == "machine_revoked"
    assert second.counts().pending == pending
    assert second.query("SELECT count(*) FROM persons") == [(3,)]
    second.receive()


def test_what_a_removed_machine_wrote_late_waits_on_every_machine_alike(staffed):
    blanc, chateauroux, second = (staffed[name] for name in ("blanc", "chateauroux", "second"))
    third = joined(staffed, "blanc", "third")
    second.receive(chateauroux)
    second.exchange()  # on the relay, and nobody has pulled it yet
    removal(blanc).remove(machine_code(machine(second)))
    exchanged(blanc, third, chateauroux)
    for door in (blanc, third):
        assert door.reasons() == ["revoked", "revoked"]
    assert chateauroux.reasons() == ["revoked"]
    assert len(chateauroux.referrals("in")) == 2


def test_late_work_that_a_person_accepts_settles_everywhere(staffed):
    blanc, chateauroux, second = (staffed[name] for name in ("blanc", "chateauroux", "second"))
    second.receive(chateauroux)
    second.exchange()
    removal(blanc).remove(machine_code(machine(second)))
    exchanged(blanc, chateauroux)
    (line,) = decisions(blanc).set_aside()
    assert (line.reason, line.machine, line.bundles) == ("revoked", machine(second), 2)
    assert line.since_s is not None
    assert removal(blanc).accept_late(line.code).bundles == 2
    exchanged(blanc, chateauroux, blanc)
    assert blanc.reasons() == chateauroux.reasons() == []
    assert len(chateauroux.referrals("in")) == 3
    with pytest.raises(NothingLateError):
        removal(blanc).accept_late(line.code)


def test_late_work_nobody_accepts_goes_on_waiting(staffed):
    blanc, chateauroux, second = (staffed[name] for name in ("blanc", "chateauroux", "second"))
    second.receive(chateauroux)
    second.exchange()
    removal(blanc).remove(machine_code(machine(second)))
    for _ in range(3):
        exchanged(blanc, chateauroux)
    assert len(chateauroux.referrals("in")) == 2
    assert decisions(chateauroux).set_aside()[0].structure == "blanc"


def test_removal_by_the_region_still_binds_whoever_accepts_more(staffed):
    blanc, second = staffed["blanc"], staffed["second"]
    second.receive()
    second.exchange()
    body = Revocation(target=machine(second), at_s=1, accepted=())
    by_region = sign_statement(body, staffed.authority.private_key)
    blanc.port.keep_statements({statement_name(by_region): by_region})
    exchanged(blanc)
    removal(blanc).accept_late(machine_code(machine(second)))
    exchanged(blanc, blanc)
    assert blanc.reasons() == ["revoked"]


def test_what_the_region_set_aside_is_accepted_by_a_second_removal_with_late_heads(
    staffed, tmp_path
):
    blanc, second = staffed["blanc"], staffed["second"]
    second.receive()
    second.exchange()

    def removed(file, at_s):
        heads = read_heads_file(file.read_text()).heads if file else ()
        body = Revocation(target=machine(second), at_s=at_s, accepted=heads)
        data = sign_statement(body, staffed.authority.private_key)
        blanc.port.keep_statements({statement_name(data): data})
        exchanged(blanc, blanc)

    removed(None, 1)
    assert blanc.reasons() == ["revoked"]
    settled, late = tmp_path / "heads.json", tmp_path / "late.json"
    write_heads(blanc.desk, machine(second), settled)
    removed(settled, 2)
    assert blanc.reasons() == ["revoked"]
    write_heads(blanc.desk, machine(second), late, late=True)
    removed(late, 3)
    assert blanc.reasons() == []


def test_machine_that_the_region_removed_is_answered_with_new_keys(staffed):
    blanc, second = staffed["blanc"], staffed["second"]
    body = Revocation(target=machine(second), at_s=1, accepted=())
    by_region = sign_statement(body, staffed.authority.private_key)
    blanc.port.keep_statements({statement_name(by_region): by_region})
    exchanged(blanc)
    assert blanc.registry.profiles[blanc.desk.own_structure().id].generation == 2
    statements = len(staffed.relay.statements)
    exchanged(blanc, blanc)
    assert len(staffed.relay.statements) == statements


def test_rotation_without_removal_leaves_everybody_reading(staffed):
    blanc, chateauroux, second = (staffed[name] for name in ("blanc", "chateauroux", "second"))
    epochs = {space: blanc.registry.sealing_epochs(space)[0] for space in blanc.registry.spaces}
    assert removal(blanc).rotate() == 2
    blanc.receive(chateauroux)
    exchanged(blanc, second, chateauroux)
    chateauroux.receive(blanc)
    exchanged(chateauroux, second, blanc)
    for space, former in epochs.items():
        assert blanc.registry.sealing_epochs(space)[0] != former
    for door in (blanc, second, chateauroux):
        assert door.reasons() == []
    assert len(second.referrals("in")) == 1


def test_machine_that_joins_after_a_rotation_reads_all_that_came_before(staffed):
    removal(staffed["blanc"]).rotate()
    staffed["blanc"].exchange()
    third = joined(staffed, "blanc", "third")
    staffed["blanc"].exchange()
    third.exchange()
    assert third.reasons() == []
    assert third.query("SELECT count(*) FROM persons") == [(2,)]
    assert len(third.referrals("out")) == 2


def test_only_the_machine_that_holds_the_root_removes_another_and_never_itself(staffed):
    blanc, second = staffed["blanc"], staffed["second"]
    with pytest.raises(NotTheRootError):
        removal(second).remove(machine_code(machine(blanc)))
    with pytest.raises(RemovesItselfError):
        removal(blanc).remove(machine(blanc).hex())
    for named in (
        "",
        "XXXX-XXXX",
        machine(second).hex()[:6],
        machine(staffed["chateauroux"]).hex(),
    ):
        with pytest.raises(UnknownMachineError):
            removal(blanc).remove(named)


def test_removing_twice_changes_nothing(staffed):
    blanc, second = staffed["blanc"], staffed["second"]
    first = removal(blanc).remove(machine(second).hex())
    known = set(blanc.port.statements())
    assert removal(blanc).remove(first.code) == first
    assert set(blanc.port.statements()) == known


def test_list_of_machines_tells_them_apart(staffed):
    blanc, second = staffed["blanc"], staffed["second"]
    removal(blanc).remove(machine(second).hex())
    own, other = Machines(blanc.port, blanc.desk.clock).all()
    assert (own.id, own.is_this_one, own.holds_root) == (machine(blanc), True, True)
    assert (other.id, other.is_removed, other.holds_root) == (machine(second), True, None)
    assert own.introduced_at_s == other.introduced_at_s == blanc.desk.now().timestamp()
    assert other.bundles == 2
