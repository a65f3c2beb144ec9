"""Reading everything that the relay keeps, and saying what of it is not what it should be.

Rows are read one after the other and forgotten: memory does not grow with the database. Nothing is
changed, so that the file of a backup can be read in the same way.

A fault is the relay's: bytes changed, a receipt that does not fit. A notice is nobody's or a
machine's: what is missing between two bundles, which desks send again after a restore, or a chain
that a copied workspace has broken.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, func, select, union_all
from sqlalchemy.exc import DatabaseError

from sync.canonical import FormatError
from sync.certificates import Certificates
from sync.keys import RelayKey
from sync.pack_marks import PackMark, pack_name
from sync.pieces import piece_space
from sync.registry import Registry
from sync.relay import engines, identity
from sync.relay.covers import Covers
from sync.relay.directory import Directory
from sync.relay.links import Links
from sync.relay.published import bytes_of, kept_packs
from sync.relay.tables import bundles, parts, pieces, statements
from sync.signed_packs import signed_mark
from sync.statements import Receipt, read_statement, statement_name, verify_statement
from sync.wire import bundle_name, parse_bundle, verify_bundle_signature

_ROWS_AT_ONCE = 50
_NOTICES = frozenset({"missing_before", "broken_chain", "not_named"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: `what` it is about (a table), its name, and a code."""

    what: str
    name: str
    code: str

    @property
    def is_notice(self) -> bool:
        """Is it worth knowing, and no fault of what is kept?"""
        return self.code in _NOTICES


@dataclass(slots=True, kw_only=True)
class Verification:
    """What was read so far.

    Attributes:
        counts: how many of each thing were read.
        faults: how many of them are wrong.
        notices: how many are only worth knowing.
    """

    counts: dict[str, int] = field(default_factory=dict)
    faults: int = 0
    notices: int = 0

    def of(self, connection: Connection) -> Iterator[Fault]:
        """Read everything, and give what is wrong as it is found."""
        for fault in self._as_far_as_readable(connection):
            if fault.is_notice:
                self.notices += 1
            else:
                self.faults += 1
            yield fault

    def _as_far_as_readable(self, connection: Connection) -> Iterator[Fault]:
        try:
            yield from self._everything(connection)
        except DatabaseError as error:
            if engines.is_of_the_database(error):
                raise  # It does not answer: that says nothing of what it holds.
            yield Fault(what="database", name="", code="damaged")

    def _everything(self, connection: Connection) -> Iterator[Fault]:
        yield from _unsound_file(connection)
        seed, authority_key = identity.own_seed(connection), identity.served_authority(connection)
        if seed is None or authority_key is None:
            yield Fault(what="meta", name="", code="no_key" if seed is None else "no_authority")
            return
        registry = Directory(authority_key).refreshed(connection).registry
        yield from self._statements(connection, registry)
        yield from self._bundles(connection, registry, RelayKey(seed))
        yield from self._pieces(connection, registry)
        yield from self._parts(connection)
        yield from self._packs(connection, authority_key)

    def _statements(self, connection: Connection, registry: Registry) -> Iterator[Fault]:
        """Read the statements: one that only waits for another, as after a removal, is right."""
        rows = select(statements.c.name, statements.c.kind, statements.c.body)
        for row in self._counted("statements", connection, rows.order_by(statements.c.position)):
            code = _wrong_statement(row, registry)
            if code:
                yield Fault(what="statements", name=row.name.hex(), code=code)

    def _bundles(
        self, connection: Connection, registry: Registry, key: RelayKey
    ) -> Iterator[Fault]:
        ordered = select(bundles).order_by(
            bundles.c.space, bundles.c.incarnation, bundles.c.sequence
        )
        links = Links(registry)
        for row in self._counted("bundles", connection, ordered):
            code = _wrong_bundle(row, registry, key, links)
            if code:
                yield Fault(what="bundles", name=row.name.hex(), code=code)

    def _pieces(self, connection: Connection, registry: Registry) -> Iterator[Fault]:
        """Read the pieces of checkpoints: one that none names any more waits to be dropped."""
        named = Covers(registry).live_pieces
        for row in self._counted("pieces", connection, select(pieces).order_by(pieces.c.name)):
            code = _wrong_piece(row)
            if not code and row.name not in named:
                code = "not_named"
            if code:
                yield Fault(what="pieces", name=row.name.hex(), code=code)

    def _parts(self, connection: Connection) -> Iterator[Fault]:
        """Read where the pieces of each beginning lie: they leave no hole, and it has not ended."""
        whole = union_all(select(bundles.c.name), select(pieces.c.name)).subquery()
        ended = select(parts.c.name).distinct().join(whole, whole.c.name == parts.c.name)
        for name in connection.scalars(ended):
            yield Fault(what="parts", name=bytes(name).hex(), code="already_whole")
        size = func.length(parts.c.bytes).label("size")
        rows = select(parts.c.name, parts.c.offset, size)
        name, end, is_told = b"", 0, False
        for row in self._counted("parts", connection, rows.order_by(parts.c.name, parts.c.offset)):
            if row.name != name:
                name, end, is_told = row.name, 0, False
            if row.offset != end and not is_told:
                is_told = True
                yield Fault(what="parts", name=name.hex(), code="wrong_offset")
            end = row.offset + row.size

    def _packs(self, connection: Connection, authority_key: bytes) -> Iterator[Fault]:
        """Read what the Region published: whole, signed, and what its row says."""
        self.counts["packs"] = 0
        for mark in kept_packs(connection).values():
            self.counts["packs"] += 1
            code = _wrong_pack(mark, b"".join(bytes_of(connection, mark.name)), authority_key)
            if code:
                yield Fault(what="packs", name=mark.name.hex(), code=code)

    def _counted(self, what: str, connection: Connection, asked: Any) -> Iterator[Row[Any]]:
        self.counts[what] = 0
        for row in connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(asked):
            self.counts[what] += 1
            yield row


