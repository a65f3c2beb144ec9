"""Old registers as offices keep them, all invented: titles and abbreviations are real manners.

Each is the lines of one sheet; nobody in them exists (« exemple »).
"""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

from app.reference.importing.cells import Line
from app.reference.register.book import RegisterBook, RegisterSheet

Rows = Sequence[Sequence[Any]]


def a_sheet(rows: Rows, name: str = "") -> RegisterSheet:
    """A sheet of these lines, numbered from one; blank ones are left out, as a reader does."""
    lines = [Line(number, tuple(row)) for number, row in enumerate(rows, start=1)]
    return RegisterSheet(name=name, lines=tuple(line for line in lines if not line.is_blank))


def a_book(rows: Rows, *, name: str = "registre (exemple).xlsx", **sheets: Rows) -> RegisterBook:
    """A register of one sheet, or of several by their names."""
    made = [a_sheet(rows)] if rows else []
    made += [a_sheet(its, sheet) for sheet, its in sheets.items()]
    digest = repr([sheet.lines for sheet in made]).encode()[-32:].rjust(32)
    return RegisterBook(name=name, digest=digest, sheets=tuple(made))


def write_xlsx(file: Path, sheets: Mapping[str, Rows]) -> Path:
    """Write a workbook whose days are days."""
    with xlsxwriter.Workbook(str(file)) as workbook:
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(number, place, cell, day)
                    elif cell not in {None, ""}:
                        sheet.write(number, place, cell)
    return file


def write_csv(file: Path, rows: Rows, *, encoding: str = "utf-8-sig", separator: str = ";") -> Path:
    """Write a text as a French spreadsheet saves it."""
    lines = [separator.join("" if cell is None else str(cell) for cell in row) for row in rows]
    file.write_bytes("\r\n".join(lines).encode(encoding))
    return file


