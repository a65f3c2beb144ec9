"""Words and marks of referrals, the same on every screen that shows one. No Qt."""

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.domain.outside import outside_of
from app.domain.referral import (
    ACCEPTED,
    CANCELLED,
    CLOSED,
    CONSIDERED,
    DRAFT,
    MET,
    RECEIVED,
    REFUSED,
    SENT,
    TO_SEND,
    UNANSWERED,
    WITHDRAWN,
    Step,
)
from ui.texts import moment, route_label
from ui.widgets.page_values import Badge, TimelineEntry

if TYPE_CHECKING:
    from app.usecases.referrals import ReferralLine

Label = Callable[[str, str], str]
"""Gives the words of a code of a vocabulary: `label("referral_status", "recue")`."""

_MARKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        DRAFT: ("pencil", "soft"),
        TO_SEND: ("upload", "info"),
        SENT: ("send", "info"),
        RECEIVED: ("inbox", "info"),
        CONSIDERED: ("hourglass", "info"),
        ACCEPTED: ("circle-check", "done"),
        MET: ("handshake", "done"),
        CLOSED: ("square-check", "done"),
        REFUSED: ("octagon-x", "refusal"),
        UNANSWERED: ("circle-help", "attention"),
        CANCELLED: ("x", "soft"),
        WITHDRAWN: ("undo-2", "soft"),
    }
)


def status_badge(status: str, label: Label) -> Badge:
    """Return a status in words with its mark; a status of a newer version keeps its own name."""
    icon, colour = _MARKS.get(status, ("circle-dot", "soft"))
    return Badge(text=label("referral_status", status), icon=icon, colour=colour)


def history_entries(history: Sequence[Step], label: Label) -> tuple[TimelineEntry, ...]:
    """Return the steps of a referral, the latest first, as a timeline shows them."""
    return tuple(_entry(step, label) for step in reversed(history))


def _entry(step: Step, label: Label) -> TimelineEntry:
    badge = status_badge(step.status, label)
    lines = []
    if step.reason:
        reason = label("refusal_reason", step.reason)
        lines.append(f"Motif\u202f: {reason}")
    doubt = Badge(
        text="Date à vérifier\u202f: l’horloge de ce poste était peut-être fausse",
        icon="clock",
        colour="attention",
    )
    return TimelineEntry(
        title=badge.text,
        when=moment(step.at_s),
        icon=badge.icon,
        colour=badge.colour,
        who=" · ".join(filter(None, (step.by, step.structure, route_label(step.route)))),
        quote=step.message,
        lines=tuple(lines),
        badges=(doubt,) if step.clock_doubtful else (),
    )


def recipient_name(line: "ReferralLine") -> str:
    """Return who a referral goes to, and whether no directory lists it."""
    return line.to_name if outside_of(line.details) is None else f"{line.to_name}, hors annuaire"


def telephone_words(number: str) -> str:
    """Write a French number as it is read aloud, « 06 39 98 00 09 »; another stays as it was."""
    digits = re.sub(r"[^\d+]", "", number)
    national = re.sub(r"^(\+|00)33", "0", digits)
    if not re.fullmatch(r"0\d{9}", national):
        return number
    return "\u00a0".join(re.findall(r"\d\d", national))
