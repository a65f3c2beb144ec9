"""Adding to the directory what no publisher gives, and taking it back."""

from collections.abc import Mapping

from app.changes import Changes
from app.domain.errors import CorrectionRefusedError, UnknownStructureError
from app.domain.events import Value
from app.domain.identifiers import SubjectId
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

_STANDS = "SELECT 1 FROM directory_corrections WHERE correction = ?"


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
    return _add(desk, f"{ADDED_SERVICE}:{structure}", fields)


def add_structure(desk: Desk, fields: Mapping[str, Value]) -> tuple[str, Changes]:
    """Add a structure that the publishers lack; see `add_service`.

    Raises:
        CorrectionRefusedError: a field is missing, or has not its form.
    """
    return _add(desk, f"{ADDED_STRUCTURE}:", fields)


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


def _add(desk: Desk, about: str, fields: Mapping[str, Value]) -> tuple[str, Changes]:
    today = desk.now().astimezone().date().isoformat()
    wanted = {CHECKED: today, **written(desk.reference.communes, fields)}
    for name in ("nom", "code_insee"):
        if not wanted.get(name):
            raise CorrectionRefusedError(field=name, value="")
    own = desk.own_structure().space

    def work(tx: Tx) -> tuple[str, Changes]:
        pen = desk.pen(tx)
        subject = pen.create(own, "directory_correction", {ENTRY: about, **wanted})
        return reference_of_added(subject), fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)
