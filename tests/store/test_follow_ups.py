"""What follows a meeting, until it is done."""

import datetime as dt

import pytest

from app.domain.errors import UnknownRecordError
from app.domain.identifiers import SubjectId
from app.usecases.follow_ups import follow_ups, reopen_follow_up, settle_follow_up
from app.usecases.rebuild import rebuild_rows
from app.usecases.receptions import record_reception
from app.usecases.today import the_day
from tests.builders import a_reception, received
from tests.fakes.courier import carry

TODAY = dt.date(2026, 11, 24)


def test_what_has_no_day_or_whose_day_came_is_due(desk):
    received(desk, next_step="rappeler", next_on="2026-11-23")
    received(desk, next_step="document")
    received(desk, next_step="relancer", next_on="2026-11-25")
    received(desk)
    assert [(one.step, one.is_due(TODAY)) for one in follow_ups(desk)] == [
        ("document", True),
        ("rappeler", True),
        ("relancer", False),
    ]
    assert len(the_day(desk).follow_ups) == 2
    desk.clock.tick(days=1)
    assert len(the_day(desk).follow_ups) == 3


def test_what_is_done_is_listed_no_more_and_a_slip_is_taken_back(desk):
    recorded = record_reception(desk, a_reception(next_step="rappeler"))
    settle_follow_up(desk, recorded.encounter)
    settle_follow_up(desk, recorded.encounter)
    assert follow_ups(desk) == []
    rebuild_rows(desk)
    assert follow_ups(desk) == []
    reopen_follow_up(desk, recorded.encounter)
    (one,) = follow_ups(desk)
    assert (one.display_name, one.person) == ("", None)


def test_a_colleague_s_machine_knows_what_is_done(desk, colleague):
    recorded = received(desk, next_step="rendez_vous", next_on="2026-12-01")
    carry(desk, colleague)
    assert len(the_day(colleague).appointments) == 1
    settle_follow_up(colleague, recorded.encounter)
    carry(colleague, desk)
    assert the_day(desk).appointments == ()


def test_only_a_meeting_kept_here_is_settled(desk):
    with pytest.raises(UnknownRecordError):
        settle_follow_up(desk, SubjectId(bytes(15) + b"\x01"))
