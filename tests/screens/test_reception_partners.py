"""Who is proposed to receive the person next, and the directory corrected there, by keyboard."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from app.domain.referral import ACCEPTED, BY_TELEPHONE
from app.store.bodies import unpack_map
from app.usecases.directory.corrections import correct
from app.usecases.directory.shelf import desk_directory
from app.usecases.referrals import OUT, Answer, answer_referral, list_referrals, open_referral
from tests.builders import (
    ON_PAPER,
    SECOND_DOOR,
    SOURCE,
    a_referral,
    handed_over,
    person_of,
    referral_of,
)
from tests.fakes.runner import StepRunner
from tests.screens.accessibility import assert_every_control_is_named, assert_mnemonics_differ
from tests.screens.partners_page import (
    CONTROL,
    DIGIT_2,
    DIGIT_4,
    DROPOUT,
    F3,
    F7,
    FRANCE_TRAVAIL,
    JOBSEEKER,
    NAMED,
    TRAINING,
    WORK,
    proposed,
    shown_page,
    words_in,
)


@pytest.fixture
def desk(qapp, appearance, desk):
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # pages of other tests go first
    return desk


@pytest.fixture
def page(qtbot, desk, clock):
    made = shown_page(qtbot, desk, clock)
    made.screen.go_to("expressed")
    return made


def details_of_referral(page):
    (line,) = list_referrals(page.desk, OUT)
    with page.desk.workspace.read() as connection:
        ((packed,),) = connection.execute("SELECT details FROM referrals").fetchall()
    return line, unpack_map(packed)


def corrections(page):
    with page.desk.workspace.read() as connection:
        rows = connection.execute("SELECT entry, details FROM directory_corrections").fetchall()
    return {
        entry: {name: value for name, value in unpack_map(packed).items() if name != "entry"}
        for entry, packed in rows
    }


def test_nothing_is_proposed_while_the_hand_over_is_closed(page):
    page.fill(**DROPOUT)
    assert page.part(QWidget, "partners") is None


def test_at_sixteen_without_school_the_mission_locale_comes_first_with_the_law(page):
    page.fill(**NAMED, **DROPOUT, **TRAINING)
    assert "Mission locale" in proposed(page)[0]
    assert len(proposed(page)) == 3
    said = words_in(page.part(QWidget, "partners"))
    assert "L.114-1" in said
    assert "Dans la commune" in said
    assert "fiche vérifiée en octobre" in said


def test_one_key_takes_the_first_choice_as_if_it_had_been_chosen_there(page):
    page.fill(**NAMED, **DROPOUT)
    page.go("message")
    page.press(F3)
    to = page.body()["to"]
    assert (to["code"], to["reach"]) == (SECOND_DOOR, "program")
    assert page.part(QPushButton, "partner_1").isChecked()
    assert "utilise le programme" in words_in(page.screen)
    assert (
        page.part(QWidget, "other_choice").isHidden()
        or not page.part(QWidget, "other_choice").isVisible()
    )


def test_two_keys_open_the_hand_over_and_take_the_first_choice(page, qtbot):
    page.fill(**DROPOUT, expressed="Je ne sais pas quoi faire (exemple).")
    page.screen.go_to("expressed")
    page.press(Qt.Key.Key_P, held=Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: proposed(page) != [])  # a mnemonic presses its button for a moment
    page.press(F3)
    assert page.body()["to"]["code"] == SECOND_DOOR
    assert page.keys == 2


def test_a_digit_takes_a_fallback_and_arrows_only_walk(page):
    page.fill(**NAMED, **DROPOUT, **TRAINING)
    page.part(QPushButton, "partner_1").setFocus()
    page.press(Qt.Key.Key_Down)
    assert page.body()["to"]["code"] == ""
    assert page.focused() is page.part(QPushButton, "partner_2")
    page.press(DIGIT_2)
    assert page.body()["to"]["text"] == proposed(page)[1]


def test_what_is_said_of_the_person_changes_who_is_proposed(page):
    page.fill(**NAMED, **DROPOUT, **TRAINING)
    assert "Mission locale" in proposed(page)[0]
    page.fill(**JOBSEEKER, **WORK)
    assert "France Travail" in proposed(page)[0]


def test_who_is_set_aside_is_said_with_the_reason_behind_a_fold(page):
    page.fill(**NAMED, **JOBSEEKER, **WORK)
    aside = page.part(QLabel, "set_aside_words")
    assert not aside.isVisible()
    page.part(QPushButton, "set_aside").setFocus()
    page.press(Qt.Key.Key_Space)
    assert aside.isVisible()
    assert "Cap emploi" in aside.text()
    assert "quand elles souhaitent le dire" in aside.text()


def test_whoever_already_follows_the_person_comes_first(page):
    page.fill(**NAMED, **JOBSEEKER, already_met={"text": "", "items": [[ON_PAPER, "CIO du Blanc"]]})
    assert "CIO" in proposed(page)[0]
    assert "suit la personne" in words_in(page.part(QWidget, "partners")).lower()


def test_whoever_accepted_the_person_comes_first_when_they_come_again(page):
    made = handed_over(page.desk, referral=a_referral(to=ON_PAPER))
    accepted = Answer(status=ACCEPTED, route=BY_TELEPHONE)
    answer_referral(page.desk, referral_of(made), accepted)
    page.fill(**JOBSEEKER, **WORK, expressed="Je reviens (exemple).", open_handover=True)
    assert "CIO" not in proposed(page)[0]
    page.screen.receive(person_of(made))
    assert "CIO" in proposed(page)[0]
    assert "suit la personne" in words_in(page.part(QWidget, "partners")).lower()
    page.fill(can_travel="a_pied", commune={"code": "37261", "text": "Tours", "reach": ""})
    assert "CIO" in proposed(page)[0]
    assert "l’appeler d’abord" in words_in(page.part(QWidget, "partners"))


def test_another_choice_may_say_why_and_the_reason_stays_here(page):
    page.fill(**NAMED, **JOBSEEKER, **WORK)
    assert not page.part(QWidget, "other_choice").isVisible()
    page.fill(to={"code": SECOND_DOOR, "text": "Mission locale", "reach": "program"})
    assert page.part(QWidget, "other_choice").isVisible()
    page.go("other_choice")
    page.press(Qt.Key.Key_1)
    page.go("agreement")
    page.press(Qt.Key.Key_1)
    page.save()
    line, details = details_of_referral(page)
    assert (details["other_choice"], details["instead_of"]) == (
        "souhait_personne",
        FRANCE_TRAVAIL,
    )
    shown = open_referral(page.desk, line.referral).details
    assert not {"other_choice", "instead_of"} & set(shown)


def test_no_reason_is_asked_nor_kept_for_the_first_choice(page):
    page.fill(**NAMED, **JOBSEEKER, **WORK)
    page.fill(to={"code": SECOND_DOOR, "text": "Mission locale", "reach": "program"})
    page.go("other_choice")
    page.press(Qt.Key.Key_1)
    assert page.body()["other_choice"] == "souhait_personne"
    page.press(F3)
    assert (page.body()["other_choice"], page.body()["instead_of"]) == ("", "")
    assert not page.part(QWidget, "other_choice").isVisible()


def test_a_wrong_entry_given_as_the_reason_leads_to_its_correction(page):
    page.fill(**NAMED, **JOBSEEKER, **WORK)
    page.fill(to={"code": SECOND_DOOR, "text": "Mission locale", "reach": "program"})
    page.go("other_choice")
    page.press(DIGIT_4)
    assert page.focused() is page.part(QWidget, "correction_telephone")
    assert "France Travail" in words_in(page.part(QWidget, "partners"))
    page.press(Qt.Key.Key_Escape)
    assert page.body()["other_choice"] == "fiche_fausse"


def test_two_keys_vouch_for_the_entry_that_is_proposed(page):
    page.fill(**NAMED, **DROPOUT)
    page.go("message")
    page.press(F7)
    page.press(Qt.Key.Key_Return, held=CONTROL)
    assert corrections(page) == {f"structure:{SECOND_DOOR}": {"date_maj": "2026-11-24"}}
    assert page.said.words[-1].startswith("Fiche vérifiée aujourd’hui")
    assert list_referrals(page.desk, OUT) == []


def test_a_telephone_and_hours_are_corrected_where_they_are_seen_and_undone(page):
    page.fill(**NAMED, **DROPOUT)
    page.go("to")
    page.press(F7)
    page.focused().selectAll()
    page.write("02 61 91 99 99")
    page.press(Qt.Key.Key_Tab)
    page.focused().selectAll()
    page.write("Mo-We 09:00-12:00")
    assert page.part(QPushButton, "correction_send").text() == "Enregistrer la correction"
    page.press(Qt.Key.Key_Return, held=CONTROL)
    (written,) = corrections(page).values()
    assert (written["telephone"], written["horaires_accueil"]) == (
        "02 61 91 99 99",
        "Mo-We 09:00-12:00",
    )
    assert page.said.words[-1].startswith("Fiche corrigée")
    assert page.back.published
    page.said.undo()
    (written,) = corrections(page).values()
    assert written["telephone"] == "+33261910002"
    assert written["date_maj"] == "2026-10-05"


def test_hours_that_nobody_can_read_are_refused_beside_the_field(page):
    page.fill(**NAMED, **DROPOUT)
    page.go("to")
    page.press(F7, Qt.Key.Key_Tab)
    page.focused().selectAll()
    page.write("le lundi matin")
    page.press(Qt.Key.Key_Return, held=CONTROL)
    assert "ne peuvent pas être lus" in words_in(page.part(QWidget, "partners"))
    assert page.focused() is page.part(QWidget, "correction_hours")
    assert corrections(page) == {}


def test_hours_are_typed_as_people_say_them(page):
    page.fill(**NAMED, **DROPOUT)
    page.go("to")
    page.press(F7, Qt.Key.Key_Tab)
    page.focused().selectAll()
    page.write("lundi au mercredi 9h-12h30")
    page.press(Qt.Key.Key_Return, held=CONTROL)
    (written,) = corrections(page).values()
    assert written["horaires_accueil"] == "Mo-We 09:00-12:30"


def test_a_structure_that_is_gone_is_said_so(page):
    page.fill(**NAMED, **DROPOUT)
    page.go("to")
    page.press(F7, Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Space)
    page.press(Qt.Key.Key_Return, held=CONTROL)
    written = corrections(page)
    assert any(fields.get("ended_on") == "2026-11-24" for fields in written.values())
    assert "n’existant plus" in page.said.words[-1]
    assert "Mission locale d’entraînement, antenne du Blanc" not in proposed(page)[0]


def test_hours_seen_of_a_service_are_corrected_there_and_not_on_its_structure(page):
    (service, *_) = desk_directory(page.desk).by_reference(SECOND_DOOR).services
    correct(page.desk, service.reference, {"horaires_accueil": "Tu 09:00-12:00"})
    page.fill(**NAMED, **DROPOUT)
    page.go("to")
    page.press(F7)
    assert page.part(QLineEdit, "correction_hours").text() == "Tu 09:00-12:00"
    page.press(Qt.Key.Key_Tab)
    page.focused().selectAll()
    page.write("mardi 9h-12h30")
    page.press(Qt.Key.Key_Return, held=CONTROL)
    written = corrections(page)
    assert list(written) == [f"service:{service.reference}"]
    assert written[f"service:{service.reference}"]["horaires_accueil"] == "Tu 09:00-12:30"
    assert service.name in page.said.words[-1]


def test_the_structure_chosen_outside_the_proposals_is_the_one_corrected(page):
    page.fill(**NAMED, **DROPOUT)
    elsewhere = f"{SOURCE}/{SOURCE}--bus-argenton"
    page.fill(to={"code": elsewhere, "text": "Bus", "reach": "paper"})
    page.go("to")
    page.press(F7)
    page.press(Qt.Key.Key_Return, held=CONTROL)
    assert list(corrections(page)) == [f"structure:{elsewhere}"]


def test_every_control_is_named_and_every_letter_means_one_thing(page):
    page.fill(**NAMED, **JOBSEEKER, **WORK)
    page.fill(to={"code": SECOND_DOOR, "text": "Mission locale", "reach": "program"})
    assert_every_control_is_named(page.screen)
    page.press(F7)
    assert_every_control_is_named(page.screen)
    assert_mnemonics_differ(page.screen)


def test_proposals_that_come_late_are_dropped(qtbot, desk, clock):
    runner = StepRunner()
    page = shown_page(qtbot, desk, clock, runner)
    runner.run_all()
    page.fill(**NAMED, **DROPOUT, **TRAINING)
    page.fill(**JOBSEEKER, **WORK)
    while runner.waiting():
        runner.step()
        assert not any("Mission locale" in name for name in proposed(page)[:1])
    assert "France Travail" in proposed(page)[0]


def test_the_correction_begun_is_not_there_for_the_next_person(page):
    page.fill(**NAMED, **DROPOUT)
    page.go("to")
    page.press(F7)
    page.part(QPushButton, "discard").click()
    page.fill(**NAMED, **DROPOUT)
    assert not page.part(QWidget, "correction_telephone").isVisible()
    assert page.part(QPushButton, "correction_open").isVisible()


def test_a_page_kept_comes_back_with_the_reason_it_held(page, qtbot, desk, clock):
    page.fill(**NAMED, **JOBSEEKER, **WORK)
    page.fill(to={"code": SECOND_DOOR, "text": "Mission locale", "reach": "program"})
    page.go("other_choice")
    page.press(Qt.Key.Key_1)
    again = shown_page(qtbot, desk, clock)
    body = again.body()
    assert (body["other_choice"], body["instead_of"]) == ("souhait_personne", FRANCE_TRAVAIL)
    assert again.part(QWidget, "other_choice").isVisible()
