"""French telephone numbers, in the form E.164 when nothing is doubtful, else as published."""

import re
from typing import Final

_SEPARATORS: Final = re.compile(r"[\s.\-/()\u00a0\u202f\u2009\u2010-\u2015]+")
_TRUNK: Final = re.compile(r"^(?:\+|00)33\s*\(0\)")
_PREFIXED: Final = re.compile(r"(?:\+|00)33\s?0?([1-9]\d{8})")
_BARE: Final = re.compile(r"33([1-9]\d{8})")
_NATIONAL: Final = re.compile(r"0?([1-9]\d{8})")
_FOREIGN: Final = re.compile(r"(?:\+|00)(\d{6,15})")
_SHORT: Final = re.compile(r"(?:[13]\d{3}|1\d{1,2}|11[68]\d{3})")
_OVERSEAS: Final = (
    (re.compile(r"(?:262|263|269|639|69[23]|976)"), "262"),
    (re.compile(r"(?:590|69[01])"), "590"),
    (re.compile(r"(?:594|694)"), "594"),
    (re.compile(r"(?:596|69[67])"), "596"),
)
"""The beginnings of numbers overseas (Arcep's numbering plan), each with its own country code."""


def telephone(written: str) -> tuple[str, bool]:
    """Return a number and whether it is sure.

    A short number (« 39-49 », « 115 ») is kept as published, and sure. Two numbers in one field, an
    extension or letters are kept as published, and not sure.
    """
    published = " ".join(written.split())
    packed = _SEPARATORS.sub("", _TRUNK.sub("+33", published))
    for pattern in (_PREFIXED, _BARE, _NATIONAL):
        if found := pattern.fullmatch(packed):
            return f"+{_country(found[1])}{found[1]}", True
    if found := _FOREIGN.fullmatch(packed):
        return f"+{found[1]}", True
    return published, _SHORT.fullmatch(packed) is not None


def _country(national: str) -> str:
    """Return the country code of a number written without its zero."""
    return next((code for pattern, code in _OVERSEAS if pattern.match(national)), "33")
