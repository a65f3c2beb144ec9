"""Opening hours of administrations, day by day, written in the syntax of OpenStreetMap.

Publishers list spans (« lundi–vendredi, 9 h–12 h ») that may name a day twice; in that syntax a
later rule would replace an earlier one. Spans are gathered by day first, then days that are alike
are written together. Comments carry the meaning (« hors vacances scolaires ») and are kept, quoted.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from app.domain.folding import fold
from app.reference.importing.values import line
from app.reference.opening_hours import UnreadableHoursError, read_opening_hours

_DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_FRENCH_DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_HOUR: Final = re.compile(r"(\d{1,2})\s*[:hH]\s*(\d{2})?(?::\d{2})?")
_LAST_HOUR: Final = 24
_LAST_MINUTE: Final = 59
_BETWEEN: Final = " ; "
_ON_APPOINTMENT: Final = "sur rendez-vous"
_HOLIDAYS: Final = "PH off"
"""Administrations are closed on public holidays; no publisher says so in these files."""


class _Rule(NamedTuple):
    """Spans of a day with what is said of them; without spans, the comment alone."""

    spans: tuple[str, ...]
    comment: str


class UnreadableWeekError(ValueError):
    """A day or an hour of a list of openings cannot be read."""


def checked_hours(written: str) -> str | None:
    """Return opening hours when they can be relied on, else None."""
    try:
        read_opening_hours(written)
    except UnreadableHoursError:
        return None
    return written


def administration_hours(openings: Sequence[Any], general: str | None) -> str | None:
    """Return what `plage_ouverture` of the administration's directory says.

    Args:
        openings: keys `nom_jour_debut`, `nom_jour_fin` (« Lundi »), `valeur_heure_debut_1`,
            `valeur_heure_fin_1`, the same with 2 (« 09:00:00 », « » for none), `commentaire`.
        general: `commentaire_plage_ouverture`, said of all of them.

    Raises:
        UnreadableWeekError: a day or an hour is not one, or a span has one end only.
    """
    week: dict[int, list[_Rule]] = defaultdict(list)
    for opening in openings:
        if not isinstance(opening, Mapping):
            raise UnreadableWeekError
        spans = _two_spans(opening)
        comment = _said(line(opening.get("commentaire")), general)
        for day in _days_between(opening.get("nom_jour_debut"), opening.get("nom_jour_fin")):
            if spans or comment:
                week[day].append(_Rule(spans, comment))
    if not week:
        return f'"{_quotable(general)}"' if general else None
    return _written(week)


def agency_hours(days: Sequence[Any]) -> str | None:
    """Return what `horaires` of France Travail says; hours on appointment are said as such.

    Args:
        days: keys `jour` (1 for Monday), `horaireFerme`, `horaireEnContinu` (« O » or « N »),
            `ouvertureMatin`, `fermetureMatin`, `ouvertureApresMidi`, `fermetureApresMidi`, and each
            of them again ending in `RDV`.

    Raises:
        UnreadableWeekError: a day or an hour is not one, or a span has one end only.
    """
    week: dict[int, list[_Rule]] = defaultdict(list)
    for each in days:
        if not isinstance(each, Mapping):
            raise UnreadableWeekError
        number = line(each.get("jour"))
        if number is None or not number.isdigit() or not 1 <= int(number) <= len(_DAYS):
            raise UnreadableWeekError
        for suffix, comment in (("", ""), ("RDV", _ON_APPOINTMENT)):
            spans = _agency_spans(each, suffix)
            if spans:
                week[int(number) - 1].append(_Rule(spans, comment))
    return _written(week) if week else None


def _agency_spans(day: Mapping[str, Any], suffix: str) -> tuple[str, ...]:
    if day.get(f"horaireFerme{suffix}") == "O":
        return ()
    bounds = [
        _hour(day.get(f"{name}{suffix}"))
        for name in ("ouvertureMatin", "fermetureMatin", "ouvertureApresMidi", "fermetureApresMidi")
    ]
    if day.get(f"horaireEnContinu{suffix}") == "O":
        bounds = [bounds[0], None, None, bounds[3] or bounds[1]]
    return _spans(bounds)


def _two_spans(opening: Mapping[str, Any]) -> tuple[str, ...]:
    return _spans(
        [
            _hour(opening.get(f"valeur_heure_{end}_{rank}"))
            for rank in (1, 2)
            for end in ("debut", "fin")
        ]
    )


def _spans(bounds: Sequence[str | None]) -> tuple[str, ...]:
    """Return the spans of opening, closing, opening, closing; a missing noon means none."""
    first, noon, again, last = bounds
    has_no_noon = bool(first and last and not noon and not again)
    pairs = [(first, last)] if has_no_noon else [(first, noon), (again, last)]
    spans = []
    for start, end in pairs:
        if start and end:
            spans.append(f"{start}-{'24:00' if end == '00:00' else end}")
        elif start or end:
            raise UnreadableWeekError
    return tuple(spans)


def _hour(value: Any) -> str | None:
    written = line(value)
    if written is None:
        return None
    found = _HOUR.fullmatch(written)
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (_LAST_HOUR + 1, 0)
    if hour > _LAST_HOUR or minute > _LAST_MINUTE or (hour == _LAST_HOUR and minute):
        raise UnreadableWeekError
    return f"{hour:02}:{minute:02}"


def _days_between(first: Any, last: Any) -> list[int]:
    start = _day(first)
    end = _day(last) if line(last) else start
    return [(start + ahead) % len(_DAYS) for ahead in range((end - start) % len(_DAYS) + 1)]


def _day(value: Any) -> int:
    name = fold(line(value) or "")
    if name not in _FRENCH_DAYS:
        raise UnreadableWeekError
    return _FRENCH_DAYS.index(name)


def _said(own: str | None, general: str | None) -> str:
    return _together(_quotable(comment) for comment in (own, general) if comment)


def _together(comments: Iterable[str]) -> str:
    """Return comments as one, each part of them once."""
    parts = (part for comment in comments for part in comment.split(_BETWEEN) if part)
    return _BETWEEN.join(dict.fromkeys(parts))


def _quotable(comment: str) -> str:
    return " ".join(comment.replace('"', "”").split())


def _written(week: Mapping[int, list[_Rule]]) -> str:
    """Write a week: days that are alike together, in the order of the first of each."""
    days_of: dict[tuple[_Rule, ...], list[int]] = defaultdict(list)
    for day in sorted(week):
        days_of[_merged(week[day])].append(day)
    parts = [_days_text(days, rules) for rules, days in days_of.items()]
    return "; ".join([*parts, _HOLIDAYS])


def _merged(rules: Sequence[_Rule]) -> tuple[_Rule, ...]:
    """Put together what has the same comment, hours in order and each once.

    A comment without hours would mean the whole day: on a day that has hours, it is said of them.
    """
    alone = _together(rule.comment for rule in rules if not rule.spans)
    timed = [rule for rule in rules if rule.spans]
    if not timed:
        return (_Rule((), alone),)
    by_comment: dict[str, set[str]] = defaultdict(set)
    for rule in timed:
        by_comment[_together([rule.comment, alone])].update(rule.spans)
    merged = [_Rule(tuple(sorted(spans)), comment) for comment, spans in by_comment.items()]
    return tuple(sorted(merged))


def _days_text(days: Sequence[int], rules: Sequence[_Rule]) -> str:
    """Write the rules of some days; after the first, each is added rather than replacing."""
    selector = _selector(days)
    written = []
    for rule in rules:
        quoted = f'"{rule.comment}"' if rule.comment else ""
        written.append(" ".join(filter(None, [selector, ",".join(rule.spans), quoted])))
    return ", ".join(written)


def _selector(days: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(
        _DAYS[run[0]] if len(run) == 1 else f"{_DAYS[run[0]]}-{_DAYS[run[-1]]}" for run in runs
    )
