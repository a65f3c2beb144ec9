"""Making a workspace: cut short, refused by the disk, taken away, and made again."""

import shutil

import pytest

from app.domain.errors import DiskRefusedError, WorkspaceDamagedError, WorkspaceExistsError
from app.store.agent_cards import agent_cards
from app.store.encrypted import open_database
from app.store.slots import Slots
from app.store.workspace import DATABASE_FILE, create_workspace, remove_new_workspace
from tests.builders import PASSPHRASE, a_workspace, an_opened
from tests.store.workspace_folders import AGENT, contents, unlock

NEW = f"{DATABASE_FILE}.new"


@pytest.mark.parametrize("left", ["nothing", "database", "wal", "slots.json.new"])
def test_a_creation_cut_short_can_be_done_again(tmp_path, made, left):
    if left == "database":  # the power went before the slots were written
        shutil.copy(made[0] / DATABASE_FILE, tmp_path / NEW)
    elif left == "wal":
        (tmp_path / NEW).write_bytes(b"")
        (tmp_path / f"{NEW}-wal").write_bytes(bytes(4_152))
    elif left == "slots.json.new":
        shutil.copy(made[0] / DATABASE_FILE, tmp_path / NEW)
        (tmp_path / left).write_bytes(b'{"format": 1, "sl')
    workspace, _ = create_workspace(
        tmp_path, agent_name=AGENT, role="adviser", passphrase=PASSPHRASE
    )
    workspace.close()
    unlock(tmp_path).close()


def test_a_creation_cut_between_slots_and_name_opens(folder):
    (folder / DATABASE_FILE).rename(folder / NEW)
    unlock(folder).close()
    assert sorted(contents(folder)) == [DATABASE_FILE, "slots.json"]


def test_a_file_whose_slots_are_gone_is_damaged_and_never_replaced(folder):
    (folder / "slots.json").unlink()
    before = contents(folder)

    with pytest.raises(WorkspaceExistsError):
        create_workspace(folder, agent_name=AGENT, role="adviser", passphrase=PASSPHRASE)
    with pytest.raises(WorkspaceDamagedError):
        unlock(folder, slot_id=None)
    with pytest.raises(WorkspaceDamagedError):
        agent_cards(folder)
    assert contents(folder) == before


def test_nobody_else_on_the_machine_can_read_the_files(folder):
    modes = {path.name: path.stat().st_mode & 0o077 for path in folder.iterdir()}
    assert modes[DATABASE_FILE] == modes["slots.json"] == 0


def test_a_folder_that_cannot_be_made_is_a_disk_that_refuses(tmp_path):
    (tmp_path / "fichier").write_text("pas un dossier")
    with pytest.raises(DiskRefusedError):
        create_workspace(
            tmp_path / "fichier" / "poste", agent_name=AGENT, role="adviser", passphrase=PASSPHRASE
        )


def test_what_lies_in_the_way_of_a_new_file_is_a_disk_that_refuses(tmp_path):
    (tmp_path / NEW).mkdir()
    with pytest.raises(DiskRefusedError):
        create_workspace(tmp_path, agent_name=AGENT, role="adviser", passphrase=PASSPHRASE)
    (tmp_path / NEW).rmdir()
    workspace, _ = create_workspace(
        tmp_path, agent_name=AGENT, role="adviser", passphrase=PASSPHRASE
    )
    workspace.close()


def test_slots_that_cannot_be_read_are_a_disk_that_refuses(folder):
    (folder / "slots.json").unlink()
    (folder / "slots.json").mkdir()
    with pytest.raises(DiskRefusedError):
        Slots(folder).cards()


def test_a_workspace_that_cannot_be_opened_whole_closes_what_it_opened(tmp_path):
    opened = an_opened()
    a_workspace(tmp_path, opened).close()
    for change in ("ALTER TABLE identity RENAME TO gone", "ALTER TABLE gone RENAME TO identity"):
        db = open_database(tmp_path / DATABASE_FILE, opened.file_key, create=False)
        db.conn.execute(change)
        db.close()
        if "gone" in change.partition(" TO ")[2]:
            with pytest.raises(Exception, match="no such table"):
                a_workspace(tmp_path, opened)
            assert sorted(contents(tmp_path)) == [DATABASE_FILE]
    a_workspace(tmp_path, opened).close()


def test_a_workspace_given_to_nobody_can_be_taken_away_and_made_again(folder):
    remove_new_workspace(folder)
    assert contents(folder) == {}
    create_workspace(folder, agent_name=AGENT, role="adviser", passphrase=PASSPHRASE)[0].close()
