"""Who agrees when the person is young, by ages held as data; nothing goes to a parent unasked."""

import datetime as dt
from dataclasses import dataclass

PERSON = "personne"
REPRESENTATIVE = "representant"
TOGETHER = "ensemble"


@dataclass(frozen=True, slots=True, kw_only=True)
class MinorRule:
    """The ages that count, in years.

    Attributes:
        of_age_at: from when nobody else agrees.
        agrees_alone_from: from when a minor may agree alone; before, a representative does, with
            the minor or for them.
        training_duty_from: from when, and until coming of age, the law wants everybody in school,
            training, work or service (code de l'éducation, article L.114-1).
        without_activity: the situations in which somebody of that age is proposed the first network
            first.
        first_network: that network.
    """

    of_age_at: int = 18
    agrees_alone_from: int = 15
    training_duty_from: int = 16
    without_activity: tuple[str, ...] = ()
    first_network: str = ""

    def is_minor(self, age: int | None) -> bool:
        """Is somebody of that age a minor? Of an unknown age: nobody says so."""
        return age is not None and age < self.of_age_at

    def who_may_agree(self, age: int | None) -> tuple[str, ...]:
        """Return who may agree for somebody of that age, the most usual first."""
        if not self.is_minor(age):
            return (PERSON,)
        if age is not None and age >= self.agrees_alone_from:
            return (PERSON, TOGETHER, REPRESENTATIVE)
        return (TOGETHER, REPRESENTATIVE)

    def goes_first_to(self, age: int | None, status: str) -> str:
        """Return the network to propose first for the duty of training, "" when none is."""
        is_concerned = age is not None and self.training_duty_from <= age < self.of_age_at
        return self.first_network if is_concerned and status in self.without_activity else ""


def age_on(born: dt.date, day: dt.date) -> int:
    """Return the age in whole years on a day; somebody of 29 February grows older on 1 March."""
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (not had_birthday)
