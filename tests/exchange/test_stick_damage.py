"""Sticks as life makes them: torn, spoilt, forged, of somebody else; a sentence, and no harm."""

import os
import shutil
from dataclasses import replace

import pytest

from sync.canonical import canonical
from sync.errors import (
    NotAStickError,
    StickAbsentError,
    StickForgedError,
    StickFromTheFutureError,
    StickNotForUsError,
    StickOfAnotherRegionError,
    StickReaderRemovedError,
    StickRemovedError,
    StickTornError,
    StickWriterUnknownError,
    SyncError,
)
from sync.sealing import Sealing
from sync.statements import Revocation, sign_statement, statement_name
from sync.stick.folder import FOLDER, MANIFEST, README
from sync.stick.manifest import FileKind, StickFile, sign_manifest
from sync.stick.packs import bundle_packs
from sync.stick.watch import Watch
from tests.exchange.desks import joined, new_world
from tests.exchange.forging import Forger, pair_of
from tests.exchange.sticks import (
    carry,
    everything_on,
    files_of,
    folder_of,
    manifest_of,
    met,
    read,
    resign,
    write,
)
from ui.texts import sentence_for


@pytest.fixture
def doors(certified, stick):
    """Two desks that met; a stick with three referrals in three bundles, written by the first."""
    met(certified, stick)
    blanc, chateauroux = certified["blanc"], certified["chateauroux"]
    shutil.rmtree(stick)
    for _ in range(3):
        blanc.receive(chateauroux)
        Sealing(blanc.port, blanc.registry, blanc.keyring).seal_all()
    write(blanc, stick)
    return blanc, chateauroux


def pair_file(stick, blanc, chateauroux):
    """The file of what the two doors share."""
    space = pair_of(blanc, chateauroux).id
    [file] = [
        one
        for one in manifest_of(stick, blanc).files
        if (one.audience, one.kind) == (space, FileKind.BUNDLES)
    ]
    return folder_of(stick, blanc) / file.name


def refused(door, stick, error: type[SyncError]) -> str:
    """Reading must be refused; nothing changes, on the desk or on the stick. Return the words."""
    rows, lying = door.rows(), everything_on(stick) if stick.exists() else None
    with pytest.raises(error) as raised:
        read(door, stick)
    assert door.rows() == rows
    assert lying is None or everything_on(stick) == lying
    return sentence_for(raised.value)


def test_folder_that_is_not_there_is_not_made_up(doors, tmp_path):
    blanc, _ = doors
    away = tmp_path / "media" / "cle"
    assert "branch" in refused(blanc, away, StickAbsentError)
    with pytest.raises(StickAbsentError):
        write(blanc, away, is_new=False)
    assert not away.exists()


def test_folder_with_nothing_of_ours_is_said_to_be_so(doors, tmp_path):
    _, chateauroux = doors
    other = tmp_path / "photos"
    (other / FOLDER / "vacances").mkdir(parents=True)
    (other / FOLDER / README).write_text("rien")
    (other / FOLDER / "vacances" / "plage.jpg").write_bytes(b"jpeg")
    refused(chateauroux, other, NotAStickError)
    shutil.rmtree(other / FOLDER)
    assert "deux-portes" in refused(chateauroux, other, NotAStickError)


def test_either_the_stick_or_its_folder_may_be_chosen(doors, stick):
    _, chateauroux = doors
    assert read(chateauroux, stick / FOLDER).bundles == 3


def test_reader_for_whom_nothing_is_learns_who_others_are_and_then_nothing(doors, stick):
    blanc, _ = doors
    world = blanc.world
    world.found("argenton")
    world.certify("argenton")
    first = read(world["argenton"], stick)
    assert (first.is_for_us, first.bundles, first.structures) == (
        False,
        0,
        ("blanc", "chateauroux"),
    )
    assert world["argenton"].reasons() == []
    assert "destiné" in refused(world["argenton"], stick, StickNotForUsError)


def test_machine_of_the_same_structure_reads_what_is_its_structure_s(world, stick):
    blanc = world["blanc"]
    second = joined(world, "blanc")
    blanc.receive()
    carry(stick, blanc, second)
    assert second.query("SELECT count(*) FROM persons") == [(1,)]
    assert blanc.counts().received == 0


def test_stick_of_another_region_is_refused(doors, stick, tmp_path):
    elsewhere = new_world(tmp_path / "ailleurs")
    try:
        elsewhere.found("blanc")
        elsewhere.certify("blanc")
        assert "autre Région" in refused(elsewhere["blanc"], stick, StickOfAnotherRegionError)
    finally:
        elsewhere.close()


