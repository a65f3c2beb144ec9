"""The first morning: one short page, then the code to keep on paper."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.personal_numbers import masked_file_name
from ui.welcome.code_page import CodePage
from ui.welcome.lines import named_line
from ui.welcome.presenter import Beginning, StructureChoice, WelcomePresenter
from ui.widgets.buttons import link_button, main_button
from ui.widgets.centred_card import centred_card
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import heading, words
from ui.widgets.suggest_field import SuggestField
from ui.widgets.suggestion_list import Suggestion


class WelcomeView(QWidget):
    """The page and the code. It holds its presenter once `serve` was called.

    Signals:
        begin_wanted(object): a `Beginning`.
        back_wanted(): back to the first window.
        code_noted(): the recovery code is on paper.
    """

    begin_wanted = Signal(object)
    back_wanted = Signal()
    code_noted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._presenter: WelcomePresenter[Any] | None = None
        self._page = _BeginningPage()
        self._code = CodePage()
        self._pages = QStackedWidget()
        self.setObjectName("welcome")
        self.setWindowTitle(self.tr("Deux Portes"))
        self._lay_out()
        self._page.begin_wanted.connect(self.begin_wanted)
        self._page.back_wanted.connect(self.back_wanted)
        self._code.noted.connect(self.code_noted)

    def serve(self, presenter: WelcomePresenter[Any]) -> None:
        """Keep the presenter and send it the wishes of the user."""
        self._presenter = presenter
        self.begin_wanted.connect(presenter.begin)
        self.code_noted.connect(presenter.code_was_noted)
        self._page.structure.query_changed.connect(presenter.structure_typed)
        self._page.agent.setFocus()

    def show_structures(self, choices: Sequence[StructureChoice], query: str) -> None:
        """See `WelcomeScreen`."""
        rows = [Suggestion(label=c.name, value=c, detail=c.commune) for c in choices]
        self._page.structure.show_suggestions(rows, query=query)

    def show_error(self, field: str, text: str) -> None:
        """See `WelcomeScreen`."""
        self._page.fields[field].set_error(text)

    def show_refusal(self, sentence: str) -> None:
        """See `WelcomeScreen`."""
        self._page.show_ready()
        self._page.notice.show_notice(NoticeKind.ATTENTION, sentence)

    def show_working(self) -> None:
        """See `WelcomeScreen`."""
        self._page.show_working()

    def show_recovery_code(self, code: str) -> None:
        """See `WelcomeScreen`."""
        self._page.forget_secrets()
        self._code.show_code(code)
        self._pages.setCurrentWidget(self._code)

    def _lay_out(self) -> None:
        self._pages.addWidget(self._page)
        self._pages.addWidget(self._code)
        inside = QVBoxLayout()
        inside.addWidget(self._pages)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(centred_card(inside, most_px=600, above=0, below=1))


class _BeginningPage(QWidget):
    """Who, where, and a passphrase.

    Signals:
        begin_wanted(object): a `Beginning`.
        back_wanted(): back to the first window.
    """

    begin_wanted = Signal(object)
    back_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.agent = named_line("agent", self.tr("Vous"))
        self.structure = SuggestField(self.tr("Votre structure"))
        self._passphrase = named_line("passphrase", self.tr("Phrase de passe"), secret=True)
        self._again = named_line("again", self.tr("Phrase de passe, encore une fois"), secret=True)
        self._region = link_button(self.tr("Choisir le fichier de la Région…"), "folder-open")
        self._begin = main_button(self.tr("&Créer l’espace"), "plus")
        self._back = link_button(self.tr("Revenir"))
        self.notice = InlineNotice()
        self._reference = ""
        self._region_file: Path | None = None
        self.fields = self._fields()
        self._name_parts()
        self._lay_out()
        self._connect()

    def show_working(self) -> None:
        """Say that the workspace is being made."""
        self.notice.hide_notice()
        self._begin.setEnabled(False)
        self._begin.setText(self.tr("Création…"))

    def show_ready(self) -> None:
        """Offer to begin."""
        self._begin.setEnabled(True)
        self._begin.setText(self.tr("&Créer l’espace"))

    def forget_secrets(self) -> None:
        """Empty the passphrases."""
        self._passphrase.setText("")
        self._again.setText("")

    def _fields(self) -> dict[str, LabelledField]:
        return {
            "agent": LabelledField(
                self.tr("&Vous"),
                self.agent,
                hint=self.tr(
                    "Prénom, initiales ou fonction\u202f: c’est ce que l’écran affichera."
                ),
            ),
            "structure": LabelledField(self.tr("&Structure"), self.structure),
            "passphrase": LabelledField(
                self.tr("&Phrase de passe"),
                self._passphrase,
                hint=self.tr("Quatre mots sans rapport font une bonne phrase."),
            ),
            "again": LabelledField(self.tr("&Encore une fois"), self._again),
        }

    def _name_parts(self) -> None:
        self.structure.setObjectName("structure")
        self._begin.setObjectName("begin")
        self._back.setObjectName("back")
        self._region.setObjectName("region_file")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(heading(self.tr("L’espace de votre structure"), 1))
        said = self.tr("Tout ce que vous écrirez restera chiffré sur cette machine.")
        column.addWidget(words(said, "soft"))
        for field in self.fields.values():
            column.addWidget(field)
        later = self.tr("Le fichier de la Région peut attendre\u202f: l’accueil commence sans lui.")
        column.addWidget(words(later, "small"))
        column.addWidget(self._region, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.addWidget(self._begin)
        row.addWidget(self._back)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.notice)

    def _connect(self) -> None:
        self.structure.chosen.connect(self._take_structure)
        self.structure.line.textEdited.connect(self._structure_edited)
        self._region.clicked.connect(self._choose_region)
        self._begin.clicked.connect(self._want)
        self._again.returnPressed.connect(self._want)
        self._back.clicked.connect(self.back_wanted)
        lines = (self.agent, self.structure.line, self._passphrase, self._again)
        for line, field in zip(lines, self.fields.values(), strict=True):
            # What was wrong is being mended.
            line.textEdited.connect(partial(self._forget_error, field))

    def _forget_error(self, field: LabelledField, _text: str) -> None:
        field.set_error("")

    def _take_structure(self, choice: StructureChoice) -> None:
        self._reference = choice.reference
        self.structure.set_text(choice.name)

    def _structure_edited(self, _text: str) -> None:
        self._reference = ""

    def _choose_region(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, self.tr("Fichier de la Région"), "", self.tr("Fichiers JSON (*.json)")
        )
        if chosen:
            self._region_file = Path(chosen)
            self._region.setText(masked_file_name(self._region_file.name))

    def _want(self) -> None:
        beginning = Beginning(
            agent=self.agent.text(),
            structure=self.structure.text(),
            reference=self._reference,
            passphrase=self._passphrase.text(),
            again=self._again.text(),
            region_file=self._region_file,
        )
        self.begin_wanted.emit(beginning)
