"""The open desk: its screens, the search above them, the exchange beside them."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QPushButton, QWidget

from app.store.sync_port import StoreSyncPort
from app.usecases.referrals import Answer, answer_referral, list_referrals
from app.usecases.today import the_day
from tests.builders import (
    SECOND_DOOR,
    a_desk,
    a_person,
    a_referral,
    handed_over,
    person_of,
    received,
)
from tests.fakes.courier import carry
from tests.screens.accessibility import assert_every_control_is_named, assert_mnemonics_differ
from tests.screens.desk_windows import LAPTOP, Opened, desk_window
from ui.practice_hand import Album, Hand
from ui.reception.person_card import PersonCard
from ui.today.day_words import COUNTERS
from ui.widgets.row_list import RowList

SCREENS = ("today", "reception", "persons", "referrals", "directory", "exchange", "settings")
UNDER_A_PLACE = ("machines", "printing")
"""Screens that have no place of their own at the left."""
GROUP_WORDS = {
    "to_answer": ("Reçues", "À répondre"),
    "in_progress": ("Reçues", "En cours"),
    "to_send": ("Envoyées", "À envoyer"),
    "awaiting_answer": ("Envoyées", "En attente de réponse"),
    "answered": ("Envoyées", "Répondues"),
    "to_reorient": ("Envoyées", "À réorienter"),
    "overdue": ("Envoyées", "À relancer"),
    "to_close": ("Envoyées", "À clore"),
    "to_close_here": ("Reçues", "À clore"),
}


class WindowsShown(QObject):
    """Notes every window that is shown."""

    def __init__(self):
        super().__init__()
        self.names = []

    def eventFilter(self, watched, event):  # noqa: N802 -- Qt's own name
        shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget)
        if shown and watched.isWindow():
            self.names.append(watched.objectName() or type(watched).__name__)
        return False


@pytest.fixture
def hand(qtbot, appearance, settings, desk, tmp_path):
    with desk_window(desk, settings, appearance, size=LAPTOP) as opened:
        someone = Hand(Opened(opened.window, opened), Album(tmp_path / "album"))
        someone.take_focus()
        yield someone


def settle(hand, qtbot):
    """Wait until every answer asked for was shown."""
    runner = hand.desk._runner
    qtbot.waitUntil(lambda: runner.is_idle() and hand.desk._exchange.runner.is_idle())


def search(hand, text):
    hand.press(Qt.Key.Key_K, ctrl=True)
    hand.write(text)


def visible_words(root):
    return "\n".join(label.text() for label in root.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize("key", SCREENS + UNDER_A_PLACE)
def test_every_control_of_a_screen_is_named_and_its_letters_differ(hand, qtbot, desk, key):
    received(desk)
    hand.go(key)
    settle(hand, qtbot)
    assert hand.window.current_key() == key
    assert_every_control_is_named(hand.window)
    assert_mnemonics_differ(hand.window)


@pytest.mark.parametrize("key", SCREENS + UNDER_A_PLACE)
def test_no_screen_is_wider_than_a_small_laptop(hand, qtbot, key):
    hand.go(key)
    settle(hand, qtbot)
    hand.window.resize(1024, 700)
    assert hand.window.width() == 1024
    assert hand.window.minimumSizeHint().width() <= 1024


def test_no_part_of_a_screen_flashes_as_a_window_of_its_own(hand, qtbot, qapp, desk):
    received(desk)
    flashed = WindowsShown()
    qapp.installEventFilter(flashed)
    for key in SCREENS:
        hand.go(key)
        settle(hand, qtbot)
    qapp.removeEventFilter(flashed)
    assert flashed.names == []
    assert QApplication.activeWindow() is hand.window


def test_the_title_names_the_structure_and_nobody(hand, qtbot, desk):
    made = received(desk)
    title = hand.window.windowTitle()
    hand.desk._open_person(person_of(made))
    settle(hand, qtbot)
    assert hand.window.windowTitle() == title == f"Deux Portes — {desk.own_structure().name}"


def test_search_finds_a_person_and_opens_the_file(hand, qtbot, desk):
    received(desk)
    search(hand, "aubrun mael")
    qtbot.waitUntil(lambda: bool(hand.window.search.suggestions_shown()))
    assert "AUBRUN" in hand.window.search.suggestions_shown()[0].label.upper()
    hand.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: hand.window.current_key() == "persons")
    qtbot.waitUntil(lambda: "06 39 98 00 01" in visible_words(hand.window).replace("\u00a0", " "))
    assert hand.window.search.text() == ""


def test_enter_typed_faster_than_the_answer_takes_the_first(hand, qtbot, desk):
    received(desk)
    search(hand, "aubrun")
    hand.press(Qt.Key.Key_Return)
    assert hand.window.current_key() == "today"
    qtbot.waitUntil(lambda: hand.window.current_key() == "persons")
    settle(hand, qtbot)
    assert not hand.window.search.suggestions_shown()


def test_an_unknown_name_is_received_with_what_was_typed(hand, qtbot):
    search(hand, "Célestin Imaginaire")
    qtbot.waitUntil(lambda: bool(hand.window.search.suggestions_shown()))
    (offered,) = hand.window.search.suggestions_shown()
    assert offered.label == "Recevoir «\u00a0Célestin Imaginaire\u00a0»"
    hand.press(Qt.Key.Key_Return)
    assert hand.window.current_key() == "reception"
    settle(hand, qtbot)
    body = hand.window.screen("reception").body()
    assert {body["given_name"], body["family_name"]} == {"Célestin", "Imaginaire"}


@pytest.mark.parametrize("spell", [str.lower, lambda code: f"{code[:3]} {code[3:]}", "-".join])
def test_search_finds_a_referral_by_its_spoken_code(hand, qtbot, desk, spell):
    handed_over(desk)
    (line,) = list_referrals(desk)
    search(hand, spell(line.short_id))
    qtbot.waitUntil(lambda: bool(hand.window.search.suggestions_shown()))
    first = hand.window.search.suggestions_shown()[0]
    assert first.label == f"Mise en relation {line.short_id} · Maëlys Aubrun"
    hand.press(Qt.Key.Key_Return)
    settle(hand, qtbot)
    assert hand.window.current_key() == "referrals"
    assert line.short_id in visible_words(hand.window)


def test_a_refusal_leads_in_one_key_to_the_page_of_the_next(hand, qtbot, desk, tmp_path):
    handed_over(desk)
    other = a_desk(tmp_path / "other", reference=SECOND_DOOR)
    carry(desk, other)
    (line,) = list_referrals(other)
    answer_referral(other, line.referral, Answer(status="refusee", reason="complet"))
    carry(other, desk)
    other.workspace.close()
    (ours,) = list_referrals(desk)
    hand.desk._open_referral(ours.referral)
    settle(hand, qtbot)
    hand.press(Qt.Key.Key_R, ctrl=True)
    settle(hand, qtbot)
    assert hand.window.current_key() == "reception"
    assert hand.window.screen("reception").body()["expressed"] == "Je cherche une formation."


def test_search_goes_to_a_screen_by_its_name(hand, qtbot):
    search(hand, "regla")
    qtbot.waitUntil(lambda: bool(hand.window.search.suggestions_shown()))
    hand.press(Qt.Key.Key_Return)
    assert hand.window.current_key() == "settings"


def test_enter_on_nothing_goes_nowhere(hand, qtbot):
    search(hand, "   ")
    hand.press(Qt.Key.Key_Return)
    settle(hand, qtbot)
    assert hand.window.current_key() == "today"


@pytest.fixture
def busy_desk(desk, tmp_path, clock):
    """A desk with referrals of every count of the day: sent, answered, waiting, in progress."""
    from app.usecases import referrals

    other = a_desk(tmp_path / "other", reference=SECOND_DOOR, clock=clock)
    here = desk.own_structure().reference

    def exchange():
        carry(desk, other)
        carry(other, desk)
        referrals.acknowledge_arrivals(other)
        referrals.acknowledge_arrivals(desk)
        carry(other, desk)
        carry(desk, other)

    for name in ("Un", "Deux", "Trois", "Huit"):
        handed_over(desk, person=a_person(family_name=name))
    for name in ("Quatre", "Cinq", "Six"):
        handed_over(other, person=a_person(family_name=name), referral=a_referral(to=here))
    exchange()
    answer = Answer(status="acceptee", message="", reason="")
    referrals.answer_referral(other, list_referrals(other, "in")[0].referral, answer)
    referrals.answer_referral(desk, list_referrals(desk, "in")[0].referral, answer)
    refusal = Answer(status="refusee", reason="complet")
    referrals.answer_referral(other, list_referrals(other, "in")[1].referral, refusal)
    exchange()
    desk.clock.tick(days=70)
    StoreSyncPort(desk.workspace).note_contact(desk.now())
    handed_over(desk, person=a_person(family_name="Sept"))
    other.workspace.close()
    return desk


@pytest.mark.parametrize("figure", COUNTERS)
def test_a_figure_of_the_day_opens_exactly_the_list_it_counts(busy_desk, hand, qtbot, figure):
    counted = {line.referral for line in getattr(the_day(busy_desk), figure)}
    assert counted
    settle(hand, qtbot)
    button = hand.part(QPushButton, f"counter_{figure}")
    qtbot.waitUntil(lambda: button.accessibleName().startswith(f"{len(counted)} "))
    button.click()
    assert hand.window.current_key() == "referrals"
    settle(hand, qtbot)
    rows = hand.part(QListView, "referral_rows").model().rows()
    assert {row.referral for row in rows} == counted
    chosen = [
        chip.text()
        for name in ("referral_directions", "referral_groups")
        for chip in hand.part(QWidget, name).findChildren(QPushButton)
        if chip.isChecked() and chip.isVisible()
    ]
    for words, text in zip(GROUP_WORDS[figure], chosen, strict=True):
        assert text.startswith(words)


def test_turned_towards_the_person_the_screen_shows_no_name(hand, qtbot, desk):
    received(desk)
    hand.go("today")
    settle(hand, qtbot)
    rows = hand.part(RowList, "receptions")
    assert rows.rows_shown() == 1
    search(hand, "aubrun")
    hand.press(Qt.Key.Key_F8)
    settle(hand, qtbot)
    assert hand.window.current_key() == "reception"
    assert hand.window.search.text() == ""
    assert not hand.part(PersonCard, "").isVisible()
    search(hand, "aubrun")
    qtbot.waitUntil(lambda: bool(hand.window.search.suggestions_shown()))
    assert [row.label[:8] for row in hand.window.search.suggestions_shown()] == ["Recevoir"]
    hand.go("today")
    settle(hand, qtbot)
    assert rows.rows_shown() == 0
    hand.press(Qt.Key.Key_F8)
    settle(hand, qtbot)
    assert rows.rows_shown() == 1


def test_after_saving_the_page_is_empty_and_shows_its_top(hand, qtbot):
    page = hand.go("reception")
    settle(hand, qtbot)
    hand.write("Je cherche un apprentissage.")
    page.go_to("outcome")
    hand.press(Qt.Key.Key_1)
    scroll = page._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: scroll.value() > 0)
    hand.press(Qt.Key.Key_Return, ctrl=True)
    qtbot.waitUntil(lambda: page.body()["expressed"] == "")
    settle(hand, qtbot)
    qtbot.waitUntil(lambda: scroll.value() == 0)
    assert QApplication.focusWidget().objectName() == "expressed"
    assert hand.window.toast.text()


def test_what_is_said_after_saving_covers_no_button_of_the_page(hand, qtbot):
    hand.go("reception")
    settle(hand, qtbot)
    hand.window.offer_undo("Enregistré ici · fiche à envoyer à une structure (exemple)", None)
    toast, inside = hand.window.toast, hand.window.centralWidget()
    for name in ("save", "discard"):
        button = hand.part(QPushButton, name)
        place = button.rect().translated(button.mapTo(inside, button.rect().topLeft()))
        assert not toast.geometry().intersects(place)


def test_the_column_of_places_is_as_wide_whatever_the_structure(
    hand, qtbot, appearance, settings, tmp_path
):
    from app.usecases.desk import name_own_structure

    other = a_desk(tmp_path / "named")
    own = other.own_structure()
    long = "Conseil en évolution professionnelle, antenne de la Brenne et du Boischaut (exemple)"
    name_own_structure(other, structure=own.id, name=long, reference=own.reference)
    with desk_window(other, settings, appearance, size=LAPTOP) as second:
        assert second.window.navigation.width() == hand.window.navigation.width()


def test_f5_exchanges_now_and_says_in_words_why_it_could_not(hand, qtbot, desk):
    hand.go("exchange")
    settle(hand, qtbot)
    with qtbot.waitSignal(hand.desk.loop.failed, timeout=20_000) as failed:
        hand.press(Qt.Key.Key_F5)
    assert failed.args[0].code == "no_region"
    settle(hand, qtbot)
    qtbot.waitUntil(lambda: "Échange en cours" not in hand.window.status.words())
    assert hand.window.status.words()


def test_what_is_saved_plans_an_exchange(hand, qtbot, desk):
    page = hand.go("reception")
    settle(hand, qtbot)
    hand.desk.loop._timer.stop()  # the exchange that the opening of the desk planned
    hand.write("Je cherche un apprentissage.")
    hand.press(Qt.Key.Key_Return, ctrl=True)
    qtbot.waitUntil(lambda: page.body()["expressed"] == "")
    settle(hand, qtbot)
    qtbot.waitUntil(hand.desk.loop._timer.isActive)
    assert hand.desk.loop._timer.remainingTime() < 30_000


def test_f1_lists_the_keys_of_the_desk_and_of_the_screen(hand, qtbot):
    hand.go("reception")
    hand.press(Qt.Key.Key_F1)
    said = visible_words(hand.window.keys_overlay)
    assert "Ctrl+Entrée" in said
    assert "Ctrl+L" in said


def test_alt_and_a_digit_goes_to_each_screen_in_order(hand):
    from PySide6.QtTest import QTest

    for digit, key in enumerate(SCREENS, start=1):
        QTest.keyClick(hand.window, Qt.Key(Qt.Key.Key_0 + digit), Qt.KeyboardModifier.AltModifier)
        assert hand.window.current_key() == key


def test_the_page_of_a_reception_is_made_before_it_is_wanted(hand, qtbot):
    qtbot.waitUntil(lambda: hand.window.is_built("reception"))
    assert hand.window.current_key() == "today"
    assert isinstance(hand.part(QLineEdit, "search_line"), QLineEdit)
