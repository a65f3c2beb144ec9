"""A situation in the words of the directory: what is said, what follows from it, what is unsaid."""

import datetime as dt
from dataclasses import dataclass

from app.domain.minors import MinorRule
from app.matching.situation import Situation
from app.reference.communes import Commune, Communes
from app.reference.matching_rules import MatchingRules
from app.reference.networks import OLDEST
from app.reference.vocabulary import Entry, Vocabularies


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A situation, understood.

    Attributes:
        situation: as it was given.
        origin: the commune of today where the person starts from.
        motives: those that say something, the main one first.
        statuses: the situation and its family; empty when nothing may be deduced from it.
        ages: the youngest and oldest they can be, None when nobody said.
        level: from 0 (no diploma) to 8, None when nobody said.
        languages: those that not every structure speaks.
        mode: the data·inclusion mode that a service must have, "" for any.
        audiences: the data·inclusion audiences that the person is one of.
        decided: the audiences of which it is known whether they are.
        areas: the codes of the areas where they live.
        first_network: the network that the law wants asked first, "" for none.
        may_be_counselled: does the situation give a right to the counselling of L.6111-6?
        is_public_agent: are they in public employment?
    """

    situation: Situation
    origin: Commune
    motives: tuple[str, ...]
    statuses: frozenset[str]
    ages: tuple[int, int] | None
    level: int | None
    languages: frozenset[str]
    mode: str
    audiences: frozenset[str]
    decided: frozenset[str]
    areas: frozenset[str]
    first_network: str
    may_be_counselled: bool
    is_public_agent: bool

    @property
    def day(self) -> dt.date:
        """The day asked for."""
        return self.situation.at.date()

    @property
    def disability(self) -> bool:
        """Was a disability stated?"""
        return self.situation.disability_stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What turns a situation into what is asked of the directory."""

    communes: Communes
    vocabularies: Vocabularies
    rules: MatchingRules
    minors: MinorRule

    def of(self, situation: Situation) -> Asked:
        """Understand a situation.

        Raises:
            UnknownCommuneError: its commune is in no table.
        """
        rules = self.rules
        origin = self.communes.by_code(situation.commune)
        motives = tuple(code for code in situation.motives if code not in rules.unsaid_motives)
        is_said = situation.status not in rules.unsaid_statuses
        status = self._entry("public_status", situation.status) if is_said else None
        ages = self._ages(situation)
        return Asked(
            situation=situation,
            origin=origin,
            motives=motives,
            statuses=_with_family(status),
            ages=ages,
            level=self._level(situation.level),
            languages=frozenset(situation.languages) - rules.spoken_by_all,
            mode=rules.modes.get(situation.mode, ""),
            audiences=self._audiences(situation, status, ages),
            decided=self._decided(status, ages),
            areas=_areas(origin) | rules.everywhere,
            first_network=self._first_network(situation.status, ages),
            may_be_counselled=situation.status not in rules.counselling.not_for
            or not rules.counselling.unless_motives.isdisjoint(motives),
            is_public_agent=situation.status in rules.counselling.public_agents,
        )

    def _entry(self, vocabulary: str, code: str) -> Entry | None:
        """Return a word, None for one that a newer version wrote."""
        entries = self.vocabularies.get(vocabulary).entries
        return next((entry for entry in entries if entry.code == code), None)

    def _ages(self, situation: Situation) -> tuple[int, int] | None:
        if situation.age is not None:
            return situation.age, situation.age
        band = self._entry("age_band", situation.age_band)
        return _bounds(band) if band is not None and band.attributes else None

    def _level(self, code: str) -> int | None:
        if code in self.rules.no_diploma:
            return 0
        entry = self._entry("training_level", code)
        level = entry.attributes.get("level") if entry is not None else None
        return level if isinstance(level, int) else None

    def _audiences(
        self, situation: Situation, status: Entry | None, ages: tuple[int, int] | None
    ) -> frozenset[str]:
        found = set(status.data_inclusion if status is not None else ())
        if situation.disability_stated:
            found |= self.rules.disability_audiences
        if ages is not None:
            for band in self.vocabularies.get("age_band").entries:
                youngest, oldest = _bounds(band)
                if band.attributes and youngest <= ages[1] and ages[0] <= oldest:
                    found.update(band.data_inclusion)
        return frozenset(found)

    def _decided(self, status: Entry | None, ages: tuple[int, int] | None) -> frozenset[str]:
        by_age = self._told_by("age_band")
        decided = set(self.rules.disability_audiences)
        if status is not None:
            decided |= self._told_by("public_status") - by_age
        if ages is not None:
            decided |= by_age
        return frozenset(decided)

    def _told_by(self, vocabulary: str) -> frozenset[str]:
        entries = self.vocabularies.get(vocabulary).entries
        return frozenset(code for entry in entries for code in entry.data_inclusion)

    def _first_network(self, status: str, ages: tuple[int, int] | None) -> str:
        """Return the network of the duty of training, when every age they can be owes it."""
        if ages is None:
            return ""
        youngest, oldest = (self.minors.goes_first_to(age, status) for age in ages)
        return youngest if youngest == oldest else ""


def _with_family(status: Entry | None) -> frozenset[str]:
    return frozenset() if status is None else frozenset(filter(None, (status.code, status.family)))


def _bounds(band: Entry) -> tuple[int, int]:
    first, last = band.attributes.get("age_from"), band.attributes.get("age_to")
    return (
        first if isinstance(first, int) else 0,
        last if isinstance(last, int) else OLDEST,
    )


def _areas(commune: Commune) -> frozenset[str]:
    """Return the codes by which data·inclusion may say that a service is for this commune."""
    codes = (commune.insee_code, *commune.former_codes, commune.department, commune.epci_code)
    return frozenset(filter(None, codes))
