"""Whole bundles: whether they are what they say, and the receipt that the relay signs for them.

The same bytes get the same receipt for ever: it is kept with them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from sync.canonical import FormatError
from sync.keys import RelayKey
from sync.relay.directory import Caller, View
from sync.relay.quotas import Quotas, structure_of
from sync.relay.tables import bundles
from sync.statements import Receipt, sign_statement
from sync.wire import ParsedBundle, bundle_name, parse_bundle, verify_bundle_signature


class BundleRefusedError(Exception):
    """One bundle is refused; those around it are not concerned."""

    def __init__(self, *, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a bundle: its receipt, or the code of its refusal."""

    receipt: bytes = b""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Storekeeper:
    """Checks whole bundles for one caller, keeps them and signs for them."""

    key: RelayKey
    view: View
    caller: Caller
    quotas: Quotas

    def receipts_of(self, connection: Connection, names: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the receipts of those bundles that are kept and that the caller may know."""
        asked = select(bundles.c.name, bundles.c.space, bundles.c.receipt)
        rows = connection.execute(asked.where(bundles.c.name.in_(list(names))))
        return {
            bytes(row.name): bytes(row.receipt)
            for row in rows
            if self.view.may_see_space(self.caller, bytes(row.space))
        }

    def keep(
        self, connection: Connection, arrived: Iterable[tuple[bytes, bytes]], *, now: int
    ) -> dict[bytes, Outcome]:
        """Keep bundles, each a name and whole bytes, and say by name what became of each.

        Those that came together are looked up and written together.
        """
        outcomes: dict[bytes, Outcome] = {}
        checked: list[tuple[ParsedBundle, bytes]] = []
        for name, data in arrived:
            try:
                checked.append((self._checked(name, data), data))
            except BundleRefusedError as refusal:
                outcomes[name] = Outcome(code=refusal.code)
        taken = _taken(connection, [_place(parsed) for parsed, _ in checked])
        rows = []
        for parsed, data in checked:
            try:
                row = self._new_row(connection, parsed, data, taken)
            except BundleRefusedError as refusal:
                outcomes[parsed.name] = Outcome(code=refusal.code)
                continue
            if row is not None:
                rows.append(row | {"receipt": self._sign(parsed, now=now), "at": now})
                taken[_place(parsed)] = (parsed.name, rows[-1]["receipt"])
            outcomes[parsed.name] = Outcome(receipt=taken[_place(parsed)][1])
        if rows:
            connection.execute(insert(bundles), rows)
        return outcomes

    def _new_row(
        self, connection: Connection, parsed: ParsedBundle, data: bytes, taken: "_Taken"
    ) -> dict[str, Any] | None:
        """Return what to write of a bundle that is new; None for one that is kept already.

        Raises:
            BundleRefusedError: another has its sequence, or there is no room left.
        """
        here = taken.get(_place(parsed))
        if here is not None:
            if here[0] != parsed.name:
                raise BundleRefusedError(code="sequence_taken")
            return None
        registry, header = self.view.registry, parsed.header
        # It counts for its author's structure, whoever brings it.
        structure = structure_of(registry, registry.incarnations[header.incarnation])
        if not self.quotas.has_room(connection, registry, structure, len(data)):
            raise BundleRefusedError(code="quota_exceeded")
        self.quotas.note_kept(structure, len(data))
        return {
            "name": parsed.name,
            "space": header.space,
            "incarnation": header.incarnation,
            "sequence": header.sequence,
            "size": len(data),
            "body": data,
        }

    def _checked(self, name: bytes, data: bytes) -> ParsedBundle:
        if bundle_name(data) != name:
            raise BundleRefusedError(code="wrong_name")
        try:
            parsed = parse_bundle(data)
            self._check_author(parsed)
        except FormatError as error:
            raise BundleRefusedError(code=error.code) from error
        return parsed

    def _check_author(self, parsed: ParsedBundle) -> None:
        registry, header = self.view.registry, parsed.header
        author = registry.incarnations.get(header.incarnation)
        if author is None:
            raise BundleRefusedError(code="unknown_incarnation")
        # One answer for a space that does not exist and for one that is none of the caller's
        # business: nobody learns which structures work together by asking.
        if not self.view.may_see_space(self.caller, header.space):
            raise BundleRefusedError(code="unknown_space")
        if not registry.machine_is_member(header.space, author):
            raise BundleRefusedError(code="not_a_member")
        verify_bundle_signature(parsed, registry.machines[author].sign)
        last = registry.accepted_sequence(author, header.space, header.incarnation)
        if last is not None and header.sequence > last:
            raise BundleRefusedError(code="revoked")

    def _sign(self, parsed: ParsedBundle, *, now: int) -> bytes:
        receipt = Receipt(
            relay=self.key.id,
            name=parsed.name,
            space=parsed.header.space,
            incarnation=parsed.header.incarnation,
            sequence=parsed.header.sequence,
            at_s=now,
        )
        return sign_statement(receipt, self.key.private_key)


_Place = tuple[bytes, bytes, int]
_Taken = dict[_Place, tuple[bytes, bytes]]


def _place(parsed: ParsedBundle) -> _Place:
    header = parsed.header
    return header.space, header.incarnation, header.sequence


def _taken(connection: Connection, places: Iterable[_Place]) -> _Taken:
    """Return, of these places, those that a bundle has: its name and its receipt."""
    sequences: dict[tuple[bytes, bytes], list[int]] = {}
    for space, incarnation, sequence in places:
        sequences.setdefault((space, incarnation), []).append(sequence)
    found: _Taken = {}
    for (space, incarnation), wanted in sequences.items():
        here = select(bundles.c.sequence, bundles.c.name, bundles.c.receipt).where(
            bundles.c.space == space,
            bundles.c.incarnation == incarnation,
            bundles.c.sequence.in_(wanted),
        )
        for row in connection.execute(here):
            found[space, incarnation, row.sequence] = bytes(row.name), bytes(row.receipt)
    return found
