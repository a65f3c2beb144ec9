"""Referrals sent and received: listing, reading, answering."""

from typing import TYPE_CHECKING

import click

from app.domain.identifiers import parse_subject
from app.domain.referral import (
    ANSWERS_OF_RECIPIENT,
    ANSWERS_OF_SENDER,
    BY_RELAY,
    ROUTES,
)
from ui.cli.french import FrenchCommand, FrenchGroup
from ui.cli.paper import locked_lines, paper_options, write_paper
from ui.cli.referral_changes import cancel, correct, find, reorient, resend, resume
from ui.cli.referral_shown import show_referral
from ui.cli.session import open_desk, session
from ui.cli.values import WORDS, OneOf

if TYPE_CHECKING:
    from pathlib import Path


_NONE_YET = (
    "Aucune mise en relation. Celles que vous recevez arrivent avec « deux-portes exchange run »."
)


@click.group(cls=FrenchGroup)
def referral() -> None:
    """Suivre les mises en relation et y répondre."""


@referral.command("list", cls=FrenchCommand)
@click.option(
    "--direction",
    type=OneOf(("in", "out")),
    metavar="in|out",
    help="Reçues (in) ou envoyées (out) seulement.",
)
def list_all(direction: str | None) -> None:
    """Lister les mises en relation, les dernières d’abord, chacune avec son historique."""
    from app.usecases.referrals import list_referrals
    from ui.cli.lines import referral_rows
    from ui.cli.shapes import referral_shape

    given = session()
    with open_desk(given) as desk:
        lines = list_referrals(desk, direction or "")
        content = {"referrals": [referral_shape(line) for line in lines]}
        given.show(content, referral_rows(lines, desk.reference.vocabularies) or [_NONE_YET])


@referral.command(cls=FrenchCommand)
@click.argument("identifier", metavar="IDENTIFIANT", type=WORDS)
def show(identifier: str) -> None:
    """Afficher une mise en relation, ce qui en a été transmis et son historique."""
    given = session()
    with open_desk(given) as desk:
        show_referral(given, desk, parse_subject(identifier))


@referral.command(cls=FrenchCommand)
@click.option(
    "--status",
    type=OneOf((*ANSWERS_OF_RECIPIENT, *ANSWERS_OF_SENDER)),
    required=True,
    metavar="ÉTAT",
    help=f"Réponse : {', '.join((*ANSWERS_OF_RECIPIENT, *ANSWERS_OF_SENDER))}.",
)
@click.option(
    "--reason",
    type=WORDS,
    default="",
    metavar="RAISON",
    help="Raison d’un refus, du vocabulaire refusal_reason.",
)
@click.option("--message", type=WORDS, default="", metavar="TEXTE", help="Mot joint à la réponse.")
@click.option(
    "--route",
    type=OneOf(ROUTES),
    default=BY_RELAY,
    metavar="VOIE",
    help=f"Comment la réponse est venue : {', '.join(ROUTES)}.",
)
@click.option(
    "--proposed",
    type=WORDS,
    default="",
    metavar="STRUCTURE",
    help="Avec un refus, référence de la structure qui conviendrait.",
)
@click.argument("identifier", metavar="IDENTIFIANT", type=WORDS)
def answer(identifier: str, message: str, **said: str) -> None:
    """Répondre à une mise en relation ; la réponse part au prochain échange."""
    from app.domain.personal_numbers import personal_numbers
    from app.usecases.referrals import Answer, answer_referral

    given = session()
    with open_desk(given) as desk:
        subject = parse_subject(identifier)
        answer_referral(desk, subject, Answer(message=message, **said))
        masked = ["message"] if personal_numbers(message) else []
        show_referral(given, desk, subject, masked)


@referral.command(cls=FrenchCommand)
@paper_options
@click.argument("identifier", metavar="IDENTIFIANT", type=WORDS)
def sheet(identifier: str, out: "Path", *, large: bool) -> None:
    """Écrire en PDF la fiche de liaison, avec sa réponse à détacher."""
    from ui.papers.making import SLIP, Subject

    given = session()
    with open_desk(given) as desk:
        subject = Subject(referral=parse_subject(identifier))
        write_paper(given, desk, (SLIP, subject), out, large=large)


@referral.command(cls=FrenchCommand)
@paper_options
@click.argument("identifier", metavar="IDENTIFIANT", type=WORDS)
def file(identifier: str, out: "Path", *, large: bool) -> None:
    """Écrire la fiche en PDF chiffré, pour une structure sans le programme.

    Le mot de passe s’affiche une seule fois : dites-le par téléphone, jamais dans le même message
    que le fichier. Perdu, il n’est retrouvé par personne : refaites le fichier.
    """
    from ui.papers.making import refuse_existing, write_new
    from ui.papers.slip_file import write_slip_file

    given = session()
    with open_desk(given) as desk:
        refuse_existing(out)
        made = write_slip_file(desk, parse_subject(identifier), out, write_new, is_large=large)
    content = {"file": str(out), "bytes": made.size_bytes, "passphrase": "".join(made.passphrase)}
    given.show(content, locked_lines(out, made.passphrase))


@referral.command(cls=FrenchCommand)
@click.argument("identifier", metavar="IDENTIFIANT", type=WORDS)
def sms(identifier: str) -> None:
    """Afficher le texte à copier dans un SMS : où aller, jamais qui ni pourquoi."""
    from ui.papers.making import sms_for

    given = session()
    with open_desk(given) as desk:
        message = sms_for(desk, parse_subject(identifier))
    content = {
        "text": message.text,
        "alphabet": message.alphabet,
        "units": message.units,
        "parts": message.parts,
    }
    given.show(content, [message.text])


for _command in (find, cancel, resume, correct, resend, reorient):
    referral.add_command(_command)
