"""The screen of referrals of either of two desks that exchange without a network."""

from app.usecases import referrals
from app.usecases.papers import read_slip
from app.usecases.record_states import record_states
from tests.builders import REFERENCE, SECOND_DOOR, a_desk, handed_over
from tests.fakes.clock import TickingClock
from tests.fakes.courier import carry
from tests.fakes.runner import DirectRunner
from ui.referrals.page import Words
from ui.referrals.presenter import ReferralActions, ReferralPresenter
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
            now=self.clock.now,
        )
        actions = ReferralActions(
            list=lambda: referrals.list_referrals(desk),
            open=lambda referral: read_slip(desk, referral),
            states=lambda records: record_states(desk, records),
            answer=lambda referral, answer: referrals.answer_referral(desk, referral, answer),
            publish=self.published.append,
            words=words,
        )
        view = self._put(ReferralsView())
        self.presenter = ReferralPresenter(view, actions, DirectRunner())
        view.attach(self.presenter)
        view.said.connect(self.said.append)
        return view

    def close(self):
        self.first.workspace.close()
        self.second.workspace.close()
