"""The reception page: one column in the order one talks, and beside it what will leave."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.identifiers import parse_subject
from app.reference.vocabulary import Vocabularies
from app.usecases.receptions import RecordedReception
from ui.reception.actions import KnownPerson, Proposal
from ui.reception.chosen_field import suggestions
from ui.reception.fields import PageFields, clear_choice
from ui.reception.folds import open_around
from ui.reception.handover_card import HandoverCard
from ui.reception.interlocutor_words import InterlocutorsShown
from ui.reception.interlocutors_card import InterlocutorsCard
from ui.reception.leaving_panel import LeavingPanel
from ui.reception.leaving_words import LeavingKind, LeavingShown
from ui.reception.notes_card import NotesCard
from ui.reception.page_bar import PageBar
from ui.reception.page_frame import PageFrame
from ui.reception.page_keys import page_keys
from ui.reception.page_reading import Lack
from ui.reception.partner_words import PartnersShown
from ui.reception.person_card import PersonCard
from ui.reception.sections import (
    AnalysisCard,
    DemandCard,
    DoneCard,
    SettingLine,
    SituationCard,
)
from ui.reception.young_words import YoungShown
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.keys_overlay import KeyHint
from ui.widgets.keys_within import grant_within
from ui.widgets.labels import words

_TICK_MS = 15_000
_SHOWS_SAVING_AFTER_MS = 150

OfferUndo = Callable[[str, Callable[[], None] | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSettings:
    """What a page is made for.

    Attributes:
        vocabularies: the words to choose from.
        compartments: the restricted notes the agent may write (`app.store.compartments`).
        today: the day, for dates of birth and deadlines.
        offer_undo: says what was done with a way back (`MainWindow.offer_undo`).
    """

    vocabularies: Vocabularies
    compartments: Collection[str]
    today: date
    offer_undo: OfferUndo


class ReceptionView(QWidget):
    """The page. It decides nothing; `ui.reception.screen` plugs its presenter.

    Signals:
        changed(): something was typed or chosen.
        print_wanted(): show the papers of who was just received.
        question_counted(): what was asked is a question answered in passing.
        save_wanted(), discard_wanted(), ticked(): finish; empty the page; time goes by.
        commune_typed(str), recipient_typed(str), met_typed(str), person_typed(str): propose.
        motive_taken(str), motives_taken(): take a motive that is proposed, or all of them.
        person_chosen(object), person_submitted(str), person_dropped(): who the person is.
        open_person(object): the `SubjectId` of a file to open, for the desk.
        recorded(object): the `RecordedReception` just saved, for the desk.
    """

    changed = Signal()
    save_wanted = Signal()
    question_counted = Signal()
    print_wanted = Signal()
    discard_wanted = Signal()
    ticked = Signal()
    commune_typed = Signal(str)
    recipient_typed = Signal(str)
    met_typed = Signal(str)
    person_typed = Signal(str)
    motive_taken = Signal(str)
    motives_taken = Signal()
    person_chosen = Signal(object)
    person_submitted = Signal(str)
    person_dropped = Signal()
    open_person = Signal(object)
    recorded = Signal(object)

    def __init__(self, settings: PageSettings) -> None:
        super().__init__()
        self._offer_undo = settings.offer_undo
        self._is_turned = False
        self._fields = PageFields(settings.vocabularies, self)
        self._setting = SettingLine(self._fields, today=settings.today)
        self._situation = SituationCard(self._fields)
        self._demand = DemandCard(self._fields)
        self._analysis = AnalysisCard(self._fields)
        self._done = DoneCard(self._fields, today=settings.today)
        self._handover = HandoverCard(self._fields, today=settings.today)
        self._interlocutors = InterlocutorsCard(self._fields)
        self._person = PersonCard(self._fields, today=settings.today)
        self._notes = NotesCard(self._fields, compartments=settings.compartments)
        self._panel = LeavingPanel()
        self._bar = PageBar(self._fields)
        self._notice = InlineNotice()
        self._turned = words(
            self.tr("Écran tourné\u202f: les noms sont cachés. F8 les montre."), "soft"
        )
        self._slow_save = QTimer(self)
        self._clock = QTimer(self)
        self._lay_out()
        self._connect()
        self._show_consequences()

    # What the presenter asks.

    def body(self) -> dict[str, Any]:
        """See `ReceptionPage.body`."""
        return self._fields.body()

    def set_body(self, body: Mapping[str, Any]) -> None:
        """See `ReceptionPage.set_body`."""
        self._fields.set_body(body)
        self._show_consequences()

    def show_lacks(self, lacks: Sequence[Lack]) -> None:
        """See `ReceptionPage.show_lacks`."""
        self._bar.show_lacks(len(lacks))

    def show_leaving(self, shown: LeavingShown) -> None:
        """See `ReceptionPage.show_leaving`."""
        self._panel.show_leaving(shown)
        is_waited_for = shown.kind is LeavingKind.WAITS
        missing = {lack.field for lack in shown.lacks} if is_waited_for else set()
        for name in self._fields.names():
            if (labelled := self._fields.labelled(name)) is not None:
                labelled.set_missing(name in missing)
        self._bar.show_state(shown.headline)

    def show_communes(self, query: str, proposals: Sequence[Proposal]) -> None:
        """See `ReceptionPage.show_communes`."""
        self._propose(self._fields.widget("commune"), query, proposals)

    def show_recipients(self, query: str, proposals: Sequence[Proposal]) -> None:
        """See `ReceptionPage.show_recipients`."""
        self._propose(self._fields.widget("to"), query, proposals)

    def show_met(self, query: str, proposals: Sequence[Proposal]) -> None:
        """See `ReceptionPage.show_met`."""
        self._propose(self._fields.widget("already_met").focusProxy(), query, proposals)

    def show_persons(self, query: str, proposals: Sequence[Proposal]) -> None:
        """See `ReceptionPage.show_persons`."""
        if not self._is_turned:
            self._propose(self._person.search, query, proposals)

    def show_known(self, known: KnownPerson | None) -> None:
        """See `ReceptionPage.show_known`."""
        self._person.show_known(known)

    def show_motives(self, proposals: Sequence[Proposal]) -> None:
        """See `ReceptionPage.show_motives`."""
        self._demand.proposals.show_proposals(proposals)

    def show_asked(self, asked: Sequence[Lack]) -> None:
        """See `ReceptionPage.show_asked`."""
        self._analysis.asked.show_asked(asked)

    def show_called_for(self, fields: Collection[str]) -> None:
        """See `ReceptionPage.show_called_for`."""
        self._situation.show_called_for(fields)

    def show_alike(self, proposals: Sequence[Proposal]) -> None:
        """See `ReceptionPage.show_alike`."""
        self._person.alike.show_proposals(() if self._is_turned else proposals)

    def show_young(self, young: YoungShown) -> None:
        """See `ReceptionPage.show_young`."""
        self._person.show_young(young)

    def show_partners(self, shown: PartnersShown) -> None:
        """See `ReceptionPage.show_partners`."""
        self._handover.show_partners(shown)

    def show_interlocutors(self, shown: InterlocutorsShown) -> None:
        """See `ReceptionPage.show_interlocutors`."""
        self._interlocutors.show_count(shown)

    def show_refusal(self, sentence: str, lack: Lack | None) -> None:
        """See `ReceptionPage.show_refusal`."""
        self._notice.show_notice(NoticeKind.ATTENTION, sentence)
        labelled = self._fields.labelled(lack.field) if lack else None
        if labelled is not None and lack is not None:
            labelled.set_error(lack.words)

    def show_restored(self, words: str) -> None:
        """See `ReceptionPage.show_restored`."""
        self._notice.show_notice(NoticeKind.INFO, words, action=self.tr("Tout effacer"))

    def show_problem(self, sentence: str) -> None:
        """See `ReceptionPage.show_problem`."""
        self._notice.show_notice(NoticeKind.REFUSAL, sentence)

    def clear_messages(self) -> None:
        """See `ReceptionPage.clear_messages`."""
        self._notice.hide_notice()
        for name in self._fields.names():
            if (labelled := self._fields.labelled(name)) is not None:
                labelled.set_error("")

    def show_minutes(self, minutes: int | None) -> None:
        """See `ReceptionPage.show_minutes`."""
        self._bar.show_minutes(minutes)

    def set_saving(self, saving: bool) -> None:  # noqa: FBT001 -- as setEnabled
        """See `ReceptionPage.set_saving`."""
        self._bar.set_saving(saving=saving)
        if saving:
            self._slow_save.start()
        else:
            self._slow_save.stop()
            self._scroll.page.setEnabled(True)

    def say(self, words: str, undo: Callable[[], None] | None = None) -> None:
        """See `ReceptionPage.say`."""
        self._offer_undo(words, undo)

    def go_to(self, field: str) -> None:
        """See `ReceptionPage.go_to`."""
        widget = self._shown_widget(field)
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll.bring_into_sight(self._fields.labelled(field) or widget)

    def tell_recorded(self, recorded: RecordedReception) -> None:
        """See `ReceptionPage.tell_recorded`."""
        self.recorded.emit(recorded)

    # What the desk asks.

    def set_turned(self, turned: bool) -> None:  # noqa: FBT001 -- as setVisible
        """Turn the screen towards the person: names, history, notes and preview are hidden."""
        self._is_turned = turned
        for part in (self._person, self._notes, self._panel):
            part.setVisible(not turned)
        self._turned.setVisible(turned)
        if turned:
            self._person.search.hide_suggestions()

    def flush(self) -> None:
        """Tell at once what waits for a pause in typing."""
        self._fields.flush()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of the page, for F1."""
        return page_keys(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete leaves nothing chosen in a row."""
        is_clearing = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        if is_clearing and clear_choice(self.focusWidget()):
            event.accept()
            return
        super().keyPressEvent(event)

    def _propose(self, field: Any, query: str, proposals: Sequence[Proposal]) -> None:
        field.show_suggestions(suggestions(proposals), query=query)

    def _shown_widget(self, field: str) -> QWidget:
        """Return the widget of a field, every part that hides it open, made if need be."""
        widget = self._fields.widget(field)
        open_around(widget, within=self)
        while (made := self._fields.widget(field)) is not widget:
            widget = made
            open_around(widget, within=self)
        return widget

    def _show_consequences(self) -> None:
        """Show what the answers given call for."""
        self._setting.show_words()
        self._situation.show_state()
        self._done.show_state()
        self._handover.show_reach()
        self._person.show_state()

    def _tell_changed(self) -> None:
        self._show_consequences()
        self.changed.emit()

    def _open_known(self) -> None:
        identifier = self._fields.body()["known"]["id"]
        if identifier:
            self.open_person.emit(parse_subject(identifier))

    def _see_leaving(self) -> None:
        self._scroll.bring_into_sight(self._panel)

    def _lay_out(self) -> None:
        self.setObjectName("reception")
        parts = (
            self._notice,
            self._setting,
            self._demand,
            self._situation,
            self._analysis,
            self._done,
            self._handover,
            self._interlocutors,
            self._person,
            self._notes,
            self._turned,
        )
        frame = PageFrame(parts, panel=self._panel, bar=self._bar)
        self._scroll = frame.column
        self._turned.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(frame)

    def _connect(self) -> None:
        self._fields.changed.connect(self._tell_changed)
        self._situation.commune_typed.connect(self.commune_typed)
        self._situation.met_typed.connect(self.met_typed)
        self._handover.recipient_typed.connect(self.recipient_typed)
        self._person.person_typed.connect(self.person_typed)
        self._person.person_chosen.connect(self.person_chosen)
        self._person.person_submitted.connect(self.person_submitted)
        self._person.person_dropped.connect(self.person_dropped)
        self._person.file_wanted.connect(self._open_known)
        self._panel.wanted.connect(self.go_to)
        self._analysis.asked.wanted.connect(self.go_to)
        self._notice.action_wanted.connect(self.discard_wanted)
        self._bar.save_wanted.connect(self.save_wanted)
        self._setting.question_counted.connect(self.question_counted)
        self._bar.discard_wanted.connect(self.discard_wanted)
        self._bar.leaving_wanted.connect(self._see_leaving)
        self._demand.proposals.taken.connect(self.motive_taken)
        for keys, wish in (
            ("Ctrl+Return", self.save_wanted),
            ("Ctrl+Enter", self.save_wanted),
            ("F2", self.motives_taken),
            ("Ctrl+P", self.print_wanted),
            ("F4", self.question_counted),
            ("F3", self._handover.take_first),
            ("F7", self._handover.correct_entry),
        ):
            grant_within(self, QKeySequence(keys), wish)
        self._slow_save.setSingleShot(True)
        self._slow_save.setInterval(_SHOWS_SAVING_AFTER_MS)
        self._slow_save.timeout.connect(lambda: self._scroll.page.setEnabled(False))
        self._clock.timeout.connect(self.ticked)
        self._clock.start(_TICK_MS)
