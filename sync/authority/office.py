"""The authority's folder: its key, its public data, and the journal of what it certified.

The folder holds `authority.json` (public), `key.json` (the private key under a passphrase) and
`journal.jsonl` (public): every certificate issued, in order. The same request gets the same
certificate again, so that a file lost on its way is no matter.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from sync.authority.folder_files import read_journal, read_text, write_text
from sync.authority.locked_key import Cost, lock_key, unlock_key
from sync.authority.refusals import (
    AuthorityExistsError,
    AuthorityMissingError,
    DirectoryTakenError,
    FileMissingError,
    StructureRevokedError,
    UnknownStructureError,
    UnreadableFileError,
    WrongAddressError,
    WrongNameError,
)
from sync.canonical import FormatError, canonical
from sync.carried_json import Carried, base64_text, carried_line
from sync.ceremony_files import (
    CertificateFile,
    Region,
    RelayRequest,
    StructureRequest,
    read_region,
)
from sync.keys import AuthorityKey
from sync.statement_bodies import AcceptedHead
from sync.statements import (
    RelayCertificate,
    Revocation,
    StructureCertificate,
    fingerprint,
    read_statement,
    relay_id,
    sign_statement,
    verify_statement,
)

Certificate: TypeAlias = RelayCertificate | StructureCertificate | Revocation
Unlock: TypeAlias = Callable[[], AuthorityKey]
"""Asks for the passphrase, and gives the key: called only when something has to be signed."""

YEAR_S = 31_557_600

_AUTHORITY, _KEY, _JOURNAL = "authority.json", "key.json", "journal.jsonl"
_LONGEST_TEXT = 400
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A certificate of the journal, or a removal.

    `is_new` is false when the same request had it already.
    """

    request: bytes
    statement: bytes
    certificate: Certificate
    is_new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """From when and how long a certificate stands, and what the person at the keys decided."""

    now_s: int
    years: int = 5
    renew: bool = False
    replace_root: bool = False


