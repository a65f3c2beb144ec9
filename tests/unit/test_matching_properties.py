"""What holds of every choice of a partner, whatever the situation and the directory."""

import dataclasses
import datetime as dt
import random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.matching.situation import Match, Situation, Standing
from app.reference.directory import Directory, ServiceEntry, StructureEntry
from app.reference.distance import distance_km
from tests.matching.world import (
    COMMUNES,
    DIRECTORY,
    MATCHER,
    NETWORKS,
    RULES,
    TUESDAY,
    VOCABULARIES,
    matcher,
)

PLACES = sorted(commune.insee_code for commune in COMMUNES)


def codes(vocabulary: str) -> st.SearchStrategy[str]:
    return st.sampled_from(VOCABULARIES.get(vocabulary).codes())


SITUATIONS = st.builds(
    Situation,
    commune=st.sampled_from(PLACES),
    at=st.integers(0, 24 * 400).map(lambda hours: TUESDAY + dt.timedelta(hours=hours)),
    motives=st.lists(codes("request_motive"), max_size=3, unique=True).map(tuple),
    purpose=st.just("") | codes("purpose"),
    status=st.just("") | codes("public_status"),
    age=st.none() | st.integers(0, 100),
    age_band=st.just("") | codes("age_band"),
    level=st.just("") | codes("training_level"),
    executive=st.sampled_from((None, True, False)),
    disability_stated=st.booleans(),
    languages=st.lists(codes("language"), max_size=2, unique=True).map(tuple),
    can_travel_km=st.none() | st.floats(0, 200),
    mode=st.just("") | codes("reception_mode"),
)


def told(match: Match) -> list[object]:
    """What an answer says, in an order that may be compared."""
    candidates = [one for one in (match.first, *match.fallbacks) if one is not None]
    return [
        *(
            (one.structure.id, one.service and one.service.id, one.standing, one.reasons)
            for one in candidates
        ),
        *((one.structure.id, one.reason) for one in match.set_aside),
    ]


def receives_everybody(structure: StructureEntry, asked: Situation) -> bool:
    """Does a structure surely receive anybody who asks this, by the plainest reading of rules?"""
    if structure.has_ended_on(asked.at.date()):
        return False
    network = NETWORKS.on(structure.network, asked.at.date())
    if network.needs or network.ages or network.counselling or not network.serves_public_agents:
        return False
    return any(
        (network.is_first_door or "tous-publics" in service.audiences)
        and not service.area
        and is_within_reach(structure, service, asked)
        for service in structure.services
    )


def is_within_reach(structure: StructureEntry, service: ServiceEntry, asked: Situation) -> bool:
    wanted = RULES.modes.get(asked.mode, "")
    if wanted and wanted not in service.reception_modes:
        return False
    if RULES.remote in service.reception_modes and wanted in {"", RULES.remote}:
        return True
    if asked.can_travel_km is None or structure.commune_code is None:
        return True
    here, there = COMMUNES.by_code(asked.commune), COMMUNES.by_code(structure.commune_code)
    return distance_km(here, there).km <= asked.can_travel_km


@given(SITUATIONS)
def test_somebody_is_proposed_while_somebody_receives_that_public_within_reach(asked):
    if any(receives_everybody(structure, asked) for structure in DIRECTORY.all()):
        assert MATCHER.match(asked).first is not None


@given(SITUATIONS)
def test_an_answer_is_one_first_choice_two_fallbacks_and_no_double(asked):
    match = MATCHER.match(asked)
    candidates = [one for one in (match.first, *match.fallbacks) if one is not None]
    names = [one.structure.id for one in candidates]
    names += [one.structure.id for one in match.set_aside]
    assert len(names) == len(set(names))
    assert len(match.fallbacks) <= 2
    assert len(match.set_aside) <= RULES.most["set_aside"]
    assert match.first is not None or not match.fallbacks
    assert all(one.reasons for one in candidates)
    ranks = [one.standing for one in candidates]
    assert max(ranks, default=None) == (ranks[0] if ranks else None)


@settings(max_examples=40)
@given(SITUATIONS, st.randoms(use_true_random=False))
def test_the_order_of_the_directory_changes_nothing(asked, chance):
    assert told(matcher(shuffled(chance)).match(asked)) == told(MATCHER.match(asked))


def shuffled(chance: random.Random) -> Directory:
    structures = [
        dataclasses.replace(one, services=tuple(chance.sample(one.services, len(one.services))))
        for one in DIRECTORY.all()
    ]
    chance.shuffle(structures)
    return Directory(structures)


