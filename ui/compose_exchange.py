"""Composition of an exchange with the relay: the connection, how it perseveres, who watches."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.changes import Changes
from ui.compose import membership_of, sync_port_of

if TYPE_CHECKING:
    from app.usecases.desk import Desk
    from sync.ceremony_files import Region
    from sync.connection_settings import ConnectionSettings
    from sync.engine import ExchangeReport
    from sync.exchange_watch import ExchangeProgress, ExchangeWatch
    from sync.keys import MachineKeys
    from sync.transport import HttpTransport


def run_exchange(
    desk: "Desk",
    changed: Callable[[Changes], None] = lambda _changes: None,
    progress: "Callable[[ExchangeProgress], None]" = lambda _progress: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> "ExchangeReport":
    """Exchange everything once with the Region's relay, on the calling thread.

    Args:
        desk: the desk.
        changed: told what each durable step touched.
        progress: told how far it is, on the calling thread, each time bytes move.
        cancelled: asked as often; once it says yes, the exchange stops where it is.

    Raises:
        SyncError: why it stopped; whatever was done is kept, and the next exchange goes on.
    """
    from sync.errors import SyncError
    from sync.exchange_watch import ExchangeWatch
    from sync.pauses import outcome_remembered

    port, membership = sync_port_of(desk), membership_of(desk)
    try:
        relays = membership.relays()
    except SyncError as error:
        port.note_failure(code=error.code, message="", at=desk.now())
        raise
    watch = ExchangeWatch(progress=progress, cancelled=cancelled)
    with outcome_remembered(port, desk.clock):
        return _exchange_with_one_of(desk, relays, changed, watch)


def _exchange_with_one_of(
    desk: "Desk",
    relays: "Sequence[Region]",
    changed: Callable[[Changes], None],
    watch: "ExchangeWatch",
) -> "ExchangeReport":
    from sync.errors import NotOurRelayError, RelayAbsentError, WrongCertificateError

    for region in relays[:-1]:
        try:
            return _exchange_with(desk, region, changed, watch)
        except (RelayAbsentError, NotOurRelayError, WrongCertificateError):
            continue  # the Region certified another address since
    return _exchange_with(desk, relays[-1], changed, watch)


def _exchange_with(
    desk: "Desk", region: "Region", changed: Callable[[Changes], None], watch: "ExchangeWatch"
) -> "ExchangeReport":
    from app.usecases.referrals import acknowledge_arrivals
    from sync.engine import Exchange, TrustAnchor
    from sync.errors import SyncError
    from sync.keyring import Keyring
    from sync.persevering import Patience, PerseveringTransport

    port = sync_port_of(desk)
    try:
        machine = Keyring(port).machine
    except SyncError as error:
        port.note_failure(code=error.code, message="", at=desk.now())
        raise
    transport = PerseveringTransport(
        connect(region, machine, connection_of(desk), watch), Patience(is_over=watch.cancelled)
    )
    try:
        exchange = Exchange(
            port,
            transport,
            TrustAnchor(authority_key=region.authority_key, relay_key=region.relay_key),
            desk.clock,
            lambda: acknowledge_arrivals(desk),
            changed,
        )
        report = exchange.run()
    finally:
        transport.close()
    membership_of(desk).prefer_relay(region)
    return report


def connect(
    region: "Region",
    machine: "MachineKeys",
    settings: "ConnectionSettings | None" = None,
    watch: "ExchangeWatch | None" = None,
) -> "HttpTransport":
    """Prepare a connection to a Region's relay, as this office reaches it; nothing is sent yet.

    Raises:
        RelayNeedsTlsError: its address is plain `http` and is not on this machine.
    """
    from sync.connection_settings import ConnectionSettings
    from sync.exchange_watch import ExchangeWatch
    from sync.http_signatures import RequestSigner
    from sync.transport import HttpTransport, RelayAddress

    reached = settings or ConnectionSettings()
    address = RelayAddress(
        url=region.relay_url,
        relay_key=region.relay_key,
        ca_pem=reached.ca_pem,
        proxy=reached.proxy,
    )
    signer = RequestSigner(machine=machine.id, key=machine.sign.private_key)
    return HttpTransport(address, signer, watch=watch or ExchangeWatch())


def connection_of(desk: "Desk") -> "ConnectionSettings":
    """Return how this office reaches the relay."""
    from sync.connection_settings import connection_settings

    return connection_settings(sync_port_of(desk))


def configure_connection(
    desk: "Desk", *, ca: bytes | None = None, proxy: str | None = None
) -> "ConnectionSettings":
    """Change how this office reaches the relay; None leaves what was, empty takes it away.

    Raises:
        CertificateFileError: there is no certificate in `ca`; nothing changed.
        ProxyAddressError: `proxy` is not the address of a proxy; nothing changed.
    """
    from sync.connection_settings import connection_settings, keep_ca, keep_proxy

    port = sync_port_of(desk)
    if proxy is not None:
        keep_proxy(port, proxy)
    if ca is not None:
        keep_ca(port, ca)
    return connection_settings(port)


def load_exchange() -> None:
    """Import what an exchange needs, so that the first one does not pay for it."""
    import sync.engine
    import sync.http_signatures
    import sync.keyring
    import sync.membership
    import sync.persevering
    import sync.transport  # noqa: F401


def next_attempt_in_s(failures: int, waiting: bool, jitter: float) -> float:  # noqa: FBT001
    """Return the seconds before the next exchange by itself."""
    from sync.schedule import next_attempt_in_s as scheduled

    return scheduled(failures=failures, waiting=waiting, jitter=jitter)


def back_off_s(desk: "Desk") -> float:
    """Return the seconds to wait after failures, from what the desk remembers of them."""
    from sync.pauses import back_off_s as remembered

    return remembered(sync_port_of(desk), desk.clock)
