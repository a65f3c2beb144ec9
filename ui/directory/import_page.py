"""Importing a published file: choosing it, what it would change, what was imported before."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget

from ui.directory.import_presenter import ProposalShown
from ui.directory.places import department_label
from ui.directory.state_line import StateLine
from ui.theme import scaled
from ui.widgets.announcements import announce
from ui.widgets.buttons import link_button, main_button, quiet_button
from ui.widgets.choices import Choice, ChoiceChips
from ui.widgets.date_field import DateField
from ui.widgets.date_text import DateSpan
from ui.widgets.dialogs import Dialogs
from ui.widgets.flow_layout import wrapped
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.kept_focus import focus_kept_in
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import heading, words
from ui.widgets.page_values import Badge, PastImport
from ui.widgets.past_imports import PastImports
from ui.widgets.scroll_page import ScrollPage
from ui.widgets.section_card import SectionCard

_KINDS = (
    "Fichiers publiés (*.json *.csv *.xlsx *.ods *.bz2 *.zip *.gz *.pack);;Tous les fichiers (*)"
)
_FOUND_PX = 184


class ImportPage(ScrollPage):
    """The screen of `ImportPresenter`.

    Signals:
        back_wanted(): go back to the list.
        file_chosen(object, object): read that `Path`, taking those départements (codes) alone.
        day_given(object): the `date` of publication, or None when it is not one.
        kept(): import what was read.
        given_up(): forget what was read.
        undone(object): undo the import of that number; it was confirmed.
        said(str): what was just done.
    """

    back_wanted = Signal()
    file_chosen = Signal(object, object)
    day_given = Signal(object)
    kept = Signal()
    given_up = Signal()
    undone = Signal(object)
    said = Signal(str)

    def __init__(self, today: dt.date, dialogs: Dialogs, parent: QWidget | None = None) -> None:
        super().__init__(most_px=900, parent=parent)
        self._dialogs = dialogs
        self._back = link_button(self.tr("Tout l’annuaire"), "arrow-left")
        self._departments = ChoiceChips(self.tr("Départements à prendre"), ())
        self._choose = main_button(self.tr("Choisir un &fichier…"), "folder-open")
        self._busy_words = words("", "strong")
        self._bar = QProgressBar()
        self._stop = quiet_button(self.tr("Arrêter"))
        self._busy, self._asking, self._proposal = QWidget(), QWidget(), QWidget()
        self._day = DateField(
            self.tr("Jour de publication"),
            span=DateSpan(earliest=dt.date(2000, 1, 1), latest=today),
        )
        self._day_field = LabelledField(self.tr("&Jour de publication"), self._day)
        self._day_send = main_button(self.tr("Lire le fichier"), "check")
        self._title = heading("", 3)
        self._counts = words()
        self._found_title = words("", "strong")
        self._found = QPlainTextEdit()
        self._keep = main_button(self.tr("&Importer ces fiches"), "download")
        self._give_up = quiet_button(self.tr("&Ne rien importer"))
        self._notice = InlineNotice()
        self._pack = StateLine("region_pack")
        self._past = PastImports(
            self.tr("Imports faits sur ce poste"),
            none=self.tr("Aucun import pour l’instant."),
            prefix="undo",
            take_focus=self._take_focus,
        )
        self._name_parts()
        self._lay_out()
        self._connect()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._found.setFixedHeight(scaled(_FOUND_PX))

    def enter(self) -> None:
        """Go to what starts an import."""
        self._take_focus()
        self.to_top()

    def show_busy(self, sentence: str, *, can_stop: bool = False) -> None:
        """See `ImportScreen.show_busy`."""
        self._busy_words.setText(sentence)
        for part in (self._choose, self._past):
            part.setDisabled(bool(sentence))
        with focus_kept_in(self._busy, self._take_focus):
            self._busy.setVisible(bool(sentence))
        self._stop.setVisible(can_stop)
        if not sentence:
            return
        self._notice.hide_notice()
        announce(self._busy, sentence)
        if can_stop:
            self._stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_day(self, sentence: str, proposed: dt.date | None = None) -> None:
        """See `ImportScreen.ask_day`."""
        if proposed is not None:
            self._day.set_value(proposed)
            self._day.line.selectAll()
        self._day_field.set_error(sentence)
        self._asking.show()
        self._day.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.show_whole(self._asking)

    def propose(self, shown: ProposalShown) -> None:
        """See `ImportScreen.propose`."""
        self._title.setText(shown.title)
        self._counts.setText("\n".join(shown.lines))
        self._found_title.setText(shown.findings_title)
        self._found.setPlainText("\n".join(shown.findings))
        for part in (self._found_title, self._found):
            part.setVisible(bool(shown.findings))
        self._keep.setVisible(shown.changes_something)
        self._proposal.show()
        announce(self._proposal, f"{shown.title}. {' '.join(shown.lines)}")
        first = self._keep if shown.changes_something else self._give_up
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.show_whole(self._proposal)

    def put_away(self) -> None:
        """See `ImportScreen.put_away`."""
        with focus_kept_in(self._whole, self._take_focus):
            for part in (self._asking, self._proposal):
                part.hide()
        self._day_field.set_error("")
        self._found.clear()

    def offer_departments(self, codes: Sequence[str]) -> None:
        """See `ImportScreen.offer_departments`."""
        if self._departments.choices():
            return  # what somebody chose stays
        choices = [Choice(code=code, label=department_label(code)) for code in codes]
        self._departments.set_choices(choices)
        self._departments.set_values(codes)

    def show_imports(self, shown: Sequence[PastImport]) -> None:
        """See `ImportScreen.show_imports`."""
        self._past.show_imports(shown)

    def show_pack(self, badge: Badge | None) -> None:
        """See `ImportScreen.show_pack`."""
        self._pack.show_state(badge)
        self._pack.setVisible(badge is not None)

    def show_refusal(self, sentence: str) -> None:
        """See `ImportScreen.show_refusal`."""
        self._notice.show_notice(NoticeKind.ATTENTION, sentence)
        self.show_whole(self._notice)

    def say(self, text: str) -> None:
        """See `ImportScreen.say`."""
        self.said.emit(text)
        self._take_focus()

    def _take_focus(self) -> None:
        self._choose.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self) -> None:
        title = self.tr("Fichier publié de structures")
        if chosen := self._dialogs.open_file(self.window(), title, _KINDS):
            self.file_chosen.emit(Path(chosen), self._departments.values())

    def _connect(self) -> None:
        self._back.clicked.connect(self.back_wanted)
        self._choose.clicked.connect(self._ask)
        self._stop.clicked.connect(self.given_up)
        self._day_send.clicked.connect(lambda: self.day_given.emit(self._day.value()))
        self._day.line.returnPressed.connect(self._day_send.click)
        self._keep.clicked.connect(self.kept)
        self._give_up.clicked.connect(self.given_up)
        self._past.undone.connect(self.undone)
        # Queued: what grew has its place only once the page was laid out again.
        self._past.grew.connect(
            lambda: self.show_whole(self._past), Qt.ConnectionType.QueuedConnection
        )

    def _name_parts(self) -> None:
        for part, name in (
            (self._back, "imports_back"),
            (self._departments, "import_departments"),
            (self._past, "past_imports"),
            (self._choose, "import_choose"),
            (self._stop, "import_stop"),
            (self._busy_words, "import_busy"),
            (self._day, "import_day"),
            (self._day_send, "import_day_send"),
            (self._title, "import_title"),
            (self._counts, "import_counts"),
            (self._found_title, "import_found_title"),
            (self._found, "import_found"),
            (self._keep, "import_keep"),
            (self._give_up, "import_give_up"),
        ):
            part.setObjectName(name)
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self._bar.setAccessibleName(self.tr("Import en cours"))
        self._found.setReadOnly(True)
        self._found.setTabChangesFocus(True)
        self._found.setAccessibleName(self.tr("Lignes refusées et remarques"))
        self._found.setFixedHeight(scaled(_FOUND_PX))

    def _lay_out(self) -> None:
        self._whole = card = SectionCard(self.tr("Importer un fichier publié"))
        for sentence in (
            self.tr(
                "data·inclusion, annuaire de l’administration, agences France Travail, couverture"
                " des missions locales, ou codes postaux de La Poste pour la place exacte des"
                " communes\u202f: le format est reconnu tout seul."
            ),
            self.tr(
                "Rien n’est changé avant que vous ayez vu ce que le fichier apporte. Un import se"
                " défait en entier, et vos corrections restent."
            ),
        ):
            card.add(words(sentence, "soft"))
        hint = self.tr("aucun coché\u202f: tout le fichier")
        card.add(LabelledField(self.tr("&Départements à prendre"), self._departments, hint=hint))
        card.body.addWidget(self._choose, 0, Qt.AlignmentFlag.AlignLeft)
        self._stack_parts(self._busy, (self._busy_words, self._bar), (self._stop,))
        self._stack_parts(self._asking, (self._day_field,), (self._day_send,))
        self._stack_parts(
            self._proposal,
            (self._title, self._counts, self._found_title, self._found),
            (self._keep, self._give_up),
        )
        for part in (self._busy, self._asking, self._proposal, self._notice):
            part.hide()
            card.add(part)
        self.body.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        self._pack.hide()
        self.body.addWidget(self._pack)
        self.body.addWidget(card)
        self.body.addWidget(self._past)

    @staticmethod
    def _stack_parts(part: QWidget, read: Sequence[QWidget], pressed: Sequence[QWidget]) -> None:
        """Put what is read over what is pressed."""
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for widget in read:
            column.addWidget(widget)
        column.addWidget(wrapped(*pressed))
