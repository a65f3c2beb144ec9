"""Making, opening and refusing a workspace, with real passphrases and real files."""

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.errors import (
    DiskRefusedError,
    TooSoonError,
    WeakPassphraseError,
    WorkspaceBusyError,
    WorkspaceDamagedError,
    WorkspaceExistsError,
    WorkspaceFromTheFutureError,
    WorkspaceMissingError,
    WrongPassphraseError,
)
from app.store.encrypted import open_database
from app.store.migrations import FORMAT
from app.store.slots import RECOVERY_SLOT, Slots
from app.store.workspace import (
    DATABASE_FILE,
    create_workspace,
)
from tests.builders import PASSPHRASE, a_workspace, an_opened
from tests.fakes.clock import TickingClock
from tests.store.workspace_folders import AGENT, contents, slot_of, unlock


def test_a_workspace_opens_again_with_its_passphrase_and_keeps_its_incarnation(folder):
    workspace = unlock(folder)
    assert (workspace.agent_name, workspace.role) == (AGENT, "adviser")
    incarnation = workspace.incarnation
    workspace.close()
    workspace.close()
    again = unlock(folder)
    assert again.incarnation == incarnation
    again.close()


def test_once_closed_all_is_in_one_file(folder):
    assert sorted(contents(folder)) == [DATABASE_FILE, "slots.json"]


def test_an_accent_typed_in_two_signs_opens_what_one_sign_sealed(tmp_path):
    workspace, _ = create_workspace(
        tmp_path, agent_name=AGENT, role="reception", passphrase="pr\u00e9nom composé"
    )
    workspace.close()
    unlock(tmp_path, "pre\u0301nom compose\u0301").close()


def test_the_recovery_code_opens_however_it_is_typed(folder, made):
    code = f" {made[1].lower().replace('-', ' ')} "
    workspace = unlock(folder, code, slot_id=RECOVERY_SLOT)
    assert workspace.compartments.holds("counselling")
    assert not workspace.compartments.holds("agent")
    workspace.close()


def test_without_a_slot_each_one_is_tried_and_counts_for_one_attempt(folder):
    unlock(folder, slot_id=None).close()
    with pytest.raises(WrongPassphraseError):
        unlock(folder, "ce n’est pas elle", slot_id=None)
    assert json.loads((folder / "attempts.json").read_bytes())["failures"] == 1


@pytest.mark.parametrize("passphrase", ["ce n’est pas elle", "", "\udce9 demi-signe"])
def test_a_wrong_passphrase_is_refused_and_changes_nothing_in_the_file(folder, passphrase):
    before = contents(folder)
    with pytest.raises(WrongPassphraseError):
        unlock(folder, passphrase)
    after = contents(folder)
    assert after.pop("attempts.json")
    assert after == before


def test_wrong_passphrases_delay_the_right_one_but_never_lock_it_out(folder):
    clock = TickingClock()
    for wait_s in (0, 0, 1):
        with pytest.raises(WrongPassphraseError) as refusal:
            unlock(folder, "ce n’est pas elle", now=clock.now())
        assert refusal.value.facts == {"wait_s": wait_s}
    with pytest.raises(TooSoonError):
        unlock(folder, now=clock.now())
    clock.tick(seconds=1)
    unlock(folder, now=clock.now()).close()
    unlock(folder, now=clock.now()).close()


def test_an_unknown_slot_opens_nothing(folder):
    with pytest.raises(WrongPassphraseError):
        unlock(folder, slot_id="personne")


@pytest.mark.parametrize("missing", [None, DATABASE_FILE])
def test_a_workspace_that_is_not_there_is_missing(folder, missing):
    slot = slot_of(folder)
    gone = folder / missing if missing else folder
    gone.unlink() if missing else shutil.rmtree(gone)
    with pytest.raises(WorkspaceMissingError) as refusal:
        unlock(folder, slot_id=slot)
    assert refusal.value.facts == {"folder": str(folder)}


def test_a_workspace_is_never_made_over_another(folder):
    before = contents(folder)
    with pytest.raises(WorkspaceExistsError):
        create_workspace(folder, agent_name="Autre", role="adviser", passphrase=PASSPHRASE)
    assert contents(folder) == before


def test_a_weak_passphrase_leaves_nothing_behind(tmp_path):
    with pytest.raises(WeakPassphraseError):
        create_workspace(tmp_path / "poste", agent_name=AGENT, role="adviser", passphrase="court")
    assert not (tmp_path / "poste").exists()


