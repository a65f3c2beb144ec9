"""The index by which persons are found: which words lead to whom, and who has which words.

The words of a person (`app.store.person_tokens`) are one row of `person_search`, numbered; an
inverted index of SQLite's own (FTS5) leads from each word to those numbers. It takes what a
transaction writes at once, where a row for each word took most of the time of a backlog. Words
that are taken away are wiped from it (`secure-delete`): nothing is left there of somebody erased.
"""

from collections.abc import Collection, Mapping
from typing import Any

from app.domain.identifiers import SubjectId
from app.store.writer import Tx

_INSERT = "INSERT INTO person_search (number, person, words) VALUES (?, ?, ?)"
_ADD_WORDS = "INSERT INTO person_words (rowid, words) VALUES (?, ?)"
_WIPE_WORDS = "INSERT INTO person_words (person_words, rowid, words) VALUES ('delete', ?, ?)"
_LAST = "\U0010ffff"
_MATCHING = """
    SELECT number, ' ' || s.words || ' ' FROM person_words w
    CROSS JOIN person_search s ON s.number = w.rowid WHERE person_words MATCH ? LIMIT ?
"""
_BEGINNING = """
    SELECT number, ' ' || words || ' '
    FROM person_word_list CROSS JOIN person_search ON number = doc
    WHERE term >= ? AND term < ? LIMIT ?
"""


def index_persons(tx: Tx, words_of: Mapping[SubjectId, str]) -> None:
    """Have these persons found by these words from now on; those without any are found no more."""
    known = {person: (number, words) for number, person, words in _known(tx, words_of)}
    moved = sorted(
        (number, before, words_of[person], person)
        for person, (number, before) in known.items()
        if before != words_of[person]
    )
    for number, before, words, person in moved:
        _change(tx, number, before, words)
        if words:
            row = (words, number)
            tx.execute("UPDATE person_search SET words = ? WHERE number = ?", row)
        else:
            tx.execute("DELETE FROM person_search WHERE person = ?", (person,))
    new = [(person, words) for person, words in words_of.items() if words and person not in known]
    # The index takes growing numbers at once, and writes apart whatever comes before the last one.
    next_one = tx.one("SELECT coalesce(max(number), 0) + 1 FROM person_search")[0]
    rows = [(number, *row) for number, row in enumerate(new, start=next_one)]
    tx.db.conn.executemany(_INSERT, rows)
    tx.db.conn.executemany(_ADD_WORDS, [(number, words) for number, _, words in rows])


def rename_person(tx: Tx, before: SubjectId, after: SubjectId) -> None:
    """Give another identifier to a person, found by the same words until they are written again."""
    tx.execute("UPDATE person_search SET person = ? WHERE person = ?", (after, before))


def _known(tx: Tx, persons: Collection[SubjectId]) -> list[tuple[int, SubjectId, str]]:
    places = ", ".join("?" * len(persons))
    sql = f"SELECT number, person, words FROM person_search WHERE person IN ({places})"  # noqa: S608
    return list(tx.execute(sql, tuple(persons)).fetchall())


def _change(tx: Tx, number: int, before: str, after: str) -> None:
    """Index a person again: to wipe a word costs more than to add one, so those that stay, stay."""
    former, present = dict.fromkeys(before.split(" ")), dict.fromkeys(after.split(" "))
    tx.execute(_WIPE_WORDS, (number, " ".join(word for word in former if word not in present)))
    tx.execute(_ADD_WORDS, (number, " ".join(word for word in present if word not in former)))


def empty_index(tx: Tx) -> None:
    """Have nobody found by anything."""
    tx.execute("INSERT INTO person_words (person_words) VALUES ('delete-all')")
    tx.execute("DELETE FROM person_search")


def matching(connection: Any, expression: str, most: int) -> dict[int, str]:
    """Return so many persons whose words an expression of the index describes.

    Returns:
        Their numbers, each with the words of that person between spaces.
    """
    return dict(connection.execute(_MATCHING, (expression, most)).fetchall())


def beginning(connection: Any, start: str, most: int) -> dict[int, str]:
    """Return so many persons who have a word that begins so, as `matching` does.

    However short the beginning: the index would first gather all those who match.
    """
    return dict(connection.execute(_BEGINNING, (start, start + _LAST, most)).fetchall())
