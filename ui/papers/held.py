"""What is held about a person: their agreements, and everything (right of access)."""

from collections.abc import Mapping

from app.domain.events import SealedValue, Value
from app.domain.outside import OUTSIDE_FIELDS
from app.domain.referral import SERVICE, Step
from app.printing.document import (
    Block,
    Document,
    Facts,
    Heading,
    Line,
    Paragraph,
    Signatures,
    Table,
)
from app.usecases.papers import PersonPapers, SlipRead
from app.usecases.persons import EncounterLine
from ui.moments import day, duration, moment
from ui.papers.own_sheet import rights_blocks
from ui.papers.rights import agreement_blocks, request_blocks
from ui.papers.words import Words, french, long_day
from ui.texts import route_label
from ui.widgets.history_words import reason_words, told_lines
from ui.widgets.referral_words import telephone_words
from ui.widgets.transmitted_fields import parts_of

_IDENTITY: Mapping[str, str] = {
    "family_name": "Nom",
    "given_name": "Prénom",
    "birth_name": "Nom de naissance",
    "usual_name": "Nom d’usage",
    "birth_on": "Naissance",
    "telephone": "Téléphone",
    "email": "Courriel",
    "address": "Adresse",
    "commune": "Commune",
}
_MEETING: Mapping[str, tuple[str, str]] = {
    "door": ("door", "Porte"),
    "mode": ("reception_mode", "Comment"),
    "place": ("place_type", "Lieu"),
    "visitor": ("visitor", "Qui est venu"),
    "how_they_came": ("how_they_came", "Venu par"),
    "already_met": ("", "Déjà rencontrés"),
    "expressed": ("", "Demande"),
    "analysed": ("", "Demande reformulée"),
    "purpose": ("purpose", "Visée"),
    "motives": ("request_motive", "Motifs"),
    "needs": ("need", "Besoins"),
    "barriers": ("barrier", "Freins"),
    "status": ("public_status", "Situation"),
    "level_reached": ("training_level", "Niveau atteint"),
    "diploma_obtained": ("training_level", "Diplôme obtenu"),
    "executive": ("", "Cadre"),
    "sex": ("sex", "Sexe"),
    "age_band": ("age_band", "Âge"),
    "commune": ("", "Commune"),
    "languages": ("language", "Langues souhaitées"),
    "can_travel": ("travel_distance", "Distance possible"),
    "mode_wished": ("mode_wished", "Mode souhaité"),
    "go_day": ("go_day", "Peut y aller"),
    "go_half": ("half_day", "Moment"),
    "information_given": ("information_kind", "Information"),
    "mixite_addressed": ("", "Mixité abordée"),
    "outcome": ("outcome", "Décidé"),
    "next_step": ("next_step", "Suite"),
    "next_on": ("", "Suite prévue le"),
    "next_reason": ("deadline_reason", "Raison de ce jour"),
    "beyond_reason": ("beyond_reason", "Autre interlocuteur"),
    "duration_min": ("", "Durée"),
    "notice_given": ("", "Note remise"),
    "notice_version": ("", "Version de la note"),
    "is_simple": ("", "Question simple"),
}
_NOTES: Mapping[str, str] = {
    "reception_note": "Note d’accueil",
    "counselling_note": "Note de conseil",
    "private_note": "Note personnelle",
}
_LINKS = frozenset({"person", "demand", "encounter", "received_at"})
_TIES = frozenset(
    {
        *("from_structure", "from_name", "to_structure", "to_name", "to_reference"),
        SERVICE,
        *("person", "demand", "encounter", "shared", "route", *OUTSIDE_FIELDS),
        *("follows", "resends", "known_as"),
    }
)
"""What only ties a referral to other records, or its heading says already."""


def agreements_of(papers: PersonPapers, words: Words) -> Document:
    """Put on paper every agreement of a person, dated, with a place to sign."""
    code = papers.file.person.short_id
    return Document(
        title="Accords donnés et refusés",
        author=words.structure,
        footer=f"Accords · dossier {code} · {long_day(words.now().date())}",
        file_name=f"accords-{code}",
        blocks=(
            _whose(papers),
            *agreement_blocks(papers, words),
            *request_blocks(papers, words),
            Paragraph(
                text=french(
                    "Un accord vaut pour une seule structure. Il peut être retiré à tout moment :"
                    " plus rien n’est alors transmis."
                )
            ),
            Signatures(names=("Date et signature de la personne", "Pour la structure")),
        ),
    )


