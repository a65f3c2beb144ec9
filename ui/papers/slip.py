"""The slip (« fiche de liaison ») of a referral, with the answer that its recipient gives back."""

from app.domain.referral import SERVICE, SERVICE_NAME
from app.printing.document import (
    Answer,
    Blank,
    Block,
    Boxes,
    Code,
    Document,
    Facts,
    Heading,
    Line,
    Paragraph,
)
from app.printing.sms import Appointment, Sms, appointment_sms
from app.usecases.papers import SlipRead
from ui.matching_words import held_at
from ui.moments import NARROW
from ui.opening_words import hours_words
from ui.papers.words import (
    Words,
    contact_line,
    day_of,
    french,
    long_day,
    recipient_lines,
)
from ui.widgets.referral_words import telephone_words
from ui.widgets.transmitted_fields import parts_of

_BESIDE = frozenset({"deadline_on", "deadline_reason"})
_NOT_TOLD = frozenset(
    {
        *("from_structure", "from_name", "to_structure", "to_name", "to_reference", "agreed"),
        *(SERVICE, SERVICE_NAME),
    }
)
"""What the head of the slip says in its own words."""


def slip_of(read: SlipRead, words: Words) -> Document:
    """Put a referral on paper: where to go, what was transmitted, the answer to give back."""
    line = read.line
    return Document(
        title="Fiche de liaison",
        author=words.structure,
        footer=f"Fiche de liaison · code {line.short_id} · {day_of(line.created_at_s)}",
        file_name=f"fiche-de-liaison-{line.short_id}",
        blocks=(
            _code(read, words),
            Heading(text=french("Où aller")),
            Facts(lines=_where(read, words)),
            *_told(read, words),
            Heading(text=french("Vos informations")),
            Paragraph(text=_agreement(read)),
            Paragraph(text=french(words.notice.on_slip)),
        ),
        answer=_answer(read, words),
    )


def sms_of(read: SlipRead) -> Sms:
    """Write the message that says where to go; neither the person nor their demand is in it."""
    place, outside = read.place, read.outside
    deadline = _text(read.line.details.get("deadline_on"))
    held = held_at(place.kind, "") if place and place.kind else ""
    return appointment_sms(
        Appointment(
            who=", ".join(filter(None, (read.line.to_name, held))),
            street=place.address if place else outside.address if outside else "",
            town=f"{place.postal_code} {place.commune_name}".strip() if place else "",
            hours=hours_words(place.hours).replace("\n", "; ") if place else "",
            keeps_hours=bool(held),
            before=_short(deadline),
            telephone=_telephone(read),
            code=read.line.short_id,
        )
    )


def _telephone(read: SlipRead) -> str:
    known = read.outside or read.place
    return telephone_words(known.telephone or "") if known else ""


def deadline_words(read: SlipRead, words: Words) -> str:
    """Return until when, and why: « vendredi 18 décembre 2026 (licenciement) »."""
    on = _text(read.line.details.get("deadline_on"))
    reason = _text(read.line.details.get("deadline_reason"))
    said = words.label("deadline_reason", reason) if reason else ""
    if not on:
        return said
    return f"{long_day(on)}\n{said}" if said else long_day(on)


def _code(read: SlipRead, words: Words) -> Code:
    code = read.line.short_id
    return Code(
        label=french("Code à donner"),
        text=code,
        squares=words.squares(code),
        alternative=french("Code QR du code {code}", code=code),
    )


def _where(read: SlipRead, words: Words) -> tuple[Line, ...]:
    line = read.line
    handover = _text(read.content.get("handover"))
    return (
        Line(label="Structure", value=line.to_name),
        *recipient_lines(read),
        Line(label="Avant le", value=deadline_words(read, words)),
        Line(label="Relais", value=words.label("handover_mode", handover) if handover else ""),
        Line(label="De la part de", value=f"{line.author}, {_caller(read)}"),
    )


def _caller(read: SlipRead) -> str:
    """Return who may be called back about the slip, once its lower part is cut off."""
    telephone = telephone_words(read.sender.telephone or "") if read.sender else ""
    return ", ".join(filter(None, (read.line.from_name, telephone)))


def _told(read: SlipRead, words: Words) -> tuple[Block, ...]:
    left_out = _NOT_TOLD | _BESIDE | {"handover"}
    content = {name: value for name, value in read.content.items() if name not in left_out}
    blocks: list[Block] = [Heading(text=french("Ce qui est transmis"))]
    for part in parts_of(content, words.label, words.commune_name):
        if part.title != "La suite convenue":
            blocks.append(Heading(text=part.title, level=2))
        blocks.append(
            Facts(lines=tuple(Line(label=fact.label, value=fact.value) for fact in part.facts))
        )
    return tuple(blocks)


def _agreement(read: SlipRead) -> str:
    if not read.is_agreed:
        return french(
            "La personne n’a pas donné son accord pour que sa demande soit transmise à cette"
            " structure : cette fiche dit seulement où aller."
        )
    on = day_of(read.agreed_at_s)
    said = f" le {on}" if on else ""
    return (
        f"La personne a donné son accord{said} pour que cette structure reçoive ce qui est"
        " écrit ici, et rien d’autre."
    )


def _answer(read: SlipRead, words: Words) -> Answer:
    line = read.line
    back = contact_line(line.from_name, read.sender)
    return Answer(
        cut_here=french("À détacher et à rendre"),
        blocks=(
            Heading(text=f"Réponse pour la fiche {line.short_id}"),
            Boxes(texts=("Acceptée", "À rappeler", "La personne a été reçue"), columns=3),
            Paragraph(text=french("Refusée, parce que :")),
            Boxes(texts=tuple(words.refusals), columns=2),
            Blank(label=french("Message, date et nom"), lines=2),
            Paragraph(text=f"À rendre à{NARROW}: {back}"),
        ),
    )


def _short(on: str) -> str:
    year, _, rest = on.partition("-")
    month, _, day = rest.partition("-")
    return f"{day}/{month}/{year}" if day else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
