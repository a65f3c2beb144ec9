"""Who belongs: machines that join, leave, wrote late, and keys that are changed."""

import random
from collections.abc import Iterable

from app.usecases.desk import name_own_structure
from sync.errors import NothingLateError
from sync.keyring import ROOT
from sync.removal import Removal, machine_code
from sync.settlement import REVOKED
from tests.exchange.desks import Door
from tests.exchange.fuzz.actions import Action, pick
from tests.exchange.fuzz.holding import accepted_up_to, held_elsewhere, lives_of
from tests.exchange.fuzz.link_actions import exchange
from tests.exchange.fuzz.screens import marks_at, marks_of, shown_at
from tests.exchange.fuzz.stage import Stage, erased_at, must
from tests.exchange.fuzz.trade_actions import receive_somebody_new

_WRITTEN = "SELECT event, kind, body FROM events WHERE body NOT NULL AND substr(event, 1, 8) = ?"
_HELD = "SELECT event FROM events WHERE bundle NOT NULL"
_COVERED = """
    SELECT e.event FROM events e JOIN bundles b ON b.name = e.bundle WHERE b.covered = 1
"""


class Invite:
    """A machine that belongs to nobody asks to join a structure; people work at it at once."""

    weight = 3

    def possible(self, stage: Stage) -> bool:
        return bool(stage.spare) and not stage.joining

    def run(self, stage: Stage, chance: random.Random) -> None:
        host = pick(chance, stage.active)
        name, structure = stage.spare.pop(), stage.truth.structure_of[host]
        inviter, door = stage.world[host], stage.world[name]
        invitation, request = door.membership.join(inviter.membership.invite().to_json())
        name_own_structure(
            door.desk,
            structure=invitation.structure,
            name=structure,
            reference=inviter.reference,
        )
        stage.take(name, structure)
        stage.asked[name] = request.spoken
        stage.joining.add(name)
        if chance.random() < 0.5:
            inviter.membership.take_request(request.to_json())


class Admit:
    """Whoever holds the root admits the machine whose code was read aloud, if its request came."""

    weight = 10

    def possible(self, stage: Stage) -> bool:
        return bool(stage.joining)

    def run(self, stage: Stage, chance: random.Random) -> None:
        name = pick(chance, stage.joining)
        admit(stage, name, chance.choice(roots_of(stage, stage.truth.structure_of[name])))


def admit(stage: Stage, name: str, at: str) -> None:
    """Admit a machine where a root is, if its request has come there."""
    root, spoken = stage.world[at], stage.asked[name]
    if spoken in [one.spoken for one in root.membership.waiting()]:
        root.membership.admit(spoken)
        stage.joining.discard(name)


def finish_joining(stage: Stage) -> None:
    """Go through with what somebody began: all exchange, the code is read, the root admits.

    Whoever invited may have lost the invitation, or been removed: then another one is made.
    """
    for name in sorted(stage.joining):
        at = roots_of(stage, stage.truth.structure_of[name])[0]
        for each in (*stage.active, name, *stage.active):
            exchange(stage, each)
        admit(stage, name, at)
        if name in stage.joining:
            root = stage.world[at]
            _, request = stage.world[name].membership.join(root.membership.invite().to_json())
            root.membership.take_request(request.to_json())
            stage.asked[name] = request.spoken
            admit(stage, name, at)
        must(name not in stage.joining, "a request comes to where the root is", name)


def roots_of(stage: Stage, structure: str) -> list[str]:
    """The desks of a structure whose machine holds its root."""
    return [name for name in stage.doors_of(structure) if ROOT in stage.world[name].port.secrets()]


class Remove:
    """Whoever holds the root removes another machine, and says so to the relay."""

    weight = 2

    def possible(self, stage: Stage) -> bool:
        return bool(_removable(stage)) and not stage.removed

    def run(self, stage: Stage, chance: random.Random) -> None:
        root, name = chance.choice(_removable(stage))
        machine = stage.machine(name)
        _removal(stage.world[root]).remove(machine.hex())
        gone = [each for each in stage.active if stage.machine(each) == machine]
        note_removed(stage, root, gone)
        exchange(stage, root)


