"""What is on the reception page, as the plain JSON that a draft keeps. No Qt.

A body may be half-typed: it holds texts as they were typed beside the codes that were chosen, and
which parts of the page are open, so that a page comes back exactly as it was left.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

Body: TypeAlias = dict[str, Any]

YES: Final = "yes"
NO: Final = "no"
NOT_ASKED: Final = "not_asked"

BY_PROGRAM: Final = "program"
BY_PAPER: Final = "paper"
OUTSIDE: Final = "outside"
"""How the structure chosen is reached; with the last, no directory lists it."""

_SETTING: Mapping[str, Any] = {"visitor": "personne", "mode": "sans_rdv", "place": "structure"}
_TEXTS = (
    "expressed",
    "analysed",
    "message",
    "deadline",
    "person_search",
    "family_name",
    "given_name",
    "birth",
    "telephone",
    "email",
    "address",
    "reception_note",
    "counselling_note",
    "private_note",
    "duration",
    "demand",
    "next_on",
    "received_on",
    "instead_of",
    "outside_telephone",
    "outside_email",
    "outside_address",
)
_CODES = (
    "level_reached",
    "diploma_obtained",
    "executive",
    "age_band",
    "can_travel",
    "mode_wished",
    "go_day",
    "go_half",
    "sex",
    "how_they_came",
    "purpose",
    "outcome",
    "agreement",
    "agreement_to_record",
    "handover",
    "deadline_reason",
    "for_barrier",
    "other_choice",
    "beyond_reason",
    "next_step",
    "next_reason",
    "agreed_by",
)
_LISTS = ("barriers", "information_given", "sensitive", "languages")
_FLAGS = ("mixite_addressed", "notice_given", "sensitive_agreed")
_OPEN = (
    "open_setting",
    "open_situation",
    "open_sensitive",
    "open_needs",
    "open_handover",
    "open_wishes",
    "open_person",
    "open_notes",
)

_NOT_CHOSEN: Final = {"code": "", "text": "", "reach": "", "service": "", "expected": ""}
_NOTES: Final = ("reception_note", "counselling_note", "private_note")

IDENTITY: Final = ("family_name", "given_name", "birth", "telephone", "email", "address")
"""The fields that say who the person is."""

EMPTY: Mapping[str, Any] = MappingProxyType(
    {
        **_SETTING,
        **dict.fromkeys(_TEXTS, ""),
        **dict.fromkeys(_CODES, ""),
        **{name: [] for name in _LISTS},
        **dict.fromkeys(_FLAGS, False),
        **dict.fromkeys(_OPEN, False),
        "status": {"family": "", "code": ""},
        "commune": dict(_NOT_CHOSEN),
        "already_met": {"text": "", "items": []},
        "motives": {"family": "", "codes": []},
        "needs": {"family": "", "codes": []},
        "to": dict(_NOT_CHOSEN),
        "known": {"id": "", "name": "", "detail": ""},
    }
)
"""The page before anything happened. The usual setting is chosen, in sight, one key to correct."""


def empty_body(*, after: Mapping[str, Any] | None = None) -> Body:
    """Return a fresh page; `after` a reception, the next one is likely to be at the same place.

    Mode and place are kept, and the day of a pile of paper; who is here is not.
    """
    fresh = whole_body({})
    if after is not None:
        fresh |= {name: after[name] for name in ("mode", "place", "received_on")}
    return fresh


def whole_body(kept: Mapping[str, Any]) -> Body:
    """Return a body with every part of the page, whatever the version that kept it.

    What is missing, or is not of the shape expected, is as on an empty page.
    """
    return {name: _shaped(kept.get(name), empty) for name, empty in EMPTY.items()}


def is_blank(body: Mapping[str, Any]) -> bool:
    """Say whether nothing was said yet: setting, open parts and headings do not count."""
    passing = {*_SETTING, *_OPEN, "received_on"}
    return all(_said(body[name]) == _said(EMPTY[name]) for name in EMPTY if name not in passing)


def says_more_than_a_question(body: Mapping[str, Any]) -> bool:
    """Say whether the page holds what a question answered in passing would lose sight of."""
    return has_identity(body) or any(
        body[name] for name in ("open_handover", "agreement", "next_step", *_NOTES)
    )


def has_identity(body: Mapping[str, Any]) -> bool:
    """Say whether the page names somebody."""
    return bool(body["known"]["id"]) or any(body[name].strip() for name in IDENTITY)


def without_identity(body: Mapping[str, Any]) -> Body:
    """Return the page with nothing left of who the person is."""
    forgotten = dict.fromkeys((*IDENTITY, "person_search", "demand"), "")
    return {**body, **forgotten, "known": dict(EMPTY["known"])}


def _said(value: Any) -> Any:
    return {k: v for k, v in value.items() if k != "family"} if isinstance(value, dict) else value


def _shaped(value: Any, empty: Any) -> Any:
    if isinstance(empty, dict):
        parts = value if isinstance(value, dict) else {}
        return {name: _shaped(parts.get(name), part) for name, part in empty.items()}
    if isinstance(empty, list):
        return [_item(item) for item in value if _is_item(item)] if isinstance(value, list) else []
    return value if type(value) is type(empty) else empty


def _item(item: Any) -> Any:
    return list(item) if isinstance(item, list) else item


def _is_item(item: Any) -> bool:
    """Codes are texts; structures already met are pairs of a reference and a name."""
    is_pair = isinstance(item, list) and [type(part) for part in item] == [str, str]
    return isinstance(item, str) or is_pair
