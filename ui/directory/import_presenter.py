"""Importing a published file: read, counted, then kept; whole imports are undone."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from app.changes import Changes, Topic
from app.domain.errors import AppError
from app.pack_port import PackHere
from app.reference.importing.errors import UndatedFileError
from app.reference.importing.files import saved_on
from app.reference.importing.parsed import Format, Options
from app.usecases.directory.imports import Imported, ImportLine, Proposed
from ui.directory.pack_state import pack_badge
from ui.importing_words import finding_line, merging_line, placed, reading_line
from ui.texts import count, day, moment, number, sentence_for, typeset
from ui.widgets.page_values import Badge, PastImport

if TYPE_CHECKING:
    from ui.running import Runner

MOST_LINES: Final = 500
"""How many lines of a file are said at most: a national one may have thousands."""

_AS_SAVED: Final = (
    "Rien dans ce fichier ne dit de quand il date. Ce jour est celui où il a été enregistré ici :"
    " corrigez-le s’il a été publié plus tôt."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportActions:
    """What is done elsewhere, each but `publish` called by the runner.

    Attributes:
        propose: reads a file and counts what it would change (`propose_import`).
        keep: imports what was read (`keep_import`).
        read: reads the imports made here, the latest first (`directory_imports`).
        undo: gives back what an import replaced (`undo_directory_import`).
        packs: reads the packs of the Region known here, the one made last first (`packs_here`).
        publish: tells the other screens what changed (`ChangesHub.publish`).
        today: the day of this machine.
        departments: the codes of the départements of the region.
    """

    propose: Callable[[Path, Options], Proposed]
    keep: Callable[[Proposed], Imported]
    read: Callable[[], Sequence[ImportLine]]
    undo: Callable[[int], tuple[int, Changes]]
    packs: Callable[[], Sequence[PackHere]]
    publish: Callable[[Changes], None]
    today: Callable[[], dt.date]
    departments: Callable[[], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalShown:
    """What a file would change.

    Attributes:
        title: the file and who publishes it.
        lines: counts.
        findings: what is wrong, line by line.
        findings_title: how many there are.
        changes_something: something is new.
    """

    title: str
    lines: tuple[str, ...]
    findings_title: str
    findings: tuple[str, ...]
    changes_something: bool


class ImportScreen(Protocol):
    """What the part for imports can show."""

    def show_busy(self, sentence: str, *, can_stop: bool = False) -> None:
        """Say what is under way, and offer to stop it; "" says that nothing is any more."""
        ...

    def ask_day(self, sentence: str, proposed: dt.date | None = None) -> None:
        """Ask for the day of publication; the one proposed is in the field, to be changed."""
        ...

    def propose(self, shown: ProposalShown) -> None:
        """Show what a file would change, and ask."""
        ...

    def put_away(self) -> None:
        """Ask nothing any more."""
        ...

    def offer_departments(self, codes: Sequence[str]) -> None:
        """Offer to take only some départements, all those of the region at first."""
        ...

    def show_imports(self, shown: Sequence[PastImport]) -> None:
        """Show the imports made here."""
        ...

    def show_pack(self, badge: Badge | None) -> None:
        """Say where the Region's directory is, or nothing."""
        ...

    def show_refusal(self, sentence: str) -> None:
        """Say why nothing was changed."""
        ...

    def say(self, text: str) -> None:
        """Say what was just done."""
        ...


