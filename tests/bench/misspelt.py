"""Queries as people type them in a hurry, made from the persons of a workspace by a seed.

Each query aims at one person, and says enough to tell them: where others bear the same names, their
year of birth or telephone is added, as somebody at the counter would. How names are respelt by ear
was written apart from the program's own key.
"""

import random
import string
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.folding import fold
from app.domain.identifiers import SubjectId

HOMONYMS = 4
"""Persons who answer what is typed, beyond which something is added to tell them apart."""

_BY_EAR = (
    ("eau", "o"),
    ("ault", "o"),
    ("aud", "o"),
    ("au", "o"),
    ("ph", "f"),
    ("sse", "ce"),
    ("qu", "k"),
    ("ain", "in"),
    ("ein", "in"),
    ("ai", "e"),
    ("ei", "e"),
    ("th", "t"),
    ("ll", "l"),
    ("nn", "n"),
    ("tt", "t"),
    ("rr", "r"),
    ("mm", "m"),
    ("ant", "ent"),
    ("and", "end"),
    ("ent", "ant"),
    ("enc", "anc"),
    ("y", "i"),
    ("ck", "k"),
    ("car", "kar"),
    ("col", "kol"),
    ("ge", "je"),
    ("gi", "ji"),
    ("z", "s"),
)
_ENDINGS = (("t", ""), ("d", ""), ("s", ""), ("x", ""), ("er", "é"), ("et", "é"), ("e", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """A person of the workspace, as far as search is concerned."""

    person: SubjectId
    family: str
    given: str
    birth_name: str
    usual_name: str
    birth_on: str
    telephone: str
    short_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What somebody types, what is wrong with it, and whom they mean."""

    text: str
    kind: str
    person: SubjectId


def everybody(connection: Any) -> list[Somebody]:
    """Return every person of a workspace, in the order of their identifiers."""
    from app.store.bodies import unpack_map

    sql = (
        "SELECT person, family_name, given_name, birth_on, telephone, short_id, details"
        " FROM persons ORDER BY person"
    )
    return [
        Somebody(
            person=SubjectId(person),
            family=family,
            given=given,
            birth_name=str(known.get("birth_name") or ""),
            usual_name=str(known.get("usual_name") or ""),
            birth_on=birth_on,
            telephone=telephone,
            short_id=short_id,
        )
        for person, family, given, birth_on, telephone, short_id, details in connection.execute(sql)
        if (known := unpack_map(details)) is not None
    ]


class Misspelt:
    """Makes queries; the same seed over the same persons makes the same ones."""

    def __init__(self, persons: Sequence[Somebody], seed: int) -> None:
        self._persons = persons
        self._random = random.Random(f"misspelt/{seed}")
        self._bearers = Counter(_names(one) for one in persons)
        self._called = Counter(one.telephone for one in persons)
        self._kinds: Mapping[str, Callable[[Somebody], str]] = {
            "without accents": self._without_accents,
            "one typing error": self._one_error,
            "two letters swapped": self._swapped_letters,
            "names swapped": self._swapped_names,
            "day and month swapped": self._swapped_date,
            "beginnings": self._beginnings,
            "particles": self._particles,
            "by ear": self._by_ear,
            "name of birth": self._birth_name,
            "usual name": self._usual_name,
            "telephone": self._telephone,
            "spoken code": self._code,
        }

    def queries(self, count: int) -> list[Typed]:
        """Make so many queries, each kind in its turn."""
        made: list[Typed] = []
        while len(made) < count:
            kind = tuple(self._kinds)[len(made) % len(self._kinds)]
            while not (text := self._kinds[kind](one := self._random.choice(self._persons))):
                pass
            made.append(Typed(text=text, kind=kind, person=one.person))
        return made

    def _told(self, one: Somebody, typed: str) -> str:
        """Add what tells somebody from those who bear the same names."""
        if self._bearers[_names(one)] <= HOMONYMS:
            return typed
        return f"{typed} {_day(one.birth_on)}" if one.birth_on else ""

    def _without_accents(self, one: Somebody) -> str:
        plain = fold(f"{one.given} {one.family}")
        return self._told(one, plain) if plain != f"{one.given} {one.family}".lower() else ""

    def _one_error(self, one: Somebody) -> str:
        return self._told(one, self._spoilt(one, self._wrong_letter))

    def _swapped_letters(self, one: Somebody) -> str:
        return self._told(one, self._spoilt(one, self._two_swapped))

    def _swapped_names(self, one: Somebody) -> str:
        return self._told(one, f"{one.family} {one.given}")

    def _swapped_date(self, one: Somebody) -> str:
        year, _, rest = one.birth_on.partition("-")
        month, _, day = rest.partition("-")
        return f"{one.family} {month}/{day}/{year}" if year else ""

    def _beginnings(self, one: Somebody) -> str:
        family, given = fold(one.family), fold(one.given)
        start = family[: max(4, len(family) * 2 // 3)]
        return f"{start} {given[:4]} {one.birth_on[:4]}" if one.birth_on else ""

    def _particles(self, one: Somebody) -> str:
        first, _, rest = one.family.replace("’", "’ ").partition(" ")
        if not rest or first.lower() not in {"de", "le", "la", "du", "des", "d’", "da", "dos"}:
            return ""
        way = self._random.randrange(3)
        if way == 0:
            return self._told(one, f"{rest} {one.given}")
        family = fold(one.family)
        return self._told(one, f"{family.replace(' ', '' if way == 1 else '-')} {one.given}")

    def _by_ear(self, one: Somebody) -> str:
        family = fold(one.family)
        ways = [way for way in _BY_EAR if way[0] in family[1:] and _is_heard(way[0], family)]
        heard = family
        for spelling, sound in self._random.sample(ways, min(2, len(ways))):
            heard = heard[0] + heard[1:].replace(spelling, sound, 1)
        for ending, said in _ENDINGS:
            if (
                family.endswith(ending)
                and heard[-2:] == family[-2:]
                and self._random.random() < 0.3
            ):
                heard = heard[: -len(ending)] + said
                break
        return self._told(one, f"{one.given} {heard}") if heard != family else ""

    def _birth_name(self, one: Somebody) -> str:
        return self._told(one, f"{one.given} {one.birth_name}") if one.birth_name else ""

    def _usual_name(self, one: Somebody) -> str:
        if not one.usual_name:
            return ""
        return f"{one.usual_name} {one.family} {one.birth_on[:4]}".strip()

    def _telephone(self, one: Somebody) -> str:
        if not one.telephone or self._called[one.telephone] > HOMONYMS * 2:
            return ""
        digits = one.telephone.replace(" ", "")
        ways = (
            one.telephone,
            digits,
            one.telephone.replace(" ", "."),
            "+33 " + one.telephone[1:],
            "0033" + digits[1:],
            "+33(0)" + digits[1:],
            f"{one.given} {digits[-4:]}",
            f"{fold(one.family)} {one.telephone[-5:]}",
        )
        return self._random.choice(ways)

    def _code(self, one: Somebody) -> str:
        code = one.short_id
        ways = (code, code.lower(), f"{code[:3]} {code[3:]}", f"{code[:2]}-{code[2:4]}-{code[4:]}")
        return self._random.choice(ways)

    def _spoilt(self, one: Somebody, how: Callable[[str], str]) -> str:
        family, given = fold(one.family), fold(one.given)
        if self._random.random() < 0.7 or len(given) < 4:
            return f"{given} {how(family)}"
        return f"{how(given)} {family}"

    def _wrong_letter(self, word: str) -> str:
        place = self._random.randrange(len(word))
        letter = self._random.choice(string.ascii_lowercase)
        before, after = word[:place], word[place + 1 :]
        ways = (before + after, before + letter + after, before + letter + word[place:])
        return self._random.choice(ways)

    def _two_swapped(self, word: str) -> str:
        place = self._random.randrange(max(1, len(word) - 1))
        return word[:place] + word[place : place + 2][::-1] + word[place + 2 :]


def _names(one: Somebody) -> tuple[str, str]:
    return fold(one.family), fold(one.given)


def _is_heard(spelling: str, family: str) -> bool:
    """Do these letters make one sound there? « au » in « eau » and « ai » in « aille » do not."""
    return not (spelling == "au" and "eau" in family) and not (spelling == "ai" and "ail" in family)


def _day(birth_on: str) -> str:
    year, month, day = birth_on.split("-")
    return f"{day}/{month}/{year}"