def note_removed(stage: Stage, root: str, gone: list[str]) -> None:
    """Tell the truth that what the removed wrote waits, but what was settled where the root is."""
    known = erased_at(stage.world[root])
    for name in gone:
        if erased_at(stage.world[name]) - known:
            stage.truth.doubt_erasures_of(name)
    late = _unsettled_marks(stage, root, gone)
    held = frozenset().union(*(marks_at(stage.world[name]) for name in gone))
    stage.removed |= set(gone)
    stage.truth.set_late(late, is_late=True)
    # What others wrote and only the removed still had: it gives back nothing but its own.
    stage.truth.doubt(held - late - held_elsewhere(stage))
    stage.waiting |= late.difference(*map(marks_at, stage.active.values()))


def _unsettled_marks(stage: Stage, root: str, gone: Iterable[str]) -> frozenset[str]:
    """The marks of what the removed ever wrote, wherever it is, but at the desk with the root."""
    lives = frozenset().union(*(lives_of(stage, name) for name in gone))
    held = {row[0] for row in stage.world[root].query(_HELD)}
    # What a checkpoint covers is everybody's, whoever wrote it.
    held |= {row[0] for door in stage.doors.values() for row in door.query(_COVERED)}
    found = [
        marks_of(kind, body)
        for door in stage.doors.values()
        for life in sorted(lives)
        for event, kind, body in door.query(_WRITTEN, life)
        if event not in held
    ]
    found += [
        one.marks
        for one in stage.opened().values()
        if any(event[:8] in lives and event not in held for event in one.events)
    ]
    return frozenset().union(*found)


class AcceptLate:
    """A person accepts what a removed machine wrote late, as far as it has come."""

    weight = 5

    def possible(self, stage: Stage) -> bool:
        return bool(stage.removed)

    def run(self, stage: Stage, chance: random.Random) -> None:
        name = pick(chance, stage.removed)
        at = chance.choice(roots_of(stage, stage.truth.structure_of[name]))
        root, machine = stage.world[at], stage.machine(name)
        aside = [one for one in root.port.places_aside() if one.reason == REVOKED]
        try:
            _removal(root).accept_late(machine_code(machine))
        except NothingLateError:
            return
        bundles = {one.name: root.port.bytes_aside(one.name) for one in aside}
        exchange(stage, at)
        registry, keys = root.registry, root.keyring.epochs
        settled = {name for (name,) in root.query("SELECT name FROM bundles")}
        accepted = {
            one.name: bundles[one.name]
            for one in aside
            if one.sequence <= accepted_up_to(registry, machine, one.space, one.incarnation)
            # Else it was wrapped for a key destroyed since, and not by a checkpoint that holds it.
            and ((one.space, one.epoch) in keys or one.name in settled)
        }
        opened = stage.opened_of(accepted)
        marks = frozenset[str]().union(*(one.marks for one in opened.values()))
        stage.truth.set_late(marks, is_late=False)
        stage.waiting -= marks
        stage.accepted |= {one.name: (machine, one, marks) for one in aside if one.name in accepted}


class RotateKeys:
    """Whoever holds a root makes new keys."""

    weight = 2

    def possible(self, stage: Stage) -> bool:
        return True

    def run(self, stage: Stage, chance: random.Random) -> None:
        structure = pick(chance, stage.structures())
        _removal(stage.world[chance.choice(roots_of(stage, structure))]).rotate()


class WorkAtRemoved:
    """The removed machine still works, and tries to send it."""

    weight = 3

    def possible(self, stage: Stage) -> bool:
        return bool(stage.removed)

    def run(self, stage: Stage, chance: random.Random) -> None:
        name = pick(chance, stage.removed)
        before, persons = marks_at(stage.world[name]), set(stage.truth.persons)
        receive_somebody_new(stage, name, chance)
        new = stage.truth.persons.keys() - persons
        must(new <= shown_at(stage.world[name]).persons.keys(), "the removed work on", name)
        late = marks_at(stage.world[name]) - before
        stage.truth.set_late(late, is_late=True)
        stage.waiting |= late
        exchange(stage, name)


def _removal(door: Door) -> Removal:
    return Removal(door.port, door.desk.clock)


def _removable(stage: Stage) -> list[tuple[str, str]]:
    return [
        (root, name)
        for structure in stage.structures()
        for root in roots_of(stage, structure)
        for name in stage.doors_of(structure)
        if ROOT not in stage.world[name].port.secrets()
        and stage.machine(name) in stage.world[root].registry.machines
    ]


MEMBERS: dict[str, Action] = {
    "invite": Invite(),
    "admit": Admit(),
    "remove": Remove(),
    "accept_late": AcceptLate(),
    "rotate_keys": RotateKeys(),
    "work_at_removed": WorkAtRemoved(),
}
