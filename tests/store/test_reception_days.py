"""Days and signs of a reception: those that nobody can have meant are refused before writing."""

import pytest

from app.domain.errors import (
    AppError,
    BirthOutOfReachError,
    MomentOutOfReachError,
    UnreadableInputError,
)
from app.domain.reception import PersonDetails, Reception
from app.usecases.desk import Desk
from app.usecases.persons import open_person
from app.usecases.receptions import record_reception
from tests.builders import (
    a_desk,
    a_named_reception,
    a_person,
    a_reception,
    a_referral,
    dump,
    person_of,
    received,
)
from tests.fakes.clock import TickingClock
from ui.texts import sentence_for


def refused(desk: Desk, reception: Reception) -> AppError:
    """How that reception is refused; nothing was written."""
    before = dump(desk, "events")
    with pytest.raises(AppError) as refusal:
        record_reception(desk, reception)
    assert dump(desk, "events") == before
    return refusal.value


@pytest.mark.parametrize("born", ["1899-12-31", "2026-11-26", "2088-02-14"])
def test_a_birth_in_the_future_or_before_1900_is_refused(desk, born):
    error = refused(desk, a_named_reception(person=a_person(birth_on=born)))
    assert isinstance(error, BirthOutOfReachError)
    assert born in sentence_for(error)


@pytest.mark.parametrize("born", ["1900-01-01", "2026-11-23"])
def test_anybody_born_since_1900_is_received(desk, born):
    assert received(desk, person=a_person(birth_on=born)).person


@pytest.mark.parametrize(
    "moment",
    [
        "1999-12-31T23:00:00+01:00",
        "2026-11-27T09:15:00+01:00",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_a_reception_after_tomorrow_or_before_2000_is_refused(desk, moment):
    error = refused(desk, a_reception(received_at=moment))
    assert isinstance(error, MomentOutOfReachError)
    assert moment[:10] in sentence_for(error)


@pytest.mark.parametrize("moment", ["2000-01-01T00:00:00+01:00", "2026-11-25T18:00:00+01:00"])
def test_a_reception_until_tomorrow_is_kept(desk, moment):
    person = person_of(received(desk, received_at=moment))
    assert open_person(desk, person).encounters[0].received_at == moment


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_moment_without_offset_at_the_end_of_time_is_refused(desk, moment):
    assert isinstance(refused(desk, a_reception(received_at=moment)), MomentOutOfReachError)


def test_the_days_are_those_of_the_clock_of_the_desk(tmp_path):
    clock = TickingClock()
    desk = a_desk(tmp_path, clock=clock)
    later = a_reception(received_at="2027-01-10T09:15:00+01:00")
    assert isinstance(refused(desk, later), MomentOutOfReachError)
    clock.tick(days=60)
    assert record_reception(desk, later)


@pytest.mark.parametrize("sign", ["\n", "\t", "\0", "\x1b", "\x7f", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize(
    ("reception", "where"),
    [
        (lambda text: a_named_reception(person=a_person(family_name=text)), "person.family_name"),
        (lambda text: a_named_reception(person=a_person(telephone=text)), "person.telephone"),
        (lambda text: a_named_reception(person=a_person(commune=text)), "person.commune"),
        (lambda text: a_reception(already_met=(text,)), "already_met"),
        (lambda text: a_reception(commune=text), "commune"),
        (lambda text: a_reception(referral=a_referral(to=text)), "referral.to"),
    ],
)
def test_a_field_of_one_line_holds_no_control_sign(desk, reception, where, sign):
    error = refused(desk, reception(f"36018{sign}"))
    assert isinstance(error, UnreadableInputError)
    assert error.facts["where"] == where


def test_a_long_text_has_lines_but_no_null(desk):
    received(desk, expressed="Une ligne.\nUne autre,\tplus loin.", reception_note="a\r\nb")
    for reception in (a_reception(analysed="a\0b"), a_reception(private_note="a\x1bb")):
        assert isinstance(refused(desk, reception), UnreadableInputError)


def test_a_known_person_is_received_again_by_their_identifier_alone(desk):
    person = person_of(received(desk))
    again = record_reception(desk, a_reception(person=PersonDetails(known=person)))
    assert again.person == person
    assert len(open_person(desk, person).encounters) == 2
