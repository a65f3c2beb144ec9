"""Small inputs that would become large objects, each read by a process of its own, in little room.

`python -m tests.exchange.memory_cases` prints a JSON map: what became of each case. A case prepares
its input, then reads it with so many megabytes more than it has, and names how it was refused.
"""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cbor2
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from sync.bounded_json import MOST_VALUES
from sync.canonical import MAX_ITEMS, FormatError
from sync.carried_json import MAX_FILE_BYTES, Carried, read_carried_file
from sync.chunks import ChunkEntry, _manifest_key, open_chunk, open_manifest
from sync.columns import decode_events
from sync.dictionaries import shipped_dictionary
from sync.envelope import compress, decompress, pad, zstd
from sync.errors import SyncError
from sync.frames import FrameReader, StatementFrameReader, encode_statement_frames
from sync.pieces import CHUNK_MAGIC
from sync.relay_answers import read_names, read_offsets
from sync.stick.folder import StickFolder
from sync.stick.learning import StickFiles, with_believed
from sync.stick.manifest import (
    EVERYBODY,
    MAX_MANIFEST_BYTES,
    FileKind,
    StickFile,
    read_manifest,
)
from sync.stick.manifest import (
    MAX_FILE_BYTES as MOST_ON_STICK,
)
from tests.exchange.event_forms import OWN, SPACE
from tests.exchange.parties import epoch, octets
from tests.exchange.small_world import registry

ROOT = Path(__file__).parents[2]
MIB = 1_048_576

Read = Callable[[], object]


@dataclass(frozen=True)
class Case:
    """How to prepare an input, and in how many megabytes more it is to be read."""

    prepare: Callable[[], Read]
    mib: int


def packed(value: Any) -> bytes:
    """Canonical CBOR, written by a faster hand."""
    return cbor2.dumps(value, canonical=True)


def columns(values: Any, *, events: int = 1) -> bytes:
    """Columns of format 2 with one field, written by hand."""
    each = [1, 0] if events == 1 else [1, 1]
    return packed(
        {
            1: 2,
            2: events,
            3: each,
            4: [0, 0],
            5: [0, 0],
            6: [],
            7: [],
            8: 0,
            9: 0,
            10: ["a"],
            11: 0,
            12: [["k", 1, ["f"], []]],
            13: [[0, b"\0", b""]],
            14: 0,
            15: [values],
            16: b"",
            17: "",
        }
    )


def chunk(groups: int, data: bytes) -> Read:
    """A chunk of many authors, each with the same columns."""
    frame = compress(data, 1)
    listed = [[number.to_bytes(8, "big"), 1, frame] for number in range(1, groups + 1)]
    plain, key = pad(packed(listed)), octets("some key", 44)
    head = CHUNK_MAGIC + SPACE + key[32:]
    sealed = head + ChaCha20Poly1305(key[:32]).encrypt(key[32:], plain, head)
    content = hashlib.sha256(plain).digest()
    entry = ChunkEntry(name=bytes(32), key=key, content=content, size_bytes=len(sealed))
    assert len(sealed) < MIB
    return lambda: open_chunk(SPACE, entry, sealed)


def great_frame(dictionary: int) -> Read:
    """A frame of some kilobytes that holds half a gigabyte."""
    writer = zstd.ZstdCompressor(
        options={
            zstd.CompressionParameter.compression_level: 1,
            zstd.CompressionParameter.dict_id_flag: 0,
        },
        zstd_dict=shipped_dictionary(dictionary),
    )
    frame = b"".join(writer.compress(bytes(MIB)) for _ in range(512)) + writer.flush()
    assert len(frame) < MIB
    return lambda: decompress(frame, dictionary)


def checkpoint_manifest() -> Read:
    key = epoch(SPACE)
    head = b"DPM\x01" + SPACE + key.epoch + bytes(16)
    derived, nonce = _manifest_key(key.key, head)
    plain = pad(packed([1, [[]] * 500_000]))
    data = head + ChaCha20Poly1305(derived).encrypt(nonce, plain, head)
    return lambda: open_manifest(SPACE, key.key, data)


def stick_manifest(value: Any) -> Read:
    """A manifest, unsigned, of four megabytes of small things."""
    payload = {1: 1, 2: bytes(16), 3: bytes(16), 4: bytes(16), 5: bytes(8), 6: 1, 7: 1}
    data = packed([packed({**payload, 8: value, 9: {}}), bytes(64)])
    assert MAX_MANIFEST_BYTES // 2 < len(data) <= MAX_MANIFEST_BYTES
    return lambda: read_manifest(data)


def stick_of_garbage() -> Read:
    """A stick on which eighty megabytes of statements are for everybody."""
    folder = Path(tempfile.mkdtemp())
    (folder / "deux-portes" / "0").mkdir(parents=True)
    stick, files = StickFolder(folder), []
    for number in range(20):
        some = (bytes(60_000) + bytes([number, one]) for one in range(69))
        data = encode_statement_frames(some)
        assert len(data) <= MOST_ON_STICK
        digest = hashlib.sha256(data).digest()
        file = StickFile(
            kind=FileKind.STATEMENTS, audience=EVERYBODY, size=len(data), digest=digest
        )
        (folder / "deux-portes" / "0" / file.name).write_bytes(data)
        files.append(file)

    @dataclass
    class Found:
        manifest: Any
        folder: Path

    @dataclass
    class Listed:
        files: list[StickFile]

    found: Any = Found(manifest=Listed(files=files), folder=folder / "deux-portes" / "0")

    def read() -> object:
        came = StickFiles(stick).statements
        known = with_believed(registry(), lambda: came(found, FileKind.STATEMENTS, {EVERYBODY}))
        assert known.believed_statements() == []
        return None

    return read


