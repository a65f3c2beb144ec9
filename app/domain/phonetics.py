"""How a name sounds in French, as a key: two spellings that are said alike have the same one.

The rules are those that French phonetic codes have in common (Phonex, Fonem, Sonnex): silent ends,
letters that sound alike, nasal vowels, dumb h. They serve names, so a final « é », « er », « et »
or mute « e » all count for nothing: an accent may be missing on either side.
"""

import functools
import re
from typing import Final

LONGEST_HEARD: Final = 40
"""Letters of a word beyond which nobody hears a difference: time stays bounded."""

SHORTEST_KEY: Final = 2
"""Sounds below which a key says nothing."""

_REMEMBERED: Final = 8_192
"""Words whose sounds are kept in memory: names come back all day long."""

_SAID_E: Final = ("er", "ers", "ez", "ay", "ai", "ais", "ait", "aix", "ei", "ey")
_LONGEST_FIRST: Final = sorted(_SAID_E, key=len, reverse=True)
_SILENT: Final = "tdsxz"
_SILENT_AFTER: Final = ("rc", "rg", "Qc", "Qg", "Cc", "Cg", "Qp", "Cp")
_TWICE: Final = re.compile(r"([b-df-hj-np-tv-xz])\1+")
_SAME_SOUND: Final = re.compile(r"([A-Z])\1+")
_NASAL: Final = re.compile("(oin|ien|ain|aim|ein|eim|ean|[aeiouy][nm])(?![aeiouynm])")
_NASALS: Final = (
    {"oin": "WX", "ien": "IX", "ain": "X", "aim": "X", "ein": "X", "eim": "X", "ean": "Q"}
    | dict.fromkeys(("in", "im", "yn", "ym", "un", "um"), "X")
    | dict.fromkeys(("an", "am", "en", "em"), "Q")
    | dict.fromkeys(("on", "om"), "C")
)
_SPELLINGS: Final = {
    "eaul": "O",
    "eau": "O",
    "aul": "O",
    "au": "O",
    "oeu": "E",
    "oe": "E",
    "oi": "WA",
    "oy": "WA",
    "ou": "W",
    "ail": "AI",
    "eil": "EI",
    "ai": "E",
    "ay": "E",
    "eu": "E",
    "ei": "E",
    "ey": "E",
    "ph": "F",
    "th": "T",
    "chr": "KR",
    "chl": "KL",
    "sch": "H",
    "ch": "H",
    "sh": "H",
    "qu": "K",
    "ck": "K",
    "gn": "N",
    "bv": "V",
    "h": "",
}
"""Letters that make one sound, the longest first."""

_SPELLING: Final = re.compile(
    "eaul$|eau|aul$|[ae]il$|oeu|au|oe|o[iyu]|[ae][iy]|eu|ph|th|chr|chl|sch|ch|sh|qu|ck|gn|bv|h"
)
_SOFT: Final = re.compile("ge(?=[aou])|gu(?=[eiyX])|sc(?=[eiyX])|[cg](?=[eiyX])")
_SOFTENED: Final = {"c": "S", "sc": "S", "g": "J", "ge": "J", "gu": "G"}
_LETTERS: Final = str.maketrans(
    {letter: letter.upper() for letter in "abdefgijlmnoprstuv"}
    | {"c": "K", "k": "K", "q": "K", "w": "V", "x": "KS", "y": "I", "z": "S"}
)


@functools.lru_cache(_REMEMBERED)
def phonetic_key(word: str) -> str:
    """Return how a folded word sounds, in capitals; "" when it says too little.

    Sounds of one letter are that letter; the others are C (on), H (ch), Q (an), W (ou), X (in).
    What is no small letter is left as it is, so that the key of a key is itself. A word with
    letters of another alphabet has no key.
    """
    heard = word[:LONGEST_HEARD]
    if not (heard.isascii() and heard.isalpha()):
        return ""
    sounds = _NASAL.sub(_nasal, _TWICE.sub(r"\1", heard))
    sounds = _SOFT.sub(_softened, sounds)
    sounds = _SPELLING.sub(_spelt, _without_silent_end(sounds))
    key = _SAME_SOUND.sub(r"\1", sounds.translate(_LETTERS))
    return key if len(key) >= SHORTEST_KEY else ""


def _without_silent_end(word: str) -> str:
    """Cut what is not said, and any final « é », which may have lost its accent."""
    if word.endswith(_SAID_E):
        return word[: -next(len(end) for end in _LONGEST_FIRST if word.endswith(end))]
    if word.endswith(("e", "es")):
        return word.rstrip("s").rstrip("e")
    said = word.rstrip(_SILENT)
    if said.endswith(_SILENT_AFTER):
        said = said[:-1]
    return said.rstrip("e") if len(said) < len(word) else said


def _nasal(found: re.Match[str]) -> str:
    return _NASALS[found[0]]


def _softened(found: re.Match[str]) -> str:
    return _SOFTENED[found[0]]


def _spelt(found: re.Match[str]) -> str:
    return _SPELLINGS[found[0]]
