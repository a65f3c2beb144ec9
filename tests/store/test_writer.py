"""One thread writes: the screen first, each piece of work whole or not at all."""

import os
import subprocess
import sys
import threading

import pytest

from app.domain.errors import WorkspaceBusyError
from app.store.encrypted import open_database
from app.store.writer import Priority, Tx, Writer

KEY = os.urandom(32)
NOTE = "INSERT INTO notes (text) VALUES (?)"


@pytest.fixture
def path(tmp_path):
    db = open_database(tmp_path / "notes.db", KEY, create=True)
    db.conn.execute("CREATE TABLE notes (place INTEGER PRIMARY KEY, text TEXT) STRICT")
    db.close()
    return tmp_path / "notes.db"


@pytest.fixture
def writer(path):
    made = Writer(lambda: open_database(path, KEY, create=False, busy_timeout_ms=50))
    yield made
    made.close()


def note(text: str):
    return lambda tx: tx.execute(NOTE, (text,)) and None


def notes(writer: Writer) -> list[str]:
    return writer.write(lambda tx: [text for (text,) in tx.execute("SELECT text FROM notes")])


def test_work_of_the_screen_goes_before_work_of_the_exchange_that_was_queued_first(writer):
    entered, gate = threading.Event(), threading.Event()

    def hold(_tx: Tx) -> None:
        entered.set()
        assert gate.wait(10)

    held = writer.submit(hold)
    assert entered.wait(10)
    queued = [
        writer.submit(note(f"exchange {number}"), priority=Priority.EXCHANGE) for number in range(3)
    ]
    queued += [writer.submit(note(f"screen {number}")) for number in range(2)]
    gate.set()
    for future in [held, *queued]:
        future.result(10)
    assert notes(writer) == ["screen 0", "screen 1", "exchange 0", "exchange 1", "exchange 2"]


def test_an_exception_rolls_everything_back_and_the_next_work_runs(writer):
    def fail(tx: Tx) -> None:
        tx.execute(NOTE, ("lost",))
        raise LookupError("not this one")  # noqa: EM101, TRY003

    with pytest.raises(LookupError, match="not this one"):
        writer.write(fail)
    writer.write(note("kept"))
    assert notes(writer) == ["kept"]


def test_a_statement_that_the_database_refuses_comes_back_as_it_is(writer):
    with pytest.raises(Exception, match="no such table"):
        writer.write(lambda tx: tx.execute("SELECT * FROM nowhere"))
    assert notes(writer) == []


def test_work_cancelled_before_its_turn_does_not_run(writer):
    gate = threading.Event()
    held = writer.submit(lambda _tx: gate.wait(10))
    cancelled = writer.submit(note("never"))
    assert cancelled.cancel()
    gate.set()
    held.result(10)
    assert notes(writer) == []


def test_closing_does_what_is_queued_then_refuses_more(path, writer):
    futures = [writer.submit(note(str(number)), priority=Priority.EXCHANGE) for number in range(5)]
    writer.close()
    writer.close()
    assert all(future.done() for future in futures)
    with pytest.raises(RuntimeError, match="closed"):
        writer.submit(note("too late"))
    db = open_database(path, KEY, create=False)
    assert db.conn.execute("SELECT count(*) FROM notes").fetchone() == (5,)
    db.close()


def test_a_file_that_cannot_be_opened_fails_at_once(tmp_path):
    with pytest.raises(Exception, match="disk_refused"):
        Writer(lambda: open_database(tmp_path / "none.db", KEY, create=False))


def test_every_write_waits_for_the_disk(writer):
    def settings(tx: Tx) -> dict[str, object]:
        wanted = ("journal_mode", "synchronous", "secure_delete", "temp_store", "foreign_keys")
        return {name: tx.one(f"PRAGMA {name}")[0] for name in wanted}

    assert writer.write(settings) == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "secure_delete": 1,
        "temp_store": 2,  # memory
        "foreign_keys": 1,
    }


HOLD = """
import sys
from pathlib import Path
from app.store.encrypted import open_database
db = open_database(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), create=False)
db.conn.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def test_another_process_that_holds_the_file_makes_the_work_refused_not_lost(path, writer):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path), KEY.hex()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(WorkspaceBusyError):
            writer.write(note("refused"))
        holder.stdin.close()
        holder.wait(10)
    writer.write(note("kept"))
    assert notes(writer) == ["kept"]


def test_a_reading_connection_cannot_write(path):
    db = open_database(path, KEY, create=False, read_only=True)
    with pytest.raises(Exception, match="readonly"):
        db.conn.execute(NOTE, ("never",))
    db.close()
