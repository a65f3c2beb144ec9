"""The commune of an address: its code of today, found when the publisher left it out."""

import re
from collections import defaultdict
from functools import cached_property
from typing import Final

from app.domain.folding import fold
from app.reference.communes import Commune, Communes

_INSEE: Final = re.compile(r"(?:\d{2}|2[AB])\d{3}")
_POSTAL: Final = re.compile(r"\d{5}")
_AFTER_THE_NAME: Final = re.compile(r" (?:cedex|cs|bp)\b.*$| \d+ ?(?:e|er|eme)? arrondissement$")
_LONG: Final = {"st": "saint", "ste": "sainte", "s": "sur"}
_OVERSEAS: Final = ("97", "98")
_CORSICA: Final = "20"
_CORSICAN: Final = frozenset({"2A", "2B"})


class CommuneFinder:
    """Finds communes of the table by postal code and name, strictly: no letter is forgiven."""

    def __init__(self, communes: Communes) -> None:
        self._communes = communes

    def by_code(self, code: str) -> Commune | None:
        """Return the commune of an INSEE code, former ones included; None outside the table."""
        return self._by_code.get(code)

    def by_address(self, postal_code: str | None, name: str | None) -> Commune | None:
        """Return the commune of a postal code and a name, None when it is not one for sure.

        A postal code of a single commune needs no name; a name that only one commune of the
        department bears makes up for a postal code of companies (CEDEX).
        """
        if postal_code is None:
            return None
        there = self._by_postal_code.get(postal_code, [])
        if name is None:
            return there[0] if len(there) == 1 else None
        named = self._by_name.get(_bare(name), [])
        both = [commune for commune in named if postal_code in commune.postal_codes]
        near = both or [each for each in named if each.department == postal_code[:2]]
        return near[0] if len(near) == 1 else None

    def covers(self, postal_code: str | None) -> bool:
        """Tell whether the communes of that postal code's department are in the table."""
        return bool(postal_code) and not self._departments.isdisjoint(
            departments_of(None, postal_code)
        )

    @cached_property
    def _by_code(self) -> dict[str, Commune]:
        """Index every code: most of a national file is elsewhere, and the table would look long."""
        former = {code: commune for commune in self._communes for code in commune.former_codes}
        return former | {commune.insee_code: commune for commune in self._communes}

    @cached_property
    def _departments(self) -> frozenset[str]:
        return frozenset(commune.department for commune in self._communes)

    @cached_property
    def _by_postal_code(self) -> dict[str, list[Commune]]:
        found: dict[str, list[Commune]] = defaultdict(list)
        for commune in self._communes:
            for postal_code in commune.postal_codes:
                found[postal_code].append(commune)
        return dict(found)

    @cached_property
    def _by_name(self) -> dict[str, list[Commune]]:
        found: dict[str, list[Commune]] = defaultdict(list)
        for commune in self._communes:
            for name in dict.fromkeys(map(_bare, (commune.name, *commune.former_names))):
                found[name].append(commune)
        return dict(found)


def departments_of(insee_code: str | None, postal_code: str | None) -> frozenset[str]:
    """Return the department of a place, both of Corsica when only its postal code is known."""
    for code in (insee_code, postal_code):
        if code and (_INSEE.fullmatch(code) or _POSTAL.fullmatch(code)):
            if code.startswith(_OVERSEAS):
                return frozenset({code[:3]})
            return _CORSICAN if code.startswith(_CORSICA) else frozenset({code[:2]})
    return frozenset()


def _bare(name: str) -> str:
    """Return a name as it is compared, without what the post writes after it."""
    folded = _AFTER_THE_NAME.sub("", fold(name))
    return " ".join(_LONG.get(word, word) for word in folded.split())