_ODS_CONTENT = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    '<office:body><office:spreadsheet><table:table table:name="Accueils">{rows}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)
_ODS_MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest'
    ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/"'
    ' manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def write_ods(file: Path, rows: Rows) -> Path:
    """Write the smallest OpenDocument workbook that is one."""
    lines = (f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", _ODS_MANIFEST)
        archive.writestr("content.xml", _ODS_CONTENT.format(rows="".join(lines)))
    file.write_bytes(packed.getvalue())
    return file


def _ods_cell(value: Any) -> str:
    text = escape("" if value is None else str(value))
    if not text:
        return "<table:table-cell/>"
    is_day = isinstance(value, dt.date)
    kind = f'"date" office:date-value="{value}"' if is_day else '"string"'
    return f"<table:table-cell office:value-type={kind}><text:p>{text}</text:p></table:table-cell>"


D = dt.date

MAIRIE: Rows = [
    ["Date", "NOM Prénom", "Tél.", "Objet de la demande", "Réponse apportée"],
    [D(2024, 1, 8), "EXEMPLIER Nadia", "06 39 98 00 01", "Carte grise", "info donnée"],
    [D(2024, 1, 9), "MODÈLE Jean", "06 39 98 00 02", "CV", "orienté vers la mission locale"],
    [D(2024, 1, 9), "TÉMOIN Lucie", "", "Recherche d’emploi", "RDV pris"],
]

MISSION_LOCALE: Rows = [
    ["MISSION LOCALE (EXEMPLE) – ACCUEIL 2023", None, None, None, None, None, None, None, None],
    [None] * 9,
    [
        *("Date de contact", "Nom du jeune", "Prénom", "DDN", "Commune", "Niv formation"),
        *("Situation", "Prescripteur", "Conseiller"),
    ],
    [
        "03/01/23",
        "EXEMPLIER",
        "Nadia",
        "14/02/2004",
        "Le Blanc",
        "V",
        "DE non inscrit",
        "BAO",
        "AB",
    ],
    ["03/01/23", "MODÈLE", "Jean", "2/5/2005", "BELABRE", "IV", "Scolaire", "Lycée", "CD"],
    ["04/01/23", "TÉMOIN", "Lucie", "30/11/2003", "St Gaultier", "VI", "DE inscrit", "PE", "AB"],
]

FRANCE_SERVICES: Rows = [
    ["Jour", "Heure", "H/F", "Tranche d’âge", "Ville", "Type de contact", "Démarche", "Partenaire"],
    [D(2024, 3, 4), "9h15", "F", "26-29", "36300 Le Blanc", "Physique", "CAF", "CAF"],
    [D(2024, 3, 4), "10h", "H", "55 et +", "36370 Bélâbre", "Tél", "Retraite", "CARSAT"],
    [D(2024, 3, 5), "14h30", "F", "18-25", "36300 Le Blanc", "Mail", "Formation", "France Travail"],
]

TICKS: Rows = [
    ["Date", "Sexe", None, "Motif", None, None, None, "Observations"],
    [None, "H", "F", "Emploi", "Formation", "Orientation", "Autre", None],
    [D(2024, 2, 1), "x", None, "X", None, None, None, "vient avec un ami (exemple)"],
    [D(2024, 2, 1), None, "x", None, "X", None, None, ""],
    [D(2024, 2, 2), None, "1", None, None, "x", None, "rappeler (exemple)"],
]

MONTHLY_AGES: Rows = [
    ["DATE", "COMMUNE", "- 18", "18-25", "26-29", "30-44", "MODE DE CONTACT", "MOTIF DE LA VISITE"],
    ["1/2/24", "Le Blanc", "", "x", "", "", "RDV", "Alternance"],
    ["1/2/24", "Ruffec", "", "", "", "x", "Spontané", "Reconversion"],
    ["2/2/24", "Le Blanc", "x", "", "", "", "Spontané", "Orientation scolaire"],
]

CIO: Rows = [
    [
        "Date RDV",
        "Nom et prénom",
        "Né(e) le",
        "Classe / niveau",
        "Établissement",
        "Demande",
        "Suite",
    ],
    ["12 septembre 2024", "Exemplier Nadia", "03/04/2008", "3e", "Collège (exemple)", "L", "ok"],
    ["13 septembre 2024", "Modèle Jean", "05/06/2007", "2nde", "Lycée (exemple)", "S", "ok"],
    ["16 septembre 2024", "Témoin Lucie", "07/08/2006", "Tle", "Lycée (exemple)", "P", "ok"],
]

BIJ: Rows = [
    ["Date de passage", "Age", "Sexe", "Thème", "Durée (min)", "Connu par", "Animateur"],
    [D(2024, 5, 2), 17, "F", "Job d’été", 10, "Facebook", "Sam (exemple)"],
    [D(2024, 5, 2), 22, "M", "International", 25, "Ami", "Sam (exemple)"],
    [D(2024, 5, 3), 19, "F", "Logement", 15, "Affiche", "Lou (exemple)"],
]

CAP_EMPLOI: Rows = [
    ["Date d’accueil", "Civilité", "Nom", "Prénom", "Adresse", "CP", "Ville", "E-mail", "RQTH"],
    [
        D(2024, 6, 3),
        "Mme",
        "EXEMPLIER",
        "Nadia",
        "1 rue A",
        36300,
        "Le Blanc",
        "n@e.example",
        "oui",
    ],
    [D(2024, 6, 3), "M.", "MODÈLE", "Jean", "2 rue B", 36370, "Bélâbre", "j@e.example", "non"],
    [D(2024, 6, 4), "Mme", "TÉMOIN", "Lucie", "3 rue C", 36300, "Le Blanc", "l@e.example", "oui"],
]

PERMANENCE: Rows = [
    [
        "Lieu de permanence",
        "Date permanence",
        "Personne reçue",
        "Public",
        "Besoin exprimé",
        "Temps",
    ],
    ["Mairie", "04/03/24", "Exemplier N.", "Salarié", "Veut faire un bilan de compétences", "1h"],
    ["Mairie", "04/03/24", "Modèle J.", "RSA", "Ne sait pas comment passer le permis", "30 min"],
    ["Bus", "11/03/24", "Témoin L.", "Retraitée", "Accompagne son petit-fils (exemple)", "20"],
]

SURVEY_FORM: Rows = [
    ["Horodateur", "Comment avez-vous été accueilli ?", "Situation actuelle", "Niveau d’études"],
    ["12/03/2024 14:30:12", "Téléphone", "Demandeur d’emploi", "Bac + 2"],
    ["12/03/2024 15:02:44", "Sur rendez-vous", "Salarié", "CAP / BEP"],
    ["13/03/2024 09:10:01", "Téléphone", "Étudiante", "Bac"],
]

CEP: Rows = [
    ["N°", "Date entretien", "Sit pro", "Dernier diplôme", "Projet professionnel", "Freins", "CR"],
    [1, "02/04/2024", "CDI", "BTS", "Créer un gîte (exemple)", "Mobilité", "À revoir (exemple)"],
    [2, "03/04/2024", "Intérim", "CAP", "Devenir soudeur (exemple)", "Permis", ""],
    [3, "04/04/2024", "AE", "Master", "Passer un titre (exemple)", "Numérique", ""],
]

NO_TITLE_ON_DATE: Rows = [
    [None, "Nom de l’usager", "Portable", "Motif(s)", "Orientation vers", "Reçu par"],
    ["lundi 4 mars 2024", "EXEMPLIER Nadia", 639980001, "Formation / CV", "AFPA", "Alix"],
    ["mardi 5 mars 2024", "MODÈLE Jean", 639980002, "VAE", "Point VAE", "Alix"],
    ["mercredi 6 mars 2024", "TÉMOIN Lucie", 639980003, "Emploi", "", "Camille"],
]

TYPOS: Rows = [
    ["Datte", "Prénon", "Commmune", "Statuts", "Motiffs", "Obsevations"],
    ["4/3/2024", "Nadia", "Le Blanc", "DE", "Formation", "exemple"],
    ["5/3/2024", "Jean", "Ruffec", "Sal", "VAE", "exemple"],
    ["6/3/2024", "Lucie", "Le Blanc", "Etud", "Emploi", "exemple"],
]

CRM_EXPORT: Rows = [
    [
        *("Id", "Date de création", "Type de visite", "Identifiant France Travail", "Nationalité"),
        *("Code postal", "Catégorie de demande", "Statut de la personne", "Accord RGPD"),
    ],
    [
        "V-1",
        "2024-03-04",
        "Avec RDV",
        "0000001X",
        "exemple",
        "36300",
        "Formation",
        "Salariée",
        "oui",
    ],
    ["V-2", "2024-03-04", "Sans RDV", "0000002X", "exemple", "36370", "Emploi", "Étudiant", "non"],
    [
        "V-3",
        "2024-03-05",
        "Sans RDV",
        "0000003X",
        "exemple",
        "36300",
        "Emploi",
        "DE inscrit",
        "oui",
    ],
]

LONG_MOTIVES: Rows = [
    ["Date", "Motif", "Suite donnée"],
    ["4/3/24", "Elle voudrait savoir si une formation d’aide-soignante existe", "Appel de la MFR"],
    [
        "5/3/24",
        "Il cherche du travail mais il n’a plus de voiture depuis mai",
        "Rien pour l’instant",
    ],
    ["6/3/24", "Souhaite reprendre ses études, ne sait pas à qui demander", "Doit nous rappeler"],
]

NIR_COLUMN: Rows = [
    ["Date", "Nom", "N° sécu", "Signature", "Nb personnes", "Demande"],
    ["4/3/24", "Exemplier Nadia", "1 85 05 78 006 084 91", "", 1, "Refaire un CV (exemple)"],
    ["5/3/24", "Modèle Jean", "2 69 05 49 588 157 80", "", 2, "Trouver un stage (exemple)"],
    ["6/3/24", "Témoin Lucie", "", "", 1, "Parler d’une reconversion (exemple)"],
]