def test_reader_who_was_removed_takes_nothing_but_the_news_and_its_receipts(doors, stick):
    blanc, chateauroux = doors
    remove(blanc, chateauroux)
    write(blanc, stick)
    assert "retiré" in refused(chateauroux, stick, StickReaderRemovedError)
    assert chateauroux.registry.is_revoked(chateauroux.desk.own_structure().id)


def remove(here, structure):
    """Have the Region remove a structure, as one desk has heard."""
    authority = here.world.authority
    body = Revocation(target=structure.desk.own_structure().id, at_s=1_795_000_000)
    data = sign_statement(body, authority.private_key)
    here.port.keep_statements({statement_name(data): data})


def test_newer_format_asks_for_an_update(doors, stick):
    blanc, chateauroux = doors
    newer = canonical([canonical({1: 2, 99: "more"}), bytes(64)])
    (folder_of(stick, blanc) / MANIFEST).write_bytes(newer)
    assert "jour" in refused(chateauroux, stick, StickFromTheFutureError)


def test_manifest_signed_by_another_key_is_forged(doors, stick):
    blanc, chateauroux = doors
    ours = manifest_of(stick, blanc)
    data = (folder_of(stick, blanc) / MANIFEST).read_bytes()
    flipped = data[:-1] + bytes([data[-1] ^ 1])
    (folder_of(stick, blanc) / MANIFEST).write_bytes(flipped)
    assert "signée" in refused(chateauroux, stick, StickForgedError)
    resign_as(stick, chateauroux, ours, folder_of(stick, blanc))
    refused(chateauroux, stick, StickForgedError)


def resign_as(stick, door, manifest, folder):
    key = door.keyring.machine.sign.private_key
    (folder / MANIFEST).write_bytes(sign_manifest(manifest, key))


def test_manifest_for_another_structure_than_one_s_own_is_forged(doors, stick):
    blanc, chateauroux = doors
    other = chateauroux.desk.own_structure().id
    resign(stick, blanc, lambda manifest: replace(manifest, structure=other))
    refused(chateauroux, stick, StickForgedError)


def test_writer_nobody_has_introduced_waits_to_be(doors, stick):
    blanc, chateauroux = doors
    world = blanc.world
    world.found("argenton")
    world.certify("argenton")
    shutil.rmtree(stick)
    write(world["argenton"], stick)
    for file in files_of(stick, world["argenton"], FileKind.STATEMENTS):
        file.unlink()
    assert "admis" in refused(chateauroux, stick, StickWriterUnknownError)


@pytest.mark.parametrize("kept", [0, 1, 7, 500, -1])
def test_manifest_cut_short_says_so(doors, stick, kept):
    blanc, chateauroux = doors
    manifest = folder_of(stick, blanc) / MANIFEST
    manifest.write_bytes(manifest.read_bytes()[:kept])
    assert "jusqu’au bout" in refused(chateauroux, stick, StickTornError)


def test_manifest_left_beside_by_a_cut_is_read(doors, stick):
    blanc, chateauroux = doors
    folder = folder_of(stick, blanc)
    (folder / MANIFEST).rename(folder / (MANIFEST + ".new"))
    assert read(chateauroux, stick).bundles == 3


def test_pack_cut_at_any_byte_gives_what_is_whole(doors, stick):
    blanc, chateauroux = doors
    file = pair_file(stick, blanc, chateauroux)
    whole = file.read_bytes()
    taken = []
    for kept in sorted({0, 10, 39, 40, 41, *range(100, len(whole), 97), len(whole) - 1}):
        file.write_bytes(whole[:kept])
        report = read(chateauroux, stick)
        assert (report.damaged, chateauroux.reasons()) == (1, [])
        taken.append(len(chateauroux.referrals("in")))
        assert report.missing == 3 - taken[-1]
    assert taken == sorted(taken)
    assert set(taken) == {0, 1, 2}
    file.write_bytes(whole)
    report = read(chateauroux, stick)
    assert (report.damaged, report.missing, len(chateauroux.referrals("in"))) == (0, 0, 3)


@pytest.mark.parametrize("place", [3, 45, 300, -20])
def test_pack_changed_anywhere_gives_no_forged_bundle(doors, stick, place):
    blanc, chateauroux = doors
    file = pair_file(stick, blanc, chateauroux)
    data = bytearray(file.read_bytes())
    data[place] ^= 1
    file.write_bytes(data)
    report = read(chateauroux, stick)
    assert report.damaged == 1
    assert set(chateauroux.reasons()) <= {"gap"}
    assert len(chateauroux.referrals("in")) <= 2


def test_files_missing_one_after_the_other_stop_nothing_else(doors, stick):
    """A stick removed while it was copied: any first files of it, in any order, do no harm."""
    blanc, chateauroux = doors
    folder = folder_of(stick, blanc)
    names = sorted(path.name for path in folder.iterdir() if path.name != MANIFEST)
    aside = folder.parent / "aside"
    shutil.copytree(folder, aside)
    for name in names:
        (folder / name).unlink()
        report = read(chateauroux, stick)
        assert report.problems == ()
        shutil.copy(aside / name, folder / name)
    assert len(chateauroux.referrals("in")) == 3


