"""How far a record has got, in the same words on every screen that shows one. No Qt."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.domain.referral import TO_SEND
from app.usecases.record_states import (
    ACKNOWLEDGED,
    CONFINED,
    ON_STICK,
    PENDING,
    PULLED,
    RECEIVED,
    SENT,
    RecordState,
)
from ui.texts import moment
from ui.widgets.page_values import Badge

_MARKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        PENDING: ("upload", "info"),
        ON_STICK: ("usb", "info"),
        SENT: ("send", "info"),
        ACKNOWLEDGED: ("circle-check", "done"),
        RECEIVED: ("circle-check", "done"),
        PULLED: ("download", "soft"),
        CONFINED: ("lock", "attention"),
    }
)
_WORDS: Mapping[str, str] = MappingProxyType(
    {
        PENDING: "Enregistré ici · à envoyer",
        ON_STICK: "Remis sur clé",
        SENT: "Envoyé · accusé attendu",
        ACKNOWLEDGED: "Reçu par le relais",
        RECEIVED: "Reçu par une autre structure",
        PULLED: "Venu d’un autre poste",
        CONFINED: "Gardé sur ce poste",
    }
)


def state_badge(found: RecordState | None) -> Badge | None:
    """Return how far a record has got, with its mark; nothing of a record nobody knows."""
    if found is None:
        return None
    icon, colour = _MARKS.get(found.state, ("circle-dot", "soft"))
    return Badge(text=state_words(found), icon=icon, colour=colour)


def referral_state_badge(found: RecordState | None, status: str) -> Badge | None:
    """Return how far a referral's record has got, unless its status says the same."""
    is_said = status == TO_SEND and found is not None and found.state == PENDING
    return None if is_said else state_badge(found)


def state_words(found: RecordState) -> str:
    """Say how far a record has got: « Reçu par le relais · mar. 24 nov. »."""
    if found.holders:
        return f"Reçu par {names_words(found.holders)}"
    said = _WORDS.get(found.state, found.state)
    return f"{said} · {moment(found.at_s)}" if found.at_s is not None else said


def names_words(names: Sequence[str]) -> str:
    """Say names in a row: « A, B et C »."""
    if len(names) < 2:  # noqa: PLR2004  (one needs no conjunction)
        return "".join(names)
    return f"{', '.join(names[:-1])} et {names[-1]}"
