"""What both faces say of a published file that was read: counts, lines, reasons. No Qt."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ui.texts import count, number, sentence, typeset

if TYPE_CHECKING:
    from app.reference.importing.findings import Noted, Place, Rejected
    from app.reference.importing.merging import Merged
    from app.reference.importing.parsed import Parsed

_COMMUNES: Final = "communes"

_FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "id": "identifiant",
        "structure_id": "identifiant de la structure",
        "nom": "nom",
        "date_maj": "date de mise à jour",
        "source": "source",
        "description": "description",
        "siret": "SIRET",
        "code": "code de la commune",
        "code_postal": "code postal",
        "code_insee": "code de la commune",
        "commune": "commune",
        "telephone": "téléphone",
        "courriel": "courriel",
        "site_web": "site",
        "lien_source": "lien",
        "lien_mobilisation": "lien",
        "accessibilite_lieu": "lien d’accessibilité",
        "latitude": "coordonnées",
        "horaires_accueil": "horaires",
        "reseaux_porteurs": "réseau porteur",
        "thematiques": "thématique",
        "publics": "public",
        "type": "type de service",
        "frais": "frais",
        "modes_accueil": "mode d’accueil",
        "modes_mobilisation": "mode de mobilisation",
        "mobilisable_par": "mobilisable par",
        "zone_eligibilite": "zone d’éligibilité",
        "volume_horaire_hebdomadaire": "volume horaire",
        "nombre_semaines": "nombre de semaines",
    }
)
"""How people call the fields of the schema; others are said as they are written."""


def finding_line(finding: "Rejected | Noted") -> str:
    """Return what is said of one record: where it is, then what is wrong with it.

    « Ligne 12 : Les horaires ne peuvent pas être lus : 09:00-25:00 ; la fiche est prise sans eux. »
    """
    facts = dict(finding.facts)
    if "field" in facts:
        facts["field"] = _FIELDS.get(facts["field"], facts["field"])
    return typeset(f"{_place(finding.place)} : ") + sentence(finding.reason.value, facts)


def reading_line(parsed: "Parsed") -> str:
    """Return what was read of a file, in counts.

    « 120 enregistrements lus · 45 structures · 75 services · 3 refusés · 12 laissés de côté ».
    """
    said = [
        f"{count(parsed.read, 'enregistrement')} lu{'s' if parsed.read > 1 else ''}",
        count(len(parsed.structures), "structure"),
        count(len(parsed.services), "service"),
        count(len(parsed.rejected), "refusé") if parsed.rejected else "",
        _left_out(parsed.left_out),
    ]
    if parsed.format.value == _COMMUNES:
        said[1:3] = [count(len(parsed.places), "commune")]
    return " · ".join(filter(None, said))


def merging_line(merged: "Merged") -> str:
    """Return what a file changes to the directory, structures and services together."""
    outcomes = (merged.structures, merged.services)
    counts = (
        (sum(len(each.added) for each in outcomes), "nouvelle fiche", "nouvelles fiches"),
        (sum(len(each.updated) for each in outcomes), "mise à jour", "mises à jour"),
        (sum(len(each.unchanged) for each in outcomes), "inchangée", "inchangées"),
        (sum(len(each.outdated) for each in outcomes), "plus ancienne", "plus anciennes"),
        (sum(len(each.absent) for each in outcomes), "absente du fichier", "absentes du fichier"),
    )
    said = [count(how_many, one, several) for how_many, one, several in counts if how_many]
    if merged.places:
        said.append(placed(len(merged.places)))
    return " · ".join(said) or "Rien à changer"


def placed(communes: int) -> str:
    """Return how many communes have their exact place by a file."""
    return count(communes, "commune placée", "communes placées")


def _left_out(left_out: int) -> str:
    if not left_out:
        return ""
    return f"{number(left_out)}\u00a0laissé{'s' if left_out > 1 else ''} de côté"


def _place(place: "Place") -> str:
    is_line = place.counted.value == "line"
    said = f"Ligne {place.number}" if is_line else f"Enregistrement {place.number}"
    if not place.table:
        return said
    return f"{said} ({'feuille' if is_line else 'liste'} « {place.table} »)"
