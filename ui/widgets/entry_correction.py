"""Correcting an entry of the directory from any screen: from what is typed to what is kept. No Qt.

Only what was changed is written. Sent unchanged, an entry is vouched for, today.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol, TypeVar

from app.changes import Changes
from app.domain.errors import AppError, CorrectionRefusedError
from app.domain.events import Value
from app.domain.folding import fold
from app.reference.communes import Commune
from app.reference.directory import ServiceEntry, StructureEntry
from app.reference.opening_hours import UnreadableHoursError, read_opening_hours
from ui.opening_words import as_published, hours_words
from ui.running import Runner
from ui.texts import sentence_for, typeset
from ui.widgets.referral_words import telephone_words

Fields = Mapping[str, Value]
Search = Callable[[str], Sequence[Commune]]
Written = TypeVar("Written")
"""What writing answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What may be corrected, as typed.

    `ended_on` is a day in ISO form, or ""; `is_gone` says, where no day is asked, that the
    structure is not there any more. `commune` is as `commune_words` has it. The last four are codes
    of what was chosen.
    """

    name: str = ""
    telephone: str = ""
    direct: str = ""
    email: str = ""
    network: str = ""
    hours: str = ""
    address: str = ""
    commune: str = ""
    waiting: str = ""
    capacity: str = ""
    team: str = ""
    place_kind: str = ""
    ended_on: str = ""
    is_gone: bool = False
    modes: tuple[str, ...] = ()
    motives: tuple[str, ...] = ()
    publics: tuple[str, ...] = ()
    area: tuple[str, ...] = ()


class CorrectionScreen(Protocol):
    """The form, or the screen that holds it."""

    def show_hours(self, typed: str, said: str) -> None:
        """Say how the hours typed are understood, or why they are not."""
        ...

    def show_refusal(self, field: str, sentence: str) -> None:
        """Say why the correction is not kept; `field` is one of `Typed`, or ""."""
        ...


class EntryWriting:
    """Decides for a form that writes of entries: hours as they are understood, what is refused.

    Args:
        view: shows what is wrong.
        runner: where.
        today: the present day.
        communes: returns the communes that a text may mean, where a form asks for one.
    """

    def __init__(
        self,
        view: CorrectionScreen,
        runner: Runner,
        today: Callable[[], dt.date],
        *,
        communes: Search | None = None,
    ) -> None:
        self._view = view
        self._runner = runner
        self._today = today
        self._communes = communes or _no_commune

    def read_hours(self, typed: str) -> None:
        """Say how hours that are being typed are understood."""
        self._runner.run(
            lambda: hours_read(as_published(typed.strip())),
            lambda said: self._view.show_hours(typed, said),
            lambda error: self._view.show_hours(typed, sentence_for(error)),
        )

    def do(
        self,
        write: Callable[[Fields], Written],
        before: Typed,
        typed: Typed,
        kept: Callable[[Written, Fields], None],
    ) -> None:
        """Have fields that were typed written, or say why not; `kept` gets those that were."""

        def work() -> tuple[Written, Fields]:
            fields = corrected_fields(before, typed, self._today(), self._communes)
            return write(fields), fields

        self._runner.run(work, lambda done: kept(*done), self._refused)

    def _refused(self, error: Exception) -> None:
        self._view.show_refusal(*_refusal(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it


class EntryCorrecting(EntryWriting):
    """Decides for a form that corrects entries. Its presenter holds it.

    Args:
        view, runner, today, communes: see `EntryWriting`.
        correct: corrects fields of an entry; called by the runner.
    """

    def __init__(
        self,
        view: CorrectionScreen,
        correct: Callable[[str, Fields], Changes],
        runner: Runner,
        today: Callable[[], dt.date],
        *,
        communes: Search | None = None,
    ) -> None:
        super().__init__(view, runner, today, communes=communes)
        self._correct = correct

    def send(
        self, reference: str, before: Typed, typed: Typed, kept: Callable[[Changes, Fields], None]
    ) -> None:
        """Keep what was changed of an entry, or say why not; `kept` gets the fields that were."""
        self.do(lambda fields: self._correct(reference, fields), before, typed, kept)


def typed_of(entry: StructureEntry | ServiceEntry, today: dt.date) -> Typed:
    """Return an entry as a form shows it before anybody types."""
    direct = entry.direct_telephone if isinstance(entry, StructureEntry) else ""
    return Typed(
        telephone=telephone_words(entry.telephone or "").replace("\u00a0", " "),
        direct=telephone_words(direct or "").replace("\u00a0", " "),
        hours=entry.hours or "",
        address=entry.address,
        waiting="" if entry.waiting_days is None else str(entry.waiting_days),
        ended_on=entry.ended_on.isoformat() if entry.ended_on else "",
        is_gone=entry.has_ended_on(today),
    )


def corrected_fields(
    before: Typed, typed: Typed, today: dt.date, communes: Search | None = None
) -> Fields:
    """Return the fields that differ; an emptied one is "" or ().

    Raises:
        UnreadableHoursError: the hours typed cannot be read.
        CorrectionRefusedError: no commune, or several, go by the name typed.
    """
    fields: dict[str, Value] = {
        field: make(_plain(getattr(typed, name)))
        for name, (field, make) in _MADE.items()
        if _plain(getattr(typed, name)) != _plain(getattr(before, name))
    }
    if typed.is_gone != before.is_gone:
        fields["ended_on"] = today.isoformat() if typed.is_gone else ""
    if _plain(typed.commune) != _plain(before.commune):
        fields[_COMMUNE] = _commune_code(typed.commune, communes or _no_commune)
    chosen = {
        field: getattr(typed, name)
        for name, field in _CHOSEN.items()
        if set(getattr(typed, name)) != set(getattr(before, name))
    }
    return fields | chosen


def commune_words(name: str, postal_code: str) -> str:
    """Return a commune as a form shows it: « Bélâbre (36370) »."""
    return f"{name} ({postal_code})" if name and postal_code else name or postal_code


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
    field_of = {field: name for name, (field, _) in _MADE.items()} | {_COMMUNE: "commune"}
    name = field_of.get(str(error.facts["field"]), "")
    return name, _REFUSED.get(name) or sentence_for(error)


def _commune_code(typed: str, search: Search) -> str:
    """Return the code of the commune of a text, "" for none.

    Raises:
        CorrectionRefusedError: no commune, or several, go by that name.
    """
    text = _plain(typed.replace("(", " ").replace(")", " "))
    found = search(text) if text else ()
    named = [one for one in found if fold(one.name) == fold(_DIGITS.sub(" ", text))]
    postal = [one for one in named if any(code in text for code in one.postal_codes)]
    for fit in (postal, named, found):
        if len(fit) == 1:
            return fit[0].insee_code
    if text:
        raise CorrectionRefusedError(field=_COMMUNE, value=text)
    return ""


def _no_commune(_text: str) -> Sequence[Commune]:
    return ()


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
        "name": ("nom", _as_typed),
        "telephone": ("telephone", _as_typed),
        "direct": ("direct_telephone", _as_typed),
        "email": ("courriel", _as_typed),
        "network": ("network", _as_typed),
        "hours": ("horaires_accueil", _hours),
        "address": ("adresse", _as_typed),
        "waiting": ("waiting_days", _days),
        "capacity": ("capacity", _as_typed),
        "team": ("team", _as_typed),
        "place_kind": ("place_kind", _as_typed),
        "ended_on": ("ended_on", _as_typed),
    }
)
"""By what is typed, the field corrected and what makes its value."""

_CHOSEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "modes": "modes_accueil",
        "motives": "motives",
        "publics": "publics",
        "area": "zone_eligibilite",
    }
)
"""By what is chosen, the field corrected."""

_COMMUNE: Final = "code_insee"
_DIGITS: Final = re.compile(r"\d+")
_REFUSED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": "Un nom de 3 à 150 caractères.",
        "waiting": "Un nombre de jours, de 0 à 999.",
        "commune": "Choisissez dans la liste une commune de la région.",
    }
)
"""What is said beside a field that is refused, where the general sentence says less."""
