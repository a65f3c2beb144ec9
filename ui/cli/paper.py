"""Papers written as PDF where somebody asks for them."""

from typing import TYPE_CHECKING, Any

import click

from ui.cli.session import Session
from ui.cli.values import OUTPUT_FILE
from ui.texts import typeset

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.printing.document import Document
    from app.usecases.desk import Desk
    from ui.papers.making import Subject

_OUT = click.option(
    "--out",
    type=OUTPUT_FILE,
    required=True,
    metavar="FICHIER",
    help="Fichier PDF à écrire ; s’il existe, il n’est pas touché.",
)
_LARGE = click.option("--large", is_flag=True, help="En gros caractères (18 points).")


def paper_options(command: "Callable[..., Any]") -> "Callable[..., Any]":
    """Give a command the options of a paper: where it is written, in which letters."""
    return _OUT(_LARGE(command))


def write_paper(
    given: Session, desk: "Desk", wanted: "tuple[str, Subject]", out: "Path", *, large: bool
) -> None:
    """Make a paper and write it; see `ui.papers.making`.

    Raises:
        UnknownRecordError, PrintingError, DiskFullError, DiskRefusedError.
    """
    from ui.papers.making import document_of

    paper, subject = wanted
    write_document(given, document_of(desk, paper, subject, is_large=large), out)


def write_document(given: Session, document: "Document", out: "Path") -> None:
    """Write a paper as a new file and say so."""
    from app.printing.pdf import pdf_of
    from ui.papers.making import refuse_existing, write_new

    refuse_existing(out)
    content = pdf_of(document)
    write_new(out, content)
    said = f"{document.title} : {out}, lisible par vous seul."
    given.show({"file": str(out), "bytes": len(content)}, [typeset(said)])


def locked_lines(file: "Path", passphrase: "Sequence[str]") -> list[str]:
    """Return what to say of an encrypted file that was written, its passphrase on a line."""
    said = (
        f"Fiche chiffrée : {file}",
        "",
        f"Mot de passe : {' '.join(passphrase)}",
        "",
        "À dire par téléphone, jamais dans le même message que le fichier. Il se tape d’un seul"
        " tenant, en majuscules ou en minuscules. Il n’est gardé nulle part.",
    )
    return [typeset(line) for line in said]
