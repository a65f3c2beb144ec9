"""Whole bundles and pieces: whether they are what they say, and the relay's receipts of bundles.

The same bytes get the same receipt for ever: it is kept with them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from sync.canonical import FormatError
from sync.keys import RelayKey
from sync.relay.chunks import PieceKeeper, is_piece
from sync.relay.compaction import void_bundles
from sync.relay.directory import Caller, Directory, View
from sync.relay.looking import Here
from sync.relay.named_chains import accepted_of, drop_contradicted, name_at
from sync.relay.quotas import Quotas, structure_of
from sync.relay.tables import bundles
from sync.statements import Receipt, sign_statement
from sync.wire import ParsedBundle, bundle_name, parse_bundle, verify_bundle_signature


class BundleRefusedError(Exception):
    """One bundle is refused; those around it are not concerned."""

    def __init__(self, *, code: str) -> None:
        super().__init__(code)
        self.code = code


# A place may be taken: it is found out by writing, which is rarely in vain.
_INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a bundle: its receipt, or the code of its refusal. Pieces get no receipt."""

    receipt: bytes = b""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Storekeeper:
    """Checks whole bundles for one caller, keeps them and signs for them; pieces too."""

    key: RelayKey
    directory: Directory
    view: View
    caller: Caller
    quotas: Quotas

    @property
    def pieces(self) -> PieceKeeper:
        """Who keeps the pieces of checkpoints for the same caller."""
        return PieceKeeper(view=self.view, caller=self.caller, quotas=self.quotas)

    def seeing(self, connection: Connection, position: int) -> "Storekeeper":
        """Return one that knows the statements up to a position, the last one now."""
        if position <= self.view.position:
            return self
        return replace(self, view=self.directory.seen_from(connection, self.view))

    def visible(self, here: Here) -> dict[bytes, bytes]:
        """Return the receipts of those bundles that are kept and that the caller may know."""
        return {
            name: whole.receipt
            for name, whole in here.whole.items()
            if self.view.may_see_space(self.caller, whole.space)
        }

    def keep(
        self, connection: Connection, arrived: Iterable[tuple[bytes, bytes]], *, now: int
    ) -> dict[bytes, Outcome]:
        """Keep bundles, each a name and whole bytes, and say by name what became of each.

        Those that came together are looked up and written together.
        """
        came = dict(arrived)
        brought = {name: data for name, data in came.items() if is_piece(data)}
        codes = self.pieces.keep(connection, brought.items(), now=now)
        outcomes = {name: Outcome(code=code) for name, code in codes.items()}
        bundles_brought = ((name, data) for name, data in came.items() if name not in brought)
        return outcomes | self._keep_bundles(connection, bundles_brought, now=now)

    def _keep_bundles(
        self, connection: Connection, arrived: Iterable[tuple[bytes, bytes]], *, now: int
    ) -> dict[bytes, Outcome]:
        outcomes: dict[bytes, Outcome] = {}
        checked: list[tuple[ParsedBundle, bytes]] = []
        for name, data in arrived:
            try:
                checked.append((self._checked(connection, name, data), data))
            except BundleRefusedError as refusal:
                outcomes[name] = Outcome(code=refusal.code)
        rows: dict[bytes, dict[str, Any]] = {}
        for parsed, data in checked:
            if self._takes_room(connection, parsed, len(data)):
                rows[parsed.name] = self._row(parsed, data, now=now)
            else:
                outcomes[parsed.name] = Outcome(code="quota_exceeded")
        written = _write(connection, rows)
        # The last first: of a chain that a removal names, each proves the one before it.
        for parsed, data in reversed(checked):
            if parsed.name in written:
                outcomes[parsed.name] = Outcome(receipt=rows[parsed.name]["receipt"])
            elif parsed.name in rows:
                self._note_kept(parsed, -len(data))
                outcomes[parsed.name] = self._beside_another(connection, parsed, rows[parsed.name])
        return outcomes | self._contradicted(connection, [parsed for parsed, _ in checked])

    def _contradicted(
        self, connection: Connection, came: Iterable[ParsedBundle]
    ) -> dict[bytes, Outcome]:
        """Drop what the chains that removals name turn out not to hold, and say which it was."""
        gone = {}
        for parsed in {(one.header.space, one.header.incarnation): one for one in came}.values():
            head = accepted_of(self.view.registry, parsed.header)
            dropped = drop_contradicted(connection, head, parsed.header) if head else None
            if dropped:
                self._note_kept(parsed, -dropped.size_bytes)
                gone[dropped.name] = Outcome(code="revoked")
        return gone

    def _takes_room(self, connection: Connection, parsed: ParsedBundle, size_bytes: int) -> bool:
        """Count a bundle for its author's structure, whoever brings it, if there is room."""
        registry = self.view.registry
        structure = structure_of(registry, registry.incarnations[parsed.header.incarnation])
        has_room = self.quotas.has_room(connection, registry, structure, size_bytes)
        if has_room:
            self.quotas.note_kept(structure, size_bytes)
        return has_room

    def _note_kept(self, parsed: ParsedBundle, size_bytes: int) -> None:
        registry = self.view.registry
        structure = structure_of(registry, registry.incarnations[parsed.header.incarnation])
        self.quotas.note_kept(structure, size_bytes)

    def _row(self, parsed: ParsedBundle, data: bytes, *, now: int) -> dict[str, Any]:
        header = parsed.header
        return {
            "name": parsed.name,
            "space": header.space,
            "incarnation": header.incarnation,
            "sequence": header.sequence,
            "size": len(data),
            "body": data,
            "receipt": self._sign(parsed, now=now),
            "at": now,
        }

    def _beside_another(
        self, connection: Connection, parsed: ParsedBundle, row: dict[str, Any]
    ) -> Outcome:
        """Say what becomes of a bundle whose name or place is there already."""
        same_place = (
            (bundles.c.space == row["space"])
            & (bundles.c.incarnation == row["incarnation"])
            & (bundles.c.sequence == row["sequence"])
        )
        here = connection.execute(select(bundles.c.name, bundles.c.receipt).where(same_place)).one()
        if bytes(here.name) == row["name"]:
            return Outcome(receipt=bytes(here.receipt))
        kept = bytes(here.name)
        made_way = self._drop_void(connection, kept, parsed) or self._gives_way(
            connection, kept, parsed
        )
        if not made_way:
            return Outcome(code="sequence_taken")
        connection.execute(insert(bundles).values(row))
        return Outcome(receipt=row["receipt"])

    def _gives_way(self, connection: Connection, kept: bytes, parsed: ParsedBundle) -> bool:
        """Drop a bundle in whose place a removal accepts the one that came, if it does."""
        head = accepted_of(self.view.registry, parsed.header)
        if head is None or name_at(connection, head, parsed.header) != parsed.name:
            return False
        connection.execute(delete(bundles).where(bundles.c.name == kept))
        return True

    def _drop_void(self, connection: Connection, kept: bytes, parsed: ParsedBundle) -> bool:
        """Drop a bundle that a checkpoint made void, if it is one, and what follows it.

        Its author writes there anew, and goes on from there.
        """
        header, covers = parsed.header, self.view.covers
        void = void_bundles(connection, covers, header.space, header.incarnation)
        if kept not in void:
            return False
        names = void[void.index(kept) :]
        connection.execute(delete(bundles).where(bundles.c.name.in_(names)))
        return True

    def _checked(self, connection: Connection, name: bytes, data: bytes) -> ParsedBundle:
        if bundle_name(data) != name:
            raise BundleRefusedError(code="wrong_name")
        try:
            parsed = parse_bundle(data)
            self._check_author(parsed)
            self._check_accepted(connection, parsed)
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
        if self.view.covers.is_before(header):
            raise BundleRefusedError(code="before_checkpoint")

    def _check_accepted(self, connection: Connection, parsed: ParsedBundle) -> None:
        """Take of a removed machine only what may be of the chain that its removal names."""
        header = parsed.header
        head = accepted_of(self.view.registry, header)
        if head is None:
            return
        is_late = header.sequence > head.sequence
        if is_late or name_at(connection, head, header) not in {b"", parsed.name}:
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


def _write(connection: Connection, rows: Mapping[bytes, dict[str, Any]]) -> set[bytes]:
    """Write the bundles whose name and place are free; return which were."""
    if not rows:
        return set()
    inserting = _INSERTS[connection.dialect.name](bundles).on_conflict_do_nothing()
    told = connection.scalars(inserting.returning(bundles.c.name), list(rows.values()))
    return {bytes(name) for name in told}
