"""The list shown becomes a file: asked in two steps, the same columns, order and filter."""

import csv
import io

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from tests.builders import a_desk, a_person, received
from tests.screens.accessibility import assert_every_control_is_named
from tests.screens.desk_windows import desk_window, take_keyboard
from ui.widgets.export_strip import ExportStrip
from ui.widgets.row_list import Column, RowList

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def store(tmp_path):
    made = a_desk(tmp_path / "desk")
    for given in ("Maëlys", "Zoé", "Aurore"):
        received(made, person=a_person(given_name=given, telephone=f"06 39 98 00 {len(given):02}"))
    yield made
    made.workspace.close()


@pytest.fixture
def desk(qtbot, appearance, settings, store, answers):
    with desk_window(store, settings, appearance, dialogs=answers.dialogs()) as opened:
        take_keyboard(opened, qtbot)
        qtbot.waitUntil(opened._runner.is_idle)
        yield opened


def strip(desk) -> ExportStrip:
    return desk.window.findChild(ExportStrip, "export_strip")


def the_list(desk) -> RowList:
    return next(rows for rows in desk.window.findChildren(RowList) if rows.isVisible())


def press(desk, name):
    button = desk.window.findChild(QPushButton, name)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def ask(desk):
    the_list(desk).setFocus()
    QTest.keyClick(the_list(desk), Qt.Key.Key_E, CTRL_SHIFT)


def lines(file):
    text = file.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_key_says_first_that_the_file_is_not_encrypted(desk, answers):
    ask(desk)
    assert strip(desk).isVisible()
    assert "pas chiffré" in strip(desk).accessibleName()
    assert "3\u00a0lignes" in strip(desk).accessibleName()
    assert QApplication.focusWidget().objectName() == "export_keep"
    assert answers.asked == []
    assert_every_control_is_named(strip(desk))


def test_what_is_seen_is_what_is_written(desk, answers, tmp_path, qtbot):
    file = tmp_path / "liste.csv"
    answers.then([file])
    ask(desk)
    press(desk, "export_choose")
    qtbot.waitUntil(desk._runner.is_idle)
    shown = the_list(desk)
    model = shown.model()
    seen = [
        [str(model.index(row, place).data()) for place in range(model.columnCount())]
        for row in range(model.rowCount())
    ]
    assert lines(file)[1:] == seen
    assert len(seen) == 3
    assert "pas chiffré" in desk.window.toast.text()
    assert file.stat().st_mode & 0o077 == 0


def test_the_way_out_writes_nothing(desk, answers, tmp_path):
    ask(desk)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not strip(desk).isVisible()
    assert QApplication.focusWidget() is the_list(desk)
    ask(desk)
    press(desk, "export_choose")  # and no file is chosen
    assert answers.asked == ["Enregistrer la liste"]
    assert list(tmp_path.glob("*.xlsx")) == []


@pytest.mark.qt_log_ignore("grabbing the keyboard", r"support raise", "propagateSizeHints")
def test_the_context_menu_of_a_list_offers_it(desk, qtbot):
    rows = the_list(desk)
    at = QPoint(5, 5)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, rows.viewport().mapToGlobal(at))
    QApplication.sendEvent(rows.viewport(), event)
    menu = rows.findChild(QMenu, "list_menu")
    assert menu is not None
    (action,) = menu.actions()
    menu.close()
    action.trigger()
    assert strip(desk).isVisible()


@pytest.mark.qt_log_ignore("grabbing the keyboard", r"support raise", "propagateSizeHints")
def test_the_menu_key_offers_it_too(desk):
    rows = the_list(desk)
    rows.setFocus()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint(1, 1))
    QApplication.sendEvent(rows, event)
    menu = rows.findChild(QMenu, "list_menu")
    assert menu is not None
    menu.close()


def test_where_there_is_no_list_it_is_said(desk):
    desk.window.show_screen("reception")
    desk.window.export_wanted.emit()
    assert "pas de liste" in desk.window.toast.text()
    assert not strip(desk).isVisible()


def test_going_elsewhere_puts_the_question_away(desk):
    ask(desk)
    desk.window.show_screen("settings")
    assert not strip(desk).isVisible()


def test_a_disk_that_refuses_is_said_calmly(desk, answers, tmp_path, qtbot):
    answers.then([tmp_path / "absent" / "liste.csv"])
    ask(desk)
    press(desk, "export_choose")
    qtbot.waitUntil(desk._runner.is_idle)
    qtbot.waitUntil(lambda: desk.window.toast.text() != "")
    assert "Enregistré" not in desk.window.toast.text()


def test_columns_moved_hidden_sorted_and_filtered_are_written_as_seen(qtbot, appearance):
    columns = [
        Column(title="Nom", text=lambda row: row[0], stretches=True),
        Column(title="Jours", text=lambda row: f"{row[1]:,}".replace(",", "\u202f"), right=True),
        Column(title="Commune", text=lambda row: row[2]),
    ]
    rows = RowList("Exemples", columns)
    qtbot.addWidget(rows)
    rows.set_rows([("Éloi", 1200, "Le Blanc"), ("Aurore", 3, "Tours"), ("Zoé", 7, "Le Blanc")])
    rows.horizontalHeader().setSectionHidden(2, True)
    rows.horizontalHeader().moveSection(0, 1)
    rows.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    rows.set_filter("blanc")
    table = rows.shown_table()
    assert table.name == "Exemples"
    assert [column.title for column in table.columns] == ["Jours", "Nom"]
    assert [column.has_figures for column in table.columns] == [True, False]
    assert table.rows == (("7", "Zoé"), ("1\u202f200", "Éloi"))
