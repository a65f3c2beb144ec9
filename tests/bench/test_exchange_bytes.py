"""How many bytes records take on the wire, beside the same records as JSON in one zstd stream.

Ours are whole bundles as they leave: header, signature, padding and frame, in words on which the
shipped dictionary was not trained. Keys and what a referral adds are told apart.
"""

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.reception import Reception, WantedReferral
from app.usecases.receptions import record_reception
from docs.data.invented_receptions import InventedReceptions
from sync.frames import encode_frame
from sync.sealing import Sealing
from sync.statements import read_statement
from tests.bench.invented_days import InventedDay
from tests.bench.json_lines import json_line, stream_bytes, trained
from tests.bench.results import record
from tests.exchange.desks import Door, World, new_world, opened_copy, reference_data
from tests.fakes.clock import A_MORNING, TickingClock

pytestmark = pytest.mark.bench

LOTS = (1, 20, 1_000, 10_000)
TARGET = 0.6
OTHER_RECORDS = 5_000
SEED = 20_261_130
AUTHOR = "Banc (exemple)"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two structures that know each other, each with the keys of its own space."""
    world = new_world(tmp_path_factory.mktemp("bytes") / "world")
    for name in ("blanc", "chateauroux"):
        world.found(name)
        world.certify(name)
    for name in ("blanc", "chateauroux") * 2:
        world[name].exchange()
    world["blanc"].receive()
    world["blanc"].exchange()
    world.close()
    return world


@pytest.fixture
def world(template: World, tmp_path: Path) -> Iterator[World]:
    with opened_copy(template, tmp_path / "copy") as opened:
        yield opened


@pytest.fixture(scope="module")
def same_words() -> list:
    """Dictionaries that know every turn of phrase: the same generator, another seed."""
    return trained(_lines(_at_any_time(InventedDay(1).receptions(OTHER_RECORDS))))


@pytest.fixture(scope="module")
def other_words() -> list:
    """Dictionaries trained on the receptions on which our own was."""
    people = InventedReceptions(SEED, reference_data())
    receptions = (
        replace(people.next(A_MORNING, [""]), referral=None) for _ in range(OTHER_RECORDS)
    )
    return trained(_lines(_at_any_time(receptions)))


@pytest.mark.parametrize("count", LOTS)
def test_bytes_of_first_receptions(world, same_words, other_words, count):
    blanc = world["blanc"]
    lines = _lines(_receive(blanc, count))
    ours = _sealed_bytes(blanc)
    knows, strange = (stream_bytes(lines, one) for one in (same_words, other_words))
    plain = sum(len(line) + 1 for line in lines)
    rows = [
        ["", "bytes", "a record", "ours ÷ it"],
        _row("ours, as it leaves", ours, count, ours),
        _row("JSON lines, dictionary of the same turns of phrase", knows, count, ours),
        _row("JSON lines, dictionary of other phrases, as ours", strange, count, ours),
        _row("JSON lines, as they are", plain, count, ours),
    ]
    title = f"Bytes of {count:,} first receptions"
    print(record(title, "make bench ARGS='-k bytes'", rows, note=f"To reach: {TARGET} ×."))


def test_bytes_of_keys_and_of_referrals(template: World, tmp_path: Path) -> None:
    rows = [["lot", "sealed, alone", "sealed, each handed over", "a referral adds"]]
    for count in LOTS[:3]:
        alone, handed = (
            _sealed_of(template, tmp_path / f"{count}-{kind}", count, is_handed_over=kind == "to")
            for kind in ("alone", "to")
        )
        rows.append([f"{count:,}", str(alone), str(handed), f"{(handed - alone) / count:.0f}"])
    with opened_copy(template, tmp_path / "pair") as world:
        before = _statements(world)
        world["blanc"].receive(world["chateauroux"])
        world["blanc"].exchange()
        first = {name: data for name, data in _statements(world).items() if name not in before}
    everything = (*before.values(), *first.values())
    sizes = sorted({(read_statement(one).body.kind, len(one)) for one in everything})
    said = ", ".join(f"{kind} {size}" for kind, size in sizes)
    note = (
        f"Keys, apart: the first referral to a structure opens the space of the pair with"
        f" {len(first)} statements, {sum(map(len, first.values())):,} bytes, once. Each statement"
        f" there is, in bytes: {said}."
    )
    title = "Bytes of referrals, and of keys"
    print(record(title, "make bench ARGS='-k bytes'", rows, note=note))


def _sealed_of(template: World, folder: Path, count: int, *, is_handed_over: bool) -> int:
    with opened_copy(template, folder) as world:
        blanc, other = world["blanc"], world["chateauroux"]
        blanc.receive(other)
        blanc.exchange()
        to = WantedReferral(to=other.reference, agreement=True, handover="fiche_transmise")
        _receive(blanc, count, referral=to if is_handed_over else None)
        return _sealed_bytes(blanc)


def _receive(door: Door, count: int, **changes: Any) -> list[tuple[Reception, dt.datetime]]:
    day, clock, received = InventedDay(SEED + count), door.world.clock, []
    for reception in day.receptions(count):
        clock.tick(seconds=day.seconds_to_next())
        record_reception(door.desk, replace(reception, **changes))
        received.append((reception, clock.now()))
    return received


def _sealed_bytes(door: Door) -> int:
    Sealing(door.port, door.registry, door.keyring).seal_all()
    return sum(len(encode_frame(one.name, one.data)) for one in door.port.unsent())


def _lines(received: Iterable[tuple[Reception, dt.datetime]]) -> list[bytes]:
    draw = random.Random(SEED)
    return [json_line(reception, at, AUTHOR, draw) for reception, at in received]


def _at_any_time(receptions: Iterable[Reception]) -> list[tuple[Reception, dt.datetime]]:
    clock = TickingClock()
    received = []
    for reception in receptions:
        clock.tick(minutes=20)
        received.append((reception, clock.now()))
    return received


def _statements(world: World) -> dict[bytes, bytes]:
    return dict(world.relay.statements)


def _row(what: str, size: int, count: int, ours: int) -> list[str]:
    return [what, f"{size:,}", f"{size / count:.0f}", f"{ours / size:.2f}"]
