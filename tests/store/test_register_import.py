"""An old register enters whole or not at all, once, without a name that nobody agreed to keep."""

import datetime as dt

import pytest

from app.domain.reception import PersonDetails
from app.store.rows import rebuild
from app.usecases.merging import look_for_duplicates, proposals
from app.usecases.persons import find_persons, open_person
from app.usecases.receptions import record_reception
from app.usecases.register.importing import AT_ONCE, import_register
from app.usecases.register.previewing import preview_import
from app.usecases.register.reading import NOT_WRITTEN
from app.usecases.register.undoing import register_imports
from app.usecases.today import receptions_of
from tests import registers
from tests.builders import a_reception, dump, received
from tests.store.register_desk import imported, meetings, plan_of, previewed, said


def test_lines_become_receptions_of_their_day(desk):
    done = imported(desk, registers.MISSION_LOCALE)
    assert (done.recorded, done.persons) == (3, 0)
    (first, *_) = receptions_of(desk, dt.date(2023, 1, 3))
    assert first.author in {"AB", "CD"}
    met = meetings(desk)
    assert [at[:10] for at, *_ in met] == ["2023-01-03", "2023-01-03", "2023-01-04"]
    _at, by, details, demand = met[0]
    assert by == "AB"
    assert details["commune"] == "36018"
    assert details["age_band"] == "18_25"
    assert details["level_reached"] == "3"
    assert details["status"] == "non_inscrit"
    assert details["how_they_came"] == "proche"
    assert demand["expressed"] == NOT_WRITTEN


def test_no_name_no_birth_and_no_contact_are_kept_without_an_agreement(desk):
    rows = [
        ["Date", "Nom", "Prénom", "Né(e) le", "Tél", "Mail", "Demande", "Observations"],
        *[
            [f"{day}/3/24", "Exemplier", "Nadia", "14/2/2004", "06 39 98 00 01", "n@e.example",
             "CV pour Nadia", "Rappeler Mme EXEMPLIER au 06 39 98 00 01 ou n@e.example"]
            for day in range(1, 4)
        ],
    ]  # fmt: skip
    preview = previewed(desk, rows)
    import_register(desk, preview)
    kept = repr(dump(desk, "events")) + repr(meetings(desk)) + repr(preview.rows)
    for word in ("Exemplier", "EXEMPLIER", "Nadia", "2004", "39 98", "n@e.example"):
        assert word not in kept.replace(repr(preview.key), "")
    assert dump(desk)["persons"] == dump(desk)["agreements"] == []
    assert said(preview).expressed == "CV pour [retiré]"
    assert said(preview).age_band == "18_25"


def test_names_are_kept_with_an_agreement_that_is_recorded(desk):
    done = imported(desk, registers.MISSION_LOCALE, with_names=True)
    assert (done.recorded, done.persons) == (3, 3)
    (found,) = find_persons(desk, "exemplier").persons
    file = open_person(desk, found.person)
    assert (found.display_name, found.birth_on) == ("Nadia EXEMPLIER", "2004-02-14")
    assert [(one.kind, one.given) for one in file.agreements] == [("record", True)]
    assert file.encounters[0].received_at.startswith("2023-01-03")


def test_who_did_not_agree_has_no_name_even_then(desk):
    rows = [
        ["Date", "Nom", "Prénom", "Accord RGPD", "Motif"],
        ["4/3/24", "Exemplier", "Nadia", "oui", "CV"],
        ["5/3/24", "Modèle", "Jean", "non", "VAE"],
        ["6/3/24", "Témoin", "Lucie", "", "VAE"],
    ]
    assert imported(desk, rows, with_names=True).persons == 1
    assert [row[1] for row in dump(desk)["persons"]] == ["Nadia Exemplier"]
    assert len(dump(desk)["encounters"]) == 3


def test_a_person_of_several_lines_has_one_file_and_all_that_is_said_of_them(desk):
    rows = [
        ["Date", "Nom", "Prénom", "Né(e) le", "Tél", "Mail", "Motif"],
        ["4/3/24", "EXEMPLIER", "Nadia", "14/2/2004", "", "", "CV"],
        ["5/3/24", "Exemplier", "Nadia", "14/2/2004", "06 39 98 00 01", "", "VAE"],
        ["6/3/24", "Exemplier", "Nadia", "", "0639980001", "n@e.example", "Formation"],
        ["7/3/24", "Exemplier", "Nadia", "15/2/1974", "06 39 98 00 01", "", "Formation"],
        ["8/3/24", "Exemplier", "Nadia", "", "", "", "Emploi"],
    ]
    done = imported(desk, rows, with_names=True)
    assert (done.recorded, done.persons) == (5, 3)
    found = [open_person(desk, one.person) for one in find_persons(desk, "exemplier").persons]
    (whole,) = [file for file in found if len(file.encounters) == 3]
    assert whole.person.birth_on == "2004-02-14"
    assert whole.details["email"] == "n@e.example"
    assert whole.disputed == ()
    assert len(whole.agreements) == 1


