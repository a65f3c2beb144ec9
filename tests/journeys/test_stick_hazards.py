"""A stick in hands that hurry: pulled out, full, protected, killed, read twice, in any order.

Real commands in real processes, of three structures that never had a network.
"""

import json
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from sync.errors import NotAStickError
from sync.stick.folder import FOLDER, MANIFEST, StickFolder
from sync.stick.manifest import read_manifest
from tests.fakes.command_line import Ended
from tests.journeys.stick_region import (
    StickRegion,
    known_stick_region,
    new_stick_region,
    somebody,
    until_something_is_written,
)
from tests.made_once import made_once
from tests.small_disks import mount, mounted

KILLS = 24


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    names = ("blanc", "chateauroux", "argenton")
    made = made_once(tmp_path_factory, "stick-region", lambda at: new_stick_region(at, *names))
    folder = tmp_path_factory.mktemp("sans-reseau") / "region"
    shutil.copytree(made, folder)
    return known_stick_region(folder, *names)


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "cle"
    folder.mkdir()
    return folder


def refused(ended: Ended) -> tuple[int, str]:
    """The exit code and the code of a refusal, which has a sentence."""
    assert ended.error["message"].endswith(".")
    assert "Traceback" not in ended.err
    return ended.code, ended.error["code"]


def lying_on(stick: Path) -> dict[str, bytes]:
    files = (path for path in (stick / FOLDER).rglob("*") if path.is_file())
    return {str(path.relative_to(stick)): path.read_bytes() for path in files}


def said_on(stick: Path) -> list[bytes]:
    """What each machine says on a stick; every file that it names is found whole."""
    folder, said = StickFolder(stick), manifests_on(stick)
    for machine, data in zip(folder.machines(), said, strict=True):
        for file in read_manifest(data).manifest.files:
            assert folder.read(machine, file)[1]
    return said


def manifests_on(stick: Path) -> list[bytes]:
    return [(machine / MANIFEST).read_bytes() for machine in StickFolder(stick).machines()]


def killed_while_it_writes(
    region: StickRegion, stick: Path, after_s: float, how: signal.Signals
) -> int:
    """Have Le Blanc write a stick, and its process killed some time after its first touch."""
    with region["blanc"].running("stick", "write", stick) as process:
        until_something_is_written(stick, process)
        time.sleep(after_s)
        process.send_signal(how)
        return process.wait(timeout=30)


def how_long_it_writes(region: StickRegion, stick: Path) -> float:
    """From the first touch of a stick to the moment when it says something new, in seconds."""
    was = manifests_on(stick)
    with region["blanc"].running("stick", "write", stick) as process:
        until_something_is_written(stick, process)
        started = time.monotonic()
        while manifests_on(stick) == was:
            assert process.poll() in {None, 0}
        return time.monotonic() - started


@pytest.fixture
def hurried(region, stick):
    """What a stick said before Le Blanc had more to write, a copy of it, and how long that takes.

    The stick is then as it was, and Le Blanc has more to write than it holds.
    """
    region["blanc"].receive(somebody("Alizée", to="chateauroux"))
    region["blanc"].ask("stick", "write", stick)
    before = stick.with_name("avant")
    shutil.copytree(stick, before)
    region["blanc"].receive(somebody("Bérénice", to="chateauroux"))
    takes_s = how_long_it_writes(region, stick)
    return before, takes_s


def test_process_killed_at_random_instants_of_writing_leaves_what_was_or_what_will_be(
    region, stick, hurried
):
    before, takes_s = hurried
    was, chance = said_on(before), random.Random(2026)  # noqa: S311
    said, ended = [], []
    for _ in range(KILLS):
        shutil.rmtree(stick)
        shutil.copytree(before, stick)
        after_s = chance.uniform(0, 2 * takes_s + 0.004)
        ended.append(killed_while_it_writes(region, stick, after_s, signal.SIGKILL))
        said.append(said_on(stick))
    assert -signal.SIGKILL in ended
    assert was in said
    assert region["blanc"].ask("stick", "write", stick)["cancelled"] is False
    taken = region["chateauroux"].ask("stick", "read", stick)
    assert (taken["damaged"], taken["problems"], taken["missing"]) == (0, [], 0)
    assert {"Alizée Exemplier", "Bérénice Exemplier"} <= set(region["chateauroux"].named("in"))
    assert region["blanc"].status()["events"]["pending"] == 0


