"""The fields a column may hold and the codes a word may mean, in words, found as one types."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.domain.errors import AppError
from app.domain.folding import fold
from app.reference.register.values import CODED, COMMUNE, SEVERAL
from app.reference.register.words import register_words

if TYPE_CHECKING:
    from app.usecases.desk import Reference

LEFT_OUT: Final = "Ne pas garder"
NOT_KNOWN: Final = "Non compris"
_COMMUNES: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """Something that can be chosen: its code, its words, softer ones beside them."""

    code: str
    label: str
    detail: str = ""


class Meanings:
    """What can be chosen for a column or a word."""

    def __init__(self, reference: "Reference") -> None:
        self._reference = reference

    def field_label(self, field: str) -> str:
        """Return what a field is called; "" is a column left out."""
        return register_words().fields[field] if field else LEFT_OUT

    def find_fields(self, query: str) -> Sequence[Meaning]:
        """Return the fields that a query may mean, all of them for an empty one."""
        every = [Meaning(code=code, label=text) for code, text in register_words().fields.items()]
        return _fitting([*every, Meaning(code="", label=LEFT_OUT)], query)

    def takes_several(self, field: str) -> bool:
        """Say whether a word of this field may mean several codes."""
        return field in SEVERAL

    def codes(self, field: str) -> Sequence[Meaning]:
        """Return every code of a list; communes are too many and are searched."""
        if field == COMMUNE:
            return ()
        entries = self._reference.vocabularies.get(CODED[field]).active()
        return [Meaning(code=one.code, label=one.label) for one in entries]

    def find_codes(self, field: str, query: str) -> Sequence[Meaning]:
        """Return the codes that a query may mean."""
        if field != COMMUNE:
            return _fitting(self.codes(field), query)
        return [
            Meaning(code=one.insee_code, label=one.name, detail=" ".join(one.postal_codes[:1]))
            for one in self._reference.communes.search(query, _COMMUNES)
        ]

    def code_label(self, field: str, code: str) -> str:
        """Return what a code is called."""
        if field != COMMUNE:
            return self._reference.vocabularies.label(CODED[field], code)
        try:
            return self._reference.communes.by_code(code).name
        except AppError:
            return code

    def said(self, field: str, codes: Sequence[str]) -> str:
        """Return what codes mean together."""
        return ", ".join(self.code_label(field, code) for code in codes) or NOT_KNOWN


def _fitting(every: Sequence[Meaning], query: str) -> Sequence[Meaning]:
    """Keep those in which every word typed begins a word, those that begin so first."""
    wanted = fold(query).split()

    def fits(one: Meaning) -> bool:
        words = fold(one.label).split()
        return all(any(word.startswith(each) for word in words) for each in wanted)

    found = [one for one in every if fits(one)]
    return sorted(found, key=lambda one: not fold(one.label).startswith(" ".join(wanted)))
