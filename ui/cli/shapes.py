"""The stable JSON of what commands answer: scripts rely on it, so names never change."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from app.domain.events import SealedValue
from app.domain.identifiers import SubjectId, id_text
from app.domain.outside import outside_of
from app.domain.rights import answer_due_on
from ui.texts import sentence, utc_text

if TYPE_CHECKING:
    from app.domain.referral import FieldChange, Step
    from app.reference.communes import Commune, Communes
    from app.reference.directory import StructureEntry
    from app.store.search import PersonFound
    from app.usecases.exchange_records import ExchangeRecord
    from app.usecases.exchange_status import ExchangeStatus
    from app.usecases.persons import AgreementLine, EncounterLine, PersonFile
    from app.usecases.recipients import Recipient
    from app.usecases.referrals import ReferralLine
    from app.usecases.rights import RequestLine
    from ui.compose_machines import Standing

_SUBJECT_BYTES = 16
_STRUCTURES = frozenset({"from_structure", "to_structure"})


def person_shape(found: "PersonFound", communes: "Communes") -> dict[str, Any]:
    """Return a person as a list shows them; what is unknown is null."""
    return {
        "id": id_text(found.person),
        "short_id": found.short_id,
        "display_name": found.display_name,
        "birth_on": found.birth_on or None,
        "commune": found.commune or None,
        "commune_name": commune_name(communes, found.commune) or None,
        "telephone": found.telephone or None,
    }


def file_shape(file: "PersonFile", communes: "Communes") -> dict[str, Any]:
    """Return a person's file."""
    return person_shape(file.person, communes) | {
        "details": details_shape(file.details),
        "disputed": list(file.disputed),
        "encounters": [encounter_shape(line) for line in file.encounters],
        "agreements": [agreement_shape(line) for line in file.agreements],
        "referrals": [referral_shape(line) for line in file.referrals],
    }


def agreement_shape(line: "AgreementLine") -> dict[str, Any]:
    """Return one agreement of a file."""
    return {
        "id": id_text(line.agreement),
        "kind": line.kind,
        "recipient": line.recipient or None,
        "given": line.given,
        "at": utc_text(line.at_s),
        "agreed_by": line.agreed_by or None,
        "withdrawn_on": line.withdrawn_on or None,
    }


def request_shape(line: "RequestLine") -> dict[str, Any]:
    """Return what somebody asked about what is kept of them."""
    clock = line.clock
    return {
        "id": id_text(line.request),
        "person_id": id_text(line.person),
        "display_name": line.display_name or None,
        "kind": line.kind,
        "asked_on": line.asked_on.isoformat(),
        "words": line.words or None,
        "author": line.author,
        "due_on": answer_due_on(line.asked_on).isoformat(),
        "days_left": None if clock is None else clock.days_left,
        "late": clock is not None and clock.is_late,
        "answered_on": line.answered_on or None,
        "answer": line.answer or None,
        "answer_words": line.answer_words or None,
    }


def encounter_shape(line: "EncounterLine") -> dict[str, Any]:
    """Return one meeting of a file."""
    return {
        "id": id_text(line.encounter),
        "demand_id": id_text(line.demand),
        "received_at": line.received_at,
        "author": line.author,
        "expressed": line.expressed,
        "details": details_shape(line.details),
        "notes": dict(line.notes),
        "stays_here": line.stays_here,
    }


def outside_shape(details: Mapping[str, Any]) -> dict[str, str] | None:
    """Return how a structure that no directory lists is reached, None for any other."""
    outside = outside_of(details)
    return None if outside is None else asdict(outside)


def referral_shape(line: "ReferralLine") -> dict[str, Any]:
    """Return a referral with its history, the first step first."""
    return {
        "id": id_text(line.referral),
        "shared_id": _id(line.shared),
        "direction": line.direction,
        "status": line.status,
        "from": line.from_name,
        "to": line.to_name,
        "to_outside": outside_shape(line.details),
        "to_service": line.to_service or None,
        "to_service_name": line.to_service_name or None,
        "person_id": _id(line.person),
        "display_name": line.display_name or None,
        "short_id": line.short_id,
        "route": line.route,
        "created_at": utc_text(line.created_at_s),
        "author": line.author,
        "follows_id": _id(line.follows),
        "resends_id": _id(line.resends),
        "continued_by": [id_text(one) for one in line.continued_by],
        "disputed": list(line.disputed),
        "unread_corrections": len(line.unread),
        "history": [_step_shape(step) for step in line.history],
    }


