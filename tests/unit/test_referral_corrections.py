"""What was handed over, corrected by several machines: the same for all, whatever the order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.referral import (
    ACCEPTED,
    CANCELLED,
    CLOSED,
    CONSIDERED,
    CORRECTED,
    CORRECTION_READ,
    DRAFT,
    MET,
    NOT_STANDING,
    RECEIVED,
    REFUSED,
    REPLACED,
    RESUMED,
    SENT,
    TO_SEND,
    UNANSWERED,
    WITHDRAWN,
    FieldChange,
    Step,
    may_correct,
    may_follow,
    may_reorient,
    may_resend,
    status_of,
)
from app.domain.referral_corrections import CORRECTABLE, changes_wanted, corrected
from app.domain.referral_errors import NotCoveredByAgreementError, NothingToCorrectError

HANDED = {"telephone": "06 39 98 00 01", "given_name": "Maëlys", "message": "Bonjour."}
ANSWERS = (CONSIDERED, ACCEPTED, REFUSED, MET, CLOSED, UNANSWERED, CANCELLED, WITHDRAWN, REPLACED)
VALUES = st.sampled_from((None, "a", "b"))
CHANGES = st.builds(
    FieldChange, field=st.sampled_from(("telephone", "message")), was=VALUES, became=VALUES
)


def step(status=CORRECTED, *changes: FieldChange) -> Step:
    return Step(status=status, at_s=0, by="", structure="", route="here", changes=changes)


def change(field, was, became) -> FieldChange:
    return FieldChange(field=field, was=was, became=became)


HISTORIES = st.lists(
    st.one_of(
        st.sampled_from([step(status) for status in (*ANSWERS, *NOT_STANDING)]),
        st.lists(CHANGES, max_size=2).map(lambda some: step(CORRECTED, *some)),
    ),
    max_size=8,
)


class TestWhatIsCorrected:
    """What a correction changes, and what it may not."""

    def test_only_what_moved_is_a_change_and_an_empty_text_takes_a_field_out(self):
        wanted = {"telephone": " 06 39 98 00 02 ", "given_name": "Maëlys", "message": ""}
        assert changes_wanted(HANDED, wanted) == (
            change("telephone", "06 39 98 00 01", "06 39 98 00 02"),
            change("message", "Bonjour.", None),
        )

    def test_nothing_of_the_person_is_added_to_what_they_agreed_to(self):
        with pytest.raises(NotCoveredByAgreementError) as refusal:
            changes_wanted(HANDED, {"email": "maelys@exemple.example"})
        assert refusal.value.facts == {"field": "email"}

    def test_how_the_relay_is_passed_may_be_said_later(self):
        wanted = {"handover": "appel_ensemble", "deadline_on": "2026-12-24"}
        assert {one.field for one in changes_wanted(HANDED, wanted)} == set(wanted)

    @pytest.mark.parametrize("wanted", [{}, HANDED, {"to_structure": "x"}, {"email": "  "}])
    def test_what_changes_nothing_is_said(self, wanted):
        with pytest.raises(NothingToCorrectError):
            changes_wanted(HANDED, wanted)


class TestWhatStands:
    """What the corrections of several machines amount to."""

    def test_corrections_follow_one_another(self):
        steps = [
            step(CORRECTED, change("message", "Bonjour.", "Bonsoir.")),
            step(CORRECTED, change("message", "Bonsoir.", None)),
        ]
        content, disputed = corrected(HANDED, steps)
        assert "message" not in content
        assert content["telephone"] == HANDED["telephone"]
        assert disputed == ()

    def test_two_machines_unaware_of_each_other_leave_a_dispute_until_one_settles_it(
        self,
    ):
        both = [
            step(CORRECTED, change("message", "Bonjour.", "Un")),
            step(CORRECTED, change("message", "Bonjour.", "Deux")),
        ]
        assert corrected(HANDED, both) == (HANDED | {"message": "Deux"}, ("message",))
        settled = [*both, step(CORRECTED, change("message", "Deux", "Un"))]
        assert corrected(HANDED, settled) == (HANDED | {"message": "Un"}, ())

    def test_whom_it_goes_to_is_never_corrected(self):
        forged = step(CORRECTED, change("to_structure", None, "another"))
        assert corrected(HANDED, [forged]) == (HANDED, ())

    @given(HISTORIES)
    def test_the_last_correction_of_a_field_is_what_it_says(self, history):
        content, disputed = corrected(HANDED, history)
        for field in CORRECTABLE:
            said = [one.became for step in history for one in step.changes if one.field == field]
            assert content.get(field) == (said[-1] if said else HANDED.get(field))
        assert set(disputed) <= {one.field for step in history for one in step.changes}


class TestWhereItStands:
    """What the sender does with it, beside what is answered."""

    @given(HISTORIES)
    def test_corrections_and_their_reading_never_move_it(self, history):
        without = [one for one in history if one.status not in {CORRECTED, CORRECTION_READ}]
        assert status_of(history) == status_of(without)

    @given(HISTORIES)
    def test_a_cancellation_taken_back_at_once_leaves_no_trace_in_it(self, history):
        assert status_of([*history, step(CANCELLED), step(RESUMED)]) == status_of(history)

    @given(HISTORIES)
    def test_sending_it_again_never_hides_what_the_recipient_answered(self, history):
        said = {one.status for one in history} & {CONSIDERED, ACCEPTED, REFUSED, MET, CLOSED}
        status = status_of([*history, step(REPLACED)])
        assert status in said if said else status == REPLACED

    @pytest.mark.parametrize(
        ("statuses", "status"),
        [
            ((SENT, CANCELLED, RESUMED), SENT),
            ((SENT, RECEIVED, CANCELLED, RESUMED), RECEIVED),
            ((SENT, RESUMED), SENT),
            ((SENT, ACCEPTED, REPLACED), ACCEPTED),
            ((SENT, REPLACED, ACCEPTED), ACCEPTED),
            ((SENT, UNANSWERED, REPLACED), REPLACED),
            ((SENT, REPLACED, RECEIVED), REPLACED),
            ((SENT, CANCELLED, CORRECTED), CANCELLED),
        ],
    )
    def test_it_stands_where_people_would_say(self, statuses, status):
        assert status_of([step(one) for one in statuses]) == status


def test_what_the_sender_may_still_do_depends_on_where_it_stands():
    may = {
        status: (may_correct(status), may_resend(status), may_reorient(status))
        for status in (DRAFT, TO_SEND, SENT, RECEIVED, *ANSWERS)
    }
    yes, no = True, False
    assert may == {
        DRAFT: (no, no, no),
        TO_SEND: (yes, yes, no),
        SENT: (yes, yes, no),
        RECEIVED: (yes, no, no),
        CONSIDERED: (yes, no, no),
        ACCEPTED: (yes, no, no),
        MET: (yes, no, no),
        CLOSED: (no, no, no),
        REFUSED: (no, no, yes),
        UNANSWERED: (yes, yes, yes),
        CANCELLED: (no, yes, yes),
        WITHDRAWN: (no, no, yes),
        REPLACED: (no, no, no),
    }


def test_only_a_cancellation_is_taken_back():
    for present in (DRAFT, TO_SEND, SENT, RECEIVED, *ANSWERS):
        assert may_follow(present, RESUMED) == (present == CANCELLED)


def test_what_was_sent_again_can_still_be_answered_where_it_arrived_after_all():
    allowed = {status for status in ANSWERS if may_follow(REPLACED, status)}
    assert allowed == {CONSIDERED, ACCEPTED, REFUSED, MET}
