"""The invented directory of the six departments, small ones made for one test, and asking them."""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.matching.matcher import Matcher, prepare
from app.matching.situation import Match, Situation
from app.reference.communes import Communes
from app.reference.directory import Directory, read_directory
from app.reference.matching_rules import MatchingRules, read_matching_rules
from app.reference.networks import Networks
from app.reference.rules import Rules
from app.reference.vocabulary import Vocabularies
from resources import resource_path

FOLDER = Path(__file__).parent
DIRECTORY_FILE = FOLDER / "directory.json"
SITUATIONS = json.loads((FOLDER / "situations.json").read_text("utf-8"))

COMMUNES = Communes(resource_path("communes", "communes.csv"))
VOCABULARIES = Vocabularies(resource_path("vocabulary"))
NETWORKS = Networks(resource_path("networks", "networks.json"))
RULES = read_matching_rules(resource_path("rules", "matching.json"))
MINORS = Rules(resource_path("rules")).minors
DIRECTORY = read_directory(DIRECTORY_FILE)

TUESDAY = dt.datetime.fromisoformat("2026-11-24T10:00")
"""When people ask, unless they say otherwise."""

TOURS, LE_BLANC, MERIGNY = "37261", "36018", "36119"
SEARCH = "trouver-un-emploi--repondre-a-des-offres-demploi"
TRAINING = "se-former--trouver-sa-formation"

ANYBODY = {"publics": ["tous-publics"]}
"""A service that receives everybody."""
JOB = {"motives": ["recherche_emploi"]}
SEEKER = JOB | {"status": "inscrit", "age": 40}


def matcher(directory: Directory, rules: MatchingRules = RULES) -> Matcher:
    """Return what answers about a directory, with the rules that are shipped."""
    return prepare(
        directory=directory,
        communes=COMMUNES,
        vocabularies=VOCABULARIES,
        networks=NETWORKS,
        rules=rules,
        minors=MINORS,
    )


MATCHER = matcher(DIRECTORY)


def situation(commune: str = TOURS, **said: Any) -> Situation:
    """Return a situation; lists are as in JSON, and `at` is a moment or its text."""
    at = said.pop("at", TUESDAY)
    given = {name: tuple(one) if isinstance(one, list) else one for name, one in said.items()}
    moment = dt.datetime.fromisoformat(at) if isinstance(at, str) else at
    return Situation(commune=commune, at=moment, **given)


def structure(identifier: str, network: str = "autre", **said: Any) -> dict[str, Any]:
    """Return a structure of a small directory: rows of data·inclusion, and facts.

    Args:
        identifier: of the structure; its services are `identifier-1` and so on.
        network: its network.
        said: `services` (each a mapping of data·inclusion fields), `facts`, and fields of the row.
    """
    services = said.pop("services", [{}])
    facts = {"network": network, "spro_member_from": "2019-01-01"} | said.pop("facts", {})
    row = {
        "source": "deux-portes-exemple",
        "id": identifier,
        "nom": f"{identifier} (exemple)",
        "date_maj": "2026-10-01",
        "code_insee": TOURS,
    } | said
    return {"row": row, "services": services, "facts": facts}


def directory_of(*structures: Mapping[str, Any]) -> Directory:
    """Return a small directory, read from a file as any other."""
    content: dict[str, Any] = {"structures": [], "services": [], "spro": {}}
    for one in structures:
        identifier = one["row"]["id"]
        content["structures"].append(one["row"])
        content["spro"][identifier] = one["facts"]
        for number, service in enumerate(one["services"], start=1):
            row = dict(service)
            facts = row.pop("facts", None)
            name = f"{identifier}-{number}"
            content["services"].append(
                {
                    "source": "deux-portes-exemple",
                    "structure_id": identifier,
                    "id": name,
                    "nom": name,
                    "description": "Service inventé",
                    "date_maj": one["row"]["date_maj"],
                }
                | row
            )
            if facts:
                content["spro"][name] = facts
    with TemporaryDirectory() as folder:
        path = Path(folder) / "directory.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return read_directory(path)


def ask(*structures: Mapping[str, Any], **said: Any) -> Match:
    """Return the answer of a small directory."""
    return matcher(directory_of(*structures)).match(situation(**said))


def proposed(match: Match) -> list[str]:
    """Return the identifiers of structures proposed, the first choice first."""
    first = [match.first] if match.first else []
    return [one.structure.id for one in (*first, *match.fallbacks)]


def codes(match: Match) -> list[str]:
    """Return the codes of the reasons of the first choice."""
    assert match.first is not None
    return [str(one.code) for one in match.first.reasons]


def facts(match: Match, code: str) -> Mapping[str, Any]:
    """Return the facts of one reason of the first choice."""
    assert match.first is not None
    return next(one.facts for one in match.first.reasons if one.code == code)


def set_aside(match: Match) -> dict[str, str]:
    """Return the codes by which structures are set aside, by identifier."""
    return {one.structure.id: str(one.reason.code) for one in match.set_aside}
