"""What each network of structures does, for whom and under what condition: data, never code.

Networks change by law and by contract: a new one, a name that ends, an operator that another
replaces, are lines of `resources/networks/networks.json`, each with the text it comes from.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

EXECUTIVE: Final = "executive"
DISABILITY: Final = "disability"

OLDEST: Final = 130
"""The last age of a network that has none, in years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """Whom a network receives by age, in years, both included.

    `last_with_disability` is the last age of those who said that they are disabled. Ages that are
    not `strict` are those of use: they refuse nobody.
    """

    first: int
    last: int
    last_with_disability: int
    strict: bool

    def last_for(self, *, disability: bool) -> int:
        """Return the last age received."""
        return self.last_with_disability if disability else self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Counselling:
    """How a network delivers the « conseil en évolution professionnelle ».

    Source: code du travail, article L.6111-6.

    Attributes:
        operator: `national` or `regional`.
        only: it delivers nothing else, so that who may not have it is not received at all.
    """

    operator: str
    only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """One network, as it is known on its days.

    Attributes:
        code: as in the vocabulary `structure_network`, or a former code.
        motives: what it is competent for (vocabulary `request_motive`).
        publics: to whom it speaks first (situations or families of `public_status`), which refuses
            nobody; empty for everybody.
        is_open: are the others received as well as its publics?
        serves_public_agents: does it serve people in public employment?
        purposes: the aims of the law that it serves (vocabulary `purpose`).
        ages: whom it receives by age, None for everybody.
        levels: the lowest and highest level of training it is made for, None for no bound.
        needs: what must be stated for it to receive somebody (`executive`, `disability`).
        counselling: how it delivers the counselling of the law, None when it does not.
        is_first_door: it receives anybody and analyses any demand.
        is_specialist: it was made for its few motives alone.
        only_its_motives: what its services say besides makes it no partner for other motives.
        first_day, last_day: the days it exists, None for no bound.
        replaced_by: the code of the network that took over.
        former_names: under what names people knew it.
        source: the text all this comes from.
    """

    code: str
    motives: frozenset[str] = frozenset()
    publics: tuple[str, ...] = ()
    is_open: bool = False
    serves_public_agents: bool = True
    purposes: frozenset[str] = frozenset()
    ages: Ages | None = None
    levels: tuple[int | None, int | None] = (None, None)
    needs: tuple[str, ...] = ()
    counselling: Counselling | None = None
    is_first_door: bool = False
    is_specialist: bool = False
    only_its_motives: bool = False
    first_day: date | None = None
    last_day: date | None = None
    replaced_by: str = ""
    former_names: tuple[str, ...] = ()
    source: str = ""

    def stands_on(self, day: date) -> bool:
        """Does it exist that day?"""
        is_born = self.first_day is None or self.first_day <= day
        return is_born and (self.last_day is None or day <= self.last_day)


class Networks:
    """The networks of a file, read the first time they are asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def codes(self) -> tuple[str, ...]:
        """Return every code, former ones included, in the order of the file."""
        return tuple(self._by_code)

    def on(self, code: str, day: date) -> Network:
        """Return what stands on a day for a code: the network, or who took over.

        A code that nobody knows, a network that is not born yet or that ended without a successor,
        is a network of which nothing is supposed.
        """
        tried: set[str] = set()
        while code not in tried:
            tried.add(code)
            network = self._by_code.get(code)
            if network is None:
                break
            if network.stands_on(day):
                return network
            code = network.replaced_by
        return Network(code=code)

    @cached_property
    def _by_code(self) -> Mapping[str, Network]:
        rows = json.loads(self._path.read_text(encoding="utf-8"))["entries"]
        by_code = {row["code"]: row for row in rows}
        return {
            code: _network(by_code.get(row.get("like"), {}) | row) for code, row in by_code.items()
        }


def _network(row: Mapping[str, Any]) -> Network:
    levels = row.get("levels", {})
    return Network(
        code=row["code"],
        motives=frozenset(row.get("motives", ())),
        publics=tuple(row.get("publics", ())),
        is_open=row.get("open", False),
        serves_public_agents=row.get("public_agents", True),
        purposes=frozenset(row.get("purposes", ())),
        ages=_ages(row["ages"]) if "ages" in row else None,
        levels=(levels.get("from"), levels.get("to")),
        needs=tuple(row.get("needs", ())),
        counselling=Counselling(**row["cep"]) if "cep" in row else None,
        is_first_door=row.get("first_door", False),
        is_specialist=row.get("specialist", False),
        only_its_motives=row.get("only_its_motives", False),
        first_day=_day(row.get("from")),
        last_day=_day(row.get("to")),
        replaced_by=row.get("replaced_by", ""),
        former_names=tuple(row.get("former_names", ())),
        source=row.get("source", ""),
    )


def _ages(row: Mapping[str, Any]) -> Ages:
    last = row.get("to", OLDEST)
    return Ages(
        first=row["from"],
        last=last,
        last_with_disability=row.get("to_with_disability", last),
        strict=row["strict"],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