def _step_shape(step: "Step") -> dict[str, Any]:
    return {
        "status": step.status,
        "at": utc_text(step.at_s),
        "by": step.by,
        "route": step.route,
        "structure": step.structure or None,
        "reason": step.reason or None,
        "message": step.message or None,
        "clock_doubtful": step.clock_doubtful,
        "changes": changes_shape(step.changes),
        "proposed": None if step.proposed is None else asdict(step.proposed),
    }


def changes_shape(changes: Iterable["FieldChange"]) -> list[dict[str, Any]]:
    """Return what a correction changes, field by field."""
    return [{"field": one.field, "was": one.was, "became": one.became} for one in changes]


def status_shape(status: "ExchangeStatus") -> dict[str, Any]:
    """Return the state of the exchange."""
    oldest, failure = status.oldest_pending_at_s, status.last_failure
    return {
        "events": {
            "pending": status.pending,
            "on_stick": status.on_stick,
            "received": status.received,
            "sent": status.sent,
            "acknowledged": status.acknowledged,
            "pulled": status.pulled,
        },
        "oldest_pending_at": None if oldest is None else utc_text(oldest),
        "oldest_on_stick_at": _at(status.oldest_on_stick_at_s),
        "last_contact_at": moment_shape(status.last_contact_at),
        "last_failure": None
        if failure is None
        else {
            "code": failure.code,
            "message": failure.message or sentence(failure.code),
            "at": moment_shape(failure.at),
        },
        "quarantine": status.quarantine,
        "confined": status.confined,
        "waiting_for_agent": status.waiting_for_agent,
        "late_edits": status.late_edits,
        "lacking": status.lacking,
        "clock_offset_s": status.clock_offset_s,
        "marked": status.is_marked,
    }


def record_shape(record: "ExchangeRecord") -> dict[str, Any]:
    """Return a record of the exchange, and the structures that have shown that they hold it."""
    return {
        "kind": record.kind,
        "at": _at(record.at_s or None),
        "author": record.author or None,
        "partner": record.partner or None,
        "holders": list(record.holders),
    }


def standing_shape(standing: "Standing") -> dict[str, Any]:
    """Return how long a desk stands in the exchange, and what somebody must see to."""
    return {
        "certificate_until": _at(standing.certificate_until_s),
        "machine_until": _at(standing.machine_until_s),
        "warnings": [{"code": one.code, "until": _at(one.until_s)} for one in standing.warnings],
    }


def moment_shape(text: str) -> str | None:
    """Return a moment kept as ISO 8601 in UTC, written with Z; null when there is none."""
    if not text:
        return None
    import datetime as dt

    return utc_text(dt.datetime.fromisoformat(text).timestamp())


def structure_shape(entry: "StructureEntry") -> dict[str, Any]:
    """Return a structure of the directory."""
    return {
        "reference": entry.reference,
        "name": entry.display_name,
        "network": entry.network,
        "commune": entry.commune_code,
        "commune_name": entry.commune_name or None,
        "telephone": entry.telephone,
        "email": entry.email,
        "hours": entry.hours,
        "checked_on": entry.checked_on.isoformat(),
    }


def recipient_shape(recipient: "Recipient") -> dict[str, Any]:
    """Return a structure that takes part in the exchange."""
    return {
        "id": recipient.structure.hex() if recipient.structure else None,
        "reference": recipient.reference,
        "name": recipient.name,
        "network": recipient.network or None,
        "commune_name": recipient.commune or None,
    }


def commune_shape(commune: "Commune") -> dict[str, Any]:
    """Return a commune."""
    return {
        "insee_code": commune.insee_code,
        "name": commune.name,
        "postal_codes": list(commune.postal_codes),
        "department": commune.department,
        "epci_name": commune.epci_name or None,
        "population": commune.population,
    }


def details_shape(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a record as JSON; sealed notes are left out."""
    return {
        name: value.hex() if name in _STRUCTURES and isinstance(value, bytes) else _plain(value)
        for name, value in details.items()
        if not isinstance(value, SealedValue)
    }


def commune_name(communes: "Communes", code: str) -> str:
    """Return the name of a commune, "" when its code is unknown or missing."""
    from app.domain.errors import UnknownCommuneError

    try:
        return communes.by_code(code).name if code else ""
    except UnknownCommuneError:
        return ""


def _at(at_s: int | None) -> str | None:
    return None if at_s is None else utc_text(at_s)


def _id(subject: SubjectId | None) -> str | None:
    return None if subject is None else id_text(subject)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        is_subject = len(value) == _SUBJECT_BYTES
        return id_text(SubjectId(value)) if is_subject else value.hex()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value
