"""The statements one has, each read once and each signature checked once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from sync.statements import (
    Statement,
    StatementError,
    read_statement,
    statement_name,
    verify_statement,
)

MOST_REMEMBERED: Final = 4_096
"""More than a Region has; each takes some two kilobytes of memory."""


@dataclass(slots=True)
class _Found:
    """A statement, or why its bytes are not one, and the keys that were found to have signed it."""

    read: Statement | str
    signed_by: frozenset[bytes] = frozenset()


class Findings:
    """What was found out about statements, which stays true on any shelf.

    Attributes:
        known: by name of the statement.
    """

    def __init__(self) -> None:
        self.known: dict[bytes, _Found] = {}

    def of(self, names: Iterable[bytes]) -> "Findings":
        """Return what was found out about some: of those let go of, nothing stays in memory."""
        some = Findings()
        some.known = {name: replace(self.known[name]) for name in names if name in self.known}
        return some

    def learn(self, others: "Findings") -> None:
        """Remember what others found too; past `MOST_REMEMBERED` statements, the oldest go."""
        for name, found in others.known.items():
            before = self.known.get(name, found)
            signed_by = before.signed_by | found.signed_by
            self.known[name] = _Found(read=found.read, signed_by=signed_by)
        for name in list(self.known)[: max(0, len(self.known) - MOST_REMEMBERED)]:
            del self.known[name]

    def read(self, name: bytes, data: bytes) -> Statement | str:
        """Return the statement, or why its bytes are not one."""
        found = self.known.get(name)
        if found is None:
            try:
                found = _Found(read_statement(data))
            except StatementError as error:
                found = _Found(error.code)
            self.known[name] = found
        return found.read

    def verify(self, statement: Statement, key: bytes) -> None:
        """Check a signature, or remember that it was found good.

        Raises:
            StatementError: `bad_signature`.
        """
        found = self.known.setdefault(statement.name, _Found(statement))
        if key not in found.signed_by:
            verify_statement(statement, key)
            found.signed_by |= {key}


class Shelf:
    """Statements by name, in whatever order and however often they came. It does not change.

    Attributes:
        data: the bytes of every statement given, by name.
        findings: what was found out about them so far.
        unreadable: why, by name, for those that have not the form of a statement.
    """

    def __init__(self, statements: Iterable[bytes], findings: Findings | None = None) -> None:
        self.data = {statement_name(data): data for data in statements}
        self.unreadable: dict[bytes, str] = {}
        self.findings = findings.of(self.data) if findings else Findings()
        self._kinds: dict[type, list[Statement]] = {}
        for name in sorted(self.data):
            found = self.findings.read(name, self.data[name])
            if isinstance(found, Statement):
                self._kinds.setdefault(type(found.body), []).append(found)
            else:
                self.unreadable[name] = found

    def with_more(self, statements: Iterable[bytes]) -> "Shelf":
        """Return a shelf that holds these too, with what was found out so far."""
        return Shelf(chain(self.data.values(), statements), self.findings)

    def of_kind(self, kind: type) -> list[Statement]:
        """Return the statements of a kind, in the order of their names."""
        return self._kinds.get(kind, [])

    def verify(self, statement: Statement, key: bytes) -> None:
        """Check that the holder of the key signed the statement.

        Raises:
            StatementError: `bad_signature`.
        """
        self.findings.verify(statement, key)

    def is_signed_by(self, statement: Statement, key: bytes) -> bool:
        """Tell which of several possible signers signed; `verify` is for when there is only one."""
        try:
            self.verify(statement, key)
        except StatementError:
            return False
        return True
