"""`verify` finds whatever is wrong in the database; `prune` removes only what is useless."""

import hashlib
import json
import os
import time
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, delete, insert, select, update

from sync.frames import encode_frame
from sync.pieces import CHUNK_MAGIC
from sync.relay import prune as pruning
from sync.relay.__main__ import main
from sync.relay.database import Database
from sync.relay.tables import bundles, meta, nonces, parts, pieces, statements
from sync.relay.uploads import PARTS_KEPT_S
from tests.raw_calls import begun_push
from tests.relay_process import RegionalRelay, new_database

pytestmark = pytest.mark.network

DAY_S = 86_400


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The copy of a relay that holds three bundles of a machine, and the beginning of a fourth."""
    folder = tmp_path_factory.mktemp("held")
    relay = RegionalRelay(folder)
    relay.start()
    try:
        begin_a_fourth(relay)
        relay.run("backup", str(folder / "copie.sqlite3"))
    finally:
        relay.close()
    return folder / "copie.sqlite3"


def begin_a_fourth(relay):
    machine = relay.region.structure().machine()
    link = relay.admitted(machine)
    link.push([(*machine.bundle(), 0) for _ in range(3)])
    name, data = machine.bundle(size=30_000)
    frame = encode_frame(name, data)
    with begun_push(relay, machine.signer, len(frame), frame[:20_000]):
        deadline = time.monotonic() + 20
        while link.offsets([name]).offsets[name] < 16_000:
            assert time.monotonic() < deadline


class Held:
    """A relay's database, and the commands on it."""

    def __init__(self, url):
        self.url = url

    def attempt(self, command, *arguments):
        return CliRunner().invoke(main, [command, "--database", self.url, *arguments])

    def run(self, *arguments):
        done = self.attempt(*arguments)
        assert done.exit_code == 0, done.output
        return done.stdout

    def told(self, *arguments):
        return json.loads(self.run(*arguments, "--json"))

    @contextmanager
    def behind(self):
        """Change or read the database behind everybody's back."""
        engine = create_engine(self.url)
        with engine.begin() as connection:
            yield connection
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def held(request, tmp_path, copy):
    """A database filled from that copy."""
    held = Held(new_database(request) or f"sqlite:///{tmp_path / 'held.sqlite3'}")
    held.run("restore", str(copy))
    return held


def verified(held):
    done = held.attempt("verify", "--json")
    assert done.stderr == ""
    told = json.loads(done.stdout)
    assert done.exit_code == (3 if told["faults"] else 0)
    return told


def codes(held):
    return {(one["what"], one["code"]) for one in verified(held)["wrong"]}


def change(held, *statements_):
    with held.behind() as connection:
        for one in statements_:
            connection.execute(one)


def test_sound_database_has_no_fault(held):
    told = verified(held)
    assert (told["bundles"], told["statements"]) == (3, 4)
    assert (told["faults"], told["notices"], told["wrong"]) == (0, 0, [])


def flipped(data, place=-1):
    changed = bytearray(data)
    changed[place] ^= 1
    return bytes(changed)


def test_byte_that_changed_in_a_bundle_is_found(held):
    with held.behind() as database:
        row = database.execute(select(bundles).where(bundles.c.sequence == 2)).one()
        database.execute(
            update(bundles).where(bundles.c.sequence == 2).values(body=flipped(row.body))
        )
    assert codes(held) == {("bundles", "wrong_name")}
    assert [one["name"] for one in verified(held)["wrong"]] == [row.name.hex()]


def test_bundle_under_another_place_than_its_own_is_found(held):
    change(held, update(bundles).where(bundles.c.sequence == 3).values(sequence=9))
    assert codes(held) == {("bundles", "wrong_place")}


def test_receipt_that_changed_is_found(held):
    with held.behind() as database:
        row = database.execute(select(bundles).where(bundles.c.sequence == 1)).one()
        database.execute(
            update(bundles).where(bundles.c.sequence == 1).values(receipt=flipped(row.receipt))
        )
    assert codes(held) == {("bundles", "bad_signature")}


def test_receipt_of_another_bundle_is_found(held):
    with held.behind() as database:
        other = database.execute(select(bundles).where(bundles.c.sequence == 1)).one()
        database.execute(
            update(bundles).where(bundles.c.sequence == 2).values(receipt=other.receipt)
        )
    assert codes(held) == {("bundles", "wrong_receipt")}


def test_bundle_of_an_author_that_no_statement_names_is_found(held):
    change(held, delete(statements).where(statements.c.kind == "incarnation"))
    assert codes(held) == {("bundles", "unknown_incarnation")}


def test_bundle_in_a_space_that_no_statement_names_is_found(held):
    change(held, delete(statements).where(statements.c.kind == "space"))
    assert codes(held) == {("bundles", "not_a_member")}


def test_statement_that_changed_is_found(held):
    with held.behind() as database:
        row = database.execute(select(statements).where(statements.c.kind == "space")).one()
        kept = statements.c.name == row.name
        database.execute(update(statements).where(kept).values(body=flipped(row.body)))
    assert ("statements", "wrong_name") in codes(held)


def test_statement_under_another_kind_is_found(held):
    change(held, update(statements).where(statements.c.kind == "space").values(kind="wrap"))
    assert codes(held) == {("statements", "wrong_kind")}


