"""Opening hours in French, from the syntax of OpenStreetMap that directories use."""

import re
from typing import Final

from ui.moments import NARROW, NO_BREAK, WEEKDAYS

_DAYS: Final = dict(zip(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), WEEKDAYS, strict=True))
_DAY: Final = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_TIMES: Final = r"\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*"
_RULE: Final = re.compile(
    rf"({_DAY}(?:-{_DAY}|\[[1-5](?:,[1-5])*\])?(?:,{_DAY}(?:-{_DAY})?)*) ({_TIMES})"
)
_NTH: Final = re.compile(rf"({_DAY})\[([1-5](?:,[1-5])*)\]")
_CLOSED_ON_HOLIDAYS: Final = "PH off"


def hours_words(hours: str) -> str:
    """Return hours as people read them, one line a rule; what is not understood stays as it is.

    « du lundi au vendredi : 9 h à 12 h 30 et 13 h 30 à 17 h ».
    """
    rules = [rule.strip() for rule in hours.split(";") if rule.strip()]
    lines = [_rule_words(rule) for rule in rules if rule != _CLOSED_ON_HOLIDAYS]
    if not lines or "" in lines:
        return hours
    if _CLOSED_ON_HOLIDAYS in rules:
        lines.append("fermé les jours fériés")
    return "\n".join(lines)


def _rule_words(rule: str) -> str:
    found = _RULE.fullmatch(rule)
    if found is None:
        return ""
    spans = [span.split("-") for span in found[2].split(",")]
    times = " et ".join(f"{_time(start)} à {_time(end)}" for start, end in spans)
    return f"{_days_words(found[1])}{NARROW}: {times}"


def _days_words(days: str) -> str:
    if nth := _NTH.fullmatch(days):
        ranks = ["1er" if rank == "1" else f"{rank}e" for rank in nth[2].split(",")]
        plural = "s" if len(ranks) > 1 else ""
        return f"{_joined(ranks)} {_DAYS[nth[1]]}{plural} du mois"
    return _joined([_span_words(span) for span in days.split(",")])


def _span_words(span: str) -> str:
    first, _, last = span.partition("-")
    return f"du {_DAYS[first]} au {_DAYS[last]}" if last else _DAYS[first]


def _joined(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"


def _time(text: str) -> str:
    hour, minute = text.split(":")
    said = f"{int(hour)}{NO_BREAK}h"
    return said if minute == "00" else f"{said}{NO_BREAK}{minute}"
