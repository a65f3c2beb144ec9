"""The command of the Region's ceremonies: `deux-portes-authority`.

The passphrase is asked, or read from a file or from DEUX_PORTES_PASSPHRASE; it is never an
argument, which other users of the machine would see.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from sync.authority import texts
from sync.authority.folder_files import read_bytes, read_text, write_bytes, write_text
from sync.authority.locked_key import Cost
from sync.authority.office import Issued, Office, Terms
from sync.authority.refusals import (
    MissingPassphraseError,
    UnreadableFileError,
    WrongIdentifierError,
    WrongProofError,
)
from sync.authority.reporting import Outcome, reporting
from sync.canonical import Flaw, FormatError
from sync.ceremony_files import read_relay_request, read_structure_request
from sync.french_usage import FrenchGroup
from sync.information_packs import DIRECTORY, MAX_CONTENT_BYTES, make_pack
from sync.keys import AuthorityKey
from sync.statement_files import StatementsFile, greatest, read_heads_file
from sync.statements import Revocation, StructureCertificate, fingerprint, relay_id

PASSPHRASE = "DEUX_PORTES_PASSPHRASE"  # noqa: S105 - the name of the variable, not its value

_IDENTIFIER_BYTES = 16

T = TypeVar("T")
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_PATH = click.Path(path_type=Path)
_FOLDER = click.option(
    "--folder",
    metavar="DOSSIER",
    type=_PATH,
    default=Path(),
    envvar="DEUX_PORTES_AUTHORITY_FOLDER",
    help="Dossier de l’autorité (par défaut : le dossier courant).",
)
_PASSPHRASE_FILE = click.option(
    "--passphrase-file",
    metavar="FICHIER",
    type=_PATH,
    help="Fichier dont la première ligne est la phrase de passe.",
)


@click.group(
    cls=FrenchGroup,
    help="Les cérémonies de la Région : sa clé, et les certificats qu’elle délivre.",
)
def main() -> None:
    """Run the command."""


@main.command(help="Créer l’autorité d’une Région dans DOSSIER.")
@click.argument("folder", metavar="DOSSIER", type=_PATH)
@click.option(
    "--name",
    metavar="NOM",
    required=True,
    help="Nom de la Région, tel que les structures le liront.",
)
@_PASSPHRASE_FILE
@reporting
def init(folder: Path, name: str, passphrase_file: Path | None) -> Outcome:
    """Make the authority's key, locked, and its public data."""
    passphrase = _passphrase(passphrase_file, confirm=True)
    region = Office.found(folder, name, passphrase, Cost()).region
    return Outcome(
        said=(texts.FOUNDED.format(region=name, folder=folder),),
        facts={
            "region": name,
            "authority": region.authority.hex(),
            "authority_key": region.authority_key.hex(),
            "folder": str(folder),
        },
    )


@main.group(help="Le relais de la Région.")
def relay() -> None:
    """Group the ceremonies of the relay."""


@relay.command("certify", help="Certifier le relais qui a produit DEMANDE.")
@click.argument("request", metavar="DEMANDE", type=_PATH)
@click.option("--url", metavar="URL", required=True, help="Adresse du relais, en https://.")
@click.option(
    "--out", metavar="FICHIER", type=_PATH, required=True, help="Fichier de la Région à écrire."
)
@_FOLDER
@_PASSPHRASE_FILE
@reporting
def certify_relay(
    request: Path,
    url: str,
    out: Path,
    folder: Path,
    passphrase_file: Path | None,
) -> Outcome:
    """Certify a relay, and write the region file."""
    office = Office(folder)
    asked = _read(request, read_relay_request)
    issued = office.certify_relay(asked, url, _unlocker(office, passphrase_file))
    region = office.region
    write_text(out, region.to_json())
    said = texts.RELAY_CERTIFIED.format(url=region.relay_url, path=out)
    facts = {"relay_key": asked.relay_key.hex(), "url": region.relay_url, "region_file": str(out)}
    return _issued(issued, asked.spoken, said, facts)


@main.group(help="Les structures de la Région.")
def structure() -> None:
    """Group the ceremonies of structures."""


