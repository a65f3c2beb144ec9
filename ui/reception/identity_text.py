"""Reads who somebody is from one line: « Dupont Marie 12/3/78 06 12 34 56 78 ». No Qt."""

import re
from typing import Final

from ui.widgets.date_text import DateSpan, DateTextError, long_date, read_date

_PARTICLES: Final = frozenset({"d", "da", "de", "del", "di", "du", "des", "la", "le", "el", "van"})
_DATE: Final = re.compile(
    r"\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|\b\d{8}\b|\b\d{1,2} [^\W\d]+ \d{4}\b"
)
_TELEPHONE: Final = re.compile(r"(?:\+33|0)[\s.]?[1-9](?:[\s.]?\d{2}){4}")
_EMAIL: Final = re.compile(r"\S+@\S+")


def read_identity(text: str, span: DateSpan) -> dict[str, str]:
    """Return the fields of the page that a line fills: names, birth, telephone, e-mail.

    Words in capitals are the family name; otherwise the family name comes first, as on a form, with
    its particles. What is understood is shown in its field, where it can be corrected.
    """
    fields = {"telephone": "", "email": "", "birth": ""}
    for name, pattern in (("email", _EMAIL), ("telephone", _TELEPHONE), ("birth", _DATE)):
        if found := pattern.search(text):
            fields[name] = found[0].strip()
            text = text.replace(found[0], " ")
    fields["birth"] = _birth(fields["birth"], span)
    family, given = _names(re.sub(r"[\d,;]+", " ", text).split())
    return {**fields, "family_name": family, "given_name": given}


def _birth(text: str, span: DateSpan) -> str:
    try:
        return long_date(read_date(text, span).day)
    except DateTextError:
        return text


def _names(words: list[str]) -> tuple[str, str]:
    capitals = [word for word in words if word.isupper() and len(word) > 1]
    if capitals and len(capitals) < len(words):
        return " ".join(capitals), " ".join(word for word in words if word not in capitals)
    ends = 1
    while ends < len(words) and words[ends - 1].casefold().strip("’'") in _PARTICLES:
        ends += 1
    return " ".join(words[:ends]), " ".join(words[ends:])
