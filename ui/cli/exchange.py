"""Exchanging with the relay, once."""

from pathlib import Path

import click

from ui.cli.checkpoints import checkpoint
from ui.cli.french import FrenchCommand, FrenchGroup
from ui.cli.packs import imported_lines, imported_now, imported_shape
from ui.cli.refusals import DONE, EXCHANGE, complain, error_as_json
from ui.cli.session import open_desk, session
from ui.cli.values import INPUT_FILE, WORDS
from ui.exchange_words import ASIDE, kind_words
from ui.texts import count, typeset

RECORD_STATES = ("pending", "on_stick", "sent", "acknowledged", "received", "pulled", "confined")


@click.group(cls=FrenchGroup)
def exchange() -> None:
    """Échanger avec le relais de la Région."""


@exchange.command(cls=FrenchCommand)
def run() -> int:
    """Envoyer ce qui attend et recevoir ce qui est arrivé, une fois.

    Ce qui ne peut pas partir reste ici et partira au prochain échange ; recommencer ne double rien.
    """
    from ui import compose_exchange

    given = session()
    with open_desk(given) as desk:
        report = compose_exchange.run_exchange(desk)
        arrived = imported_now(desk)
    content = {
        "pushed": report.pushed,
        "pulled": report.pulled,
        "bytes_up": report.bytes_up,
        "bytes_down": report.bytes_down,
        "took_ms": report.took_ms,
        "bundles_up": report.bundles_up,
        "bundles_down": report.bundles_down,
        "set_aside": report.set_aside,
        "resent": report.resent,
        "refused": [{"name": one.name.hex(), "code": one.code} for one in report.refused],
        "directory": imported_shape(arrived),
    }
    sent = count(report.pushed, "enregistrement envoyé", "enregistrements envoyés")
    said = f"Échange terminé. {sent}, {count(report.pulled, 'reçu')}."
    given.show(content, [said, *imported_lines(arrived)])
    if not report.refused:
        return DONE
    refused = typeset(
        f"Le relais n’a pas tout pris ({count(len(report.refused), 'refus', 'refus')}) : ce qu’il"
        " a refusé reste sur ce poste. Prévenez la Région si cela dure."
    )
    complain(refused, error_as_json("bundles_refused", refused), as_json=given.as_json)
    return EXCHANGE


exchange.add_command(checkpoint)


@exchange.command(cls=FrenchCommand)
def quarantine() -> None:
    """Lister ce qui est mis à part : la raison, le poste, depuis quand.

    Ce qui attend une clé ou un certificat entre de lui-même quand ils arrivent ; ce qu’un poste
    retiré a écrit après coup attend « structure accept-late ».
    """
    from ui import compose_machines
    from ui.cli.lines import aligned
    from ui.texts import day, utc_text

    given = session()
    with open_desk(given) as desk:
        found = compose_machines.set_aside(desk)
    content = [
        {
            "reason": one.reason,
            "machine": one.machine.hex() if one.machine else None,
            "code": one.code or None,
            "structure": one.structure or None,
            "bundles": one.bundles,
            "since": utc_text(one.since_s) if one.since_s else None,
        }
        for one in found
    ]
    rows = aligned(
        (
            ASIDE.get(one.reason, one.reason),
            one.code or "poste inconnu",
            one.structure,
            count(one.bundles, "envoi"),
            f"depuis le {day(utc_text(one.since_s))}" if one.since_s else "",
        )
        for one in found
    )
    given.show({"quarantine": content}, rows or ["Rien n’est mis à part."])


@exchange.command(cls=FrenchCommand)
@click.argument("state", metavar="ÉTAT", type=click.Choice(RECORD_STATES))
def records(state: str) -> None:
    """Lister les enregistrements d’un état, les derniers d’abord, cinq cents au plus.

    ÉTAT est un de ceux que compte « status » : pending, on_stick, sent, acknowledged, received,
    pulled ou confined.
    """
    from app.usecases.exchange_records import exchange_records
    from ui.cli.lines import aligned
    from ui.cli.shapes import record_shape
    from ui.texts import moment

    given = session()
    with open_desk(given) as desk:
        found = exchange_records(desk, state)
    rows = aligned(
        (
            moment(one.at_s) if one.at_s else "",
            kind_words(one.kind),
            one.author,
            one.partner,
            f"reçu par {', '.join(one.holders)}" if one.holders else "",
        )
        for one in found
    )
    content = {"state": state, "records": [record_shape(one) for one in found]}
    given.show(content, rows or ["Aucun enregistrement dans cet état."])


@exchange.command(cls=FrenchCommand)
@click.option(
    "--ca",
    type=INPUT_FILE,
    metavar="FICHIER",
    help="Certificats (PEM) à croire au lieu des autorités publiques.",
)
@click.option("--public-ca", is_flag=True, help="Croire de nouveau les autorités publiques.")
@click.option("--proxy", type=WORDS, metavar="URL", help="Passer par ce proxy.")
@click.option("--no-proxy", is_flag=True, help="Ne plus passer par un proxy.")
def configure(ca: Path | None, proxy: str | None, *, public_ca: bool, no_proxy: bool) -> None:
    """Dire comment joindre le relais d’ici : autorité privée, proxy. Sans option, le montrer.

    Le certificat du relais est toujours vérifié. C’est le service informatique du lieu qui donne
    le fichier et l’adresse.
    """
    from ui import compose_exchange

    given = session()
    with open_desk(given) as desk:
        settings = compose_exchange.configure_connection(
            desk,
            ca=b"" if public_ca else None if ca is None else ca.read_bytes(),
            proxy="" if no_proxy else proxy,
        )
    shown = settings.proxy_shown
    content = {"ca": list(settings.ca_names), "proxy": shown or None}
    lines = (
        f"Certificats crus : {', '.join(settings.ca_names) or 'ceux des autorités publiques'}",
        f"Proxy : {shown or 'aucun'}",
    )
    given.show(content, map(typeset, lines))
