"""Handing over to a structure that no directory lists: by its name, and how it may be reached."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import (
    ReferralNeedsAgreementError,
    ReferralToOneselfError,
    UnreadableInputError,
)
from app.domain.identifiers import SubjectId
from app.domain.outside import OutsideStructure, outside_of
from app.domain.reception import WantedReferral
from app.domain.referral import BY_PAPER, BY_TELEPHONE
from app.printing.document import words_in
from app.usecases.interlocutors import interlocutors_of, interlocutors_with
from app.usecases.papers import read_slip
from app.usecases.partners import partners
from app.usecases.persons import open_person
from app.usecases.receptions import preview, record_reception
from app.usecases.recipients import recipient_of
from app.usecases.referrals import Answer, answer_referral, open_referral
from app.usecases.slip_files import lacks_of_file
from app.usecases.withdrawals import withdraw_agreement
from tests.builders import (
    LE_BLANC,
    ON_PAPER,
    SECOND_DOOR,
    a_handed_over_reception,
    a_person,
    a_reception,
    handed_over,
    person_of,
    referral_of,
)
from ui.matching_words import MatchingWords
from ui.papers.making import EVERYTHING, SLIP, Subject, document_of, sms_for
from ui.reception.partner_words import partners_shown

NAME = "Les Copeaux du Blanc (exemple)"
NIR = "2 55 08 14 168 025 38"


def outside(name=NAME, *, agreement=True, **contact):
    known = {"telephone": "02 54 00 00 01", "email": "ici@copeaux.example", "address": "Le Blanc"}
    return WantedReferral(
        to=name, agreement=agreement, outside=OutsideStructure(**(known | contact))
    )


@pytest.fixture
def made(desk):
    return handed_over(desk, referral=outside())


def test_it_goes_on_paper_under_the_name_that_was_typed(desk, made):
    line = open_referral(desk, referral_of(made))
    assert (made.route, line.route, line.shared, line.to_name) == ("paper", BY_PAPER, None, NAME)
    assert line.status == "transmise"
    assert outside_of(line.details) == outside().outside


def test_it_is_never_shared_with_anybody_of_the_exchange(desk, made):
    with desk.workspace.read() as connection:
        assert connection.execute("SELECT count(*) FROM shared_referrals").fetchone() == (0,)
        spaces = connection.execute("SELECT DISTINCT space FROM events").fetchall()
    assert spaces == [(desk.own_structure().space.id,)]


def test_the_preview_says_what_the_slip_will_say(desk):
    leaving = preview(desk, a_handed_over_reception(referral=outside()))
    assert leaving.recipient.name == NAME
    assert leaving.recipient.outside
    assert not leaving.may_leave
    assert leaving.content["family_name"] == "Aubrun"


def test_the_person_s_answer_about_it_is_asked_like_any_other(desk):
    with pytest.raises(ReferralNeedsAgreementError):
        record_reception(desk, a_reception(referral=outside(agreement=None)))


def test_with_all_that_the_program_asks_for_an_encrypted_file_may_leave(desk, made):
    assert lacks_of_file(desk, referral_of(made)) == ()


def test_taking_the_agreement_back_stops_it(desk, made):
    with desk.workspace.read() as connection:
        rows = connection.execute(
            "SELECT agreement, recipient FROM agreements WHERE kind = 'transmit'"
        ).fetchall()
    ((agreement, about),) = rows
    assert about == NAME
    withdraw_agreement(desk, SubjectId(agreement))
    assert open_referral(desk, referral_of(made)).status == "retiree_par_la_personne"
    assert not read_slip(desk, referral_of(made)).is_agreed


def test_the_slip_and_the_message_say_where_it_is(desk, made):
    read = read_slip(desk, referral_of(made))
    assert read.recipient is None
    document = document_of(desk, SLIP, Subject(referral=referral_of(made)))
    said = words_in(document)
    for words in (NAME, "02\u00a054\u00a000\u00a000\u00a001", "ici@copeaux.example", "Le Blanc"):
        assert words in said
    assert sms_for(desk, referral_of(made)).text.startswith("Les Copeaux du Blanc")


def test_once_it_said_yes_it_counts_and_is_known_to_follow_the_person(desk, made):
    answer_referral(desk, referral_of(made), Answer(status="acceptee", route=BY_TELEPHONE))
    answer_referral(desk, referral_of(made), Answer(status="contact_effectif", route=BY_TELEPHONE))
    names = [one.structure for one in interlocutors_of(desk, made.demand).met]
    assert names == ["Maison France services du Blanc (exemple)", NAME]
    again = a_reception(person=a_person(known=person_of(made)), commune=LE_BLANC)
    found = partners(desk, again)
    assert found.followed_outside == (NAME,)
    shown = partners_shown(found, partial(MatchingWords, desk.reference.vocabularies))
    assert shown.note == f"Déjà suivie par {NAME}, hors annuaire."
    assert found.match.first is not None


def test_a_structure_of_the_directory_that_follows_is_not_said_to_be_outside(desk):
    made = handed_over(desk, referral=WantedReferral(to=ON_PAPER, agreement=True))
    answer_referral(desk, referral_of(made), Answer(status="acceptee", route=BY_TELEPHONE))
    again = a_reception(person=a_person(known=person_of(made)), commune=LE_BLANC)
    assert partners(desk, again).followed_outside == ()


def test_the_same_name_met_before_is_one_interlocutor(desk):
    reception = a_reception(already_met=(NAME.upper(),), referral=outside())
    assert interlocutors_with(desk, reception).figure == 2


@pytest.mark.parametrize("name", ["Maison France services du Blanc (exemple)", " MAISON FRANCE "])
def test_nobody_hands_over_to_themselves_under_another_spelling(desk, name):
    own = desk.own_structure().name
    asked = own.upper() if name.isupper() else f" {own} "
    with pytest.raises(ReferralToOneselfError):
        recipient_of(desk, outside(asked))


def test_a_reference_typed_as_a_name_is_the_structure_it_names(desk):
    assert recipient_of(desk, outside(SECOND_DOOR)).takes_part
    assert recipient_of(desk, outside(ON_PAPER)).outside is None


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("referral.to", outside("  ")),
        ("referral.outside.telephone", outside(telephone="54 00")),
        ("referral.outside.email", outside(email="ici chez copeaux")),
        ("referral.outside.address", outside(address="Le\nBlanc")),
    ],
)
def test_what_reaches_nobody_is_refused_with_its_place(desk, field, wanted):
    with pytest.raises(UnreadableInputError) as refused:
        handed_over(desk, referral=wanted)
    assert refused.value.facts["where"] == field


def test_nothing_but_a_name_is_needed(desk):
    made = handed_over(desk, referral=WantedReferral(to=NAME, agreement=True, outside=bare()))
    assert outside_of(open_referral(desk, referral_of(made)).details) == bare()
    document_of(desk, SLIP, Subject(referral=referral_of(made)))


def bare():
    return OutsideStructure()


def test_numbers_typed_there_are_masked_in_the_name_too(desk):
    made = handed_over(desk, referral=outside(f"Copeaux {NIR}", address=f"rue {NIR}"))
    assert set(made.masked) == {"referral.to", "referral.outside.address"}
    line = open_referral(desk, referral_of(made))
    assert line.to_name.startswith("Copeaux ")
    assert "168" not in f"{line.to_name}{line.details}"


def test_a_reference_of_the_directory_is_left_as_it_is(desk):
    made = handed_over(desk)
    assert made.masked == ()


def test_the_person_s_copy_says_who_and_nothing_that_ties_records(desk, made):
    person = open_person(desk, person_of(made)).person.person
    said = words_in(document_of(desk, EVERYTHING, Subject(person=person)))
    assert NAME in said
    assert "to_outside" not in said
    assert "to_telephone" not in said


@given(
    contact=st.fixed_dictionaries(
        {name: st.text(max_size=20) for name in ("telephone", "email", "address")}
    )
)
def test_what_is_kept_comes_back(contact):
    known = OutsideStructure(**contact)
    kept = {name: value for name, value in known.as_fields().items() if value is not None}
    assert outside_of(kept) == known


def test_a_referral_of_the_directory_is_not_outside():
    assert outside_of({}) is None
    assert outside_of({"to_telephone": "02 54 00 00 01"}) is None