def test_hole_in_the_beginning_of_a_bundle_is_found(held):
    change(held, delete(parts).where(parts.c.offset == 4_096))
    assert codes(held) == {("parts", "wrong_offset")}


def test_beginning_of_a_bundle_that_is_whole_is_found_and_pruned(held):
    with held.behind() as database:
        row = database.execute(select(bundles).where(bundles.c.sequence == 1)).one()
        orphan = {"name": row.name, "offset": 0, "bytes": row.body, "at": row.at}
        database.execute(insert(parts).values(orphan))
    assert codes(held) == {("parts", "already_whole")}
    assert held.told("prune")["removed"]["finished_uploads"] == 1
    told = verified(held)
    assert (told["faults"], told["parts"] > 0) == (0, True)


def test_what_is_missing_between_two_bundles_is_worth_knowing_and_no_fault(held):
    change(held, delete(bundles).where(bundles.c.sequence == 2))
    told = verified(held)
    assert (told["faults"], told["notices"]) == (0, 1)
    assert told["noticed"][0]["code"] == "missing_before"
    said = held.run("verify")
    assert "à savoir\u202f: paquet" in said
    assert "fautes\u202f: 0" in said


def test_chain_that_a_copied_workspace_broke_is_worth_knowing_and_no_fault(own_relay):
    machine = own_relay.region.structure().machine()
    link = own_relay.admitted(machine)
    link.push([(*machine.bundle(), 0)])
    machine._heads[machine.own_space] = (1, os.urandom(32))  # Of the copy, refused here.
    link.push([(*machine.bundle(), 0)])
    told = verified(Held(own_relay.database))
    assert (told["faults"], [one["code"] for one in told["noticed"]]) == (0, ["broken_chain"])


def piece_row(space, **changes):
    body = CHUNK_MAGIC + space + os.urandom(200)
    row = {
        "name": hashlib.sha256(body).digest(),
        "space": space,
        "machine": bytes(16),
        "size": len(body),
        "body": body,
        "at": 1,
    }
    return row | changes


def test_piece_of_a_checkpoint_that_is_not_what_it_says_is_found(held):
    one, other = os.urandom(16), os.urandom(16)
    sound = piece_row(one)
    change(
        held,
        insert(pieces).values(sound),
        insert(pieces).values(piece_row(one, name=os.urandom(32))),
        insert(pieces).values(piece_row(one) | {"space": other}),
        insert(pieces).values(
            piece_row(one, body=b"autre chose", name=hashlib.sha256(b"autre chose").digest())
        ),
    )
    told = verified(held)
    assert codes(held) == {("pieces", code) for code in ("wrong_name", "wrong_place", "malformed")}
    # One that no checkpoint names is no fault: it waits to be dropped.
    assert [(one["name"], one["code"]) for one in told["noticed"]] == [
        (sound["name"].hex(), "not_named")
    ]
    assert held.told("status")["pieces"] == 4


@pytest.mark.parametrize(
    ("key", "code"), [("relay_key", "no_key"), ("authority_key", "no_authority")]
)
def test_database_without_its_keys_is_told(held, key, code):
    change(held, delete(meta).where(meta.c.key == key))
    assert codes(held) == {("meta", code)}


def test_what_is_wrong_is_told_in_french(held):
    change(held, update(bundles).where(bundles.c.sequence == 3).values(sequence=9))
    done = held.attempt("verify")
    assert done.exit_code == 3
    assert "faute\u202f: paquet " in done.stdout
    assert "paquets lus\u202f: 3" in done.stdout
    assert "fautes\u202f: 1" in done.stdout


def test_only_what_is_old_and_useless_is_pruned(held):
    now = int(time.time())
    old = [
        {"name": bytes([one]) * 32, "offset": 0, "bytes": b"x", "at": now - PARTS_KEPT_S - DAY_S}
        for one in range(25)
    ]
    ancient = now - pruning.NONCES_KEPT_S - 60
    spent = [{"machine": bytes(16), "nonce": f"{one:032}", "at": ancient} for one in range(600)]
    with held.behind() as database:
        database.execute(insert(parts), old)
        database.execute(insert(nonces), spent)
    would = held.told("prune", "--dry-run")
    assert would == {"dry_run": True, "removed": would["removed"]}
    expected = {"partial_uploads": 25, "finished_uploads": 0, "nonces": 600}
    assert expected.items() <= would["removed"].items()
    assert held.told("status")["partial_uploads"] == 26
    done = held.told("prune")
    assert done == {"dry_run": False, "removed": would["removed"]}
    assert held.told("status")["partial_uploads"] == 1
    assert set(held.told("prune")["removed"].values()) == {0}
    assert "nonces anciens\u202f: 0" in held.run("prune")
    assert verified(held)["faults"] == 0


def test_nonce_that_may_still_pass_for_fresh_stays_whatever_the_clock_says(held):
    with held.behind() as database:
        count = len(database.execute(select(nonces)).all())
    database = Database(held.url)
    ten_years_on = int(time.time()) + 10 * 365 * DAY_S
    assert pruning.prune(database, now=ten_years_on)["nonces"] == 0
    database.close()
    with held.behind() as database:
        assert len(database.execute(select(nonces)).all()) == count
