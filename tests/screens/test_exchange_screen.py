"""The screen of the exchange: counts always true, offline calm, waiting that can be left."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QWidget

from app.domain.errors import AppError
from app.store.sync_port import StoreSyncPort
from app.usecases.exchange_status import exchange_status
from tests.builders import a_referral, handed_over, received
from tests.fakes.courier import sealed_by
from tests.fakes.runner import DirectRunner
from tests.screens.accessibility import assert_every_control_is_named
from ui.exchange.page import Due, Outcome, Record, outcome_words, record_rows, size_words
from ui.exchange.presenter import ExchangeActions, ExchangePresenter
from ui.exchange.view import ExchangeView
from ui.widgets.fact_grid import FactGrid
from ui.widgets.row_list import RowList

STATES = (
    "pending",
    "on_stick",
    "sent",
    "acknowledged",
    "received",
    "pulled",
    "confined",
    "quarantine",
)


class AwayError(AppError):
    """Stands for the relay that does not answer."""

    code = "relay_absent"


@dataclass
class Far:
    """How far an exchange is, as it tells it."""

    stage: str
    bytes_up: int
    bytes_down: int
    to_send_bytes: int


def words_of(screen):
    return screen.label("exchange_result").replace("\u00a0", " ")


class Screen:
    """A screen over a real desk, and an exchange that happens when the test says."""

    def __init__(self, desk, clock, put):
        self.desk = desk
        self.asked = self.stopped = 0
        self.begins = True
        self.due = []
        self.view = put(ExchangeView())
        actions = ExchangeActions(
            status=lambda: exchange_status(desk),
            records=self._records,
            standing=lambda: self.due,
            run=self._run,
            stop=self._stop,
            now=clock.now,
        )
        self.presenter = ExchangePresenter(self.view, actions, DirectRunner())
        self.view.attach(self.presenter)
        self.presenter.refresh()

    def _records(self, state):
        return [Record(kind="encounter", at_s=1)] * getattr(exchange_status(self.desk), state)

    def _run(self):
        self.asked += 1
        if self.begins:
            self.presenter.began()

    def _stop(self):
        self.stopped += 1

    def label(self, name):
        return self.view.findChild(QLabel, name).text()

    def button(self, name):
        return self.view.findChild(QPushButton, name)

    def shows(self, kind, name):
        return self.view.findChild(kind, name).isVisibleTo(self.view)

    def figure(self, state):
        words = [label.text() for label in self.button(f"tile_{state}").findChildren(QLabel)]
        return next(int(text) for text in words if text.isdigit())

    def facts(self):
        return {fact.label: fact.value for fact in self.view.findChild(FactGrid).facts()}


@pytest.fixture
def screen(desk, clock, put):
    return Screen(desk, clock, put)


def test_every_count_is_that_of_the_file(desk, screen):
    handed_over(desk)
    StoreSyncPort(desk.workspace).mark_sent([pulled.bundle.name for pulled in sealed_by(desk)])
    handed_over(desk, referral=a_referral(agreement=False))
    made = received(desk)
    screen.presenter.changed(made.changes)
    status = exchange_status(desk)
    assert {state: screen.figure(state) for state in STATES} == {
        state: getattr(status, state) for state in STATES
    }
    assert status.pending
    assert status.sent
    assert status.confined


@pytest.mark.parametrize("state", STATES)
def test_a_count_opens_as_many_rows_as_it_says(desk, screen, state):
    received(desk)
    handed_over(desk, referral=a_referral(agreement=False))
    screen.presenter.refresh()
    figure = screen.figure(state)
    screen.button(f"tile_{state}").click()
    assert screen.view.findChild(RowList, "record_rows").rows_shown() == figure


def test_escape_comes_back_to_the_count_that_was_opened(desk, screen, page, qtbot):
    received(desk)
    screen.presenter.refresh()
    screen.button("tile_pending").click()
    with qtbot.waitActive(page):
        page.activateWindow()
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Escape)
    assert page.focusWidget() is screen.button("tile_pending")


def test_the_age_of_the_oldest_record_to_send_is_said(desk, clock, screen):
    received(desk)
    clock.tick(days=3)
    screen.presenter.refresh()
    assert "depuis 3\u00a0jours" in screen.label("exchange_oldest")
    assert screen.shows(QLabel, "exchange_oldest")


def test_nothing_is_said_of_the_oldest_when_nothing_waits(screen):
    assert not screen.shows(QLabel, "exchange_oldest")


def test_the_last_failure_says_its_cause_and_what_to_do(desk, clock, screen):
    StoreSyncPort(desk.workspace).note_failure(code="relay_absent", message="", at=clock.now())
    screen.presenter.refresh()
    said = screen.facts()["Dernier essai sans succès"]
    assert "Le relais ne répond pas" in said
    assert "partira au prochain échange" in said
    assert screen.label("exchange_state").startswith("Hors ligne")


def test_a_failure_of_a_newer_version_is_still_said(desk, clock, screen):
    StoreSyncPort(desk.workspace).note_failure(code="d_un_autre_temps", message="", at=clock.now())
    screen.presenter.refresh()
    assert "d_un_autre_temps" in screen.facts()["Dernier essai sans succès"]


def test_offline_is_never_shown_as_a_refusal(desk, clock, screen):
    StoreSyncPort(desk.workspace).note_failure(code="relay_absent", message="", at=clock.now())
    screen.presenter.failed(AwayError())
    kinds = {widget.property("notice") for widget in screen.view.findChildren(QWidget)}
    shown = [each for each in screen.view.findChildren(QLabel) if each.isVisibleTo(screen.view)]
    assert "refusal" not in kinds
    assert "error" not in {label.property("kind") for label in shown}
    assert "Rien n’est perdu" in screen.label("exchange_result")


def test_f5_asks_for_an_exchange_and_shows_that_it_runs(screen, page, qtbot):
    with qtbot.waitActive(page):
        page.activateWindow()
    QTest.keyClick(page, Qt.Key.Key_F5)
    assert screen.asked == 1
    assert screen.shows(QProgressBar, "exchange_progress")
    assert screen.shows(QPushButton, "exchange_stop")
    assert not screen.shows(QPushButton, "exchange_now")


def test_asking_twice_exchanges_once(screen):
    screen.presenter.exchange_now()
    screen.presenter.exchange_now()
    assert screen.asked == 1


def test_one_can_stop_an_exchange_and_hears_that_all_is_kept(screen):
    screen.button("exchange_now").click()
    screen.button("exchange_stop").click()
    assert screen.stopped == 1
    assert "Arrêt demandé" in screen.label("exchange_result")
    screen.presenter.stopped()
    assert not screen.shows(QProgressBar, "exchange_progress")
    assert screen.shows(QPushButton, "exchange_now")
    assert "Ce qui était passé est gardé" in screen.label("exchange_result")


def test_an_exchange_says_how_far_it_is_in_words_and_on_a_bar(screen):
    screen.presenter.began()
    bar = screen.view.findChild(QProgressBar, "exchange_progress")
    assert bar.maximum() == 0  # nobody knows yet
    screen.presenter.progressed(Far("sending", 12_000, 900, 40_000))
    assert words_of(screen) == "Envoi\u202f: 12 Ko sur 40 Ko"
    assert bar.value() / bar.maximum() == pytest.approx(0.3)
    screen.presenter.progressed(Far("receiving", 40_000, 8_100, 0))
    assert words_of(screen) == "Réception\u202f: 8,1 Ko reçus"
    screen.presenter.progressed(Far("calling", 90, 0, 0))
    assert words_of(screen) == "Appel du relais…"


def test_an_exchange_that_waits_for_a_stick_says_so_to_who_asked(desk, clock, put):
    screen = Screen(desk, clock, put)
    screen.presenter.waits()
    assert "juste après" not in screen.label("exchange_result")
    screen.begins = False
    screen.button("exchange_now").click()
    screen.presenter.waits()
    assert "se fera juste après" in screen.label("exchange_result")
    assert screen.shows(QPushButton, "exchange_stop")


def test_an_exchange_that_began_by_itself_is_shown_too(screen):
    screen.presenter.began()
    assert screen.shows(QProgressBar, "exchange_progress")
    screen.presenter.finished(Outcome(sent=0, received=0, bytes_sent=90, bytes_received=80))
    assert not screen.shows(QProgressBar, "exchange_progress")
    assert "tout est à jour" in screen.label("exchange_result")


def test_the_result_counts_records_and_bytes():
    outcome = Outcome(sent=4, received=2, bytes_sent=3_120, bytes_received=900)
    assert outcome_words(outcome).replace("\u00a0", " ") == (
        "4 enregistrements partis, 2 arrivés, 3,1 Ko envoyés."
    )


def test_what_was_refused_or_set_aside_is_not_hidden():
    outcome = Outcome(sent=0, received=0, bytes_sent=9, bytes_received=9, set_aside=1, refused=2)
    said = outcome_words(outcome).replace("\u00a0", " ")
    assert "2 paquets refusés par le relais." in said
    assert "1 paquet mis en quarantaine." in said
    assert "à jour" not in said


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0 octet"), (812, "812 octets"), (1_000, "1 Ko"), (3_149, "3,1 Ko"), (24e6, "24 Mo")],
)
def test_sizes_are_said_in_french_units(size, said):
    assert size_words(int(size)).replace("\u00a0", " ") == said


def test_a_record_of_a_newer_version_is_listed(clock):
    (row,) = record_rows("pending", [Record(kind="avenir", at_s=1)], clock.now())
    assert "version plus récente" in row.what


@pytest.mark.parametrize("state", [state for state in STATES if state != "quarantine"])
def test_a_record_says_no_more_than_the_title_of_its_list(clock, state):
    (row,) = record_rows(state, [Record(kind="encounter", at_s=1)], clock.now())
    assert row.state == ""


def test_a_record_names_the_structures_that_hold_it(clock):
    held = Record(kind="encounter", at_s=1, holders=("Le Blanc (exemple)", "Issoudun (exemple)"))
    (row,) = record_rows("received", [held], clock.now())
    assert row.state == "Reçu par Le Blanc (exemple) et Issoudun (exemple)"


def test_what_is_set_aside_says_why(clock):
    (row,) = record_rows("quarantine", [Record(kind="missing_key", at_s=0)], clock.now())
    assert (row.what, row.when) == ("Paquet scellé", "")
    assert row.state == "Clé pas encore reçue"


def test_what_somebody_must_see_to_is_shown_only_when_there_is_something(screen):
    assert not screen.shows(QWidget, "due")
    screen.due = [Due(text="Le certificat de ce poste prend fin le 3 mars 2027.")]
    screen.presenter.refresh()
    assert screen.shows(QWidget, "due")
    assert screen.label("due_sentence") == screen.due[0].text
    screen.due = []
    screen.presenter.refresh()
    assert not screen.shows(QWidget, "due")


def test_a_write_reads_the_counts_again_and_not_what_is_due(desk, screen):
    screen.due = ["Rien qui presse."]
    screen.presenter.changed(received(desk).changes)
    assert screen.figure("pending")
    assert not screen.shows(QWidget, "due")


def test_every_control_is_named_with_its_count(desk, screen):
    received(desk)
    screen.presenter.refresh()
    assert_every_control_is_named(screen.view)
    assert "À envoyer\u202f: " in screen.button("tile_pending").accessibleName()
    screen.button("tile_pending").click()
    assert_every_control_is_named(screen.view)
