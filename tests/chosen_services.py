"""A permanence of the second door, added on a desk, and hand-overs to it."""

from typing import Any

from app.usecases.desk import Desk
from app.usecases.directory.additions import add_service
from app.usecases.receptions import RecordedReception
from tests.builders import SECOND_DOOR, a_referral, handed_over

PERMANENCE: dict[str, Any] = {
    "nom": "Permanence de Bélâbre (exemple)",
    "code_insee": "36016",
    "commune": "Bélâbre",
    "code_postal": "36370",
    "adresse": "Mairie, 1 place de l’Exemple",
    "telephone": "0261914444",
    "horaires_accueil": "Tu[1] 09:00-12:00",
    "place_kind": "permanence",
}


def a_permanence(desk: Desk, structure: str = SECOND_DOOR, **fields: Any) -> str:
    """Add a permanence, and return its reference."""
    said = {name: value for name, value in (PERMANENCE | fields).items() if value is not None}
    return add_service(desk, structure, said)[0]


def sent_to(desk: Desk, service: str, **fields: Any) -> RecordedReception:
    """Hand somebody over to a service of the second door."""
    return handed_over(desk, referral=a_referral(service=service, **fields))
