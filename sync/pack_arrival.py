"""The Region's packs on their way here: after all records, by pieces, over several exchanges.

A pack is never worth a record: as soon as somebody writes something here, or after some minutes,
what came is kept and the rest waits for the next exchange. What fails about a pack is no failure of
the exchange. Nothing is believed before the whole is here: then its name, its signature, and that
it is the one that was announced.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing

from app.changes import Changes
from app.pack_port import IS_THE_REGIONS, PackPort, PackState
from sync.canonical import FormatError
from sync.errors import ExchangeCancelledError, RelayRefusedError, SyncError
from sync.information_packs import DIRECTORY
from sync.pack_marks import PackMark, pack_name
from sync.relay_port import Transport
from sync.signed_packs import is_of_another_region, signed_mark

KINDS = (DIRECTORY,)
"""The kinds of packs that this program can do something with."""

KEPT_AT_ONCE = 65_536
LONGEST_S = 300
"""For how long one exchange goes on with a pack."""

WRONG_NAME = "wrong_name"
ANNOUNCED_OTHERWISE = "announced_otherwise"
_NOT_FOUND = "not_found"


class PackArrival:
    """Fetches what the Region published, at the end of one exchange.

    Attributes:
        told: the packs that the relay told of, which are later than those held.
    """

    def __init__(
        self,
        port: PackPort,
        transport: Transport,
        authority_key: bytes,
        changed: Callable[[Changes], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._port = port
        self._transport = transport
        self._authority_key = authority_key
        self._changed = changed
        self._clock = clock
        self.told: Sequence[PackMark] = ()

    def held(self) -> Mapping[str, int]:
        """Return the kinds taken here, each with when the pack that is held was made; 0 for none.

        Only what the Region was found to have signed counts: nobody else's date keeps one away.
        """
        return made_last(self._port)

    def fetch(self) -> None:
        """Fetch the packs that the relay told of, as far as that goes.

        Raises:
            ExchangeCancelledError: somebody stopped the exchange; what came is kept.
            AppError: the disk is full.
        """
        held = self.held()
        refused = {one.name for one in self._port.packs() if one.state is PackState.REFUSED}
        for mark in self.told:
            if mark.name not in refused and mark.made_s > held.get(mark.kind, mark.made_s):
                self._fetch(mark)

    def _fetch(self, mark: PackMark) -> None:
        held_bytes = self._port.begin_pack(
            name=mark.name, kind=mark.kind, made_s=mark.made_s, size=mark.size
        )
        try:
            if held_bytes < mark.size:
                held_bytes = self._receive(mark, held_bytes)
        except ExchangeCancelledError:
            raise
        except RelayRefusedError as error:
            if error.facts.get("refusal") == _NOT_FOUND:  # replaced meanwhile: another is told next
                self._port.forget_pack(mark.name)
            return
        except SyncError:
            return  # the records went through; this goes on at the next exchange
        if held_bytes >= mark.size:
            self._changed(keep_if_genuine(self._port, mark, self._authority_key))

    def _receive(self, mark: PackMark, held_bytes: int) -> int:
        """Keep what comes, also when the link dies; return how much is here then."""
        ends_at, written = self._clock() + LONGEST_S, self._port.written_here()
        waiting = bytearray()
        with closing(self._transport.fetch_pack(mark, held_bytes)) as chunks:
            try:
                for chunk in chunks:
                    waiting += chunk
                    held_bytes += len(chunk)
                    if len(waiting) >= KEPT_AT_ONCE:
                        self._port.add_to_pack(mark.name, bytes(waiting))
                        waiting.clear()
                        if self._clock() > ends_at or self._port.written_here() != written:
                            break
            finally:
                if waiting:
                    self._port.add_to_pack(mark.name, bytes(waiting))
        return held_bytes


def made_last(port: PackPort) -> Mapping[str, int]:
    """Return, of each kind taken here, when the last pack of the Region held was made, or 0."""
    made = dict.fromkeys(KINDS, 0)
    for one in port.packs():
        if one.state in IS_THE_REGIONS and one.kind in made:
            made[one.kind] = max(made[one.kind], one.made_s)
    return made


def keep_if_genuine(port: PackPort, mark: PackMark, authority_key: bytes) -> Changes:
    """Keep a pack that came whole if the Region signed it and it is what was announced.

    Otherwise only its name is remembered, with the reason.
    """
    data = port.pack_bytes(mark.name)
    reason = _flaw(data, mark, authority_key)
    if reason:
        return port.settle_pack(mark.name, PackState.REFUSED, reason=reason)
    return port.settle_pack(mark.name, PackState.ARRIVED)


def _flaw(data: bytes, mark: PackMark, authority_key: bytes) -> str:
    if pack_name(data) != mark.name:
        return WRONG_NAME
    try:
        signed = signed_mark(data, authority_key)
    except FormatError as error:
        return refusal_of(data, authority_key, error)
    return "" if signed == mark else ANNOUNCED_OTHERWISE


def refusal_of(data: bytes, authority_key: bytes, error: FormatError) -> str:
    """Return the code of what is wrong with a pack: another Region's says that it is."""
    if is_of_another_region(data, authority_key):
        return "wrong_identifier"
    return error.code
