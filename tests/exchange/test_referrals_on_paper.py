"""A referral that goes by no program is still known to every machine of the structure."""

from app.domain.outside import OutsideStructure, outside_of
from app.domain.reception import WantedReferral
from app.domain.referral import BY_FILE, BY_PAPER
from app.usecases.papers import read_slip
from app.usecases.receptions import record_reception
from app.usecases.referrals import OUT, list_referrals
from app.usecases.slip_files import lacks_of_file, note_file_made
from tests.builders import a_handed_over_reception, dump, referral_of

NAME = "Les Copeaux du Blanc (exemple)"


def test_a_colleague_s_machine_knows_who_it_went_to_and_that_it_left_as_a_file(machines):
    first, second = machines
    known = OutsideStructure(telephone="02 54 00 00 01", address="Le Blanc")
    wanted = WantedReferral(to=NAME, agreement=True, outside=known)
    made = record_reception(first.desk, a_handed_over_reception(referral=wanted))
    note_file_made(first.desk, referral_of(made))
    for door in machines:
        door.exchange()
    (line,) = list_referrals(second.desk, OUT)
    assert (line.to_name, outside_of(line.details)) == (NAME, known)
    assert [step.route for step in line.history] == [BY_PAPER, BY_FILE]
    assert read_slip(second.desk, line.referral).may_be_file
    assert lacks_of_file(second.desk, line.referral) == ()
    assert dump(first.desk, "referrals", "agreements") == dump(
        second.desk, "referrals", "agreements"
    )
