"""`deux-portes-relay serve`: answer machines until the end."""

import logging
import socket
from collections.abc import Callable
from pathlib import Path

import click

from sync.french_usage import FrenchCommand, typeset
from sync.relay import identity
from sync.relay.app import Relay
from sync.relay.commands.opening import (
    AUTHORITY_FILE,
    AUTHORITY_VARIABLE,
    answer,
    database_option,
    existing_file,
    opened,
    tell_authority,
)
from sync.relay.database import Database
from sync.relay.serve_options import ServeOptions, serving_options
from sync.relay.server import listening_on, serve_on
from sync.relay.workers import Work, WorkerDidNotStartError, Workers, can_have_several

_WORKERS_MAX = 64


@click.command(
    cls=FrenchCommand,
    help="Répondre aux postes jusqu’à l’arrêt ; le TLS est l’affaire du mandataire.",
)
@database_option
@click.option(
    "--listen",
    envvar="DEUX_PORTES_RELAY_LISTEN",
    default="127.0.0.1:8470",
    show_default=True,
    metavar="HÔTE:PORT",
    help="Adresse où écouter.",
)
@click.option(
    "--authority",
    "authority",
    type=existing_file,
    envvar=AUTHORITY_VARIABLE,
    metavar="FICHIER",
    help=f"{AUTHORITY_FILE[:-1]} ; la première fois seulement.",
)
@click.option(
    "--workers",
    envvar="DEUX_PORTES_RELAY_WORKERS",
    type=click.IntRange(min=1, max=_WORKERS_MAX),
    metavar="NOMBRE",
    default=1,
    show_default=True,
    help="Processus qui répondent ensemble, sur la même base.",
)
@serving_options
def serve(
    database_url: str | None,
    listen: str,
    authority: Path | None,
    workers: int,
    options: ServeOptions,
) -> None:
    """Answer machines until SIGTERM. TLS is the reverse proxy's work.

    Several processes may serve over one database: they hold nothing of their own.
    """
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    host, port = _host_and_port(listen)
    _prepare(database_url, authority)
    listening = _listening(listen, host, port)
    shown = f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{listening.getsockname()[1]}"

    def work(worker: int, when_ready: Callable[[], None]) -> None:
        with opened(database_url) as database:
            _answer(database, listening, options, worker=worker, when_ready=when_ready)

    if workers == 1:
        work(0, lambda: answer({"url": url}))
    else:
        _work_together(workers, work, lambda: answer({"url": url}))


def _prepare(database_url: str | None, authority: Path | None) -> None:
    """Bring the database up to date, and see that the relay has its key, before anybody asks."""
    with opened(database_url) as database:
        if authority is not None:
            tell_authority(database, authority)
        database.write(identity.own_key)
        if database.read(identity.served_authority) is None:
            click.echo("Pas encore d’autorité : tout est refusé. Voir --authority.", err=True)


def _answer(
    database: Database,
    listening: socket.socket,
    options: ServeOptions,
    *,
    worker: int,
    when_ready: Callable[[], None],
) -> None:
    relay = Relay(
        database,
        key=database.write(identity.own_key),
        authority_key=database.read(identity.served_authority),
        serving=options.serving,
    )
    try:
        shown = options.showing_metrics(database, worker=worker)
    except OSError as error:
        message = f"les mesures ne peuvent pas être montrées : {error.strerror}."
        raise click.ClickException(message) from error
    with shown:
        serve_on(
            relay.application(),
            listening,
            when_ready=lambda _port: when_ready(),
            limits=options.serving.limits,
        )


def _work_together(count: int, work: Work, when_ready: Callable[[], None]) -> None:
    if not can_have_several():
        message = "plusieurs processus : impossible sur ce système. Retirez --workers."
        raise click.ClickException(message)
    try:
        Workers(count, _told_apart(work)).run(when_ready)
    except WorkerDidNotStartError as error:
        message = "un des processus n’a pas pu commencer ; tous sont arrêtés."
        raise click.ClickException(message) from error


def _told_apart(work: Work) -> Work:
    """Say a refusal in its words where it happens: another process does not see it."""

    def told(worker: int, when_ready: Callable[[], None]) -> None:
        try:
            work(worker, when_ready)
        except click.ClickException as refused:
            click.echo(typeset(f"Erreur : {refused.format_message()}"), err=True)
            raise SystemExit(refused.exit_code) from refused

    return told


def _listening(listen: str, host: str, port: int) -> socket.socket:
    try:
        return listening_on(host, port)
    except OSError as error:
        message = f"impossible d’écouter sur {listen} : {error.strerror}."
        raise click.ClickException(message) from error


def _host_and_port(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal():
        message = "--listen attend HÔTE:PORT."
        raise click.ClickException(message)
    return host.strip("[]"), int(port)
