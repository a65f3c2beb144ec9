"""The first screen: the day, what waits, who was received, and the way to receive."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.domain.identifiers import SubjectId
from ui.moments import number
from ui.theme import scaled
from ui.today.counters import Counters
from ui.today.day_words import DayShown, ReceptionRow, TaskRow
from ui.widgets.beside_or_under import BesideOrUnder
from ui.widgets.buttons import main_button
from ui.widgets.empty_state import EmptyState
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.labels import heading, words
from ui.widgets.row_list import Column, RowList
from ui.widgets.section_card import SectionCard

_SIDE_BY_SIDE_FROM_PX = 1060


class TodayView(QWidget):
    """The day. It decides nothing; `ui.today.screen` plugs its presenter.

    Signals:
        new_reception(): receive somebody.
        resume_reception(): go on with the draft.
        open_person(object): the `SubjectId` of a file.
        open_referral(object): the `SubjectId` of a referral.
        open_referrals(str): the list behind a figure, by its name in `Day`: `to_send`,
            `awaiting_answer`, `answered`, `to_answer`, `in_progress`.
        row_opened(object): the `ReceptionRow` to open.
        task_opened(object), task_done(object): the `TaskRow` to open, or that was done.
        said(str, object): what was done, and what undoes it.
        went(): the screen is no more shown.
    """

    new_reception = Signal()
    resume_reception = Signal()
    open_person = Signal(object)
    open_referral = Signal(object)
    open_referrals = Signal(str)
    row_opened = Signal(object)
    task_opened = Signal(object)
    task_done = Signal(object)
    said = Signal(str, object)
    went = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_turned = False
        self._shown: DayShown | None = None
        self._date = heading("", 1)
        self._exchange = words("", "soft")
        self._receive = main_button(self.tr("Recevoir quelqu’un"), "door-open")
        self._draft, self._notice = InlineNotice(), InlineNotice()
        self._counters = Counters()
        self._left = words("", "soft")
        self._receptions = RowList(
            self.tr("Accueils du jour"), self._reception_columns(), key=lambda row: row.encounter
        )
        self._nobody = EmptyState(
            "door-open",
            self.tr("Personne n’a encore été reçu aujourd’hui"),
            self.tr("Ctrl+N ouvre la page d’accueil. Un nom n’est pas nécessaire."),
        )
        self._tasks = RowList(self.tr("À faire"), self._task_columns(), key=lambda row: row.about)
        self._nothing = EmptyState(
            "circle-check",
            self.tr("Rien n’attend"),
            self.tr("Réponses et demandes des partenaires viendront ici."),
        )
        self._name_parts()
        self._lay_out()
        self._connect()

    def show_day(self, shown: DayShown) -> None:
        """See `TodayPage.show_day`."""
        self._shown = shown
        self._date.setText(shown.date)
        self._exchange.setText(shown.exchange)
        self._counters.show_counters(shown.counters)
        self._show_rows(shown)
        if shown.has_draft:
            text = self.tr("Un accueil commencé vous attend, tel que vous l’avez laissé.")
            self._draft.show_notice(NoticeKind.INFO, text, action=self.tr("Reprendre"))
        else:
            self._draft.hide_notice()

    def show_problem(self, sentence: str) -> None:
        """See `TodayPage.show_problem`."""
        self._notice.show_notice(NoticeKind.REFUSAL, sentence)

    def show_unnamed(self, words: str) -> None:
        """See `TodayPage.show_unnamed`."""
        self._notice.show_notice(NoticeKind.INFO, words)

    def say(self, words: str, undo: Callable[[], None]) -> None:
        """See `TodayPage.say`."""
        self.said.emit(words, undo)

    def go_to_person(self, person: SubjectId) -> None:
        """See `TodayPage.go_to_person`."""
        self.open_person.emit(person)

    def set_turned(self, turned: bool) -> None:  # noqa: FBT001 -- as setVisible
        """Turn the screen towards the person: names and demands of others are hidden."""
        self._is_turned = turned
        if self._shown is not None:
            self._show_rows(self._shown)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that the screen went."""
        super().hideEvent(event)
        self.went.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the two lists side by side when there is room."""
        super().resizeEvent(event)
        is_wide = event.size().width() >= scaled(_SIDE_BY_SIDE_FROM_PX)
        direction = (
            QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        )
        self._lists.setDirection(direction)

    def _show_rows(self, shown: DayShown) -> None:
        self._receptions.set_rows(() if self._is_turned else shown.receptions)
        self._tasks.set_rows(() if self._is_turned else shown.tasks)
        for rows, empty, some in (
            (self._receptions, self._nobody, bool(shown.receptions)),
            (self._tasks, self._nothing, bool(shown.tasks)),
        ):
            rows.setVisible(some)
            empty.setVisible(not some)
        left = number(shown.tasks_left)
        self._left.setText(self.tr("Et {0} autres, que les compteurs ouvrent.").format(left))
        self._left.setVisible(bool(shown.tasks_left))

    def _reception_columns(self) -> list[Column[ReceptionRow]]:
        return [
            Column(title=self.tr("Heure"), text=lambda row: row.at),
            Column(title=self.tr("Personne"), text=lambda row: row.name or self.tr("Sans nom")),
            Column(title=self.tr("Demande"), text=lambda row: row.expressed, stretches=True),
            Column(title=self.tr("Suite"), text=lambda row: row.outcome),
        ]

    def _task_columns(self) -> list[Column[TaskRow]]:
        return [
            Column(title=self.tr("À faire"), text=lambda row: row.task),
            Column(title=self.tr("Personne"), text=lambda row: row.name, stretches=True),
            Column(
                title=self.tr("Depuis"),
                text=lambda row: row.since.removeprefix("depuis "),
                sort_key=lambda row: row.at_s,
            ),
        ]

    def _name_parts(self) -> None:
        self.setObjectName("screen")
        self._receive.setObjectName("receive")
        self._receive.setMinimumHeight(scaled(48))
        self._receive.setToolTip(self.tr("Recevoir quelqu’un (Ctrl+N)"))
        self._receptions.setObjectName("receptions")
        self._left.setObjectName("tasks_left")
        self._left.hide()
        self._tasks.setObjectName("tasks")
        self._draft.setObjectName("draft")
        self._exchange.setObjectName("day_exchange")

    def _lay_out(self) -> None:
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(self._date)
        said.addWidget(self._exchange)
        self._lists = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lists.setSpacing(14)
        cards = (
            (self.tr("Accueils du jour"), self._receptions, self._nobody, 3),
            (self.tr("À faire"), self._tasks, self._nothing, 2),
        )
        for title, rows, empty, stretch in cards:
            card = SectionCard(title)
            card.add(rows, 1)
            card.add(empty, 1)
            if rows is self._tasks:
                card.add(self._left)
            self._lists.addWidget(card, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 10, 28, 20)
        column.setSpacing(16)
        column.addWidget(BesideOrUnder(said, self._receive))
        column.addWidget(self._draft)
        column.addWidget(self._notice)
        column.addWidget(self._counters)
        column.addLayout(self._lists, 1)

    def _connect(self) -> None:
        self._receive.clicked.connect(self.new_reception)
        self._draft.action_wanted.connect(self.resume_reception)
        self._counters.wanted.connect(self.open_referrals)
        self._receptions.opened.connect(self.row_opened)
        self._tasks.opened.connect(self._open_task)
        self._tasks.ticked.connect(self._tick)

    def _open_task(self, row: TaskRow) -> None:
        if row.referral is not None:
            self.open_referral.emit(row.referral)
        else:
            self.task_opened.emit(row)

    def _tick(self, row: TaskRow) -> None:
        if row.is_ticked_off:
            self.task_done.emit(row)