def damaged_files(whole: bytes) -> dict[str, bytes]:
    cuts = (0, 1, 100, 4_095, 4_096, 8_192, len(whole) // 2, len(whole) - 4_096)
    files = {f"cut at {size}": whole[:size] for size in cuts}
    files["garbage"] = bytes(range(256)) * (len(whole) // 256)
    files["first page"] = bytes(4_096) + whole[4_096:]
    files["another file"] = b"%PDF-1.7\n" + whole
    return files


def test_a_damaged_file_is_refused_and_left_as_it_is(folder):
    path = folder / DATABASE_FILE
    for name, content in damaged_files(path.read_bytes()).items():
        path.write_bytes(content)
        with pytest.raises(WorkspaceDamagedError):
            unlock(folder)
        assert path.read_bytes() == content, name
        assert sorted(contents(folder)) == [DATABASE_FILE, "slots.json"], name


def test_a_plain_sqlite_file_is_refused_and_left_as_it_is(folder):
    path = folder / DATABASE_FILE
    path.unlink()
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE identity (one)")
    plain.close()
    content = path.read_bytes()
    with pytest.raises(WorkspaceDamagedError):
        unlock(folder)
    assert path.read_bytes() == content


def test_damage_in_the_middle_is_told_when_it_is_read(folder):
    path = folder / DATABASE_FILE
    content = bytearray(path.read_bytes())
    for page in range(40 * 1_024, len(content), 4_096):
        content[page + 100 : page + 120] = bytes(20)
    path.write_bytes(content)
    with pytest.raises((WorkspaceDamagedError, DiskRefusedError)):
        _read_everything(folder)


def _read_everything(folder: Path) -> None:
    workspace = unlock(folder)
    try:
        with workspace.read() as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (table,) in tables.fetchall():
                connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
    finally:
        workspace.close()


GOOD_KDF = {"name": "argon2id", "memory_kib": 65_536, "iterations": 3, "lanes": 4, "salt": "ab" * 8}
DAMAGED_SLOTS = {
    "empty": "",
    "cut": '{"format": 1, "slots": {"a": {"label":',
    "list": "[]",
    "no slots": '{"format": 1}',
    "slots as a list": '{"format": 1, "slots": ["a"]}',
    "slot as a text": '{"format": 1, "slots": {"a": "b"}}',
    "slot without key": '{"format": 1, "slots": {"a": {}}}',
    "deep": "[" * 100_000,
    **{
        f"{name}={value}": json.dumps(
            {
                "format": 1,
                "slots": {
                    "a": {
                        "label": "Alix",
                        "kdf": GOOD_KDF | {name: value},
                        "nonce": "00" * 12,
                        "sealed": "00" * 64,
                    }
                },
            }
        )
        for name, value in (
            ("memory_kib", 2**40),
            ("memory_kib", 1),
            ("memory_kib", -1),
            ("memory_kib", "beaucoup"),
            ("memory_kib", float("inf")),
            ("iterations", 0),
            ("iterations", 10**9),
            ("lanes", 0),
            ("lanes", 4_096),
            ("salt", "zz"),
            ("salt", ""),
            ("salt", None),
        )
    },
}


@pytest.mark.parametrize("content", DAMAGED_SLOTS.values(), ids=DAMAGED_SLOTS)
def test_damaged_slots_are_refused_at_once_and_left_as_they_are(folder, content):
    path = folder / "slots.json"
    path.write_text(content)
    with pytest.raises(WorkspaceDamagedError):
        unlock(folder, slot_id="a")
    assert path.read_text() == content


def test_a_slot_without_a_label_is_still_shown(folder):
    (folder / "slots.json").write_text('{"format": 1, "slots": {"a": {}, "recovery": {}}}')
    assert [(card.slot_id, card.label) for card in Slots(folder).cards()] == [("a", "")]


def test_slots_of_a_newer_program_are_left_untouched(folder):
    slot = slot_of(folder)
    path = folder / "slots.json"
    content = path.read_text().replace('"format": 1', '"format": 2')
    path.write_text(content)
    with pytest.raises(WorkspaceFromTheFutureError):
        unlock(folder, slot_id=slot)
    assert path.read_text() == content


@pytest.mark.parametrize(
    "newer",
    [
        f"PRAGMA user_version = {FORMAT + 1}",
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('deux_portes', '999_tomorrow', '')",
    ],
)
def test_a_file_of_a_newer_program_is_left_untouched(tmp_path, newer):
    opened = an_opened()
    a_workspace(tmp_path, opened).close()
    db = open_database(tmp_path / DATABASE_FILE, opened.file_key, create=False)
    db.conn.execute(newer)
    db.close()
    before = contents(tmp_path)
    with pytest.raises(WorkspaceFromTheFutureError):
        a_workspace(tmp_path, opened)
    assert contents(tmp_path) == before


def test_rows_folded_by_another_program_are_folded_again(tmp_path):
    opened = an_opened()
    workspace = a_workspace(tmp_path, opened)

    def age(tx) -> None:
        tx.execute(
            "INSERT INTO persons VALUES"
            " (x'00', '', '', '', '', '', '', '', x'a0', '', 0, NULL, NULL)"
        )
        tx.execute("UPDATE memos SET text = 'person/0' WHERE name = 'folded_kinds'")

    workspace.writer.write(age)
    workspace.close()
    again = a_workspace(tmp_path, opened)
    with again.read() as connection:
        assert connection.execute("SELECT count(*) FROM persons").fetchone() == (0,)
    again.close()


HOLD = """
import datetime, sys
from pathlib import Path
from app.store.workspace import open_workspace
open_workspace(Path(sys.argv[1]), slot_id=None, passphrase=sys.argv[2],
               now=datetime.datetime.now(datetime.UTC))
print("held", flush=True)
sys.stdin.read()
"""


def test_another_process_that_holds_the_workspace_makes_it_busy(folder):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), PASSPHRASE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(WorkspaceBusyError):
            unlock(folder)
        holder.stdin.close()
        holder.wait(10)
    unlock(folder).close()


def test_a_refused_opening_frees_the_folder(folder):
    with pytest.raises(WrongPassphraseError):
        unlock(folder, "ce n’est pas elle")
    unlock(folder).close()