class ImportPresenter:
    """Decides of imports. It must be held, by its view for instance.

    An answer to a file that was given up meanwhile is dropped: `_turn` tells them apart.
    """

    def __init__(self, view: ImportScreen, actions: ImportActions, runner: "Runner") -> None:
        self._view = view
        self._actions = actions
        self._runner = runner
        self._file: Path | None = None
        self._proposed: Proposed | None = None
        self._turn = 0
        self._departments: frozenset[str] = frozenset()

    def refresh(self) -> None:
        """Read the list of imports again, and where the Region's directory is."""
        self._runner.run(self._actions.departments, self._view.offer_departments, self._failed)
        self._read_lists()

    def changed(self, changes: Changes) -> None:
        """Read again what an exchange, a stick or another screen moved."""
        if changes.topics & {Topic.DIRECTORY, Topic.PACKS}:
            self._read_lists()

    def read(self, file: Path, departments: Sequence[str] = ()) -> None:
        """Read a file and say what it would change; nothing is written yet.

        Args:
            file: which one.
            departments: those to take; none takes everything, a national file whole.
        """
        self._departments = frozenset(departments)
        self._read_file(file, None)

    def give_day(self, on: dt.date | None) -> None:
        """Read the file again as published on a day."""
        if self._file is None:
            return
        if on is None or on > self._actions.today():
            self._view.ask_day("Donnez un jour passé, celui de la publication du fichier.")
            return
        self._read_file(self._file, on)

    def give_up(self) -> None:
        """Forget the file: nothing was written."""
        self._turn += 1
        self._file = self._proposed = None
        self._view.show_busy("")
        self._view.put_away()

    def keep(self) -> None:
        """Import what was read."""
        proposed = self._proposed
        if proposed is None:
            return
        self._proposed = None
        self._view.put_away()
        self._view.show_busy("Import en cours…")
        self._runner.run(lambda: self._actions.keep(proposed), self._kept, self._failed)

    def undo(self, number_of_import: int) -> None:
        """Undo a whole import."""
        self._view.show_busy("L’import est défait…")
        self._runner.run(
            lambda: self._actions.undo(number_of_import),
            lambda done: self._undone(*done),
            self._failed,
        )

    def _read_lists(self) -> None:
        self._runner.run(self._actions.read, self._show_imports, self._failed)
        self._runner.run(
            self._actions.packs,
            lambda packs: self._view.show_pack(pack_badge(packs)),
            self._failed,
        )

    def _read_file(self, file: Path, published_on: dt.date | None) -> None:
        self._file, self._proposed = file, None
        self._turn += 1
        turn = self._turn
        options = Options(departments=self._departments, published_on=published_on)
        self._view.put_away()
        self._view.show_busy(typeset(f"Lecture de {file.name}…"), can_stop=True)
        self._runner.run(
            lambda: self._actions.propose(file, options),
            lambda proposed: self._read(turn, proposed),
            lambda error: self._not_read(turn, error),
        )

    def _read(self, turn: int, proposed: Proposed) -> None:
        if turn == self._turn:
            self._proposed = proposed
            self._view.show_busy("")
            self._view.propose(proposal_shown(proposed))

    def _not_read(self, turn: int, error: Exception) -> None:
        if turn != self._turn:
            return
        if isinstance(error, UndatedFileError):
            self._view.show_busy("")
            saved = saved_on(self._file, self._actions.today()) if self._file else None
            self._view.ask_day(typeset(_AS_SAVED) if saved else sentence_for(error), saved)
            return
        self._failed(error)

    def _kept(self, done: Imported) -> None:
        self._view.show_busy("")
        new = done.added - len(done.merged.places)
        counts = (
            count(new, "fiche nouvelle", "fiches nouvelles") if new else "",
            placed(len(done.merged.places)) if done.merged.places else "",
            count(done.updated, "mise à jour", "mises à jour") if done.updated else "",
        )
        said = ", ".join(filter(None, counts))
        self._view.say(typeset(f"Importé : {said}") if said else "Rien de nouveau dans ce fichier")
        self.refresh()
        self._actions.publish(Changes(topics=frozenset({Topic.DIRECTORY})))

    def _undone(self, gone: int, changes: Changes) -> None:
        self._view.show_busy("")
        said = count(gone, "entrée est redevenue", "entrées sont redevenues")
        self._view.say(typeset(f"Import défait : {said} comme avant"))
        self.refresh()
        self._actions.publish(changes)

    def _show_imports(self, lines: Sequence[ImportLine]) -> None:
        self._view.show_imports([import_shown(line) for line in lines])

    def _failed(self, error: Exception) -> None:
        self._view.show_busy("")
        self._view.show_refusal(sentence_for(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it


def proposal_shown(proposed: Proposed) -> ProposalShown:
    """Put in words what a file would change, and what is wrong in it."""
    parsed, merged = proposed.parsed, proposed.merged
    provenance = parsed.provenance
    dated = f", du {day(provenance.dated_on)}" if provenance.dated_on else ""
    findings = [*map(finding_line, parsed.rejected), *map(finding_line, parsed.noted)]
    more = len(findings) - MOST_LINES
    shown = findings[:MOST_LINES]
    if more > 0:
        shown.append(typeset(f"… et {number(more)} autres lignes."))
    refused = count(len(parsed.rejected), "enregistrement refusé", "enregistrements refusés")
    noted = count(len(parsed.noted), "remarque")
    outcomes = (merged.structures, merged.services)
    return ProposalShown(
        title=typeset(f"{proposed.name} : {provenance.publisher}{dated}"),
        lines=(reading_line(parsed), merging_line(merged)),
        findings_title=f"{refused} · {noted}",
        findings=tuple(shown),
        changes_something=bool(merged.places)
        or any(each.added or each.updated for each in outcomes),
    )


def import_shown(line: ImportLine) -> PastImport:
    """Put in words an import, and what undoing it does."""
    are_communes = line.format == Format.COMMUNES.value
    added = placed(line.added) if are_communes else count(line.added, "ajoutée")
    counts = [
        added if line.added else "",
        count(line.updated, "mise à jour", "mises à jour") if line.updated else "",
        count(line.rejected, "refusée") if line.rejected else "",
    ]
    about = [moment(line.at_s), line.author, line.publisher, *counts]
    is_undone = line.undone_at_s is not None
    if line.undone_at_s is not None:
        about.append(f"défait {moment(line.undone_at_s)}")
    entries = count(line.added + line.updated, "commune" if are_communes else "fiche")
    undo = (
        f"{entries}\u202f: ce que cet import a ajouté s’en va, ce qu’il a remplacé revient.",
        "Vos corrections restent.",
    )
    return PastImport(
        key=line.number,
        title=line.file or typeset(f"Import {line.number}"),
        about=" · ".join(filter(None, about)),
        undo=() if is_undone else undo,
    )
