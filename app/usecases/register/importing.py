"""Importing a register: whole or not at all, and once, however often it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from app.changes import Changes, Topic
from app.domain.identifiers import SubjectId
from app.domain.reception import PersonDetails
from app.store.batch_pen import EventBatch, Marks
from app.store.rows import fold_subjects
from app.store.writer import Priority, Tx
from app.usecases.desk import Desk
from app.usecases.masking import masked_value
from app.usecases.receptions import CheckedReception, record_in_batch
from app.usecases.register.marks import as_appends, marks_taken, new_among
from app.usecases.register.people import Someone
from app.usecases.register.previewing import Announce, PreparedRow, Preview, standing_import

if TYPE_CHECKING:
    from app.domain.events import Value

AT_ONCE: Final = 1_000
"""Receptions folded together, inside the one transaction of an import."""

KIND: Final = "register_import"

_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did; `recorded` is 0 when the same one stood already."""

    register_import: SubjectId | None
    recorded: int
    persons: int
    was_here: bool
    changes: Changes


def import_register(
    desk: Desk, preview: Preview, announce: Announce = lambda _done, _all: None
) -> Imported:
    """Record everything a preview shows, in one durable transaction: a failure leaves nothing.

    Repeating it adds nothing: the same file by the same plan is the same import, and a line that
    another import recorded is passed over. Everything recorded bears the name of the import.
    `announce` may raise to give up: nothing is kept then.
    """
    own = desk.own_structure().space

    def work(tx: Tx) -> Imported:
        standing = standing_import(tx.db.conn, preview.key)
        taken = marks_taken(tx.db.conn, own.id)
        is_new = dict(zip(preview.lines, new_among(preview.lines.values(), taken), strict=True))
        rows = [one for one in preview.rows if is_new[one.row.sheet, one.row.line]]
        if standing is not None or not rows:
            return Imported(
                register_import=standing,
                recorded=0,
                persons=0,
                was_here=standing is not None,
                changes=Changes(),
            )
        return _Import(desk, tx, preview, rows).write(announce)

    return desk.workspace.writer.write(work, priority=Priority.EXCHANGE)


class _Import:
    """The writes of one import, in one transaction."""

    def __init__(self, desk: Desk, tx: Tx, preview: Preview, rows: Sequence[PreparedRow]) -> None:
        self._desk = desk
        self._tx = tx
        self._preview = preview
        self._rows = rows
        self._own = desk.own_structure().space
        self._at_s = int(desk.now().timestamp())
        self._files: dict[int, SubjectId] = {}
        self._done = 0

    def write(self, announce: Announce) -> Imported:
        """Write everything: the first line of each person makes their file, the others follow."""
        name = self._create()
        first, following = self._waves()
        for wave in (first, following):
            for start in range(0, len(wave), AT_ONCE):
                some = wave[start : start + AT_ONCE]
                self._record(name, some)
                announce(self._done, len(self._rows))
        changes = fold_subjects(self._tx, {name: self._own.id})
        topics = frozenset({Topic.PERSONS, Topic.RECEPTIONS})
        return Imported(
            register_import=name,
            recorded=self._done,
            persons=len(self._files),
            was_here=False,
            changes=changes | Changes(topics=topics),
        )

    def _create(self) -> SubjectId:
        preview, days = self._preview, [one.checked.reception.received_at for one in self._rows]
        fields: dict[str, Value] = {
            "key": preview.key,
            "file": preview.file,
            "named": preview.named,
            "read": preview.read,
            "recorded": len(self._rows),
            "rejected": len(preview.rejected),
            "first_on": min(days)[:10],
            "last_on": max(days)[:10],
        }
        return self._desk.pen(self._tx).create(self._own, KIND, fields)

    def _waves(self) -> tuple[list[PreparedRow], list[PreparedRow]]:
        """Return the lines that make a file or need none, then those of people who have one."""
        seen: set[int] = set()
        first, following = [], []
        for one in self._rows:
            who = id(one.someone)
            if one.someone is not None and who in seen:
                following.append(one)
            else:
                first.append(one)
                seen.add(who)
        return first, following

    def _record(self, name: SubjectId, rows: Sequence[PreparedRow]) -> None:
        batch = EventBatch(self._tx)
        for one in rows:
            checked = self._with_file(one.checked, one.someone)
            recorded = record_in_batch(
                self._desk, batch, checked, at_s=self._at_s, marks=_marks(name, one)
            )
            if one.someone is not None and recorded.person is not None:
                self._files.setdefault(id(one.someone), recorded.person)
        batch.write()
        # Written apart: a subject that is changed must be in the file already.
        pen = self._desk.pen(self._tx)
        appends = as_appends([one.row.mark for one in rows])
        pen.change(self._own.id, name, KIND, {}, appends=appends)
        self._done += len(rows)

    def _with_file(self, checked: CheckedReception, someone: Someone | None) -> CheckedReception:
        """Return a reception of the file its person has by now, or of all that is known of them."""
        if someone is None:
            return checked
        known = self._files.get(id(someone))
        who = someone.details if known is None else PersonDetails(known=known)
        agreed = True if known is None else None
        reception = replace(checked.reception, person=who, agreement_to_record=agreed)
        return replace(checked, reception=reception)


def _marks(name: SubjectId, one: PreparedRow) -> Marks:
    """Return what everything recorded bears: its import, and who had received the person.

    An agreement hangs on its person alone: it outlives the meeting when the import is undone and
    the person has come again since.
    """
    mark: dict[str, Value] = {KIND: name}
    by: Value = masked_value(one.row.received_by)[:_LONGEST_NAME] or None
    return {
        "person": mark,
        "demand": mark,
        "encounter": mark | {"received_by": by},
        "agreement": {"encounter": None},
    }