def everything_of(papers: PersonPapers, words: Words) -> Document:
    """Put on paper everything held here about a person, in the order it happened."""
    code, file = papers.file.person.short_id, papers.file
    today = long_day(words.now().date())
    meetings = [_meeting(line, words) for line in reversed(file.encounters)]
    slips = [_referral(slip, words) for slip in reversed(papers.slips)]
    return Document(
        title="Tout ce qui est gardé à votre sujet",
        author=words.structure,
        footer=f"Droit d’accès · dossier {code} · {today}",
        file_name=f"droit-d-acces-{code}",
        blocks=(
            Paragraph(text=f"Copie faite par {words.structure}, le {today}."),
            Heading(text=french("Identité et contact")),
            Facts(lines=_identity(papers, words)),
            Heading(text=french("Demandes et accueils")),
            *(block for blocks in meetings for block in blocks),
            Heading(text=french("Mises en relation")),
            *(block for blocks in slips for block in blocks),
            *agreement_blocks(papers, words),
            *request_blocks(papers, words),
            *rights_blocks(words),
        ),
    )


def _whose(papers: PersonPapers) -> Block:
    person = papers.file.person
    born = day(person.birth_on) if person.birth_on else ""
    return Facts(
        lines=(
            Line(label="Personne", value=person.display_name),
            Line(label="Naissance", value=born),
            Line(label="Dossier", value=person.short_id),
        )
    )


def _identity(papers: PersonPapers, words: Words) -> tuple[Line, ...]:
    told = papers.file.details
    named = [
        Line(label=label, value=_said(field, told.get(field), "", words))
        for field, label in _IDENTITY.items()
    ]
    others = [
        Line(label=field, value=_said(field, value, "", words))
        for field, value in told.items()
        if field not in _IDENTITY
    ]
    return (*named, *others, Line(label="Code du dossier", value=papers.file.person.short_id))


def _meeting(line: EncounterLine, words: Words) -> tuple[Block, ...]:
    told = line.details
    facts = [
        Line(label=label, value=_said(field, told.get(field), vocabulary, words))
        for field, (vocabulary, label) in _MEETING.items()
    ]
    facts += [
        Line(label=field, value=_said(field, value, "", words))
        for field, value in told.items()
        if field not in _MEETING and field not in _LINKS and field not in _NOTES
    ]
    facts += [Line(label=_NOTES.get(name, name), value=text) for name, text in line.notes.items()]
    facts += [
        Line(
            label=_NOTES.get(name, name),
            value=french("Réservée : demandez-la à l’agent qui l’a écrite."),
        )
        for name, value in told.items()
        if isinstance(value, SealedValue)
    ]
    return (
        Heading(text=_first_capital(long_day(line.received_at)), level=2),
        Facts(lines=(Line(label="Accueil par", value=line.author), *facts)),
    )


def _referral(slip: SlipRead, words: Words) -> tuple[Block, ...]:
    line = slip.line
    steps = tuple(
        (
            moment(step.at_s, words.now()),
            words.label("referral_status", step.status),
            ", ".join(filter(None, (step.by, step.structure, route_label(step.route)))),
            " ".join(
                filter(None, (*_about(step, words), step.message)),
            ),
        )
        for step in line.history
    )
    return (
        Heading(text=f"{line.to_name}, code {line.short_id}", level=2),
        Facts(lines=tuple(_transmitted(slip, words))),
        Table(head=("Quand", "État", "Par", "Réponse"), shares=(4, 4, 6, 5), rows=steps),
    )


def _about(step: Step, words: Words) -> list[str]:
    said = (reason_words(step, words.label), *told_lines(step, words.label))
    return [f"{line}." for line in said if line]


def _transmitted(slip: SlipRead, words: Words) -> list[Line]:
    told = {**slip.line.details, **slip.line.kept_here}
    content = {name: value for name, value in told.items() if name not in _TIES}
    if isinstance(preferred_to := content.get("instead_of"), str):
        content["instead_of"] = words.structure_name(preferred_to)
    return [
        Line(label=fact.label, value=fact.value)
        for part in parts_of(content, words.label, words.commune_name)
        for fact in part.facts
    ]


def _said(field: str, value: Value, vocabulary: str, words: Words) -> str:
    if isinstance(value, tuple):
        return ", ".join(filter(None, (_said(field, one, vocabulary, words) for one in value)))
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int):
        return duration(value) if field == "duration_min" else str(value)
    if not isinstance(value, str) or not value:
        return ""
    if vocabulary:
        return words.label(vocabulary, value)
    return _spoken(field, value, words)


def _spoken(field: str, value: str, words: Words) -> str:
    match field:
        case "commune":
            return words.commune_name(value)
        case "telephone":
            return telephone_words(value)
        case "birth_on":
            return day(value)
        case "next_on":
            return long_day(value)
    return value


def _first_capital(text: str) -> str:
    return text[:1].upper() + text[1:]
