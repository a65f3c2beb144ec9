"""What a structure proposes: each service with who checked it, corrected in its place, or added."""

import datetime as dt
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.directory.service_form import ServiceForm
from ui.directory.services import Offered, ServiceShown
from ui.directory.state_line import StateLine
from ui.widgets.buttons import quiet_button
from ui.widgets.entry_correction import Typed
from ui.widgets.entry_form import EntryForm
from ui.widgets.fact_grid import FactGrid
from ui.widgets.flow_layout import wrapped
from ui.widgets.labels import heading, separator, words
from ui.widgets.two_steps import TwoSteps

_LABEL_PX = 130


class ServiceList(QWidget):
    """The services of one structure.

    Signals:
        vouched(str): the service of that reference was checked today.
        corrected(str, object, object): what was there and what is typed of it, both `Typed`.
        added(object, object): the same, of a service to add.
        withdrawn(str): take back the service of that reference, which was added here.
        opening(): one of its forms opens.
        grew(object): there is more to see of that widget.

    Attributes:
        forms: what corrects one, and what adds one.
    """

    vouched = Signal(str)
    corrected = Signal(str, object, object)
    added = Signal(object, object)
    withdrawn = Signal(str)
    opening = Signal()
    grew = Signal(object)

    def __init__(self, today: dt.date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[ServiceShown, ...] = ()
        self._parts: dict[str, ServicePart] = {}
        self._offered = Offered(motives=(), publics=(), area=())
        self._correcting = ""
        self._form = ServiceForm("service", today, is_new=False)
        self._new = ServiceForm("added", today, is_new=True)
        self.forms: tuple[EntryForm, ...] = (self._form, self._new)
        self._none = words(self.tr("Aucun service n’est décrit."), "soft")
        self._add = quiet_button(self.tr("Ajouter une permanence ou un &service…"), "plus")
        self._lay_out()
        self._connect()

    def show_services(self, services: Sequence[ServiceShown], blank: Offered) -> None:
        """Show the services of a structure, or another state of them."""
        self._offered = blank
        if tuple(services) == self._shown:
            return
        self._shown = tuple(services)
        wanted = {one.reference for one in services}
        if self._correcting not in wanted:
            self.close_forms()
        for reference in self._parts.keys() - wanted:
            self._put_away(self._parts.pop(reference))
        for place, service in enumerate(services):
            part = self._parts.get(service.reference) or self._make(service.reference)
            if self._column.indexOf(part) != place:
                self._column.insertWidget(place, part)
            part.show_service(service, is_first=place == 0)
            part.setVisible(True)
            if service.reference == self._correcting:
                self._form.show_typed(service.typed)
        self._none.setVisible(not services)

    def correct_focused(self) -> bool:
        """Open the form of the service that has the focus; False when none has it."""
        focused = QApplication.focusWidget()
        for reference, part in self._parts.items():
            if focused is not None and part.isAncestorOf(focused):
                self.correct(reference)
                return True
        return False

    def correct(self, reference: str) -> None:
        """Open the form of a service under it."""
        service = next(one for one in self._shown if one.reference == reference)
        if self._correcting == reference and self._form.is_open():
            self._form.take_focus()
            return
        self.close_forms()
        self.opening.emit()
        self._correcting = reference
        part = self._parts[reference]
        part.hold(self._form)
        self._form.show_service(service.typed, service.offered, service.name)

    def add(self) -> None:
        """Open the form of a service to add."""
        self.close_forms()
        self.opening.emit()
        self._new.show_service(Typed(), self._offered, self.tr("Service à ajouter"))

    def close_forms(self) -> None:
        """Correct and add nothing any more."""
        for form in (self._form, self._new):
            if form.is_open():
                form.close_form()
        self._correcting = ""

    def _make(self, reference: str) -> "ServicePart":
        part = self._parts[reference] = ServicePart()
        part.vouch.clicked.connect(lambda: self.vouched.emit(reference))
        part.correct.clicked.connect(lambda: self.correct(reference))
        part.withdraw.confirmed.connect(lambda: self.withdrawn.emit(reference))
        part.withdraw.grew.connect(lambda: self.grew.emit(part))
        return part

    def _put_away(self, part: "ServicePart") -> None:
        if part.isAncestorOf(self._form):
            self._form.setParent(self)
        part.hide()
        self._column.removeWidget(part)
        part.deleteLater()

    def _leave_form(self) -> None:
        part = self._parts.get(self._correcting)
        if part is not None:
            part.correct.setFocus()

    def _connect(self) -> None:
        self._add.clicked.connect(self.add)
        self._form.left.connect(self._leave_form)
        self._new.left.connect(self._add.setFocus)
        for form in (self._form, self._new):
            form.opened.connect(self._tell(form))
        self._form.sent.connect(
            lambda before, typed: self.corrected.emit(self._correcting, before, typed)
        )
        self._new.sent.connect(self.added)

    def _tell(self, form: EntryForm) -> Callable[[], None]:
        return lambda: self.grew.emit(form)

    def _lay_out(self) -> None:
        self._add.setObjectName("service_add")
        self._column = QVBoxLayout()
        self._column.setSpacing(18)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(18)
        column.addLayout(self._column)
        column.addWidget(self._none)
        column.addWidget(wrapped(self._add))
        column.addWidget(self._new)
        self._form.setParent(self)


class ServicePart(QWidget):
    """One service.

    Attributes:
        vouch, correct: say that it was checked today; open its form.
        withdraw: takes it back, when it was added here.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = separator()
        self._name = heading("", 3)
        self._description = words("", "soft")
        self._facts = FactGrid("", label_px=_LABEL_PX)
        self._checked = StateLine("service_checked")
        self.vouch = quiet_button(self.tr("Vérifié aujourd’hui"), "check")
        self.correct = quiet_button(self.tr("Corriger…"), "pencil")
        self.withdraw = TwoSteps(
            "service_withdraw",
            asks=self.tr("Retirer…"),
            does=self.tr("Retirer ce service"),
            keeps=self.tr("Le garder"),
            icon="trash-2",
        )
        self._lay_out()

    def show_service(self, service: ServiceShown, *, is_first: bool) -> None:
        """Show a service, or another state of it."""
        self._line.setVisible(not is_first)
        self._name.setText(service.name)
        self._description.setText(service.description)
        self._description.setVisible(bool(service.description))
        self._facts.set_facts(service.facts)
        self._facts.setAccessibleName(service.name)
        self._checked.show_state(service.checked)
        for button in (self.vouch, self.correct):
            button.setAccessibleName(f"{button.text()} {service.name}")
        self.withdraw.setVisible(service.is_added)
        self.withdraw.name_asking(self.tr("Retirer {0}").format(service.name))
        self.withdraw.set_sentences(
            [
                self.tr("Pour un ajout fait par erreur\u202f: il disparaît de tous les postes."),
                self.tr("S’il s’arrête, corrigez plutôt «\u00a0N’existe plus depuis\u00a0»."),
            ]
        )

    def hold(self, form: EntryForm) -> None:
        """Take the form under the service."""
        self._column.addWidget(form)

    def _lay_out(self) -> None:
        self.vouch.setObjectName("service_vouch")
        self.correct.setObjectName("service_correct")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        for part in (self._line, self._name, self._description, self._facts, self._checked):
            self._column.addWidget(part)
        self._column.addWidget(wrapped(self.correct, self.vouch, gap=8))
        self._column.addWidget(self.withdraw)
