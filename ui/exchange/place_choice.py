"""The sticks plugged in, by name, and another folder: one key chooses."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.exchange.stick_page import PlaceRow, Wish
from ui.widgets.announcements import announce
from ui.widgets.buttons import link_button, quiet_button
from ui.widgets.digit_keys import digit_of
from ui.widgets.labels import words

_LOOKS_EVERY_MS = 1_500

ChooseFolder = Callable[[QWidget, str], str]
"""Asks for a folder over a window, with a title; "" when none was chosen."""


def choose_folder(over: QWidget, title: str) -> str:
    """Ask for a folder with the system's own window."""
    return QFileDialog.getExistingDirectory(over, title)


class PlaceChoice(QWidget):
    """Asks where the stick is.

    Signals:
        chosen(object): a folder, as a `Path`.
        given_up(): none.
        look_wanted(): look again for sticks.
    """

    chosen = Signal(object)
    given_up = Signal()
    look_wanted = Signal()

    def __init__(self, choose: ChooseFolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choose = choose
        self._wish = Wish.WRITE
        self._rows: tuple[PlaceRow, ...] = ()
        self._buttons: list[QPushButton] = []
        self._question = words("", "strong")
        self._none = words("", "soft")
        self._places = QVBoxLayout()
        self._other = link_button(self.tr("Choisir un autre dossier…"), "folder-open")
        self._cancel = link_button(self.tr("Annuler"), "x")
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOKS_EVERY_MS)
        self._name_parts()
        self._lay_out()
        self._timer.timeout.connect(self.look_wanted)
        self._other.clicked.connect(self._choose_other)
        self._cancel.clicked.connect(self.given_up)

    def show_places(self, wish: Wish, rows: Sequence[PlaceRow]) -> None:
        """Propose folders; the one that had the focus keeps it."""
        focused = self._focused()
        self._wish, self._rows = wish, tuple(rows)
        is_write = wish is Wish.WRITE
        self._question.setText(
            self.tr("Écrire sur quelle clé\u202f?")
            if is_write
            else self.tr("Lire quelle clé\u202f?")
        )
        self._none.setVisible(not rows)
        self._put_buttons()
        announce(self._question, self._question.text())
        self._take_focus(focused)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by a digit; Escape chooses none."""
        digit = digit_of(event)
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif digit is not None and 1 <= digit <= len(self._rows):
            self.chosen.emit(self._rows[digit - 1].folder)
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Look for sticks as long as somebody chooses."""
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Look no more."""
        super().hideEvent(event)
        self._timer.stop()

    def _put_buttons(self) -> None:
        for former in self._buttons:
            self._places.removeWidget(former)
            former.hide()
            former.deleteLater()
        self._buttons = []
        for place, row in enumerate(self._rows, start=1):
            about = f" · {row.about}" if row.about else ""
            button = quiet_button(f"{place}. {row.name}{about}".replace("&", "&&"), "usb")
            button.setObjectName("stick_place")
            button.setAccessibleName(row.spoken)
            button.clicked.connect(partial(self._choose_row, row))
            self._places.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            button.setVisible(True)
            self._buttons.append(button)

    def _choose_row(self, row: PlaceRow, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 (Qt)
        self.chosen.emit(row.folder)

    def _focused(self) -> Path | None:
        pairs = zip(self._buttons, self._rows, strict=True)
        return next((row.folder for button, row in pairs if button.hasFocus()), None)

    def _take_focus(self, folder: Path | None) -> None:
        if self._other.hasFocus() or self._cancel.hasFocus():
            return
        pairs = list(zip(self._rows, self._buttons, strict=True))
        same = [button for row, button in pairs if row.folder == folder]
        first = self._buttons[0] if self._buttons else self._other
        (same[0] if same else first).setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose_other(self) -> None:
        is_write = self._wish is Wish.WRITE
        title = self.tr("Dossier où écrire") if is_write else self.tr("Dossier à lire")
        if folder := self._choose(self.window(), title):
            self.chosen.emit(Path(folder))

    def _name_parts(self) -> None:
        self._question.setObjectName("stick_question")
        self._none.setText(
            self.tr("Aucune clé n’est branchée. Branchez-la\u202f: elle apparaîtra ici.")
        )
        self._other.setObjectName("stick_other")
        self._cancel.setObjectName("stick_cancel")

    def _lay_out(self) -> None:
        ways = QHBoxLayout()
        ways.setSpacing(18)
        ways.addWidget(self._other)
        ways.addWidget(self._cancel)
        ways.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._question)
        column.addWidget(self._none)
        column.addLayout(self._places)
        column.addLayout(ways)
