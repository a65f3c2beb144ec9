"""This machine asks to join: its code to read aloud, its request to carry, what to wait for."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.machines.page import StructurePage
from ui.widgets.buttons import main_button, quiet_button
from ui.widgets.code_groups import CodeGroups
from ui.widgets.flow_layout import wrapped
from ui.widgets.labels import words
from ui.widgets.qr_picture import QrPicture
from ui.widgets.section_card import SectionCard
from ui.widgets.two_columns import TwoColumns


class WaitingCard(SectionCard):
    """The request of this machine.

    Signals:
        saving_wanted(str): save the request, whose text this is.
        file_wanted(): open the admission that somebody carried.
        exchange_wanted(): exchange now.
    """

    saving_wanted = Signal(str)
    file_wanted = Signal()
    exchange_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_title(self.tr("Ce poste attend d’être admis"))
        self._text = ""
        self._code = CodeGroups(self.tr("Code de ce poste"))
        self._picture = QrPicture(self.tr("Code QR de la demande"))
        self._save = quiet_button(self.tr("&Enregistrer la demande…"), "download")
        self._open = quiet_button(self.tr("O&uvrir l’admission…"), "folder-open")
        self._exchange = main_button(self.tr("Échan&ger maintenant"), "refresh-cw")
        self._name_parts()
        self._lay_out()
        self._save.clicked.connect(lambda: self.saving_wanted.emit(self._text))
        self._open.clicked.connect(self.file_wanted)
        self._exchange.clicked.connect(self.exchange_wanted)
        self.hide()

    def show_page(self, page: StructurePage) -> None:
        """Show the request of this machine, or nothing."""
        self.setVisible(page.waiting is not None)
        if page.waiting is not None:
            self._text = page.waiting.text
            self._code.show_groups(page.waiting.spoken.split("-"))
            self._picture.show_squares(page.waiting.squares)

    def take_focus(self) -> None:
        """Go to the first button."""
        self._exchange.setFocus(Qt.FocusReason.OtherFocusReason)

    def _name_parts(self) -> None:
        self.setObjectName("waiting_card")
        self._code.setObjectName("own_code")
        self._picture.setObjectName("request_picture")
        self._save.setObjectName("save_request")
        self._open.setObjectName("open_admission")
        self._exchange.setObjectName("exchange_request")

    def _lay_out(self) -> None:
        columns = TwoColumns()
        columns.add_main(self._steps())
        columns.add_side(self._picture)
        self.add(columns)

    def _steps(self) -> QWidget:
        steps = QWidget()
        column = QVBoxLayout(steps)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._code)
        for sentence in (
            self.tr(
                "Lisez ce code à voix haute à la personne qui est devant le premier poste de la"
                " structure\u202f: elle doit voir le même avant d’admettre celui-ci."
            ),
            self.tr(
                "Avec le réseau, la demande part d’elle-même. Sans réseau, portez-la\u202f: le"
                " fichier enregistré sur une clé, ou une photo de ce code QR\u202f; on vous rendra"
                " une admission à ouvrir ici."
            ),
        ):
            column.addWidget(words(sentence))
        buttons = wrapped(self._exchange, self._save, self._open)
        column.addWidget(buttons)
        return steps
