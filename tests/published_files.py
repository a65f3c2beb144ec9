"""Makers of published files of structures, all invented, and what reading them leans on."""

import csv
import datetime as dt
import io
import json
from typing import Any

import xlsxwriter

from app.reference.importing.lookups import lookups_of
from app.reference.importing.parsed import Options, Parsed
from app.reference.importing.reading import read_structures
from resources import resource_path
from tests.builders import REFERENCE

TODAY = dt.date(2026, 11, 24)
LOOKUPS = lookups_of(
    resource_path("networks"),
    communes=REFERENCE.communes,
    networks=REFERENCE.vocabularies.get("structure_network"),
    today=TODAY,
)


def structure(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Makes a structure as data·inclusion publishes one; a change to None leaves a field out."""
    row = {
        "source": "dora",
        "id": f"dora--{number}",
        "nom": f"Maison de l’emploi {number} (exemple)",
        "date_maj": "2026-10-05",
        "description": "Accueil de tous les publics. Structure inventée.",
        "commune": "Le Blanc",
        "code_postal": "36300",
        "code_insee": "36018",
        "adresse": "1 rue de l’Exemple",
        "longitude": 1.06,
        "latitude": 46.63,
        "telephone": "+33261910001",
        "courriel": "accueil@maison.example",
        "horaires_accueil": "Mo-Fr 09:00-12:00; PH off",
        "reseaux_porteurs": ["maisons-de-l-emploi"],
    }
    return _changed(row, changes)


def mission_locale(name: str = "ml-1", **changes: Any) -> dict[str, Any]:
    """Makes a mission locale that a source of one test publishes, with the little it must say."""
    row = {
        "source": "essai",
        "id": name,
        "nom": f"Mission locale {name} (exemple)",
        "date_maj": "2026-03-02",
        "code_insee": "36018",
        "commune": "Le Blanc",
        "code_postal": "36300",
        "telephone": "+33261910002",
        "reseaux_porteurs": ["mission-locale"],
    }
    return row | changes


def service(number: int = 1, of: int = 1, **changes: Any) -> dict[str, Any]:
    """Makes a service of a structure made by `structure`."""
    row = {
        "source": "dora",
        "structure_id": f"dora--{of}",
        "id": f"dora--service-{number}",
        "nom": f"Atelier CV {number} (exemple)",
        "description": "Écrire son CV à plusieurs. Service inventé.",
        "date_maj": "2026-10-06",
        "type": "atelier",
        "thematiques": ["preparer-sa-candidature--realiser-un-cv-et-ou-une-lettre-de-motivation"],
        "publics": ["demandeurs-emploi", "jeunes"],
        "frais": "gratuit",
        "modes_accueil": ["en-presentiel"],
        "zone_eligibilite": ["36"],
        "modes_mobilisation": ["telephoner"],
        "mobilisable_par": ["usagers"],
    }
    return _changed(row, changes)


def as_json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def both(*structures: Any, services: Any = (), **beside: Any) -> bytes:
    """Makes an object that holds both lists."""
    return as_json({"structures": list(structures), "services": list(services), **beside})


def as_csv(*rows: dict[str, Any], separator: str = ",", columns: list[str] | None = None) -> str:
    """Makes a table as pandas writes it: lists in Python's own way, nothing for None."""
    names = columns or list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow(["" if row.get(name) is None else row[name] for name in names])
    return text.getvalue()


def as_xlsx(**sheets: list[dict[str, Any]]) -> bytes:
    """Makes a workbook as pandas writes it, with its column of ranks first."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False}) as book:
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            names = list(dict.fromkeys(name for row in rows for name in row))
            sheet.write_row(0, 0, [None, *names])
            for rank, row in enumerate(rows):
                sheet.write(rank + 1, 0, rank)
                for column, name in enumerate(names, start=1):
                    value = row.get(name)
                    kept = str(value) if isinstance(value, list) else value
                    style = days if isinstance(kept, dt.date) else None
                    sheet.write(rank + 1, column, kept, style)
    return buffer.getvalue()


def read(content: bytes | str, **options: Any) -> Parsed:
    """Reads a published file that a test wrote."""
    given = content.encode() if isinstance(content, str) else content
    return read_structures(given, LOOKUPS, Options(**options))


def read_one(**changes: Any) -> Parsed:
    """Reads a file of one structure with some changes."""
    return read(as_json([structure(**changes)]))


def reasons(parsed: Parsed) -> list[tuple[int, str]]:
    """Lists what was refused: number, reason without its prefix."""
    return [
        (each.place.number, each.reason.value.removeprefix("rejected_")) for each in parsed.rejected
    ]


def notes(parsed: Parsed) -> list[tuple[str, str]]:
    """Lists what was left aside: reason without its prefix, value."""
    return [
        (each.reason.value.removeprefix("noted_"), each.facts.get("value", ""))
        for each in parsed.noted
    ]


def _changed(row: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (row | changes).items() if value is not None}
