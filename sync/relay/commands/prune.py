"""`deux-portes-relay prune`: drop what nobody needs any more."""

import time

import click

from sync.french_usage import FrenchCommand
from sync.relay.commands.opening import (
    answer,
    answer_in_lines,
    database_option,
    json_option,
    opened,
)
from sync.relay.prune import prune as remove_useless
from sync.relay.prune import useless

_WORDS = {
    "partial_uploads": "envois abandonnés",
    "finished_uploads": "débuts de paquets entiers",
    "nonces": "nonces anciens",
    "stray_pack_parts": "morceaux d’anciens annuaires",
    "covered_bundles": "paquets remplacés par un point de reprise",
    "unnamed_pieces": "morceaux d’anciens points de reprise",
}


@click.command(
    cls=FrenchCommand,
    help="Supprimer ce qui ne sert plus : envois abandonnés, nonces anciens.",
)
@database_option
@click.option("--dry-run", is_flag=True, help="Compter seulement, ne rien supprimer.")
@json_option
def prune(database_url: str | None, *, dry_run: bool, as_json: bool) -> None:
    """Drop what is useless while the relay serves, or only count it."""
    now = int(time.time())
    with opened(database_url) as database:
        counts = useless(database, now=now) if dry_run else remove_useless(database, now=now)
    if as_json:
        answer({"dry_run": dry_run, "removed": counts})
    else:
        answer_in_lines({_WORDS.get(name, name): count for name, count in counts.items()})
