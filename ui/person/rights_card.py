"""« Ses droits »: what a person asks about their data, what they agreed to, what stops."""

from collections.abc import Callable, Collection
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.identifiers import SubjectId
from ui.person.request_forms import AskForm
from ui.person.rights_page import RightsPage
from ui.person.rights_rows import AgreementRow, RequestRow
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.kept_focus import focus_kept_in
from ui.widgets.labels import heading, words
from ui.widgets.section_card import SectionCard
from ui.widgets.timeline import Timeline

_Row = TypeVar("_Row", bound=QWidget)


class RightsCard(SectionCard):
    """The screen of `RightsPresenter`.

    Signals:
        asked(object): a `NewRequest` to note.
        answered(object, str, str): the `SubjectId` of a request, a code, words.
        withdrawn(object): take back the agreement of that `SubjectId`; it was confirmed.
        erasure_asked(str): names an open request to be erased, or is "".
        grew(object): a part of the card, a `QWidget`, that has just opened.
        said(str): what was just done.
        undoable(str, object): what was just done, and what takes it back.
    """

    asked = Signal(object)
    answered = Signal(object, str, str)
    withdrawn = Signal(object)
    erasure_asked = Signal(str)
    grew = Signal(object)
    said = Signal(str)
    undoable = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("Ses droits"))
        self._shown: RightsPage | None = None
        self._notice = InlineNotice()
        self._requests: dict[SubjectId, RequestRow] = {}
        self._agreements: dict[SubjectId, AgreementRow] = {}
        self._request_rows, self._agreement_rows = QVBoxLayout(), QVBoxLayout()
        self._form = AskForm()
        self._answered = Timeline(self.tr("Demandes qui ont leur réponse"))
        self._no_agreement = words(self.tr("Aucun accord enregistré."), "soft")
        self._lay_out()
        self._form.asked.connect(self.asked)

    def show_rights(self, page: RightsPage) -> None:
        """See `RightsScreen.show_rights`."""
        if self._shown is None or self._shown.person != page.person:
            self._begin_again()
        self._shown = page
        self._form.offer(page.kinds, page.today)
        self._show_requests(page)
        self._show_agreements(page)
        self._answered.set_entries(page.answered)
        self._answered.setVisible(bool(page.answered))
        self._no_agreement.setVisible(not page.agreements)
        self.erasure_asked.emit(page.erasure)

    def request_taken(self) -> None:
        """See `RightsScreen.request_taken`."""
        self._form.clear()

    def refuse_request(self, sentence: str) -> None:
        """See `RightsScreen.refuse_request`."""
        self._form.show_problem(sentence)

    def refuse_answer(self, request: SubjectId, sentence: str) -> None:
        """See `RightsScreen.refuse_answer`."""
        if request in self._requests:
            self._requests[request].form.show_problem(sentence)

    def show_problem(self, sentence: str) -> None:
        """See `RightsScreen.show_problem`."""
        self._notice.show_notice(NoticeKind.ATTENTION, sentence)

    def say(self, text: str, undo: Callable[[], None] | None = None) -> None:
        """See `RightsScreen.say`."""
        self._notice.hide_notice()
        if undo is None:
            self.said.emit(text)
        else:
            self.undoable.emit(text, undo)

    def _begin_again(self) -> None:
        """Forget what was typed about somebody else."""
        self._notice.hide_notice()
        self._let_go(self._requests, ())
        self._let_go(self._agreements, ())
        self._form.clear()

    def _show_requests(self, page: RightsPage) -> None:
        self._let_go(self._requests, [one.request for one in page.asked])
        for place, shown in enumerate(page.asked):
            row = self._requests.get(shown.request)
            if row is None:
                row = self._requests[shown.request] = RequestRow(shown)
                row.form.answered.connect(self.answered)
                row.form.opened.connect(partial(self._only, row))
            row.show_request(shown, page.answers)
            _put(self._request_rows, row, place)

    def _show_agreements(self, page: RightsPage) -> None:
        self._let_go(self._agreements, [one.agreement for one in page.agreements])
        for place, shown in enumerate(page.agreements):
            row = self._agreements.get(shown.agreement)
            if row is None:
                row = AgreementRow(shown.agreement, self._form.take_focus)
                self._agreements[shown.agreement] = row
                row.withdrawn.connect(self.withdrawn)
                row.grew.connect(partial(self.grew.emit, row))
            row.show_agreement(shown)
            _put(self._agreement_rows, row, place)

    def _only(self, opened: RequestRow | None) -> None:
        """Keep one form open at a time: each letter means one thing."""
        for row in self._requests.values():
            if row is not opened:
                row.form.close_form()
        if opened is not None:
            self._form.close_form()
        self.grew.emit(opened or self._form)

    def _let_go(self, rows: dict[SubjectId, _Row], stay: Collection[SubjectId]) -> None:
        """Take away the rows of what is no more shown."""
        for name in [name for name in rows if name not in stay]:
            row = rows.pop(name)
            with focus_kept_in(row, self._form.take_focus):
                row.hide()
            row.deleteLater()

    def _lay_out(self) -> None:
        self.setObjectName("rights_card")
        for rows in (self._request_rows, self._agreement_rows):
            rows.setSpacing(20)
        self.add(self._notice)
        self.add_layout(self._request_rows)
        self.add(self._form)
        self.add(self._answered)
        self.add(heading(self.tr("Ses accords"), 3))
        self.add(self._no_agreement)
        self.add_layout(self._agreement_rows)
        self._form.opened.connect(partial(self._only, None))


def _put(rows: QVBoxLayout, row: QWidget, place: int) -> None:
    """Put a row at its place, where it may be already."""
    if rows.indexOf(row) != place:
        rows.insertWidget(place, row)
    row.setVisible(True)
