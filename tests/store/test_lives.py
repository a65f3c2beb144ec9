"""What tells a workspace file from its copies: the marker outside it, whatever the disk does."""

import pytest

from app.domain.errors import DiskFullError
from app.domain.identifiers import Incarnation
from app.store.encrypted import open_database
from app.store.life_marker import Marker, Markers
from app.store.lives import Life
from app.store.migrations import FORMAT, migrate, migrations
from app.store.workspace import DATABASE_FILE
from tests.builders import a_workspace, an_opened

KEY = bytes(range(32))


@pytest.fixture
def markers(tmp_path):
    return Markers(tmp_path / "lives")


@pytest.fixture
def workspace(tmp_path):
    opened = a_workspace(tmp_path / "w")
    yield opened
    opened.close()


def life(workspace, markers) -> Life:
    return Life(workspace.writer, workspace.read, markers)


def opened(workspace, markers) -> Life:
    found = life(workspace, markers)
    found.open()
    return found


def identity(workspace) -> tuple[bytes, int, bytes, int]:
    with workspace.read() as connection:
        sql = "SELECT incarnation, counter, nonce, sealed FROM identity"
        return tuple(connection.execute(sql).fetchone())


def forget(workspace) -> None:
    """Make the file one that was never marked on any machine."""
    workspace.writer.write(lambda tx: tx.execute("UPDATE identity SET nonce = x''"))


class DyingMarkers:
    """Markers of a machine whose power goes at the n-th writing, once it is done or before."""

    def __init__(self, markers: Markers, at: int, *, after: bool) -> None:
        self._markers = markers
        self._left = at
        self._after = after

    def read(self, life: Incarnation) -> Marker | None:
        return self._markers.read(life)

    def write(self, life: Incarnation, marker: Marker) -> None:
        self._left -= 1
        if self._left != 0 or self._after:
            self._markers.write(life, marker)
        if self._left == 0:
            raise KeyboardInterrupt


def test_each_opening_draws_another_number_which_file_and_marker_share(workspace, markers):
    forget(workspace)
    first = opened(workspace, markers)
    before = identity(workspace)
    again = opened(workspace, markers)
    after = identity(workspace)
    assert first.incarnation == again.incarnation
    assert before[2] != after[2]
    assert markers.read(again.incarnation) == Marker(nonces=(after[2],), sealed=0)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [1, 2])
def test_a_power_cut_while_the_marker_is_renewed_never_begins_another_life(
    workspace, markers, at, after
):
    forget(workspace)
    lived = opened(workspace, markers).incarnation
    with pytest.raises(KeyboardInterrupt):
        life(workspace, DyingMarkers(markers, at, after=after)).open()
    assert opened(workspace, markers).incarnation == lived


def test_a_marker_that_is_missing_damaged_or_knows_more_begins_another_life(workspace, markers):
    forget(workspace)
    found = opened(workspace, markers)
    file = next((markers._folder).iterdir())
    texts = [None, b"", b"\xff", b"0 zz", b"9 " + file.read_bytes().split()[1]]
    lives = {found.incarnation}
    for text in texts:
        file = markers._folder / found.incarnation.hex()
        file.unlink()
        if text is not None:
            file.write_bytes(text)
        found = opened(workspace, markers)
        assert found.incarnation not in lives
        assert identity(workspace)[1] == 0
        lives.add(found.incarnation)
    with workspace.read() as connection:
        former = {row[0] for row in connection.execute("SELECT incarnation FROM lives")}
    assert former == lives - {found.incarnation}


def test_what_was_sealed_is_noted_outside_before_it_leaves(workspace, markers):
    forget(workspace)
    found = opened(workspace, markers)
    workspace.writer.write(lambda tx: tx.execute("UPDATE identity SET sealed = 12"))
    found.mark()
    assert markers.read(found.incarnation).sealed == 12
    workspace.writer.write(lambda tx: tx.execute("UPDATE identity SET sealed = 11"))
    assert opened(workspace, markers).incarnation != found.incarnation


def test_a_life_that_another_copy_leads_is_left_before_anything_is_sealed(workspace, markers):
    forget(workspace)
    found = opened(workspace, markers)
    lived = found.incarnation
    found.begin_if_copied()
    assert found.incarnation == lived
    markers.write(lived, Marker(nonces=(b"another number..",), sealed=0))
    found.begin_if_copied()
    assert found.incarnation != lived


def test_a_disk_that_takes_no_marker_stops_nobody(workspace, tmp_path):
    class Full(Markers):
        def write(self, life, marker):
            raise DiskFullError

    forget(workspace)
    found = opened(workspace, Full(tmp_path / "lives"))
    assert not found.is_marked
    found.mark()
    assert opened(workspace, Full(tmp_path / "lives")).incarnation == found.incarnation


def test_a_file_of_the_first_format_keeps_its_life_and_what_it_sealed(tmp_path, markers):
    folder = tmp_path / "old"
    folder.mkdir()
    db = open_database(folder / DATABASE_FILE, KEY, create=True)
    migrations.apply(db, stop_before="003_lives")
    db.conn.execute("INSERT INTO identity VALUES (1, x'0101010101010101', 7, 7)")
    event = "INSERT INTO events VALUES (?, x'', ?, 'person', 1, 1, 0, 0, '', x'', 1, 0, ?)"
    for counter, bundle in ((5, b"bundle"), (6, None)):
        name = b"\x01" * 8 + counter.to_bytes(8, "big")
        db.conn.execute(event, (name, name, bundle))
    db.conn.execute("PRAGMA user_version = 1")
    migrate(db)
    assert db.conn.execute("PRAGMA user_version").fetchone()[0] == FORMAT
    assert db.conn.execute("SELECT sealed, counter FROM identity").fetchone() == (5, 7)
    db.conn.execute("DELETE FROM events")
    db.close()
    workspace = a_workspace(folder, an_opened(file_key=KEY))
    assert workspace.incarnation == b"\x01" * 8
    assert workspace.life.is_marked
    workspace.close()
