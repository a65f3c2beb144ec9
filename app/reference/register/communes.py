"""Which commune a cell means: its name, with its postal code or not; never one among several."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from app.domain.folding import fold
from app.reference.communes import Commune, Communes

_ABBREVIATIONS: Final = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_ARTICLES: Final = frozenset({"le", "la", "les", "l"})
_NUMBER: Final = re.compile(r"\b(\d{5}|2[abAB]\d{3})\b")
_POSTAL_DIGITS: Final = 5
_CEDEX: Final = re.compile(r"\bcedex( \d+)?\b")


class CommuneReader:
    """Reads communes as registers write them; of homonyms, none, unless a postal code tells."""

    def __init__(self, communes: Communes, *, closest: int) -> None:
        self._communes = communes
        self._closest = closest

    def exactly(self, text: str) -> str:
        """Return the INSEE code of the only commune that is written so, else ""."""
        numbers, name = self._parts(text)
        if not name:
            return self._by_numbers(numbers)
        found = self._by_name.get(name, ())
        if len(found) > 1 and numbers:
            found = [one for one in found if _has_number(one, numbers)]
        return found[0].insee_code if len(found) == 1 else ""

    def closely(self, text: str) -> str:
        """Return the INSEE code of the only commune whose name is nearly written so, else ""."""
        from rapidfuzz import fuzz, process

        numbers, name = self._parts(text)
        if not name or name in self._by_name:
            return ""
        near = process.extract(
            name, list(self._by_name), scorer=fuzz.ratio, score_cutoff=self._closest, limit=5
        )
        if not near:
            return ""
        best = [found[0] for found in near if found[1] == near[0][1]]
        communes = {one.insee_code: one for name in best for one in self._by_name[name]}
        if numbers:
            communes = {
                code: one for code, one in communes.items() if _has_number(one, numbers)
            } or communes
        return next(iter(communes)) if len(communes) == 1 else ""

    def _parts(self, text: str) -> tuple[list[str], str]:
        """Tell apart the numbers and the name of « 36300 LE BLANC cedex », « Le Blanc (36) »."""
        numbers = [found.upper() for found in _NUMBER.findall(text)]
        words = _key(re.sub(r"[(\[]?\b\d{1,5}\b[)\]]?", " ", _NUMBER.sub(" ", text)))
        return numbers, _CEDEX.sub("", words).strip()

    def _by_numbers(self, numbers: Iterable[str]) -> str:
        for number in numbers:
            found = self._by_postal_code.get(number, ())
            if len(found) == 1:
                return found[0].insee_code
            if not found and number in self._by_insee_code:
                return self._by_insee_code[number].insee_code
        return ""

    @cached_property
    def _by_name(self) -> Mapping[str, list[Commune]]:
        present: defaultdict[str, list[Commune]] = defaultdict(list)
        former: defaultdict[str, list[Commune]] = defaultdict(list)
        for commune in self._communes:
            for name in _names(commune.name):
                present[name].append(commune)
            for old in commune.former_names:
                for name in _names(old):
                    former[name].append(commune)
        return {**former, **present}

    @cached_property
    def _by_postal_code(self) -> Mapping[str, list[Commune]]:
        found: defaultdict[str, list[Commune]] = defaultdict(list)
        for commune in self._communes:
            for number in commune.postal_codes:
                found[number].append(commune)
        return found

    @cached_property
    def _by_insee_code(self) -> Mapping[str, Commune]:
        return {commune.insee_code: commune for commune in self._communes}


def _names(name: str) -> set[str]:
    key = _key(name)
    first, _, rest = key.partition(" ")
    return {key, rest} if rest and first in _ARTICLES else {key}


def _key(text: str) -> str:
    spelt = re.sub(r"\bs/", "sur ", text, flags=re.IGNORECASE)
    return " ".join(_ABBREVIATIONS.get(word, word) for word in fold(spelt).split())


def _has_number(commune: Commune, numbers: Iterable[str]) -> bool:
    own = {commune.insee_code, *commune.postal_codes, *commune.former_codes}
    return any(number in own for number in numbers)


def postal_code_of(text: str) -> str:
    """Return a postal code as it is written, its lost zero given back, else ""."""
    digits = "".join(text.split())
    is_code = digits.isdecimal() and len(digits) in {_POSTAL_DIGITS - 1, _POSTAL_DIGITS}
    return digits.zfill(_POSTAL_DIGITS) if is_code and digits.isascii() else ""