def test_process_killed_while_it_reads_takes_everything_once_in_the_end(region, stick):
    blanc, chateauroux = region["blanc"], region["chateauroux"]
    lines = "\n".join(
        json.dumps(somebody(f"Lu{number}", to="chateauroux")) for number in range(300)
    )
    assert blanc.run("reception", "add", "--lines", "-", given=lines).code == 0
    blanc.ask("stick", "write", stick)
    lying, chance = lying_on(stick), random.Random(2026)  # noqa: S311
    started = time.monotonic()
    chateauroux.run("stick", "read", region.stick)
    opens_s = time.monotonic() - started
    for _ in range(6):
        with chateauroux.running("stick", "read", stick) as process:
            time.sleep(chance.uniform(0.5, 1.5) * opens_s)
            process.kill()
            process.wait(timeout=30)
    taken = chateauroux.ask("stick", "read", stick)
    assert (taken["damaged"], taken["set_aside"], taken["missing"]) == (0, 0, 0)
    named = [name for name in chateauroux.named("in") if name.startswith("Lu")]
    assert len(named) == len(set(named)) == 300
    assert lying_on(stick) == lying


def test_interrupted_from_the_keyboard_the_stick_says_what_it_said(region, stick, hurried):
    before, _ = hurried
    shutil.rmtree(stick)
    shutil.copytree(before, stick)
    blanc = region["blanc"]
    with blanc.running("stick", "write", stick) as process:
        until_something_is_written(stick, process)
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=30)
    assert code in {0, 130}
    assert len(said_on(stick)) == 1
    assert blanc.ask("stick", "write", stick)["files_kept"] > 0


def test_full_stick_refuses_and_holds_what_it_held(region, tmp_path):
    blanc, chateauroux = region["blanc"], region["chateauroux"]
    with mounted(tmp_path / "cle", "-t", "tmpfs", "-o", "size=256k", "tmpfs") as stick:
        blanc.receive(somebody("Capucine", to="chateauroux"))
        blanc.ask("stick", "write", stick)
        lying = lying_on(stick)
        left = shutil.disk_usage(stick).free
        (stick / "photos.bin").write_bytes(bytes(left - 8_192))
        blanc.receive(somebody("Daphné", to="chateauroux") | {"expressed": noise(12_000)})
        assert refused(blanc.run("stick", "write", stick)) == (7, "stick_full")
        assert lying_on(stick) == lying
        assert blanc.status()["events"]["pending"] > 0
        assert "Capucine Exemplier" in after_reading(chateauroux, stick)
        (stick / "photos.bin").unlink()
        blanc.ask("stick", "write", stick)
        assert "Daphné Exemplier" in after_reading(chateauroux, stick)
        assert blanc.status()["events"]["pending"] == 0


def test_protected_stick_refuses_writing_and_is_read(region, tmp_path):
    blanc, chateauroux = region["blanc"], region["chateauroux"]
    with mounted(tmp_path / "cle", "-t", "tmpfs", "-o", "size=1m", "tmpfs") as stick:
        blanc.receive(somebody("Églantine", to="chateauroux"))
        blanc.ask("stick", "write", stick)
        mount(stick, "-o", "remount,ro")
        blanc.receive(somebody("Flore", to="chateauroux"))
        assert refused(blanc.run("stick", "write", stick)) == (7, "stick_read_only")
        assert "Églantine Exemplier" in after_reading(chateauroux, stick)
        assert blanc.status()["events"]["pending"] > 0


def test_stick_pulled_out_while_it_is_written_is_gone_on_with(region, tmp_path):
    blanc, chateauroux = region["blanc"], region["chateauroux"]
    memory = tmp_path / "memoire"
    memory.mkdir()
    blanc.receive(somebody("Garance", to="chateauroux"))
    with mounted(tmp_path / "cle", "--bind", str(memory)) as stick:
        with blanc.running("stick", "write", stick) as process:
            until_something_is_written(stick, process)
            process.send_signal(signal.SIGSTOP)
            pull_out(stick)
            process.send_signal(signal.SIGCONT)
            code = process.wait(timeout=30)
        assert code in {0, 7}  # 0 where the process was quicker than the hand
        if code == 7:
            with pytest.raises(NotAStickError):
                said_on(memory)
        assert list(stick.iterdir()) == []
        mount(stick, "--bind", str(memory))
        blanc.ask("stick", "write", stick)
        assert "Garance Exemplier" in after_reading(chateauroux, stick)
        pull_out(stick)
        assert refused(chateauroux.run("stick", "read", stick)) == (7, "not_a_stick")


