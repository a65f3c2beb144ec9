"""The rules and weights by which a partner is chosen, read from `resources/rules/matching.json`.

Each weight is in kilometres: how much farther one would go for it. The Region may change any of
them without a release.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each thing is worth, in kilometres; what puts somebody further back is negative.

    Attributes:
        motive_of_service, motive_of_network: the main motive is a theme of the service, or what the
            network is competent for.
        service_unsaid: the directory knows no service, and the network answers the main motive.
        other_motive: each other motive, of either.
        public_of_network, public_of_service: it speaks first to people in that situation.
        other_public_of_network, other_public_of_service: it speaks first to others.
        everybody: the service says that it receives everybody.
        unsaid_public_of_service: it speaks to people of whom nobody said whether this is one.
        made_for: the network is made for a need that was stated, that age or the main motive alone.
        first_door: the network receives anybody.
        age_unsaid: the network receives some ages only, and nobody said how old the person is.
        purpose, level, other_level, language: the aim, the level, a language asked for.
        member: it belongs to the regional service that day.
        open_at, opens_soon: it is open at the moment asked for, or will be within days.
        paid: the service is not free.
        waiting_week: each week of wait, when it is declared.
        stale_month: each month beyond those in which an entry is fresh.
    """

    motive_of_service: float
    motive_of_network: float
    service_unsaid: float
    other_motive: float
    public_of_network: float
    other_public_of_network: float
    public_of_service: float
    everybody: float
    unsaid_public_of_service: float
    other_public_of_service: float
    made_for: float
    first_door: float
    age_unsaid: float
    purpose: float
    level: float
    other_level: float
    language: float
    member: float
    open_at: float
    opens_soon: float
    paid: float
    waiting_week: float
    stale_month: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CounsellingRule:
    """Who may have the « conseil en évolution professionnelle » (code du travail, L.6111-6).

    Attributes:
        not_for: situations that do not give a right to it by themselves.
        unless_motives: motives that show that somebody seeks work, who then may have it.
        public_agents: situations of public employment.
        service_words: folded words by which the name of a service says that it is this counselling.
    """

    not_for: frozenset[str]
    unless_motives: frozenset[str]
    public_agents: frozenset[str]
    service_words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingRules:
    """Everything that may be changed in how a partner is chosen.

    Attributes:
        version: of the file.
        weights: what each thing is worth.
        most: the most that is counted or told of `other_motives`, `waiting_weeks`, `stale_months`,
            `fallbacks`, `set_aside`.
        kinds_km: by kind of service of data·inclusion, what it is worth: the second door counsels
            and accompanies.
        least_fallback_km: a near fallback worth less than this is not proposed.
        usual_reach_km: how far people go when they said nothing of it.
        remote_counts_as_km: a service given at a distance counts as being about this far at most.
        remote_share: what part of the kilometres beyond still counts for it.
        opens_soon_days: within how many days an opening is soon.
        fresh_months: an entry checked longer ago is to be checked again.
        counselling: who may have the counselling of the law.
        unsaid_statuses, unsaid_motives: codes of the vocabularies that say nothing, and those from
            which nothing may be deduced.
        no_diploma: codes of `training_level` that stand below every level.
        everybody: data·inclusion audiences that name everybody.
        disability_audiences: data·inclusion audiences of those who stated a disability.
        everywhere: data·inclusion areas that hold every commune.
        spoken_by_all: languages that every structure speaks.
        modes: by mode of reception, the data·inclusion mode that it asks of a service.
        remote: the data·inclusion mode of what is given at a distance.
    """

    version: str
    weights: Weights
    most: Mapping[str, int]
    kinds_km: Mapping[str, float]
    least_fallback_km: float
    usual_reach_km: float
    remote_counts_as_km: float
    remote_share: float
    opens_soon_days: int
    fresh_months: int
    counselling: CounsellingRule
    unsaid_statuses: frozenset[str]
    unsaid_motives: frozenset[str]
    no_diploma: frozenset[str]
    everybody: frozenset[str]
    disability_audiences: frozenset[str]
    everywhere: frozenset[str]
    spoken_by_all: frozenset[str]
    modes: Mapping[str, str]
    remote: str


def read_matching_rules(path: Path) -> MatchingRules:
    """Read the rules from their file."""
    content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    cep = content["cep"]
    return MatchingRules(
        version=content["version"],
        weights=Weights(**content["weights_km"]),
        most=content["most"],
        kinds_km=content["kinds_km"],
        least_fallback_km=content["least_fallback_km"],
        usual_reach_km=content["usual_reach_km"],
        remote_counts_as_km=content["remote_counts_as_km"],
        remote_share=content["remote_share"],
        opens_soon_days=content["opens_soon_days"],
        fresh_months=content["fresh_months"],
        counselling=CounsellingRule(
            not_for=frozenset(cep["not_for"]),
            unless_motives=frozenset(cep["unless_motives"]),
            public_agents=frozenset(cep["public_agents"]),
            service_words=tuple(cep["service_words"]),
        ),
        unsaid_statuses=frozenset(content["unsaid_statuses"]),
        unsaid_motives=frozenset(content["unsaid_motives"]),
        no_diploma=frozenset(content["no_diploma"]),
        everybody=frozenset(content["everybody"]),
        disability_audiences=frozenset(content["disability_audiences"]),
        everywhere=frozenset(content["everywhere"]),
        spoken_by_all=frozenset(content["spoken_by_all"]),
        modes=content["modes"],
        remote=content["remote"],
    )
