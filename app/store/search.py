"""Person search inside the encrypted file: forgiving, best first, nothing loaded at start.

What was typed is looked for as it stands, then as beginnings, then with the mistakes of one word
forgiven, of all words, with words joined, with one thing wrong: the next way is tried only while
few were found. Those found are then compared letter by letter with what was typed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from app.domain.identifiers import SubjectId
from app.store.person_index import beginning, matching
from app.store.person_query import Query, Term, forgiving, read_query

LISTED = 60
"""Persons that a way of looking may bring where nothing tells one from the next."""

CANDIDATES = 120
"""Persons that a way of looking may bring to be compared."""

CHECKED = 200
"""Persons on whom a beginning too short for the index is checked."""

ENOUGH = 40
"""Persons found as they were typed, or nearly, after which nothing else is looked for."""

_BEGINS, _SOUND, _NUMBER, _CODE, _LEFT_OVER = 0.8, 0.86, 1.1, 10.0, 0.005
_GOOD = 0.8
"""How well somebody must answer for nothing else to be tried."""

_SIGNS = frozenset("~#+-!")


PERSON_COLUMNS: Final = "p.person, p.short_id, p.display_name, p.birth_on, p.commune, p.telephone"
"""What a list shows of a person, of `persons p`."""

_NUMBERED: Final = (
    f"SELECT {PERSON_COLUMNS} FROM person_search s JOIN persons p ON p.person = s.person"  # noqa: S608
    " WHERE s.number = ?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFound:
    """A person as a list shows them."""

    person: SubjectId
    short_id: str
    display_name: str
    birth_on: str
    commune: str
    telephone: str


def search_persons(connection: Any, text: str, *, limit: int = 20) -> list[PersonFound]:
    """Return the persons that a few words, a date, a telephone or a code may mean, best first."""
    query = read_query(text)
    scores = _scores(connection, query)
    best = sorted(scores, key=lambda number: (-scores[number], number))[: 2 * limit]
    found = [
        (-scores[number], row.display_name, number, row)
        for number in best
        if (row := _read(connection, number))
    ]
    return [row for *_, row in sorted(found)[:limit]]


def _scores(connection: Any, query: Query) -> dict[int, float]:
    """Return whom the query may mean, with how well they answer it, by steps ever more forgiving.

    A step is tried while the former ones brought few, and none that answers well. One mistake is
    looked for even then: what was typed may be somebody else's name.
    """
    coded = matching(connection, query.code, LISTED) if query.code else {}
    scores = dict.fromkeys(coded, _CODE)
    _add(scores, query, _as_typed(connection, query))
    if coded or len(scores) >= ENOUGH or (query.is_unfinished and scores):
        return scores
    for step in (_one_mistake, _mistakes, _one_thing_wrong):
        _add(scores, query, step(connection, query))
        if len(scores) >= ENOUGH or max(scores.values(), default=0.0) >= _GOOD:
            break
    return scores


def _add(scores: dict[int, float], query: Query, brought: Iterable[Mapping[int, str]]) -> None:
    for some in brought:
        for number, words in some.items():
            if number not in scores:
                scores[number] = _score(query, words)


def _as_typed(connection: Any, query: Query) -> Iterator[Mapping[int, str]]:
    """Give those who have everything typed: as it stands, joined to its neighbour, begun."""
    terms = query.terms
    if not terms:
        return
    yield matching(connection, _all(term.exact for term in terms), LISTED)
    for reading in query.readings:
        yield matching(connection, _all(term.exact for term in reading.terms), LISTED)
    if len(terms) == 1:
        for start in terms[0].starts:
            yield beginning(connection, start, LISTED)
    elif not query.is_unfinished:
        yield matching(connection, _all(term.begins for term in terms), CANDIDATES)
    elif query.telling:
        brought = matching(connection, _all(term.begins for term in query.telling), CHECKED)
        yield {number: words for number, words in brought.items() if _bears(words, query.short)}


def _one_mistake(connection: Any, query: Query) -> Iterator[Mapping[int, str]]:
    """Give those who have everything typed but for a mistake in one word.

    The others count as whole words where somebody bears them: to gather what begins with a common
    one takes the index the longest.
    """
    right = {
        term: term.exact if matching(connection, term.exact, 1) else term.begins
        for term in query.telling
    }
    for wrong in query.telling:
        if wrong.word:
            others = (right[one] for one in query.telling if one is not wrong)
            yield matching(connection, _all((forgiving(wrong), *others)), CANDIDATES)


def _mistakes(connection: Any, query: Query) -> Iterator[Mapping[int, str]]:
    """Give those who have everything typed with a mistake in each word."""
    if len(query.telling) > 1:
        yield matching(connection, _all(map(forgiving, query.telling)), CANDIDATES)
    for reading in query.readings:
        yield matching(connection, _all(map(forgiving, reading.terms)), CANDIDATES)


def _one_thing_wrong(connection: Any, query: Query) -> Iterator[Mapping[int, str]]:
    """Give those who have everything typed but one thing, which may be of somebody else."""
    for ways in (attrgetter("begins"), forgiving):
        for wrong in query.telling if len(query.telling) > 1 else ():
            others = (ways(one) for one in query.telling if one is not wrong)
            yield matching(connection, _all(others), LISTED)


def _all(expressions: Iterable[str]) -> str:
    return " AND ".join(expressions)


def _bears(words: str, terms: Sequence[Term]) -> bool:
    return all(any(f" {start}" in words for start in term.starts) for term in terms)


def _score(query: Query, words: str) -> float:
    """Return how well the words of a person answer what was typed, by its best reading."""
    known = words.partition(" ~")[0] if words.isascii() else words
    names = [word for word in known.split() if word[0] not in _SIGNS]
    best = _score_of(query.terms, words, names)
    for reading in query.readings:
        if reading.joined in names:
            best = max(best, _score_of(reading.terms, words, names))
    return best


def _score_of(terms: Sequence[Term], words: str, names: Sequence[str]) -> float:
    total = 0.0
    for term in terms:
        if term.word:
            total += _likeness(term, words, names)
        elif _bears(words, (term,)):
            total += _NUMBER
    return total / len(terms) - _LEFT_OVER * len(names)


def _likeness(term: Term, words: str, names: Sequence[str]) -> float:
    from rapidfuzz.distance import OSA

    if term.word in names:
        return 1.0
    best = _SOUND if term.sound and f" {term.sound} " in words else 0.0
    for name in names:
        if name.startswith(term.word):
            best = max(best, _BEGINS + (1 - _BEGINS) * len(term.word) / len(name))
        else:
            best = max(best, OSA.normalized_similarity(term.word, name, score_cutoff=best))
    return best


def person_in(row: Sequence[Any]) -> PersonFound:
    """Return the person of a row that begins with `PERSON_COLUMNS`."""
    person, short_id, display_name, birth_on, commune, telephone = row[:6]
    return PersonFound(
        person=SubjectId(person),
        short_id=short_id,
        display_name=display_name,
        birth_on=birth_on,
        commune=commune,
        telephone=telephone,
    )


def _read(connection: Any, number: int) -> PersonFound | None:
    row = connection.execute(_NUMBERED, (number,)).fetchone()
    return None if row is None else person_in(row)