@structure.command("certify", help="Certifier la structure qui a produit DEMANDE.")
@click.argument("request", metavar="DEMANDE", type=_PATH)
@click.option(
    "--out", metavar="FICHIER", type=_PATH, required=True, help="Fichier du certificat à écrire."
)
@click.option(
    "--valid-years",
    "years",
    metavar="ANNÉES",
    type=click.IntRange(1, 20),
    default=5,
    show_default=True,
    help="Durée du certificat, de 1 à 20 ans.",
)
@click.option("--renew", is_flag=True, help="Délivrer un nouveau certificat avant l’échéance.")
@click.option("--replace-root", is_flag=True, help="La structure a perdu sa clé précédente.")
@_FOLDER
@_PASSPHRASE_FILE
@reporting
def certify_structure(request: Path, out: Path, **options: Any) -> Outcome:
    """Certify a structure, and write its certificate."""
    office = Office(options["folder"])
    asked = _read(request, read_structure_request)
    terms = Terms(
        now_s=int(time.time()),
        years=options["years"],
        renew=options["renew"],
        replace_root=options["replace_root"],
    )
    unlock = _unlocker(office, options["passphrase_file"])
    issued = office.certify_structure(asked, terms, unlock)
    file = office.certificate_file(issued)
    write_text(out, file.to_json())
    until = _day(file.certificate.until_s)
    said = texts.STRUCTURE_CERTIFIED.format(name=asked.name, until=until, path=out)
    return _issued(issued, asked.spoken, said, _structure_facts(file.certificate, out=str(out)))


@main.command("pack", help="Signer l’annuaire FICHIER (data·inclusion, JSON) pour les structures.")
@click.argument("file", metavar="FICHIER", type=_PATH)
@click.option("--out", metavar="FICHIER", type=_PATH, required=True, help="Paquet à écrire.")
@_FOLDER
@_PASSPHRASE_FILE
@reporting
def pack(file: Path, out: Path, folder: Path, passphrase_file: Path | None) -> Outcome:
    """Sign a directory of structures, in one file to carry."""
    content, made_s = read_bytes(file, MAX_CONTENT_BYTES), int(time.time())
    key = _unlocker(Office(folder), passphrase_file)()
    signed = make_pack(content, kind=DIRECTORY, made_s=made_s, key=key)
    write_bytes(out, signed)
    return Outcome(
        said=(texts.PACKED.format(path=out, bytes=len(signed)),),
        facts={"kind": DIRECTORY, "pack": str(out), "bytes": len(signed), "made_s": made_s},
    )


@main.group(help="Retirer une structure, un poste ou un relais, pour toujours.")
def revoke() -> None:
    """Group the removals."""


_HEADS = click.option(
    "--heads",
    metavar="FICHIER",
    type=_PATH,
    multiple=True,
    help="Relevé de ce qui reste accepté (« deux-portes structure heads ») ; peut être répété.",
)
_REVOCATION = click.option(
    "--out", metavar="FICHIER", type=_PATH, required=True, help="Fichier du retrait à écrire."
)


@revoke.command("structure", help="Retirer la structure NOM : identifiant, code ou référence.")
@click.argument("named", metavar="NOM")
@_HEADS
@_REVOCATION
@_FOLDER
@_PASSPHRASE_FILE
@reporting
def revoke_structure(named: str, **options: Any) -> Outcome:
    """Remove a structure: its machines act no more, and its reference is free."""
    body = Office(options["folder"]).structure_named(named)
    what = texts.STRUCTURE_WORDS.format(name=body.name)
    return _revoked(body.structure, what, fingerprint(body.root_key), **options)


@revoke.command("machine", help="Retirer le poste IDENTIFIANT, quand sa structure ne le peut plus.")
@click.argument("named", metavar="IDENTIFIANT")
@_HEADS
@_REVOCATION
@_FOLDER
@_PASSPHRASE_FILE
@reporting
def revoke_machine(named: str, **options: Any) -> Outcome:
    """Remove a machine."""
    try:
        machine = bytes.fromhex(named)
    except ValueError:
        machine = b""
    if len(machine) != _IDENTIFIER_BYTES:
        raise WrongIdentifierError(named=named[:80])
    code = fingerprint(machine)
    return _revoked(machine, texts.MACHINE_WORDS.format(code=code), code, **options)


@revoke.command("relay", help="Retirer un relais NOM (adresse ou code) qu’un autre remplace.")
@click.argument("named", metavar="NOM")
@_REVOCATION
@_FOLDER
@_PASSPHRASE_FILE
@reporting
def revoke_relay(named: str, **options: Any) -> Outcome:
    """Remove a relay: desks turn to the one certified since."""
    body = Office(options["folder"]).relay_named(named)
    what = texts.RELAY_WORDS.format(url=body.url)
    code = fingerprint(body.relay_key)
    return _revoked(relay_id(body.relay_key), what, code, heads=(), **options)


