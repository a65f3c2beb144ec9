"""`deux-portes-relay init`: the relay's key, and the request that the authority certifies."""

from pathlib import Path

import click

from sync.ceremony_files import relay_request
from sync.french_usage import FrenchCommand
from sync.relay import identity
from sync.relay.commands.opening import (
    AUTHORITY_FILE,
    answer,
    answer_in_lines,
    database_option,
    existing_file,
    json_option,
    opened,
    tell_authority,
)


@click.command(
    cls=FrenchCommand,
    help="Créer la clé du relais et la demande que l’autorité certifie.",
)
@database_option
@click.option(
    "--authority",
    "authority",
    type=existing_file,
    required=True,
    metavar="FICHIER",
    help=AUTHORITY_FILE,
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default="relay-request.json",
    show_default=True,
    metavar="FICHIER",
    help="Fichier de la demande à écrire.",
)
@json_option
def init(database_url: str | None, authority: Path, out: Path, *, as_json: bool) -> None:
    """Make the relay's key and its request; doing it again writes the same request."""
    with opened(database_url) as database:
        tell_authority(database, authority)
        request = relay_request(database.write(identity.own_key))
    try:
        out.write_text(request.to_json(), encoding="utf-8")
    except OSError as error:
        message = f"le fichier {out} ne peut pas être écrit."
        raise click.ClickException(message) from error
    if as_json:
        answer({"request": str(out), "relay_key": request.relay_key.hex(), "code": request.spoken})
    else:
        answer_in_lines({"demande à certifier": out, "code à lire à voix haute": request.spoken})
