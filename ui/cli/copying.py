"""Texts to copy into other systems: filling one, and keeping one's own templates."""

import sys

import click

from app.domain.identifiers import parse_subject
from ui.cli.french import FrenchCommand, FrenchGroup
from ui.cli.session import open_desk, session
from ui.cli.values import WORDS
from ui.texts import typeset


@click.group(cls=FrenchGroup)
def copy() -> None:
    """Préparer un texte à copier dans un autre logiciel (i-Milo, vos propres modèles)."""


@copy.command(cls=FrenchCommand)
@click.argument("identifier", metavar="ACCUEIL", type=WORDS)
@click.option("--template", default="imilo", metavar="MODÈLE", type=WORDS, help="Le modèle.")
def show(identifier: str, template: str) -> None:
    """Afficher un accueil selon un modèle, sans ce que la loi dit sensible."""
    from app.usecases.encounters import open_meeting
    from ui.copying_words import copied_text

    given = session()
    with open_desk(given) as desk:
        meeting = open_meeting(desk, parse_subject(identifier))
        text = copied_text(desk, meeting, template)
    given.show({"template": template, "text": text}, text.splitlines())


@copy.command(cls=FrenchCommand, name="list")
def list_all() -> None:
    """Lister les modèles, et les champs qu’ils peuvent contenir."""
    from app.usecases.copying import templates
    from ui.cli.lines import aligned
    from ui.copying_words import FIELDS

    given = session()
    with open_desk(given) as desk:
        found = templates(desk)
    content = {
        "templates": [
            {"code": one.code, "label": one.label, "lines": list(one.lines)} for one in found
        ],
        "fields": dict(FIELDS),
    }
    lines = aligned((one.code, one.label) for one in found)
    fields = aligned((f"{{{name}}}", words) for name, words in FIELDS.items())
    given.show(content, [*lines, "", "Champs", *fields])


@copy.command(cls=FrenchCommand)
@click.argument("code", metavar="CODE", type=WORDS)
@click.option("--label", required=True, metavar="NOM", type=WORDS, help="Le nom du modèle.")
def keep(code: str, label: str) -> None:
    """Garder sur ce poste un modèle, lu sur l’entrée standard ; un même CODE est remplacé."""
    from app.reference.copying import CopyTemplate
    from app.usecases.copying import keep_template
    from ui.copying_words import FIELDS

    given = session()
    template = CopyTemplate(code=code, label=label, lines=tuple(sys.stdin.read().splitlines()))
    with open_desk(given) as desk:
        keep_template(desk, template, known=FIELDS)
    given.show({"kept": code}, [typeset(f"Modèle gardé : {label}.")])


@copy.command(cls=FrenchCommand)
@click.argument("code", metavar="CODE", type=WORDS)
def forget(code: str) -> None:
    """Oublier un modèle écrit sur ce poste ; celui du programme revient s’il en remplaçait un."""
    from app.usecases.copying import forget_template

    given = session()
    with open_desk(given) as desk:
        forget_template(desk, code)
    given.show({"forgotten": code}, [typeset(f"Modèle oublié : {code}.")])
