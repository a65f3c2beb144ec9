"""Correcting an entry of the directory from any screen: from what is typed to what is kept. No Qt.

Only what was changed is written. Sent unchanged, an entry is vouched for, today.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from app.changes import Changes
from app.domain.errors import AppError, CorrectionRefusedError
from app.domain.events import Value
from app.reference.directory import StructureEntry
from app.reference.opening_hours import UnreadableHoursError, read_opening_hours
from ui.opening_words import as_published, hours_words
from ui.running import Runner
from ui.texts import sentence_for, typeset
from ui.widgets.referral_words import telephone_words

Fields = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What may be corrected, as typed.

    `ended_on` is a day in ISO form, or ""; `is_gone` says, where no day is asked, that the
    structure is not there any more.
    """

    telephone: str = ""
    direct: str = ""
    hours: str = ""
    address: str = ""
    waiting: str = ""
    ended_on: str = ""
    is_gone: bool = False


class CorrectionScreen(Protocol):
    """The form, or the screen that holds it."""

    def show_hours(self, typed: str, said: str) -> None:
        """Say how the hours typed are understood, or why they are not."""
        ...

    def show_refusal(self, field: str, sentence: str) -> None:
        """Say why the correction is not kept; `field` is one of `Typed`, or ""."""
        ...


class EntryCorrecting:
    """Decides for a form that corrects entries. Its presenter holds it.

    Args:
        view: shows what is wrong.
        correct: corrects fields of an entry; called by the runner.
        runner: where.
        today: the present day.
    """

    def __init__(
        self,
        view: CorrectionScreen,
        correct: Callable[[str, Fields], Changes],
        runner: Runner,
        today: Callable[[], dt.date],
    ) -> None:
        self._view = view
        self._correct = correct
        self._runner = runner
        self._today = today

    def read_hours(self, typed: str) -> None:
        """Say how hours that are being typed are understood."""
        self._runner.run(
            lambda: hours_read(as_published(typed.strip())),
            lambda said: self._view.show_hours(typed, said),
            lambda error: self._view.show_hours(typed, sentence_for(error)),
        )

    def send(
        self, reference: str, before: Typed, typed: Typed, kept: Callable[[Changes, Fields], None]
    ) -> None:
        """Keep what was changed of an entry, or say why not; `kept` gets the fields that were."""

        def work() -> tuple[Changes, Fields]:
            fields = corrected_fields(before, typed, self._today())
            return self._correct(reference, fields), fields

        self._runner.run(work, lambda done: kept(*done), self._refused)

    def _refused(self, error: Exception) -> None:
        self._view.show_refusal(*_refusal(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it


def typed_of(entry: StructureEntry, today: dt.date) -> Typed:
    """Return an entry as a form shows it before anybody types."""
    return Typed(
        telephone=telephone_words(entry.telephone or "").replace("\u00a0", " "),
        direct=telephone_words(entry.direct_telephone or "").replace("\u00a0", " "),
        hours=entry.hours or "",
        address=entry.address,
        waiting="" if entry.waiting_days is None else str(entry.waiting_days),
        ended_on=entry.ended_on.isoformat() if entry.ended_on else "",
        is_gone=entry.has_ended_on(today),
    )


def corrected_fields(before: Typed, typed: Typed, today: dt.date) -> Fields:
    """Return the fields that differ; an emptied one is "".

    Raises:
        UnreadableHoursError: the hours typed cannot be read.
    """
    fields = {
        field: make(_plain(getattr(typed, name)))
        for name, (field, make) in _MADE.items()
        if _plain(getattr(typed, name)) != _plain(getattr(before, name))
    }
    if typed.is_gone != before.is_gone:
        fields["ended_on"] = today.isoformat() if typed.is_gone else ""
    return fields


def hours_read(hours: str) -> str:
    """Return how hours are understood, one line.

    Raises:
        UnreadableHoursError: nobody should rely on them.
    """
    if not hours:
        return ""
    read = read_opening_hours(hours)
    said = hours_words(hours).replace("\n", " ; ") if read.say_when else ", ".join(read.notes)
    return typeset(f"Compris : {said}")


def _refusal(error: Exception) -> tuple[str, str]:
    """Return the field of `Typed` that is the reason, or "", and the sentence that says why."""
    if isinstance(error, UnreadableHoursError):
        return "hours", sentence_for(error)
    if not isinstance(error, CorrectionRefusedError):
        return "", sentence_for(error)
    named = (name for name, (field, _) in _MADE.items() if field == error.facts["field"])
    name = next(named, "")
    return name, "Un nombre de jours, de 0 à 999." if name == "waiting" else sentence_for(error)


def _plain(typed: str) -> str:
    return " ".join(typed.split())


def _as_typed(typed: str) -> Value:
    return typed


def _hours(typed: str) -> Value:
    published = as_published(typed)
    if published:
        read_opening_hours(published)  # nobody could rely on hours that are not understood
    return published


def _days(typed: str) -> Value:
    """Return a number of days; what is none is refused where corrections are kept."""
    return int(typed) if typed.isascii() and typed.isdecimal() else typed


_MADE: Final[Mapping[str, tuple[str, Callable[[str], Value]]]] = MappingProxyType(
    {
        "telephone": ("telephone", _as_typed),
        "direct": ("direct_telephone", _as_typed),
        "hours": ("horaires_accueil", _hours),
        "address": ("adresse", _as_typed),
        "waiting": ("waiting_days", _days),
        "ended_on": ("ended_on", _as_typed),
    }
)
"""By what is typed, the field corrected and what makes its value."""
