"""The card « Ses droits »: requests within their month, agreements taken back, by the keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton

from app.changes import Changes, Topic
from app.domain.errors import UnknownRecordError
from app.usecases.persons import open_person
from app.usecases.referrals import open_referral
from app.usecases.rights import RequestAnswer, answer_request, ask, requests
from app.usecases.slip_files import note_file_made
from tests.builders import (
    ON_PAPER,
    a_person,
    a_referral,
    handed_over,
    person_of,
    received,
    referral_of,
)
from tests.fakes.runner import DirectRunner, StepRunner
from tests.screens.accessibility import assert_every_control_is_named, assert_mnemonics_differ
from ui.desk_actions import DeskActions
from ui.person.presenter import PersonPresenter
from ui.person.rights_card import RightsCard
from ui.person.rights_presenter import RightsPresenter
from ui.person.view import PersonView
from ui.widgets.choices import ChoiceRow

YOUNG = {"person": a_person(birth_on="2012-02-14"), "agreed_by": "representant"}


class Screen:
    """The screen of persons over a real desk, and what it told others."""

    def __init__(self, desk, put, runner=None):
        runner = runner or DirectRunner()
        self.view = put(PersonView())
        self.published, self.said, self.undo = [], [], []
        actions = DeskActions(desk, self._publish)
        self.presenter = PersonPresenter(self.view, actions.persons(), runner)
        self.rights = RightsPresenter(self.view.rights, actions.rights(), runner)
        self.view.attach(self.presenter)
        self.view.attach_rights(self.rights)
        self.view.said.connect(self.said.append)
        self.view.undoable.connect(self._undoable)

    def _publish(self, changes):
        self.published.append(changes)
        self.presenter.changed(changes)
        self.rights.changed(changes)

    def _undoable(self, text, undo):
        self.said.append(text)
        self.undo.append(undo)

    def open(self, made):
        self.view.open_person(person_of(made))

    def press(self, name):
        shown = [one for one in self.view.findChildren(QPushButton, name) if self._is_shown(one)]
        shown[0].click()

    def shows(self, name):
        return any(map(self._is_shown, self.view.findChildren(QPushButton, name)))

    def type(self, kind, name, text):
        field = self.view.rights.findChild(kind, name)
        put = field.setPlainText if kind is QPlainTextEdit else field.setText
        put(text)

    def words(self):
        labels = self.view.rights.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if self._is_shown(label))

    def _is_shown(self, widget):
        return widget.isVisibleTo(self.view)


@pytest.fixture
def screen(desk, put):
    return Screen(desk, put)


def keys(text, widget):
    for key in text:
        QTest.keyClick(widget.focusWidget() or widget, key)


def test_a_request_is_noted_by_the_keyboard_alone(desk, screen, page, qtbot):
    made = received(desk)
    screen.open(made)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    QTest.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: screen.shows("request_send"))
    QTest.keyClick(page.focusWidget(), "4")
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_J, Qt.KeyboardModifier.AltModifier)
    keys("02112026", page)
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    keys("tout", page)
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (line,) = requests(desk)
    assert (line.kind, line.asked_on.isoformat(), line.words) == (
        "effacement",
        "2026-11-02",
        "tout",
    )
    assert screen.said == ["Demande notée"]
    assert "À répondre avant le 2\u00a0décembre\u00a02026 (8\u00a0jours)" in screen.words()


def test_escape_closes_the_form_and_keeps_the_file_and_what_was_typed(desk, screen, page, qtbot):
    screen.open(received(desk))
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    screen.press("request_open")
    screen.type(QPlainTextEdit, "request_words", "Ses mots")
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Escape)
    assert not screen.shows("request_send")
    assert screen.view.shown_person() is not None
    assert page.focusWidget().objectName() == "request_open"
    screen.press("request_open")
    assert screen.view.rights.findChild(QPlainTextEdit, "request_words").toPlainText() == "Ses mots"
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Escape)
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Escape)
    assert screen.view.shown_person() is None


@pytest.mark.parametrize(
    ("kind", "day", "lack"),
    [
        ("", "", "Choisissez ce que la personne demande."),
        ("acces", "31/2/2026", "Ce jour n’existe pas"),
        ("acces", "25/11/2026", "trop loin dans l’avenir"),
    ],
)
def test_a_request_that_lacks_something_says_what_and_is_not_noted(desk, screen, kind, day, lack):
    screen.open(received(desk))
    screen.press("request_open")
    screen.view.rights.findChild(ChoiceRow, "request_kind").set_value(kind or None)
    line = screen.view.rights.findChild(QLineEdit, "date_line")
    line.setText(day)
    line.editingFinished.emit()
    screen.press("request_send")
    assert lack in screen.words()
    assert requests(desk) == []


def test_a_request_noted_by_mistake_is_undone(desk, screen):
    screen.open(received(desk))
    screen.press("request_open")
    screen.view.rights.findChild(ChoiceRow, "request_kind").set_value("acces")
    screen.press("request_send")
    assert len(requests(desk)) == 1
    screen.undo[-1]()
    assert requests(desk) == []
    assert "À répondre" not in screen.words()


def test_a_late_request_says_so_in_words(desk, screen):
    made = received(desk)
    ask(desk, person_of(made), "acces", words="Tout (exemple)")
    desk.clock.tick(days=32)
    screen.open(made)
    said = "En retard de 2\u00a0jours\u202f: à répondre avant le 24\u00a0décembre\u00a02026"
    assert said in screen.words()
    assert "«\u00a0Tout (exemple)\u00a0»" in screen.words()


@pytest.mark.parametrize(
    ("days", "said"),
    [(29, "(1\u00a0jour)"), (30, "À répondre aujourd’hui"), (31, "En retard de 1\u00a0jour")],
)
def test_the_month_runs_out_in_words_day_by_day(desk, screen, days, said):
    made = received(desk)
    ask(desk, person_of(made), "opposition")
    screen.open(made)
    assert "(30\u00a0jours)" in screen.words()
    desk.clock.tick(days=days)
    screen.rights.changed(Changes(topics=frozenset({Topic.PERSONS})))
    assert said in screen.words()


def test_an_answer_is_noted_and_taken_back(desk, screen):
    made = received(desk)
    ask(desk, person_of(made), "rectification")
    screen.open(made)
    screen.press("answer_open")
    screen.view.rights.findChild(ChoiceRow, "answer_choice").set_value("fait")
    screen.type(QPlainTextEdit, "answer_words", "Corrigé avec elle (exemple)")
    screen.press("answer_send")
    assert requests(desk, only_open=True) == []
    assert "Corriger ce qui est faux\u202f: fait" in screen.words()
    assert "Corrigé avec elle (exemple)" in screen.words()
    screen.undo[-1]()
    assert len(requests(desk, only_open=True)) == 1


def test_a_refusal_says_why(desk, screen):
    made = received(desk)
    ask(desk, person_of(made), "effacement")
    screen.open(made)
    screen.press("answer_open")
    screen.press("answer_send")
    assert "Choisissez ce qui est répondu." in screen.words()
    screen.view.rights.findChild(ChoiceRow, "answer_choice").set_value("refuse")
    screen.press("answer_send")
    assert "Dites pourquoi" in screen.words()
    assert len(requests(desk, only_open=True)) == 1


def test_an_answer_given_elsewhere_meanwhile_is_said(desk, put):
    made = received(desk)
    request, _ = ask(desk, person_of(made), "acces")
    runner = StepRunner()
    screen = Screen(desk, put, runner)
    screen.open(made)
    runner.run_all()
    answer_request(desk, request, RequestAnswer(answer="fait"))
    screen.rights.answer(request, "fait", "")
    runner.run_all()
    assert "a déjà reçu sa réponse" in screen.words()
    assert not screen.shows("answer_open")


def test_one_form_is_open_at_a_time(desk, screen):
    made = received(desk)
    ask(desk, person_of(made), "acces")
    ask(desk, person_of(made), "rectification")
    screen.open(made)
    screen.press("request_open")
    screen.press("answer_open")
    assert not screen.shows("request_send")
    screen.press("answer_open")
    sends = screen.view.rights.findChildren(QPushButton, "answer_send")
    assert [one.isVisibleTo(screen.view) for one in sends] == [False, True]


def test_what_is_being_typed_stays_when_something_moves(desk, screen):
    made = received(desk)
    ask(desk, person_of(made), "acces")
    screen.open(made)
    screen.press("answer_open")
    screen.type(QPlainTextEdit, "answer_words", "À moitié")
    _other, changes = ask(desk, person_of(made), "rectification")
    screen.rights.changed(changes)
    assert screen.shows("answer_send")
    words = screen.view.rights.findChild(QPlainTextEdit, "answer_words")
    assert words.toPlainText() == "À moitié"


def test_what_was_typed_of_somebody_is_not_shown_of_another(desk, screen):
    one, other = received(desk), received(desk, person=a_person(family_name="Exemple"))
    screen.open(one)
    screen.press("request_open")
    screen.type(QPlainTextEdit, "request_words", "Ses mots")
    screen.open(other)
    assert not screen.shows("request_send")
    assert screen.view.rights.findChild(QPlainTextEdit, "request_words").toPlainText() == ""


def test_agreements_say_who_gave_them_for_whom_and_for_what(desk, screen):
    made = handed_over(desk, **YOUNG, barriers=("sante",), sensitive_agreed=("sante",))
    screen.open(made)
    words = screen.words()
    assert "Accord donné pour transmettre son dossier" in words
    assert "Mission locale d’entraînement, antenne du Blanc (exemple)" in words
    assert "Accord donné pour écrire\u202f: Santé" in words
    assert words.count("par son représentant légal") == 3


def test_taking_an_agreement_back_says_what_stops_then_stops_it(desk, screen):
    made = handed_over(desk)
    screen.open(made)
    screen.press("withdraw_ask")
    words = screen.words()
    assert "La mise en relation avec Mission locale" in words
    assert "est retirée\u202f; elle l’apprendra au prochain échange." in words
    screen.press("withdraw_keep")
    assert open_referral(desk, referral_of(made)).status != "retiree_par_la_personne"
    screen.press("withdraw_ask")
    screen.press("withdraw_confirm")
    assert open_referral(desk, referral_of(made)).status == "retiree_par_la_personne"
    assert "Retiré le 24\u00a0novembre\u00a02026" in screen.words()
    assert screen.said == ["L’accord est retiré"]
    assert screen.undo == []


def test_on_paper_the_recipient_is_to_be_told(desk, screen):
    screen.open(handed_over(desk, referral=a_referral(to=ON_PAPER)))
    screen.press("withdraw_ask")
    assert "prévenez-la, elle a reçu la fiche sur papier" in screen.words()


def test_who_received_a_locked_file_is_to_be_told_too(desk, screen):
    made = handed_over(desk, referral=a_referral(to=ON_PAPER))
    note_file_made(desk, referral_of(made))
    screen.open(made)
    screen.press("withdraw_ask")
    assert "prévenez-la, elle a reçu la fiche par fichier chiffré" in screen.words()


def test_of_several_agreements_to_the_same_thing_one_takes_all_back(desk, screen):
    made = received(desk)
    desk.clock.tick(days=1)
    received(desk, person=a_person(known=made.person))
    screen.open(made)
    asks = screen.view.rights.findChildren(QPushButton, "withdraw_ask")
    assert sum(one.isVisibleTo(screen.view) for one in asks) == 1
    screen.press("withdraw_ask")
    assert "Plus rien ne sera écrit à son nom" in screen.words()
    screen.press("withdraw_confirm")
    assert not any(line.stands for line in open_person(desk, person_of(made)).agreements)
    assert not screen.shows("withdraw_ask")


def test_a_refusal_is_nothing_to_take_back(desk, screen):
    screen.open(handed_over(desk, referral=a_referral(agreement=False)))
    assert "Accord refusé pour transmettre son dossier" in screen.words()
    asks = screen.view.rights.findChildren(QPushButton, "withdraw_ask")
    assert sum(one.isVisibleTo(screen.view) for one in asks) == 1  # the agreement to record


@pytest.mark.parametrize("noted", [True, False])
def test_erasing_offers_to_note_the_answer_to_an_open_request(desk, screen, noted):
    made = received(desk)
    ask(desk, person_of(made), "effacement", asked_on="2026-11-02")
    screen.open(made)
    screen.press("erase_ask")
    answers = screen.view.findChild(QCheckBox, "erase_answers")
    assert answers.isVisibleTo(screen.view)
    assert "sa demande du 2\u00a0novembre\u00a02026" in answers.text()
    answers.setChecked(noted)
    screen.press("erase_confirm")
    (line,) = requests(desk)
    assert (line.answer, line.display_name) == ("fait" if noted else "", "")
    with pytest.raises(UnknownRecordError):
        open_person(desk, person_of(made))


def test_erasing_without_a_request_offers_nothing(desk, screen):
    made = received(desk)
    ask(desk, person_of(made), "acces")
    screen.open(made)
    screen.press("erase_ask")
    assert not screen.view.findChild(QCheckBox, "erase_answers").isVisibleTo(screen.view)


def test_every_control_is_named_and_each_letter_means_one_thing(desk, screen):
    made = handed_over(desk)
    for kind in ("acces", "effacement"):
        ask(desk, person_of(made), kind)
    screen.open(made)
    screen.press("erase_ask")
    screen.press("withdraw_ask")
    for form in ("request_open", "answer_open"):
        screen.press(form)
        assert_every_control_is_named(screen.view)
        assert_mnemonics_differ(screen.view)
    names = [one.accessibleName() for one in screen.view.findChildren(QPushButton, "answer_open")]
    assert len(set(names)) == 2


def test_the_focus_stays_in_the_card_when_an_answered_request_goes(desk, screen, page, qtbot):
    made = received(desk)
    ask(desk, person_of(made), "acces")
    screen.open(made)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    screen.press("answer_open")
    QTest.keyClick(page.focusWidget(), "1")
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert requests(desk, only_open=True) == []
    assert page.focusWidget().objectName() == "request_open"


def test_a_problem_is_said_calmly_in_the_card(qtbot, put):
    card = put(RightsCard())
    card.show_problem("Le disque est plein.")
    assert "Le disque est plein." in "\n".join(one.text() for one in card.findChildren(QLabel))
