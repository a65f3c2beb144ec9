"""A root that signs another structure’s machines takes nothing from them, nor from it."""

import pytest

from sync.paper_machine import keys_of
from sync.recovery import RecoveryKit, open_structure
from sync.statements import (
    MachineCertificate,
    Receiver,
    Recovery,
    read_statement,
    sign_statement,
    statement_name,
)
from tests.exchange.checkpointing import checkpoint
from tests.exchange.desks import Door


def claims(door: Door, machine: MachineCertificate) -> list[bytes]:
    """What the root of a door says of another structure's machine: that it is its own, on paper."""
    root = door.keyring.root
    claimed = MachineCertificate(
        structure=root.id,
        machine=machine.machine,
        sign=machine.sign,
        hpke=machine.hpke,
        from_s=machine.from_s,
        until_s=machine.until_s,
    )
    on_paper = Recovery(structure=root.id, machine=machine.machine, sealed=b"")
    return [sign_statement(body, root.private_key) for body in (claimed, on_paper)]


def tell(door: Door, *statements: bytes) -> None:
    assert door.transport().send_statements(statements).refused == ()
    door.port.keep_statements({statement_name(data): data for data in statements})


def certificate_of(door: Door) -> MachineCertificate:
    return door.registry.machines[door.keyring.machine.id]


@pytest.fixture
def claimed(world):
    """Châteauroux, whose machine the root of Le Blanc says to be its own and on paper."""
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    tell(blanc, *claims(blanc, certificate_of(chateauroux)))
    return blanc, chateauroux


def test_nobody_puts_another_structure_s_machine_on_paper(claimed):
    blanc, chateauroux = claimed
    chateauroux.receive(blanc)
    for door in (chateauroux, blanc, chateauroux):
        door.exchange()
    assert chateauroux.counts().pending == chateauroux.counts().sent == 0
    assert blanc.statuses("in") == ["recue"]
    assert chateauroux.keyring.machine.id not in chateauroux.registry.recovery_machines


def test_machine_tells_its_own_structure_under_what_it_receives(claimed):
    blanc, chateauroux = claimed
    chateauroux.receive(blanc)
    checkpoint(chateauroux.world, chateauroux)
    bodies = (read_statement(data).body for data in chateauroux.port.statements())
    told = {
        body.structure
        for body in bodies
        if isinstance(body, Receiver) and body.machine == chateauroux.keyring.machine.id
    }
    assert told == {chateauroux.desk.own_structure().id}


def test_recovery_kit_that_another_root_claims_still_opens_its_structure(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    code = RecoveryKit(chateauroux.port, chateauroux.desk.clock).make()
    chateauroux.exchange()
    paper = keys_of(code)
    tell(blanc, *claims(blanc, chateauroux.registry.machines[paper.id]))
    chateauroux.exchange()
    opened = open_structure(world.region.to_json(), paper, chateauroux.port.statements())
    assert opened.root.id == chateauroux.desk.own_structure().id
    assert chateauroux.registry.is_on_paper(paper.id, {opened.root.id})


def test_claimed_paper_holds_up_no_checkpoint(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    code = RecoveryKit(chateauroux.port, chateauroux.desk.clock).make()
    chateauroux.exchange()
    certificate, _ = claims(blanc, chateauroux.registry.machines[keys_of(code).id])
    tell(blanc, certificate)
    chateauroux.receive()
    checkpoint(world, chateauroux)
    space = bytes(chateauroux.desk.own_structure().space.id)
    assert chateauroux.registry.last_complete(space) is not None