def _unsound_file(connection: Connection) -> Iterator[Fault]:
    """Ask SQLite what it finds of its own file; a server looks after its own."""
    if connection.dialect.name == "sqlite":
        for told in connection.exec_driver_sql("PRAGMA integrity_check(10)").scalars():
            if told != "ok":
                yield Fault(what="database", name="", code="damaged")


def _wrong_statement(row: "Row[Any]", registry: Certificates) -> str:
    if statement_name(row.body) != row.name:
        return "wrong_name"
    refused = registry.refused.get(row.name)
    if refused:
        return refused
    kind = read_statement(row.body).body.kind
    return "" if kind == row.kind else "wrong_kind"


def _wrong_bundle(row: "Row[Any]", registry: Registry, key: RelayKey, links: Links) -> str:
    try:
        return _unlike_its_row(row) or _check_signatures(row, registry, key) or links.check(row)
    except FormatError as error:
        return error.code


def _wrong_piece(row: "Row[Any]") -> str:
    if hashlib.sha256(row.body).digest() != row.name:
        return "wrong_name"
    try:
        space = piece_space(row.body)
    except FormatError as error:
        return error.code
    return "" if (space, len(row.body)) == (row.space, row.size) else "wrong_place"


def _wrong_pack(mark: PackMark, data: bytes, authority_key: bytes) -> str:
    if pack_name(data) != mark.name:
        return "wrong_name"
    try:
        return "" if signed_mark(data, authority_key) == mark else "wrong_place"
    except FormatError as error:
        return error.code


def _unlike_its_row(row: "Row[Any]") -> str:
    if bundle_name(row.body) != row.name:
        return "wrong_name"
    header = parse_bundle(row.body).header
    told = (header.space, header.incarnation, header.sequence, len(row.body))
    return "" if told == (row.space, row.incarnation, row.sequence, row.size) else "wrong_place"


def _check_signatures(row: "Row[Any]", registry: Registry, key: RelayKey) -> str:
    author = registry.incarnations.get(row.incarnation)
    if author is None:
        return "unknown_incarnation"
    if not registry.machine_is_member(row.space, author):
        return "not_a_member"
    verify_bundle_signature(parse_bundle(row.body), registry.machines[author].sign)
    statement = read_statement(row.receipt)
    verify_statement(statement, key.public)
    body = statement.body
    is_its_own = isinstance(body, Receipt) and (
        (body.relay, body.name, body.space, body.incarnation, body.sequence)
        == (key.id, row.name, row.space, row.incarnation, row.sequence)
    )
    return "" if is_its_own else "wrong_receipt"
