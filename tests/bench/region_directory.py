"""An invented directory of a Region, as large as a true one and as hard to compress."""

import json
import random
from functools import cache
from typing import Any

from app.reference.communes import Commune
from tests.bench.invented_days import InventedDay
from tests.matching.world import COMMUNES

SERVICES_EACH = 2


def published(structures: int, seed: int = 7) -> bytes:
    """Return a directory in the shape of data·inclusion: invented structures, two services each."""
    chance, words = random.Random(seed), _words(seed)
    rows, services = [], []
    for number in range(structures):
        rows.append(_structure(number, chance, words))
        services += [_service(rows[-1]["id"], chance, words) for _ in range(SERVICES_EACH)]
    return json.dumps({"structures": rows, "services": services}, ensure_ascii=False).encode()


def _words(seed: int) -> list[str]:
    day = InventedDay(seed)
    said = " ".join(reception.expressed for reception in day.receptions(400))
    return sorted({*said.split(), *(commune.name for commune in COMMUNES)})


@cache
def _communes() -> list[Commune]:
    return list(COMMUNES)


def _said(chance: random.Random, words: list[str], count: int) -> str:
    return " ".join(chance.choice(words) for _ in range(count))


def _structure(number: int, chance: random.Random, words: list[str]) -> dict[str, Any]:
    commune = chance.choice(_communes())
    street = f"{chance.randrange(1, 200)} rue {_said(chance, words, 2)}"
    return {
        "source": "essai",
        "id": f"essai--{chance.getrandbits(64):016x}-{number}",
        "nom": f"{_said(chance, words, 3)} (exemple)",
        "date_maj": f"2026-{chance.randrange(1, 11):02}-{chance.randrange(1, 29):02}",
        "description": _said(chance, words, 30),
        "commune": commune.name,
        "code_postal": commune.postal_codes[0],
        "code_insee": commune.insee_code,
        "adresse": street,
        "longitude": round(1 + chance.random(), 6),
        "latitude": round(46 + chance.random(), 6),
        "telephone": f"+332{chance.randrange(10**8):08}",
        "courriel": f"accueil@structure-{number}.example",
        "horaires_accueil": f"Mo-Fr {chance.randrange(8, 10):02}:00-{chance.randrange(16, 19)}:00",
    }


def _service(structure: str, chance: random.Random, words: list[str]) -> dict[str, Any]:
    return {
        "source": "essai",
        "id": f"essai--service-{chance.getrandbits(64):016x}",
        "structure_id": structure,
        "nom": f"{_said(chance, words, 4)} (exemple)",
        "description": _said(chance, words, 40),
        "date_maj": f"2026-{chance.randrange(1, 11):02}-{chance.randrange(1, 29):02}",
        "type": "atelier",
        "thematiques": ["preparer-sa-candidature--realiser-un-cv-et-ou-une-lettre-de-motivation"],
        "publics": ["demandeurs-emploi", "jeunes"],
        "frais": "gratuit",
        "modes_accueil": ["en-presentiel"],
    }
