"""Saving the list shown to a file that a spreadsheet opens: asked in two steps, said after."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMenu, QWidget

from app.domain.errors import AppError
from ui.texts import count, sentence_for
from ui.widgets.export_strip import ExportStrip
from ui.widgets.shown_list import ShownList

if TYPE_CHECKING:
    from app.exporting.table import ShownTable
    from ui.main_window import MainWindow
    from ui.running import Runner
    from ui.widgets.dialogs import Dialogs

_CLEAR_OF_THE_BAR_PX = 48


class DeskExporting(QObject):
    """Watches for Ctrl+Shift+E and for the context menu of any list of a window.

    What is written is what is seen: the same columns, order and filter.
    """

    def __init__(
        self, window: "MainWindow", runner: "Runner", dialogs: "Dialogs | None" = None
    ) -> None:
        super().__init__(window)
        self._window = window
        self._runner = runner
        self._dialogs = dialogs
        self._table: ShownTable | None = None
        inside = window.centralWidget() or window
        self._strip = ExportStrip(inside, clear_px=_CLEAR_OF_THE_BAR_PX)
        self._strip.chosen.connect(self._choose)
        self._strip.kept.connect(self._forget)
        window.export_wanted.connect(self.export_shown)
        window.screen_shown.connect(self._put_away)
        window.installEventFilter(self)

    def export_shown(self) -> None:
        """Ask about the list that has the focus, or the first one in sight."""
        rows = _list_around(QApplication.focusWidget()) or self._list_in_sight()
        if rows is None:
            self._window.offer_undo(self.tr("Il n’y a pas de liste à enregistrer ici."))
            return
        self._ask(rows)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Answer the context menu that a list let through."""
        if event.type() == QEvent.Type.ContextMenu and isinstance(event, QContextMenuEvent):
            rows = self._list_at(event)
            if rows is not None:
                self._open_menu(rows, event.globalPos())
                return True
        return super().eventFilter(watched, event)

    def _list_at(self, event: QContextMenuEvent) -> ShownList | None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            return _list_around(QApplication.focusWidget())
        return _list_around(self._window.childAt(event.pos()))

    def _list_in_sight(self) -> ShownList | None:
        lists = self._window.stack.findChildren(QAbstractItemView)
        shown = (one for one in lists if isinstance(one, ShownList) and one.isVisible())
        return next(shown, None)

    def _open_menu(self, rows: ShownList, at: QPoint) -> None:
        menu = QMenu(rows if isinstance(rows, QWidget) else self._window)
        menu.setObjectName("list_menu")
        action = menu.addAction(self.tr("Enregistrer cette liste dans un fichier… (Ctrl+Maj+E)"))
        action.triggered.connect(lambda: self._ask(rows))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _ask(self, rows: ShownList) -> None:
        self._table = table = rows.shown_table()
        lines = count(len(table.rows), "ligne", "lignes")
        columns = count(len(table.columns), "colonne", "colonnes")
        what = self.tr("Enregistrer «\u00a0{0}\u00a0» comme affiché\u202f: {1}, {2}.")
        risk = self.tr(
            "Le fichier ne sera pas chiffré\u202f: qui l’ouvre le lit, sans phrase de passe."
            " Gardez-le le temps qu’il sert."
        )
        self._strip.ask(what.format(table.name, lines, columns), risk)

    def _choose(self) -> None:
        from app.exporting.files import proposed_name
        from ui.widgets.dialogs import Dialogs

        if (table := self._table) is None:
            return
        kinds = self.tr("Classeur (*.xlsx);;Texte pour tableur (*.csv)")
        title = self.tr("Enregistrer la liste")
        asks = (self._dialogs or Dialogs()).save_file
        chosen = asks(self._window, title, proposed_name(table), kinds)
        self._forget()
        if chosen:
            self._runner.run(lambda: _written(table, chosen), self._saved, self._refused)

    def _saved(self, file: Path) -> None:
        said = self.tr(
            "Enregistré\u202f: {0}. Ce fichier n’est pas chiffré\u202f: effacez-le ensuite."
        )
        self._window.offer_undo(said.format(file.name))

    def _refused(self, error: Exception) -> None:
        self._window.offer_undo(sentence_for(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it

    def _put_away(self, _key: str) -> None:
        self._strip.close_strip()
        self._forget()

    def _forget(self) -> None:
        """Hold nothing of a list once it was written or given up."""
        self._table = None


def _list_around(widget: QWidget | None) -> ShownList | None:
    while widget is not None:
        if isinstance(widget, ShownList):
            return widget
        widget = widget.parentWidget()
    return None


def _written(table: "ShownTable", chosen: str) -> Path:
    from app.exporting.files import write_table

    return write_table(table, Path(chosen))
