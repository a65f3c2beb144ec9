"""Backups of the relay: made while it serves, verified, put back into any database."""

import json
import sqlite3
import stat
import threading
import time

import pytest
from sqlalchemy import text

from sync.frames import encode_frame
from sync.relay import backup
from sync.relay.database import Database
from tests.exchange.test_relay_database_steps import HELD, OF_VERSION_0_1_0
from tests.raw_calls import begun_push
from tests.relay_process import RelayProcess, new_database

pytestmark = pytest.mark.network

KINDS = ("sqlite", "postgres")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "copie.sqlite3"


@pytest.fixture(params=KINDS)
def empty(request, tmp_path):
    """A relay over an empty database, into which a backup may go; it is not started."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    process = RelayProcess(folder, database=new_database(request))
    yield process
    process.kill()


def told(relay, *arguments):
    return json.loads(relay.run(*arguments, "--json"))


def all_held(relay):
    """Every row of the relay, whatever database it is in."""
    database = Database(relay.database)
    tables = ("meta", "statements", "bundles", "parts", "pieces", "contacts", "packs", "pack_parts")

    def rows(connection):
        return {
            name: sorted(
                tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
                for row in connection.execute(text(f"SELECT * FROM {name}"))  # noqa: S608
            )
            for name in tables
        }

    try:
        return database.read(rows)
    finally:
        database.close()


def busy(relay):
    """Machines that have pushed, and one that has begun."""
    structure = relay.region.structure()
    machines = [structure.machine() for _ in range(3)]
    for machine in machines:
        relay.admitted(machine).push([(*machine.bundle(size=20_000), 0) for _ in range(4)])
    name, data = machines[0].bundle(size=60_000)
    frame, link = encode_frame(name, data), relay.transport(machines[0])
    with begun_push(relay, machines[0].signer, len(frame), frame[:30_000]):
        deadline = time.monotonic() + 20
        while not link.offsets([name]).offsets[name]:
            assert time.monotonic() < deadline
    return machines, (name, data)


def test_backup_is_put_back_whole_into_an_empty_database_of_either_kind(own_relay, empty, file):
    machines, begun = busy(own_relay)
    made = told(own_relay, "backup", str(file))
    assert made["bytes"] == file.stat().st_size
    told(empty, "restore", str(file))
    assert all_held(empty) == all_held(own_relay)
    assert told(empty, "verify")["faults"] == 0
    empty.start()
    own_relay.url, old_url = empty.url, own_relay.url
    link = own_relay.admitted(machines[0])
    name, data = begun
    assert len(link.push([(name, data, link.offsets([name]).offsets[name])]).receipts) == 1
    # Positions go on after those that came back: none is given twice.
    own_relay.admitted(machines[0].structure.machine())
    assert len(list(link.pull({machines[0].own_space: {}}, None))) == 13
    own_relay.url = old_url


def test_backup_is_consistent_while_machines_push(own_relay, file):
    structure = own_relay.region.structure()
    machines = [structure.machine() for _ in range(3)]
    links = [own_relay.admitted(machine) for machine in machines]
    ended, acknowledged = threading.Event(), [0] * len(machines)

    def push(turn):
        while not ended.is_set():
            answer = links[turn].push([(*machines[turn].bundle(size=5_000), 0)])
            acknowledged[turn] += len(answer.receipts)

    threads = [threading.Thread(target=push, args=(turn,)) for turn in range(len(machines))]
    for thread in threads:
        thread.start()
    try:
        for count in range(4):
            least = sum(acknowledged)
            copy = file.with_name(f"copie-{count}.sqlite3")
            own_relay.run("backup", str(copy))
            found = told(own_relay, "verify", str(copy))
            assert (found["faults"], found["notices"]) == (0, 0), found
            assert least <= found["bundles"] <= sum(acknowledged) + len(machines)
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert min(acknowledged) > 0


def test_backup_is_for_its_owner_alone_and_leaves_nothing_beside(empty, file):
    empty.run("backup", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = {one.name for one in file.parent.iterdir() if one.name.startswith((".", "copie"))}
    assert kept == {file.name}


def test_backup_never_replaces_another_unless_told_to(own_relay, file):
    own_relay.run("backup", str(file))
    before = file.read_bytes()
    refused = own_relay.attempt("backup", str(file))
    assert refused.returncode == 1
    assert "existe déjà" in refused.stderr
    assert file.read_bytes() == before
    busy(own_relay)
    own_relay.run("backup", "--replace", str(file))
    assert told(own_relay, "verify", str(file))["bundles"] == 12


def test_folder_of_dated_backups_keeps_the_last_ones(empty, tmp_path):
    folder = tmp_path / "copies"
    folder.mkdir()
    old = [folder / f"relais-2026-01-0{day}T010203Z.sqlite3" for day in (1, 2, 3)]
    for one in (*old, folder / "autre.sqlite3"):
        one.write_bytes(b"exemple")
    made = told(empty, "backup", "--keep", "2", str(folder))
    assert made["dropped"] == 2
    left = {one.name for one in folder.iterdir()}
    assert left == {old[2].name, "autre.sqlite3", made["backup"].rpartition("/")[2]}


def test_backup_is_read_again_and_a_bad_one_drops_no_older_one(own_relay, tmp_path):
    folder = tmp_path / "copies"
    folder.mkdir()
    older = folder / "relais-2026-01-01T010203Z.sqlite3"
    older.write_bytes(b"exemple")
    machine = own_relay.region.structure().machine()
    own_relay.admitted(machine).push([(*machine.bundle(), 0)])
    with own_relay.behind() as database:
        database.execute(text("UPDATE bundles SET sequence = 2"))
    done = own_relay.attempt("backup", "--verify", "--keep", "1", str(folder), "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout)["faults"] == 1
    assert older.exists()
    with own_relay.behind() as database:
        database.execute(text("UPDATE bundles SET sequence = 1"))
    file = tmp_path / "copie.sqlite3"
    assert told(own_relay, "backup", "--verify", str(file))["faults"] == 0
    assert "fautes\u202f: 0" in own_relay.run("backup", "--verify", "--replace", str(file))


def test_keep_without_a_folder_is_refused(empty, file):
    refused = empty.attempt("backup", "--keep", "2", str(file))
    assert refused.returncode == 1
    assert "attend un dossier" in refused.stderr


def test_backup_that_cannot_be_written_is_told(empty, tmp_path):
    refused = empty.attempt("backup", str(tmp_path / "absent" / "copie.sqlite3"))
    assert refused.returncode == 1
    assert "ne peut pas être écrit" in refused.stderr


def test_backup_goes_into_no_database_that_holds_something(own_relay, file):
    own_relay.run("backup", str(file))
    before = all_held(own_relay)
    refused = own_relay.attempt("restore", str(file))
    assert refused.returncode == 1
    assert "n’est pas vide" in refused.stderr
    assert all_held(own_relay) == before


@pytest.mark.parametrize("content", [b"", b"pas une base" * 1_000, "autre base"])
def test_file_that_is_no_backup_is_refused_and_harms_nothing(empty, file, content):
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        with sqlite3.connect(file) as other:
            other.execute("CREATE TABLE autre (x)")
        other.close()
    refused = empty.attempt("restore", str(file))
    assert refused.returncode == 1
    assert "n’est pas une copie" in refused.stderr
    verified = empty.attempt("verify", str(file))
    assert verified.returncode in {1, 3}
    assert "Traceback" not in verified.stderr
    assert told(empty, "status")["bundles"] == 0


def test_backup_of_version_0_1_0_is_put_back_and_brought_up_to_date(empty):
    told(empty, "restore", str(OF_VERSION_0_1_0))
    found = told(empty, "verify")
    assert {name: found[name] for name in HELD} == HELD
    assert found["faults"] == 0


def test_backup_of_a_newer_relay_is_refused(empty, file):
    empty.run("backup", str(file))
    with sqlite3.connect(file) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    for command in ("restore", "verify"):
        refused = empty.attempt(command, str(file))
        assert refused.returncode == 1
        assert "version plus récente" in refused.stderr


def test_backup_that_fails_leaves_the_former_one(empty, tmp_path):
    """The copy is made beside, then takes the place of the other in one step."""
    target = tmp_path / "copie.sqlite3"
    target.mkdir()  # What no file can replace.
    (target / "precieux").write_text("exemple", encoding="utf-8")
    database = Database(empty.database)
    with pytest.raises(OSError, match="copie"):
        backup.back_up(database, target)
    database.close()
    assert [one.name for one in target.iterdir()] == ["precieux"]
    assert not list(tmp_path.glob(".copie*"))


def test_relay_that_died_is_backed_up_all_the_same(own_relay, file):
    busy(own_relay)
    own_relay.kill()
    own_relay.run("backup", str(file))
    assert told(own_relay, "verify", str(file))["faults"] == 0
