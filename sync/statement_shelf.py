"""The statements one has, each read once and each signature checked once."""

from collections.abc import Iterable
from itertools import chain

from sync.statements import (
    Statement,
    StatementError,
    read_statement,
    statement_name,
    verify_statement,
)


class Findings:
    """What was found out about statements, which stays true on any shelf."""

    def __init__(self) -> None:
        self._read: dict[bytes, Statement | str] = {}
        self._signed: dict[bytes, set[bytes]] = {}

    def of(self, names: Iterable[bytes]) -> "Findings":
        """Return what was found out about some: of those let go of, nothing stays in memory."""
        some = Findings()
        for name in names:
            if name in self._read:
                some._read[name] = self._read[name]
                some._signed[name] = set(self._signed.get(name, ()))
        return some

    def read(self, name: bytes, data: bytes) -> Statement | str:
        """Return the statement, or why its bytes are not one."""
        found = self._read.get(name)
        if found is None:
            try:
                found = read_statement(data)
            except StatementError as error:
                found = error.code
            self._read[name] = found
        return found

    def verify(self, statement: Statement, key: bytes) -> None:
        """Check a signature, or remember that it was found good.

        Raises:
            StatementError: `bad_signature`.
        """
        signed_by = self._signed.setdefault(statement.name, set())
        if key not in signed_by:
            verify_statement(statement, key)
            signed_by.add(key)


class Shelf:
    """Statements by name, in whatever order and however often they came. It does not change.

    Attributes:
        data: the bytes of every statement given, by name.
        unreadable: why, by name, for those that have not the form of a statement.
    """

    def __init__(self, statements: Iterable[bytes], findings: Findings | None = None) -> None:
        self.data = {statement_name(data): data for data in statements}
        self.unreadable: dict[bytes, str] = {}
        self._findings = findings.of(self.data) if findings else Findings()
        self._kinds: dict[type, list[Statement]] = {}
        for name in sorted(self.data):
            found = self._findings.read(name, self.data[name])
            if isinstance(found, Statement):
                self._kinds.setdefault(type(found.body), []).append(found)
            else:
                self.unreadable[name] = found

    def with_more(self, statements: Iterable[bytes]) -> "Shelf":
        """Return a shelf that holds these too, with what was found out so far."""
        return Shelf(chain(self.data.values(), statements), self._findings)

    def of_kind(self, kind: type) -> list[Statement]:
        """Return the statements of a kind, in the order of their names."""
        return self._kinds.get(kind, [])

    def verify(self, statement: Statement, key: bytes) -> None:
        """Check that the holder of the key signed the statement.

        Raises:
            StatementError: `bad_signature`.
        """
        self._findings.verify(statement, key)

    def is_signed_by(self, statement: Statement, key: bytes) -> bool:
        """Tell which of several possible signers signed; `verify` is for when there is only one."""
        try:
            self.verify(statement, key)
        except StatementError:
            return False
        return True
