"""What the rows of a directory share, seen from one situation: networks, themes, audiences, places.

Each different value is looked at once here; `judging` then only looks numbers up.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import lru_cache
from typing import Final, TypeAlias

from app.domain.folding import fold
from app.matching.asked import Asked
from app.matching.index import Columns, Life, Subjects
from app.matching.reasons import ReasonCode
from app.reference.communes import Commune
from app.reference.distance import Distance, Measured, Place
from app.reference.matching_rules import MatchingRules
from app.reference.networks import DISABILITY, EXECUTIVE, Network, Networks
from app.reference.vocabulary import Vocabularies

ORIGINS_KEPT: Final = 64
"""Communes from which distances are kept."""

DistancesTo: TypeAlias = Sequence[Distance | None]
"""Distances by number of place, None for an unknown place."""


class Fit(IntEnum):
    """Is the person of those to whom a network or a service speaks first? Numbers index lists."""

    MATCH = 0
    EVERYBODY = 1
    SILENT = 2
    UNSAID = 3
    OTHER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkView:
    """A network as it stands on the day, for one situation.

    Attributes:
        network: the network.
        refusal: the rule that sets all its structures aside, None for none.
        answers: the motives asked for that it is competent for.
        fit: is the person of its public?
        worth: what all this is worth, in kilometres, other motives left out.
    """

    network: Network
    refusal: ReasonCode | None
    answers: frozenset[str]
    fit: Fit
    worth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """Every column, by number: what each value is for one situation.

    Attributes:
        networks: see `NetworkView`.
        motives: by what services are about, the motives asked for that it answers.
        fits: by list of audiences, whether the person is of them.
        in_area: by list of areas, whether the person lives there.
        modes: by list of modes, the modes.
        spoken: by list of languages, those that the person asked for.
        distances: by place, how far it is; None when the place is unknown.
        ended: by life, the refusal of a structure that is no longer there.
        belonging: by life, what being of the regional service that day is worth.
        freshness: by day of checking, what it is worth: nothing, or less.
    """

    networks: Sequence[NetworkView]
    motives: Sequence[frozenset[str]]
    fits: Sequence[Fit]
    in_area: Sequence[bool]
    modes: Sequence[frozenset[str]]
    spoken: Sequence[frozenset[str]]
    distances: DistancesTo
    ended: Sequence[ReasonCode | None]
    belonging: Sequence[float]
    freshness: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewing:
    """What it takes to look at a directory from a situation.

    `motives_of_theme`, `distances` and `languages` are made by functions below.
    """

    networks: Networks
    rules: MatchingRules
    motives_of_theme: Mapping[str, frozenset[str]]
    distances: Callable[[Commune], DistancesTo]
    languages: Sequence[frozenset[str]]

    def of(self, columns: Columns, asked: Asked) -> Views:
        """Look at every column."""
        wanted = frozenset(asked.motives)
        return Views(
            networks=[self._network(code, asked) for code in columns.networks],
            motives=[self._motives(one) & wanted for one in columns.subjects],
            fits=[fit_of(audiences, asked, self.rules) for audiences in columns.audiences],
            in_area=[not area or not asked.areas.isdisjoint(area) for area in columns.areas],
            modes=[frozenset(modes) for modes in columns.modes],
            spoken=[asked.languages & spoken for spoken in self.languages],
            distances=self.distances(asked.origin),
            ended=[_ended(life, asked.day) for life in columns.lives],
            belonging=[self._belonging(life, asked.day) for life in columns.lives],
            freshness=[self._freshness(checked_on, asked.day) for checked_on in columns.checked],
        )

    def _belonging(self, life: Life, day: date) -> float:
        is_member = life.member_from is not None and life.member_from <= day
        is_over = life.member_to is not None and life.member_to < day
        return self.rules.weights.member if is_member and not is_over else 0.0

    def _freshness(self, checked_on: date, day: date) -> float:
        stale = months_between(checked_on, day) - self.rules.fresh_months
        months = max(0, min(stale, self.rules.most["stale_months"]))
        return months * self.rules.weights.stale_month

    def _motives(self, subjects: Subjects) -> frozenset[str]:
        nothing: frozenset[str] = frozenset()
        answered = (self.motives_of_theme.get(theme, nothing) for theme in subjects.themes)
        return frozenset(subjects.motives).union(*answered)

    def _network(self, code: str, asked: Asked) -> NetworkView:
        network = self.networks.on(code, asked.day)
        answers = network.motives.intersection(asked.motives)
        fit = _fit_of_network(network, asked)
        return NetworkView(
            network=network,
            refusal=_refusal(network, asked),
            answers=answers,
            fit=fit,
            worth=self._worth(network, asked, fit),
        )

    def _worth(self, network: Network, asked: Asked, fit: Fit) -> float:
        weights = self.rules.weights
        main, level = asked.motives[:1], level_fit(network, asked)
        has_strict_ages = network.ages is not None and network.ages.strict
        return sum(
            weight
            for weight, holds in (
                (weights.motive_of_network, not network.motives.isdisjoint(main)),
                (weights.public_of_network, fit is Fit.MATCH),
                (weights.other_public_of_network, fit is Fit.OTHER),
                (weights.purpose, asked.situation.purpose in network.purposes),
                (weights.made_for, _is_made_for(network, asked, fit)),
                (weights.first_door, network.is_first_door),
                (weights.age_unsaid, has_strict_ages and asked.ages is None),
                (weights.level, level is Fit.MATCH),
                (weights.other_level, level is Fit.OTHER),
            )
            if holds
        )


def motives_by_theme(
    vocabularies: Vocabularies, themes: Iterable[str]
) -> dict[str, frozenset[str]]:
    """Return, for each theme of data·inclusion, the motives that it answers."""
    entries = vocabularies.get("request_motive").entries
    return {
        theme: frozenset(entry.code for entry in entries if entry.covers_theme(theme))
        for theme in themes
    }


def months_between(checked_on: date, day: date) -> int:
    """Return how many whole months lie between two days, negative when the first is later."""
    months = (day.year - checked_on.year) * 12 + day.month - checked_on.month
    return months - (day.day < checked_on.day)


def spoken_languages(
    lists: Iterable[Iterable[str]], vocabularies: Vocabularies
) -> list[frozenset[str]]:
    """Return the languages of each list as codes; publishers write French names as well."""
    entries = vocabularies.get("language").entries
    by_name = {fold(entry.label): entry.code for entry in entries}
    return [frozenset(by_name.get(fold(one), one) for one in languages) for languages in lists]


def distances_from(places: Iterable[Place | None]) -> Callable[[Commune], DistancesTo]:
    """Return what measures from a commune to every place; the last communes asked for are kept.

    An office asks for people of the same few communes.
    """
    kept = tuple(places)
    known = [number for number, place in enumerate(kept) if place is not None]
    measured = Measured([place for place in kept if place is not None])

    @lru_cache(maxsize=ORIGINS_KEPT)
    def distances(origin: Commune) -> DistancesTo:
        found: list[Distance | None] = [None] * len(kept)
        for number, distance in zip(known, measured.distances_from(origin), strict=True):
            found[number] = distance
        return found

    return distances


def fit_of(audiences: Sequence[str], asked: Asked, rules: MatchingRules) -> Fit:
    """Return whether a person is of a list of audiences, any of which is enough."""
    if not audiences:
        return Fit.SILENT
    if not rules.everybody.isdisjoint(audiences):
        return Fit.EVERYBODY
    if not asked.audiences.isdisjoint(audiences):
        return Fit.MATCH
    return Fit.OTHER if asked.decided.issuperset(audiences) else Fit.UNSAID


def level_fit(network: Network, asked: Asked) -> Fit:
    """Return whether a person is of the level of training that a network is made for."""
    first, last = network.levels
    if (first is None and last is None) or asked.level is None:
        return Fit.SILENT
    is_within = (first is None or first <= asked.level) and (last is None or asked.level <= last)
    return Fit.MATCH if is_within else Fit.OTHER


def is_of_age(network: Network, asked: Asked) -> bool | None:
    """Return whether a network receives that age; None when there is nothing to say of it."""
    if network.ages is None or asked.ages is None:
        return None
    youngest, oldest = asked.ages
    last = network.ages.last_for(disability=asked.disability)
    return oldest >= network.ages.first and youngest <= last


def _ended(life: Life, day: date) -> ReasonCode | None:
    is_over = life.ended_on is not None and life.ended_on <= day
    return ReasonCode.ENDED if is_over else None


def _fit_of_network(network: Network, asked: Asked) -> Fit:
    told: list[bool] = [True] if network.needs else []
    if network.publics and asked.statuses:
        is_theirs = not asked.statuses.isdisjoint(network.publics)
        told += [is_theirs] if is_theirs or not network.is_open else []
    age = is_of_age(network, asked)
    if age is not None and (network.ages is None or network.ages.strict or not age):
        told.append(age)
    if level_fit(network, asked) is Fit.OTHER:
        told.append(False)
    if not told:
        return Fit.SILENT
    return Fit.MATCH if all(told) else Fit.OTHER


def _is_made_for(network: Network, asked: Asked, fit: Fit) -> bool:
    """Was a network made for that need, that age, or the main motive alone?"""
    is_of_its_age = fit is Fit.MATCH and network.ages is not None and network.ages.strict
    main = asked.motives[:1]
    is_its_subject = network.is_specialist and not network.motives.isdisjoint(main)
    return bool(network.needs) or is_of_its_age or is_its_subject


def _refusal(network: Network, asked: Asked) -> ReasonCode | None:
    """Return the rule of the law by which a network does not receive somebody."""
    if network.ages is not None and network.ages.strict and is_of_age(network, asked) is False:
        return ReasonCode.AGE_OUTSIDE
    if EXECUTIVE in network.needs and not asked.situation.executive:
        is_unsaid = asked.situation.executive is None
        return ReasonCode.EXECUTIVE_UNSAID if is_unsaid else ReasonCode.NOT_EXECUTIVE
    if DISABILITY in network.needs and not asked.disability:
        return ReasonCode.DISABILITY_UNSAID
    if asked.is_public_agent and not network.serves_public_agents:
        return ReasonCode.PUBLIC_AGENT
    only_counsels = network.counselling is not None and network.counselling.only
    return ReasonCode.NO_COUNSELLING if only_counsels and not asked.may_be_counselled else None
