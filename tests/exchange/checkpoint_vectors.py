"""The vector of a checkpoint's pieces: one chunk of two authors, and the manifest that lists it."""

import hashlib

from app.domain.identifiers import SubjectId, event_id
from app.store.log import digest_of
from sync.chunks import seal_chunk, seal_manifest
from sync.keys import HpkeKey, next_seed
from tests.exchange.event_forms import OTHER, OWN, SPACE, event_to_json
from tests.exchange.parties import epoch, machine_keys, octets
from tests.exchange.vector_events import RECEPTION, event, writes

CORRECTION = event(
    event_id(OTHER, 9),
    SubjectId(RECEPTION[0].id),
    "person",
    7,
    writes=writes(family_name="Exemplaire"),
)
ERASURE = event(event_id(OTHER, 10), SubjectId(event_id(OWN, 50)), "erase", 8)
SURVIVORS = [*RECEPTION, CORRECTION, ERASURE]


def next_key() -> dict:
    """The receivers of one machine, each of which follows from the one before."""
    machine = machine_keys("nord/1")
    key, seeds = machine.hpke, []
    for generation in (1, 2):
        seeds.append(next_seed(key, machine.id, generation))
        key = HpkeKey(seeds[-1])
    return {
        "machine": machine.id.hex(),
        "hpke_seed": machine.hpke.to_bytes().hex(),
        "next_seeds": [seed.hex() for seed in seeds],
        "last_public": key.public.hex(),
    }


def checkpoint_pieces() -> dict:
    own, salt = epoch(SPACE), octets("pieces/salt", 16)
    chunk = seal_chunk(own, SURVIVORS, {})
    manifest = seal_manifest(own, [chunk.entry], lambda _: salt)
    ordered = sorted(SURVIVORS, key=lambda one: one.id)
    digests = [digest_of(one) for one in ordered]
    survivors = b"deux-portes/survivors/1\0" + SPACE + b"".join(digests)
    return {
        "space": SPACE.hex(),
        "epoch_key": own.key.hex(),
        "events": [event_to_json(one) for one in ordered],
        "event_digests": [one.hex() for one in digests],
        "digest": hashlib.sha256(survivors).hexdigest(),
        "chunk": chunk.data.hex(),
        "chunk_name": chunk.entry.name.hex(),
        "key_and_nonce": chunk.entry.key.hex(),
        "content": chunk.entry.content.hex(),
        "manifest": manifest.hex(),
        "manifest_name": hashlib.sha256(manifest).hexdigest(),
    }