def long_file() -> Read:
    path = Path(tempfile.mkdtemp()) / "long.json"
    with path.open("wb") as file:
        file.truncate(1_000 * MIB)
    return lambda: read_carried_file(path)


def first_columns(kind: str) -> bytes:
    """Columns of format 1: as many events as there may be, of one kind."""
    count = 4_096
    return packed(
        {
            1: 1,
            2: [1] * count,
            3: [0] * count,
            4: [0] * count,
            5: [],
            6: [],
            7: [0] * count,
            8: [0] * count,
            9: [[kind, 1]],
            10: [0] * count,
            11: ["a"],
            12: [0] * count,
            13: {},
            14: {},
        }
    )


def decoded(data: bytes) -> Read:
    return lambda: decode_events(SPACE, OWN, data)


def fed(reader: Any, data: bytes) -> Read:
    return lambda: sum(len(getattr(one, "data", one)) for one in reader.feed(data))


NAMES = b'{"names":[' + b"[]," * (20 * MIB) + b"[]]}"
OFFSETS = b'{"offsets":' + b'{"a":' * 12 * MIB

CASES: dict[str, Case] = {
    "chunk of many groups of many numbers": Case(
        lambda: chunk(4_000, columns([[5, 500_000, [7, 0]]])), 64
    ),
    "chunk of many groups of many values": Case(
        lambda: chunk(46, columns([[0, [[{}] * 350_000]]])), 200
    ),
    "chunk of many groups of many texts": Case(
        lambda: chunk(4_000, columns([[5, 4, [1, ["é" * 2_000], 0]]])), 64
    ),
    "frame of half a gigabyte": Case(lambda: great_frame(0), 96),
    "frame of half a gigabyte with a dictionary": Case(lambda: great_frame(1), 96),
    "checkpoint manifest of many things": Case(checkpoint_manifest, 100),
    "columns of as many maps as may be": Case(
        lambda: decoded(columns([[0, [[{}] * (MAX_ITEMS - 400)]]])), 400
    ),
    "columns of many sealed values": Case(
        lambda: decoded(
            columns([[0, [[cbor2.CBORTag(40_500, ["", bytes(8), bytes(12), b""])] * 100_000]]])
        ),
        300,
    ),
    "columns of too many numbers": Case(lambda: decoded(columns([[5, 2**40, [7, 0]]])), 32),
    "columns of long lists of lists": Case(
        lambda: decoded(columns([[5, 1_000, [5, 1_000, [5, 1_000, [7, 0]]]]])), 100
    ),
    "first columns of long names": Case(lambda: decoded(first_columns("k" * 8 * MIB)), 64),
    "stick manifest of many files": Case(lambda: stick_manifest([b"aa"] * 1_000_000), 150),
    "stick manifest of one file many times": Case(
        lambda: stick_manifest([[3, b"", 1, bytes(32)]] * 60_000), 200
    ),
    "stick of eighty megabytes": Case(stick_of_garbage, 72),
    "answer of many lists": Case(lambda: lambda: read_names(NAMES), 64),
    "answer of great depth": Case(lambda: lambda: read_offsets(OFFSETS), 64),
    "answer of as many values as may be": Case(
        lambda: lambda: read_names(b'{"names":[' + b'"",' * (MOST_VALUES - 4) + b'""]}'), 128
    ),
    "carried file of a gigabyte": Case(long_file, 64),
    "carried file of many lists": Case(
        lambda: (
            lambda: Carried.read(
                '{"a":[' + "[]," * 5_000_000 + "[]]}", "statements", most_chars=MAX_FILE_BYTES
            )
        ),
        64,
    ),
    "frames of nothing": Case(lambda: fed(FrameReader(), bytes(16 * MIB)), 32),
    "statements of one byte": Case(
        lambda: fed(StatementFrameReader(), b"\0\0\0\1a" * (MIB // 5)), 32
    ),
}


def outcome(case: Case) -> str:
    """Read the input of a case in its room; say what came of it."""
    import resource

    read = case.prepare()
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    room = pages * resource.getpagesize() + case.mib * MIB
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    try:
        read()
    except (FormatError, SyncError) as error:
        return error.code
    except MemoryError:
        return "no memory left"
    return "read"


def outcomes() -> Iterator[tuple[str, str]]:
    """Run each case in a process that is born of this one, and dies of it if it must."""
    for name, case in CASES.items():
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            os.write(writing, outcome(case).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as told:
            said = told.read().decode()
        os.waitpid(child, 0)
        yield name, said or "died"


if __name__ == "__main__":
    json.dump(dict(outcomes()), sys.stdout)
