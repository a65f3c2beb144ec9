"""Commands with French help, which all take the same few options before or after the words."""

import importlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from ui.cli.values import FOLDER, INPUT_FILE, WORDS
from ui.texts import typeset

GIVEN = "deux-portes.given"
"""Where the context keeps the options common to every command, by name."""

_SECTIONS = {"Commands": "Commandes", "Options": "Options"}


class FrenchFormatter(click.HelpFormatter):
    """Writes help pages with French headings and typography."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, args, typeset("Utilisation : ") if prefix is None else prefix)

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
        super().write_dl([(name, typeset(text)) for name, text in rows], col_max, col_spacing)


class FrenchContext(click.Context):
    """The context of our commands."""

    formatter_class = FrenchFormatter


def _note(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Remember a common option wherever it was given; the innermost wins."""
    if value not in {None, False}:
        ctx.meta.setdefault(GIVEN, {})[param.name] = value


def _common_options() -> tuple[click.Option, ...]:
    def option(*names: str, **settings: Any) -> click.Option:
        return click.Option(names, expose_value=False, callback=_note, **settings)

    return (
        option(
            "--workspace",
            type=FOLDER,
            metavar="DOSSIER",
            help="Dossier de l’espace de travail (ou variable DEUX_PORTES_WORKSPACE).",
        ),
        option("--json", is_flag=True, help="Répondre en JSON, erreurs comprises."),
        option("--agent", type=WORDS, metavar="NOM", help="Agent qui ouvre l’espace de travail."),
        option(
            "--passphrase-file",
            type=INPUT_FILE,
            metavar="FICHIER",
            help="Fichier qui contient la phrase de passe (ou variable DEUX_PORTES_PASSPHRASE).",
        ),
        option(
            "--recovery",
            is_flag=True,
            help="Ouvrir avec le code de secours imprimé, donné à la place de la phrase de passe.",
        ),
    )


COMMON_OPTIONS = _common_options()


class FrenchCommand(click.Command):
    """A command with French help and the common options."""

    context_class = FrenchContext

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the command's own parameters, then the common options."""
        return [*super().get_params(ctx), *COMMON_OPTIONS]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the help option, described in French."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Afficher cette aide et quitter."
        return option

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of the command, then the common ones apart."""
        own = [param for param in self.get_params(ctx) if param not in COMMON_OPTIONS]
        _write_options(ctx, formatter, "Options", own)
        _write_options(ctx, formatter, "Options communes", COMMON_OPTIONS)


class FrenchGroup(FrenchCommand, click.Group):
    """A word that commands follow; those named in `modules` are imported when they are used."""

    def __init__(self, *args: Any, modules: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("subcommand_metavar", "COMMANDE [OPTIONS]...")
        super().__init__(*args, **kwargs)
        self._modules = dict(modules or {})

    command_class = FrenchCommand

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order one meets them."""
        return [*self._modules, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, imported now if need be."""
        if cmd_name in self._modules and cmd_name not in self.commands:
            module = importlib.import_module(self._modules[cmd_name])
            command: click.Command = getattr(module, cmd_name.replace("-", "_"))
            return command
        return super().get_command(ctx, cmd_name)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands first: they are what one looks for."""
        self.format_commands(ctx, formatter)
        super().format_options(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, each with the first sentence of its help."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, _first_sentence(command)) for name, command in found if command]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


def _first_sentence(command: click.Command) -> str:
    sentence, _, _ = (command.help or "").replace("\n", " ").partition(". ")
    return sentence.partition("  ")[0].removesuffix(".")


def _write_options(
    ctx: click.Context,
    formatter: click.HelpFormatter,
    heading: str,
    options: Sequence[click.Parameter],
) -> None:
    rows = [
        record
        for option in options
        if isinstance(option, click.Option) and (record := option.get_help_record(ctx))
    ]
    if rows:
        with formatter.section(heading):
            formatter.write_dl(rows)
