"""What happens between a desk and the relay: whole, cut, killed, unheard, in another order."""

import random
from typing import Any

from sync.engine import BUNDLES_REFUSED, ExchangeReport
from sync.errors import LinkCutError, MachineRevokedError, SyncError
from sync.lacking import LACKING_NAME
from sync.relay_port import Transport
from tests.exchange.fuzz.actions import Action, pick
from tests.exchange.fuzz.promises import check_alive, check_receipts
from tests.exchange.fuzz.stage import Stage, must
from tests.exchange.links import CALLS, OtherOrder, PowerCutError, cut_link, dying_port


def exchange(
    stage: Stage, name: str, link: Transport | None = None, port: Any = None
) -> ExchangeReport | None:
    """Exchange once at a desk; None when it did not go to the end, and the desk says why."""
    door = stage.world[name]
    try:
        report = door.exchange(link or stage.link(name), port)
    except PowerCutError:
        stage.reopen(name)
        check_alive(stage, name)
        return None
    except SyncError as error:
        _check_failure(stage, name, error, is_link_whole=link is None)
        check_alive(stage, name)
        return None
    failure = stage.world[name].counts().last_failure
    expected = BUNDLES_REFUSED if report.refused else None
    must(expected in {None, failure and failure.code}, "a refusal is told", name, failure)
    check_receipts(stage, name)
    check_alive(stage, name)
    return report


def _check_failure(stage: Stage, name: str, error: SyncError, *, is_link_whole: bool) -> None:
    failure = stage.world[name].counts().last_failure
    must(failure is not None, "a failure is told", name, error)
    must(failure.code == error.code, "the cause told is the cause", name, failure, error)
    if is_link_whole:
        is_removed = name in stage.removed and isinstance(error, MachineRevokedError)
        must(is_removed, "a whole link is enough", name, error)
    else:
        expected = LinkCutError, MachineRevokedError
        must(isinstance(error, expected), "a cut link is a cut link", name, error)


class Exchange:
    """A desk exchanges."""

    weight = 30

    def possible(self, stage: Stage) -> bool:
        return True

    def run(self, stage: Stage, chance: random.Random) -> None:
        exchange(stage, pick(chance, stage.doors))


class ExchangeAll:
    """Every desk exchanges, in any order."""

    weight = 6

    def possible(self, stage: Stage) -> bool:
        return True

    def run(self, stage: Stage, chance: random.Random) -> None:
        names = sorted(stage.doors)
        chance.shuffle(names)
        for name in names:
            exchange(stage, name)


class ExchangeCut:
    """The link dies at a call: before the relay heard it, or before its answer came."""

    weight = 12

    def possible(self, stage: Stage) -> bool:
        return True

    def run(self, stage: Stage, chance: random.Random) -> None:
        name, calls = pick(chance, stage.doors), chance.choice([CALLS, ("push",)])
        at, after = chance.randint(1, 2 * len(calls)), chance.random() < 0.5
        exchange(stage, name, cut_link(stage.link(name), at, after=after, calls=calls))


class ExchangeCutInBytes:
    """The link dies at a byte of what goes up or comes down."""

    weight = 10

    def possible(self, stage: Stage) -> bool:
        return stage.relay.is_cut_by_bytes

    def run(self, stage: Stage, chance: random.Random) -> None:
        name = pick(chance, stage.doors)
        stage.relay.cut_after_bytes = int(chance.expovariate(1 / 1_500))
        exchange(stage, name, cut_link(stage.link(name), None, after=False))
        stage.relay.cut_after_bytes = None


class ExchangeKilled:
    """The process is killed at a write, before or after it is durable, and started again."""

    weight = 12

    def possible(self, stage: Stage) -> bool:
        return True

    def run(self, stage: Stage, chance: random.Random) -> None:
        name = pick(chance, stage.doors)
        at, after = chance.randint(1, 25), chance.random() < 0.5
        port = dying_port(stage.world[name].port, at, after=after)
        exchange(stage, name, cut_link(stage.link(name), None, after=False), port)


class ExchangeInAnotherOrder:
    """What is pulled comes shuffled, twice, or with holes."""

    weight = 8

    def possible(self, stage: Stage) -> bool:
        return True

    def run(self, stage: Stage, chance: random.Random) -> None:
        name = pick(chance, stage.doors)
        order = chance.choice([_shuffled, _twice, _holed])

        def reorder(bundles: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
            lacking = [one for one in bundles if one[0] == LACKING_NAME]  # always begins
            return lacking + order(chance, bundles[len(lacking) :])

        exchange(stage, name, OtherOrder(stage.link(name), reorder))


Bundles = list[tuple[bytes, bytes]]


def _shuffled(chance: random.Random, bundles: Bundles) -> Bundles:
    return chance.sample(bundles, len(bundles))


def _twice(chance: random.Random, bundles: Bundles) -> Bundles:
    return bundles + _shuffled(chance, bundles)


def _holed(chance: random.Random, bundles: Bundles) -> Bundles:
    return [one for one in bundles if chance.random() < 0.6]


class Reopen:
    """Somebody closes the program and opens it again."""

    weight = 4

    def possible(self, stage: Stage) -> bool:
        return True

    def run(self, stage: Stage, chance: random.Random) -> None:
        stage.reopen(pick(chance, stage.doors))


class SetClock:
    """The clock of a machine goes wrong by an hour, by years, backwards; or is set right."""

    weight = 4
    hours = (1, -1, 24 * 365 * 3, -24 * 365 * 8, -0.02)

    def possible(self, stage: Stage) -> bool:
        return True

    def run(self, stage: Stage, chance: random.Random) -> None:
        clock = stage.clocks[pick(chance, stage.clocks)]
        clock.tick(hours=chance.choice(self.hours))
        if not 2005 < clock.now().year < 2060:
            clock.tick(days=(2026 - clock.now().year) * 365)


LINKS: dict[str, Action] = {
    "exchange": Exchange(),
    "exchange_all": ExchangeAll(),
    "exchange_cut": ExchangeCut(),
    "exchange_cut_in_bytes": ExchangeCutInBytes(),
    "exchange_killed": ExchangeKilled(),
    "exchange_in_another_order": ExchangeInAnotherOrder(),
    "reopen": Reopen(),
    "set_clock": SetClock(),
}
