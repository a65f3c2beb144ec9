"""What was written for a recipient on paper is kept, like what goes through the program."""

from app.domain.reception import WantedReferral
from app.usecases.receptions import record_reception
from app.usecases.referrals import open_referral
from tests.builders import ON_PAPER, a_reception, referral_of


def test_message_and_reason_of_a_deadline_are_kept_on_paper(desk):
    wanted = WantedReferral(
        to=ON_PAPER, agreement=True, message="Mot (exemple)", deadline_reason="concours"
    )
    recorded = record_reception(desk, a_reception(referral=wanted))
    details = open_referral(desk, referral_of(recorded)).details
    assert (details.get("message"), details.get("deadline_reason")) == ("Mot (exemple)", "concours")
