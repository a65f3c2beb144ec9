"""The information notice: on paper, as it is given today, as it was; giving another text."""

from typing import TYPE_CHECKING

import click

from ui.cli.french import FrenchCommand, FrenchGroup
from ui.cli.lines import aligned
from ui.cli.paper import write_document
from ui.cli.session import open_desk, session
from ui.cli.values import INPUT_FILE, OUTPUT_FILE, WORDS
from ui.texts import day, typeset

if TYPE_CHECKING:
    from pathlib import Path

    from app.usecases.notices import Notice


@click.group(cls=FrenchGroup, invoke_without_command=True)
@click.option(
    "--out",
    type=OUTPUT_FILE,
    metavar="FICHIER",
    help="Fichier PDF à écrire ; s’il existe, il n’est pas touché.",
)
@click.option(
    "--text",
    type=INPUT_FILE,
    metavar="FICHIER",
    help="Texte à essayer (JSON), sans le donner encore, à la place de celui de la structure.",
)
@click.option("--large", is_flag=True, help="En gros caractères (18 points).")
@click.pass_context
def notice(ctx: click.Context, out: "Path | None", text: "Path | None", *, large: bool) -> None:
    """Écrire en PDF la note d’information à remettre à toute personne accueillie."""
    if ctx.invoked_subcommand is not None:
        return
    if out is None:
        param = next(one for one in ctx.command.params if one.name == "out")
        raise click.MissingParameter(ctx=ctx, param=param)
    _print(out, text, large=large)


@notice.command(cls=FrenchCommand)
@click.argument("file", metavar="FICHIER", type=INPUT_FILE)
def write(file: "Path") -> None:
    """Donner un autre texte à partir d’aujourd’hui, sur tous les postes de la structure.

    FICHIER a la forme de celui qu’écrit « notice show --json » ; sa version et son jour sont mis
    par le programme. Les textes d’avant restent lisibles.
    """
    from app.printing.notice import read_notice
    from app.usecases.notices import write_notice

    given = session()
    with open_desk(given) as desk:
        made, changes = write_notice(desk, read_notice(file))
    is_new = bool(changes.topics)
    said = "La note donnée est maintenant" if is_new else "Ce texte est déjà donné :"
    content = {"version": made.text.version, "dated_on": made.text.dated_on, "new": is_new}
    given.show(content, [typeset(f"{said} la version {made.text.version}.")])


@notice.command(cls=FrenchCommand)
@click.argument("version", metavar="[VERSION]", type=WORDS, default="")
def show(version: str) -> None:
    """Afficher le texte donné aujourd’hui, ou celui d’une version."""
    from app.printing.notice import notice_map
    from app.usecases.notices import current_notice, notice_named

    given = session()
    with open_desk(given) as desk:
        found = notice_named(desk, version) if version else current_notice(desk)
    content = {"author": found.author or None, "own": found.is_own, **notice_map(found.text)}
    given.show(content, _lines(found))


@notice.command("list", cls=FrenchCommand)
def list_notices() -> None:
    """Lister les textes donnés, le dernier d’abord."""
    from app.usecases.notices import current_notice, notices

    given = session()
    with open_desk(given) as desk:
        every, present = notices(desk), current_notice(desk)
    content = [
        {
            "version": one.text.version,
            "dated_on": one.text.dated_on,
            "title": one.text.title,
            "author": one.author or None,
            "own": one.is_own,
            "given": one == present,
        }
        for one in every
    ]
    rows = [
        (one.text.version, day(one.text.dated_on), one.author or "le programme", one.text.title)
        for one in every
    ]
    given.show({"notices": content}, aligned(rows))


def _print(out: "Path", text: "Path | None", *, large: bool) -> None:
    from app.printing.document import in_large_print
    from ui.papers.making import words_of
    from ui.papers.own_sheet import notice_of

    given = session()
    with open_desk(given) as desk:
        document = notice_of(words_of(desk, text))
        write_document(given, in_large_print(document) if large else document, out)


def _lines(found: "Notice") -> list[str]:
    text = found.text
    lines = [text.title, f"Version {text.version}, {day(text.dated_on)}", "", text.lead]
    for part in text.parts:
        lines += ["", part.title, *(f"  - {item}" for item in part.items), *part.sentences]
    return [*lines, "", "Vos droits", *(f"  - {right}" for right in text.rights), *text.how_to_ask]
