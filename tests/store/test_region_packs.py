"""The Region's directory, once it came, is imported by short steps and undone like any import."""

import datetime as dt

import pytest

from app.pack_port import PackState
from app.store.pack_shelf import StorePacks
from app.usecases.directory.imports import (
    directory_imports,
    import_directory,
    undo_directory_import,
)
from app.usecases.directory.region_packs import (
    PackOpened,
    arrived_pack,
    import_pack,
    latest_pack,
)
from app.usecases.directory.shelf import desk_directory
from tests.published_files import both, mission_locale

DAY = dt.date(2026, 11, 30)
MANY = 300


def arrived(desk, *rows, number=1, content=None):
    """Have a pack stand here whole, as the exchange leaves it."""
    name, shelf = bytes([number]) * 32, StorePacks(desk.workspace)
    shelf.begin_pack(name=name, kind="directory", made_s=1_790_000_000 + number, size=4)
    shelf.add_to_pack(name, b"pack")
    shelf.settle_pack(name, PackState.ARRIVED)
    held = both(*rows) if content is None else content
    return PackOpened(name=name, made_on=DAY, content=held, title=f"Annuaire {number}")


def many(telephone="+33261910002"):
    return [mission_locale(f"ml-{number}", telephone=telephone) for number in range(MANY)]


def listed(desk):
    return [(line.file, line.author, line.added, line.updated) for line in directory_imports(desk)]


def entries_of(desk):
    with desk.workspace.read() as connection:
        sql = "SELECT kind, source, id, body FROM directory_entries ORDER BY 1, 2, 3"
        return [tuple(row) for row in connection.execute(sql)]


def stopping_after(slices):
    """Say to stop once so many transactions were written."""
    left = iter(range(slices))
    return lambda: next(left, None) is None


def test_it_is_in_the_directory_and_in_the_list_without_an_author(desk):
    done = import_pack(desk, arrived(desk, *many()))
    assert done.added == MANY
    assert desk_directory(desk).by_reference("essai/ml-7").name
    assert listed(desk) == [("Annuaire 1", "", MANY, 0)]
    assert arrived_pack(desk) is None
    assert latest_pack(desk).state is PackState.IMPORTED


def test_it_is_undone_whole_and_does_not_come_back(desk):
    before = entries_of(desk)
    done = import_pack(desk, arrived(desk, *many()))
    undo_directory_import(desk, done.number)
    assert entries_of(desk) == before
    assert arrived_pack(desk) is None


def test_one_that_brings_nothing_new_makes_no_import(desk):
    import_pack(desk, arrived(desk, *many()))
    done = import_pack(desk, arrived(desk, *many(), number=2))
    assert done.number is None
    assert len(listed(desk)) == 1
    assert latest_pack(desk).state is PackState.IMPORTED


def test_stopped_half_way_it_counts_for_nothing_until_it_is_whole(desk):
    opened = arrived(desk, *many())
    seen = len(desk_directory(desk))
    assert import_pack(desk, opened, stopping_after(1)) is None
    assert 0 < len(entries_of(desk)) < MANY
    assert listed(desk) == []
    assert len(desk_directory(desk)) == seen
    assert arrived_pack(desk) is not None
    import_pack(desk, opened)
    assert listed(desk) == [("Annuaire 1", "", MANY, 0)]
    undo_directory_import(desk, directory_imports(desk)[0].number)
    assert entries_of(desk) == []


def test_import_by_hand_meanwhile_is_not_written_over_with_older_entries(desk):
    opened = arrived(desk, *many())
    fresher = mission_locale("ml-290", telephone="+33261910009", date_maj="2026-11-01")
    asked = iter(range(MANY))

    def by_hand_once():
        if next(asked) == 1:
            import_directory(desk, both(fresher))
        return False

    import_pack(desk, opened, by_hand_once)
    assert desk_directory(desk).by_reference("essai/ml-290").telephone == "+33261910009"
    assert len(directory_imports(desk)) == 2


def test_newer_pack_goes_first_and_what_the_older_had_begun_is_undone_by_itself(desk):
    assert import_pack(desk, arrived(desk, *many()), stopping_after(1)) is None
    begun = len(entries_of(desk))
    done = import_pack(desk, arrived(desk, *many("+33261910003"), number=2))
    assert done.number is not None
    assert [line.file for line in directory_imports(desk)] == ["Annuaire 2", "Annuaire 1"]
    undo_directory_import(desk, done.number)
    assert len(entries_of(desk)) == begun
    undo_directory_import(desk, directory_imports(desk)[1].number)
    assert entries_of(desk) == []


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", b"{}", b'{"structures": 4}', b"nom;adresse\n"]
)
def test_content_that_is_no_directory_is_said_once_and_changes_nothing(desk, content):
    before = entries_of(desk)
    assert import_pack(desk, arrived(desk, content=content)) is None
    assert entries_of(desk) == before
    held = latest_pack(desk)
    assert held.state is PackState.UNREADABLE
    assert held.reason
    assert arrived_pack(desk) is None


def test_pack_that_arrives_takes_the_place_of_the_one_held(desk):
    arrived(desk, *many())
    arrived(desk, *many(), number=2)
    with desk.workspace.read() as connection:
        sql = "SELECT count(DISTINCT name), count(*) FROM region_pack_parts"
        assert tuple(connection.execute(sql).fetchone()) == (1, 1)
    assert latest_pack(desk).name == bytes([2]) * 32
