"""A page that goes on from a referral that led nowhere: all was said but the agreement. No Qt.

How the person is met now is by telephone until somebody says otherwise: they are asked again.
"""

from collections.abc import Callable
from typing import Final

from app.domain.identifiers import id_text
from app.domain.referral import REFUSED
from app.usecases.resending import Reorienting
from ui.moments import day
from ui.reception.actions import KnownPerson
from ui.reception.page_body import BY_PAPER, BY_PROGRAM, NO, YES, Body, empty_body
from ui.texts import typeset

WISHES_SAID: Final = ("can_travel", "mode_wished", "go_day", "go_half")


def reorienting_body(
    begun: Reorienting, known: KnownPerson, commune_name: Callable[[str], str]
) -> Body:
    """Return the page to begin with."""
    said, wanted = begun.reception, begun.reception.referral
    body = empty_body()
    for name in (
        *("expressed", "analysed", "purpose", "mode", "sex", "age_band"),
        *("level_reached", "diploma_obtained", *WISHES_SAID),
    ):
        body[name] = getattr(said, name)
    body["motives"] = {"family": "", "codes": list(said.motives)}
    body["needs"] = {"family": "", "codes": list(said.needs)}
    body["barriers"] = list(said.barriers)
    body["languages"] = list(said.languages)
    body["executive"] = {True: YES, False: NO, None: ""}[said.executive]
    body["open_wishes"] = bool(said.languages) or any(body[name] for name in WISHES_SAID)
    body["status"] = {"family": "", "code": said.status}
    commune = commune_name(said.commune) if said.commune else ""
    body["commune"] |= {"code": said.commune, "text": commune}
    body["known"] = {"id": known.identifier, "name": known.name, "detail": known.detail}
    body["demand"] = id_text(said.demand) if said.demand else ""
    if wanted is not None:
        body["message"] = wanted.message
        body["for_barrier"] = wanted.for_barrier
        body["deadline"] = day(wanted.deadline_on).replace("\u00a0", " ")
        body["deadline_reason"] = wanted.deadline_reason
    if (proposed := begun.proposed) is not None:
        reach = BY_PROGRAM if proposed.takes_part else BY_PAPER
        body["to"] |= {"code": proposed.reference, "text": proposed.name, "reach": reach}
    return body | {"open_handover": True, "open_person": True}


def reorienting_words(begun: Reorienting, label: Callable[[str, str], str]) -> str:
    """Say what the page goes on from, and what is to be asked again."""
    line = begun.line
    reasons = [step.reason for step in line.history if step.status == REFUSED and step.reason]
    why = f" ({_lower(label('refusal_reason', reasons[-1]))})" if reasons else ""
    status = _lower(label("referral_status", line.status))
    return typeset(
        f"Suite de la mise en relation {line.short_id} vers {line.to_name}, {status}{why}."
        " Tout est repris, sauf l’accord : demandez-le pour la nouvelle structure."
    )


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
