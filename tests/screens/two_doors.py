"""The screen of referrals of either of two desks that exchange without a network."""

from app.usecases import referral_changes, referrals
from app.usecases.papers import read_slip
from app.usecases.recipients import recipients
from app.usecases.record_states import record_states
from app.usecases.resending import resend_referral
from tests.builders import REFERENCE, SECOND_DOOR, a_desk, handed_over
from tests.fakes.clock import TickingClock
from tests.fakes.courier import carry
from tests.fakes.runner import DirectRunner
from ui.referrals.page import Words
from ui.referrals.presenter import ReferralActions, ReferralPresenter
from ui.referrals.sender_presenter import SenderActions
from ui.referrals.view import ReferralsView


class Doors:
    """Two desks and the screen of one of them, with what it told others."""

    def __init__(self, folder, put):
        self.clock = TickingClock()
        self.first = a_desk(folder / "first", clock=self.clock)
        self.second = a_desk(folder / "second", reference=SECOND_DOOR, clock=self.clock)
        self._put = put
        self.said = []
        self.published = []
        self.undoable = []
        self.reoriented = []

    def hand_over(self, **fields):
        """Make a referral that the second door has received and acknowledged."""
        made = handed_over(self.first, **fields)
        self.exchange()
        return made

    def exchange(self):
        carry(self.first, self.second)
        referrals.acknowledge_arrivals(self.second)
        carry(self.second, self.first)

    def screen(self, desk):
        words = Words(
            label=REFERENCE.vocabularies.label,
            commune_name=lambda code: REFERENCE.communes.by_code(code).name,
            reasons=REFERENCE.vocabularies.get("refusal_reason"),
            vocabulary=REFERENCE.vocabularies.get,
            now=self.clock.now,
        )
        actions = ReferralActions(
            list=lambda: referrals.list_referrals(desk),
            open=lambda referral: read_slip(desk, referral),
            states=lambda records: record_states(desk, records),
            answer=lambda referral, answer: referrals.answer_referral(desk, referral, answer),
            publish=self.published.append,
            structures=lambda text: recipients(desk, text),
            sender=self._sender(desk, words),
            words=words,
        )
        view = self._put(ReferralsView())
        self.presenter = ReferralPresenter(view, actions, DirectRunner())
        view.attach(self.presenter)
        view.said.connect(self.said.append)
        view.undoable.connect(lambda text, undo: self.undoable.append((text, undo)))
        view.reorient_wanted.connect(self.reoriented.append)
        return view

    def _sender(self, desk, words):
        return SenderActions(
            cancel=lambda one, why, said: referral_changes.cancel_referral(
                desk, one, reason=why, message=said
            ),
            resume=lambda one: referral_changes.resume_referral(desk, one),
            preview=lambda one, wanted: referral_changes.preview_correction(desk, one, wanted),
            correct=lambda one, wanted: referral_changes.correct_referral(desk, one, wanted),
            resend=lambda one: resend_referral(desk, one),
            read=lambda one: referral_changes.note_corrections_read(desk, one),
            has_left=lambda line: referral_changes.has_left_here(desk, line),
            publish=self.published.append,
            label=words.label,
            commune_name=words.commune_name,
        )

    def close(self):
        self.first.workspace.close()
        self.second.workspace.close()
