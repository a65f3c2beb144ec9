"""The small JSON files that people carry between the Region, its relay and the structures.

None holds a secret but the token of an invitation, which serves once. Reading one checks all that
the file alone allows: the proof of a request, the authority's signatures. Whether that authority
is the right one is for whoever compares its key with the region file got by hand.
"""

from dataclasses import dataclass
from typing import Any

from sync.canonical import Flaw, canonical
from sync.carried_json import Carried, CarriedFileError, base64_text, carried_text
from sync.keys import RelayKey, SigningKey, StructureRoot
from sync.statements import (
    JoinRequest,
    RelayCertificate,
    Statement,
    StructureCertificate,
    authority_id,
    fingerprint,
    machine_id,
    read_statement,
    structure_id,
    verify_signature,
    verify_statement,
)

_PROOF = b"deux-portes/ceremony-request/1\0"
_KEY_BYTES = 32
_IDENTIFIER_BYTES = 16
_SIGNATURE_BYTES = 64
_TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """What a desk gets once, by hand: whom to trust and where the relay is.

    `relay_url` and `relay_statement` are empty while the Region has no relay.
    """

    name: str
    authority_key: bytes
    relay_url: str = ""
    relay_statement: bytes = b""

    @property
    def authority(self) -> bytes:
        """The identifier of the authority."""
        return authority_id(self.authority_key)

    @property
    def relay_key(self) -> bytes:
        """The key of the certified relay, empty while there is none."""
        if not self.relay_statement:
            return b""
        return _relay_certificate(self).relay_key

    def to_json(self) -> str:
        """Write the region file."""
        return carried_text("region", _region_fields(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureRequest:
    """A structure asks the Region to certify its root; `directory` is its `source/id`, or ""."""

    root_key: bytes
    name: str
    directory: str
    proof: bytes

    @property
    def structure(self) -> bytes:
        """The identifier that the structure will have."""
        return structure_id(self.root_key)

    @property
    def spoken(self) -> str:
        """The code `XXXX-XXXX` that both sides read aloud, so that nobody swaps the file."""
        return fingerprint(self.root_key)

    def to_json(self) -> str:
        """Write the request file."""
        fields = {"root_key": self.root_key.hex(), "name": self.name, "directory": self.directory}
        return carried_text("structure-request", fields | {"proof": self.proof.hex()})


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayRequest:
    """A relay asks the Region to certify its key."""

    relay_key: bytes
    proof: bytes

    @property
    def spoken(self) -> str:
        """The code `XXXX-XXXX` that both sides read aloud, so that nobody swaps the file."""
        return fingerprint(self.relay_key)

    def to_json(self) -> str:
        """Write the request file."""
        fields = {"relay_key": self.relay_key.hex(), "proof": self.proof.hex()}
        return carried_text("relay-request", fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFile:
    """What the Region hands to a structure: its certificate, and the Region's own data."""

    region: Region
    statement: bytes
    certificate: StructureCertificate

    def to_json(self) -> str:
        """Write the certificate file."""
        fields = {"region": _region_fields(self.region), "statement": base64_text(self.statement)}
        return carried_text("structure-certificate", fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationFile:
    """What a structure hands to a new machine: whom to trust, whom to join, and a token.

    It carries no key of a space. `structure_statement` is the structure's certificate.
    """

    region: Region
    structure: bytes
    structure_statement: bytes
    token: bytes
    until_s: int

    def to_json(self) -> str:
        """Write the invitation file."""
        fields = {
            "region": _region_fields(self.region),
            "structure": self.structure.hex(),
            "structure_statement": base64_text(self.structure_statement),
            "token": self.token.hex(),
            "until": self.until_s,
        }
        return carried_text("invitation", fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRequestFile:
    """What the new machine gives back, when it cannot send it by the relay."""

    statement: bytes
    request: JoinRequest

    @property
    def spoken(self) -> str:
        """The code `XXXX-XXXX` that both sides read aloud before the machine is signed."""
        return fingerprint(self.statement)

    def to_json(self) -> str:
        """Write the request file."""
        return carried_text("join-request", {"statement": base64_text(self.statement)})


def structure_request(root: StructureRoot, *, name: str, directory: str = "") -> StructureRequest:
    """Make the request of a structure, with the proof that it holds its root key."""
    proof = _prove(root, "structure-request", root.public, name, directory)
    return StructureRequest(root_key=root.public, name=name, directory=directory, proof=proof)


def relay_request(key: RelayKey) -> RelayRequest:
    """Make the request of a relay, with the proof that it holds its key."""
    proof = _prove(key, "relay-request", key.public)
    return RelayRequest(relay_key=key.public, proof=proof)


def read_region(text: str) -> Region:
    """Read a region file, and check that its authority certified its relay.

    Raises:
        FormatError: `malformed`, `too_large` or `bad_signature`.
    """
    return _region(Carried.read(text, "region"))


def read_structure_request(text: str) -> StructureRequest:
    """Read the request of a structure, and check its proof.

    Raises:
        FormatError: `malformed`, `too_large` or `bad_signature`.
    """
    carried = Carried.read(text, "structure-request")
    request = StructureRequest(
        root_key=carried.octets("root_key", _KEY_BYTES),
        name=carried.text("name"),
        directory=carried.text("directory", may_be_empty=True),
        proof=carried.octets("proof", _SIGNATURE_BYTES),
    )
    rest = (request.root_key, request.name, request.directory)
    _check_proof(request.root_key, request.proof, "structure-request", *rest)
    return request


def read_relay_request(text: str) -> RelayRequest:
    """Read the request of a relay, and check its proof.

    Raises:
        FormatError: `malformed`, `too_large` or `bad_signature`.
    """
    carried = Carried.read(text, "relay-request")
    request = RelayRequest(
        relay_key=carried.octets("relay_key", _KEY_BYTES),
        proof=carried.octets("proof", _SIGNATURE_BYTES),
    )
    _check_proof(request.relay_key, request.proof, "relay-request", request.relay_key)
    return request


def read_certificate_file(text: str) -> CertificateFile:
    """Read a certificate, and check that the Region it names signed it.

    Raises:
        FormatError: `malformed`, `too_large`, `bad_signature` or `wrong_identifier`.
    """
    carried = Carried.read(text, "structure-certificate")
    region = _region(carried.inner("region"))
    statement = carried.base64("statement")
    certificate = _structure_certificate(region, statement)
    return CertificateFile(region=region, statement=statement, certificate=certificate)


def read_invitation_file(text: str) -> InvitationFile:
    """Read an invitation, and check that its Region certified the structure.

    Raises:
        FormatError: `malformed`, `too_large`, `bad_signature` or `wrong_identifier`.
    """
    carried = Carried.read(text, "invitation")
    region = _region(carried.inner("region"))
    statement = carried.base64("structure_statement")
    structure = carried.octets("structure", _IDENTIFIER_BYTES)
    if _structure_certificate(region, statement).structure != structure:
        raise CarriedFileError(Flaw.WRONG_IDENTIFIER)
    return InvitationFile(
        region=region,
        structure=structure,
        structure_statement=statement,
        token=carried.octets("token", _TOKEN_BYTES),
        until_s=carried.moment("until"),
    )


def read_join_request_file(text: str) -> JoinRequestFile:
    """Read the request of a new machine, and check that it holds the key it shows.

    Raises:
        FormatError: `malformed`, `too_large`, `bad_signature` or `wrong_identifier`.
    """
    data = Carried.read(text, "join-request").base64("statement")
    statement = read_statement(data)
    request = statement.body
    if not isinstance(request, JoinRequest):
        raise CarriedFileError(Flaw.MALFORMED)
    if request.machine != machine_id(request.sign, request.hpke):
        raise CarriedFileError(Flaw.WRONG_IDENTIFIER)
    verify_statement(statement, request.sign)
    return JoinRequestFile(statement=data, request=request)


def _region_fields(region: Region) -> dict[str, Any]:
    relay = {"url": region.relay_url, "statement": base64_text(region.relay_statement)}
    return {
        "region": region.name,
        "authority_key": region.authority_key.hex(),
        "relay": relay if region.relay_statement else None,
    }


def _region(carried: Carried) -> Region:
    name = carried.text("region")
    authority_key = carried.octets("authority_key", _KEY_BYTES)
    if carried.is_null("relay"):
        return Region(name=name, authority_key=authority_key)
    relay = carried.inner("relay")
    region = Region(
        name=name,
        authority_key=authority_key,
        relay_url=relay.text("url"),
        relay_statement=relay.base64("statement"),
    )
    if _relay_certificate(region).url != region.relay_url:
        raise CarriedFileError(Flaw.MALFORMED)
    return region


def _relay_certificate(region: Region) -> RelayCertificate:
    statement = read_statement(region.relay_statement)
    certificate = statement.body
    if not isinstance(certificate, RelayCertificate):
        raise CarriedFileError(Flaw.MALFORMED)
    _check_authority(region, certificate.authority, statement)
    return certificate


def _structure_certificate(region: Region, data: bytes) -> StructureCertificate:
    statement = read_statement(data)
    certificate = statement.body
    if not isinstance(certificate, StructureCertificate):
        raise CarriedFileError(Flaw.MALFORMED)
    _check_authority(region, certificate.authority, statement)
    if certificate.structure != structure_id(certificate.root_key):
        raise CarriedFileError(Flaw.WRONG_IDENTIFIER)
    return certificate


def _check_authority(region: Region, authority: bytes, statement: Statement) -> None:
    if authority != region.authority:
        raise CarriedFileError(Flaw.WRONG_IDENTIFIER)
    verify_statement(statement, region.authority_key)


def _prove(key: SigningKey, kind: str, *rest: str | bytes) -> bytes:
    return key.private_key.sign(_PROOF + canonical([kind, *rest]))


def _check_proof(key: bytes, proof: bytes, kind: str, *rest: str | bytes) -> None:
    verify_signature(key, proof, _PROOF + canonical([kind, *rest]))
