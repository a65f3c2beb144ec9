"""What surrounds a desk goes wrong: a sign-in page answers for the relay, the disk is full.

Real commands; what is said is what people read.
"""

import json
import random
import shutil

import pytest

from tests.exchange.strangers import PORTAL, answering, saying
from tests.journeys.stick_region import somebody
from tests.journeys.world import DeskMachine, told_everything
from tests.small_disks import fill, small_disk_at

pytestmark = pytest.mark.network


def noise(length: int) -> str:
    """A text that no compression shortens."""
    chance = random.Random(length)  # noqa: S311
    return "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(length))


def test_portal_is_named_and_everything_waits_until_the_relay_answers(two_offices):
    blanc, chateauroux = two_offices.desks["blanc"], two_offices.desks["chateauroux"]
    blanc.receive(somebody("Portail", to="chateauroux"))
    waiting = blanc.events()["pending"]
    with answering(saying(PORTAL)) as port:
        two_offices.proxy.upstream = ("127.0.0.1", port)
        refused = blanc.run("exchange", "run")
        two_offices.proxy.upstream = two_offices.relay.host_and_port
    assert (refused.code, refused.error["code"]) == (7, "not_our_relay")
    assert "page de connexion" in refused.error["message"]
    status = blanc.status()
    assert status["last_failure"]["code"] == "not_our_relay"
    assert (status["events"]["pending"], status["clock_offset_s"]) == (waiting, 0)
    told_everything(two_offices)
    assert blanc.status()["last_failure"] is None
    assert "Portail Exemplier" in chateauroux.named("in")


def receive_long_stories(desk: DeskMachine, count: int) -> None:
    people = [
        somebody(f"Plein{n}", to="chateauroux") | {"expressed": noise(20_000 - n)}
        for n in range(count)
    ]
    given = "".join(json.dumps(one) + "\n" for one in people)
    assert desk.run("reception", "add", "-", "--lines", given=given).code == 0


def test_full_disk_of_a_desk_is_said_by_its_commands_and_loses_nothing(two_offices, tmp_path):
    blanc, chateauroux = two_offices.desks["blanc"], two_offices.desks["chateauroux"]
    receive_long_stories(blanc, 4)
    kept = blanc.workspace
    with small_disk_at(tmp_path / "disque", "12m") as disk:
        shutil.copytree(kept, disk / "workspace")
        full = DeskMachine(blanc.machine, disk / "workspace")
        ballast = fill(disk, leaving=40)  # enough to open, not enough to seal
        for _ in range(2):
            refused = full.run("exchange", "run")
            assert (refused.code, refused.error["code"]) == (4, "disk_full")
        said = full.run("status")
        assert said.code == 0, said.err
        assert said.json["last_failure"]["code"] == "disk_full"
        assert said.json["events"]["pending"] > 0
        told = full.machine.run("status", "--workspace", full.workspace).out
        assert told.startswith("Disque plein")
        ballast.unlink()
        assert full.exchange()["pushed"] > 0
        assert full.status()["last_failure"] is None
        shutil.rmtree(kept)
        shutil.copytree(disk / "workspace", kept)
    told_everything(two_offices)
    assert blanc.status()["quarantine"] == 0
    arrived = [name for name in chateauroux.named("in") if name.startswith("Plein")]
    assert arrived == [f"Plein{n} Exemplier" for n in range(4)]
