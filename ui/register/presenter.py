"""What the screen of an old register decides: guess, correct, see, import, undo."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.changes import Changes, Topic
from app.domain.errors import AppError
from app.domain.identifiers import SubjectId
from app.usecases.register.correcting import with_meaning
from ui.register.meanings import Meanings
from ui.register.page import (
    Busy,
    Options,
    PreviewShown,
    import_shown,
    options_of,
    plan_shown,
    preview_shown,
)
from ui.register.ports import GivenUpError, Guessed, RegisterActions, RegisterScreen
from ui.register_words import undone_words
from ui.texts import count, sentence_for, typeset

if TYPE_CHECKING:
    from app.reference.register.plan import Codes, RegisterPlan
    from app.usecases.register.importing import Imported
    from app.usecases.register.previewing import Announce, Preview
    from app.usecases.register.undoing import RegisterImport, Undone
    from ui.running import Runner

_NO_DATE = typeset(
    "Dites d’abord quelle colonne est la date de l’accueil : sans elle, aucune ligne ne donne un"
    " accueil."
)
_NO_SHEET = "Gardez au moins une feuille."
_TOO_LATE = typeset("L’import venait de finir : il est dans la liste, d’où il se défait en entier.")
_GIVEN_UP = typeset("Abandonné : rien n’a été importé")


class RegisterPresenter:
    """Decides of imports. It must be held, by its view for instance.

    `_turn` tells the answers of what was given up from those that are waited for. What is read of
    a register is forgotten as soon as it was imported or given up.
    """

    def __init__(
        self,
        view: RegisterScreen,
        actions: RegisterActions,
        meanings: Meanings,
        runner: "Runner",
    ) -> None:
        self._view = view
        self._actions = actions
        self._meanings = meanings
        self._runner = runner
        self._read: Guessed | None = None
        self._preview: Preview | None = None
        self._fields: dict[str, str] = {}
        self._codes: dict[tuple[str, str], Codes] = {}
        self._busy: Busy | None = None
        self._is_writing = False
        self._turn = 0

    def refresh(self) -> None:
        """Read the list of imports again."""
        self._runner.run(self._actions.imports, self._show_imports, self._failed)

    def changed(self, changes: Changes) -> None:
        """Read the list again when an import may have come or gone."""
        if Topic.RECEPTIONS in changes.topics:
            self.refresh()

    def read(self, file: Path) -> None:
        """Read a file and guess its columns; nothing is written."""
        self.forget()
        turn = self._begin(typeset(f"Lecture de {file.name}…"))
        self._runner.run(
            lambda: self._actions.open(file),
            lambda read: self._opened(turn, read),
            lambda error: self._failed(error, turn),
        )

    def choose_sheets(self, names: Sequence[str]) -> None:
        """Read these sheets alone; what was corrected stays corrected."""
        read = self._read
        if read is None:
            return
        if not names:
            self._view.show_refusal(_NO_SHEET)
            self._show_plan()
            return
        taken = () if len(names) == len(read.book.sheets) else tuple(names)
        fields, turn = dict(self._fields), self._begin("Lecture des feuilles…")
        self._runner.run(
            lambda: self._with_fields(self._actions.guess(read.book, taken), fields),
            lambda again: self._opened(turn, again, is_new=False),
            lambda error: self._failed(error, turn),
        )

    def set_field(self, title: str, field: str) -> None:
        """Have a column hold another field, "" to leave it out."""
        read = self._read
        if read is None:
            return
        self._fields.pop(title, None)  # the latest choice comes last, and wins
        self._fields[title] = field
        fields, turn = dict(self._fields), self._begin("")
        self._runner.run(
            lambda: self._with_fields(read, fields),
            lambda again: self._opened(turn, again, is_new=False),
            lambda error: self._failed(error, turn),
        )

    def set_codes(self, field: str, text: str, codes: "Codes") -> None:
        """Have a word mean these codes, none when nobody knows it."""
        if self._read is None:
            return
        self._codes[field, text] = tuple(codes)
        self._change(with_meaning(self._read.plan, field=field, text=text, codes=tuple(codes)))

    def set_options(self, options: Options) -> None:
        """Choose what is kept, and how lines are read."""
        if self._read is not None and options != options_of(self._read.plan):
            self._change(_with_options(self._read.plan, options))

    def find_fields(self, query: str) -> None:
        """Propose fields by their words."""
        self._view.show_fields(query, self._meanings.find_fields(query))

    def find_codes(self, field: str, query: str) -> None:
        """Propose meanings by their words."""
        self._view.show_meanings(query, self._meanings.find_codes(field, query))

    def preview(self) -> None:
        """Say what an import would do; nothing is written."""
        read = self._read
        if read is None:
            return
        if not read.plan.columns_of("date"):
            self._view.show_refusal(_NO_DATE)
            return
        turn = self._begin("Lecture des lignes…")

        def work() -> tuple["Preview", PreviewShown]:
            preview = self._actions.preview(read.book, read.plan, self._announce(turn))
            return preview, preview_shown(preview, self._meanings)

        self._runner.run(
            work,
            lambda seen: self._previewed(turn, *seen),
            lambda error: self._failed(error, turn),
        )

    def keep(self) -> None:
        """Import what the preview shows."""
        preview = self._preview
        if preview is None or self._is_writing:
            return
        turn = self._begin("Import en cours…")
        self._is_writing = True
        self._runner.run(
            lambda: self._actions.keep(preview, self._announce(turn)),
            lambda done: self._kept(turn, preview, done),
            self._not_kept,
        )

    def give_up(self) -> None:
        """Stop what is under way: what an import wrote is taken back, or it was done already."""
        self._turn += 1
        if self._is_writing:
            self._show_busy(Busy(sentence="Abandon…", can_stop=False))
            return
        self._show_busy(None)

    def forget(self) -> None:
        """Put the register away: nothing was written."""
        self._turn += 1
        self._read = self._preview = None
        self._fields.clear()
        self._codes.clear()
        self._view.show_preview(None)
        self._view.show_plan(None, is_new=False)

    def undo(self, name: SubjectId) -> None:
        """Undo a whole import."""
        self._show_busy(Busy(sentence="L’import est défait…", can_stop=False))
        self._runner.run(lambda: self._actions.undo(name), self._undone, self._failed)

    def progressed(self, told: tuple[int, int, int]) -> None:
        """Show how far the work is: its turn, lines done, lines in all."""
        turn, done, whole = told
        if turn == self._turn and self._busy is not None:
            self._show_busy(replace(self._busy, done=done, whole=whole))

    def _begin(self, sentence: str) -> int:
        """Give up the work before, say what begins; return its turn."""
        self._turn += 1
        if sentence:
            self._show_busy(Busy(sentence=sentence))
        return self._turn

    def _announce(self, turn: int) -> "Announce":
        """Return what a work tells how far it is; it raises once that work was given up."""

        def announce(done: int, whole: int) -> None:
            if turn != self._turn:
                raise GivenUpError
            self._actions.tell((turn, done, whole))

        return announce

    def _opened(self, turn: int, read: Guessed, *, is_new: bool = True) -> None:
        if turn != self._turn:
            return
        self._show_busy(None)
        plan, before = read.plan, self._read
        if before is not None:
            plan = _with_options(plan, options_of(before.plan))
        for (field, text), codes in self._codes.items():
            if text in plan.values.get(field, {}):
                plan = with_meaning(plan, field=field, text=text, codes=codes)
        self._read, self._preview = replace(read, plan=plan), None
        self._view.show_preview(None)
        self._show_plan(is_new=is_new)

    def _with_fields(self, read: Guessed, fields: Mapping[str, str]) -> Guessed:
        """Correct a guess by what was said of its columns; called by the runner."""
        plan = read.plan
        titles = {column.title for column in plan.columns}
        for title, field in fields.items():
            if title in titles:
                plan = self._actions.correct(read.book, plan, title, field)
        return replace(read, plan=plan)

    def _change(self, plan: "RegisterPlan") -> None:
        if self._read is not None:
            self._read, self._preview = replace(self._read, plan=plan), None
            self._view.show_preview(None)
            self._show_plan()

    def _show_plan(self, *, is_new: bool = False) -> None:
        read = self._read
        if read is not None:
            shown = plan_shown(read.book, read.plan, read.cells, self._meanings)
            self._view.show_plan(shown, is_new=is_new)

    def _previewed(self, turn: int, preview: "Preview", shown: PreviewShown) -> None:
        if turn != self._turn:
            return
        self._show_busy(None)
        self._preview = preview
        self._view.show_preview(shown)

    def _kept(self, turn: int, preview: "Preview", done: "Imported") -> None:
        self._is_writing = False
        self._show_busy(None)
        self._actions.publish(done.changes)
        self.refresh()
        if turn != self._turn:
            self._view.show_refusal(_TOO_LATE)
            return
        self.forget()
        if not done.recorded:
            self._view.say("Rien de nouveau dans ce registre")
            return
        self._view.show_done(_done_words(preview, done), leads_to_persons=bool(done.persons))

    def _undone(self, undone: "Undone") -> None:
        self._show_busy(None)
        self._actions.publish(undone.changes)
        self.refresh()
        self._preview = None
        self._view.show_preview(None)
        self._view.show_done(["Import défait.", *undone_words(undone)], leads_to_persons=False)

    def _show_imports(self, lines: Sequence["RegisterImport"]) -> None:
        self._view.show_imports([import_shown(line) for line in lines])

    def _show_busy(self, busy: Busy | None) -> None:
        self._busy = busy
        self._view.show_busy(busy)

    def _not_kept(self, error: Exception) -> None:
        self._is_writing = False
        if isinstance(error, GivenUpError):
            self._show_busy(None)
            self._view.say(_GIVEN_UP)
        else:
            self._failed(error)

    def _failed(self, error: Exception, turn: int | None = None) -> None:
        is_late = turn is not None and turn != self._turn
        if is_late or isinstance(error, GivenUpError):
            return
        self._show_busy(None)
        self._view.show_refusal(sentence_for(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it


def _with_options(plan: "RegisterPlan", options: Options) -> "RegisterPlan":
    return replace(
        plan,
        with_names=options.with_names,
        date_above=options.date_above,
        keeps_unknown=options.keeps_unknown,
        year=options.year,
    )


def _done_words(preview: "Preview", done: "Imported") -> Sequence[str]:
    said = [f"{count(done.recorded, 'accueil importé', 'accueils importés')}."]
    if done.persons:
        files = count(done.persons, "fiche de personne", "fiches de personnes")
        said.append(
            f"{files}, avec accord : celles qui ressemblent à une fiche déjà là sont proposées dans"
            " « Personnes », pour être réunies."
        )
    if preview.rejected:
        left = count(len(preview.rejected), "ligne est restée", "lignes sont restées")
        said.append(f"{left} de côté : corrigez-les dans le registre et importez-le de nouveau.")
    said.append("L’import se défait en entier, plus bas.")
    return [typeset(one) for one in said]
