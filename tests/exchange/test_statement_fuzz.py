"""Statements of the right shape with whatever inside: believed, or told why not; nobody is stuck.

The hostile party is a member: it holds a structure's root and a machine, and signs what it likes.
"""

from contextlib import suppress
from dataclasses import dataclass, fields, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sync.canonical import FormatError, canonical
from sync.errors import SyncError
from sync.registry import Registry
from sync.statement_bodies import KINDS, SHAPES, Body
from sync.statement_shapes import MAX_UINT
from sync.statements import (
    Checkpoint,
    Confirmation,
    Dormant,
    JoinRequest,
    MachineCertificate,
    SpaceStatement,
    StatementError,
    machine_id,
    read_statement,
    sign_statement,
    statement_name,
)
from sync.wire import space_name
from tests.exchange.checkpointing import ask
from tests.exchange.desks import Door, opened_copy
from tests.exchange.forging import pair_of
from tests.exchange.mutations import mutated, mutated_cbor
from tests.exchange.parties import epoch, machine_keys, octets
from tests.exchange.small_world import ALL, N1, N2, NORTH, PAIR, REGION, S1, SOUTH, TOKEN, registry
from tests.exchange.statement_forms import bodies
from tests.exchange.sticks import read, write

KNOWN = registry(*ALL.values())
WORDS = (
    *(NORTH.id, SOUTH.id, N1.id, N2.id, S1.id, REGION.key.id, REGION.relay.id, TOKEN),
    *(NORTH.space, PAIR, epoch(NORTH.space).epoch, epoch(PAIR, "pair").epoch),
    *(N1.incarnation, S1.incarnation, octets("bundle"), N1.keys.sign.public),
    *(NORTH.root.public, REGION.relay.public, *map(statement_name, ALL.values())),
    *(N1.keys.hpke.public, NORTH.key(1).public),
)
USUAL = {"machine": N1.id, "structure": NORTH.id, "authority": REGION.key.id}
USUAL |= {"members": (NORTH.id, SOUTH.id), "space": PAIR, "epoch": epoch(PAIR, "pair").epoch}
SIGNERS = (N1.keys.sign, NORTH.root, REGION.key, REGION.relay, machine_keys("nord/3").sign)


def made_sound(body: Any) -> Any:
    """The same with the names that follow from the rest."""
    if isinstance(body, SpaceStatement):
        return replace(body, space=space_name(body.space_kind, body.members))
    if isinstance(body, MachineCertificate | JoinRequest):
        return replace(body, machine=machine_id(body.sign, body.hpke))
    return body


@st.composite
def sound_bodies(draw, words: tuple[bytes, ...], **usual: Any) -> Body:
    """A body of any kind, most of whose names are those of the one who signs."""
    kind = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    names = {field.name for field in fields(kind)} & usual.keys()
    kept = {name: usual[name] for name in sorted(names) if draw(st.integers(0, 9))}
    return made_sound(draw(bodies(kind, words, **kept)))


def everything_asked(known: Registry) -> None:
    """Ask a registry all that desks and relays ask it."""
    for space in known.spaces:
        known.wraps(space)
        known.sealing_epochs(space)
        known.dormant_machines(space)
        known.last_complete(space)
        last = known.last_proposal(space)
        assert last is None or known.waits_for(last[0]) | known.confirmed_by(last[0])
    for machine in known.machines:
        known.last_said_s(machine)
        known.is_revoked(machine)
        known.receiving(known.machines[machine])
        known.accepted_sequence(machine, NORTH.space, N1.incarnation)
    known.open_requests()
    assert known.recovery_machines <= known.machines.keys()


