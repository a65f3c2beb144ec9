"""`deux-portes-relay serve`: answer machines until the end."""

import logging
from pathlib import Path

import click

from sync.french_usage import FrenchCommand
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
from sync.relay.serve_options import ServeOptions, serving_options
from sync.relay.server import serve as serve_requests


@click.command(
    cls=FrenchCommand,
    help="Répondre aux postes jusqu’à l’arrêt ; le TLS est l’affaire du mandataire.",
)
@database_option
@click.option(
    "--listen",
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
@serving_options
def serve(
    database_url: str | None, listen: str, authority: Path | None, options: ServeOptions
) -> None:
    """Answer machines until SIGTERM. TLS is the reverse proxy's work.

    Several may serve over one database: they hold nothing of their own.
    """
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    host, port = _host_and_port(listen)
    with opened(database_url) as database:
        if authority is not None:
            tell_authority(database, authority)
        key = database.write(identity.own_key)
        authority_key = database.read(identity.served_authority)
        if authority_key is None:
            click.echo("Pas encore d’autorité : tout est refusé. Voir --authority.", err=True)
        relay = Relay(database, key=key, authority_key=authority_key, serving=options.serving)
        shown = f"[{host}]" if ":" in host else host
        try:
            with options.showing_metrics(database):
                serve_requests(
                    relay.application(),
                    host=host,
                    port=port,
                    when_ready=lambda chosen: answer({"url": f"http://{shown}:{chosen}"}),
                    limits=options.serving.limits,
                )
        except OSError as error:
            message = f"impossible d’écouter sur {listen} : {error.strerror}."
            raise click.ClickException(message) from error


def _host_and_port(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal():
        message = "--listen attend HÔTE:PORT."
        raise click.ClickException(message)
    return host.strip("[]"), int(port)