def test_files_that_were_here_are_left_alone_and_proposed(desk):
    here = received(desk, person=PersonDetails(
        family_name="Exemplier", given_name="Nadia", birth_on="2004-02-14"
    )).person  # fmt: skip
    imported(desk, registers.MISSION_LOCALE, with_names=True)
    assert len(dump(desk)["persons"]) == 4
    look_for_duplicates(desk)
    (pair,) = proposals(desk)
    assert here in {pair.one.person, pair.other.person}


def test_everything_recorded_bears_its_import(desk):
    record_reception(desk, a_reception())
    done = imported(desk, registers.MISSION_LOCALE, with_names=True)
    with desk.workspace.read() as connection:
        for table, count in (("encounters", 3), ("demands", 3), ("persons", 3)):
            sql = f"SELECT count(*) FROM {table} WHERE register_import = ?"  # noqa: S608
            assert connection.execute(sql, (done.register_import,)).fetchone() == (count,)
    (one,) = register_imports(desk)
    assert (one.receptions, one.persons, one.recorded, one.read, one.rejected) == (3, 3, 3, 3, 0)
    assert (one.first_on, one.last_on, one.named) == ("2023-01-03", "2023-01-04", True)
    assert one.author == "Alix Exemple"


def test_rows_are_those_that_the_log_gives_again(desk):
    imported(desk, registers.MISSION_LOCALE, with_names=True)
    before = dump(desk)
    desk.workspace.writer.write(rebuild)
    assert dump(desk) == before


def test_importing_twice_is_importing_once(desk):
    preview = previewed(desk, registers.FRANCE_SERVICES)
    first = import_register(desk, preview)
    before = dump(desk, "events", "register_imports")
    again = import_register(desk, preview)
    assert (again.recorded, again.was_here) == (0, True)
    assert again.register_import == first.register_import
    later = previewed(desk, registers.FRANCE_SERVICES)
    assert (len(later.rows), later.already, later.standing) == (0, 3, first.register_import)
    import_register(desk, later)
    assert dump(desk, "events", "register_imports") == before


def test_another_plan_of_the_same_file_adds_no_double(desk):
    imported(desk, registers.FRANCE_SERVICES)
    done = imported(desk, registers.FRANCE_SERVICES, keeps_unknown=False)
    assert (done.recorded, done.was_here) == (0, False)
    assert len(register_imports(desk)) == 1


def test_a_register_that_grew_adds_its_new_lines_alone(desk):
    imported(desk, registers.FRANCE_SERVICES)
    longer = [
        *registers.FRANCE_SERVICES,
        [dt.date(2024, 3, 6), "9h", "H", "18-25", "36300 Le Blanc", "Tél", "VAE", ""],
        registers.FRANCE_SERVICES[1],  # somebody came again, for the same thing, the same hour
    ]
    preview = previewed(desk, longer)
    assert (preview.read, preview.already, len(preview.rows)) == (5, 3, 2)
    import_register(desk, preview)
    assert len(dump(desk)["encounters"]) == 5


def test_a_column_that_came_since_changes_no_line(desk):
    imported(desk, registers.MAIRIE)
    wider = [[*row, extra] for row, extra in zip(registers.MAIRIE, ["Vu", "", "", ""], strict=True)]
    assert previewed(desk, wider).already == 3


def test_who_gives_up_half_way_leaves_nothing(desk):
    rows = [["Date", "Motif"], *[["4/3/24", "CV"]] * (AT_ONCE + 1)]
    before = dump(desk, "events", "identity")

    def give_up(done, _all):
        if done == AT_ONCE:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_register(desk, previewed(desk, rows), give_up)
    assert dump(desk, "events", "identity") == before
    told = []
    import_register(desk, previewed(desk, rows), lambda done, whole: told.append((done, whole)))
    assert told == [(AT_ONCE, AT_ONCE + 1), (AT_ONCE + 1, AT_ONCE + 1)]


def test_the_same_lines_are_told_in_any_file(desk, tmp_path):
    from app.reference.register.book import open_book

    files = (
        registers.write_xlsx(tmp_path / "a.xlsx", {"2024": registers.MAIRIE}),
        registers.write_ods(tmp_path / "a.ods", registers.MAIRIE),
    )
    for file in files:
        book = open_book(file)
        preview = preview_import(desk, book, plan_of(desk, book))
        assert (preview.read, preview.rejected) == (3, ())
        import_register(desk, preview)
    assert len(dump(desk)["encounters"]) == 3
