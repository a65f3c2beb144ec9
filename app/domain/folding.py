"""Folds text so that what is typed finds what was written: no accents, no case, no punctuation.

The same folding serves communes, structures and persons, so that one way of typing works
everywhere. It loses information on purpose and is never shown nor stored in place of the text.
"""

import unicodedata
from typing import Final

# What Unicode does not decompose into plain letters and marks.
_UNDECOMPOSED: Final = str.maketrans(
    {
        "œ": "oe",
        "æ": "ae",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "\u0131": "i",
        "ĸ": "k",
        "ə": "e",
        "\u02bb": " ",  # Apostrophes that Unicode counts among letters.
        "\u02bc": " ",
    }
)

_UNDECOMPOSED.update(dict.fromkeys(range(0x300, 0x370), ""))  # accents, off their letters
_ASCII_SIGNS: Final = str.maketrans(
    {sign: " " for sign in map(chr, range(128)) if not sign.isalnum()}
)


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, its words separated by single spaces.

    Ligatures are spread (œ → oe), apostrophes, hyphens and any other sign become spaces. Folding
    what is folded changes nothing. Western Latin text becomes plain ASCII; letters of other
    alphabets are kept, without their marks.
    """
    if text.isascii():
        return " ".join(text.lower().translate(_ASCII_SIGNS).split())
    spread = _decompose(_decompose(text).casefold()).casefold().translate(_UNDECOMPOSED)
    if spread.isascii():  # nearly all that is written in French
        return " ".join(spread.translate(_ASCII_SIGNS).split())
    unmarked = (sign for sign in spread if not unicodedata.category(sign).startswith("M"))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in unmarked).split())


def fold_tokens(text: str) -> tuple[str, ...]:
    """Return the folded words of `text`, in the order they were written."""
    return tuple(fold(text).split())


def _decompose(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKD", text)
