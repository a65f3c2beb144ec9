"""Two desks whose exchanges are killed again and again, at any instant, and the relay's too.

Real commands in real processes, real SIGKILLs. The seed is printed: `DEUX_PORTES_SEED` draws the
same pauses and texts again, as far as a busy machine lets the same instants come.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from tests.fakes.command_line import ROOT
from tests.journeys.stick_region import somebody
from tests.journeys.world import DeskMachine, RegionInProcesses, told_everything

pytestmark = pytest.mark.network

KILLS = int(os.environ.get("DEUX_PORTES_KILLS", "24"))
RELAY_KILLS = 3
OTHER = {"blanc": "chateauroux", "chateauroux": "blanc"}
CONTENT = """
import json, os, sys
from pathlib import Path
from app.usecases.referrals import list_referrals
from ui.compose import open_desk
given = os.environ["DEUX_PORTES_PASSPHRASE"]
desk = open_desk(Path(sys.argv[1]), agent=None, passphrase=given)
told = [
    [line.direction, line.display_name, line.details.get("expressed"), line.status]
    for line in list_referrals(desk)
]
desk.workspace.close()
json.dump(told, sys.stdout)
"""


@dataclass
class Hand:
    """Writes at one desk, exchanges there, and kills what exchanges.

    `said` is what each person received in this test said, by name. An exchange takes about
    `takes_s` from its first byte on.
    """

    world: RegionInProcesses
    name: str
    chance: random.Random
    family: str
    said: dict[str, str] = field(default_factory=dict)
    takes_s: float = 0.0
    kills: int = 0
    ended: int = 0

    @property
    def desk(self) -> DeskMachine:
        return self.world.desks[self.name]

    def write(self, count: int) -> None:
        """Receive some people and hand them over to the other door."""
        lines = []
        for _ in range(count):
            given = f"Tué{len(self.said)}de{self.name}"
            reception = somebody(given, to=OTHER[self.name])
            reception["person"]["family_name"] = self.family
            said = "".join(self.chance.choices("abcdefgh", k=self.chance.randrange(9, 2_000)))
            self.said[f"{given} {self.family}"] = said
            lines.append(json.dumps(reception | {"expressed": said}))
        ended = self.desk.run("reception", "add", "-", "--lines", given="\n".join(lines) + "\n")
        assert ended.code == 0, ended.err

    def measure(self) -> None:
        """Exchange once, undisturbed, to know how long it takes."""
        self.write(2)
        up = len(self.world.proxy.up)
        with self.desk.running("exchange", "run") as process:
            until_up(self.world, up)
            began = time.monotonic()
            assert process.wait(timeout=60) == 0
        self.takes_s = time.monotonic() - began

    def kill(self, kills: int) -> None:
        """Write, exchange and kill, until so many exchanges died; some end, and all goes on."""
        for turn in range(10 * kills):
            if self.kills >= kills:
                return
            if turn % 4 == 0:
                self.write(self.chance.randrange(1, 4))
            if turn % 4 == 2:
                self.desk.ask("exchange", "checkpoint")
            self._exchange_killed()
        pytest.fail("exchanges end too soon to be killed")

    def _exchange_killed(self) -> None:
        """Start an exchange, and kill it at some instant after its first byte."""
        up = len(self.world.proxy.up)
        with self.desk.running("exchange", "run") as process:
            until_up(self.world, up)
            try:
                process.wait(timeout=self.chance.uniform(0, self.takes_s))
                self.ended += 1
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=30)
                self.kills += 1

    def shown(self, direction: str, names: Collection[str]) -> list[tuple[str, str, str]]:
        """The referrals of some people that the desk shows: name, demand, state.

        Other tests received others in these offices.
        """
        told = subprocess.run(
            [sys.executable, "-c", CONTENT, str(self.desk.workspace)],
            cwd=ROOT,
            env=self.desk.machine.environment(),
            capture_output=True,
            encoding="utf-8",
            check=True,
            timeout=60,
        )
        lines = json.loads(told.stdout)
        return sorted(tuple(one[1:]) for one in lines if one[0] == direction and one[1] in names)


def until_up(world: RegionInProcesses, up: int) -> None:
    """Wait until more bytes than that went up, or nothing does any more."""
    pause = threading.Event()
    for _ in range(5_000):
        if len(world.proxy.up) > up:
            return
        pause.wait(0.002)


@pytest.fixture
def hands(two_offices):
    """Somebody at each desk, who knows how long an exchange takes; the seed is printed."""
    seed = os.environ.get("DEUX_PORTES_SEED") or str(random.SystemRandom().randrange(10**9))
    print(f"\nDEUX_PORTES_SEED={seed}")  # noqa: T201  (to play it again)
    family = f"Tué{time.monotonic_ns()}"
    made = [
        Hand(two_offices, name, random.Random(f"{seed}/{name}"), family)  # noqa: S311
        for name in OTHER
    ]
    at_once(*(hand.measure for hand in made))
    return made


def ends_well(world: RegionInProcesses, hands: list[Hand]) -> None:
    """Each record is once at each end, as it was written; nothing is set aside."""
    told_everything(world)
    for hand in hands:
        status = hand.desk.status()
        assert (status["quarantine"], status["lacking"], status["last_failure"]) == (0, 0, None)
        assert (status["events"]["pending"], status["events"]["sent"]) == (0, 0)
    for sender, receiver in (hands, reversed(hands)):
        gone = sender.shown("out", sender.said)
        assert receiver.shown("in", sender.said) == gone
        assert gone == sorted((name, said, "recue") for name, said in sender.said.items())
    assert json.loads(world.relay.run("verify", "--json"))["faults"] == 0


def at_once(*work) -> None:
    """Run all of it at the same time; the first failure is raised."""
    with ThreadPoolExecutor(len(work)) as pool:
        for future in [pool.submit(one) for one in work]:
            future.result()


def test_desk_killed_again_and_again_while_it_exchanges(two_offices, hands):
    at_once(*(lambda hand=hand: hand.kill(KILLS // 2) for hand in hands))
    assert sum(hand.kills for hand in hands) >= KILLS
    ends_well(two_offices, hands)


def test_desks_and_relay_killed_while_they_exchange(two_offices, hands):
    chance = random.Random(hands[0].chance.random())  # noqa: S311

    def kill_the_relay() -> None:
        for _ in range(RELAY_KILLS):
            until_up(two_offices, len(two_offices.proxy.up) + chance.randrange(9_000))
            two_offices.relay.kill()
            two_offices.start_relay()

    at_once(kill_the_relay, *(lambda hand=hand: hand.kill(3) for hand in hands))
    ends_well(two_offices, hands)
