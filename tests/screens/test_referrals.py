"""The screen of referrals: the groups of the day, what was handed over, the answer."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListView, QPushButton, QWidget

from app.domain.referral import ACCEPTED, CONSIDERED, REFUSED, TO_SEND
from app.store.stick_port import StoreStickPort
from app.store.sync_port import StoreSyncPort
from app.usecases import referrals
from app.usecases.desk import CLOCK_DOUBT
from app.usecases.referrals import IN, OUT, Answer
from app.usecases.today import the_day
from tests.builders import a_person, a_referral, handed_over
from tests.fakes.courier import acknowledged, carry, deliver, sealed_by
from tests.screens.accessibility import assert_every_control_is_named
from ui.referrals.groups import GROUPS
from ui.referrals.transmitted import transmitted_parts
from ui.widgets.choices import ChoiceRow
from ui.widgets.growing_text import GrowingText
from ui.widgets.referral_words import telephone_words
from ui.widgets.spoken_list import ROW_ROLE, SpokenRows
from ui.widgets.timeline import Timeline

WHOLE = {
    "expressed": "L’usine ferme à Noël.",
    "analysed": "Attiré par la maintenance.",
    "purpose": "securiser_transition",
    "motives": ("reconversion",),
    "needs": ("bilan_competences",),
    "barriers": ("mobilite",),
    "status": "cdi",
    "level_reached": "3",
    "age_band": "45_54",
    "referral": a_referral(
        handover="rdv_pris",
        deadline_on="2026-12-18",
        deadline_reason="licenciement",
        message="Appeler après 17 h.",
    ),
}


@pytest.fixture
def received(doors):
    """The second door's screen, open on what it has just received."""
    doors.hand_over(**WHOLE)
    (line,) = referrals.list_referrals(doors.second, IN)
    view = doors.screen(doors.second)
    view.open_referral(line.referral)
    return view


def rows(view):
    model = view.findChild(QListView, "referral_rows").model()
    return [model.index(row, 0).data(ROW_ROLE) for row in range(model.rowCount())]


def words_of(view):
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view))


def choose(view, group, code):
    view.findChild(ChoiceRow, group).findChild(QPushButton, f"choice_{code}").click()


def send(view):
    view.findChild(QPushButton, "answer_send").click()


def status_at(desk, direction):
    (line,) = referrals.list_referrals(desk, direction)
    return line.status


@pytest.mark.parametrize(
    ("direction", "group"),
    [(direction, group.key) for direction, groups in GROUPS.items() for group in groups[:-1]],
)
def test_a_group_lists_exactly_what_the_day_counts(doors, direction, group):
    counter = {("out", "awaiting"): "awaiting_answer", ("in", "to_close"): "to_close_here"}
    for number, answer in enumerate(("", CONSIDERED, ACCEPTED, REFUSED)):
        doors.hand_over(person=a_person(given_name=f"Prénom{number}"))
        if answer:
            line = referrals.list_referrals(doors.second, IN)[0]
            told = Answer(status=answer, reason="complet" if answer == REFUSED else "")
            referrals.answer_referral(doors.second, line.referral, told)
    carry(doors.second, doors.first)
    doors.clock.tick(days=70)
    for door in (doors.first, doors.second):
        StoreSyncPort(door.workspace).note_contact(doors.clock.now())
    handed_over(doors.first, person=a_person(given_name="Dernière"))
    desk = doors.first if direction == OUT else doors.second
    view = doors.screen(desk)
    view.show_filter(group, direction)
    counted = {
        line.referral for line in getattr(the_day(desk), counter.get((direction, group), group))
    }
    assert {row.referral for row in rows(view)} == counted
    assert counted
    chosen = view.findChild(ChoiceRow, "referral_groups").findChild(QPushButton, f"choice_{group}")
    assert chosen.isChecked()
    assert f"({len(counted)})" in chosen.text()


def test_a_row_says_who_where_it_stands_since_when_and_what_is_next(doors):
    doors.hand_over()
    doors.clock.tick(days=3)
    view = doors.screen(doors.second)
    view.show_filter("to_answer", IN)
    (row,) = rows(view)
    assert row.name == "Maëlys Aubrun"
    assert row.badge.text == "Reçue"
    assert row.since == "depuis 3\u00a0jours"
    assert row.next_step == "À répondre"
    assert row.partner.startswith("Envoyée par")


def test_after_two_weeks_without_an_answer_one_rings_up(doors):
    doors.hand_over()
    doors.clock.tick(days=15)
    view = doors.screen(doors.first)
    view.show_filter("awaiting", OUT)
    (row,) = rows(view)
    assert row.next_step == "Appeler la structure"


