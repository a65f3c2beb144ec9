"""Who is proposed for a reception as typed: on a real desk, with the practice directory."""

import pytest

from app.domain.errors import UnknownVocabularyCodeError
from app.domain.referral import ACCEPTED, BY_TELEPHONE, REFUSED
from app.matching.reasons import ReasonCode
from app.matching.situation import Standing
from app.store.bodies import unpack_map
from app.usecases.directory.corrections import correct
from app.usecases.papers import read_slip
from app.usecases.partners import partners
from app.usecases.receptions import preview, record_reception
from app.usecases.referrals import Answer, answer_referral, open_referral
from tests.builders import (
    FIRST_DOOR,
    LE_BLANC,
    ON_PAPER,
    SECOND_DOOR,
    SOURCE,
    a_named_reception,
    a_person,
    a_reception,
    a_referral,
    handed_over,
    person_of,
    received,
    referral_of,
)
from ui.referrals.transmitted import transmitted_parts

MAIRIE = f"{SOURCE}/{SOURCE}--mairie-mezieres"
FRANCE_TRAVAIL = f"{SOURCE}/{SOURCE}--france-travail-le-blanc"
CIDFF = f"{SOURCE}/{SOURCE}--cidff-36"
MEZIERES = "36123"
TOURS = "37261"


def first(desk, **fields):
    found = partners(desk, a_reception(**fields))
    assert found is not None
    assert found.match.first is not None
    return found.match.first


def codes(candidate):
    return [one.code for one in candidate.reasons]


def test_a_dropout_of_sixteen_is_sent_first_where_the_law_says(desk):
    found = first(desk, status="decrocheur", age_band="16_17", commune=LE_BLANC)
    assert found.structure.reference == SECOND_DOOR
    assert found.standing is Standing.LEGAL_DUTY


def test_the_date_of_birth_counts_before_the_band(desk):
    person = a_person(birth_on="1990-01-01")
    found = first(desk, status="decrocheur", age_band="16_17", person=person)
    assert found.standing is not Standing.LEGAL_DUTY


def test_a_file_used_gives_its_birth_and_its_commune(desk):
    known = person_of(received(desk, person=a_person(birth_on="2010-01-05", commune=MEZIERES)))
    said = a_reception(status="decrocheur", person=a_person(known=known, birth_on="", commune=""))
    found = partners(desk, said)
    assert found is not None
    assert not found.is_from_here
    assert found.match.first is not None
    assert found.match.first.standing is Standing.LEGAL_DUTY
    assert ReasonCode.DISTANCE in codes(found.match.first)


def test_without_a_commune_distances_are_from_this_office(desk):
    found = partners(desk, a_reception(status="demandeur_emploi", motives=("recherche_emploi",)))
    assert found is not None
    assert found.is_from_here
    assert found.match.first is not None
    assert ReasonCode.SAME_COMMUNE in codes(found.match.first)


def test_a_desk_that_no_directory_knows_proposes_nothing_without_a_commune(desk):
    def forget(tx):
        tx.execute("UPDATE memos SET text = '' WHERE name = 'own_reference'")

    desk.workspace.writer.write(forget)
    assert partners(desk, a_reception()) is None
    assert partners(desk, a_reception(commune=LE_BLANC)) is not None


def test_this_structure_is_never_proposed_to_itself(desk):
    found = partners(desk, a_reception(commune=LE_BLANC))
    assert found is not None
    everyone = [found.match.first, *found.match.fallbacks, *found.match.set_aside]
    assert FIRST_DOOR not in [one.structure.reference for one in everyone if one is not None]
    assert found.reached == {FIRST_DOOR, SECOND_DOOR}


def test_a_partner_whom_the_person_met_comes_first_but_no_first_door(desk):
    met = first(desk, commune=LE_BLANC, already_met=("La voisine", MAIRIE, ON_PAPER))
    assert (met.structure.reference, met.standing) == (ON_PAPER, Standing.FOLLOWS)


@pytest.mark.parametrize(("status", "follows"), [(ACCEPTED, True), (REFUSED, False), (None, False)])
def test_a_partner_follows_once_it_accepted(desk, status, follows):
    made = handed_over(desk, referral=a_referral(to=ON_PAPER))
    if status is not None:
        reason = "non_eligible" if status == REFUSED else ""
        answer = Answer(status=status, reason=reason, route=BY_TELEPHONE)
        answer_referral(desk, referral_of(made), answer)
    known = a_person(known=person_of(made))
    again = partners(desk, a_named_reception(person=known, demand=made.demand))
    assert again is not None
    assert again.match.first is not None
    assert (again.match.first.standing is Standing.FOLLOWS) is follows


def test_the_level_reached_stands_in_for_a_diploma_nobody_said(desk):
    said = {"commune": LE_BLANC, "level_reached": "sans_diplome"}
    assert codes(first(desk, **said)) == codes(
        first(desk, **said, diploma_obtained="non_communique")
    )


