"""One-line makers of values and of real, encrypted desks; every name is invented."""

import hashlib
import os
from pathlib import Path
from typing import Any

from app.domain.identifiers import StructureId, SubjectId
from app.domain.reception import PersonDetails, Reception, WantedReferral
from app.reference.communes import Communes
from app.reference.copying import read_templates
from app.reference.directory import read_directory
from app.reference.networks import Networks
from app.reference.rules import Rules
from app.reference.suggestions import MotiveSuggestions
from app.reference.vocabulary import Vocabularies
from app.store.compartments import new_keys
from app.store.encrypted import open_database
from app.store.migrations import migrate
from app.store.slots import Opened
from app.store.sync_port import StoreSyncPort
from app.store.workspace import DATABASE_FILE, Workspace
from app.usecases.desk import Desk, Reference, name_own_structure
from app.usecases.receptions import RecordedReception, record_reception
from resources import resource_path
from tests.fakes.clock import TickingClock

REFERENCE = Reference(
    communes=Communes(resource_path("communes", "communes.csv")),
    vocabularies=Vocabularies(resource_path("vocabulary")),
    directory=read_directory(resource_path("starter", "practice_directory.json")),
    networks=Networks(resource_path("networks", "networks.json")),
    rules=Rules(resource_path("rules")),
    suggestions=MotiveSuggestions(resource_path("suggestions", "motives.json")),
    copying=read_templates(resource_path("copying", "templates.json")),
)
SOURCE = "deux-portes-exemple"
FIRST_DOOR = f"{SOURCE}/{SOURCE}--france-services-le-blanc"
SECOND_DOOR = f"{SOURCE}/{SOURCE}--mission-locale-le-blanc"
ON_PAPER = f"{SOURCE}/{SOURCE}--cio-le-blanc"
LE_BLANC = "36018"
PASSPHRASE = "quatre mots au hasard"


class FreeLock:
    """Stands for the lock of a folder that only one test knows."""

    def release(self) -> None:
        """Do nothing."""


def a_structure(reference: str) -> StructureId:
    return StructureId(hashlib.sha256(reference.encode()).digest()[:16])


def an_opened(*, name: str = "Alix Exemple", role: str = "adviser", **fields: Any) -> Opened:
    """What a slot holds, drawn without paying for the derivation of a passphrase."""
    drawn = {
        "file_key": os.urandom(32),
        "agent": os.urandom(8).hex(),
        "compartments": new_keys(role),
    }
    return Opened(name=name, role=role, **(drawn | fields))


def a_workspace(folder: Path, opened: Opened | None = None) -> Workspace:
    """A real encrypted workspace, made if there is none; without slots nor lock."""
    opened = opened or an_opened()
    if not (folder / DATABASE_FILE).exists():
        folder.mkdir(parents=True, exist_ok=True)
        db = open_database(folder / DATABASE_FILE, opened.file_key, create=True)
        migrate(db)
        db.close()
    return Workspace(folder, opened, FreeLock())


def a_desk(
    folder: Path,
    *,
    reference: str = FIRST_DOOR,
    opened: Opened | None = None,
    clock: TickingClock | None = None,
) -> Desk:
    """An unlocked desk of a structure of the practice directory; two structures take part."""
    desk = Desk(
        workspace=a_workspace(folder, opened), clock=clock or TickingClock(), reference=REFERENCE
    )
    name = REFERENCE.directory.by_reference(reference).display_name
    name_own_structure(desk, structure=a_structure(reference), name=name, reference=reference)
    taking_part = [
        (a_structure(one), REFERENCE.directory.by_reference(one).display_name, one)
        for one in (FIRST_DOOR, SECOND_DOOR)
    ]
    StoreSyncPort(desk.workspace).note_structures(taking_part)
    return desk


def a_person(**fields: Any) -> PersonDetails:
    known: dict[str, Any] = {
        "family_name": "Aubrun",
        "given_name": "Maëlys",
        "birth_on": "2008-02-14",
        "telephone": "06 39 98 00 01",
        "commune": LE_BLANC,
    }
    return PersonDetails(**(known | fields))


def a_referral(**fields: Any) -> WantedReferral:
    return WantedReferral(**({"to": SECOND_DOOR, "agreement": True} | fields))


def a_reception(**fields: Any) -> Reception:
    """A reception without a name."""
    return Reception(**({"expressed": "Je cherche une formation."} | fields))


def a_named_reception(**fields: Any) -> Reception:
    """A reception of somebody who agrees that their name be kept."""
    named = {"person": a_person(), "agreement_to_record": True, "notice_given": True}
    return a_reception(**(named | fields))


def a_handed_over_reception(**fields: Any) -> Reception:
    """A reception that ends with a referral everybody agrees to."""
    return a_named_reception(**({"referral": a_referral()} | fields))


def received(desk: Desk, **fields: Any) -> RecordedReception:
    """Record a named reception and return what it made."""
    return record_reception(desk, a_named_reception(**fields))


def handed_over(desk: Desk, **fields: Any) -> RecordedReception:
    """Record a reception that ends with a referral and return what it made."""
    return record_reception(desk, a_handed_over_reception(**fields))


def person_of(recorded: RecordedReception) -> SubjectId:
    assert recorded.person is not None
    return recorded.person


def referral_of(recorded: RecordedReception) -> SubjectId:
    assert recorded.referral is not None
    return recorded.referral


def dump(desk_or_workspace: Desk | Workspace, *tables: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of tables (the read tables by default), sorted: luck orders nothing."""
    from app.store.migrations import ROW_TABLES

    workspace = getattr(desk_or_workspace, "workspace", desk_or_workspace)
    with workspace.read() as connection:
        return {
            table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)  # noqa: S608
            for table in tables or ROW_TABLES
        }
