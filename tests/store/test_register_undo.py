"""Undoing an import: everything it recorded disappears, everywhere, and nothing else does."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import UnknownRecordError
from app.domain.identifiers import SubjectId
from app.domain.reception import PersonDetails
from app.store.rows import rebuild
from app.usecases.erasure import erase_meeting
from app.usecases.merging import merge_persons
from app.usecases.persons import erase_person, find_persons, open_person
from app.usecases.receptions import record_reception
from app.usecases.referrals import acknowledge_arrivals
from app.usecases.register.importing import import_register
from app.usecases.register.undoing import register_imports, undo_import
from tests import registers
from tests.builders import a_reception, dump, person_of, received
from tests.fakes.courier import carry, deliver, sealed_by
from tests.store.register_desk import imported, previewed

EVERY_TABLE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"


def named(desk, text) -> SubjectId:
    (found,) = find_persons(desk, text).persons
    return found.person


def words_left(desk, *words) -> set[str]:
    """The words that can still be read in some table."""
    with desk.workspace.read() as connection:
        tables = [name for (name,) in connection.execute(EVERY_TABLE).fetchall()]
    held = repr(dump(desk, *tables))
    return {word for word in words if word in held or repr(word.encode())[2:-1] in held}


def test_the_lists_are_as_before(desk):
    received(desk)
    before = dump(desk)
    done = imported(desk, registers.MISSION_LOCALE, with_names=True)
    assert dump(desk) != before
    undone = undo_import(desk, done.register_import)
    assert (undone.receptions, undone.persons, undone.kept, undone.had_left) == (3, 3, 0, 0)
    assert dump(desk) == before
    assert register_imports(desk) == []
    desk.workspace.writer.write(rebuild)
    assert dump(desk) == before


def test_no_word_of_the_register_is_left(desk):
    words = ("EXEMPLIER", "Nadia", "2004-02-14", "MODÈLE")
    done = imported(desk, registers.MISSION_LOCALE, with_names=True)
    assert words_left(desk, *words) == set(words)
    undo_import(desk, done.register_import)
    assert words_left(desk, *words) == set()


def test_what_never_left_is_undone_without_a_word_to_anybody(desk):
    undo_import(desk, imported(desk, registers.MAIRIE).register_import)
    assert sealed_by(desk) == []


def test_what_had_left_is_erased_on_every_machine_for_ever(desk, colleague):
    done = imported(desk, registers.MISSION_LOCALE, with_names=True)
    before = sealed_by(desk, limit=7)
    deliver(before, colleague)
    assert len(dump(colleague)["encounters"]) == 3
    assert len(register_imports(colleague)) == 1
    undone = undo_import(desk, done.register_import)
    assert undone.had_left == 9
    carry(desk, colleague)
    for machine in (desk, colleague):
        assert {table: rows for table, rows in dump(machine).items() if rows} == {}
        assert words_left(machine, "EXEMPLIER", "Nadia") == set()
    deliver(before, colleague)
    assert dump(colleague)["encounters"] == []


def test_another_machine_may_undo_it(desk, colleague):
    imported(desk, registers.MISSION_LOCALE, with_names=True)
    carry(desk, colleague)
    (one,) = register_imports(colleague)
    assert one.author == "Alix Exemple"
    undo_import(colleague, one.register_import)
    carry(colleague, desk)
    assert dump(desk)["encounters"] == dump(desk)["persons"] == []


def test_what_arrives_after_the_undoing_is_undone_too(desk, colleague):
    imported(desk, registers.MISSION_LOCALE, with_names=True)
    bundles = sealed_by(desk, limit=5)
    deliver(bundles[:1], colleague)
    (one,) = register_imports(colleague)
    undo_import(colleague, one.register_import)
    deliver(bundles[1:], colleague)
    acknowledge_arrivals(colleague)
    assert dump(colleague)["encounters"] == dump(colleague)["persons"] == []
    carry(colleague, desk)
    acknowledge_arrivals(desk)
    assert dump(desk)["encounters"] == dump(desk)["persons"] == []


def test_who_came_again_since_keeps_their_file(desk):
    done = imported(desk, registers.MISSION_LOCALE, with_names=True)
    who = named(desk, "exemplier")
    record_reception(desk, a_reception(person=PersonDetails(known=who), expressed="Revenue."))
    undone = undo_import(desk, done.register_import)
    assert (undone.receptions, undone.persons, undone.kept) == (3, 2, 1)
    file = open_person(desk, who)
    assert [one.expressed for one in file.encounters] == ["Revenue."]
    assert [(one.kind, one.given) for one in file.agreements] == [("record", True)]
    assert [row[1] for row in dump(desk)["persons"]] == ["Nadia EXEMPLIER"]


def test_a_file_that_was_kept_is_nobodys_import_any_more(desk):
    done = imported(desk, registers.MISSION_LOCALE, with_names=True)
    who = named(desk, "exemplier")
    since = record_reception(desk, a_reception(person=PersonDetails(known=who)))
    undo_import(desk, done.register_import)
    erase_meeting(desk, since.encounter)
    assert open_person(desk, who).person.display_name == "Nadia EXEMPLIER"


def test_a_demand_that_went_on_stays(desk):
    done = imported(desk, registers.MAIRIE)
    demand = SubjectId(dump(desk)["demands"][0][0])
    record_reception(desk, a_reception(demand=demand, expressed="La suite."))
    undo_import(desk, done.register_import)
    assert [row[0] for row in dump(desk)["demands"]] == [demand]
    assert len(dump(desk)["encounters"]) == 1


def test_a_file_that_stands_for_another_stays(desk):
    here = person_of(received(desk))
    done = imported(desk, registers.MISSION_LOCALE, with_names=True)
    kept = named(desk, "exemplier")
    merge_persons(desk, kept, here)
    other = named(desk, "modèle")
    merge_persons(desk, here, other)
    undone = undo_import(desk, done.register_import)
    assert undone.kept == 1
    assert {row[0] for row in dump(desk)["persons"]} == {here, kept}
    assert len(open_person(desk, kept).encounters) == 1


def test_only_its_own_import_is_undone(desk):
    kept = imported(desk, registers.FRANCE_SERVICES)
    done = imported(desk, registers.MAIRIE)
    undo_import(desk, done.register_import)
    (one,) = register_imports(desk)
    assert one.register_import == kept.register_import
    assert one.receptions == 3


def test_an_import_is_undone_once(desk):
    done = imported(desk, registers.MAIRIE)
    undo_import(desk, done.register_import)
    for name in (done.register_import, SubjectId(bytes(16))):
        with pytest.raises(UnknownRecordError):
            undo_import(desk, name)


def test_what_was_undone_may_be_imported_again(desk):
    preview = previewed(desk, registers.MAIRIE)
    first = import_register(desk, preview)
    undo_import(desk, first.register_import)
    again = import_register(desk, preview)
    assert (again.recorded, again.was_here) == (3, False)
    assert again.register_import != first.register_import


def test_importing_again_brings_back_nobody_who_was_erased(desk):
    imported(desk, registers.MISSION_LOCALE, with_names=True)
    erase_person(desk, named(desk, "exemplier"))
    (one,) = register_imports(desk)
    assert (one.recorded, one.receptions) == (3, 2)
    longer = [
        *registers.MISSION_LOCALE,
        ["5/1/23", "Nouveau", "Sam", "", "Le Blanc", "", "DE", "", ""],
    ]
    preview = previewed(desk, longer, with_names=True)
    assert (preview.already, len(preview.rows)) == (3, 1)
    import_register(desk, preview)
    assert find_persons(desk, "exemplier").persons == ()


def test_two_machines_that_imported_the_same_file_are_told(desk, colleague):
    imported(desk, registers.MAIRIE)
    imported(colleague, registers.MAIRIE)
    carry(desk, colleague)
    doubles = register_imports(colleague)
    assert [one.is_double for one in doubles] == [True, True]
    undo_import(colleague, doubles[0].register_import)
    assert [one.is_double for one in register_imports(colleague)] == [False]
    assert len(dump(colleague)["encounters"]) == 3


CELL = st.one_of(
    st.none(),
    st.sampled_from(["4/3/24", "CV", "x", "Le Blanc", "DE", "Total", "DUPONT Marie", "oui", "30"]),
    st.text(max_size=12),
    st.integers(min_value=-(2**63), max_value=2**63 - 1),
    st.floats(),
    st.booleans(),
    st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2030, 1, 1)),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
TITLES = st.lists(
    st.sampled_from(
        ["Nom Prénom", "Né(e) le", "Commune", "CP", "Motif", "Statut", "Âge", "Durée", "Heure",
         "Suite", "Observations", "Tél", "Agent", "Freins", "Accord", "Formation", "Blorp"]
    ),
    min_size=1, max_size=6, unique=True,
)  # fmt: skip


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    titles=TITLES,
    lines=st.lists(st.lists(CELL, max_size=7), max_size=6),
    with_names=st.booleans(),
    date_above=st.booleans(),
)
def test_any_lines_enter_once_and_leave_without_a_trace(
    desk, titles, lines, with_names, date_above
):
    rows = [["Date", *titles], ["4/3/24", *["CV"] * len(titles)], *lines]
    before = dump(desk)
    preview = previewed(desk, rows, with_names=with_names, date_above=date_above)
    assert preview.read == len(preview.rows) + len(preview.rejected) + preview.already
    done = import_register(desk, preview)
    once = dump(desk)
    assert import_register(desk, preview).recorded == 0
    assert previewed(desk, rows, with_names=with_names, date_above=date_above).rows == ()
    assert dump(desk) == once
    if done.register_import is not None:
        undo_import(desk, done.register_import)
    assert dump(desk) == before