def _revoked(  # noqa: PLR0913 - the options of the three commands
    target: bytes,
    what: str,
    code: str,
    *,
    heads: tuple[Path, ...],
    out: Path,
    folder: Path,
    passphrase_file: Path | None,
) -> Outcome:
    office = Office(folder)
    accepted = greatest(_read(file, read_heads_file).heads for file in heads)
    unlock = _unlocker(office, passphrase_file)
    issued = office.revoke(target, accepted, int(time.time()), unlock)
    write_text(out, StatementsFile(about="revocation", statements=(issued.statement,)).to_json())
    facts = {"target": target.hex(), "accepted": len(accepted), "statements_file": str(out)}
    return _issued(issued, code, texts.REVOKED.format(what=what, path=out), facts)


@main.command("list", help="Lire ce que la Région a certifié.")
@_FOLDER
@reporting
def list_certificates(folder: Path) -> Outcome:
    """List every certificate issued, the oldest first."""
    office = Office(folder)
    rows = [_row(issued) for issued in office.issued]
    return Outcome(
        said=tuple(said for said, _ in rows) or (texts.NOTHING_ISSUED,),
        facts={
            "region": office.region.name,
            "authority": office.region.authority.hex(),
            "certificates": [facts for _, facts in rows],
        },
    )


def _row(issued: Issued) -> tuple[str, dict[str, Any]]:
    certificate = issued.certificate
    if isinstance(certificate, StructureCertificate):
        code = fingerprint(certificate.root_key)
        said = texts.STRUCTURE_ROW.format(
            name=certificate.name,
            until=_day(certificate.until_s),
            code=code,
        )
        return said, {"kind": "structure", "code": code, **_structure_facts(certificate)}
    if isinstance(certificate, Revocation):
        code, target = fingerprint(certificate.target), certificate.target.hex()
        said = texts.REVOCATION_ROW.format(target=target, code=code, at=_day(certificate.at_s))
        return said, {
            "kind": "revocation",
            "code": code,
            "target": target,
            "at": certificate.at_s,
            "accepted": len(certificate.accepted),
        }
    code = fingerprint(certificate.relay_key)
    said = texts.RELAY_ROW.format(url=certificate.url, code=code)
    facts = {"relay_key": certificate.relay_key.hex(), "url": certificate.url}
    return said, {"kind": "relay", "code": code, **facts}


def _structure_facts(certificate: StructureCertificate, out: str = "") -> dict[str, Any]:
    facts: dict[str, Any] = {
        "structure": certificate.structure.hex(),
        "name": certificate.name,
        "directory": certificate.directory,
        "from": certificate.from_s,
        "until": certificate.until_s,
    }
    return facts | ({"certificate_file": out} if out else {})


def _issued(issued: Issued, code: str, said: str, facts: dict[str, Any]) -> Outcome:
    sentences = [said, texts.CODE_TO_COMPARE.format(code=code)]
    if not issued.is_new:
        sentences.append(texts.GIVEN_AGAIN)
    return Outcome(said=tuple(sentences), facts=facts | {"code": code, "is_new": issued.is_new})


def _read(path: Path, read: Callable[[str], T]) -> T:
    try:
        return read(read_text(path))
    except FormatError as error:
        if error.code == Flaw.BAD_SIGNATURE:
            raise WrongProofError(path=str(path)) from error
        raise UnreadableFileError(path=str(path)) from error


def _unlocker(office: Office, passphrase_file: Path | None) -> Callable[[], AuthorityKey]:
    return lambda: office.unlock(_passphrase(passphrase_file, confirm=False))


def _passphrase(file: Path | None, *, confirm: bool) -> str:
    """Return the passphrase from its file, the environment or the terminal, in that order."""
    given = read_text(file) if file else os.environ.get(PASSPHRASE, "")
    first_line = given.splitlines()[0] if given else ""
    if first_line:
        return first_line
    if file or not sys.stdin.isatty():
        raise MissingPassphraseError
    again = texts.PROMPT_AGAIN if confirm else False
    asked = click.prompt(
        texts.PROMPT,
        hide_input=True,
        confirmation_prompt=again,
        prompt_suffix=texts.PROMPT_END,
        err=True,
    )
    return str(asked)


def _day(moment_s: int) -> str:
    return f"{datetime.fromtimestamp(moment_s, tz=UTC):%d/%m/%Y}"


if __name__ == "__main__":
    main()
