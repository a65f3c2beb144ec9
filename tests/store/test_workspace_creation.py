"""Making a workspace: cut short, refused by the disk, taken away, and made again."""

import shutil

import pytest

from app.domain.errors import DiskRefusedError
from app.store.encrypted import open_database
from app.store.slots import Slots
from app.store.workspace import DATABASE_FILE, create_workspace, remove_new_workspace
from tests.builders import PASSPHRASE, a_workspace, an_opened
from tests.store.workspace_folders import AGENT, contents, unlock


@pytest.mark.parametrize("left", ["nothing", "database", "wal", "slots.json.new"])
def test_a_creation_cut_short_can_be_done_again(tmp_path, made, left):
    if left == "database":  # the power went before the slots were written
        shutil.copy(made[0] / DATABASE_FILE, tmp_path / DATABASE_FILE)
    elif left == "wal":
        (tmp_path / DATABASE_FILE).write_bytes(b"")
        (tmp_path / f"{DATABASE_FILE}-wal").write_bytes(bytes(4_152))
    elif left == "slots.json.new":
        shutil.copy(made[0] / DATABASE_FILE, tmp_path / DATABASE_FILE)
        (tmp_path / left).write_bytes(b'{"format": 1, "sl')
    workspace, _ = create_workspace(
        tmp_path, agent_name=AGENT, role="adviser", passphrase=PASSPHRASE
    )
    workspace.close()
    unlock(tmp_path).close()


def test_a_folder_that_cannot_be_made_is_a_disk_that_refuses(tmp_path):
    (tmp_path / "fichier").write_text("pas un dossier")
    with pytest.raises(DiskRefusedError):
        create_workspace(
            tmp_path / "fichier" / "poste", agent_name=AGENT, role="adviser", passphrase=PASSPHRASE
        )


def test_what_lies_in_the_way_of_a_new_file_is_a_disk_that_refuses(tmp_path):
    (tmp_path / DATABASE_FILE).mkdir()
    with pytest.raises(DiskRefusedError):
        create_workspace(tmp_path, agent_name=AGENT, role="adviser", passphrase=PASSPHRASE)
    (tmp_path / DATABASE_FILE).rmdir()
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
