"""What a later program says is kept and passed over: nothing of ours stops for it."""

import json

import pytest

from app.checkpoint_port import CHECKPOINT_STATES
from app.domain.identifiers import SpaceId
from app.domain.spaces import SpaceKind, known_space
from app.usecases.checkpoints import checkpoint_states
from sync.key_wraps import new_epoch_key, wrap_epoch
from sync.settlement import Settlement
from sync.statements import (
    Checkpoint,
    Profile,
    SpaceStatement,
    read_statement,
    sign_statement,
    statement_name,
)
from sync.wire import space_name
from tests.exchange.forging import Forger

UNKNOWN_KINDS = [0, 5, 255]


class LaterPartner:
    """A partner whose program knows a kind of space that ours does not."""

    def __init__(self, door, to, kind):
        self._door = door
        self._machine = door.keyring.machine
        members = tuple(sorted((door.desk.own_structure().id, to.desk.own_structure().id)))
        self.space = SpaceId(space_name(kind, members))
        self.epoch = new_epoch_key(self.space)
        bodies = (read_statement(data).body for data in door.port.statements())
        profiles = [body for body in bodies if isinstance(body, Profile)]
        named = SpaceStatement(
            machine=self._machine.id, space=self.space, space_kind=kind, members=members
        )
        self.says(named)
        for profile in profiles:
            self._hands_over(wrap_epoch(self.epoch, profile, self._machine))

    def says(self, body):
        self._hands_over(sign_statement(body, self._machine.sign.private_key))

    def writes(self, count=2):
        """Put bundles of that space at the relay."""
        forger = Forger(self._door, self.space, epoch=self.epoch)
        bundles = [forger.bundle(forger.event()) for _ in range(count)]
        answer = self._door.transport().push((name, data, 0) for name, data in bundles)
        assert len(answer.receipts) == count

    def _hands_over(self, data):
        assert self._door.transport().send_statements([data]).refused == ()
        self._door.port.keep_statements({statement_name(data): data})


@pytest.mark.parametrize("kind", UNKNOWN_KINDS)
def test_space_of_an_unknown_kind_stops_nothing(world, kind):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    later = LaterPartner(blanc, chateauroux, kind)
    later.writes()
    blanc.receive(chateauroux)
    for door in (blanc, chateauroux, blanc, chateauroux):
        door.exchange()
    assert chateauroux.statuses("in") == ["recue"]
    assert later.space in chateauroux.registry.spaces
    assert chateauroux.reasons() == ["unknown_space_kind"] * 2
    assert chateauroux.exchange().bundles_down == 0


def test_checkpoint_in_a_space_of_an_unknown_kind_stops_nothing(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    later = LaterPartner(blanc, chateauroux, 9)
    machines = tuple(sorted(door.keyring.machine.id for door in (blanc, chateauroux)))
    proposal = Checkpoint(
        machine=blanc.keyring.machine.id,
        space=later.space,
        number=1,
        epoch=later.epoch.epoch,
        machines=machines,
        cover=(),
        digest=bytes(32),
        manifest=bytes(32),
        chunks=(),
        at_s=1,
    )
    later.says(proposal)
    later.writes(1)
    for door in (chateauroux, blanc, chateauroux):
        door.exchange()
    assert chateauroux.reasons() == ["unknown_space_kind"]
    assert all(state.space != later.space.hex() for state in checkpoint_states(chateauroux.desk))


def test_newer_program_settles_what_an_older_one_set_aside(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    later = LaterPartner(blanc, chateauroux, 7)
    later.writes()
    chateauroux.exchange()
    waiting = Settlement(chateauroux.port, chateauroux.registry, chateauroux.keyring.epoch_keys)
    assert waiting.retry() == []
    chateauroux.port.keep_memo("quarantine_tried", "a newer reader")
    assert [outcome.reason for outcome in waiting.retry()] == ["unknown_space_kind"] * 2


def test_state_noted_by_a_newer_program_is_passed_over(world):
    blanc = world["blanc"]
    blanc.receive()
    blanc.exchange()
    noted = json.loads(blanc.port.memo(CHECKPOINT_STATES))
    before = checkpoint_states(blanc.desk)
    more = json.dumps([*noted, noted[0] | {"kind": 9}])
    blanc.port.keep_memo(CHECKPOINT_STATES, more)
    assert checkpoint_states(blanc.desk) == before != []


def test_kinds_that_this_program_knows_are_those_of_the_format():
    known = [kind for kind in range(256) if known_space(kind, (b"one",)) is not None]
    assert known == [*SpaceKind]
