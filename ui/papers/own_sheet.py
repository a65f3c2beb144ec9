"""« Ma feuille »: what a person takes home, in plain words; and the information notice."""

from collections.abc import Sequence

from app.domain.referral import CANCELLED, CLOSED, REFUSED, WITHDRAWN
from app.printing.document import (
    Block,
    Document,
    Facts,
    Heading,
    Items,
    Line,
    Paragraph,
)
from app.usecases.papers import SheetRead, SlipRead
from app.usecases.persons import EncounterLine
from ui.moments import NARROW
from ui.papers.slip import deadline_words
from ui.papers.words import Words, french, long_day, recipient_lines

_ENDED = frozenset({CLOSED, CANCELLED, WITHDRAWN, REFUSED})


def own_sheet_of(sheet: SheetRead, words: Words) -> Document:
    """Put on paper what the last meeting said, what comes next, and the person's rights."""
    return Document(
        title="Ma feuille",
        author=words.structure,
        footer=f"Ma feuille · {words.structure}",
        file_name=f"ma-feuille-{sheet.code}",
        blocks=(
            *(_meeting(sheet.met, words) if sheet.met else ()),
            *_next(sheet, words),
            *rights_blocks(words),
        ),
    )


def notice_of(words: Words) -> Document:
    """Put the information notice on paper, with its version and its day."""
    notice, named = words.notice, {"structure": words.structure, "contact": words.contact}
    blocks: list[Block] = [Paragraph(text=french(notice.lead, **named), is_strong=True)]
    for part in notice.parts:
        blocks.append(Heading(text=french(part.title, **named)))
        blocks.append(Items(texts=tuple(french(item, **named) for item in part.items)))
        blocks += [Paragraph(text=french(said, **named)) for said in part.sentences]
    version = "projet"
    if notice.version:
        version = f"version {notice.version}, {long_day(notice.dated_on)}"
    return Document(
        title=french(notice.title, **named),
        author=words.structure,
        footer=f"Note d’information · {version}",
        file_name="note-d-information",
        blocks=(*blocks, *rights_blocks(words)),
    )


def rights_blocks(words: Words) -> tuple[Block, ...]:
    """Return the rights of the person, and how to ask."""
    notice, named = words.notice, {"structure": words.structure, "contact": words.contact}
    return (
        Heading(text=french("Vos droits")),
        Items(texts=tuple(french(right, **named) for right in notice.rights)),
        *(Paragraph(text=french(said, **named)) for said in notice.how_to_ask),
    )


def _meeting(met: EncounterLine, words: Words) -> tuple[Block, ...]:
    told = met.details
    return (
        Paragraph(text=_received(met, words)),
        Heading(text=french("Ce que vous avez demandé")),
        Paragraph(text=met.expressed),
        Heading(text=french("Ce que nous en avons compris ensemble")),
        Paragraph(text=_text(told.get("analysed"))),
        Items(texts=_labels(told.get("needs"), "need", words)),
        Heading(text=french("Ce qui vous a été dit")),
        Items(texts=_labels(told.get("information_given"), "information_kind", words)),
    )


def _received(met: EncounterLine, words: Words) -> str:
    by = ", ".join(filter(None, (met.author, words.structure)))
    return f"Votre accueil{NARROW}: {long_day(met.received_at)}, par {by}."


def _next(sheet: SheetRead, words: Words) -> tuple[Block, ...]:
    slips = [slip for slip in sheet.slips if slip.line.status not in _ENDED]
    return (
        Heading(text=french("La suite")),
        Facts(lines=_next_here(sheet.met, words)),
        *(block for slip in slips for block in _to_see(slip, words)),
    )


def _next_here(met: EncounterLine | None, words: Words) -> tuple[Line, ...]:
    if met is None:
        return ()
    told = met.details
    step, why = _text(told.get("next_step")), _text(told.get("next_reason"))
    outcome = _text(told.get("outcome"))
    on = _text(told.get("next_on"))
    return (
        Line(label="Décidé ensemble", value=words.label("outcome", outcome) if outcome else ""),
        Line(label="Ensuite", value=words.label("next_step", step) if step else ""),
        Line(label="Quand", value=long_day(on) if on else ""),
        Line(label="Pourquoi ce jour", value=words.label("deadline_reason", why) if why else ""),
    )


def _to_see(slip: SlipRead, words: Words) -> Sequence[Block]:
    line = slip.line
    return (
        Heading(text=f"Vous allez voir {line.to_name}", level=2),
        Facts(
            lines=(
                *recipient_lines(slip),
                Line(label="Avant le", value=deadline_words(slip, words)),
                Line(label="Code à donner", value=line.short_id),
            )
        ),
    )


def _labels(codes: object, vocabulary: str, words: Words) -> tuple[str, ...]:
    if not isinstance(codes, tuple):
        return ()
    return tuple(words.label(vocabulary, code) for code in codes if isinstance(code, str))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
