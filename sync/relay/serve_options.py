"""The options of `deux-portes-relay serve` that say how it serves: limits, public name, metrics.

Figures are shown on a socket of their own, and only when `--metrics HOST:PORT` says where: what
stands in front of the relay does not show them by mistake. Nothing in them names anybody.
"""

import functools
import ipaddress
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import Any

import click
from sqlalchemy import Connection, func, select

from sync.relay.database import Database
from sync.relay.limits import MIB, Limits, Rate
from sync.relay.serving import Network, Serving, host_of
from sync.relay.tables import bundles, packs, parts, pieces

_USUAL = Limits()
_BURST_S = 40
"""A machine or a place may ask at once for what it is given in so many seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """How to serve, and where to show the figures, if anywhere."""

    serving: Serving
    metrics: tuple[str, int] | None

    def showing_metrics(
        self, database: Database, *, worker: int = 0
    ) -> AbstractContextManager[object]:
        """Count what the database does, and show the figures where it was said, until the end.

        Each worker shows its own figures, on the port that follows the last one's.

        Raises:
            OSError: one cannot listen there.
        """
        metrics, stack = self.serving.metrics, ExitStack()
        database.on_commit = metrics.committed
        metrics.watch("write_queue", "Works that wait for the writer.", lambda: database.waiting)
        metrics.watch("database_bytes", "Room that the database takes.", database.size_bytes)
        metrics.watch("bundles", "Bundles kept.", lambda: database.read(_bundles))
        metrics.watch(
            "partial_uploads", "Bundles begun and not ended.", lambda: database.read(_begun)
        )
        metrics.watch("pieces", "Pieces of checkpoints kept.", lambda: database.read(_pieces))
        metrics.watch("packs", "Packs of the Region kept.", lambda: database.read(_packs))
        if self.metrics is not None:
            host, port = self.metrics
            _, end = metrics.serve(host, port + worker if port else 0)
            stack.callback(end)
        return stack


def _bundles(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(bundles)) or 0


def _pieces(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(pieces)) or 0


def _packs(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(packs)) or 0


def _begun(connection: Connection) -> int:
    return connection.scalar(select(func.count(parts.c.name.distinct()))) or 0


def _rate(per_s: float) -> Rate:
    return Rate(per_s=per_s, burst=max(1, round(per_s * _BURST_S)))


def _public_host(_context: click.Context, _option: click.Parameter, url: str | None) -> str:
    try:
        return host_of(url) if url else ""
    except ValueError as error:
        message = "--url attend une adresse comme https://relais.exemple.fr, sans chemin."
        raise click.ClickException(message) from error


def _networks(
    _context: click.Context, _option: click.Parameter, named: tuple[str, ...]
) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(one, strict=False) for one in named)
    except ValueError as error:
        message = "--trusted-proxy attend une adresse ou un réseau, comme 127.0.0.1."
        raise click.ClickException(message) from error


def _listen_address(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> tuple[str, int] | None:
    if not text:
        return None
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        message = "--metrics attend HÔTE:PORT."
        raise click.ClickException(message)
    return host.strip("[]"), int(port)


_NETWORK_OPTIONS = (
    click.option(
        "--url",
        envvar="DEUX_PORTES_RELAY_URL",
        metavar="URL",
        callback=_public_host,
        help="Adresse publique : ce qui est signé pour une autre est refusé (conseillé).",
    ),
    click.option(
        "--trusted-proxy",
        "trusted_proxies",
        envvar="DEUX_PORTES_RELAY_TRUSTED_PROXIES",
        multiple=True,
        metavar="RÉSEAU",
        callback=_networks,
        help="Adresse du mandataire dont l’en-tête X-Forwarded-For est cru ; peut se répéter.",
    ),
    click.option(
        "--metrics",
        envvar="DEUX_PORTES_RELAY_METRICS",
        metavar="HÔTE:PORT",
        callback=_listen_address,
        help="Où montrer les mesures (Prometheus) ; un port de plus à chaque processus.",
    ),
)
_LIMIT_OPTIONS = (
    click.option(
        "--quota-mib",
        envvar="DEUX_PORTES_RELAY_QUOTA_MIB",
        type=click.IntRange(min=1),
        metavar="NOMBRE",
        default=_USUAL.kept_bytes // MIB,
        show_default=True,
        help="Place de chaque structure, en Mio.",
    ),
    click.option(
        "--partial-quota-mib",
        envvar="DEUX_PORTES_RELAY_PARTIAL_QUOTA_MIB",
        type=click.IntRange(min=1),
        metavar="NOMBRE",
        default=_USUAL.partial_bytes // MIB,
        show_default=True,
        help="Place des envois commencés de chaque poste, en Mio.",
    ),
    click.option(
        "--rate",
        envvar="DEUX_PORTES_RELAY_RATE",
        type=click.FloatRange(min=0.1),
        metavar="NOMBRE",
        default=_USUAL.machine_rate.per_s,
        show_default=True,
        help="Demandes par seconde de chaque poste, à la longue.",
    ),
    click.option(
        "--stranger-rate",
        envvar="DEUX_PORTES_RELAY_STRANGER_RATE",
        type=click.FloatRange(min=0.1),
        metavar="NOMBRE",
        default=_USUAL.stranger_rate.per_s,
        show_default=True,
        help="Demandes par seconde, sans signature juste, de chaque adresse.",
    ),
)


def serving_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of serving, as one argument `options`."""

    @functools.wraps(command)
    def serve(**given: Any) -> None:
        serving = Serving(
            limits=Limits(
                kept_bytes=given.pop("quota_mib") * MIB,
                partial_bytes=given.pop("partial_quota_mib") * MIB,
                machine_rate=_rate(given.pop("rate")),
                stranger_rate=_rate(given.pop("stranger_rate")),
            ),
            public_host=given.pop("url"),
            trusted_proxies=given.pop("trusted_proxies"),
        )
        command(options=ServeOptions(serving=serving, metrics=given.pop("metrics")), **given)

    with_options: Callable[..., None] = serve
    for option in reversed((*_NETWORK_OPTIONS, *_LIMIT_OPTIONS)):
        with_options = option(with_options)
    return with_options
