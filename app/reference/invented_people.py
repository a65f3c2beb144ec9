"""Invented people for a practice workspace: drawn by a seed, the same seed giving the same ones.

Names come from lists shipped with the program, family and given each for itself, some far more
often than others as in life, so that homonyms exist. Telephones are those that Arcep keeps for
fiction (decision 2018-0881): nobody ever answers there.
"""

import bisect
import datetime as dt
import itertools
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.domain.reception import PersonDetails
from app.reference.communes import Communes

FICTION_RANGES: Final = ("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98")
"""The beginnings of the numbers for fiction: one a quarter of the country, and that of mobiles."""

OLDEST, YOUNGEST = 88, 15
_YEARS: Final = 22
"""Years by which people are older than the youngest, in the mean."""

_WOMEN, _MARRIED, _CALLED, _DATED, _REACHED = 0.54, 0.35, 0.04, 0.94, 0.9
_COMMON, _LONG, _PARTICLE, _DOUBLE = 0.22, 0.4, 0.06, 0.02
"""Shares: one in five bears one of the four hundred most common family names, as in the country."""

_FAMILY_FALL, _GIVEN_FALL = 0.42, 0.6
"""How fast a name gets rarer with its rank: what the first hundreds of the census show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedPerson:
    """Somebody who does not exist: what is kept of them, and what a reception would tell."""

    details: PersonDetails
    sex: str
    age: int


class _Names:
    """The lists of names, each in the order of how often people bear them."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.usual: list[str] = content["usual"]
        self.middles: list[str] = content["middles"]
        self.particles: list[str] = content["particles"]
        self.family = _Ranked(content["family"], _FAMILY_FALL)
        self.given = {sex: _Ranked(names, _GIVEN_FALL) for sex, names in content["given"].items()}
        # Written in alphabetical order; any other one, always the same, favours no letter.
        self.roots = _Ranked(_mixed(content["roots"]), _FAMILY_FALL)
        self.endings = _Ranked(_mixed(content["endings"]), _FAMILY_FALL)


class _Ranked:
    """Words of which the first are drawn the most often."""

    def __init__(self, words: Sequence[str], fall: float) -> None:
        self._words = words
        falling = ((rank + 1) ** -fall for rank in range(len(words)))
        self._weights = list(itertools.accumulate(falling))

    def draw(self, source: random.Random) -> str:
        place = bisect.bisect(self._weights, source.random() * self._weights[-1])
        return self._words[min(place, len(self._words) - 1)]


class InventedPeople:
    """Draws people, one after the other.

    Args:
        names: the file of names; see its own `about`.
        communes: where they may live.
        seed: what they are drawn by.
        on: the day on which their ages are counted.
    """

    def __init__(self, names: Path, communes: Communes, *, seed: int, on: dt.date) -> None:
        self._names = _Names(json.loads(names.read_text(encoding="utf-8")))
        self._codes = [commune.insee_code for commune in communes]
        self._inhabitants = list(itertools.accumulate(commune.population for commune in communes))
        self._random = random.Random(f"persons/{seed}")  # noqa: S311  (no secret is drawn)
        self._on = on

    def person(self) -> InventedPerson:
        """Draw the next one."""
        sex = "femme" if self._happens(_WOMEN) else "homme"
        age = min(OLDEST, YOUNGEST + int(self._random.expovariate(1 / _YEARS)))
        born = self._on - dt.timedelta(days=int(age * 365.25) + self._random.randrange(365))
        is_married = sex == "femme" and self._happens(_MARRIED)
        names = self._names
        details = PersonDetails(
            family_name=self._family_name(),
            given_name=names.given[sex].draw(self._random),
            birth_name=self._family_name() if is_married else "",
            usual_name=self._random.choice(names.usual) if self._happens(_CALLED) else "",
            birth_on=born.isoformat() if self._happens(_DATED) else "",
            telephone=self._telephone() if self._happens(_REACHED) else "",
            commune=self._commune(),
        )
        return InventedPerson(details=details, sex=sex, age=age)

    def _family_name(self) -> str:
        name = self._one_name()
        return f"{name}-{self._one_name()}" if self._happens(_DOUBLE) else name

    def _one_name(self) -> str:
        draw, names = self._random, self._names
        if self._happens(_COMMON):
            return names.family.draw(draw)
        middle = draw.choice(names.middles) if self._happens(_LONG) else ""
        name = names.roots.draw(draw) + middle + names.endings.draw(draw)
        if not self._happens(_PARTICLE):
            return name
        particle = draw.choice(names.particles)
        return particle + name if particle[-1] in "’-" else f"{particle} {name}"

    def _happens(self, share: float) -> bool:
        return self._random.random() < share

    def _commune(self) -> str:
        return self._random.choices(self._codes, cum_weights=self._inhabitants)[0]

    def _telephone(self) -> str:
        number = self._random.randrange(10_000)
        beginning = self._random.choice(FICTION_RANGES)
        return f"{beginning} {number // 100:02d} {number % 100:02d}"


def _mixed(words: Sequence[str]) -> list[str]:
    mixed = list(words)
    random.Random(len(mixed)).shuffle(mixed)  # noqa: S311
    return mixed
