"""What happens between a desk and the relay: whole, cut, killed, unheard, in another order."""

import random
from typing import Any

from sync.engine import BUNDLES_REFUSED, ExchangeReport
from sync.errors import LinkCutError, MachineRevokedError, NotAdmittedYetError, SyncError
from sync.lacking import LACKING_NAME
from sync.relay_port import Transport
from tests.exchange.fuzz.actions import Action, dying, pick
from tests.exchange.fuzz.holding import heard_of_removal
from tests.exchange.fuzz.promises import check_alive, check_receipts
from tests.exchange.fuzz.stage import Stage, must
from tests.exchange.links import CALLS, OtherOrder, PowerCutError, cut_link

STILL_ACTIVE = "still_active"


def exchange(
    stage: Stage, name: str, link: Transport | None = None, port: Any = None
) -> ExchangeReport | None:
    """Exchange once at a desk; None when it did not go to the end, and the desk says why."""
    with heard_of_removal(stage, name, by_relay=True):
        report = _exchanged(stage, name, link, port)
    stage.opened()  # later some keys may be gone
    return report


def _exchanged(stage: Stage, name: str, link: Transport | None, port: Any) -> ExchangeReport | None:
    try:
        report = stage.world[name].exchange(link or stage.link(name), port)
    except PowerCutError:
        stage.reopen(name)
        check_alive(stage, name)
        return None
    except SyncError as error:
        _check_failure(stage, name, error, is_link_whole=link is None)
        check_alive(stage, name)
        return None
    failure = stage.world[name].counts().last_failure
    expected = BUNDLES_REFUSED if refused_bundles(report) else None
    must(expected in {None, failure and failure.code}, "a refusal is told", name, failure)
    stage.whole.discard(name)
    check_receipts(stage, name)
    check_alive(stage, name)
    return report


def refused_bundles(report: ExchangeReport) -> list[str]:
    """Why bundles were refused; that somebody is dormant may be refused: the relay heard them."""
    return [one.code for one in report.refused if one.code != STILL_ACTIVE]


def _check_failure(stage: Stage, name: str, error: SyncError, *, is_link_whole: bool) -> None:
    failure = stage.world[name].counts().last_failure
    must(failure is not None, "a failure is told", name, error)
    must(failure.code == error.code, "the cause told is the cause", name, failure, error)
    registry, machine = stage.relay.registry, stage.machine(name)
    if isinstance(error, MachineRevokedError):
        must(registry.is_revoked(machine), "only who was removed is refused", name)
    elif isinstance(error, NotAdmittedYetError):
        must(not registry.structures_of(machine), "only who was not admitted waits", name)
    else:
        must(not is_link_whole, "a whole link is enough", name, error)
        must(isinstance(error, LinkCutError), "a cut link is a cut link", name, error)


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
        port = dying(stage.world[name].port, at, after=after)
        exchange(stage, name, cut_link(stage.link(name), None, after=False), port)


class ExchangeInAnotherOrder:
    """What is pulled comes shuffled, twice, or with a hole."""

    weight = 12

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
    missing = chance.randint(0, max(0, len(bundles) - 2))
    return bundles[:missing] + bundles[missing + 1 :]


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
