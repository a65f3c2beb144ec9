"""The command line as a whole: its words, and how it ends."""

import os
import sys
from collections.abc import Sequence

import click

from app.domain.errors import AppError
from ui.cli.faces import Faces, faces
from ui.cli.french import FrenchGroup
from ui.cli.refusals import (
    DONE,
    FAULT,
    INTERRUPTED,
    MEANINGS,
    USAGE,
    complain,
    error_as_json,
    exit_code,
    refusal_as_json,
    refusal_of,
)
from ui.cli.session import session
from ui.cli.usage_words import usage_advice, usage_sentence
from ui.texts import sentence_for, typeset, unexpected

PROGRAM = "deux-portes"

_MODULES = {
    "init": "ui.cli.workspace",
    "status": "ui.cli.workspace",
    "rebuild": "ui.cli.workspace",
    "reception": "ui.cli.reception",
    "person": "ui.cli.person",
    "referral": "ui.cli.referral",
    "notice": "ui.cli.notice",
    "copy": "ui.cli.copying",
    "register": "ui.cli.register",
    "exchange": "ui.cli.exchange",
    "stick": "ui.cli.stick",
    "structure": "ui.cli.structure",
    "join": "ui.cli.structure_joining",
    "agent": "ui.cli.agent",
    "match": "ui.cli.match",
    "directory": "ui.cli.directory",
    "commune": "ui.cli.commune",
    "practice": "ui.cli.practice",
    "invent": "ui.cli.invent",
}
_INTERRUPTED = typeset("Interrompu. Ce qui a été annoncé comme enregistré l’est.")
_CODES = "\n".join(f"{code:>3}  {meaning}" for code, meaning in MEANINGS)


@click.group(
    cls=FrenchGroup,
    modules=_MODULES,
    invoke_without_command=True,
    epilog=f"\b\nCodes de sortie :\n{_CODES}",
)
@click.option("--check", is_flag=True, help="Construire toutes les fenêtres, puis quitter.")
@click.option("--version", is_flag=True, help="Afficher la version et quitter.")
@click.pass_context
def deux_portes(ctx: click.Context, *, check: bool, version: bool) -> int:
    """Deux Portes : accueil et mise en relation entre structures, avec ou sans réseau.

    Sans commande, ouvre le programme. Les options communes se placent avant ou après les mots d’une
    commande. La phrase de passe vient de la variable DEUX_PORTES_PASSPHRASE, d’un fichier, ou du
    clavier ; jamais d’un argument.
    """
    if version:
        from importlib.metadata import version as version_of

        click.echo(f"Deux Portes {version_of(PROGRAM)}")
        ctx.exit(DONE)
    if ctx.invoked_subcommand is not None:
        return DONE
    given = session()
    if check:
        return faces().check(given.workspace)
    return faces().desktop(given.workspace, given.agent)


def run(words: Sequence[str], windows: Faces) -> int:
    """Run one command and return its exit code; every end has its sentence, none a stack.

    Args:
        words: what follows the program's name.
        windows: what opens the desktop and the practice desk.
    """
    try:
        # Not through click's own `main`: it prints and leaves as it likes.
        with deux_portes.make_context(PROGRAM, list(words), obj=windows) as context:
            ending = deux_portes.invoke(context)
        # A reader who went away is met here, and not at the interpreter's end.
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        return end.exit_code
    except BrokenPipeError:
        return _reader_left()
    except (Exception, KeyboardInterrupt) as error:
        return _ended_badly(error, as_json="--json" in words)
    return ending if isinstance(ending, int) else DONE


def _ended_badly(error: BaseException, *, as_json: bool) -> int:
    if isinstance(error, AppError):
        complain(sentence_for(error), refusal_as_json(error), as_json=as_json)
        return exit_code(error)
    if isinstance(error, click.ClickException):
        return _misused(error, as_json=as_json)
    if isinstance(error, click.Abort | KeyboardInterrupt | EOFError):
        complain(_INTERRUPTED, error_as_json("interrupted", _INTERRUPTED), as_json=as_json)
        return INTERRUPTED
    return _fault(error, as_json=as_json)


def _misused(error: click.ClickException, *, as_json: bool) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and not as_json:
        click.echo(error.ctx.get_help(), err=True)
        return USAGE
    message = usage_sentence(error)
    said = "\n".join(filter(None, (message, usage_advice(error))))
    complain(said, error_as_json("usage", message), as_json=as_json)
    return USAGE


def _fault(error: BaseException, *, as_json: bool) -> int:
    """Log a fault of ours; what the system said of a file is told as the disk's refusal."""
    from ui.fault_log import record_fault

    log = record_fault(error)
    if isinstance(error, OSError):
        refusal = refusal_of(error)
        complain(sentence_for(refusal), refusal_as_json(refusal), as_json=as_json)
        return exit_code(refusal)
    message = unexpected(log)
    content = error_as_json("unexpected", message, log=str(log) if log else None)
    complain(message, content, as_json=as_json)
    return FAULT


def _reader_left() -> int:
    """End quietly when what read our output stopped reading (`| head`)."""
    # The interpreter flushes once more when it ends; nobody is there to read.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return FAULT
