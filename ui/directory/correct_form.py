"""Correcting a structure, in place: what is most often wrong, as it is known here."""

import datetime as dt

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.directory.sheet import Typed
from ui.widgets.date_field import DateField
from ui.widgets.date_text import DateSpan
from ui.widgets.labelled_field import LabelledField
from ui.widgets.opening_form import OpeningForm
from ui.widgets.pausing_line import PausingLine

_HOURS = "hours_read"


class CorrectForm(OpeningForm):
    """The form behind « Corriger… ».

    Signals:
        corrected(object, object): what was there and what is typed, both `Typed`.
        hours_typed(str): hours are being typed.
    """

    corrected = Signal(object, object)
    hours_typed = Signal(str)

    def __init__(self, today: dt.date) -> None:
        super().__init__(
            "correct", opens=self.tr("&Corriger… (F7)"), sends=self.tr("Garder la correction"),
            icon="pencil",
        )  # fmt: skip
        self._before = Typed()
        self._telephone = QLineEdit()
        self._direct = QLineEdit()
        self._hours = PausingLine(self.tr("Horaires"))
        self._address = QLineEdit()
        self._waiting = QLineEdit()
        self._ended = DateField(
            self.tr("N’existe plus depuis"),
            span=DateSpan(earliest=dt.date(2000, 1, 1), latest=today + dt.timedelta(days=366)),
        )
        self._fields: dict[str, LabelledField] = {}
        self._lay_fields()
        self.first = self._telephone
        self.submitted.connect(self._submit)
        self._hours.paused.connect(self.hours_typed)

    def show_typed(self, typed: Typed) -> None:
        """Fill the fields with what is known; what somebody is typing stays."""
        if self.is_open() and typed == self._before:
            return
        self._before = typed
        for line, text in (
            (self._telephone, typed.telephone),
            (self._direct, typed.direct),
            (self._hours, typed.hours),
            (self._address, typed.address),
            (self._waiting, typed.waiting),
        ):
            line.setText(text)
            line.setCursorPosition(0)
        self._ended.set_value(dt.date.fromisoformat(typed.ended_on) if typed.ended_on else None)
        self.forgive()

    def set_turned(self, turned: bool) -> None:  # noqa: FBT001 -- as setVisible
        """Turn the screen towards the person: the internal number is not shown."""
        self._fields["direct"].setVisible(not turned)

    def forgive(self) -> None:
        """Say nothing against any field."""
        self.show_problem("")
        for field in self._fields.values():
            field.set_error("")
        self._fields["hours"].set_note(_HOURS, "")

    def show_hours(self, typed: str, said: str) -> None:
        """Say how the hours are understood, unless they were typed over."""
        if typed == self._hours.text():
            self._fields["hours"].set_note(_HOURS, said)

    def refuse(self, field: str, sentence: str) -> None:
        """Say why the correction is not kept, beside the field when it is one's."""
        if field in self._fields:
            self._fields[field].set_error(sentence)
            self._fields[field].field.setFocus()
            return
        self.show_problem(sentence)

    def _submit(self) -> None:
        self.forgive()
        if not self._ended.is_readable():
            self.refuse("ended_on", self._ended.problem())
            return
        ended = self._ended.value()
        typed = Typed(
            telephone=self._telephone.text(),
            direct=self._direct.text(),
            hours=self._hours.text(),
            address=self._address.text(),
            waiting=self._waiting.text(),
            ended_on=ended.isoformat() if ended else "",
        )
        self.corrected.emit(self._before, typed)

    def _lay_fields(self) -> None:
        internal = self.tr("interne, à ne pas donner")
        hours = self.tr("comme «\u00a0lundi au vendredi 9h-12h\u00a0»")
        for name, label, line, hint in (
            ("telephone", self.tr("&Téléphone public"), self._telephone, ""),
            ("direct", self.tr("Ligne &directe"), self._direct, internal),
            ("hours", self.tr("&Horaires"), self._hours, hours),
            ("address", self.tr("&Adresse"), self._address, ""),
            ("waiting", self.tr("Délai annoncé, en &jours"), self._waiting, ""),
            ("ended_on", self.tr("N’&existe plus depuis"), self._ended, self.tr("si fermée")),
        ):
            self._add(name, label, line, hint)

    def _add(self, name: str, label: str, line: QWidget, hint: str) -> None:
        line.setObjectName(f"correct_{name}")
        field = LabelledField(label, line, hint=hint)
        self._fields[name] = field
        self.fields.addWidget(field)
