"""A text message that says where to go: short, honest about its length, silent about why.

Somebody else may read the telephone: neither the name of the person nor their demand is in it.
Lengths are those of 3GPP TS 23.038: 160 signs of the GSM alphabet, or 70 of UCS-2.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

GSM: Final = "GSM-7"
UCS2: Final = "UCS-2"

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("^{}\\[~]|€")
_ONE: Final = {GSM: 160, UCS2: 70}
_EACH_OF_SEVERAL: Final = {GSM: 153, UCS2: 67}
_LIKE: Final = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "…": "...",
        "œ": "oe",
        "Œ": "OE",
        "•": "-",
        "·": "-",
        "\t": " ",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms:
    """A message: its signs as counted (`units`), in which alphabet, in how many parts sent."""

    text: str
    alphabet: str
    units: int
    parts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """What the message says, in words; what is empty is left out.

    The least needed goes first when it is too long: `hours`, then `street`. Where nobody is but on
    given days (`keeps_hours`), hours stay: the street goes first and alone.
    """

    who: str
    street: str = ""
    town: str = ""
    hours: str = ""
    keeps_hours: bool = False
    before: str = ""
    telephone: str = ""
    code: str = ""


def appointment_sms(about: Appointment) -> Sms:
    """Write the message, in one part when that can be; letters stay readable, accents may go."""
    whole = ("street",) if about.keeps_hours else ("hours", "street")
    tries = [_message(about, frozenset(whole[:dropped])) for dropped in range(len(whole) + 1)]
    return next((one for one in tries if one.parts == 1), tries[-1])


def counted(text: str) -> Sms:
    """Return a message as it would be sent and paid for."""
    if all(sign in _BASIC or sign in _EXTENDED for sign in text):
        alphabet, units = GSM, sum(2 if sign in _EXTENDED else 1 for sign in text)
    else:
        alphabet, units = UCS2, len(text.encode("utf-16-be")) // 2
    parts = 1 if units <= _ONE[alphabet] else _parts(text, alphabet)
    return Sms(text=text, alphabet=alphabet, units=units, parts=parts)


def gsm_letters(text: str) -> str:
    """Return the text in letters of the GSM alphabet where each has one that is near."""
    return "".join(_gsm(sign) for sign in _one_line(text).translate(_LIKE))


def _message(about: Appointment, dropped: frozenset[str]) -> Sms:
    street = "" if "street" in dropped else about.street
    hours = "" if "hours" in dropped else about.hours
    place = ", ".join(filter(None, (about.who, street, about.town)))
    sentences = (
        place,
        hours,
        f"Avant le {about.before}" if about.before else "",
        f"Tél. {about.telephone}" if about.telephone else "",
        f"Votre code : {about.code}" if about.code else "",
    )
    return counted(gsm_letters(". ".join(part.rstrip(".") for part in sentences if part) + "."))


def _gsm(sign: str) -> str:
    if sign in _BASIC or sign in _EXTENDED:
        return sign
    if unicodedata.category(sign) == "Zs":
        return " "
    plain = "".join(
        part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part)
    )
    return plain if plain and all(part in _BASIC for part in plain) else sign


def _one_line(text: str) -> str:
    whole = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(sign for sign in whole if unicodedata.category(sign) not in {"Cc", "Cf", "Cs"})


def _parts(text: str, alphabet: str) -> int:
    """Count the parts: neither an extended sign nor a pair of units is cut in two."""
    parts, used = 1, 0
    for units in _units(text, alphabet):
        if used + units > _EACH_OF_SEVERAL[alphabet]:
            parts, used = parts + 1, 0
        used += units
    return parts


def _units(text: str, alphabet: str) -> Iterable[int]:
    if alphabet == GSM:
        return (2 if sign in _EXTENDED else 1 for sign in text)
    return (len(sign.encode("utf-16-be")) // 2 for sign in text)
