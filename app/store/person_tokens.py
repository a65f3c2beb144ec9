"""What a person can be found by: folded pieces of what is known of them."""

from collections.abc import Iterator, Mapping, Sequence

from app.domain.events import Value
from app.domain.folding import fold, fold_tokens
from app.domain.phonetics import phonetic_key

NAME_FIELDS = ("family_name", "given_name", "birth_name", "usual_name")
PREFIX = {
    "deletion": "~",
    "sound": "~~",
    "birth": "#",
    "telephone": "+",
    "telephone_end": "-",
    "short": "!",
}
"""First signs that no folded name can have: each keeps a kind of token apart from the words."""

SHORTEST_HEARD = 3
"""Letters below which a word sounds like too many others."""

SHORTEST_FORGIVEN = 4
"""Letters below which a word has too many neighbours for its mistakes to be forgiven."""

NATIONAL_DIGITS = 9
"""Digits of a French telephone number after its 0 or its +33."""


def tokens_of(known: Mapping[str, str]) -> set[str]:
    """Return the tokens under which a person is indexed.

    Names give each folded word, neighbouring words joined, each word less one letter (so that a
    typing error on either side meets) and how each sounds. Dates of birth, telephones (from either
    end) and short codes have channels of their own.
    """
    tokens: set[str] = set()
    for field in NAME_FIELDS:
        words = fold_tokens(known.get(field, ""))
        tokens.update(words)
        tokens.update(joined := list(runs(words)))
        tokens.update(deletion for word in words for deletion in deletions(word))
        tokens.update(sound for word in (*words, *joined) for sound in sounds(word))
    if birth_on := known.get("birth_on", ""):
        tokens.update(PREFIX["birth"] + digits for digits in _birth_digits(birth_on))
    if digits := national_digits(known.get("telephone", "")):
        tokens.add(PREFIX["telephone"] + digits)
        tokens.add(PREFIX["telephone_end"] + digits[::-1])
    if short_id := known.get("short_id", ""):
        tokens.add(PREFIX["short"] + fold(short_id))
    return tokens


def words_of_person(values: Mapping[str, Value], short_id: str) -> str:
    """Return the tokens of a person, from the values of their file, as the index takes them."""
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    return " ".join(sorted(tokens_of({**texts, "short_id": short_id})))


def deletions(word: str) -> Iterator[str]:
    """Give each form of a word less one letter, marked apart from the words themselves."""
    if len(word) >= SHORTEST_FORGIVEN:
        for place in range(len(word)):
            yield PREFIX["deletion"] + word[:place] + word[place + 1 :]


def sounds(word: str) -> Iterator[str]:
    """Give how a word sounds, marked apart, when it has letters enough to sound like something."""
    if len(word) >= SHORTEST_HEARD and (key := phonetic_key(word)):
        yield PREFIX["sound"] + key.lower()


def national_digits(text: str) -> str:
    """Return the digits of a telephone, or of its beginning, without the 0 or the country."""
    digits = "".join(sign for sign in text if sign.isdecimal())
    if text.strip().startswith("+33"):
        digits = digits[2:]
    elif digits.startswith("0033"):
        digits = digits[4:]
    return digits.removeprefix("0")[-NATIONAL_DIGITS:]


def runs(words: Sequence[str]) -> Iterator[str]:
    """Give each run of two words or more in one piece: « delaroche » for « de la Roche »."""
    for start in range(len(words)):
        for end in range(start + 2, len(words) + 1):
            yield "".join(words[start:end])


def _birth_digits(birth_on: str) -> Iterator[str]:
    year, _, rest = birth_on.partition("-")
    month, _, day = rest.partition("-")
    if year and month and day:
        yield day + month + year
        yield month + day + year  # day and month are swapped in many mouths and on many papers
        yield year
