"""Words and marks of referrals, the same on every screen that shows one. No Qt."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.domain.outside import outside_of
from app.domain.referral import (
    ACCEPTED,
    CANCELLED,
    CLOSED,
    CONSIDERED,
    CORRECTED,
    CORRECTION_READ,
    DRAFT,
    MET,
    RECEIVED,
    REFUSED,
    REPLACED,
    RESUMED,
    SENT,
    TO_SEND,
    UNANSWERED,
    WITHDRAWN,
)
from app.usecases.referrals import IN, ReferralLine
from ui.widgets.page_values import Badge

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
        REPLACED: ("copy", "soft"),
        RESUMED: ("undo-2", "info"),
        CORRECTED: ("pencil", "attention"),
        CORRECTION_READ: ("eye", "done"),
    }
)


def status_badge(status: str, label: Label) -> Badge:
    """Return a status in words with its mark; a status of a newer version keeps its own name."""
    icon, colour = _MARKS.get(status, ("circle-dot", "soft"))
    return Badge(text=label("referral_status", status), icon=icon, colour=colour)


def partner_words(line: ReferralLine) -> str:
    """Return whom a referral goes to, or who sent it."""
    return (
        f"Envoyée par {line.from_name}" if line.direction == IN else f"Vers {recipient_name(line)}"
    )


def recipient_name(line: ReferralLine) -> str:
    """Return who a referral goes to, and whether no directory lists it."""
    return line.to_name if outside_of(line.details) is None else f"{line.to_name}, hors annuaire"


def telephone_words(number: str) -> str:
    """Write a French number as it is read aloud, « 06 39 98 00 09 »; another stays as it was."""
    digits = re.sub(r"[^\d+]", "", number)
    national = re.sub(r"^(\+|00)33", "0", digits)
    if not re.fullmatch(r"0\d{9}", national):
        return number
    return "\u00a0".join(re.findall(r"\d\d", national))
