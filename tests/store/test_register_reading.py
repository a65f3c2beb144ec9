"""Lines of a register: understood, refused with a reason, or set aside; sensitive things left."""

import datetime as dt

import pytest

from app.domain.errors import UnknownCommuneError, UnknownVocabularyCodeError
from app.reference.register.book import MOST_LINES, open_book
from app.reference.register.errors import NoDateColumnError, NoTitlesError, TooManyLinesError
from app.reference.register.plan import PlannedColumn, RegisterPlan
from app.reference.register.rows import Aside
from app.usecases.register.importing import import_register
from app.usecases.register.previewing import cells_shown, kept_as_notes, preview_import
from app.usecases.register.reading import Why
from tests import registers
from tests.builders import dump
from tests.registers import a_book
from tests.store.register_desk import NIR, imported, meetings, plan_of, previewed, said


def test_numbers_that_may_not_be_kept_are_masked_everywhere(desk):
    rows = [
        ["Date", "Motif", "Statut", "Agent", "Observations"],
        *[["4/3/24", "CV", f"NIR {NIR}", f"Alix {NIR}", f"son NIR : {NIR}"]] * 3,
    ]
    preview = previewed(desk, rows)
    import_register(desk, preview)
    assert preview.masked == 3
    assert "084 91" not in repr(meetings(desk))
    assert "[numéro masqué]" in repr(meetings(desk))
    events = repr(dump(desk, "events"))
    assert "084 91" not in events


def test_what_the_law_calls_sensitive_is_left_out_and_said(desk):
    rows = [
        ["Date", "Situation", "Freins", "Motif"],
        ["4/3/24", "arrêt maladie", "Santé, mobilité", "CV"],
        ["5/3/24", "Salarié", "Logement", "CV"],
        ["6/3/24", "suivi pour cancer", "", "CV"],
    ]
    preview = previewed(desk, rows)
    assert said(preview).status == "non_communique"
    assert said(preview).barriers == ("mobilite",)
    assert preview.count(lambda row: row.is_sensitive_left) == 1
    import_register(desk, preview)
    kept = repr(meetings(desk))
    assert "arret_invalidite" not in kept
    assert "sante" not in kept
    assert "cancer" not in kept


def test_unknown_words_are_listed_and_kept_beneath_the_notes(desk):
    rows = [["Date", "Statut", "Motif"], *[[f"{day}/3/24", "zorglub", "CV"] for day in (1, 2, 3)]]
    preview = previewed(desk, rows)
    assert preview.unknown() == {("status", "zorglub"): 3}
    assert said(preview).status == "non_communique"
    assert said(preview).reception_note == "Situation\u202f: zorglub"
    assert said(previewed(desk, rows, keeps_unknown=False)).reception_note == ""


def test_somebody_says_what_a_word_means(desk):
    rows = [["Date", "Statut", "Motif"], *[[f"{day}/3/24", "zorglub", "CV"] for day in (1, 2, 3)]]
    values = {"status": {"Zorglub": ("cdi",)}, "motives": {"CV": ("autre", "alternance")}}
    preview = previewed(desk, rows, values=values)
    assert said(preview).status == "cdi"
    assert said(preview).motives == ("autre", "alternance")
    assert preview.unknown() == {}


def test_a_code_that_nobody_knows_is_refused_before_any_line(desk):
    for values, refusal in (
        ({"status": {"x": ("zorglub",)}}, UnknownVocabularyCodeError),
        ({"commune": {"x": ("99999",)}}, UnknownCommuneError),
    ):
        with pytest.raises(refusal):
            previewed(desk, registers.MAIRIE, values=values)


def test_a_refused_line_says_why_and_the_others_enter(desk):
    rows = [
        ["Date", "Motif", "Observations"],
        ["4/3/24", "CV", ""],
        ["31/2/24", "CV", ""],
        ["", "CV", ""],
        ["5/3/24", "", ""],
        ["5/3/1998", "CV", ""],
        ["5/3/2030", "CV", ""],
        ["6/3/24", "CV", "x" * 25_000],
        ["7/3/24", "VAE", ""],
    ]
    preview = previewed(desk, rows)
    assert [(row.line, row.why) for row in preview.rejected] == [
        (3, Why.UNREADABLE_DATE),
        (4, Why.NO_DATE),
        (5, Why.NOTHING_SAID),
        (6, Why.REFUSED),
        (7, Why.REFUSED),
        (8, Why.REFUSED),
    ]
    assert import_register(desk, preview).recorded == 2


def test_totals_months_repeated_titles_and_empty_lines_are_set_aside(desk):
    rows = [
        ["Registre (exemple)", None, None],
        ["N°", "Date", "Motif"],
        [1, "4/3/24", "CV"],
        [None, "AVRIL 2024", None],
        ["N°", "Date", "Motif"],
        [2, "4/4/24", "VAE"],
        [3, None, None],
        ["TOTAL", None, 2],
        [None, "Total du mois", 2],
    ]
    preview = previewed(desk, rows)
    assert (preview.read, len(preview.rows), preview.rejected) == (2, 2, ())
    assert preview.aside == {
        Aside.BEFORE_TITLES: 2,
        Aside.SEPARATES: 1,
        Aside.TITLES_AGAIN: 1,
        Aside.NOTHING_KEPT: 1,
        Aside.SUMS_UP: 2,
    }


