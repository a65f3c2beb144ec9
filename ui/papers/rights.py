"""The agreements of a person and what they asked about their data, as papers say them."""

from collections.abc import Mapping

from app.domain.referral import WITHDRAWN
from app.printing.document import Block, Heading, Paragraph, Table
from app.usecases.papers import PersonPapers, SlipRead
from app.usecases.persons import AgreementLine
from app.usecases.rights import RequestLine
from ui.moments import NARROW, day
from ui.papers.words import Words, day_of, french
from ui.widgets.rights_words import (
    RECORD,
    SENSITIVE,
    TRANSMIT,
    agreed_by_words,
    sensitive_words,
)

_AGREED: Mapping[str, str] = {
    RECORD: "Garder son dossier",
    TRANSMIT: "Transmettre sa demande",
    SENSITIVE: "Écrire une information sensible",
}


def agreement_blocks(papers: PersonPapers, words: Words) -> tuple[Block, ...]:
    """List every agreement: when, for what, to whom, by whom, and what became of it."""
    rows = [_agreement_row(line, words) for line in papers.file.agreements]
    taken_back = {
        words.structure_name(line.recipient)
        for line in papers.file.agreements
        if line.kind == TRANSMIT and line.withdrawn_on
    }
    rows += [
        (day_of(slip.line.history[-1].at_s), _AGREED[TRANSMIT], slip.line.to_name, "", "Retiré")
        for slip in reversed(papers.slips)
        if _is_withdrawn(slip) and slip.line.to_name not in taken_back
    ]
    if not rows:
        return (Heading(text="Accords"), Paragraph(text=french("Aucun accord n’a été noté.")))
    head = ("Le", "Pour", "À qui", "Donné par", "Réponse")
    return (Heading(text="Accords"), Table(head=head, shares=(6, 6, 7, 5, 5), rows=tuple(rows)))


def request_blocks(papers: PersonPapers, words: Words) -> tuple[Block, ...]:
    """List what the person asked about their data, and what was answered; nothing when nothing."""
    if not papers.requests:
        return ()
    head = ("Le", "Demande", "Réponse")
    asked = sorted(papers.requests, key=lambda line: line.asked_on)
    rows = tuple(_request_row(line, words) for line in asked)
    return (
        Heading(text=french("Demandes sur vos informations")),
        Table(head=head, shares=(4, 7, 8), rows=rows),
    )


def _is_withdrawn(slip: SlipRead) -> bool:
    steps = slip.line.history
    return bool(steps) and steps[-1].status == WITHDRAWN and len(steps) > 1


def _agreement_row(line: AgreementLine, words: Words) -> tuple[str, str, str, str, str]:
    what, to_whom = _AGREED.get(line.kind, line.kind), words.structure
    if line.kind == TRANSMIT:
        to_whom = words.structure_name(line.recipient)
    elif line.kind == SENSITIVE:
        what = f"{what}{NARROW}: {sensitive_words(line.recipient, words.label)}"
    by = _capital(agreed_by_words(line.agreed_by, words.label))
    return (day_of(line.at_s), what, to_whom, by, _answer(line))


def _answer(line: AgreementLine) -> str:
    if not line.given:
        return "Refusé"
    return f"Donné, puis retiré le {day(line.withdrawn_on)}" if line.withdrawn_on else "Donné"


def _request_row(line: RequestLine, words: Words) -> tuple[str, str, str]:
    asked = words.label("request_kind", line.kind)
    if line.words:
        asked = f"{asked}\n«\u00a0{line.words}\u00a0»"
    if line.clock is not None:
        return (day(line.asked_on), asked, f"Attendue avant le {day(line.clock.due_on)}")
    answer = f"{words.label('request_answer', line.answer)}, le {day(line.answered_on)}"
    return (day(line.asked_on), asked, "\n".join(filter(None, (answer, line.answer_words))))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
