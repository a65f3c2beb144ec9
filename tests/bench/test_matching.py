"""How long the choice of a partner takes over five thousand services, beside the least it could.

The services are those of the invented directory, scattered over every commune of the region. The
least is to measure the distance of each of them and to keep the three nearest, which answers
nothing else.
"""

import dataclasses
import datetime as dt
import gc
import heapq
import random
import statistics
import time
from collections.abc import Callable, Sequence

from app.matching.situation import Situation
from app.reference.directory import Directory, StructureEntry
from app.reference.distance import distance_km
from tests.bench.results import record
from tests.matching.world import COMMUNES, DIRECTORY, TUESDAY, VOCABULARIES, matcher

SERVICES = 5_000
QUESTIONS = 400
OFFICE = 12
"""Communes from which an office asks."""

LEAST_MS, MOST_MS = 0.0, 20.0
COMMAND = "make bench ARGS='-k matching'"

_FLOOR = "the three nearest, nothing else"

Lasted = tuple[float, float]
"""Milliseconds by the clock, and of the processor: nearer the truth on a shared machine."""


def test_matching() -> None:
    chance = random.Random(1)
    directory = scattered(chance)
    services = sum(len(one.services) for one in directory.all())
    started = time.thread_time()
    ready = matcher(directory)
    prepared_ms = (time.thread_time() - started) * 1000
    gc.collect()
    gc.freeze()  # in the program, the window's thread alone looks through what lasts
    office = chance.sample([commune.insee_code for commune in COMMUNES], OFFICE)
    questions = [situation(chance, chance.choice(office)) for _ in range(QUESTIONS)]
    anywhere = [commune.insee_code for commune in COMMUNES]
    scattered_questions = [situation(chance, chance.choice(anywhere)) for _ in range(QUESTIONS)]
    floor = nearest(directory)
    ways: dict[str, tuple[Callable[[Situation], object], Sequence[Situation]]] = {
        f"this choice, from the {OFFICE} communes of an office": (ready.match, questions),
        "this choice, from a new commune each time": (ready.match, scattered_questions),
        _FLOOR: (floor, scattered_questions),
    }
    rows = [["way", "p50, ms", "p95, ms", "longest, ms", "processor p50, p95"]]
    tails = {}
    for name, (answer, asked) in ways.items():
        times = [lasted(answer, one) for one in asked]
        rows.append([name, *spread(times)])
        tails[name] = cut([worked for _, worked in times], 95)
    note = (
        f"{services} services of {len(directory)} structures; making them ready, once for each"
        f" directory, takes {prepared_ms:.0f} ms of the processor. Each question is another one:"
        " motives, situation, age, distance, moment."
    )
    print(record(f"Choosing a partner among {SERVICES:,} services", COMMAND, rows, note=note))
    assert all(tail > LEAST_MS for tail in tails.values())
    assert all(tail <= MOST_MS for name, tail in tails.items() if name != _FLOOR)


def scattered(chance: random.Random) -> Directory:
    """Return the structures of the invented directory, repeated over the region."""
    places = list(COMMUNES)
    found: list[StructureEntry] = []
    services = 0
    while services < SERVICES:
        model = chance.choice(DIRECTORY.all())
        place, name = chance.choice(places), f"s{len(found):05}"
        areas = ((), (), (place.department,), (place.epci_code,), ("france",))
        own = tuple(
            dataclasses.replace(
                one,
                id=f"{name}-{number}",
                structure_id=name,
                commune_code=place.insee_code,
                area=chance.choice(areas),
                themes=tuple(chance.sample(one.themes, chance.randint(1, len(one.themes)))),
            )
            for number, one in enumerate(model.services)
        )
        checked_on = dt.date(2025, 3, 1) + dt.timedelta(days=chance.randrange(600))
        found.append(
            dataclasses.replace(
                model,
                id=name,
                commune_code=place.insee_code,
                checked_on=checked_on,
                services=own,
            )
        )
        services += max(1, len(own))
    return Directory(found)


def situation(chance: random.Random, commune: str) -> Situation:
    def some(vocabulary: str) -> str:
        return chance.choice(VOCABULARIES.get(vocabulary).codes())

    return Situation(
        commune=commune,
        at=TUESDAY + dt.timedelta(hours=chance.randrange(24 * 60)),
        motives=(some("request_motive"), some("request_motive")),
        purpose=some("purpose"),
        status=some("public_status"),
        age=chance.randint(14, 66),
        level=some("training_level"),
        executive=chance.choice((None, True, False)),
        can_travel_km=chance.choice((None, None, 10, 30)),
        mode=chance.choice(("", "", "sur_rdv", "telephone")),
    )


def nearest(directory: Directory) -> Callable[[Situation], object]:
    services = [
        (service.id, COMMUNES.by_code(service.commune_code or ""))
        for structure in directory.all()
        for service in structure.services
    ]

    def three(asked: Situation) -> object:
        here = COMMUNES.by_code(asked.commune)
        return heapq.nsmallest(3, ((distance_km(here, place).km, name) for name, place in services))

    return three


def lasted(answer: Callable[[Situation], object], asked: Situation) -> Lasted:
    started, worked = time.perf_counter(), time.thread_time()
    answer(asked)
    return 1000 * (time.perf_counter() - started), 1000 * (time.thread_time() - worked)


def spread(times: Sequence[Lasted]) -> tuple[str, ...]:
    whole, worked = zip(*times, strict=True)
    return (
        f"{cut(whole, 50):.1f}",
        f"{cut(whole, 95):.1f}",
        f"{max(whole):.1f}",
        f"{cut(worked, 50):.1f}, {cut(worked, 95):.1f}",
    )


def cut(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]