@given(SITUATIONS, st.randoms(use_true_random=False))
def test_the_first_motive_said_commands_and_the_order_of_others_changes_nothing(asked, chance):
    # « Autre » says nothing: what comes after it is the first.
    main = [one for one in asked.motives if one not in RULES.unsaid_motives][:1]
    others = [one for one in asked.motives if one not in main]
    chance.shuffle(others)
    other = MATCHER.match(dataclasses.replace(asked, motives=(*main, *others)))
    names = [one.structure.id for one in (other.first, *other.fallbacks) if one is not None]
    match = MATCHER.match(asked)
    assert names == [one.structure.id for one in (match.first, *match.fallbacks) if one is not None]


LIMITS = st.lists(st.floats(0, 200), min_size=2, max_size=2).map(sorted)


@given(SITUATIONS, LIMITS)
def test_whoever_can_go_farther_is_never_worse_served(asked, limits):
    nearer, farther = (
        MATCHER.match(dataclasses.replace(asked, can_travel_km=limit)) for limit in limits
    )
    if nearer.first is not None:
        assert farther.first is not None
        assert farther.first.standing >= nearer.first.standing


@given(SITUATIONS, st.floats(0, 200))
def test_a_limit_said_is_kept_to_by_all_but_those_who_come_or_follow(asked, limit):
    match = MATCHER.match(dataclasses.replace(asked, can_travel_km=limit))
    for one in (match.first, *match.fallbacks):
        if one is not None and one.distance is not None and one.distance.km > limit:
            known = [str(reason.code) for reason in one.reasons]
            assert "remote" in known or "beyond_reach" in known
            assert "remote" in known or one.standing >= Standing.LEGAL_DUTY


@given(SITUATIONS, st.integers(1, 48), st.integers(0, 48))
def test_a_longer_moment_never_lowers_the_first_choice(asked, hours, more):
    ends = [asked.at + dt.timedelta(hours=span) for span in (hours, hours + more)]
    short, long = (MATCHER.match(dataclasses.replace(asked, until=end)) for end in ends)
    assert (short.first is None) is (long.first is None)
    if short.first is not None and long.first is not None:
        assert short.first.standing is long.first.standing


STRUCTURES = st.sampled_from(DIRECTORY.all())


@settings(max_examples=60)
@given(SITUATIONS, STRUCTURES, st.sampled_from(PLACES), st.sampled_from(PLACES))
def test_closer_never_ranks_lower(asked, structure, one_place, other_place):
    here = COMMUNES.by_code(asked.commune)
    one_km, other_km = (
        distance_km(here, COMMUNES.by_code(place)).km for place in (one_place, other_place)
    )
    assume(one_km != other_km)
    one, other = moved(structure, "x", one_place), moved(structure, "y", other_place)
    closer, farther = (one, other) if one_km < other_km else (other, one)
    assert_before(asked, structure, closer, farther)


@settings(max_examples=60)
@given(SITUATIONS, STRUCTURES, st.integers(0, 900), st.integers(0, 900))
def test_fresher_never_ranks_lower(asked, structure, one_age, other_age):
    today = asked.at.date()
    one, other = (
        checked(structure, name, today - dt.timedelta(days=days))
        for name, days in (("x", one_age), ("y", other_age))
    )
    # Equals are told apart by their names: the fresher one bears the name that comes first.
    assume(one_age < other_age)
    assert_before(asked, structure, one, other)


def assert_before(asked, structure, better, worse):
    """In the directory where two twins stand for a structure, the worse is never put before."""
    others = [one for one in DIRECTORY.all() if one is not structure]
    match = matcher(Directory([*others, worse, better])).match(asked)
    names = [one.structure.id for one in (match.first, *match.fallbacks) if one is not None]
    if worse.id in names:
        assert better.id in names
        assert names.index(better.id) < names.index(worse.id)


def renamed(structure: StructureEntry, name: str, **changes) -> StructureEntry:
    services = tuple(
        dataclasses.replace(
            one,
            id=f"{name}-{number}",
            structure_id=name,
            **{field: changes[field] for field in changes if hasattr(one, field)},
        )
        for number, one in enumerate(structure.services)
    )
    return dataclasses.replace(structure, id=name, services=services, **changes)


def moved(structure: StructureEntry, name: str, place: str) -> StructureEntry:
    return renamed(structure, name, commune_code=place, latitude=None, longitude=None)


def checked(structure: StructureEntry, name: str, on: dt.date) -> StructureEntry:
    return renamed(structure, name, checked_on=on)
