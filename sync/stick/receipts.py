"""Receipts that travel back: whoever has a network hands bundles on, and carries the proof home."""

from collections.abc import Callable, Iterable

from app.changes import Changes
from app.domain.identifiers import BundleName
from app.ports import StickPort, SyncPort
from sync.canonical import FormatError
from sync.registry import Registry
from sync.statements import Receipt, read_statement, verify_statement

_AT_ONCE = 200


def keep_receipts(
    port: SyncPort,
    sticks: StickPort,
    registry: Registry,
    receipts: Iterable[bytes],
    changed: Callable[[Changes], None],
) -> int:
    """Keep those that a relay of the Region signed, of bundles held here; return how many.

    Receipts of others' bundles are kept as well: another stick carries them further.
    """
    kept = 0
    some: list[tuple[bytes, Receipt]] = []
    for data in receipts:
        receipt = _checked(data, registry)
        if receipt is not None:
            some.append((data, receipt))
        if len(some) == _AT_ONCE:
            kept += _keep(port, sticks, some, changed)
            some = []
    return kept + _keep(port, sticks, some, changed)


def _keep(
    port: SyncPort,
    sticks: StickPort,
    some: list[tuple[bytes, Receipt]],
    changed: Callable[[Changes], None],
) -> int:
    places = sticks.without_receipt([BundleName(receipt.name) for _, receipt in some])
    good = {
        BundleName(receipt.name): (data, receipt.at_s)
        for data, receipt in some
        if places.get(BundleName(receipt.name))
        == (receipt.space, receipt.incarnation, receipt.sequence)
    }
    if good:
        changed(port.keep_receipts(good))
    return len(good)


def _checked(data: bytes, registry: Registry) -> Receipt | None:
    try:
        statement = read_statement(data)
        body = statement.body
        relay = registry.relays.get(body.relay) if isinstance(body, Receipt) else None
        if not isinstance(body, Receipt) or relay is None:
            return None
        verify_statement(statement, relay.relay_key)
    except FormatError:
        return None
    return body
