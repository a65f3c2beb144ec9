"""A disk without room refuses calmly: nothing saved is lost, and work goes on with room."""

import pytest

from app.domain.errors import DiskFullError, DiskRefusedError
from app.store.durable_file import write_durably
from app.store.reserve import (
    RESERVE_BYTES,
    RESERVE_FILE,
    give_back_reserve,
    keep_reserve,
)
from app.store.sync_port import StoreSyncPort
from app.store.workspace import create_workspace, open_workspace
from app.usecases.desk import Desk
from app.usecases.drafts import keep_draft, kept_draft
from app.usecases.exchange_status import exchange_status
from app.usecases.persons import find_persons
from tests.builders import PASSPHRASE, a_desk, an_opened, received
from tests.fakes.clock import TickingClock
from tests.small_disks import fill


def use_up(desk: Desk) -> None:
    """Save until the disk refuses: what the file had in reserve goes first."""
    for _ in range(50):
        keep_draft(desk, {"expressed": "x" * 20_000})


def test_a_full_disk_refuses_a_save_keeps_the_rest_and_works_again_with_room(small_disk):
    opened = an_opened()
    desk = a_desk(small_disk / "poste", opened=opened)
    kept = received(desk)
    keep_draft(desk, {"expressed": "avant"})
    ballast = fill(small_disk)
    with pytest.raises(DiskFullError):
        use_up(desk)
    (found,) = find_persons(desk, "aubrun").persons
    assert found.person == kept.person
    assert kept_draft(desk) is not None
    ballast.unlink()
    received(desk)
    keep_draft(desk, {"expressed": "après"})
    desk.workspace.close()
    again = a_desk(small_disk / "poste", opened=opened)
    assert len(find_persons(again, "aubrun").persons) == 2
    assert kept_draft(again) == {"expressed": "après"}
    again.workspace.close()


def test_a_workspace_that_finds_no_room_is_made_again_later(small_disk):
    folder = small_disk / "poste"
    ballast = fill(small_disk)
    with pytest.raises(DiskFullError):
        create_workspace(folder, agent_name="Alix", role="adviser", passphrase=PASSPHRASE)
    ballast.unlink()
    workspace, _ = create_workspace(
        folder, agent_name="Alix", role="adviser", passphrase=PASSPHRASE
    )
    workspace.close()


def test_opening_on_a_full_disk_says_so_and_counts_no_wrong_passphrase(small_disk):
    folder, now = small_disk / "poste", TickingClock().now()
    workspace, _ = create_workspace(
        folder, agent_name="Alix", role="adviser", passphrase=PASSPHRASE
    )
    workspace.close()
    (folder / "attempts.json").write_text('{"failures": 1, "last_s": 0}')
    ballast = fill(small_disk)
    with pytest.raises(DiskFullError):
        open_workspace(folder, slot_id=None, passphrase=PASSPHRASE, now=now)
    ballast.unlink()
    open_workspace(folder, slot_id=None, passphrase=PASSPHRASE, now=now).close()


def test_a_small_file_is_whole_old_or_whole_new(small_disk):
    path = small_disk / "slots.json"
    write_durably(path, b"old")
    ballast = fill(small_disk)
    with pytest.raises(DiskFullError):
        write_durably(path, bytes(100_000))
    assert path.read_bytes() == b"old"
    assert not path.with_name("slots.json.new").exists()
    ballast.unlink()
    write_durably(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_file_that_cannot_be_replaced_is_a_disk_that_refuses(tmp_path):
    (tmp_path / "slots.json").mkdir()
    (tmp_path / "slots.json" / "full").write_bytes(b"")
    with pytest.raises(DiskRefusedError):
        write_durably(tmp_path / "slots.json", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["slots.json"]


def test_why_an_exchange_failed_is_noted_even_when_the_disk_is_full_to_its_last_byte(small_disk):
    opened = an_opened()
    desk = a_desk(small_disk / "poste", opened=opened)
    port, now = StoreSyncPort(desk.workspace), TickingClock().now()
    port.note_contact(now)
    fill(small_disk)
    with pytest.raises(DiskFullError):
        use_up(desk)
    port.note_failure(code="disk_full", message="", at=now)
    desk.workspace.close()
    again = a_desk(small_disk / "poste", opened=opened)
    failure = exchange_status(again).last_failure
    again.workspace.close()
    assert failure is not None
    assert failure.code == "disk_full"


def test_the_room_kept_for_that_is_taken_again_once_there_is_some(small_disk):
    folder = small_disk / "poste"
    folder.mkdir()
    ballast = fill(small_disk)
    keep_reserve(folder)
    assert not give_back_reserve(folder)
    ballast.unlink()
    keep_reserve(folder)
    assert (folder / RESERVE_FILE).stat().st_size == RESERVE_BYTES
    assert give_back_reserve(folder)
    assert not give_back_reserve(folder)
