"""Trains the zstd dictionary of bundles on invented receptions, kept in `resources/dictionary`.

    python -m docs.data.train_dictionary --out resources/dictionary/1.zdict

The receptions go through the real use cases into a real workspace, whose events are written as the
columns of bundles of several sizes. The same script, vocabularies and release of zstd (1.5.7) give
the same bytes: what a workspace draws by chance is drawn again here from a seed.

A dictionary that was shipped is never trained again under its number: bundles sealed with it are
read for ever. After a change of the columns or of the trade, train the next number.
"""

import argparse
import dataclasses
import datetime as dt
import hashlib
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from app.domain.events import Event, SealedValue, Value
from app.domain.identifiers import (
    BundleName,
    EventId,
    Incarnation,
    StructureId,
    SubjectId,
    incarnation_of,
)
from app.domain.spaces import Space, pair_space, structure_space
from app.ports import PulledBundle, SealedBundle
from app.reference.communes import Communes
from app.reference.copying import read_templates
from app.reference.directory import read_directory
from app.reference.networks import Networks
from app.reference.rules import Rules
from app.reference.suggestions import MotiveSuggestions
from app.reference.vocabulary import Vocabularies
from app.store.sync_port import StoreSyncPort
from app.store.workspace import create_workspace
from app.usecases.desk import Desk, Reference, name_own_structure
from app.usecases.receptions import record_reception
from app.usecases.referrals import Answer, acknowledge_arrivals, answer_referral, list_referrals
from docs.data.invented_receptions import InventedReceptions
from resources import resource_path
from sync.columns import encode_events

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SEED: Final = 20_261_124
RECEPTIONS: Final = 3_000
DICTIONARY_BYTES: Final = 32_768
BUNDLE_SIZES: Final = (1, 4, 5, 20, 80, 200)
LEAST_STEP: Final = 20
PASSPHRASE: Final = "une phrase pour exemple"  # noqa: S105 - opens nothing that lasts
OWN: Final = "deux-portes-exemple/deux-portes-exemple--france-services-le-blanc"
OTHER: Final = "deux-portes-exemple/deux-portes-exemple--mission-locale-le-blanc"
START: Final = dt.datetime(2026, 1, 5, 8, 0, tzinfo=dt.UTC)


