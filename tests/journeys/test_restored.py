"""What was restored or copied: a relay, a desk, a disk; and who makes up for what was lost.

Real commands in real processes, over a real relay.
"""

import json
import shutil
import threading
from pathlib import Path

import pytest

from tests.fakes.command_line import Machine
from tests.fakes.recording_proxy import PUSH, UP, Fault
from tests.journeys.stick_region import somebody
from tests.journeys.world import DeskMachine, RegionInProcesses

pytestmark = pytest.mark.network


def restored_from(region: RegionInProcesses, copy: Path) -> None:
    """Put the relay back as a backup has it, after its disk was lost."""
    assert region.relay.stop() == 0
    for file in region.relay.folder.glob("relay.sqlite3*"):
        file.unlink()
    region.relay.run("restore", str(copy))
    region.start_relay()


def test_what_a_restored_relay_lost_is_sent_again_by_whoever_still_has_it(region, tmp_path):
    blanc, chateauroux = region.desks["blanc"], region.desks["chateauroux"]
    second = joined_elsewhere(region, tmp_path)
    region.relay.run("backup", str(tmp_path / "copie.sqlite3"))
    blanc.receive(somebody("Alizée", to="chateauroux"))
    for desk in (blanc, chateauroux, second, blanc):
        desk.exchange()
    held = region.held()
    restored_from(region, tmp_path / "copie.sqlite3")
    assert region.held()["bundles"] < held["bundles"]
    # The machine that wrote it all burns: only the others can bring it back.
    shutil.rmtree(blanc.workspace)
    assert chateauroux.exchange()["resent"] > 0
    assert second.exchange()["resent"] > 0
    assert (region.held()["bundles"], region.held()["bytes"]) == (held["bundles"], held["bytes"])
    assert json.loads(region.relay.run("verify", "--json"))["faults"] == 0


def joined_elsewhere(region: RegionInProcesses, folder: Path) -> DeskMachine:
    """Admit a second machine of Le Blanc, by files alone, and let it see everything."""
    blanc, second = region.desks["blanc"], region.desk("second")
    invitation, request, admission = (folder / f"{one}.json" for one in ("inv", "req", "adm"))
    blanc.ask("structure", "invite", "--out", invitation)
    asked = second.ask("join", invitation, "--out", request)
    given = ("--request", request, "--out", admission)
    blanc.ask("structure", "admit", asked["spoken_code"], *given)
    second.ask("structure", "enrol", admission)
    for desk in (blanc, second):
        desk.exchange()
    return second


def test_what_the_relay_lost_is_said_until_it_has_it_again(region, tmp_path):
    blanc = region.desks["blanc"]
    region.relay.run("backup", str(tmp_path / "copie.sqlite3"))
    blanc.receive(somebody("Alizée", to="chateauroux"))
    blanc.exchange()
    acknowledged = blanc.events()["acknowledged"]
    restored_from(region, tmp_path / "copie.sqlite3")
    fault = Fault(marker=PUSH, way=UP, after_bytes=600, stalls=True)
    blanc.exchange_killed_at(region.proxy, fault)
    status = blanc.status()
    assert status["lacking"] == status["events"]["sent"] > 0
    said = blanc.machine.run("status", "--workspace", blanc.workspace).out
    assert "enregistrements que le relais avait reçus n’y sont plus" in said
    assert blanc.exchange()["resent"] > 0
    assert blanc.status()["lacking"] == 0
    assert blanc.events()["acknowledged"] == acknowledged
    assert "n’y sont plus" not in blanc.machine.run("status", "--workspace", blanc.workspace).out


def copied(region: RegionInProcesses, name: str, *, whole_disk: bool) -> DeskMachine:
    """Copy the closed workspace of Le Blanc to another machine, or all of its disk."""
    original, home = region.desks["blanc"], region.folder / name
    if whole_disk:
        shutil.copytree(original.machine.home, home)
    else:
        home.mkdir()
        shutil.copytree(original.workspace, home / "workspace")
    region.desks[name] = DeskMachine(Machine(home), home / "workspace")
    return region.desks[name]


def told_everything(region: RegionInProcesses, *names: str) -> list[str]:
    """Exchange until all is quiet; everybody then knows the same people. Return them."""
    for _ in range(3):
        for name in names:
            assert region.desks[name].exchange()["refused"] == []
    for name in names:
        status = region.desks[name].status()
        assert (status["events"]["pending"], status["events"]["sent"]) == (0, 0)
        assert status["quarantine"] == 0
    original, clone = (region.desks[name] for name in names[:2])
    assert original.named("out") == clone.named("out") == region.desks["chateauroux"].named("in")
    return clone.named("out")


@pytest.mark.parametrize("whole_disk", [False, True], ids=["folder", "disk"])
def test_copy_and_original_used_at_once_lose_nothing_and_double_nothing(region, whole_disk):
    blanc = region.desks["blanc"]
    blanc.receive(somebody("Alizée", to="chateauroux"))
    blanc.exchange()
    clone = copied(region, "clone", whole_disk=whole_disk)
    for number in range(3):
        blanc.receive(somebody(f"Basile{number}", to="chateauroux"))
        clone.receive(somebody(f"Capucine{number}", to="chateauroux"))
        if number == 1:
            blanc.exchange()
    people = ["Alizée", *(f"{one}{n}" for one in ("Basile", "Capucine") for n in range(3))]
    told = told_everything(region, "blanc", "clone", "chateauroux")
    assert told == [f"{one} Exemplier" for one in people]


def test_two_copies_of_a_disk_that_send_at_the_same_moment_both_get_through(region):
    blanc = region.desks["blanc"]
    clone = copied(region, "clone", whole_disk=True)
    blanc.receive(somebody("Alizée", to="chateauroux"))
    clone.receive(somebody("Basile", to="chateauroux"))
    # The clone has looked at the relay, and is stopped when it begins to send.
    fault = region.proxy.will(Fault(marker=PUSH, way=UP, stalls=True))
    ended: list[dict[str, object]] = []
    sender = threading.Thread(target=lambda: ended.append(clone.exchange()))
    sender.start()
    assert fault.struck.wait(timeout=30)
    assert blanc.exchange()["pushed"] > 0
    fault.let_go()
    sender.join(timeout=60)
    assert ended
    told = told_everything(region, "blanc", "clone", "chateauroux")
    assert told == ["Alizée Exemplier", "Basile Exemplier"]


def test_receipts_of_a_relay_reach_by_stick_a_desk_that_has_no_network(region, tmp_path):
    blanc, chateauroux, stick = region.desks["blanc"], region.desks["chateauroux"], tmp_path / "cle"
    stick.mkdir()
    blanc.receive(somebody("Alizée", to="chateauroux"))
    blanc.ask("stick", "write", stick)
    chateauroux.ask("stick", "read", stick)
    before = blanc.events()
    assert chateauroux.exchange()["resent"] > 0
    chateauroux.ask("stick", "write", stick)
    assert blanc.ask("stick", "read", stick)["receipts"] > 0
    after = blanc.events()
    assert after["acknowledged"] > before["acknowledged"]
    assert after["on_stick"] < before["on_stick"]
