"""Papers and messages send the person where they are expected, and nowhere else."""

from app.printing.pdf import pdf_of
from app.usecases.directory.additions import withdraw
from app.usecases.directory.corrections import correct
from tests.builders import ON_PAPER, person_of, referral_of
from tests.chosen_services import PERMANENCE, a_permanence, sent_to
from tests.printing.pages import text_of
from tests.printing.test_papers import plain, said
from ui.papers.making import EVERYTHING, OWN_SHEET, SLIP, Subject, document_of, sms_for

NAME = PERMANENCE["nom"]
SEAT = "2 rue de l’Exemple"
THERE = (
    f"Service, {NAME}",
    "Adresse, Mairie, 1 place de l’Exemple\n36370 Bélâbre",
    "Téléphone, 02 61 91 44 44",
    "Horaires, 1er mardi du mois : 9 h à 12 h",
)


def test_the_slip_sends_to_the_permanence_that_was_chosen(desk):
    service = a_permanence(desk)
    a_permanence(desk, nom="Permanence de Mézières (exemple)", code_insee="36123", commune=None)
    slip = said(desk, SLIP, referral=referral_of(sent_to(desk, service)))
    assert all(words in slip for words in THERE)
    assert SEAT not in slip
    assert "Aussi" not in slip
    assert slip.count(NAME) == 1
    assert "to_service" not in slip


def test_a_name_that_does_not_say_it_is_a_permanence_gets_the_word_beside_it(desk):
    made = sent_to(desk, a_permanence(desk, nom="Conseil (exemple)"))
    slip = said(desk, SLIP, referral=referral_of(made))
    assert "Service, Conseil (exemple)\nPermanence à Bélâbre" in slip


def test_the_sheet_of_the_person_does_too(desk):
    sheet = said(desk, OWN_SHEET, person=person_of(sent_to(desk, a_permanence(desk))))
    assert all(words in sheet for words in THERE)
    assert SEAT not in sheet


def test_without_a_telephone_of_its_own_the_structure_s_is_given(desk):
    service = a_permanence(desk, telephone=None)
    slip = said(desk, SLIP, referral=referral_of(sent_to(desk, service)))
    assert "Téléphone, 02 61 91 00 02" in slip


def test_on_paper_the_place_is_said_in_the_same_way(desk):
    service = a_permanence(desk, ON_PAPER)
    slip = said(desk, SLIP, referral=referral_of(sent_to(desk, service, to=ON_PAPER)))
    assert all(words in slip for words in THERE)


def test_what_is_corrected_of_the_permanence_is_printed(desk):
    service = a_permanence(desk)
    made = sent_to(desk, service)
    correct(desk, service, {"horaires_accueil": "We[2] 14:00-17:00", "nom": "Autre (exemple)"})
    slip = said(desk, SLIP, referral=referral_of(made))
    assert "2e mercredi du mois : 14 h à 17 h" in slip
    assert f"Service, {NAME}" in slip


def test_a_permanence_that_is_over_leads_back_to_the_structure_and_is_still_named(desk):
    service = a_permanence(desk)
    made = sent_to(desk, service)
    correct(desk, service, {"ended_on": "2026-11-01"})
    ended = said(desk, SLIP, referral=referral_of(made))
    withdraw(desk, service)
    for slip in (ended, said(desk, SLIP, referral=referral_of(made))):
        assert f"Service, {NAME}" in slip
        assert SEAT in slip
        assert "Mairie" not in slip


def test_where_to_go_is_printed_even_when_nothing_may_be_transmitted(desk):
    made = sent_to(desk, a_permanence(desk), agreement=False)
    slip = said(desk, SLIP, referral=referral_of(made))
    assert "dit seulement où aller" in slip
    assert all(words in slip for words in THERE)


def test_all_that_is_kept_names_the_service(desk):
    service = a_permanence(desk)
    text = said(desk, EVERYTHING, person=person_of(sent_to(desk, service)))
    assert f"Service, {NAME}" in text
    assert service not in text


def test_the_message_says_the_day_of_the_permanence_before_the_street(desk):
    long_street = "Mairie, salle des permanences du premier étage, 1 place de l’Exemple"
    service = a_permanence(desk, adresse=long_street)
    sms = sms_for(desk, referral_of(sent_to(desk, service)))
    assert "permanence" in sms.text
    assert "36370 Bélabre. 1er mardi du mois : 9 h à 12 h." in sms.text
    assert "02 61 91 44 44" in sms.text
    assert long_street.replace("’", "'") not in sms.text
    assert NAME not in sms.text  # a service may say why somebody goes there


def test_the_printed_slip_is_one_sheet(desk):
    made = sent_to(desk, a_permanence(desk))
    document = document_of(desk, SLIP, Subject(referral=referral_of(made)))
    text = plain(text_of(pdf_of(document)))
    assert "Bélâbre" in text
    assert "1er mardi du mois" in text
