"""People who come several times in one register: one file each, and nobody else's.

Two lines are of one person when their names are the same and a birth date, a telephone or an e-mail
is too. Files that were here before are left alone: likely doubles are proposed as always.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.domain.folding import fold_tokens
from app.domain.reception import SHORTEST_TELEPHONE, PersonDetails

_DETAILS = ("birth_name", "birth_on", "telephone", "email", "address", "commune")


@dataclass(slots=True)
class Someone:
    """One person of a register; each line says a little more, the last one wins."""

    details: PersonDetails

    def completed(self, said: PersonDetails) -> None:
        """Add what another line says."""
        more = {name: value for name in _DETAILS if (value := getattr(said, name))}
        self.details = replace(self.details, **more)


class People:
    """Everybody met so far."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, str], Someone] = {}

    def met(self, said: PersonDetails) -> Someone:
        """Return the person that a line speaks of, somebody new when none fits."""
        keys = list(_keys(said))
        known = next(
            (
                one
                for key in keys
                if (one := self._by_key.get(key)) is not None and _fits(one.details, said)
            ),
            None,
        )
        if known is None:
            known = Someone(said)
        else:
            known.completed(said)
        for key in keys:
            self._by_key.setdefault(key, known)
        return known


def _keys(said: PersonDetails) -> Iterable[tuple[str, str]]:
    names = " ".join(sorted(fold_tokens(f"{said.family_name} {said.given_name}")))
    if not names or not (said.family_name and said.given_name):
        return
    if said.birth_on:
        yield names, said.birth_on
    digits = "".join(sign for sign in said.telephone if sign.isdecimal())
    if len(digits) >= SHORTEST_TELEPHONE:
        yield names, digits[-9:]
    if "@" in said.email:
        yield names, said.email.casefold()


def _fits(known: PersonDetails, said: PersonDetails) -> bool:
    """Can two lines be of one person: nobody is born twice."""
    return not (known.birth_on and said.birth_on and known.birth_on != said.birth_on)