def test_an_empty_group_says_so(doors):
    view = doors.screen(doors.second)
    view.show_filter("to_answer", IN)
    assert "Aucune mise en relation n’attend votre réponse." in words_of(view)


def test_enter_opens_the_row(doors):
    doors.hand_over()
    view = doors.screen(doors.second)
    view.show_filter("to_answer", IN)
    QTest.keyClick(view.findChild(QListView, "referral_rows"), Qt.Key.Key_Return)
    assert view.findChild(QLabel, "referral_name").text() == "Maëlys Aubrun"


def test_everything_handed_over_is_shown_in_words(received):
    shown = words_of(received)
    for said in (
        "«\u00a0L’usine ferme à Noël.\u00a0»",
        "Attiré par la maintenance.",
        "Changer de métier",
        "Mobilité",
        "Le Blanc",
        "Rendez-vous pris",
        "18\u00a0décembre\u00a02026",
        "Licenciement ou reclassement",
        "«\u00a0Appeler après 17 h.\u00a0»",
    ):
        assert said in shown
    for code in ("securiser_transition", "bilan_competences", "36018", "rdv_pris"):
        assert code not in shown


def test_a_field_of_a_newer_version_is_shown_as_it_is():
    parts = transmitted_parts({"langue": "anglais"}, lambda _v, code: code, lambda code: code)
    assert [(fact.label, fact.value) for part in parts for fact in part.facts] == [
        ("langue", "anglais")
    ]


def test_the_contact_is_ready_to_call(received):
    telephone = received.findChild(QLabel, "referral_telephone")
    assert telephone.text() == "06 39 98 00 01".replace(" ", "\u00a0")


def test_a_digit_then_control_enter_answers(doors, received, page, qtbot):
    with qtbot.waitActive(page):
        page.activateWindow()
    answers = received.findChild(ChoiceRow, "answers")
    assert answers.isAncestorOf(page.focusWidget())
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_2)
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert status_at(doors.second, IN) == ACCEPTED
    assert doors.said == ["Réponse enregistrée ici · à envoyer"]
    assert doors.published


def test_a_refusal_without_a_reason_is_not_sent_and_says_why(doors, received):
    choose(received, "answers", REFUSED)
    send(received)
    problem = received.findChild(QLabel, "answer_problem")
    assert "Un refus dit toujours pourquoi" in problem.text()
    assert not problem.isHidden()
    assert status_at(doors.second, IN) == "recue"
    assert received.window().focusWidget().parent() is received.findChild(
        ChoiceRow, "refusal_reasons"
    )


def test_another_reason_is_to_be_said_in_words(doors, received):
    choose(received, "answers", REFUSED)
    choose(received, "refusal_reasons", "autre")
    send(received)
    assert status_at(doors.second, IN) == "recue"
    received.findChild(GrowingText, "answer_message").set_text("Locaux fermés pour travaux.")
    send(received)
    assert status_at(doors.second, IN) == REFUSED


def test_a_refusal_reaches_the_first_door_with_its_reason(doors, received):
    choose(received, "answers", REFUSED)
    choose(received, "refusal_reasons", "complet")
    received.findChild(GrowingText, "answer_message").set_text("Rappelez en janvier.")
    send(received)
    carry(doors.second, doors.first)
    view = doors.screen(doors.first)
    view.open_referral(referrals.list_referrals(doors.first, OUT)[0].referral)
    latest = view.findChild(Timeline).entries()[0]
    assert latest.title == "Refusée"
    assert latest.lines == ("Motif\u202f: Plus de place pour le moment",)
    assert latest.quote == "Rappelez en janvier."
    assert "par le relais" in latest.who


def test_the_reasons_show_only_for_a_refusal(received):
    reasons = received.findChild(ChoiceRow, "refusal_reasons")
    assert not reasons.isVisibleTo(received)
    choose(received, "answers", REFUSED)
    assert reasons.isVisibleTo(received)
    choose(received, "answers", ACCEPTED)
    assert not reasons.isVisibleTo(received)


def test_nothing_chosen_is_said(doors, received):
    send(received)
    assert "Choisissez d’abord une réponse." in words_of(received)


def test_an_answer_begun_survives_what_arrives_meanwhile(doors, received):
    choose(received, "answers", REFUSED)
    received.findChild(GrowingText, "answer_message").set_text("Je commence à")
    doors.hand_over(person=a_person(given_name="Autre"))
    doors.presenter.refresh()
    assert received.findChild(ChoiceRow, "answers").value() == REFUSED
    assert received.findChild(GrowingText, "answer_message").text() == "Je commence à"


