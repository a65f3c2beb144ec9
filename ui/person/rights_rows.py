"""The rows of the card « Ses droits »: a request and its answer, an agreement and its end."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.identifiers import SubjectId
from ui.person.request_forms import AnswerForm
from ui.person.rights_page import AgreementShown, Offer, OpenRequest
from ui.theme import scaled
from ui.widgets.badge_label import BadgeLabel
from ui.widgets.kept_focus import focus_kept_in
from ui.widgets.labels import words
from ui.widgets.timeline import Timeline
from ui.widgets.two_steps import TwoSteps

_BESIDE_THE_DISC_PX = 48


class RequestRow(QWidget):
    """A request that awaits its answer.

    Attributes:
        form: where its answer is noted.
    """

    def __init__(self, shown: OpenRequest) -> None:
        super().__init__()
        self.form = AnswerForm(shown.request)
        self._title, self._when = words("", "strong"), words("", "small")
        self._quote = words()
        self._due = BadgeLabel(None)
        column = _column(self)
        for part in (self._title, self._when, self._quote, self._due, self.form):
            column.addWidget(part)

    def show_request(self, shown: OpenRequest, answers: Sequence[Offer]) -> None:
        """Show how the request stands; an answer being typed stays."""
        self._title.setText(shown.title)
        self._when.setText(shown.when)
        self._quote.setText(f"«\u00a0{shown.quote}\u00a0»")
        self._quote.setVisible(bool(shown.quote))
        self._due.set_badge(shown.due)
        self.form.offer(answers)
        name = self.tr("Noter la réponse\u202f: {asked}, {when}")
        self.form.name_opening(name.format(asked=shown.title, when=shown.when))


class AgreementRow(QWidget):
    """An agreement, and the way to take it back while it stands.

    Signals:
        withdrawn(object): take back the agreement of that `SubjectId`; it was confirmed.
        grew(): what taking it back stops is said: there is more to see.
    """

    withdrawn = Signal(object)
    grew = Signal()

    def __init__(self, agreement: SubjectId, take_focus: Callable[[], None]) -> None:
        """Make a row.

        Args:
            agreement: which one.
            take_focus: follows when there is nothing left to press here.
        """
        super().__init__()
        self._take_focus = take_focus
        self._entry = Timeline(self.tr("Accord"))
        self._steps = TwoSteps(
            "withdraw",
            asks=self.tr("Retirer cet accord…"),
            does=self.tr("Retirer l’accord"),
            keeps=self.tr("Garder l’accord"),
            icon="undo-2",
        )
        beside = QVBoxLayout()
        beside.setContentsMargins(scaled(_BESIDE_THE_DISC_PX), 0, 0, 0)
        beside.addWidget(self._steps)
        column = _column(self)
        column.addWidget(self._entry)
        column.addLayout(beside)
        self._steps.grew.connect(self.grew)
        self._steps.confirmed.connect(lambda: self.withdrawn.emit(agreement))

    def show_agreement(self, shown: AgreementShown) -> None:
        """Show how the agreement stands."""
        self._entry.set_entries((shown.entry,))
        if not shown.stops:
            with focus_kept_in(self._steps, self._take_focus):
                self._steps.hide()
            return
        self._steps.set_sentences(shown.stops)
        about = ", ".join((shown.entry.title, *shown.entry.lines))
        self._steps.name_asking(self.tr("Retirer cet accord\u202f: {about}").format(about=about))


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    return column
