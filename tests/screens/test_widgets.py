"""The widgets shared by the screens, driven by the keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from tests.screens.accessibility import assert_every_control_is_named, tab_order
from tests.screens.keyboard import type_text
from ui.widgets.choices import NOT_SAID, Choice, ChoiceChips, ChoiceRow
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.keys_overlay import KeyHint, KeysOverlay
from ui.widgets.section_card import SectionCard
from ui.widgets.status_line import StatusLine
from ui.widgets.toast import Toast

CHOICES = [
    Choice(code="sans_rdv", label="Sans rendez-vous"),
    Choice(code="telephone", label="Téléphone"),
    Choice(code="visio", label="Visio"),
]


class TestChoiceRow:
    """One of several things."""

    def test_a_digit_chooses(self, put, qtbot):
        row = put(ChoiceRow("Comment", CHOICES))
        row.setFocus()
        with qtbot.waitSignal(row.chosen) as told:
            type_text(row.focusWidget(), "2")
        assert told.args == ["telephone"]
        assert row.value() == "telephone"

    @pytest.mark.parametrize(
        ("key", "code"), [("&", "sans_rdv"), ("é", "telephone"), ('"', "visio")]
    )
    def test_a_french_keyboard_needs_no_shift(self, put, key, code):
        row = put(ChoiceRow("Comment", CHOICES))
        row.setFocus()
        type_text(row.focusWidget(), key)
        assert row.value() == code

    def test_zero_is_not_said(self, put):
        row = put(ChoiceRow("Comment", CHOICES, not_said=True))
        row.setFocus()
        type_text(row.focusWidget(), "0")
        assert row.value() == NOT_SAID.code

    def test_arrows_choose_as_they_walk_and_go_round(self, put):
        row = put(ChoiceRow("Comment", CHOICES))
        row.set_value("telephone")
        row.setFocus()
        QTest.keyClick(row.focusWidget(), Qt.Key.Key_Right)
        assert row.value() == "visio"
        QTest.keyClick(row.focusWidget(), Qt.Key.Key_Down)
        assert row.value() == "sans_rdv"

    def test_a_letter_goes_to_the_label_it_starts(self, put):
        row = put(ChoiceRow("Comment", CHOICES))
        row.setFocus()
        type_text(row.focusWidget(), "v")
        assert row.value() == "visio"

    def test_tab_enters_once_on_what_is_chosen(self, put, page):
        row = put(ChoiceRow("Comment", CHOICES))
        put(QLineEdit()).setAccessibleName("après")
        row.set_value("visio")
        met = tab_order(page)
        assert [control.objectName() for control in met if row.isAncestorOf(control)] == [
            "choice_visio"
        ]

    def test_setting_a_value_is_silent_and_can_clear(self, put, qtbot):
        row = put(ChoiceRow("Comment", CHOICES))
        with qtbot.assertNotEmitted(row.chosen):
            row.set_value("visio")
            assert row.value() == "visio"
            row.set_value(None)
            assert row.value() is None
            row.set_value("a code of yesterday")
            assert row.value() is None

    def test_other_choices_keep_what_is_still_there(self, put):
        row = put(ChoiceRow("Comment", CHOICES))
        row.set_value("visio")
        row.set_choices(CHOICES[1:])
        assert row.value() == "visio"
        row.set_choices(CHOICES[:1])
        assert row.value() is None


class TestChoiceChips:
    """Any number of things."""

    def test_digits_tick_and_untick(self, put, qtbot):
        chips = put(ChoiceChips("Motifs", CHOICES))
        chips.setFocus()
        type_text(chips.focusWidget(), "13")
        assert chips.values() == ("sans_rdv", "visio")
        with qtbot.waitSignal(chips.changed):
            type_text(chips.focusWidget(), "1")
        assert chips.values() == ("visio",)

    def test_arrows_walk_and_space_ticks(self, put):
        chips = put(ChoiceChips("Motifs", CHOICES))
        chips.setFocus()
        QTest.keyClick(chips.focusWidget(), Qt.Key.Key_Right)
        assert chips.values() == ()
        QTest.keyClick(chips.focusWidget(), Qt.Key.Key_Space)
        assert chips.values() == ("telephone",)

    def test_not_said_stands_alone(self, put):
        chips = put(ChoiceChips("Motifs", CHOICES, not_said=True))
        chips.setFocus()
        type_text(chips.focusWidget(), "120")
        assert chips.values() == (NOT_SAID.code,)
        type_text(chips.focusWidget(), "2")
        assert chips.values() == ("telephone",)

    def test_a_choice_beyond_nine_has_no_digit_and_is_reached_by_its_letter(self, put):
        many = [Choice(code=str(place), label=f"Choix {place}") for place in range(10)]
        chips = put(ChoiceChips("Motifs", [*many, Choice(code="z", label="Zinc")]))
        chips.setFocus()
        type_text(chips.focusWidget(), "z")
        QTest.keyClick(chips.focusWidget(), Qt.Key.Key_Space)
        assert chips.values() == ("z",)

    def test_the_words_are_read_not_the_mark(self, put):
        chips = put(ChoiceChips("Motifs", [Choice(code="a", label="Achats & ventes")]))
        assert_every_control_is_named(chips)
        assert chips.findChild(QPushButton).accessibleName() == "Achats & ventes"
        assert chips.findChild(QPushButton).accessibleDescription() == "Motifs"


class TestToast:
    """What was done, and undoing it."""

    def test_ctrl_z_undoes_once(self, put, page):
        put(QPushButton("ailleurs")).setFocus()
        undone = []
        toast = Toast(page)
        toast.offer("Mise en relation annulée", lambda: undone.append(1))
        assert toast.text() == "Mise en relation annulée"
        for _ in range(2):
            QTest.keyClick(page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert undone == [1]
        assert toast.text() == ""

    def test_ctrl_z_in_a_text_stays_that_of_the_text(self, put, page):
        line = put(QLineEdit())
        line.setFocus()
        undone = []
        Toast(page).offer("Fait", lambda: undone.append(1))
        type_text(line, "a")
        QTest.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert line.text() == ""
        assert undone == []

    def test_the_newest_replaces_the_one_shown(self, page):
        undone = []
        toast = Toast(page)
        toast.offer("Premier", lambda: undone.append("premier"))
        toast.offer("Second", lambda: undone.append("second"), label="Défaire")
        toast.findChild(QPushButton, "undo").click()
        assert undone == ["second"]

    def test_what_cannot_be_undone_offers_nothing(self, page):
        toast = Toast(page)
        toast.offer("Copié")
        assert toast.findChild(QPushButton, "undo").isHidden()
        assert_every_control_is_named(toast)


class TestMessages:
    """Notices, empty lists, the state of the desk, the keys of a screen."""

    def test_a_notice_is_said_with_its_kind(self, put, qtbot):
        notice = put(InlineNotice())
        notice.show_notice(NoticeKind.REFUSAL, "Le disque est plein.", action="Réessayer")
        assert notice.accessibleName() == "Refus, Le disque est plein."
        with qtbot.waitSignal(notice.action_wanted):
            notice.findChild(QPushButton, "notice_action").click()
        assert_every_control_is_named(notice)
        notice.hide_notice()
        assert notice.text() == ""

    def test_an_empty_list_says_what_to_do_first(self, put, qtbot):
        empty = put(EmptyState("sun", "Rien aujourd’hui", "Commencez.", "Commencer"))
        with qtbot.waitSignal(empty.action_wanted):
            empty.findChild(QPushButton, "empty_action").click()

    def test_the_state_is_read_in_words_and_opens_by_enter(self, put, qtbot):
        status = put(StatusLine())
        status.set_words("Hors ligne · 3 à envoyer")
        assert status.accessibleName() == "État\u202f: Hors ligne · 3 à envoyer"
        status.setFocus()
        with qtbot.waitSignal(status.details_wanted):
            QTest.keyClick(status, Qt.Key.Key_Return)

    def test_a_card_without_a_title_keeps_no_room_for_it(self, put):
        card = put(SectionCard())
        card.add(QLabel("dedans"))
        assert card.accessibleName() == ""
        card.set_title("La demande")
        assert card.accessibleName() == "La demande"

    @pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_F1])
    def test_the_keys_close_and_give_the_focus_back(self, put, page, key):
        line = put(QLineEdit())
        line.setFocus()
        overlay = KeysOverlay(page)
        overlay.show_keys("Touches", [KeyHint(keys="Ctrl+Entrée", does="terminer")])
        assert overlay.isVisible()
        assert not line.hasFocus()
        QTest.keyClick(page.focusWidget(), key)
        assert not overlay.isVisible()
        assert line.hasFocus()


def test_a_flow_wraps_and_passes_over_what_is_hidden(qtbot, appearance):
    page = QWidget()
    qtbot.addWidget(page)
    flow = FlowLayout(page, gap=10)
    for _ in range(4):
        box = QWidget()
        box.setFixedSize(100, 20)
        flow.addWidget(box)
    assert flow.heightForWidth(1000) == 20
    assert flow.heightForWidth(210) == 50
    flow.itemAt(0).widget().hide()
    assert flow.heightForWidth(100) == 80


def test_a_label_survives_twenty_thousand_texts(qtbot):
    """Some releases of PySide6 lose a reference to None at each call, and kill the process."""
    label, line = QLabel(), QLineEdit()
    qtbot.addWidget(label)
    qtbot.addWidget(line)
    for place in range(20_000):
        label.setText(str(place))
        line.setText(str(place))
        line.clear()
    assert label.text() == "19999"
