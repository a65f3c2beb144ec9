"""Adding to the directory what no publisher gives, and taking it back."""

from collections.abc import Mapping
from typing import Final

from app.changes import Changes
from app.domain.directory_errors import AlreadyListedError
from app.domain.errors import CorrectionRefusedError, UnknownStructureError
from app.domain.events import Value
from app.domain.folding import fold
from app.domain.identifiers import SubjectId
from app.reference.directory import StructureEntry
from app.store.rows import fold_subjects
from app.store.writer import Tx
from app.usecases.desk import Desk
from app.usecases.directory.added import (
    ADDED_SERVICE,
    ADDED_STRUCTURE,
    WITHDRAWN,
    reference_of_added,
    subject_of_added,
)
from app.usecases.directory.fields import CHECKED, written
from app.usecases.directory.shelf import ENTRY, desk_directory

_PLACE: Final = ("code_insee", "commune", "code_postal", "adresse")
"""What a first service has of its structure."""

_STANDS: Final = "SELECT 1 FROM directory_corrections WHERE correction = ?"


def add_service(desk: Desk, structure: str, fields: Mapping[str, Value]) -> tuple[str, Changes]:
    """Add a service to a structure, a permanence or a stop of a round for instance.

    Args:
        desk: where.
        structure: the reference of the structure.
        fields: as for `correct`; `nom` and, where it is held, `code_insee` must be there.

    Returns:
        Its reference, by which it is corrected afterwards as any other, and what changed.

    Raises:
        UnknownStructureError: the directory has no such structure.
        CorrectionRefusedError: a field is missing, or has not its form.
    """
    desk_directory(desk).by_reference(structure)
    wanted = _whole(desk, fields)
    own = desk.own_structure().space

    def work(tx: Tx) -> tuple[str, Changes]:
        pen = desk.pen(tx)
        about = f"{ADDED_SERVICE}:{structure}"
        subject = pen.create(own, "directory_correction", {ENTRY: about, **wanted})
        return reference_of_added(subject), fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


def add_structure(
    desk: Desk, fields: Mapping[str, Value], *, service: Mapping[str, Value] | None = None
) -> tuple[str, Changes]:
    """Add a structure that the publishers lack, with a first `service` if one is given.

    Both are written or neither; the service is at the place of the structure, and is taken back and
    put back with it. See `add_service`.

    Raises:
        AlreadyListedError: a structure of that name is in the directory for that commune.
        CorrectionRefusedError: a field is missing, or has not its form.
    """
    wanted = _whole(desk, fields)
    if (listed := _listed(desk, wanted)) is not None:
        raise AlreadyListedError(name=listed.display_name, reference=listed.reference)
    place = {name: wanted[name] for name in _PLACE if name in wanted}
    first = None if service is None else _whole(desk, {**place, **service})
    own = desk.own_structure().space

    def work(tx: Tx) -> tuple[str, Changes]:
        pen = desk.pen(tx)
        about = f"{ADDED_STRUCTURE}:"
        subject = pen.create(own, "directory_correction", {ENTRY: about, **wanted})
        reference = reference_of_added(subject)
        if first is not None:
            about = f"{ADDED_SERVICE}:{reference}"
            pen.create(own, "directory_correction", {ENTRY: about, **first})
        return reference, fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


def withdraw(desk: Desk, reference: str, *, back: bool = False) -> Changes:
    """Take back what was added here by mistake, or put it `back`.

    What is over is not taken back: correct its `ended_on`.

    Raises:
        UnknownStructureError: nothing was added here under that reference.
    """
    subject = subject_of_added(reference)
    own = desk.own_structure().space

    def work(tx: Tx) -> Changes:
        if subject is None or tx.one(_STANDS, (subject,)) is None:
            raise UnknownStructureError(reference)
        pen = desk.pen(tx)
        pen.change(own.id, SubjectId(subject), "directory_correction", {WITHDRAWN: not back})
        return fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


def _listed(desk: Desk, wanted: Mapping[str, Value]) -> StructureEntry | None:
    """Return the structure of that name in that commune, however it is spelt."""
    name, commune = fold(str(wanted["nom"])), wanted["code_insee"]
    held = desk_directory(desk).all()
    same = (one for one in held if one.commune_code == commune and _is_named(one, name))
    return next(same, None)


def _is_named(entry: StructureEntry, folded: str) -> bool:
    return folded in {fold(entry.name), fold(entry.display_name)}


def _whole(desk: Desk, fields: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return the fields of an addition, checked today.

    Raises:
        CorrectionRefusedError: a field is missing, or has not its form.
    """
    today = desk.now().astimezone().date().isoformat()
    wanted = {CHECKED: today, **written(desk.reference.communes, fields)}
    for name in ("nom", "code_insee"):
        if not wanted.get(name):
            raise CorrectionRefusedError(field=name, value="")
    return wanted
