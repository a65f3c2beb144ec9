"""Writing a stick that is full, protected, pulled out or written by a process that dies."""

import os
import shutil
import subprocess

import pytest

from sync.errors import NotAStickError, StickFullError, StickReadOnlyError, StickRemovedError
from sync.sealing import Sealing
from sync.stick.folder import FOLDER, MANIFEST, README
from sync.stick.manifest import FileKind
from sync.stick.watch import Watch
from tests.exchange.checkpointing import checkpoint
from tests.exchange.stick_process import killed_at
from tests.exchange.sticks import (
    everything_on,
    files_of,
    folder_of,
    manifest_of,
    met,
    read,
    write,
)
from tests.small_disks import fill, small_disk_at


@pytest.fixture
def doors(certified, tmp_path):
    met(certified, tmp_path / "rencontre")
    return certified["blanc"], certified["chateauroux"]


@pytest.fixture
def small_stick(tmp_path):
    with small_disk_at(tmp_path / "cle", "128k") as folder:
        yield folder


@pytest.mark.parametrize("leaving", [0, 1, 3, 6])
def test_a_full_stick_refuses_and_holds_what_it_held(doors, small_stick, leaving):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    write(blanc, small_stick)
    before = everything_on(small_stick)
    for _ in range(9):
        blanc.receive(chateauroux, expressed=os.urandom(1_500).hex())
    ballast = fill(small_stick, leaving=leaving)
    with pytest.raises(StickFullError):
        write(blanc, small_stick)
    assert everything_on(small_stick) == before
    assert blanc.counts().on_stick == 7
    assert read(chateauroux, small_stick).bundles == 1
    ballast.unlink()
    write(blanc, small_stick)
    assert blanc.counts().pending == 0
    assert read(chateauroux, small_stick).missing == 0
    assert len(chateauroux.referrals("in")) == 10


def test_a_stick_full_at_any_page_is_given_back_the_room_that_pieces_took(world, small_stick):
    blanc = world["blanc"]
    for _ in range(9):
        blanc.receive(expressed=os.urandom(1_500).hex())
    checkpoint(world, blanc)
    ballast = fill(small_stick, leaving=0)
    refusals = 0
    while True:
        before = everything_on(small_stick)
        try:
            write(blanc, small_stick)
        except StickFullError:
            left = {name for name in everything_on(small_stick) if name != README}
            assert left == {name for name in before if name != README}
            refusals += 1
        else:
            break
        with ballast.open("r+b") as file:
            file.truncate(ballast.stat().st_size - 4_096)
    assert files_of(small_stick, blanc, FileKind.PIECES)
    assert refusals > 4


def test_a_stick_that_is_full_from_the_start_is_left_without_harm(doors, small_stick):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    ballast = fill(small_stick, leaving=0)
    with pytest.raises(StickFullError):
        write(blanc, small_stick)
    with pytest.raises(NotAStickError):
        read(chateauroux, small_stick)
    ballast.unlink()
    write(blanc, small_stick)
    assert read(chateauroux, small_stick).bundles == 1


def test_a_protected_stick_refuses_and_can_still_be_read(doors, small_stick):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    write(blanc, small_stick)
    subprocess.run(["mount", "-o", "remount,ro", str(small_stick)], check=True)
    before = everything_on(small_stick)
    blanc.receive(chateauroux)
    with pytest.raises(StickReadOnlyError):
        write(blanc, small_stick)
    assert everything_on(small_stick) == before
    assert read(chateauroux, small_stick).bundles == 1
    assert blanc.counts().pending == 7


def test_a_stick_taken_away_while_it_is_written_loses_nothing(doors, tmp_path):
    blanc, chateauroux = doors
    stick, pocket = tmp_path / "cle", tmp_path / "poche"
    blanc.receive(chateauroux)

    def unplug(progress):
        if progress.done and stick.exists():
            stick.rename(pocket)

    with pytest.raises(StickRemovedError):
        write(blanc, stick, Watch(progress=unplug))
    assert not stick.exists()
    assert blanc.counts().pending == 7
    pocket.rename(stick)
    with pytest.raises(NotAStickError):
        read(chateauroux, stick)
    again = write(blanc, stick)
    assert again.files_kept > 0
    assert read(chateauroux, stick).bundles == 1


