"""Where a referral stands is told by its history, never by the clocks of those who answered."""

import itertools

import pytest

from app.domain.referral import (
    ACCEPTED,
    ANSWERS_OF_RECIPIENT,
    ANSWERS_OF_SENDER,
    CANCELLED,
    CLOSED,
    CONSIDERED,
    CORRECTED,
    CORRECTION_READ,
    DRAFT,
    MET,
    RECEIVED,
    REFUSED,
    REPLACED,
    RESUMED,
    SENT,
    TO_SEND,
    UNANSWERED,
    WITHDRAWN,
    Step,
    may_follow,
    status_of,
)
from app.reference.vocabulary import Vocabularies
from resources import resource_path

EVERY_STATUS = (
    *(DRAFT, TO_SEND, SENT, RECEIVED, *ANSWERS_OF_RECIPIENT, *ANSWERS_OF_SENDER),
    *(REPLACED, RESUMED, CORRECTED, CORRECTION_READ),
)


def steps(*statuses: str) -> list[Step]:
    return [
        Step(status=status, at_s=1_000 - place, by="Alix", structure="", route="relay")
        for place, status in enumerate(statuses)
    ]


@pytest.mark.parametrize(
    ("history", "status"),
    [
        ((), DRAFT),
        ((TO_SEND,), TO_SEND),
        ((TO_SEND, SENT), SENT),
        ((TO_SEND, SENT, RECEIVED), RECEIVED),
        ((TO_SEND, RECEIVED), RECEIVED),
        ((TO_SEND, SENT, ACCEPTED, RECEIVED), ACCEPTED),
        ((TO_SEND, SENT, RECEIVED, ACCEPTED, MET), MET),
        ((TO_SEND, RECEIVED, CANCELLED), CANCELLED),
    ],
)
def test_the_last_answer_tells_where_a_referral_stands(history, status):
    assert status_of(steps(*history)) == status


@pytest.mark.parametrize(
    ("present", "status"),
    [
        (SENT, ACCEPTED),
        (RECEIVED, REFUSED),
        (RECEIVED, MET),
        (CONSIDERED, ACCEPTED),
        (ACCEPTED, MET),
        (MET, CLOSED),
        (UNANSWERED, ACCEPTED),
        (REFUSED, CONSIDERED),
        (TO_SEND, CANCELLED),
        (DRAFT, WITHDRAWN),
    ],
)
def test_an_answer_follows_what_it_can_answer(present, status):
    assert may_follow(present, status)


@pytest.mark.parametrize(
    ("present", "status"),
    [
        (CLOSED, ACCEPTED),
        (CANCELLED, ACCEPTED),
        (WITHDRAWN, MET),
        (TO_SEND, ACCEPTED),
        (MET, REFUSED),
        (SENT, CLOSED),
    ],
)
def test_an_answer_does_not_follow_what_is_over_or_not_begun(present, status):
    assert not may_follow(present, status)


@pytest.mark.parametrize("status", [ACCEPTED, REFUSED, CLOSED, WITHDRAWN])
def test_a_status_of_a_newer_program_can_be_answered(status):
    assert may_follow("reorientee_ailleurs", status)
    assert not may_follow("reorientee_ailleurs", SENT)


def test_nothing_goes_back_to_being_sent():
    for present, status in itertools.product(EVERY_STATUS, (DRAFT, TO_SEND, SENT, RECEIVED)):
        assert not may_follow(present, status)


def test_every_status_is_a_word_of_the_vocabulary():
    codes = Vocabularies(resource_path("vocabulary")).get("referral_status").codes()
    assert set(EVERY_STATUS) == set(codes)