class InventedClock:
    """The clock of the invented office, moved from one visitor to the next."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> dt.datetime:
        """Return the invented present."""
        return self.moment


def main(arguments: Sequence[str] | None = None) -> int:
    """Train the dictionary, write it, say its size and SHA-256."""
    parser = argparse.ArgumentParser(description="Entraîne le dictionnaire zstd des paquets.")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    parser.add_argument("--bytes", type=int, default=DICTIONARY_BYTES, metavar="N")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        samples = invented_samples(Path(folder))
    trained = zstd.train_dict(samples, options.bytes)
    options.out.write_bytes(trained.dict_content)
    digest = hashlib.sha256(trained.dict_content).hexdigest()
    print(f"{len(samples)} bundles, {len(trained.dict_content)} bytes, SHA-256 {digest}")
    return 0


def invented_samples(folder: Path, receptions: int = RECEPTIONS) -> list[bytes]:
    """Return the columns of bundles as two invented offices would seal them."""
    clock, reference = InventedClock(), _reference()
    office = _desk(folder / "office", clock, reference, OWN)
    other = _desk(folder / "other", clock, reference, OTHER)
    people = InventedReceptions(SEED, reference)
    for _ in range(receptions):
        clock.moment += dt.timedelta(seconds=people.pause_s())
        record_reception(office, people.next(clock.moment, [OTHER]))
    handed_over = _pending(office, PAIR)
    batches = [*_in_bundles(_pending(office, structure_space(_structure(OWN))))]
    batches += _in_bundles(handed_over)
    _settle(other, handed_over)
    acknowledge_arrivals(other)
    _answer(other, people)
    batches += _in_bundles(_pending(other, PAIR))
    for desk in (office, other):
        desk.workspace.close()
    draw = random.Random(SEED)  # noqa: S311 - stands for what a workspace draws by chance
    return [_columns(batch, draw, people.author()) for batch in batches]


def _reference() -> Reference:
    return Reference(
        communes=Communes(resource_path("communes", "communes.csv")),
        vocabularies=Vocabularies(resource_path("vocabulary")),
        directory=read_directory(resource_path("starter", "practice_directory.json")),
        networks=Networks(resource_path("networks", "networks.json")),
        rules=Rules(resource_path("rules")),
        suggestions=MotiveSuggestions(resource_path("suggestions", "motives.json")),
        copying=read_templates(resource_path("copying", "templates.json")),
    )


def _structure(reference: str) -> StructureId:
    return StructureId(hashlib.sha256(reference.encode()).digest()[:16])


PAIR: Final = pair_space(_structure(OWN), _structure(OTHER))


def _desk(folder: Path, clock: InventedClock, reference: Reference, own: str) -> Desk:
    workspace, _ = create_workspace(
        folder, agent_name="Exemple", role="adviser", passphrase=PASSPHRASE
    )
    desk = Desk(workspace=workspace, clock=clock, reference=reference)
    name = reference.directory.by_reference(own).display_name
    name_own_structure(desk, structure=_structure(own), name=name, reference=own)
    taking_part = [(_structure(one), "Structure (exemple)", one) for one in (OWN, OTHER)]
    StoreSyncPort(workspace).note_structures(taking_part)
    return desk


def _pending(desk: Desk, space: Space) -> Sequence[Event]:
    return StoreSyncPort(desk.workspace).pending(space.id, limit=100 * RECEPTIONS)


def _in_bundles(events: Sequence[Event]) -> Iterator[Sequence[Event]]:
    """Cut events into bundles of every size; of the small ones, some here and there."""
    for size in BUNDLE_SIZES:
        for start in range(0, len(events), max(size, LEAST_STEP)):
            yield events[start : start + size]


def _settle(desk: Desk, events: Sequence[Event]) -> None:
    """Hand events over to the other office, as the exchange would."""
    bundle = SealedBundle(
        name=BundleName(bytes(32)),
        space=PAIR.id,
        incarnation=Incarnation(events[0].id[:8]),
        sequence=1,
        previous=b"",
        data=b"",
    )
    pulled = PulledBundle(
        bundle=bundle, space=PAIR, structure=_structure(OWN), events=tuple(events), seen={}
    )
    StoreSyncPort(desk.workspace).settle(pulled)


def _answer(desk: Desk, people: InventedReceptions) -> None:
    for place, line in enumerate(list_referrals(desk, "in")):
        accepted = Answer(status="acceptee")
        refused = Answer(status="refusee", reason=people.one_of("refusal_reason"))
        answer_referral(desk, line.referral, refused if place % 3 == 0 else accepted)


def _columns(events: Sequence[Event], draw: random.Random, author: str) -> bytes:
    """Write events as columns, with incarnations and sealed notes drawn from the seed."""
    names = [incarnation_of(name) for event in events for name in (event.id, event.subject)]
    drawn = {name: Incarnation(draw.randbytes(8)) for name in dict.fromkeys(names)}

    def renamed(name: bytes) -> bytes:
        known = drawn.get(Incarnation(name[:8]))
        return name if known is None else known + name[8:]

    def redrawn(value: Value) -> Value:
        if isinstance(value, SealedValue):
            return dataclasses.replace(
                value,
                key_id=draw.randbytes(len(value.key_id)),
                nonce=draw.randbytes(len(value.nonce)),
                ciphertext=draw.randbytes(len(value.ciphertext)),
            )
        return renamed(value) if isinstance(value, bytes) else value

    written = [
        dataclasses.replace(
            event,
            id=EventId(renamed(event.id)),
            subject=SubjectId(renamed(event.subject)),
            author=author,
            writes=tuple(
                write._replace(
                    value=redrawn(write.value),
                    replaces=tuple(EventId(renamed(name)) for name in write.replaces),
                )
                for write in event.writes
            ),
        )
        for event in events
    ]
    own = drawn[incarnation_of(events[0].id)]
    return encode_events(own, written)


if __name__ == "__main__":
    sys.exit(main())
