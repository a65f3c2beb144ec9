"""What people ask about what is kept of them, and the agreements they take back."""

import click

from app.domain.identifiers import id_text, parse_subject
from ui.cli.french import FrenchCommand
from ui.cli.session import open_desk, session
from ui.cli.values import WORDS
from ui.texts import count, day, typeset

_KINDS = "acces, rectification, opposition ou effacement"
_ANSWERS = "fait, fait_en_partie, refuse ou retire"


@click.command(cls=FrenchCommand)
@click.option("--kind", type=WORDS, required=True, metavar="SORTE", help=f"{_KINDS}.")
@click.option(
    "--asked-on",
    type=WORDS,
    default="",
    metavar="JOUR",
    help="Jour de la demande, si elle est sur papier (AAAA-MM-JJ) ; aujourd’hui sinon.",
)
@click.option("--words", type=WORDS, default="", metavar="TEXTE", help="Ses mots.")
@click.argument("identifier", metavar="IDENTIFIANT", type=WORDS)
def request(identifier: str, kind: str, asked_on: str, words: str) -> None:
    """Noter ce qu’une personne demande sur ses données. Une réponse est due dans le mois."""
    from app.usecases.rights import ask, open_request
    from ui.cli.lines import request_rows
    from ui.cli.person import person_named
    from ui.cli.shapes import request_shape

    given = session()
    with open_desk(given) as desk:
        made, _changes = ask(
            desk, person_named(desk, identifier), kind, asked_on=asked_on, words=words
        )
        line = open_request(desk, made)
        given.show(request_shape(line), request_rows([line], desk.reference.vocabularies))


@click.command(cls=FrenchCommand)
@click.option("--open", "only_open", is_flag=True, help="Seulement celles qui attendent.")
@click.argument("identifier", metavar="[IDENTIFIANT]", type=WORDS, default="")
def requests(identifier: str, *, only_open: bool) -> None:
    """Lister les demandes, celles qui attendent leur réponse d’abord."""
    from app.usecases import rights
    from ui.cli.lines import request_rows
    from ui.cli.person import person_named
    from ui.cli.shapes import request_shape

    given = session()
    with open_desk(given) as desk:
        person = person_named(desk, identifier) if identifier else None
        lines = rights.requests(desk, person=person, only_open=only_open)
        rows = request_rows(lines, desk.reference.vocabularies)
        given.show({"requests": list(map(request_shape, lines))}, rows or ["Aucune demande."])


@click.command(cls=FrenchCommand)
@click.option("--answer", type=WORDS, required=True, metavar="RÉPONSE", help=f"{_ANSWERS}.")
@click.option(
    "--words",
    type=WORDS,
    default="",
    metavar="TEXTE",
    help="Ce qui est dit à la personne ; il le faut pour refuser, même en partie.",
)
@click.argument("request", metavar="DEMANDE", type=WORDS)
def answer_request(request: str, answer: str, words: str) -> None:
    """Noter la réponse donnée à une demande. Effacer se fait par « person erase »."""
    from app.usecases import rights
    from ui.cli.lines import request_rows
    from ui.cli.shapes import request_shape

    given = session()
    with open_desk(given) as desk:
        name = parse_subject(request)
        rights.answer_request(desk, name, rights.RequestAnswer(answer=answer, words=words))
        line = rights.open_request(desk, name)
        given.show(request_shape(line), request_rows([line], desk.reference.vocabularies))


@click.command(cls=FrenchCommand)
@click.argument("agreement", metavar="ACCORD", type=WORDS)
def withdraw(agreement: str) -> None:
    """Retirer un accord, comme la personne le demande. Ce qu’il permettait s’arrête.

    ACCORD est un identifiant que « person show » donne. Les mises en relation qu’il permettait sont
    retirées, et leur destinataire l’apprend au prochain échange.
    """
    from app.usecases.withdrawals import what_stops, withdraw_agreement

    given = session()
    with open_desk(given) as desk:
        name = parse_subject(agreement)
        stopping = what_stops(desk, name)
        withdraw_agreement(desk, name)
        today = desk.now().astimezone().date()
    stopped = [id_text(line.referral) for line in stopping.referrals]
    said = f"Accord retiré le {day(today)}."
    if stopped:
        said += f" Retirée aussi : {count(len(stopped), 'mise en relation', 'mises en relation')}."
    content = {"agreement": id_text(name), "withdrawn_on": today.isoformat(), "stopped": stopped}
    given.show(content, [typeset(said)])
