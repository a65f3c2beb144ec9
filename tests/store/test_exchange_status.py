"""What the status bar says is always true, in counts."""

import datetime as dt

from app.domain.identifiers import BundleName, SpaceId
from app.ports import Quarantined
from app.store.sync_port import StoreSyncPort
from app.usecases.exchange_records import exchange_records
from app.usecases.exchange_status import exchange_status
from app.usecases.persons import erase_person
from app.usecases.receptions import record_reception
from tests.builders import a_reception, handed_over, person_of, received
from tests.fakes.courier import acknowledged, carry, sealed_by

STATES = ("pending", "sent", "acknowledged", "pulled", "confined", "quarantine")


def counts(desk) -> dict[str, int]:
    """The counts that are not zero; each opens a list of exactly that many records."""
    status = exchange_status(desk)
    for name in STATES:
        assert len(exchange_records(desk, name)) == getattr(status, name)
    return {name: getattr(status, name) for name in STATES if getattr(status, name)}


def test_an_event_goes_from_pending_to_sent_to_acknowledged_and_is_pulled(desk, second):
    assert counts(desk) == {}
    handed_over(desk)
    assert counts(desk) == {"pending": 7}
    bundles = sealed_by(desk)
    assert counts(desk) == {"pending": 7}
    names = [bundle.bundle.name for bundle in bundles]
    StoreSyncPort(desk.workspace).mark_sent(names)
    assert counts(desk) == {"sent": 7}
    acknowledged(desk, bundles)
    assert counts(desk) == {"acknowledged": 7}
    carry(desk, second)
    handed_over(desk)
    carry(desk, second)
    assert counts(desk) == {"acknowledged": 14}
    assert counts(second) == {"pulled": 1}


def test_what_stays_here_is_counted_apart(desk):
    record_reception(desk, a_reception(agreement_to_record=False))
    assert counts(desk) == {"confined": 3}


def test_an_erasure_that_stays_here_is_not_a_refusal(desk):
    erase_person(desk, person_of(received(desk)))
    assert counts(desk) == {}


def test_an_event_erased_once_sealed_still_waits_to_leave(desk):
    recorded = received(desk)
    sealed_by(desk)
    waiting = counts(desk)["pending"]
    oldest = exchange_status(desk).oldest_pending_at_s
    erase_person(desk, person_of(recorded))
    assert counts(desk) == {"pending": 2 * waiting}  # and as many erasures
    assert exchange_status(desk).oldest_pending_at_s == oldest


def test_the_oldest_that_waits_is_told(desk):
    assert exchange_status(desk).oldest_pending_at_s is None
    began_s = int(desk.now().timestamp())
    record_reception(desk, a_reception())
    desk.clock.tick(hours=3)
    record_reception(desk, a_reception())
    assert exchange_status(desk).oldest_pending_at_s == began_s
    acknowledged(desk, sealed_by(desk))
    assert exchange_status(desk).oldest_pending_at_s is None


def test_the_last_contact_and_the_last_failure_are_told_and_forgotten(desk):
    port = StoreSyncPort(desk.workspace)
    status = exchange_status(desk)
    assert (status.last_contact_at, status.last_failure) == ("", None)
    at = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
    port.note_failure(code="relay_absent", message="", at=at)
    failure = exchange_status(desk).last_failure
    assert failure is not None
    assert (failure.code, failure.at) == ("relay_absent", "2026-11-24T09:30:00+00:00")
    port.note_contact(at)
    status = exchange_status(desk)
    assert (status.last_contact_at, status.last_failure) == ("2026-11-24T09:30:00+00:00", None)


def test_what_is_set_aside_is_counted_until_released(desk):
    port = StoreSyncPort(desk.workspace)
    aside = Quarantined(
        name=BundleName(b"n" * 32), space=SpaceId(b"s" * 16), reason="gap", data=b"bytes"
    )
    port.keep_aside(aside)
    port.keep_aside(aside)
    assert counts(desk) == {"quarantine": 1}
    assert list(port.set_aside()) == [aside]
    port.release(aside.name)
    assert counts(desk) == {}


def test_a_record_says_what_it_is_when_by_whom_and_with_whom(desk, second):
    handed_over(desk)
    carry(desk, second)
    (record,) = exchange_records(second, "pulled")
    assert (record.kind, record.author) == ("shared_referral", "Alix Exemple")
    assert record.at_s == int(desk.now().timestamp())
    assert record.partner == desk.own_structure().name
    partners = {record.partner for record in exchange_records(desk, "acknowledged")}
    assert partners == {"", second.own_structure().name}
