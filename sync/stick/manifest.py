"""What a machine says of the files it wrote on a stick, signed: `sync/PROTOCOL.md`, section 7.

Pure encode and decode. A manifest is `canonical CBOR [payload, signature]`; the name of a file
follows from its kind and digest alone, so that no manifest can point outside its own folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.canonical import Canonical, CanonicalError, Flaw, FormatError, canonical, read_canonical
from sync.statement_shapes import MAX_UINT, Members, Octets, Uint
from sync.statements import StatementError, verify_signature
from sync.wire import INCARNATION_BYTES, MAX_SEQUENCE, NAME_BYTES, SPACE_BYTES, space_name

FORMAT: Final = 1
MAX_MANIFEST_BYTES: Final = 4 * 1_048_576
MAX_FILE_BYTES: Final = 4 * 1_048_576
"""More than one file may hold: many bundles in one, and still read and hashed at once."""

EVERYBODY: Final = b""
"""The audience of what every certified machine of the Region may know."""

_DOMAIN: Final = b"deux-portes/stick/1\0"
_SIGNATURE_BYTES: Final = 64
_NAME_DIGITS: Final = 32
_IDENTIFIER: Final = Octets(16)
_AUDIENCES: Final = frozenset({0, 16})
_FORMAT_KEY: Final = 1
_KEYS: Final = tuple(range(1, 10))


class FileKind(IntEnum):
    """What a file of a stick holds."""

    STATEMENTS = 1
    RECEIPTS = 2
    BUNDLES = 3
    PIECES = 4


_WORDS: Final = {
    FileKind.STATEMENTS: ("statements", "dps"),
    FileKind.RECEIPTS: ("receipts", "dps"),
    FileKind.BUNDLES: ("bundles", "dpb"),
    FileKind.PIECES: ("pieces", "dpc"),
}


class ManifestError(FormatError):
    """Bytes are not a manifest, or nobody should believe it.

    Codes: `malformed`, `too_large`, `bad_signature`, `unknown_suite` (a later format).
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class StickFile:
    """One file: what it holds, for whom, how long it is, and its SHA-256.

    `audience` is a space, a structure, or `EVERYBODY`.
    """

    kind: FileKind
    audience: bytes
    size: int
    digest: bytes

    @property
    def name(self) -> str:
        """The name it bears, in lower case: sticks do not tell cases apart."""
        word, ending = _WORDS[self.kind]
        return f"{word}-{self.digest.hex()[:_NAME_DIGITS]}.{ending}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceHeld:
    """What the writer holds of a space.

    `head` and `head_name` are its own last bundle there (0 and empty before the first), of which
    the relay acknowledged all up to `acknowledged`; `seen` says, for each other incarnation, up to
    which sequence it holds every bundle.
    """

    kind: int
    members: tuple[bytes, ...]
    head: int
    head_name: bytes
    acknowledged: int
    seen: Mapping[bytes, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What one machine wrote on a stick, once.

    `number` grows with every manifest of that machine's workspace; `written_at_s` is information.
    """

    authority: bytes
    machine: bytes
    structure: bytes
    incarnation: bytes
    number: int
    written_at_s: int
    files: tuple[StickFile, ...]
    spaces: Mapping[bytes, SpaceHeld]

    def holds(self, space: bytes) -> dict[bytes, int]:
        """Return up to where the writer holds every bundle of a space, its own included."""
        held = self.spaces.get(space)
        if held is None:
            return {}
        return {**held.seen, self.incarnation: held.head}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedManifest:
    """A manifest as read: well formed, its signature still unchecked."""

    manifest: Manifest
    payload: bytes
    signature: bytes


def sign_manifest(manifest: Manifest, private_key: Ed25519PrivateKey) -> bytes:
    """Write and sign a manifest.

    Raises:
        ManifestError: `malformed` when a field has not its shape, `too_large`.
    """
    payload = canonical(_payload(manifest))
    data = canonical([payload, private_key.sign(_DOMAIN + payload)])
    read_manifest(data)
    return data


def read_manifest(data: bytes) -> SignedManifest:
    """Read a manifest without believing it: size, form, the shape of every field.

    Raises:
        ManifestError: `malformed`, `too_large`, or `unknown_suite` for a later format.
    """
    try:
        parts = read_canonical(data, MAX_MANIFEST_BYTES)
        if not isinstance(parts, tuple) or tuple(map(type, parts)) != (bytes, bytes):
            raise ManifestError(Flaw.MALFORMED)
        payload, signature = parts
        _check(len(signature) == _SIGNATURE_BYTES)
        fields = read_canonical(payload, MAX_MANIFEST_BYTES)
    except CanonicalError as error:
        raise ManifestError(Flaw(error.code)) from error
    return SignedManifest(manifest=_manifest(fields), payload=payload, signature=signature)


def verify_manifest(signed: SignedManifest, sign_public_key: bytes) -> None:
    """Check that the machine that holds this key wrote the manifest.

    Raises:
        ManifestError: `bad_signature`.
    """
    try:
        verify_signature(sign_public_key, signed.signature, _DOMAIN + signed.payload)
    except StatementError as error:
        raise ManifestError(Flaw.BAD_SIGNATURE) from error


def _payload(manifest: Manifest) -> dict[int, Any]:
    files = [(int(one.kind), one.audience, one.size, one.digest) for one in manifest.files]
    spaces = {
        name: (
            held.kind,
            held.members,
            held.head,
            held.head_name,
            held.acknowledged,
            held.seen,
        )
        for name, held in manifest.spaces.items()
    }
    return {
        _FORMAT_KEY: FORMAT,
        2: manifest.authority,
        3: manifest.machine,
        4: manifest.structure,
        5: manifest.incarnation,
        6: manifest.number,
        7: manifest.written_at_s,
        8: files,
        9: spaces,
    }


def _manifest(fields: Canonical) -> Manifest:
    if not isinstance(fields, dict) or not Uint(least=1).accepts(fields.get(_FORMAT_KEY)):
        raise ManifestError(Flaw.MALFORMED)
    if fields[_FORMAT_KEY] != FORMAT:
        raise ManifestError(Flaw.UNKNOWN_SUITE)
    _check(tuple(fields) == _KEYS)
    names = [fields[key] for key in (2, 3, 4)]
    _check(all(map(_IDENTIFIER.accepts, names)))
    _check(Octets(INCARNATION_BYTES).accepts(fields[5]))
    _check(Uint(least=1).accepts(fields[6]) and Uint().accepts(fields[7]))
    _check(isinstance(fields[8], tuple) and isinstance(fields[9], dict))
    files = tuple(map(_file, fields[8]))
    _check(len({file.name for file in files}) == len(files))
    return Manifest(
        authority=names[0],
        machine=names[1],
        structure=names[2],
        incarnation=fields[5],
        number=fields[6],
        written_at_s=fields[7],
        files=files,
        spaces={name: _space(name, held) for name, held in fields[9].items()},
    )


def _file(entry: Canonical) -> StickFile:
    kind, audience, size, digest = _entry(entry, 4)
    _check(Uint(least=1, most=len(FileKind)).accepts(kind))
    _check(isinstance(audience, bytes) and len(audience) in _AUDIENCES)
    _check(Uint(least=1, most=MAX_FILE_BYTES).accepts(size))
    _check(Octets(NAME_BYTES).accepts(digest))
    return StickFile(kind=FileKind(kind), audience=audience, size=size, digest=digest)


def _space(name: Any, entry: Canonical) -> SpaceHeld:
    kind, members, head, head_name, acknowledged, seen = _entry(entry, 6)
    sequence = Uint(most=MAX_SEQUENCE)
    _check(Octets(SPACE_BYTES).accepts(name) and Uint(most=255).accepts(kind))
    _check(Members().accepts(members) and name == space_name(kind, members))
    _check(sequence.accepts(head) and Uint(most=MAX_UINT).accepts(acknowledged))
    _check(acknowledged <= head)
    _check(Octets(NAME_BYTES if head else 0, most=0).accepts(head_name))
    _check(isinstance(seen, dict))
    incarnation = Octets(INCARNATION_BYTES)
    _check(all(incarnation.accepts(one) and sequence.accepts(seen[one]) for one in seen))
    return SpaceHeld(
        kind=kind,
        members=members,
        head=head,
        head_name=head_name,
        acknowledged=acknowledged,
        seen=seen,
    )


def _entry(entry: Canonical, length: int) -> tuple[Any, ...]:
    if not isinstance(entry, tuple) or len(entry) != length:
        raise ManifestError(Flaw.MALFORMED)
    return entry


def _check(holds: bool) -> None:  # noqa: FBT001 - reads as a sentence at every call
    if not holds:
        raise ManifestError(Flaw.MALFORMED)
