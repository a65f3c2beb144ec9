"""What a person wishes of the second door: kept, told to the recipient or not, put on paper."""

import dataclasses

import pytest

from app.domain.errors import UnknownVocabularyCodeError
from app.usecases.encounters import open_meeting
from app.usecases.papers import read_person_papers, read_slip
from app.usecases.receptions import preview, record_reception
from app.usecases.referrals import open_referral
from tests.builders import (
    ON_PAPER,
    REFERENCE,
    SECOND_DOOR,
    a_handed_over_reception,
    a_reception,
    a_referral,
    person_of,
    referral_of,
)
from ui.widgets.transmitted_fields import parts_of

WISHES = {
    "executive": True,
    "languages": ("ar", "lsf"),
    "can_travel": "km_15",
    "mode_wished": "a_distance",
    "go_day": "mercredi",
    "go_half": "matin",
}
TOLD = {"executive", "languages", "mode_wished"}
"""The wishes that a recipient needs to know."""


def wished(**fields):
    return a_handed_over_reception(**(WISHES | fields))


def test_wishes_are_kept_with_the_meeting(desk):
    made = record_reception(desk, a_reception(**WISHES))
    details = open_meeting(desk, made.encounter).line.details
    assert {name: details[name] for name in WISHES} == WISHES


def test_what_nobody_said_is_not_written(desk):
    made = record_reception(desk, a_reception())
    details = open_meeting(desk, made.encounter).line.details
    assert not {name for name in WISHES if details.get(name) is not None}


def test_somebody_who_is_no_executive_is_not_somebody_of_whom_nothing_is_said(desk):
    made = record_reception(desk, a_reception(executive=False))
    assert open_meeting(desk, made.encounter).line.details["executive"] is False


@pytest.mark.parametrize("to", [SECOND_DOOR, ON_PAPER])
def test_the_recipient_knows_languages_and_mode_but_not_how_far_nor_when(desk, to):
    reception = wished(referral=a_referral(to=to))
    leaving = preview(desk, reception)
    assert leaving is not None
    made = record_reception(desk, reception)
    content = read_slip(desk, referral_of(made)).content
    assert {name: content[name] for name in WISHES if name in content} == {
        name: WISHES[name] for name in TOLD
    }
    assert content.keys() & WISHES.keys() == leaving.content.keys() & WISHES.keys()


def test_the_program_sends_what_it_showed_and_no_more(desk):
    made = record_reception(desk, wished())
    details = open_referral(desk, referral_of(made)).details
    assert details.keys() & WISHES.keys() == TOLD
    without = dataclasses.replace(wished(), executive=None, languages=(), mode_wished="")
    other = record_reception(desk, without)
    assert not open_referral(desk, referral_of(other)).details.keys() & WISHES.keys()


def test_the_recipient_reads_words(desk):
    made = record_reception(desk, wished(executive=False))
    parts = parts_of(read_slip(desk, referral_of(made)).content, REFERENCE.vocabularies.label, str)
    said = {fact.label: fact.value for part in parts for fact in part.facts}
    assert said["Langues souhaitées"] == "Arabe, Langue des signes française"
    assert said["Mode souhaité"] == "À distance"
    assert said["Cadre"] == "non"


def test_the_right_of_access_shows_every_wish(desk):
    made = record_reception(desk, wished())
    (meeting,) = read_person_papers(desk, person_of(made)).file.encounters
    assert meeting.details.keys() >= WISHES.keys()


@pytest.mark.parametrize("name", ["can_travel", "mode_wished", "go_day", "go_half"])
def test_a_word_that_nobody_knows_is_refused(desk, name):
    with pytest.raises(UnknownVocabularyCodeError):
        record_reception(desk, a_reception(**{name: "ailleurs"}))


def test_a_language_that_nobody_knows_is_refused(desk):
    with pytest.raises(UnknownVocabularyCodeError):
        record_reception(desk, a_reception(languages=("ar", "klingon")))