def test_a_line_takes_the_date_above_only_when_somebody_says_so(desk):
    rows = [["Date", "Motif"], ["4/3/24", "CV"], ["", "VAE"], ["", "Emploi"]]
    assert len(previewed(desk, rows).rejected) == 2
    preview = previewed(desk, rows, date_above=True)
    assert preview.rejected == ()
    assert {said(preview, place).received_at[:10] for place in range(3)} == {"2024-03-04"}


def test_an_hour_is_kept_when_the_register_has_one(desk):
    at = [said(previewed(desk, registers.FRANCE_SERVICES), place).received_at for place in range(3)]
    assert [one[11:16] for one in at] == ["09:15", "10:00", "14:30"]


def test_crosses_say_what_their_columns_are_named_for(desk):
    preview = previewed(desk, registers.TICKS)
    assert [said(preview, place).sex for place in range(3)] == ["homme", "femme", "femme"]
    assert said(preview).motives == ("recherche_emploi",)
    assert said(preview).expressed == "Emploi"


def test_who_the_person_was_sent_to_is_a_note_and_sends_nothing(desk):
    rows = [["Date", "Motif", "Orienté vers"], *[["4/3/24", "CV", "Mission locale"]] * 3]
    imported(desk, rows)
    assert dump(desk)["referrals"] == []
    (_at, _by, details, _demand), *_ = meetings(desk)
    assert details["outcome"] == "mise_en_relation"
    preview = previewed(desk, rows, keeps_unknown=False)
    assert preview.already == 3


def test_columns_left_out_may_be_kept_beneath_the_notes(desk):
    rows = [
        ["Date", "Motif", "Blorp"],
        *[[f"{day}/3/24", "CV", "trois (exemple)"] for day in (1, 2, 3)],
    ]
    book = a_book(rows)
    plan = kept_as_notes(plan_of(desk, book), "Blorp")
    preview = preview_import(desk, book, plan)
    assert said(preview).reception_note == "Blorp\u202f: trois (exemple)"


def test_several_sheets_are_one_import(desk):
    months = {
        "janv.": [["Date", "Motif"], ["4/1/24", "CV"], ["5/1/24", "VAE"]],
        "févr.": [["FÉVRIER (exemple)"], ["Motif", "Date"], ["CV", "4/2/24"]],
        "Notice": [["Mode d’emploi (exemple)"], ["Remplir une ligne par personne"]],
    }
    book = a_book([], **months)
    preview = preview_import(desk, book, plan_of(desk, book))
    assert len(preview.rows) == 3
    assert preview.aside[Aside.SHEET_WITHOUT_TITLES] == 2
    chosen = preview_import(desk, book, plan_of(desk, book, sheets=("févr.",)))
    assert [row.row.line for row in chosen.rows] == [3]


def test_a_register_without_a_date_is_refused_whole(desk):
    with pytest.raises(NoDateColumnError):
        previewed(desk, [["Motif", "Commune"], ["CV", "Le Blanc"], ["VAE", "Ruffec"]])
    book = a_book([["Motif", "Commune"], ["CV", "Le Blanc"]])
    other = RegisterPlan(columns=(PlannedColumn(title="Jour", field="date"),))
    with pytest.raises(NoTitlesError):
        preview_import(desk, book, other)


def test_a_preview_writes_nothing(desk):
    before = dump(desk, "events", "identity")
    previewed(desk, registers.MAIRIE)
    assert dump(desk, "events", "identity") == before


def test_too_many_lines_are_refused(tmp_path):
    most = [["Date", "Motif"], *[["4/3/24", "CV"]] * (MOST_LINES - 1)]
    (sheet,) = open_book(registers.write_csv(tmp_path / "tout.csv", most)).sheets
    assert len(sheet.lines) == MOST_LINES
    with pytest.raises(TooManyLinesError) as refused:
        open_book(registers.write_csv(tmp_path / "trop.csv", [*most, ["5/3/24", "VAE"]]))
    assert refused.value.facts == {"most": MOST_LINES}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
def test_a_text_is_read_in_any_usual_encoding(desk, tmp_path, encoding):
    rows = [[cell.strftime("%d/%m/%Y") if isinstance(cell, dt.date) else cell for cell in row]
            for row in registers.MAIRIE]  # fmt: skip
    file = registers.write_csv(tmp_path / f"a {NIR}.csv", rows, encoding=encoding)
    book = open_book(file)
    assert "084 91" not in book.name
    done = import_register(desk, preview_import(desk, book, plan_of(desk, book)))
    assert done.recorded == 3
    assert "recherche" in repr(meetings(desk)).lower()


def test_a_few_cells_of_each_column_are_shown_numbers_masked(desk):
    book = a_book(registers.NIR_COLUMN)
    shown = cells_shown(book, plan_of(desk, book))
    assert shown["N° sécu"] == ("[numéro masqué]", "[numéro masqué]")
    assert shown["Nb personnes"] == ("1", "2")
    assert shown["Signature"] == ()
    assert len(shown["Demande"]) == 3
