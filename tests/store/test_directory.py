"""The directory of a desk: imported, imported again, undone, corrected, and the same everywhere."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.changes import Topic
from app.domain.errors import CorrectionRefusedError, UnknownImportError, UnknownStructureError
from app.reference.importing.errors import ImportingError
from app.store.directory_rows import entries
from app.usecases.directory.corrections import correct, unchecked, vouch
from app.usecases.directory.imports import (
    directory_imports,
    import_directory,
    undo_directory_import,
)
from app.usecases.directory.shelf import desk_directory
from app.usecases.rebuild import rebuild_rows
from tests.builders import FIRST_DOOR, SECOND_DOOR, a_desk
from tests.published_files import both, mission_locale

MISSION = "essai/ml-1"


def service(name="s-1", of="ml-1", **fields):
    row = {
        "source": "essai",
        "id": name,
        "structure_id": of,
        "nom": "Accompagnement (exemple)",
        "description": "Accompagnement des jeunes (exemple).",
        "date_maj": "2026-03-02",
    }
    return row | fields


def standing(desk):
    with desk.workspace.read() as connection:
        return entries(connection)


def test_what_is_imported_is_in_the_directory_with_its_network(desk):
    done = import_directory(desk, both(mission_locale(), services=[service()]))
    found = desk_directory(desk).by_reference(MISSION)
    assert (done.added, done.updated) == (2, 0)
    assert (found.network, found.is_cep_operator) == ("mission_locale", True)
    assert [one.name for one in found.services] == ["Accompagnement (exemple)"]


def test_before_any_import_the_examples_are_there_and_afterwards_only_those_taking_part(desk):
    assert len(desk_directory(desk)) == len(desk.reference.directory)
    import_directory(desk, both(mission_locale()))
    kept = {one.reference for one in desk_directory(desk).all()}
    assert kept == {MISSION, FIRST_DOOR, SECOND_DOOR}


def test_the_same_file_again_changes_nothing_and_is_no_import(desk):
    content = both(mission_locale(), services=[service()])
    first = import_directory(desk, content)
    again = import_directory(desk, content)
    assert again.number is None
    assert [line.number for line in directory_imports(desk)] == [first.number]


def test_a_file_refused_whole_changes_nothing(desk):
    import_directory(desk, both(mission_locale()))
    before = standing(desk)
    with pytest.raises(ImportingError):
        import_directory(desk, b"\x00\x01 not a directory")
    assert standing(desk) == before


def test_a_record_refused_leaves_the_others_and_is_told(desk):
    done = import_directory(desk, both(mission_locale(), mission_locale("ml-2", nom="")))
    assert [one.place.number for one in done.parsed.rejected] == [2]
    assert directory_imports(desk)[0].rejected == 1
    assert desk_directory(desk).by_reference(MISSION)


def test_an_import_is_undone_whole(desk):
    before = standing(desk)
    done = import_directory(desk, both(mission_locale(), services=[service()]))
    gone, changes = undo_directory_import(desk, done.number)
    assert gone >= 2
    assert changes.topics == {Topic.DIRECTORY}
    assert standing(desk) == before
    assert directory_imports(desk)[0].undone_at_s is not None
    with pytest.raises(UnknownImportError):
        undo_directory_import(desk, done.number)


VERSIONS = st.lists(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 3)),
        min_size=1,
        max_size=4,
        unique_by=lambda pair: pair[0],
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(versions=VERSIONS, order=st.randoms(use_true_random=False))
def test_undone_in_any_order_imports_leave_what_was_before(tmp_path_factory, versions, order):
    desk = a_desk(tmp_path_factory.mktemp("undone"))
    try:
        made = [
            import_directory(
                desk,
                both(*(mission_locale(name, telephone=f"+3326191000{n}") for name, n in version)),
            ).number
            for version in versions
        ]
        numbers = [number for number in made if number is not None]
        order.shuffle(numbers)
        for number in numbers:
            undo_directory_import(desk, number)
        assert standing(desk) == []
    finally:
        desk.workspace.close()


def test_undoing_the_earlier_import_keeps_the_later_one(desk):
    first = import_directory(desk, both(mission_locale(telephone="+33261910001")))
    import_directory(desk, both(mission_locale(telephone="+33261910003")))
    undo_directory_import(desk, first.number)
    assert desk_directory(desk).by_reference(MISSION).telephone == "+33261910003"


def test_a_correction_stays_on_top_of_what_is_published_later(desk):
    import_directory(desk, both(mission_locale()))
    correct(desk, MISSION, {"telephone": "+33261910099", "waiting_days": 12})
    import_directory(desk, both(mission_locale(telephone="+33261910077", adresse="2 rue Neuve")))
    found = desk_directory(desk).by_reference(MISSION)
    assert (found.telephone, found.address, found.waiting_days) == (
        "+33261910099",
        "2 rue Neuve",
        12,
    )


def test_a_correction_emptied_is_no_more_shown_and_can_be_corrected_again(desk):
    import_directory(desk, both(mission_locale()))
    correct(desk, MISSION, {"telephone": ""})
    assert desk_directory(desk).by_reference(MISSION).telephone is None
    correct(desk, MISSION, {"telephone": "+33261910098"})
    assert desk_directory(desk).by_reference(MISSION).telephone == "+33261910098"


def test_a_service_is_corrected_too(desk):
    import_directory(desk, both(mission_locale(), services=[service()]))
    correct(desk, "essai/s-1", {"horaires_accueil": "Mo-Fr 09:00-12:00"})
    (found,) = desk_directory(desk).by_reference(MISSION).services
    assert found.hours == "Mo-Fr 09:00-12:00"


def test_who_vouches_for_an_entry_makes_it_fresh(desk, clock):
    import_directory(desk, both(mission_locale(), mission_locale("ml-2", date_maj="2026-10-30")))
    assert [one.structure.id for one in unchecked(desk, months=6)] == ["ml-1"]
    vouch(desk, MISSION)
    assert unchecked(desk, months=6) == []
    assert desk_directory(desk).by_reference(MISSION).checked_on == clock.now().date()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("horaires_accueil", "Mo-Fr 09:00-25:00"),
        ("horaires_accueil", "lundi 9h"),
        ("date_maj", ""),
        ("ended_on", "hier"),
        ("waiting_days", -1),
        ("nom", "A"),
        ("source", "autre"),
    ],
)
def test_what_has_not_its_form_is_refused_and_nothing_is_written(desk, field, value):
    import_directory(desk, both(mission_locale()))
    before = desk_directory(desk).by_reference(MISSION)
    with pytest.raises(CorrectionRefusedError) as refused:
        correct(desk, MISSION, {field: value})
    assert refused.value.facts["field"] == field
    assert desk_directory(desk).by_reference(MISSION) == before


def test_what_is_in_no_directory_cannot_be_corrected(desk):
    with pytest.raises(UnknownStructureError):
        vouch(desk, "essai/personne")


def test_a_number_of_a_person_is_masked_in_a_correction(desk):
    import_directory(desk, both(mission_locale()))
    correct(desk, MISSION, {"description": "Demander le 1 85 05 78 006 084 91."})
    assert "006 084" not in desk_directory(desk).by_reference(MISSION).description


def test_rebuilding_gives_the_same_directory(desk):
    import_directory(desk, both(mission_locale()))
    correct(desk, MISSION, {"telephone": "+33261910099"})
    before = desk_directory(desk).all()
    rebuild_rows(desk)
    assert desk_directory(desk).all() == before