def test_the_sender_writes_down_what_was_told_by_telephone(doors):
    doors.hand_over()
    view = doors.screen(doors.first)
    view.open_referral(referrals.list_referrals(doors.first, OUT)[0].referral)
    choose(view, "answers", "telephone")
    choose(view, "reported_answers", ACCEPTED)
    send(view)
    assert status_at(doors.first, OUT) == ACCEPTED
    assert "par téléphone" in view.findChild(Timeline).entries()[0].who


def test_what_has_not_left_is_shown_as_about_to(doors):
    handed_over(doors.first)
    view = doors.screen(doors.first)
    view.open_referral(referrals.list_referrals(doors.first, OUT)[0].referral)
    assert status_at(doors.first, OUT) == TO_SEND
    assert "Ce qui va partir" in words_of(view)


def test_a_finished_referral_asks_for_no_answer(doors, received):
    for code in (ACCEPTED, "contact_effectif", "cloturee"):
        choose(received, "answers", code)
        send(received)
    assert status_at(doors.second, IN) == "cloturee"
    assert "Il n’y a plus de réponse à donner." in words_of(received)
    assert not received.findChild(QPushButton, "answer_send").isVisibleTo(received)


def test_a_doubtful_clock_is_said(doors):
    doors.hand_over()

    def doubt(tx):
        tx.execute("INSERT OR REPLACE INTO memos (name, text) VALUES (?, '1')", (CLOCK_DOUBT,))

    doors.second.workspace.writer.write(doubt)
    (line,) = referrals.list_referrals(doors.second, IN)
    referrals.answer_referral(doors.second, line.referral, Answer(status=ACCEPTED))
    view = doors.screen(doors.second)
    view.open_referral(line.referral)
    assert "Date à vérifier" in words_of(view)


def test_the_rows_keep_the_rules_of_models(qtmodeltester, doors):
    doors.hand_over()
    view = doors.screen(doors.second)
    view.show_filter("all", IN)
    model = SpokenRows()
    model.set_rows(rows(view))
    qtmodeltester.check(model)
    model.set_rows(())
    qtmodeltester.check(model)


def test_a_row_is_read_aloud_whole(doors):
    doors.hand_over()
    view = doors.screen(doors.second)
    view.show_filter("all", IN)
    model = view.findChild(QListView, "referral_rows").model()
    spoken = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    for part in ("Maëlys Aubrun", "Reçue", "À répondre"):
        assert part in spoken


def test_escape_goes_back_to_the_list(received, page, qtbot):
    with qtbot.waitActive(page):
        page.activateWindow()
    QTest.keyClick(page.focusWidget(), Qt.Key.Key_Escape)
    assert received.findChild(QListView, "referral_rows").isVisibleTo(received)


def test_every_control_is_named_in_the_list_and_on_the_page(doors, received):
    choose(received, "answers", REFUSED)
    assert_every_control_is_named(received)
    received.show_filter("all", IN)
    assert_every_control_is_named(received)


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("+33639980009", "06 39 98 00 09"),
        ("0033 6 39 98 00 09", "06 39 98 00 09"),
        ("0639980009", "06 39 98 00 09"),
        ("+32 470 00 00 00", "+32 470 00 00 00"),
        ("", ""),
    ],
)
def test_a_telephone_is_written_as_it_is_read(kept, said):
    assert telephone_words(kept).replace("\u00a0", " ") == said


def sent_words(view):
    label = view.findChild(QWidget, "referral_sent")
    return label.text() if label.isVisibleTo(view) else ""


def test_a_referral_says_how_far_its_record_has_got(doors):
    made = handed_over(doors.first)
    view = doors.screen(doors.first)
    view.open_referral(made.referral)
    assert sent_words(view) == ""  # its status says it already
    bundles = sealed_by(doors.first)
    names = [pulled.bundle.name for pulled in bundles]
    StoreStickPort(doors.first.workspace).mark_on_stick(names)
    doors.presenter.refresh()
    assert sent_words(view) == "Remis sur clé"
    assert any("partira aussi" in label.text() for label in view.findChildren(QLabel))
    acknowledged(doors.first, bundles)
    doors.presenter.refresh()
    assert sent_words(view).startswith("Reçu par le relais · ")
    deliver(bundles, doors.second)
    referrals.acknowledge_arrivals(doors.second)
    carry(doors.second, doors.first)
    doors.presenter.refresh()
    assert sent_words(view) == f"Reçu par {doors.second.own_structure().name}"


def test_a_referral_that_came_says_how_far_its_answer_has_got(doors):
    doors.hand_over()
    (line,) = referrals.list_referrals(doors.second, IN)
    view = doors.screen(doors.second)
    view.open_referral(line.referral)
    assert sent_words(view) == ""
    referrals.answer_referral(doors.second, line.referral, Answer(status=ACCEPTED))
    doors.presenter.refresh()
    assert sent_words(view) == "Votre réponse · Enregistré ici · à envoyer"
