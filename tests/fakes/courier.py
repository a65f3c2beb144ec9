"""Carries events from desk to desk as an exchange does, without keys nor network."""

import hashlib
from collections.abc import Sequence

from app.domain.identifiers import BundleName, Incarnation
from app.domain.spaces import Space
from app.ports import PulledBundle, SealedBundle, Settled
from app.store.sync_port import StoreSyncPort
from app.usecases.desk import Desk


def sealed_by(desk: Desk, *, limit: int = 100) -> list[PulledBundle]:
    """Seal everything that waits, as the sealing does, and return it as its readers open it."""
    port = StoreSyncPort(desk.workspace)
    made = []
    for space in port.spaces_with_pending():
        while events := port.pending(space.id, limit=limit):
            head = port.head(space.id)
            bundle = SealedBundle(
                name=_name(port.incarnation(), space, head.sequence + 1),
                space=space.id,
                incarnation=port.incarnation(),
                sequence=head.sequence + 1,
                previous=head.name,
                data=b"sealed",
            )
            seen = dict(port.seen(space.id))
            assert port.keep_sealed(bundle, [event.id for event in events])
            made.append(
                PulledBundle(
                    bundle=bundle,
                    space=space,
                    structure=desk.own_structure().id,
                    events=tuple(events),
                    seen=seen,
                )
            )
    return made


def acknowledged(desk: Desk, bundles: Sequence[PulledBundle], *, at_s: int = 1_800_000_000) -> None:
    """Give the sender the relay's receipts."""
    receipts = {pulled.bundle.name: (b"receipt", at_s) for pulled in bundles}
    StoreSyncPort(desk.workspace).keep_receipts(receipts)


def deliver(bundles: Sequence[PulledBundle], *desks: Desk) -> list[Settled]:
    """Settle bundles at each desk that belongs to their space, as the relay serves them."""
    return [
        StoreSyncPort(desk.workspace).settle(pulled)
        for desk in desks
        for pulled in bundles
        if desk.own_structure().id in pulled.space.members
        and pulled.bundle.incarnation != desk.workspace.incarnation
    ]


def carry(sender: Desk, *receivers: Desk) -> list[PulledBundle]:
    """Seal, acknowledge and deliver what a desk has written."""
    bundles = sealed_by(sender)
    acknowledged(sender, bundles)
    deliver(bundles, *receivers)
    return bundles


def _name(incarnation: Incarnation, space: Space, sequence: int) -> BundleName:
    seed = incarnation + space.id + sequence.to_bytes(8, "big")
    return BundleName(hashlib.sha256(seed).digest())
