"""The service that a structure renders in the communes of which a file says it is in charge."""

from collections.abc import Sequence
from typing import Final

from app.reference.importing.drafts import Draft
from app.reference.importing.findings import Kind
from app.reference.importing.lookups import Lookups

_SHARED: Final = (
    "source",
    "date_maj",
    "commune",
    "code_postal",
    "code_insee",
    "adresse",
    "complement_adresse",
    "longitude",
    "latitude",
    "telephone",
    "courriel",
)
_SUFFIX: Final = "--accompagnement"


def area_service(
    structure: Draft, network: str, communes: Sequence[str], lookups: Lookups
) -> Draft:
    """Return the service of a structure, at its own address, for the communes given.

    What it does is data (`area_services.json`): what the law gives to the network, nothing more.
    """
    identifier = structure.get("id")
    values = {name: structure.get(name) for name in _SHARED}
    values |= lookups.tables.area_service(network)
    values |= {
        "id": f"{identifier}{_SUFFIX}",
        "structure_id": identifier,
        "zone_eligibilite": list(communes),
    }
    return Draft(values=values, place=structure.place, kind=Kind.SERVICE, is_derived=True)
