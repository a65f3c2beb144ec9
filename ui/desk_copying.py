"""« Copier pour… » at the desk: one key lends the last meeting to the clipboard, in plain words."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from app.domain.identifiers import SubjectId
from app.usecases.desk import Desk
from ui.texts import sentence_for
from ui.widgets.timed_clipboard import TimedClipboard

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from app.reference.copying import CopyTemplate
    from ui.main_window import MainWindow
    from ui.running import Runner
    from ui.settings.copying_presenter import CopyingActions

CHOSEN: Final = "copying/template"
USUAL: Final = "imilo"


class DeskCopying(QObject):
    """Copies a meeting: that of the file shown, or the last one saved here.

    Attributes:
        clipboard: emptied when the desk locks.
    """

    def __init__(
        self, desk: Desk, window: "MainWindow", runner: "Runner", settings: "QSettings"
    ) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._runner = runner
        self._settings = settings
        self._saved: SubjectId | None = None
        self.clipboard = TimedClipboard(self)

    def saved(self, encounter: SubjectId) -> None:
        """Remember the meeting just saved: it is the one to copy."""
        self._saved = encounter

    def copy(self, shown_person: Callable[[], SubjectId | None]) -> None:
        """Copy the latest meeting of the person shown, or the one just saved."""
        person, saved = shown_person(), self._saved

        def work() -> tuple[str, str] | None:
            from app.usecases.encounters import latest_meeting, open_meeting
            from ui.copying_words import copied_text

            encounter = latest_meeting(self._desk, person) if person is not None else saved
            if encounter is None:
                return None
            meeting = open_meeting(self._desk, encounter)
            template = self._template()
            return template.label, copied_text(self._desk, meeting, template.code)

        self._runner.run(work, self._lend, self._refused)

    def actions(self) -> "CopyingActions":
        """Return what the settings may do about the templates."""
        from app.usecases import copying
        from ui.copying_words import FIELDS
        from ui.settings.copying_presenter import CopyingActions

        desk = self._desk
        return CopyingActions(
            read=lambda: (copying.templates(desk), copying.own_templates(desk)),
            chosen=self._chosen,
            choose=lambda code: self._settings.setValue(CHOSEN, code),
            keep=lambda template: copying.keep_template(desk, template, known=FIELDS),
            forget=lambda code: copying.forget_template(desk, code),
            fields=FIELDS,
        )

    def _template(self) -> "CopyTemplate":
        """Return the template chosen, the usual one when it was forgotten since."""
        from app.usecases.copying import templates

        by_code = {template.code: template for template in templates(self._desk)}
        return by_code.get(self._chosen()) or by_code[USUAL]

    def _chosen(self) -> str:
        return str(self._settings.value(CHOSEN, USUAL))

    def _lend(self, found: tuple[str, str] | None) -> None:
        if found is None:
            self._window.offer_undo(self.tr("Rien à copier\u202f: aucun accueil ici."), None)
            return
        label, text = found
        self.clipboard.lend(text)
        said = self.tr("Copié pour {0}\u202f: collez-le dans la minute, il s’efface ensuite.")
        self._window.offer_undo(said.format(label), self.clipboard.take_back)

    def _refused(self, error: Exception) -> None:
        self._window.offer_undo(sentence_for(error), None)
