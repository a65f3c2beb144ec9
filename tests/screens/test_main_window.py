"""The frame of the desk: places, search, keys, and what it remembers."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from tests.screens.accessibility import assert_every_control_is_named, assert_mnemonics_differ
from tests.screens.keyboard import type_text
from ui.main_window import MainWindow, ScreenSlot
from ui.widgets.keys_overlay import KeyHint
from ui.widgets.suggestion_list import Suggestion

CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


class Screen(QWidget):
    """A screen that counts how often it was shown."""

    def __init__(self):
        super().__init__()
        self.times_shown = 0
        self.line = QLineEdit()
        self.line.setAccessibleName("Notes")
        QVBoxLayout(self).addWidget(self.line)

    def activated(self):
        self.times_shown += 1

    def keys(self):
        return [KeyHint(keys="Ctrl+Entrée", does="terminer l’accueil")]


class Factory:
    """Makes screens and counts them."""

    def __init__(self, kind: Callable[[], QWidget]):
        self.kind = kind
        self.made = 0

    def __call__(self):
        self.made += 1
        return self.kind()


@pytest.fixture
def factories():
    return {"today": Factory(Screen), "persons": Factory(Screen), "settings": Factory(QLabel)}


@pytest.fixture
def make_window(qtbot, appearance, settings, factories):
    def make():
        slots = [
            ScreenSlot(key="today", title="Aujourd’hui", icon="sun", factory=factories["today"]),
            ScreenSlot(
                key="persons", title="Personnes", icon="users", factory=factories["persons"]
            ),
            ScreenSlot(
                key="settings",
                title="Réglages",
                icon="settings",
                factory=factories["settings"],
                at_bottom=True,
            ),
        ]
        window = MainWindow(
            slots, structure="Le Blanc (exemple)", settings=settings, appearance=appearance
        )
        qtbot.addWidget(window)
        window.resize(1024, 700)
        window.show()
        qtbot.waitExposed(window)
        window.show_screen("today")
        return window

    return make


@pytest.fixture
def window(make_window):
    return make_window()


def test_a_screen_is_made_when_first_shown_and_once(window, factories):
    assert (factories["today"].made, factories["persons"].made) == (1, 0)
    window.show_screen("persons")
    window.show_screen("today")
    window.show_screen("persons")
    assert (factories["today"].made, factories["persons"].made) == (1, 1)
    assert window.screen("persons").times_shown == 2


def test_alt_and_a_digit_goes_to_a_screen(window):
    QTest.keyClick(window, Qt.Key.Key_2, ALT)
    assert window.current_key() == "persons"
    assert window.findChild(QPushButton, "go_persons").isChecked()


@pytest.mark.parametrize(
    ("key", "screen"), [(Qt.Key.Key_Eacute, "persons"), (Qt.Key.Key_QuoteDbl, "settings")]
)
def test_alt_needs_no_shift_on_a_french_keyboard(window, key, screen):
    QTest.keyClick(window, key, ALT)
    assert window.current_key() == screen


def test_ctrl_k_goes_to_the_search_from_anywhere_and_types_are_told(window, qtbot):
    window.screen("today").line.setFocus()
    QTest.keyClick(window, Qt.Key.Key_K, CONTROL)
    assert window.search.line.hasFocus()
    with qtbot.waitSignals([window.search_typed] * 3):
        type_text(window.search.line, "élo")


def test_enter_takes_the_first_answer(window, qtbot):
    window.focus_search()
    type_text(window.search.line, "élo")
    window.show_suggestions([Suggestion(label="Éloi Exemple", value="p1")], query="élo")
    with qtbot.waitSignal(window.search_chosen) as told:
        QTest.keyClick(window.search.line, Qt.Key.Key_Return)
    assert told.args == ["p1"]


def test_enter_without_answer_gives_the_text(window, qtbot):
    window.focus_search()
    type_text(window.search.line, "Durand")
    with qtbot.waitSignal(window.search_submitted) as told:
        QTest.keyClick(window.search.line, Qt.Key.Key_Return)
    assert told.args == ["Durand"]


@pytest.mark.parametrize(
    ("key", "held", "wish"),
    [
        (Qt.Key.Key_N, CONTROL, "new_reception_wanted"),
        (Qt.Key.Key_L, CONTROL, "lock_wanted"),
        (Qt.Key.Key_F8, Qt.KeyboardModifier.NoModifier, "turned_screen_wanted"),
    ],
)
def test_the_keys_of_the_desk_tell_a_wish_even_from_a_text(window, qtbot, key, held, wish):
    window.screen("today").line.setFocus()
    with qtbot.waitSignal(getattr(window, wish)):
        QTest.keyClick(window.focusWidget(), key, held)


def test_f1_lists_the_keys_of_the_screen_first(window):
    QTest.keyClick(window, Qt.Key.Key_F1)
    shown = [label.text() for label in window.keys_overlay.findChildren(QLabel)]
    assert shown.index("terminer l’accueil") < shown.index("verrouiller")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_F1)
    assert not window.keys_overlay.isVisible()


def test_ctrl_plus_and_minus_change_the_size_of_the_text(window, appearance):
    QTest.keyClick(window, Qt.Key.Key_Plus, CONTROL)
    assert appearance.scale() == 110
    QTest.keyClick(window, Qt.Key.Key_Minus, CONTROL)
    assert appearance.scale() == 100


def test_the_state_is_said_and_opens_the_exchange(window, qtbot):
    window.set_status("Hors ligne · 3 à envoyer")
    with qtbot.waitSignal(window.exchange_wanted):
        window.status.click()


def test_what_waits_is_counted_beside_its_place(window):
    window.set_count("persons", 4)
    assert window.findChild(QPushButton, "go_persons").accessibleName() == "Personnes, 4"
    window.set_count("persons", 0)
    assert window.findChild(QPushButton, "go_persons").accessibleName() == "Personnes"


def test_undo_is_offered_by_its_own_name(window):
    undone = []
    window.offer_undo("Mise en relation annulée", lambda: undone.append(1))
    window.stack.setFocus()
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert undone == [1]


def test_size_and_place_are_remembered_without_a_person(make_window, settings, qtbot):
    first = make_window()
    first.resize(1111, 707)
    with qtbot.waitSignal(first.closing):
        first.close()
    assert all(key.startswith(("window/", "appearance/")) for key in settings.allKeys())
    assert settings.contains("window/geometry")


def test_the_title_names_the_structure_alone(window):
    window.show_screen("persons")
    assert window.windowTitle() == "Deux Portes — Le Blanc (exemple)"


@pytest.mark.parametrize("scale", [100, 150, 200])
@pytest.mark.parametrize("size", [(1024, 700), (1366, 768)])
def test_the_frame_fits_a_small_laptop_at_every_size_of_text(window, appearance, scale, size):
    appearance.set_scale(scale)
    window.resize(*size)
    assert (window.width(), window.height()) == size
    assert window.centralWidget().minimumSizeHint().width() <= size[0]
    assert window.centralWidget().minimumSizeHint().height() <= size[1]


@pytest.mark.parametrize("size", [(1024, 700), (1366, 768)])
def test_no_word_of_the_frame_is_cut_at_ordinary_size(window, size):
    window.resize(*size)
    window.set_status("Hors ligne · 3 à envoyer · dernier échange mardi 10 h 42")
    cut = [
        button.text()
        for button in window.findChildren(QPushButton)
        if button.isVisible() and button.width() < button.sizeHint().width()
    ]
    assert not cut


def test_places_show_icons_alone_when_the_text_is_large(window, appearance):
    appearance.set_scale(200)
    button = window.findChild(QPushButton, "go_persons")
    assert button.text() == ""
    assert button.accessibleName() == "Personnes"
    appearance.set_scale(100)
    assert button.text() == "Personnes"


def test_every_control_has_a_name(window):
    window.set_status("En ligne")
    assert_every_control_is_named(window)
    assert_mnemonics_differ(window)
    window.show_keys()
    assert_every_control_is_named(window)
