"""Answers for people: short lines, aligned, in French."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ui.cli.shapes import commune_name
from ui.texts import count, day, moment, route_label, status_label, typeset
from ui.widgets.history_words import reason_words, told_lines
from ui.widgets.referral_words import recipient_name
from ui.widgets.rights_words import (
    RECORD,
    SENSITIVE,
    TRANSMIT,
    agreed_by_words,
    due_words,
    lower_first,
    sensitive_words,
)

if TYPE_CHECKING:
    from app.domain.referral import Step
    from app.reference.vocabulary import Vocabularies
    from app.store.search import PersonFound
    from app.usecases.desk import Desk, Reference
    from app.usecases.persons import AgreementLine, EncounterLine, PersonFile
    from app.usecases.receptions import RecordedReception
    from app.usecases.referrals import ReferralLine
    from app.usecases.rights import RequestLine

_GAP = "  "
_AGREED = {RECORD: "garder", TRANSMIT: "transmettre", SENSITIVE: "information sensible"}
_LONGEST_TEXT = 60

_IDENTITY = (
    ("family_name", "Nom"),
    ("given_name", "Prénom"),
    ("birth_name", "Nom de naissance"),
    ("usual_name", "Nom d’usage"),
    ("telephone", "Téléphone"),
    ("email", "Courriel"),
    ("address", "Adresse"),
)


def aligned(rows: Iterable[Sequence[str]]) -> list[str]:
    """Return rows as lines whose columns stand under each other."""
    kept = [tuple(row) for row in rows]
    if not kept:
        return []
    widths = [max(len(cell) for cell in column) for column in zip(*kept, strict=True)]
    return [
        _GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in kept
    ]


def person_rows(found: Sequence["PersonFound"], reference: "Reference") -> list[str]:
    """Return the persons found, one a line."""
    from app.domain.identifiers import id_text

    return aligned(
        (
            person.short_id,
            person.display_name,
            day(person.birth_on) if person.birth_on else "",
            commune_name(reference.communes, person.commune),
            id_text(person.person),
        )
        for person in found
    )


def file_lines(file: "PersonFile", desk: "Desk") -> list[str]:
    """Return a person's file."""
    person, reference = file.person, desk.reference
    known = [(label, str(file.details.get(name) or "")) for name, label in _IDENTITY]
    known.append(("Date de naissance", day(person.birth_on) if person.birth_on else ""))
    known.append(("Commune", commune_name(reference.communes, person.commune)))
    lines = [f"{person.display_name} ({person.short_id})", *labelled(known)]
    if file.disputed:
        lines.append(
            typeset(f"Valeurs à vérifier, saisies à deux endroits : {', '.join(file.disputed)}")
        )
    lines += ["", count(len(file.encounters), "accueil")]
    lines += [f"{_GAP}{line}" for line in aligned(map(_encounter_row, file.encounters))]
    lines += ["", count(len(file.referrals), "mise en relation", "mises en relation")]
    rows = referral_rows(file.referrals, reference.vocabularies)
    lines += [f"{_GAP}{line}" for line in rows]
    lines += ["", count(len(file.agreements), "accord")]
    rows = agreement_rows(file.agreements, desk)
    return lines + [f"{_GAP}{line}" for line in rows]


def agreement_rows(lines: Sequence["AgreementLine"], desk: "Desk") -> list[str]:
    """Return agreements, one a line, the first one given first."""
    from app.domain.identifiers import id_text

    label = desk.reference.vocabularies.label
    return aligned(
        (
            moment(line.at_s),
            _AGREED.get(line.kind, line.kind),
            _about(line, desk),
            agreed_by_words(line.agreed_by, label),
            _agreement_state(line),
            id_text(line.agreement),
        )
        for line in lines
    )


def request_rows(lines: Sequence["RequestLine"], vocabularies: "Vocabularies") -> list[str]:
    """Return what people asked about what is kept of them, one a line."""
    from app.domain.identifiers import id_text

    return aligned(
        (
            day(line.asked_on),
            line.display_name or "dossier effacé",
            vocabularies.label("request_kind", line.kind),
            _request_state(line, vocabularies),
            id_text(line.request),
        )
        for line in lines
    )


def referral_rows(lines: Sequence["ReferralLine"], vocabularies: "Vocabularies") -> list[str]:
    """Return referrals, one a line."""
    from app.domain.identifiers import id_text

    return aligned(
        (
            moment(line.created_at_s),
            status_label(vocabularies, line.status),
            line.display_name or "sans nom",
            f"{line.from_name} → {recipient_name(line)}",
            id_text(line.referral),
        )
        for line in lines
    )


def referral_lines(line: "ReferralLine", vocabularies: "Vocabularies") -> list[str]:
    """Return one referral and its history."""
    heading = [
        ("De", line.from_name),
        ("À", recipient_name(line)),
        ("Service", line.to_service_name),
        ("Personne", line.display_name or "sans nom"),
        ("Code", line.short_id),
        ("Demande", str(line.details.get("expressed") or "")),
        ("État", status_label(vocabularies, line.status)),
    ]
    steps = aligned(
        (
            moment(step.at_s),
            status_label(vocabularies, step.status),
            route_label(step.route),
            ", ".join(filter(None, (step.by, step.structure))),
            ". ".join(filter(None, (*_told(step, vocabularies), step.message))),
        )
        for step in line.history
    )
    return [*labelled(heading), "", "Historique", *(f"{_GAP}{step}" for step in steps)]


def _told(step: "Step", vocabularies: "Vocabularies") -> tuple[str, ...]:
    label = vocabularies.label
    return (reason_words(step, label), *told_lines(step, label))


def reception_line(recorded: "RecordedReception") -> str:
    """Return what was just saved."""
    from app.domain.identifiers import id_text

    said = f"Accueil enregistré : {id_text(recorded.encounter)}"
    if recorded.person is not None:
        said += f" ; personne {id_text(recorded.person)}"
    if recorded.referral is not None:
        said += f" ; mise en relation {route_label(recorded.route)} {id_text(recorded.referral)}"
    if recorded.stays_here:
        said += ". À la demande de la personne, rien n’en quittera ce poste"
    return typeset(f"{said}.")


def labelled(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Return facts with their names, those unknown left out."""
    return aligned((f"{label}\u202f:", text.strip()) for label, text in rows if text.strip())


def _encounter_row(line: "EncounterLine") -> tuple[str, str, str, str]:
    stays = "reste sur ce poste" if line.stays_here else ""
    return moment(line.received_at), line.author, _shortened(line.expressed), stays


def _about(line: "AgreementLine", desk: "Desk") -> str:
    from app.usecases.directory.shelf import structure_name

    if line.kind == SENSITIVE:
        return sensitive_words(line.recipient, desk.reference.vocabularies.label)
    return structure_name(desk, line.recipient)


def _agreement_state(line: "AgreementLine") -> str:
    if line.withdrawn_on:
        return f"retiré le {day(line.withdrawn_on)}"
    return "donné" if line.given else "refusé"


def _request_state(line: "RequestLine", vocabularies: "Vocabularies") -> str:
    if line.clock is not None:
        return lower_first(due_words(line.clock))
    answer = vocabularies.label("request_answer", line.answer)
    return f"{lower_first(answer)}, le {day(line.answered_on)}"


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"
