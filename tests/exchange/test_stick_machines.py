"""Machines that come, leave and are restored, with sticks alone between them."""

import shutil

import pytest

from app.domain.errors import NotEnrolledError
from sync.errors import (
    NoRegionError,
    StickHoldsMoreError,
    StickReaderRemovedError,
    StickReaderUnknownError,
)
from sync.removal import Removal, machine_code
from sync.sealing import Sealing
from tests.exchange.desks import joining
from tests.exchange.sticks import carry, manifest_of, met, read, write
from ui.compose import read_stick, write_stick


def joined_by_stick(world, stick, to="blanc"):
    """Make a second machine of a structure, admitted without any network."""
    door, spoken = joining(world, to)
    carry(stick, door, world[to])
    world[to].membership.admit(spoken)
    carry(stick, world[to], door)
    carry(stick, door, world[to])
    return door


def test_machine_asks_is_admitted_and_reads_by_sticks_alone(certified, stick):
    blanc = certified["blanc"]
    blanc.receive()
    second, spoken = joining(certified, "blanc")
    [report] = carry(stick, second, blanc)
    assert [one.code for one in report.problems] == ["stick_writer_unknown"]
    assert [one.spoken for one in blanc.membership.waiting()] == [spoken]
    write(blanc, stick)
    with pytest.raises(StickReaderUnknownError):
        read(second, stick)
    blanc.membership.admit(spoken)
    carry(stick, blanc, second)
    assert second.query("SELECT count(*) FROM persons") == [(1,)]
    second.receive()
    [report] = carry(stick, second, blanc)
    assert report.problems == ()
    assert blanc.query("SELECT count(*) FROM persons") == [(2,)]


def test_request_is_for_the_structure_alone(certified, stick):
    met(certified, stick)
    second, _ = joining(certified, "blanc")
    write(second, stick)
    with pytest.raises(StickReaderUnknownError):
        read(second, stick)
    chateauroux = certified["chateauroux"]
    read(chateauroux, stick)
    assert chateauroux.registry.requests == {}


def test_desk_without_a_region_or_a_certificate_says_so(certified, stick):
    alone = certified.found("argenton")
    with pytest.raises(NotEnrolledError):
        write(alone, stick)
    assert not list(stick.iterdir())


def test_desk_that_knows_no_region_has_nothing_to_do_with_sticks(certified, stick):
    nobody = certified.new_door("argenton")
    for work in (read_stick, write_stick):
        with pytest.raises(NoRegionError):
            work(nobody.desk, stick)


def test_removed_machine_takes_nothing_and_still_writes_what_nobody_acknowledged(certified, stick):
    blanc = certified["blanc"]
    second = joined_by_stick(certified, stick)
    second.receive()
    Sealing(second.port, second.registry, second.keyring).seal_all()
    removal = Removal(blanc.port, blanc.desk.clock)
    code = machine_code(second.keyring.machine.id)
    removal.remove(code)
    write(blanc, stick)
    with pytest.raises(StickReaderRemovedError):
        read(second, stick)
    written = write(second, stick)
    assert written.bundles == 1
    assert second.counts().on_stick > 0
    report = read(blanc, stick)
    assert (report.problems, blanc.reasons()) == ((), ["revoked"])
    removal.accept_late(code)
    read(blanc, stick)
    assert blanc.query("SELECT count(*) FROM persons") == [(1,)]


def test_what_a_removed_machine_says_that_it_saw_counts_no_more(certified, stick):
    blanc = certified["blanc"]
    second = joined_by_stick(certified, stick)
    Removal(blanc.port, blanc.desk.clock).remove(machine_code(second.keyring.machine.id))
    blanc.receive()
    write(blanc, stick)
    assert write(blanc, stick).left_out == 0


def restored(world, stick, tmp_path, *, with_its_marker):
    """Restore Le Blanc from before its last stick; return it and what the stick then held."""
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    backup, lives = tmp_path / "sauvegarde", tmp_path / "lives"
    blanc.desk.workspace.close()
    shutil.copytree(world.folder / "blanc", backup)
    shutil.copytree(world.folder / "lives", lives)
    blanc = world.open("blanc")
    blanc.receive(chateauroux)
    carry(stick, blanc, chateauroux)
    blanc.desk.workspace.close()
    if with_its_marker:
        shutil.rmtree(world.folder / "lives")
        shutil.copytree(lives, world.folder / "lives")
    return world.open("blanc", copy=backup)


@pytest.mark.parametrize("with_its_marker", [True, False])
def test_restored_desk_gets_back_from_its_own_stick_what_it_lost(
    certified, stick, tmp_path, with_its_marker
):
    met(certified, tmp_path / "rencontre")
    blanc, chateauroux = certified["blanc"], certified["chateauroux"]
    blanc.receive(chateauroux)
    carry(stick, blanc, chateauroux)
    blanc = restored(certified, stick, tmp_path, with_its_marker=with_its_marker)
    before = manifest_of(stick, blanc)
    with pytest.raises(StickHoldsMoreError):
        write(blanc, stick)
    assert manifest_of(stick, blanc) == before
    assert read(blanc, stick).bundles == 2
    assert len(blanc.referrals("out")) == 2
    blanc.receive(chateauroux)
    [report] = carry(stick, blanc, chateauroux)
    assert (report.missing, chateauroux.reasons()) == (0, [])
    assert len(chateauroux.referrals("in")) == 3
    chateauroux.answer(which=2)
    carry(stick, chateauroux, blanc)
    assert "acceptee" in blanc.statuses("out")


def test_restored_desk_learns_from_others_that_it_was(certified, stick, tmp_path):
    """Its own stick is lost; another's shows bundles that this file never made."""
    met(certified, tmp_path / "rencontre")
    certified["blanc"].receive(certified["chateauroux"])
    chateauroux, other = certified["chateauroux"], tmp_path / "autre"
    blanc = restored(certified, stick, tmp_path, with_its_marker=True)
    life = blanc.port.incarnation()
    [report] = carry(other, chateauroux, blanc)
    # It said before that it had them: they were left out, and it has to say that it has not.
    assert report.missing == 1
    assert life in blanc.port.former_lives()
    assert blanc.counts().pending == 7
    carry(other, blanc, chateauroux)
    [report] = carry(other, chateauroux, blanc)
    assert (report.bundles, report.missing) == (1, 0)
    carry(other, blanc, chateauroux)
    assert blanc.counts().pending == 0
    assert chateauroux.reasons() == []
    assert len(chateauroux.referrals("in")) == 2
