"""A hand-over to one service of a structure: kept, told by its name alone, said ever after."""

import pytest

from app.domain.outside import OutsideStructure
from app.domain.referral_errors import UnknownServiceError
from app.store.bodies import unpack_map
from app.usecases.directory.additions import withdraw
from app.usecases.directory.shelf import desk_directory
from app.usecases.papers import read_slip
from app.usecases.receptions import preview, record_reception
from app.usecases.referral_changes import correct_referral
from app.usecases.referrals import IN, list_referrals, open_referral
from app.usecases.resending import resend_referral
from tests.builders import (
    ON_PAPER,
    SECOND_DOOR,
    a_handed_over_reception,
    a_named_reception,
    a_referral,
    dump,
    referral_of,
)
from tests.chosen_services import PERMANENCE, a_permanence, sent_to
from tests.fakes.courier import carry

NAME = PERMANENCE["nom"]


def kept(desk, table):
    """What the events of referrals, or of the copies handed over, say."""
    return [unpack_map(row[-1]) for row in dump(desk, table)[table]]


def test_the_service_is_kept_here_and_the_recipient_gets_its_name_alone(desk):
    service = a_permanence(desk)
    line = open_referral(desk, referral_of(sent_to(desk, service)))
    assert (line.to_service, line.to_service_name) == (service, NAME)
    (here,), (handed,) = kept(desk, "referrals"), kept(desk, "shared_referrals")
    assert (here["to_service"], here["to_service_name"]) == (service, NAME)
    assert handed["to_service_name"] == NAME
    assert "to_service" not in handed


def test_what_leaves_is_shown_with_the_name_of_the_service(desk):
    wanted = a_referral(service=a_permanence(desk))
    leaving = preview(desk, a_named_reception(referral=wanted))
    assert leaving is not None
    assert leaving.content["to_service_name"] == NAME
    assert "to_service" not in leaving.content


def test_a_structure_chosen_alone_says_no_service(desk):
    a_permanence(desk)
    line = open_referral(desk, referral_of(record_reception(desk, a_handed_over_reception())))
    assert (line.to_service, line.to_service_name) == ("", "")
    for told in (*kept(desk, "referrals"), *kept(desk, "shared_referrals")):
        assert not {"to_service", "to_service_name"} & set(told)


def test_its_identifier_is_enough(desk):
    one = desk_directory(desk).by_reference(SECOND_DOOR).services[0]
    line = open_referral(desk, referral_of(sent_to(desk, one.id)))
    assert line.to_service == one.reference


def test_a_service_of_another_structure_is_refused_and_nothing_is_kept(desk):
    service = a_permanence(desk, ON_PAPER)
    for wanted in (a_referral(service=service), a_referral(service="nulle/part")):
        with pytest.raises(UnknownServiceError):
            record_reception(desk, a_handed_over_reception(referral=wanted))
    assert kept(desk, "referrals") == []


def test_a_structure_that_no_directory_lists_has_no_service(desk):
    wanted = a_referral(to="Les Copeaux (exemple)", outside=OutsideStructure(), service="a/b")
    with pytest.raises(UnknownServiceError):
        record_reception(desk, a_handed_over_reception(referral=wanted))


def test_it_is_still_said_once_the_directory_has_it_no_more(desk):
    service = a_permanence(desk)
    made = referral_of(sent_to(desk, service))
    assert read_slip(desk, made).place.commune_name == "Bélâbre"
    withdraw(desk, service)
    read = read_slip(desk, made)
    assert read.line.to_service_name == NAME
    assert read.service is None
    assert read.place.commune_name == "Le Blanc"


def test_what_is_corrected_before_it_left_still_goes_to_that_service(desk):
    made = referral_of(sent_to(desk, a_permanence(desk)))
    correct_referral(desk, made, {"message": "Venir avec son CV (exemple)."})
    assert [told["to_service_name"] for told in kept(desk, "shared_referrals")] == [NAME]


def test_a_copy_of_what_is_lost_goes_to_that_service_too(desk, second):
    service = a_permanence(desk)
    made = referral_of(sent_to(desk, service))
    carry(desk, second)
    again = open_referral(desk, resend_referral(desk, made).referral)
    assert (again.to_service, again.to_service_name) == (service, NAME)
    assert again.details["to_service_name"] == NAME


def test_who_receives_reads_the_name_and_finds_its_own_service_by_it(desk, second):
    one = desk_directory(desk).by_reference(SECOND_DOOR).services[0]
    sent_to(desk, one.reference)
    sent_to(desk, a_permanence(desk))
    carry(desk, second)
    lines = list_referrals(second, IN)
    read = {line.to_service_name: read_slip(second, line.referral).service for line in lines}
    assert read == {one.name: one, NAME: None}
