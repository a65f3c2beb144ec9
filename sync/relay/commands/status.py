"""`deux-portes-relay status`: what the relay holds."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click

from sync.french_usage import FrenchCommand
from sync.relay.commands.opening import (
    answer,
    answer_in_lines,
    database_option,
    json_option,
    opened,
)
from sync.relay.standing import Standing, standing

_WORDS: Mapping[str, str] = {
    "database": "base",
    "database_bytes": "taille de la base (octets)",
    "has_authority": "autorité connue",
    "structures": "structures",
    "machines": "postes",
    "spaces": "espaces",
    "statements": "déclarations",
    "bundles": "paquets",
    "bytes": "taille des paquets (octets)",
    "oldest_bundle_at": "plus ancien paquet",
    "newest_bundle_at": "dernier paquet",
    "pieces": "morceaux de points de reprise",
    "pieces_bytes": "taille de ces morceaux (octets)",
    "partial_uploads": "envois commencés",
    "partial_bytes": "taille des envois commencés (octets)",
    "packs": "annuaires publiés",
    "last_contact_at": "dernier contact d’un poste",
}
_UNKNOWN = "aucun"


@click.command(
    cls=FrenchCommand,
    help="Compter ce que le relais garde.",
)
@database_option
@json_option
def status(database_url: str | None, *, as_json: bool) -> None:
    """Count what the relay holds."""
    with opened(database_url) as database:
        told = _told(database.read(standing))
    if as_json:
        answer(told)
    else:
        answer_in_lines({_WORDS[name]: _in_words(value) for name, value in told.items()})


def _told(held: Standing) -> dict[str, Any]:
    return {
        "database": held.kind,
        "database_bytes": held.database_bytes,
        "has_authority": held.has_authority,
        "structures": held.structures,
        "machines": held.machines,
        "spaces": held.spaces,
        "statements": held.statements,
        "bundles": held.bundles,
        "bytes": held.size_bytes,
        "oldest_bundle_at": _moment(held.oldest_at),
        "newest_bundle_at": _moment(held.newest_at),
        "pieces": held.pieces,
        "pieces_bytes": held.pieces_bytes,
        "partial_uploads": held.partial_uploads,
        "partial_bytes": held.partial_bytes,
        "packs": {kind: _moment(made_s) for kind, made_s in held.packs.items()},
        "last_contact_at": _moment(held.last_contact_at),
    }


def _in_words(value: Any) -> Any:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dict):
        return ", ".join(f"{kind} {count}" for kind, count in value.items()) or _UNKNOWN
    return _UNKNOWN if value is None else value


def _moment(seconds: int | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
