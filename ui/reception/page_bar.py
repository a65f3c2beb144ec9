"""The foot of the page: how things stand, how long it lasted, and the way to finish."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.reception.fields import PageFields
from ui.texts import count
from ui.theme import scaled
from ui.widgets.beside_or_under import BesideOrUnder
from ui.widgets.buttons import main_button, quiet_button
from ui.widgets.labels import words
from ui.widgets.pausing_line import PausingLine
from ui.widgets.status_line import StatusLine


class PageBar(QWidget):
    """Always in sight, under the page.

    Signals:
        save_wanted(): finish this reception.
        discard_wanted(): empty the page.
        leaving_wanted(): see what will leave.
    """

    save_wanted = Signal()
    discard_wanted = Signal()
    leaving_wanted = Signal()

    def __init__(self, fields: PageFields) -> None:
        super().__init__()
        self.setObjectName("page_bar")
        self._state = StatusLine()
        self._state.setObjectName("page_state")
        self._state.setToolTip(self.tr("Voir ce qui partira"))
        self._state.details_wanted.connect(self.leaving_wanted)
        self._lacks = words("", "small")
        self._lacks.setWordWrap(False)
        self._minutes = PausingLine(self.tr("Durée en minutes"))
        self._minutes.paused.connect(fields.changed)
        fields.own("duration", self._minutes, (self._minutes.text, self._minutes.setText))
        self._save = main_button(self.tr("&Enregistrer"), "check")
        self._save.setObjectName("save")
        self._save.setToolTip(self.tr("Enregistrer (Ctrl+Entrée)"))
        self._discard = quiet_button(self.tr("Tout effacer"))
        self._discard.setObjectName("discard")
        self._save.clicked.connect(self.save_wanted)
        self._discard.clicked.connect(self.discard_wanted)
        self._lay_out()

    def show_state(self, text: str) -> None:
        """Say whether something leaves."""
        self._state.set_words(text)

    def show_lacks(self, number: int) -> None:
        """Say how much is to be settled before saving; it never blocks the rest."""
        points = count(number, "point")
        self._lacks.setText(
            self.tr("{points} avant d’enregistrer").format(points=points) if number else ""
        )

    def show_minutes(self, minutes: int | None) -> None:
        """Show the minutes measured, where others can be written over them."""
        self._minutes.setPlaceholderText("" if minutes is None else str(minutes))

    def set_saving(self, *, saving: bool) -> None:
        """Show that the page is being saved."""
        self._save.setEnabled(not saving)
        self._discard.setEnabled(not saving)

    def _lay_out(self) -> None:
        label = QLabel(self.tr("Durée"))
        label.setBuddy(self._minutes)
        unit = QLabel(self.tr("min"))
        self._minutes.setFixedWidth(scaled(64))
        said = QHBoxLayout()
        said.setSpacing(10)
        said.addWidget(self._state)
        said.addWidget(self._lacks)
        said.addStretch(1)
        done = QWidget()
        row = QHBoxLayout(done)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(label)
        row.addWidget(self._minutes)
        row.addWidget(unit)
        row.addSpacing(10)
        row.addWidget(self._discard)
        row.addWidget(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 10, 28, 12)
        column.addWidget(BesideOrUnder(said, done))