def test_stick_taken_away_while_it_is_read_keeps_what_was_taken(doors, stick, tmp_path):
    _, chateauroux = doors
    told = []

    def unplug(progress):
        told.append(progress)
        if progress.done or len(told) == 1:
            (stick / FOLDER).rename(tmp_path / "en poche")

    with pytest.raises(StickRemovedError):
        read(chateauroux, stick, Watch(progress=unplug))
    (tmp_path / "en poche").rename(stick / FOLDER)
    assert read(chateauroux, stick).missing == 0
    assert len(chateauroux.referrals("in")) == 3


def test_manifest_of_an_older_stick_in_place_of_the_newer_makes_nothing_go_back(doors, stick):
    blanc, chateauroux = doors
    old = everything_on(stick)
    read(chateauroux, stick)
    blanc.receive(chateauroux)
    carry(stick, blanc, chateauroux)
    carry(stick, chateauroux, blanc)
    seen = blanc.query("SELECT * FROM peers_saw ORDER BY space, structure, incarnation")
    for name, data in old.items():
        (stick / FOLDER / name).write_bytes(data)
    report = read(chateauroux, stick)
    assert [one.is_older for one in report.writers if one.structure_name == "blanc"] == [True]
    assert len(chateauroux.referrals("in")) == 4
    carry(stick, chateauroux, blanc)
    after = blanc.query("SELECT * FROM peers_saw ORDER BY space, structure, incarnation")
    assert len(after) >= len(seen)
    assert all(now[3] >= before[3] for before, now in zip(seen, after, strict=False))


def test_forged_bundle_in_a_good_manifest_is_set_aside(doors, stick):
    blanc, chateauroux = doors
    read(chateauroux, stick)
    space = pair_of(blanc, chateauroux)
    forger = Forger(blanc, space.id)
    name, data = forger.aside(forger.event(), sign=type(forger.sign).generate())
    bundle = next(blanc.port.unsent())
    [pack] = bundle_packs(space.id, [replace(bundle, name=name, data=data)])
    (folder_of(stick, blanc) / pack.file.name).write_bytes(pack.data)
    resign(stick, blanc, lambda manifest: replace(manifest, files=(*manifest.files, pack.file)))
    assert read(chateauroux, stick).set_aside == 1
    assert chateauroux.reasons() == ["bad_signature"]
    assert len(chateauroux.referrals("in")) == 3


def test_links_and_pipes_are_not_followed(doors, stick, tmp_path):
    blanc, chateauroux = doors
    file = pair_file(stick, blanc, chateauroux)
    elsewhere = tmp_path / "ailleurs.dpb"
    file.rename(elsewhere)
    file.symlink_to(elsewhere)
    assert read(chateauroux, stick).damaged == 1
    file.unlink()
    os.mkfifo(file)
    assert read(chateauroux, stick).damaged == 1
    link = tmp_path / "autre cle"
    link.mkdir()
    (link / FOLDER).symlink_to(stick / FOLDER)
    refused(chateauroux, link, NotAStickError)


def test_manifest_cannot_point_outside_its_folder():
    file = StickFile(kind=FileKind.BUNDLES, audience=b"", size=1, digest=bytes(32))
    assert file.name == f"bundles-{'0' * 32}.dpb"


def test_one_spoilt_folder_does_not_hide_the_others(doors, stick):
    _, chateauroux = doors
    spoilt = stick / FOLDER / "0123456789abcdef"
    spoilt.mkdir()
    (spoilt / MANIFEST).write_bytes(b"nothing")
    report = read(chateauroux, stick)
    assert [(one.code, one.folder) for one in report.problems] == [("stick_torn", spoilt.name)]
    assert report.bundles == 3


def test_stick_that_too_many_wrote_is_read_in_part(doors, stick):
    blanc, chateauroux = doors
    manifest = replace(manifest_of(stick, blanc), spaces={}, files=())
    many = tuple(
        StickFile(
            kind=FileKind.BUNDLES,
            audience=b"",
            size=1,
            digest=number.to_bytes(2, "big") + bytes(30),
        )
        for number in range(60_000)
    )
    key = blanc.keyring.machine.sign.private_key
    data = sign_manifest(replace(manifest, files=many), key)
    for number in range(5):
        crowd = stick / FOLDER / f"zz{number}"
        crowd.mkdir()
        (crowd / MANIFEST).write_bytes(data)
    report = read(chateauroux, stick)
    assert report.bundles == 3
    crowded = [one.folder for one in report.problems if one.code == "stick_crowded"]
    assert crowded == ["zz3", "zz4"]
