"""What a checkpoint leaves: in the file of a desk, on the relay, and on the way between them."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.events import ERASE
from app.store.agent_cards import DATABASE_FILE
from sync.checkpoint_adoption import DIFFERS
from sync.chunks import open_manifest
from sync.statements import Checkpoint, read_statement, sign_statement, statement_name
from tests.exchange.checkpointing import (
    ERASED,
    ask,
    checkpoint,
    erase,
    later,
    own_space,
    receive_somebody,
    rename,
    settle_down,
    shown,
    survivors,
)
from tests.exchange.desks import joined, joining, opened_copy
from tests.exchange.test_checkpoints_late import names, receive

PAGE_BYTES = 4_096


@pytest.fixture
def three(world):
    """Two machines of one structure, and one of another."""
    joined(world, "blanc")
    settle_down(world, 1)
    return world


def pages_of(door) -> bytes:
    """All that lies in the file of a desk in clear: free pages and the journal included.

    To be called last: reading a file apart from SQLite drops the locks of its own process.
    """
    key = door.desk.workspace.opened.file_key
    data = (door.desk.workspace.folder / DATABASE_FILE).read_bytes()
    pages = [data[start : start + PAGE_BYTES] for start in range(0, len(data), PAGE_BYTES)]
    plain = [in_clear(pages[0][16:], key), *(in_clear(page, key) for page in pages[1:])]
    assert b"CREATE TABLE" in b"".join(plain)
    journal = (door.desk.workspace.folder / f"{DATABASE_FILE}-wal").read_bytes()[32:]
    frame = PAGE_BYTES + 24
    frames = [journal[start + 24 : start + frame] for start in range(0, len(journal), frame)]
    return b"".join([*plain, *(in_clear(page, key) for page in frames)])


def in_clear(page: bytes, key: bytes) -> bytes:
    """Decrypt a page of SQLCipher 4: AES-256-CBC, the last 80 bytes are its vector and its MAC."""
    cipher = Cipher(algorithms.AES(key), modes.CBC(page[-80:-64])).decryptor()
    return cipher.update(page[:-80])


def test_what_was_erased_leaves_no_row_no_event_and_no_word(three):
    blanc, second = three["blanc"], three["second"]
    person = receive_somebody(blanc, three["chateauroux"])
    receive(blanc, "Gardée")
    settle_down(three)
    erase(blanc, person)
    settle_down(three, 4)
    for door in (blanc, second):
        left = door.query("SELECT kind FROM events WHERE subject = ?", person)
        assert left == [(ERASE,)]
        assert door.query("SELECT count(*) FROM erased WHERE subject = ?", person) == [(1,)]
        assert door.query("SELECT count(*) FROM events WHERE digest IS NOT NULL") == [(0,)]
        assert door.query("SELECT count(*) FROM person_search WHERE person = ?", person) == [(0,)]
        pages = pages_of(door)
        assert ERASED.encode() not in pages
        assert "Gardée".encode() in pages


def test_keys_of_ended_epochs_are_gone_from_the_file_and_never_learnt_again(three):
    blanc, second = three["blanc"], three["second"]
    blanc.receive(three["chateauroux"])
    settle_down(three)
    held = [(door, dict(door.port.secrets())) for door in (blanc, second)]
    checkpoint(three, blanc)
    settle_down(three, 2)
    for door, before in held:
        epochs = {name for name in before if name.startswith("epoch/")}
        assert epochs
        assert epochs.isdisjoint(door.port.secrets())
        pages = pages_of(door)
        assert door.port.secrets()["machine"] in pages
        for name in (*epochs, "machine"):
            assert before[name][-32:] not in pages


def test_unchanged_chunks_do_not_travel_twice(three):
    blanc = three["blanc"]
    for number in range(700):
        receive(blanc, f"Exemple {number}")
    checkpoint(three, blanc)
    space = own_space(blanc)
    before = blanc.registry.complete_checkpoint(space)
    assert len(before.chunks) > 3
    receive(blanc, "Une de plus")
    settle_down(three)
    ask(blanc)
    link = blanc.transport()
    blanc.exchange(link)
    after = blanc.registry.last_proposal(space)[1]
    new = set(after.chunks) - set(before.chunks)
    assert 0 < len(new) <= 6  # a reception is three subjects, of which a bucket may divide
    travelled = sum(len(blanc.port.piece(name)) for name in (*new, after.manifest))
    whole = sum(len(blanc.port.piece(name)) for name in (*after.chunks, after.manifest))
    assert link.bytes_up == travelled < whole
    assert len(new) < len(after.chunks)


def test_an_erasure_changes_its_bucket_and_the_old_key_is_listed_no_more(three):
    blanc = three["blanc"]
    person = receive_somebody(blanc)
    for number in range(200):
        receive(blanc, f"Exemple {number}")
    checkpoint(three, blanc)
    space = own_space(blanc)
    before = blanc.registry.complete_checkpoint(space)
    keys = blanc.keyring.epochs
    old = open_manifest(space, keys[space, before.epoch].key, blanc.port.piece(before.manifest))
    erase(blanc, person)
    later(three, 8)
    settle_down(three, 4)
    after = blanc.registry.complete_checkpoint(space)
    keys = blanc.keyring.epochs
    new = open_manifest(space, keys[space, after.epoch].key, blanc.port.piece(after.manifest))
    assert after.number == 2
    assert len(set(old) - set(new)) >= 1
    assert len(set(old) & set(new)) >= 1
    assert {one.name for one in set(old) - set(new)}.isdisjoint(three.relay.pieces)


def test_a_relay_restored_from_before_is_given_the_pieces_again(three):
    blanc = three["blanc"]
    receive(blanc, "Une")
    settle_down(three)
    held = three.relay.backup()
    checkpoint(three, blanc)
    space = own_space(blanc)
    three.relay.restore(held)
    for name in ("blanc", "second"):
        three[name].desk.workspace.close()
        three.open(name)
    settle_down(three)
    body = three.relay.registry.complete_checkpoint(space)
    assert {body.manifest, *body.chunks} <= three.relay.pieces.keys()
    third = joined(three, "blanc", "third")
    assert names(third) == ["Une"]


@pytest.mark.parametrize(("left", "is_read"), [("{} 0", True), ("{}", False)])
def test_pieces_that_only_an_older_program_could_not_read_are_read(three, left, is_read):
    blanc, space = three["blanc"], own_space(three["blanc"])
    receive(blanc, "Une")
    checkpoint(three, blanc)
    third, spoken = joining(three, "blanc", "third")
    for door in (blanc, third, blanc):
        door.exchange()
    blanc.membership.admit(spoken)
    blanc.exchange()
    name, _ = blanc.registry.last_complete(space)
    third.port.keep_memo(DIFFERS + space.hex(), left.format(name.hex()))
    third.exchange()
    assert names(third) == ["Une"] * is_read


def test_a_desk_that_does_not_agree_keeps_everything_and_says_so(three):
    blanc, second = three["blanc"], three["second"]
    space = own_space(blanc)
    receive(blanc, "Une")
    settle_down(three)
    ask(blanc)
    blanc.exchange()
    name, body = blanc.registry.last_proposal(space)
    values = {field: getattr(body, field) for field in body.__slots__}
    lying = Checkpoint(**(values | {"digest": bytes(32), "number": body.number + 1}))
    data = sign_statement(lying, blanc.keyring.machine.sign.private_key)
    three.relay.statements[statement_name(data)] = data
    before = second.rows()
    for _ in range(2):
        second.exchange()
    assert second.rows() == before
    assert second.port.adopted(space) is None
    assert '"state": "differs"' in second.port.memo("checkpoints")
    assert second.keyring.machine.id in second.registry.waits_for(statement_name(data))
    assert read_statement(data).body.number == 2
    assert name


PLAYED = st.lists(
    st.tuples(
        st.sampled_from(["blanc", "second", "chateauroux"]),
        st.sampled_from(["receive", "refer", "rename", "erase", "exchange", "exchange", "ask"]),
    ),
    max_size=25,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(played=PLAYED)
def test_checkpoints_at_any_moment_change_nothing_on_any_screen(
    played, three_template, tmp_path_factory
):
    """Two worlds play the same, one with checkpoints: all desks show the same at the end."""
    folder = tmp_path_factory.mktemp("played")
    ends = []
    for with_checkpoints in (False, True):
        with opened_copy(three_template, folder / str(with_checkpoints)) as world:
            persons: list = []
            for name, action in played:
                act(world, name, action, persons, with_checkpoints=with_checkpoints)
            settle_down(world, 4)
            assert {tuple(door.reasons()) for door in world.doors.values()} == {()}
            blanc, second = world["blanc"], world["second"]
            assert shown(blanc) == shown(second)
            assert survivors(blanc) == survivors(second)
            ends.append([counted(door) for door in world.doors.values()])
    assert ends[0] == ends[1]


@pytest.fixture(scope="module")
def three_template(tmp_path_factory, introduced_template):
    made = introduced_template.copy(tmp_path_factory.mktemp("three") / "world")
    joined(made, "blanc")
    settle_down(made, 1)
    made.close()
    return made


def act(world, name, action, persons, *, with_checkpoints) -> None:
    door = world[name]
    own = [person for of, person in persons if of == (name == "chateauroux")]
    if action in {"receive", "refer"}:
        other = world["blanc" if name == "chateauroux" else "chateauroux"]
        made = door.receive(other if action == "refer" else None)
        persons.append((name == "chateauroux", made.person))
    elif action == "exchange":
        door.exchange()
    elif action == "ask" and with_checkpoints:
        ask(door)
    elif action in {"rename", "erase"}:
        known = [one for one in own if door.query("SELECT 1 FROM persons WHERE person = ?", one)]
        if known and action == "rename":
            rename(door, known[-1], f"Corrigée par {name}")
        elif known:
            erase(door, known[0])


def counted(door) -> dict:
    """What a desk shows, without the identifiers, which differ from world to world."""
    return {
        "persons": sorted(door.query("SELECT family_name, given_name, disputed FROM persons")),
        "demands": door.query("SELECT count(*) FROM demands"),
        "in": sorted(door.statuses("in")),
        "out": sorted(door.statuses("out")),
    }