@settings(max_examples=120, deadline=None)
@given(
    st.lists(
        st.tuples(
            sound_bodies(WORDS, **USUAL),
            st.sampled_from(SIGNERS),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_statement_of_the_right_shape_is_believed_or_told(drawn):
    signed = [sign_statement(body, signer.private_key) for body, signer in drawn]
    known = KNOWN.with_statements(signed)
    for data, (body, _) in zip(signed, drawn, strict=True):
        name = statement_name(data)
        assert read_statement(data).body == body
        told = [name in known.refused, name in known.waiting, known.believes(name)]
        assert sum(told) == 1
    everything_asked(known)
    assert registry(*ALL.values(), *signed).refused == known.refused


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_the_shapes_that_are_drawn(kind):
    assert SHAPES[kind].keys()


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(sorted(ALL)))
def test_true_statement_mutated_is_refused_or_read(data, which):
    true = ALL[which]
    changed = data.draw(mutated(true) | mutated_cbor(true, 65_536))
    payload = read_statement(true).payload
    if data.draw(st.booleans()):
        changed = canonical(
            [data.draw(mutated(payload) | mutated_cbor(payload, 65_536)), bytes(64)]
        )
    try:
        read_statement(changed)
    except StatementError:
        return


@pytest.fixture(scope="module")
def three_template(tmp_path_factory, introduced_template):
    """Le Blanc, Châteauroux and Argenton, which know each other."""
    made = introduced_template.copy(tmp_path_factory.mktemp("three") / "world")
    made.found("argenton")
    made.certify("argenton")
    blanc, chateauroux, argenton = (made[one] for one in ("blanc", "chateauroux", "argenton"))
    for door in (argenton, blanc, chateauroux, argenton):
        door.exchange()
    blanc.receive(chateauroux)
    blanc.exchange()
    chateauroux.exchange()
    made.close()
    return made


@dataclass(frozen=True)
class Hostile:
    """What a hostile door knows: its own names, and what means something in its world."""

    usual: dict[str, Any]
    words: tuple[bytes, ...]


@pytest.fixture(scope="module")
def known_to_blanc(tmp_path_factory, three_template):
    with opened_copy(three_template, tmp_path_factory.mktemp("asked") / "world") as world:
        blanc = world["blanc"]
        known = blanc.registry
        space = pair_of(blanc, world["chateauroux"]).id
        (epoch_name,) = known.sealing_epochs(space)
        machines = known.machines.values()
        words = (
            *(one for door in world.doors.values() for one in (door.port.incarnation(),)),
            *(one for body in machines for one in (body.machine, body.sign, body.hpke)),
            *(*known.structures, *known.spaces, *map(statement_name, blanc.port.statements())),
            *(wrap.epoch for space in known.spaces for wrap in known.wraps(space)),
        )
        usual = {
            "machine": blanc.keyring.machine.id,
            "structure": blanc.desk.own_structure().id,
            "space": bytes(space),
            "epoch": epoch_name,
            "members": tuple(
                world[one].desk.own_structure().id for one in ("blanc", "chateauroux")
            ),
        }
        return Hostile(usual=usual, words=tuple(dict.fromkeys(words)))


def said_by(door: Door, drawn: list[Body]) -> list[bytes]:
    """The bodies signed by a door's machine or root; its checkpoints are confirmed at once."""
    machine, root = door.keyring.machine, door.keyring.root
    signed = []
    for body in drawn:
        is_root_s = "machine" not in SHAPES[body.kind] or body.kind in {"machine", "recovery"}
        key = root if is_root_s else machine.sign
        with suppress(StatementError):  # too large
            signed.append(sign_statement(body, key.private_key))
    for data in tuple(signed):
        about = read_statement(data)
        if isinstance(about.body, Checkpoint):
            names = {"machine": machine.id, "space": about.body.space, "checkpoint": about.name}
            bodies_more = [Confirmation(at_s=MAX_UINT, **names)]
            bodies_more += [Dormant(target=one, at_s=0, **names) for one in about.body.machines]
            signed += [sign_statement(one, machine.sign.private_key) for one in bodies_more]
    return signed


@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.generate],  # a world for each example: a smaller one is not worth its minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data())
def test_hostile_member_s_statements_stop_nobody_else(
    tmp_path_factory, three_template, known_to_blanc, data
):
    some = sound_bodies(known_to_blanc.words, **known_to_blanc.usual)
    drawn = data.draw(st.lists(some, min_size=3, max_size=8))
    with opened_copy(three_template, tmp_path_factory.mktemp("fuzz") / "world") as world:
        blanc, chateauroux, argenton = (world[one] for one in ("blanc", "chateauroux", "argenton"))
        signed = said_by(blanc, drawn)
        world.relay.statements |= {statement_name(one): one for one in signed}
        chateauroux.receive(argenton)
        chateauroux.receive()
        ask(chateauroux)
        for door in (chateauroux, argenton, chateauroux, argenton):
            door.exchange()
        with suppress(SyncError, FormatError):
            blanc.exchange()  # it harms itself as it likes
        chateauroux.exchange()
        work_goes_on(chateauroux, argenton)


def work_goes_on(chateauroux: Door, argenton: Door) -> None:
    assert argenton.statuses("in") == ["recue"]
    assert (chateauroux.counts().pending, chateauroux.counts().sent) == (0, 0)
    assert chateauroux.port.adopted(chateauroux.desk.own_structure().space.id) is not None
    stick = chateauroux.world.folder / "stick"
    argenton.receive(chateauroux)
    write(argenton, stick)
    read(chateauroux, stick)
    for door in (argenton, chateauroux):
        door.exchange()
    assert chateauroux.statuses("in") == ["recue"] * 2
    assert chateauroux.reasons() == []
