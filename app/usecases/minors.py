"""What the rule of the young says of a reception: who agrees, and where the law looks first."""

import datetime as dt
from dataclasses import dataclass

from app.domain.minors import age_on
from app.domain.reception import PersonDetails, Reception
from app.usecases.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class YoungAdvice:
    """Who may agree, codes of `agreed_by`; the network to propose first, "" when none is."""

    is_minor: bool
    who_may_agree: tuple[str, ...]
    first_network: str


def young_advice(
    desk: Desk, reception: Reception, person: PersonDetails | None = None
) -> YoungAdvice:
    """Return what the rule says for the age that a reception gives.

    Args:
        desk: where.
        reception: what is said on the page.
        person: what is known of the person, when the reception names a file.
    """
    rule, age = desk.reference.rules.minors, _age(desk, reception, person)
    return YoungAdvice(
        is_minor=rule.is_minor(age),
        who_may_agree=rule.who_may_agree(age),
        first_network=rule.goes_first_to(age, reception.status),
    )


def _age(desk: Desk, reception: Reception, person: PersonDetails | None) -> int | None:
    """Return the age by the date of birth, or the least of the band that was said."""
    who = person or reception.person
    if who is not None and who.birth_on:
        return age_on(dt.date.fromisoformat(who.birth_on), desk.now().astimezone().date())
    if not reception.age_band:
        return None
    band = desk.reference.vocabularies.check("age_band", reception.age_band).attributes
    if "age_from" not in band and "age_to" not in band:
        return None
    least = band.get("age_from", 0)
    return least if isinstance(least, int) else None
