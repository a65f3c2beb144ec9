"""Referrals sent and received: listing, reading, answering."""

from typing import TYPE_CHECKING

import click

from app.domain.identifiers import parse_subject
from app.domain.referral import (
    ANSWERS_OF_RECIPIENT,
    ANSWERS_OF_SENDER,
    BY_PAPER,
    BY_RELAY,
    BY_TELEPHONE,
    HERE,
)
from ui.cli.french import FrenchCommand, FrenchGroup
from ui.cli.session import Session, open_desk, session
from ui.cli.values import WORDS, OneOf

if TYPE_CHECKING:
    from app.domain.identifiers import SubjectId
    from app.usecases.desk import Desk

_ROUTES = (BY_RELAY, BY_TELEPHONE, BY_PAPER, HERE)
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
        _show(given, desk, parse_subject(identifier))


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
    type=OneOf(_ROUTES),
    default=BY_RELAY,
    metavar="VOIE",
    help=f"Comment la réponse est venue : {', '.join(_ROUTES)}.",
)
@click.argument("identifier", metavar="IDENTIFIANT", type=WORDS)
def answer(identifier: str, status: str, reason: str, message: str, route: str) -> None:
    """Répondre à une mise en relation ; la réponse part au prochain échange."""
    from app.usecases.referrals import Answer, answer_referral

    given = session()
    with open_desk(given) as desk:
        subject = parse_subject(identifier)
        answer_referral(
            desk, subject, Answer(status=status, reason=reason, message=message, route=route)
        )
        _show(given, desk, subject)


def _show(given: Session, desk: "Desk", subject: "SubjectId") -> None:
    from app.usecases.referrals import open_referral
    from ui.cli.lines import referral_lines
    from ui.cli.shapes import details_shape, referral_shape

    line = open_referral(desk, subject)
    content = referral_shape(line) | {"details": details_shape(line.details)}
    given.show(content, referral_lines(line, desk.reference.vocabularies))
