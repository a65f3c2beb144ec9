"""A workspace whose slots file went missing is damaged, and is never written over."""

import pytest

from app.domain.errors import WorkspaceError
from app.store.workspace import DATABASE_FILE, create_workspace

PASSPHRASE = "une phrase pour exemple"


def made(folder):
    workspace, _ = create_workspace(
        folder, agent_name="Agent (exemple)", role="adviser", passphrase=PASSPHRASE
    )
    return workspace


def test_encrypted_file_without_its_slots_is_never_replaced(tmp_path):
    made(tmp_path).close()
    before = (tmp_path / DATABASE_FILE).read_bytes()
    (tmp_path / "slots.json").unlink()
    with pytest.raises(WorkspaceError):
        made(tmp_path).close()
    assert (tmp_path / DATABASE_FILE).read_bytes() == before
