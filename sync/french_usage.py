"""Commands that speak French to their operator: help pages, misuse and errors.

The library behind the commands has English sentences only. The relay and the authority share this
module; the desk has its own, with the options its commands have in common.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any, Final, NoReturn

import click

DONE: Final = 0
INTERRUPTED: Final = 130

_SECTIONS: Final = {"Commands": "Commandes", "Options": "Options"}
_MARKS: Final = {"default: ": "par défaut\u202f: ", "required": "obligatoire"}
_BEFORE_DOUBLE_SIGNS: Final = re.compile(r" (?=[;:!?](?:\s|$))")
_SENTENCES: Final[Sequence[tuple[re.Pattern[str], str]]] = tuple(
    (re.compile(pattern), sentence)
    for pattern, sentence in (
        (r"No such command '(.*)'", "La commande « {0} » n’existe pas."),
        (r"No such option:? '?([^' .]+)", "L’option « {0} » n’existe pas."),
        (r"Got unexpected extra argument \((.*)\)", "Il y a un mot de trop : {0}."),
        (r"Got unexpected extra arguments \((.*)\)", "Il y a des mots de trop : {0}."),
        (r"Option '(.*)' requires an argument", "L’option « {0} » attend une valeur."),
        (r"Option '(.*)' does not take a value", "L’option « {0} » ne prend pas de valeur."),
    )
)
_UNKNOWN: Final = "La commande n’est pas écrite comme attendu."


class FrenchFormatter(click.HelpFormatter):
    """Writes help pages with French headings and typography."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, args, "Utilisation\u202f: " if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Write the name of a section."""
        self.write(f"{'':>{self.current_indent}}{_SECTIONS.get(heading, heading)}\u202f:\n")

    def write_text(self, text: str) -> None:
        """Write a paragraph."""
        super().write_text(typeset(text))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write a list of options or commands."""
        super().write_dl([(name, _told(text)) for name, text in rows], col_max, col_spacing)


class FrenchContext(click.Context):
    """The context of our commands."""

    formatter_class = FrenchFormatter


class FrenchCommand(click.Command):
    """A command with French help, whose every error is French."""

    context_class = FrenchContext

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the help option, described in French."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Afficher cette aide et quitter."
        return option

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run the command and leave with its exit code; errors are said here, not by the library.

        A refusal leaves with 1, a command written wrong with 2, an interruption with 130.
        """
        try:
            ending = super().main(*args, **{**extra, "standalone_mode": False})
        except click.ClickException as error:
            click.echo(_complaint(error), err=True)
            sys.exit(error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            click.echo("Interrompu.", err=True)
            sys.exit(INTERRUPTED)
        sys.exit(ending if isinstance(ending, int) else DONE)


class FrenchGroup(FrenchCommand, click.Group):
    """A word that commands follow."""

    command_class = FrenchCommand
    group_class = type  # the groups below speak French too

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("subcommand_metavar", "COMMANDE [OPTIONS]...")
        super().__init__(*args, **kwargs)


def typeset(text: str) -> str:
    """Put the no-break spaces of French typography into a text written with plain spaces."""
    text = _BEFORE_DOUBLE_SIGNS.sub("\u202f", text)
    return text.replace("« ", "«\u00a0").replace(" »", "\u00a0»")


def _told(text: str) -> str:
    """Translate what the library adds to an option, between square brackets at the end."""
    said, bracket, marks = text.rpartition("[")
    if not bracket or not marks.endswith("]"):
        return typeset(text)
    for english, french in _MARKS.items():
        marks = marks.replace(english, french)
    return typeset(said) + bracket + marks


def _complaint(error: click.ClickException) -> str:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.ctx.get_help()
    said = f"Erreur : {_sentence(error)}"
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        said += f"\n{context.get_usage()}\nAide : {context.command_path} --help"
    return typeset(said)


def _sentence(error: click.ClickException) -> str:
    if not isinstance(error, click.UsageError):
        return error.message
    if isinstance(error, click.MissingParameter):
        return f"Il manque {_parameter(error)}."
    if isinstance(error, click.BadParameter):
        return f"La valeur de {_parameter(error)} est refusée{_reason(error.param)}."
    for pattern, sentence in _SENTENCES:
        if match := pattern.search(error.message):
            return sentence.format(*match.groups())
    return _UNKNOWN


def _parameter(error: click.BadParameter) -> str:
    if isinstance(error.param, click.Argument):
        return f"l’argument {error.param.metavar or error.param.human_readable_name}"
    if isinstance(error.param, click.Option):
        return f"l’option {max(error.param.opts, key=len)}"
    return "un paramètre"


def _reason(parameter: click.Parameter | None) -> str:
    kind = parameter.type if parameter is not None else None
    if isinstance(kind, click.Path):
        return " : ce fichier n’existe pas ou ne peut pas être lu" if kind.exists else ""
    if isinstance(kind, click.IntRange):
        return f" : il faut un nombre entier de {kind.min} à {kind.max}"
    return ""