def test_stick_read_twice_and_out_of_order_gives_everything_once(region, stick):
    blanc, chateauroux, older = region["blanc"], region["chateauroux"], stick.with_name("ancienne")
    blanc.receive(somebody("Hortense", to="chateauroux"))
    blanc.ask("stick", "write", stick)
    shutil.copytree(stick, older)
    blanc.receive(somebody("Iris", to="chateauroux"))
    blanc.ask("stick", "write", stick)
    assert chateauroux.ask("stick", "read", stick)["records"] >= 2
    for one, is_older in ((older, True), (stick, False)):
        again = chateauroux.ask("stick", "read", one)
        assert (again["records"], again["bundles"], again["missing"]) == (0, 0, 0)
        assert [writer["older"] for writer in again["writers"]] == [is_older]
    named = chateauroux.named("in")
    assert (named.count("Hortense Exemplier"), named.count("Iris Exemplier")) == (1, 1)


def test_stick_for_others_is_refused_with_its_sentence_and_changes_nothing(region, stick):
    blanc, argenton = region["blanc"], region["argenton"]
    blanc.receive(somebody("Jacinthe", to="chateauroux"))
    blanc.ask("stick", "write", stick)
    before = argenton.status()
    argenton.run("stick", "read", stick)  # who others are is news the first time
    assert refused(argenton.run("stick", "read", stick)) == (7, "stick_not_for_us")
    assert argenton.status()["events"] == before["events"]
    assert argenton.status()["quarantine"] == 0
    said = argenton.machine.run("stick", "read", stick, "--workspace", argenton.workspace)
    assert said.code == 7
    assert "structure" in said.err


def test_three_machines_of_two_structures_share_one_stick(region):
    blanc, chateauroux = region["blanc"], region["chateauroux"]
    second = region.join("second", to="blanc")
    region.carry("second", "blanc", "chateauroux")
    alone = own_on_stick(chateauroux)  # files of its own, which no other machine reads
    second.receive(somebody("Kenza", to="chateauroux"))
    region.carry("second", "chateauroux", "blanc")
    (line,) = [one for one in chateauroux.referrals("in") if "Kenza" in one["display_name"]]
    chateauroux.ask("referral", "answer", line["id"], "--status", "acceptee", "--message", "Lundi")
    region.carry("chateauroux", "blanc", "second")
    for desk in (blanc, second):
        (line,) = [one for one in desk.referrals("out") if "Kenza" in one["display_name"]]
        assert line["history"][-1]["message"] == "Lundi"
        assert desk.status()["quarantine"] == 0
    region.carry("second", "chateauroux")
    region.carry("blanc", "chateauroux")
    assert chateauroux.ask("exchange", "records", "on_stick")["records"] == alone


def own_on_stick(desk: Any) -> list[dict[str, Any]]:
    """What a desk put on sticks for the other machines of its structure, of which it has none."""
    records = desk.ask("exchange", "records", "on_stick")["records"]
    return [one for one in records if not one["partner"]]


def noise(length: int) -> str:
    """A text that no compression shortens."""
    chance = random.Random(length)  # noqa: S311
    return "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(length))


def after_reading(desk: Any, stick: Path) -> list[str]:
    desk.ask("stick", "read", stick)
    return desk.named("in")


def pull_out(stick: Path) -> None:
    subprocess.run(["umount", "--lazy", str(stick)], check=True)


def test_what_came_before_its_key_waits_and_enters_when_the_key_comes(region, tmp_path):
    blanc, other = region["blanc"], region.join("other", to="blanc")
    region.carry("other", "blanc", "chateauroux")
    with_key, without = tmp_path / "avec", tmp_path / "sans"
    with_key.mkdir()
    without.mkdir()
    blanc.ask("structure", "rotate")
    region.carry("blanc", "chateauroux", stick=with_key)
    region["chateauroux"].receive(somebody("Lila", to="blanc"))
    region.carry("chateauroux", stick=without)
    assert other.ask("stick", "read", without)["set_aside"] == 1
    (aside,) = other.ask("exchange", "quarantine")["quarantine"]
    assert (aside["reason"], aside["bundles"]) == ("missing_key", 1)
    assert "Lila Exemplier" not in other.named("in")
    assert other.ask("stick", "read", with_key)["set_aside"] == 0
    assert other.ask("exchange", "quarantine")["quarantine"] == []
    assert "Lila Exemplier" in other.named("in")