class Office:
    """One authority's folder, opened. It keeps no private key between two signatures."""

    def __init__(self, folder: Path) -> None:
        """Read the folder.

        Raises:
            AuthorityMissingError: there is no authority in it.
            UnreadableFileError: a file of it is damaged.
        """
        self._folder = folder
        try:
            text = read_text(folder / _AUTHORITY)
        except FileMissingError as error:
            raise AuthorityMissingError(path=str(folder)) from error
        try:
            self._region = read_region(text)
        except FormatError as error:
            raise UnreadableFileError(path=_AUTHORITY) from error
        self.issued = self._read_journal()

    @classmethod
    def found(cls, folder: Path, name: str, passphrase: str, cost: Cost) -> "Office":
        """Make the authority of a Region: its key, locked, and its public data.

        Raises:
            AuthorityExistsError: the folder has one.
            WeakPassphraseError: the passphrase is too short.
            WrongNameError: the Region's name is empty or endless.
        """
        if not 0 < len(name.strip()) <= _LONGEST_TEXT:
            raise WrongNameError
        if (folder / _AUTHORITY).exists():
            raise AuthorityExistsError(path=str(folder))
        key = AuthorityKey.generate()
        locked = lock_key(key, passphrase, cost)
        # The public file comes last: without it, the key was never used.
        write_text(folder / _KEY, locked, mode=0o600)
        write_text(folder / _AUTHORITY, Region(name=name, authority_key=key.public).to_json())
        return cls(folder)

    @property
    def region(self) -> Region:
        """The Region's public data, with the relay certified last that still serves."""
        for issued in reversed(self.issued):
            body = issued.certificate
            if isinstance(body, RelayCertificate) and relay_id(body.relay_key) not in self.revoked:
                return Region(
                    name=self._region.name,
                    authority_key=self._region.authority_key,
                    relay_url=body.url,
                    relay_statement=issued.statement,
                )
        return self._region

    def unlock(self, passphrase: str) -> AuthorityKey:
        """Open the authority's key.

        Raises:
            WrongPassphraseError: the passphrase does not open it.
            UnreadableFileError: the file is damaged, or is another authority's.
        """
        key = unlock_key(read_text(self._folder / _KEY), passphrase)
        if key.public != self._region.authority_key:
            raise UnreadableFileError(path=_KEY)
        return key

    def certify_relay(self, request: RelayRequest, url: str, unlock: Unlock) -> Issued:
        """Certify a relay at its address, or give again what was issued for both.

        Raises:
            WrongAddressError: the address is neither https nor on this machine.
        """
        body = RelayCertificate(
            authority=self._region.authority,
            relay_key=request.relay_key,
            url=_address(url),
        )
        asked = _digest("relay", request.relay_key, body.url)
        return self._known(asked) or self._issue(asked, body, unlock())

    def certify_structure(self, request: StructureRequest, terms: Terms, unlock: Unlock) -> Issued:
        """Certify the root of a structure, or give again the certificate that still stands.

        Raises:
            DirectoryTakenError: another root stands for that structure of the directory.
            StructureRevokedError: the Region removed that root.
        """
        if request.structure in self.revoked:
            raise StructureRevokedError(name=request.name)
        asked = _digest("structure", request.root_key, request.name, request.directory)
        known = self._known(asked)
        if known and not terms.renew and _stands(known.certificate, terms.now_s):
            return known
        self._check_directory(request, terms)
        body = StructureCertificate(
            authority=self._region.authority,
            structure=request.structure,
            root_key=request.root_key,
            name=request.name,
            directory=request.directory,
            from_s=terms.now_s,
            until_s=terms.now_s + terms.years * YEAR_S,
        )
        return self._issue(asked, body, unlock())

    @property
    def revoked(self) -> frozenset[bytes]:
        """The structures and machines that this authority removed."""
        removals = (issued.certificate for issued in self.issued)
        return frozenset(body.target for body in removals if isinstance(body, Revocation))

    def structure_named(self, named: str) -> StructureCertificate:
        """Return the structure that bears an identifier, a code or a reference of the directory.

        Raises:
            UnknownStructureError: none does.
        """
        for issued in reversed(self.issued):
            body = issued.certificate
            if isinstance(body, StructureCertificate) and named.strip() in {
                body.structure.hex(),
                fingerprint(body.root_key),
                body.directory or body.structure.hex(),
            }:
                return body
        raise UnknownStructureError(named=named[:80])

    def relay_named(self, named: str) -> RelayCertificate:
        """Return the relay that bears an address or a code.

        Raises:
            UnknownStructureError: none does.
        """
        for issued in reversed(self.issued):
            body = issued.certificate
            if isinstance(body, RelayCertificate) and named.strip() in {
                body.url,
                fingerprint(body.relay_key),
            }:
                return body
        raise UnknownStructureError(named=named[:80])

    def revoke(
        self, target: bytes, accepted: Sequence[AcceptedHead], now_s: int, unlock: Unlock
    ) -> Issued:
        """Remove a machine or a structure; of what it wrote, these heads stay accepted.

        A later removal of the same one counts over the former: it can accept more.
        """
        asked = _digest("revocation", target, canonical(accepted))
        known = self._known(asked)
        if known:
            return known
        after_s = [
            issued.certificate.at_s + 1
            for issued in self.issued
            if isinstance(issued.certificate, Revocation) and issued.certificate.target == target
        ]
        body = Revocation(target=target, at_s=max([now_s, *after_s]), accepted=tuple(accepted))
        return self._issue(asked, body, unlock())

    def certificate_file(self, issued: Issued) -> CertificateFile:
        """Return what to hand to a structure just certified."""
        certificate = issued.certificate
        if not isinstance(certificate, StructureCertificate):
            raise TypeError(certificate)
        return CertificateFile(
            region=self.region,
            statement=issued.statement,
            certificate=certificate,
        )

    def _check_directory(self, request: StructureRequest, terms: Terms) -> None:
        if not request.directory or terms.replace_root:
            return
        for issued in self.issued:
            other = issued.certificate
            if not isinstance(other, StructureCertificate) or not _stands(other, terms.now_s):
                continue
            if other.structure in self.revoked:
                continue
            if other.directory == request.directory and other.root_key != request.root_key:
                raise DirectoryTakenError(name=other.name, directory=other.directory)

    def _known(self, asked: bytes) -> Issued | None:
        found = (issued for issued in reversed(self.issued) if issued.request == asked)
        return next(found, None)

    def _issue(self, asked: bytes, body: Certificate, key: AuthorityKey) -> Issued:
        issued = Issued(
            request=asked,
            statement=sign_statement(body, key.private_key),
            certificate=body,
            is_new=True,
        )
        journal = (*self.issued, issued)
        write_text(self._folder / _JOURNAL, "".join(map(_journal_line, journal)))
        self.issued = journal
        return issued

    def _read_journal(self) -> tuple[Issued, ...]:
        try:
            lines = read_journal(self._folder / _JOURNAL).splitlines()
        except FileMissingError:
            return ()
        try:
            return tuple(map(self._read_line, lines))
        except FormatError as error:
            raise UnreadableFileError(path=_JOURNAL) from error

    def _read_line(self, line: str) -> Issued:
        carried = Carried.read(line, "issued")
        statement = read_statement(carried.base64("statement"))
        verify_statement(statement, self._region.authority_key)
        if not isinstance(statement.body, Certificate):
            raise UnreadableFileError(path=_JOURNAL)
        return Issued(
            request=carried.octets("request", hashlib.sha256().digest_size),
            statement=carried.base64("statement"),
            certificate=statement.body,
        )


def _journal_line(issued: Issued) -> str:
    fields = {"request": issued.request.hex(), "statement": base64_text(issued.statement)}
    return carried_line("issued", fields)


def _digest(*asked: str | bytes) -> bytes:
    return hashlib.sha256(canonical(asked)).digest()


def _stands(certificate: Certificate, now_s: int) -> bool:
    return not isinstance(certificate, StructureCertificate) or certificate.until_s > now_s


def _address(url: str) -> str:
    """Return the address of a relay as it is certified: https, or plain on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port  # a port that is no number is refused here
    except ValueError as error:
        raise WrongAddressError(url=url) from error
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    if not (host and is_safe) or len(url) > _LONGEST_TEXT:
        raise WrongAddressError(url=url[:80])
    if parts.query or parts.fragment or parts.username:
        raise WrongAddressError(url=url)
    return url.rstrip("/")
