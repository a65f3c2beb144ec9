"""Lists of rows: the model, the sorting, the filter, the keys."""

from dataclasses import dataclass, replace
from datetime import date

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from tests.screens.accessibility import assert_every_control_is_named
from ui.widgets.row_list import Column, RowList
from ui.widgets.snapshot_model import RAW_ROLE, SnapshotModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An invented referral."""

    code: str
    name: str
    since: date | None
    days: int


ROWS = [
    Row(code="a", name="Éloi Exemple", since=date(2026, 11, 2), days=9),
    Row(code="b", name="Aurore Exemple", since=None, days=10),
    Row(code="c", name="Zoé Exemple", since=date(2026, 10, 30), days=100),
]
COLUMNS = [
    Column(title="Nom", text=lambda row: row.name, stretches=True),
    Column(
        title="Depuis",
        text=lambda row: row.since.strftime("%d/%m") if row.since else "",
        sort_key=lambda row: row.since,
        hint="Jour de la demande",
    ),
    Column(
        title="Jours", text=lambda row: f"{row.days} j", sort_key=lambda row: row.days, right=True
    ),
]


@pytest.fixture
def rows(qtbot, appearance):
    shown = RowList("Mises en relation", COLUMNS, key=lambda row: row.code)
    qtbot.addWidget(shown)
    shown.set_rows(ROWS)
    shown.resize(700, 400)
    shown.show()
    qtbot.waitExposed(shown)
    return shown


def names(rows):
    model = rows.model()
    return [model.index(place, 0).data() for place in range(model.rowCount())]


def test_the_model_keeps_the_rules_of_qt(qtbot):
    model = SnapshotModel(COLUMNS, key=lambda row: row.code)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.set_rows(ROWS)
    model.set_rows([replace(row, days=0) for row in ROWS])
    model.set_rows(ROWS[:1])
    model.set_rows([])
    assert tester.model() is model


def test_the_model_shows_words_and_keeps_values(qtbot):
    model = SnapshotModel(COLUMNS)
    model.set_rows(ROWS)
    index = model.index(0, 2)
    assert index.data() == "9 j"
    assert index.data(RAW_ROLE) == 9
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Depuis"
    tip = model.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert tip == "Jour de la demande"
    assert model.data(QModelIndex()) is None


def test_rows_come_in_the_order_given(rows):
    assert names(rows) == ["Éloi Exemple", "Aurore Exemple", "Zoé Exemple"]


def test_words_sort_as_in_a_dictionary_and_figures_by_value(rows):
    rows.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert names(rows) == ["Aurore Exemple", "Éloi Exemple", "Zoé Exemple"]
    rows.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert names(rows) == ["Éloi Exemple", "Aurore Exemple", "Zoé Exemple"]
    rows.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert names(rows) == ["Zoé Exemple", "Éloi Exemple", "Aurore Exemple"]


def test_the_filter_forgives_accents_and_wants_every_word(rows):
    rows.set_filter("ELOI")
    assert names(rows) == ["Éloi Exemple"]
    rows.set_filter("exemple zo")
    assert names(rows) == ["Zoé Exemple"]
    assert rows.rows_shown() == 1
    rows.set_filter("")
    assert rows.rows_shown() == 3


def test_enter_opens_the_row_under_the_highlight(rows, qtbot):
    assert rows.select_key("b")
    with qtbot.waitSignal(rows.opened) as told:
        QTest.keyClick(rows, Qt.Key.Key_Return)
    assert told.args == [ROWS[1]]


def test_enter_on_an_empty_list_opens_nothing(rows, qtbot):
    rows.set_rows([])
    with qtbot.assertNotEmitted(rows.opened):
        QTest.keyClick(rows, Qt.Key.Key_Return)


def test_the_highlight_follows_its_row_in_a_new_snapshot(rows):
    rows.select_key("a")
    rows.set_rows([ROWS[2], ROWS[1], ROWS[0]])
    assert rows.selected_row() == ROWS[0]
    rows.set_rows(ROWS[1:])
    assert rows.selected_row() is None


def test_arrows_walk_and_tell(rows, qtbot):
    rows.select_key("a")
    with qtbot.waitSignal(rows.selected) as told:
        QTest.keyClick(rows, Qt.Key.Key_Down)
    assert told.args == [ROWS[1]]


def test_a_row_that_is_filtered_away_cannot_be_selected(rows):
    rows.set_filter("zoé")
    assert not rows.select_key("a")
    assert not rows.select_key("nobody")


def test_the_list_has_a_name(rows):
    assert_every_control_is_named(rows)
