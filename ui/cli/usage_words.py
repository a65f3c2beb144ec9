"""What click refuses, said in French: its own sentences are English."""

import re
from collections.abc import Sequence

import click

from ui.texts import typeset

_SENTENCES: Sequence[tuple[re.Pattern[str], str]] = tuple(
    (re.compile(pattern), sentence)
    for pattern, sentence in (
        (r"No such command '(.*)'", "La commande « {0} » n’existe pas."),
        (r"No such option:? '?([^' .]+)", "L’option « {0} » n’existe pas."),
        (r"Got unexpected extra arguments? \((.*)\)", "Il y a des mots de trop : {0}."),
        (r"Option '(.*)' requires an argument", "L’option « {0} » attend une valeur."),
        (r"Option '(.*)' requires (\d+) arguments", "L’option « {0} » attend {1} valeurs."),
        (r"Option '(.*)' does not take a value", "L’option « {0} » ne prend pas de valeur."),
        (r"Missing command", "Il manque une commande."),
    )
)
_UNKNOWN = "La commande n’est pas écrite comme attendu."


class WrongUsageError(click.UsageError):
    """The words given do not make a command; the message is a French sentence of ours."""


def usage_sentence(error: click.ClickException) -> str:
    """Return what to say of a usage error, without click's own words."""
    if isinstance(error, WrongUsageError):
        return typeset(error.message)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return "Il manque une commande."
    if isinstance(error, click.MissingParameter):
        return typeset(f"Il manque {_parameter(error)}.")
    if isinstance(error, click.BadParameter):
        return typeset(f"La valeur de {_parameter(error)} est refusée : {error.message}")
    for pattern, sentence in _SENTENCES:
        if match := pattern.search(error.message):
            return typeset(sentence.format(*match.groups())) + _suggestions(error)
    return typeset(_UNKNOWN)


def usage_advice(error: click.ClickException) -> str:
    """Return the usage line of the command and how to read its help, "" when there is none."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None:
        return ""
    help_line = f"Aide : {context.command_path} --help"
    return typeset(f"{context.get_usage()}\n{help_line}")


def _parameter(error: click.BadParameter) -> str:
    if isinstance(error.param, click.Argument):
        name = error.param.metavar or str(error.param.name).upper()
        return f"l’argument {name.strip('[].')}"
    if isinstance(error.param, click.Option):
        return f"l’option {max(error.param.opts, key=len)}"
    return "un paramètre"


def _suggestions(error: click.ClickException) -> str:
    close = getattr(error, "possibilities", None)
    return typeset(f" Vouliez-vous dire : {', '.join(close)} ?") if close else ""