def test_a_correction_is_seen_by_the_next_proposal(desk):
    said = {"status": "demandeur_emploi", "motives": ("recherche_emploi",), "commune": LE_BLANC}
    assert first(desk, **said).structure.reference == FRANCE_TRAVAIL
    correct(desk, FRANCE_TRAVAIL, {"ended_on": "2026-11-01"})
    assert first(desk, **said).structure.reference != FRANCE_TRAVAIL


def everyone(found):
    """The references of all who are proposed, and by reference why others are set aside."""
    candidates = [found.match.first, *found.match.fallbacks]
    proposed = [one.structure.reference for one in candidates if one is not None]
    return proposed, {one.structure.reference: one.reason.code for one in found.match.set_aside}


def test_how_far_they_can_go_is_kept_to(desk):
    said = {"status": "demandeur_emploi", "motives": ("recherche_emploi",), "commune": MEZIERES}
    far = everyone(partners(desk, a_reception(**said)))
    near = everyone(
        partners(desk, a_reception(**said, can_travel="km_15", mode_wished="sur_place"))
    )
    assert far[0][0] == CIDFF
    assert CIDFF not in near[0]
    assert near[1].get(CIDFF) is ReasonCode.OUT_OF_REACH
    assert near[0] == [MAIRIE]  # a first door refuses nobody


def test_the_mode_wished_counts_and_the_mode_of_this_visit_does_not(desk):
    said = {"status": "demandeur_emploi", "motives": ("recherche_emploi",), "commune": LE_BLANC}
    usual = everyone(partners(desk, a_reception(**said, mode="sans_rdv")))
    assert everyone(partners(desk, a_reception(**said, mode="telephone"))) == usual
    wished = first(desk, **said, mode_wished="a_distance")
    assert {ReasonCode.REMOTE, ReasonCode.MODE_UNSAID} & set(codes(wished))


def test_a_language_wished_is_answered_or_said_to_be_checked(desk):
    found = first(desk, commune=LE_BLANC, status="demandeur_emploi", languages=("ar", "fr"))
    assert {ReasonCode.SPEAKS, ReasonCode.LANGUAGE_UNSAID} & set(codes(found))


@pytest.mark.parametrize(
    ("executive", "code"),
    [(None, ReasonCode.EXECUTIVE_UNSAID), (False, ReasonCode.NOT_EXECUTIVE), (True, None)],
)
def test_whether_they_are_an_executive_decides_for_the_counsellor_of_executives(
    desk, executive, code
):
    said = {"status": "cdi", "motives": ("reconversion",), "commune": TOURS}
    proposed, aside = everyone(partners(desk, a_reception(**said, executive=executive)))
    of_executives = f"{SOURCE}/{SOURCE}--apec-tours"
    assert aside.get(of_executives) is code
    assert (of_executives in proposed) is (executive is True)


def test_the_moment_wished_is_asked_and_words_are_said_from_now(desk, clock):
    found = partners(desk, a_reception(commune=LE_BLANC, go_day="lundi", go_half="matin"))
    assert found is not None
    assert found.at == clock.now().astimezone().replace(tzinfo=None)
    assert found.match.first is not None
    opening = next(
        one for one in found.match.first.reasons if one.code in {ReasonCode.OPEN, ReasonCode.OPENS}
    )
    assert str(opening.facts.get("on") or opening.facts["at"]) >= "2026-11-30"


def test_the_directory_is_made_ready_once(desk):
    from app.usecases import partners as module

    partners(desk, a_reception(commune=LE_BLANC))
    once = module._kept[desk.workspace]
    partners(desk, a_reception(commune=MEZIERES))
    assert module._kept[desk.workspace] is once


@pytest.mark.parametrize("to", [ON_PAPER, SECOND_DOOR])
def test_why_another_was_chosen_stays_here(desk, to):
    wanted = a_referral(to=to, other_choice="delai", instead_of=FRANCE_TRAVAIL)
    reception = a_named_reception(referral=wanted)
    leaving = preview(desk, reception)
    assert leaving is not None
    made = record_reception(desk, reception)
    with desk.workspace.read() as connection:
        ((kept,),) = connection.execute("SELECT details FROM referrals").fetchall()
        shared = connection.execute("SELECT details FROM shared_referrals").fetchall()
    assert unpack_map(kept)["other_choice"] == "delai"
    assert unpack_map(kept)["instead_of"] == FRANCE_TRAVAIL
    for handed in (
        *[unpack_map(one) for (one,) in shared],
        read_slip(desk, referral_of(made)).content,
    ):
        assert not {"other_choice", "instead_of"} & set(handed)
    line = open_referral(desk, referral_of(made))
    told = transmitted_parts(line.details, desk.reference.vocabularies.label, str)
    assert "Délai d’attente" not in str(told)


def test_a_reason_that_nobody_knows_is_refused(desk):
    wanted = a_referral(other_choice="humeur")
    with pytest.raises(UnknownVocabularyCodeError):
        record_reception(desk, a_named_reception(referral=wanted))
