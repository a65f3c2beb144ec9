"""Whole bundles: whether they are what they say, and the receipt that the relay signs for them.

The same bytes get the same receipt for ever: it is kept with them.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from sync.canonical import FormatError
from sync.keys import RelayKey
from sync.relay.directory import Caller, View
from sync.relay.tables import bundles
from sync.statements import Receipt, sign_statement
from sync.wire import ParsedBundle, bundle_name, parse_bundle, verify_bundle_signature


class BundleRefusedError(Exception):
    """One bundle is refused; those around it are not concerned."""

    def __init__(self, *, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Storekeeper:
    """Checks whole bundles for one caller, keeps them and signs for them."""

    key: RelayKey
    view: View
    caller: Caller

    def receipt_of(self, connection: Connection, name: bytes) -> bytes | None:
        """Return the receipt of a bundle that is kept and that the caller may know, if it is so."""
        kept = select(bundles.c.space, bundles.c.receipt).where(bundles.c.name == name)
        row = connection.execute(kept).one_or_none()
        if row is None or not self.view.may_see_space(self.caller, row.space):
            return None
        return bytes(row.receipt)

    def keep(self, connection: Connection, name: bytes, data: bytes, *, now: int) -> bytes:
        """Keep a bundle and return its receipt.

        Raises:
            BundleRefusedError: it is not what it says, or has no place here.
        """
        parsed = self._checked(name, data)
        header = parsed.header
        place = (
            (bundles.c.space == header.space)
            & (bundles.c.incarnation == header.incarnation)
            & (bundles.c.sequence == header.sequence)
        )
        taken = connection.execute(select(bundles.c.name, bundles.c.receipt).where(place))
        row = taken.one_or_none()
        if row is not None:
            if row.name != name:
                raise BundleRefusedError(code="sequence_taken")
            return bytes(row.receipt)
        receipt = self._sign(parsed, now=now)
        connection.execute(
            insert(bundles).values(
                name=name,
                space=header.space,
                incarnation=header.incarnation,
                sequence=header.sequence,
                size=len(data),
                body=data,
                receipt=receipt,
                at=now,
            )
        )
        return receipt

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
