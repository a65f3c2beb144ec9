"""A stick as words: where it could be, what came of it. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ui.exchange.page import size_words
from ui.stick_places import StickPlace
from ui.stick_words import (
    Taken,
    Written,
    needs_a_look,
    taken_words,
    written_pack_words,
    written_words,
    wrong_words,
)

REMOVE = "Vous pouvez retirer la clé."
"""Said only when all that was done with it is on it for good."""


class Wish(StrEnum):
    """What somebody wants done with a stick."""

    WRITE = "write"
    READ = "read"


class Tone(StrEnum):
    """How a result is meant."""

    DONE = "done"
    INFO = "info"
    ATTENTION = "attention"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """A folder to choose, in words."""

    folder: Path
    name: str
    about: str

    @property
    def spoken(self) -> str:
        """Say the whole row in one breath."""
        return ", ".join(filter(None, (self.name, self.about)))


@dataclass(frozen=True, slots=True, kw_only=True)
class StickResult:
    """What came of a stick: sentences in the order they are read."""

    tone: Tone
    sentences: tuple[str, ...]


def place_rows(places: Sequence[StickPlace], wish: Wish) -> tuple[PlaceRow, ...]:
    """Put the folders to propose in words; to write, those that refuse it are left out."""
    return tuple(
        PlaceRow(folder=place.folder, name=place.name, about=_about(place, wish))
        for place in places
        if wish is Wish.READ or not place.is_read_only
    )


def written_result(written: Written) -> StickResult:
    """Say what a writing did."""
    tone = Tone.INFO if written.cancelled else Tone.DONE
    said = (written_words(written), *written_pack_words(written))
    return StickResult(tone=tone, sentences=(*said, REMOVE))


def taken_result(taken: Taken) -> StickResult:
    """Say what a reading did, and what somebody must see to."""
    tone = Tone.ATTENTION if needs_a_look(taken) else Tone.DONE
    if taken.cancelled and tone is Tone.DONE:
        tone = Tone.INFO
    said = (*taken_words(taken), *wrong_words(taken))
    return StickResult(tone=tone, sentences=(*said, REMOVE))


def refused(sentence: str) -> StickResult:
    """Say why a stick refuses."""
    return StickResult(tone=Tone.ATTENTION, sentences=(sentence,))


def _about(place: StickPlace, wish: Wish) -> str:
    known = [
        "la dernière utilisée" if place.is_last else "",
        "déjà écrite par Deux Portes" if place.holds_ours else "",
    ]
    if wish is Wish.WRITE and place.free_bytes is not None:
        known.append(f"{size_words(place.free_bytes)} libres")
    if wish is Wish.READ and not place.holds_ours:
        known.append("rien de Deux Portes ici")
    return " · ".join(filter(None, known))
