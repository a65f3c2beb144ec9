"""Importing a published file into the directory: counted first, then kept, undone whole."""

import datetime as dt
import json
import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton

from app.usecases.directory.imports import directory_imports, undo_directory_import
from app.usecases.directory.shelf import desk_directory
from tests.builders import LE_BLANC
from tests.fakes.dialogs import Answers
from tests.fakes.runner import StepRunner
from tests.published_files import both, mission_locale
from tests.screens.directory_page import Screen, plain
from ui.changes_hub import ChangesHub
from ui.desk_directory import import_actions
from ui.directory.import_page import ImportPage
from ui.directory.import_presenter import ImportPresenter
from ui.widgets.choices import ChoiceChips
from ui.widgets.date_field import DateField


@pytest.fixture
def screen(desk, put, answers):
    return Screen(desk, put, answers)


@pytest.fixture
def published(tmp_path):
    def write(*rows, name="annuaire.json"):
        file = tmp_path / name
        file.write_bytes(both(*rows))
        return file

    return write


def begin(screen, answers, file):
    answers.then([file])
    screen.part(QPushButton, "directory_imports_open").click()
    screen.press(Qt.Key.Key_Return)


def test_a_file_is_counted_and_explained_before_anything_is_written(
    screen, desk, answers, published
):
    begin(screen, answers, published(mission_locale("ml-1"), mission_locale("ml-2", nom="")))
    assert "1 nouvelle fiche" in screen.text("import_counts")
    assert "1 enregistrement refusé" in screen.text("import_found_title")
    found = plain(screen.part(QPlainTextEdit, "import_found").toPlainText())
    assert "Enregistrement 2" in found
    assert "nom" in found
    assert directory_imports(desk) == []


def test_what_was_read_is_imported_then_undone_whole(screen, desk, answers, published):
    begin(screen, answers, published(mission_locale("ml-1")))
    screen.press(Qt.Key.Key_Return)
    assert desk_directory(desk).by_reference("essai/ml-1")
    assert screen.said == ["Importé\u202f: 1\u00a0fiche nouvelle"]
    screen.part(QPushButton, "undo_1_ask").setFocus()
    screen.press(Qt.Key.Key_Return)
    assert screen.part(QPushButton, "undo_1_keep").hasFocus()
    screen.press(Qt.Key.Key_Tab, Qt.Key.Key_Return)
    assert [line.undone_at_s is None for line in directory_imports(desk)] == [False]
    assert "Import défait" in screen.said[-1]
    assert not screen.shows("undo_1_ask")


def test_only_the_departements_ticked_are_taken(screen, desk, answers, published):
    file = published(
        mission_locale("ml-1"), mission_locale("ml-2", code_insee="37261", code_postal="37000")
    )
    screen.part(QPushButton, "directory_imports_open").click()
    chips = screen.part(ChoiceChips, "import_departments")
    assert chips.values() == ("18", "28", "36", "37", "41", "45")
    chips.setFocus()
    screen.press(Qt.Key.Key_4)
    assert "37" not in chips.values()
    answers.then([file])
    screen.part(QPushButton, "import_choose").click()
    assert "1 laissé de côté" in screen.text("import_counts")
    screen.press(Qt.Key.Key_Return)
    assert [one.id for one in desk_directory(desk).all() if one.source == "essai"] == ["ml-1"]


def test_giving_up_writes_nothing(screen, desk, answers, published):
    begin(screen, answers, published(mission_locale("ml-1")))
    screen.part(QPushButton, "import_give_up").click()
    assert not screen.shows("import_keep")
    assert directory_imports(desk) == []


def test_a_file_with_nothing_new_offers_no_import(screen, answers, published):
    file = published(mission_locale("ml-1"))
    for _ in range(2):
        begin(screen, answers, file)
        screen.press(Qt.Key.Key_Return)
    begin(screen, answers, file)
    assert not screen.shows("import_keep")
    assert screen.shows("import_give_up")


def test_reading_shows_that_it_is_under_way_and_can_be_stopped(desk, put, published):
    runner = StepRunner()
    page = put(ImportPage(desk.now().date(), Answers().dialogs()))
    presenter = ImportPresenter(page, import_actions(desk, ChangesHub(page)), runner)
    page.given_up.connect(presenter.give_up)
    presenter.read(published(mission_locale("ml-1")))
    stop = page.findChild(QPushButton, "import_stop")
    assert "Lecture de annuaire.json" in page.findChild(QLabel, "import_busy").text()
    assert stop.hasFocus()
    assert not page.findChild(QPushButton, "import_choose").isEnabled()
    stop.click()
    runner.run_all()
    assert not page.findChild(QPushButton, "import_keep").isVisible()
    assert page.findChild(QPushButton, "import_choose").hasFocus()
    assert directory_imports(desk) == []


def test_a_file_that_is_none_is_refused_in_words(screen, desk, answers, tmp_path):
    file = tmp_path / "photo.json"
    file.write_bytes(b"\x00\x01\x02")
    begin(screen, answers, file)
    assert screen.view.imports._notice.text()
    assert directory_imports(desk) == []


def test_an_undated_file_asks_for_its_day(screen, desk, answers, tmp_path):
    file = tmp_path / "agences.json"
    file.write_text(json.dumps([AGENCY]), encoding="utf-8")
    saved = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC).timestamp()
    os.utime(file, (saved, saved))
    begin(screen, answers, file)
    assert screen.shows("import_day_send")
    assert screen.part(DateField, "import_day").value() == dt.date(2026, 11, 20)  # as it was saved
    screen.write("import_day", "01/10/2030")
    screen.part(QPushButton, "import_day_send").click()
    assert not screen.shows("import_keep")
    screen.write("import_day", "01/10/2026")
    screen.part(QPushButton, "import_day_send").click()
    assert screen.shows("import_keep")
    assert "1er octobre 2026" in screen.text("import_title")


AGENCY = {
    "code": "CVL0001",
    "codeSafir": "36001",
    "libelle": "LE BLANC",
    "libelleEtendu": "Agence France Travail Le Blanc (exemple)",
    "type": "APE",
    "siret": "13000548100010",
    "adressePrincipale": {
        "ligne4": "1 RUE DE L EXEMPLE",
        "ligne5": "",
        "ligne6": "36300 LE BLANC",
        "communeImplantation": "36018",
        "bureauDistributeur": "36300",
        "gpsLon": 1.06,
        "gpsLat": 46.63,
    },
    "contact": {"telephonePublic": "3949"},
    "horaires": [],
}


def test_exact_places_of_communes_change_distances_and_the_map_and_are_given_back(
    screen, desk, answers, tmp_path, qtbot
):
    file = tmp_path / "postaux.csv"
    codes = {row.commune_code for row in desk_directory(desk).all()}
    lines = [f"{code};47.0;1.2" for code in sorted(codes) if code != LE_BLANC]
    head = "Code_commune_INSEE;latitude;longitude"
    file.write_text("\n".join([head, *lines, f"{LE_BLANC};46.63;1.06"]), encoding="utf-8")

    def distances():
        return {plain(row.distance) for row in screen.listed()}

    shipped = distances()
    begin(screen, answers, file)
    assert screen.text("import_counts").endswith(f"{len(codes)} communes placées")
    screen.press(Qt.Key.Key_Return)
    assert plain(screen.said[-1]) == f"Importé : {len(codes)} communes placées"
    screen.presenter.close()
    qtbot.waitUntil(lambda: distances() == {"même commune", "42 km"})
    undo_directory_import(desk, directory_imports(desk)[0].number)
    screen.presenter.refresh()
    assert distances() == shipped
