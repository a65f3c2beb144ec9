"""Exchanging with the relay, once."""

import click

from ui.cli.french import FrenchCommand, FrenchGroup
from ui.cli.refusals import DONE, EXCHANGE, complain, error_as_json
from ui.cli.session import open_desk, session
from ui.texts import count, typeset


@click.group(cls=FrenchGroup)
def exchange() -> None:
    """Échanger avec le relais de la Région."""


@exchange.command(cls=FrenchCommand)
def run() -> int:
    """Envoyer ce qui attend et recevoir ce qui est arrivé, une fois.

    Ce qui ne peut pas partir reste ici et partira au prochain échange ; recommencer ne double rien.
    """
    from ui import compose

    given = session()
    with open_desk(given) as desk:
        report = compose.run_exchange(desk)
    content = {
        "pushed": report.pushed,
        "pulled": report.pulled,
        "bytes_up": report.bytes_up,
        "bytes_down": report.bytes_down,
        "took_ms": report.took_ms,
        "bundles_up": report.bundles_up,
        "bundles_down": report.bundles_down,
        "set_aside": report.set_aside,
        "refused": [{"name": one.name.hex(), "code": one.code} for one in report.refused],
    }
    sent = count(report.pushed, "enregistrement envoyé", "enregistrements envoyés")
    given.show(content, [f"Échange terminé. {sent}, {count(report.pulled, 'reçu')}."])
    if not report.refused:
        return DONE
    refused = typeset(
        f"Le relais n’a pas tout pris ({count(len(report.refused), 'refus', 'refus')}) : ce qu’il"
        " a refusé reste sur ce poste. Prévenez la Région si cela dure."
    )
    complain(refused, error_as_json("bundles_refused", refused), as_json=given.as_json)
    return EXCHANGE