def test_a_manifest_that_could_not_be_replaced_still_says_what_it_said(doors, tmp_path):
    """Cut between the new files and the new manifest: both sets of files are there."""
    blanc, chateauroux = doors
    stick = tmp_path / "cle"
    write(blanc, stick)
    before = everything_on(stick)
    blanc.receive(chateauroux)
    write(blanc, stick)
    folder = folder_of(stick, blanc)
    for name, data in before.items():
        if name.startswith(folder.name):
            (stick / FOLDER / name).write_bytes(data)
    new = {path.name for path in folder.iterdir()}
    assert read(chateauroux, stick).damaged == 0
    assert write(blanc, stick).files_kept >= 3
    assert {path.name for path in folder.iterdir()} <= new
    assert read(chateauroux, stick).bundles == 1


def test_files_of_other_people_in_our_folder_are_left_alone(doors, tmp_path):
    blanc, _ = doors
    stick = tmp_path / "cle"
    write(blanc, stick)
    folder = folder_of(stick, blanc)
    (folder / "photo.jpg").write_bytes(b"jpeg")
    (folder / "bundles-00000000000000000000000000000000.dpb").write_bytes(b"old")
    write(blanc, stick)
    assert (folder / "photo.jpg").read_bytes() == b"jpeg"
    assert not (folder / "bundles-00000000000000000000000000000000.dpb").exists()


def test_a_damaged_file_is_written_again(doors, tmp_path):
    blanc, chateauroux = doors
    stick = tmp_path / "cle"
    blanc.receive(chateauroux)
    write(blanc, stick)
    file = files_of(stick, blanc)[0]
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + b"?")
    write(blanc, stick)
    assert file.read_bytes() == whole


def test_welcome_is_a_text_that_anybody_can_open(doors, tmp_path):
    blanc, _ = doors
    stick = tmp_path / "cle"
    write(blanc, stick)
    text = (stick / FOLDER / "LISEZ-MOI.txt").read_bytes()
    assert b"\r\n" in text
    assert "scellé" in text.decode()


def test_process_killed_at_every_touch_of_the_stick_leaves_it_whole(doors, tmp_path):
    blanc, chateauroux = doors
    world, stick = blanc.world, tmp_path / "cle"
    write(blanc, stick)
    said = manifest_of(stick, blanc)
    for _ in range(2):
        blanc.receive(chateauroux)
        Sealing(blanc.port, blanc.registry, blanc.keyring).seal_all()
    before = tmp_path / "avant"
    shutil.copytree(stick, before)
    touch = 0
    is_killed = True
    while is_killed:
        touch += 3
        shutil.rmtree(stick)
        shutil.copytree(before, stick)
        is_killed = killed_at(world["blanc"], "blanc", stick, does="write", touch=touch)
        # Whatever was cut, the stick says what it said, or all of what is new.
        report = read(chateauroux, stick)
        assert (report.damaged, report.problems, report.missing) == (0, (), 0)
        now = manifest_of(stick, world["blanc"])
        assert now.files == said.files or len(now.files) > len(said.files)
    assert touch > 20
    assert len(chateauroux.referrals("in")) == 2


def test_process_killed_while_it_reads_goes_on_where_it_was(doors, tmp_path):
    blanc, chateauroux = doors
    world, stick = blanc.world, tmp_path / "cle"
    for _ in range(6):
        blanc.receive(chateauroux)
        Sealing(blanc.port, blanc.registry, blanc.keyring).seal_all()
    write(blanc, stick)
    lying = everything_on(stick)
    touch = 0
    is_killed = True
    while is_killed:
        touch += 4
        is_killed = killed_at(chateauroux, "chateauroux", stick, does="read", touch=touch)
        chateauroux = world["chateauroux"]
    assert touch > 8
    assert everything_on(stick) == lying
    assert len(chateauroux.referrals("in")) == 6
    assert chateauroux.reasons() == []
    assert read(chateauroux, stick).bundles == 0
    assert (folder_of(stick, blanc) / MANIFEST).exists()
