"""Machines that ask to join: the code to compare aloud, in large letters, and admitting."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ui.machines.page import Place, RequestRow, StructurePage
from ui.widgets.beside_or_under import BesideOrUnder
from ui.widgets.buttons import main_button, quiet_button
from ui.widgets.code_groups import CodeGroups
from ui.widgets.emptying import empty
from ui.widgets.labels import words
from ui.widgets.section_card import SectionCard


class RequestsCard(SectionCard):
    """Requests.

    Signals:
        admitted(str): the code of a machine to admit: it was compared aloud.
        admission_wanted(): save the admission of the machine just admitted.
        file_wanted(): open a file that somebody carried.
    """

    admitted = Signal(str)
    admission_wanted = Signal()
    file_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_title(self.tr("Demandes"))
        self.setObjectName("requests_card")
        self._shown: tuple[tuple[RequestRow, ...], str] | None = None
        self._about = words("", "soft")
        self._about.setObjectName("requests_about")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(18)
        self._buttons: list[QPushButton] = []
        self._save = quiet_button(self.tr("Enregistrer l’a&dmission…"), "download")
        self._save.setObjectName("save_admission")
        self._save.hide()
        self.add(self._about)
        self.add_layout(self._rows)
        self.body.addWidget(self._save, 0, Qt.AlignmentFlag.AlignLeft)
        self._save.clicked.connect(self.admission_wanted)

    def show_page(self, page: StructurePage) -> None:
        """Show who asks to join, and who may let them in."""
        self.setVisible(page.place is Place.INSIDE)
        self._about.setText(_about(page))
        fresh = (page.requests, page.elsewhere)
        if fresh != self._shown:
            self._shown = fresh
            self._put_rows(page.requests, can_admit=not page.elsewhere)

    def show_admitted(self, spoken: str) -> None:
        """Offer the file of the machine just admitted."""
        self._save.setText(self.tr("Enregistrer l’a&dmission de {0}…").format(spoken))
        self._save.show()
        self._save.setFocus(Qt.FocusReason.OtherFocusReason)

    def has_requests(self) -> bool:
        """Say whether somebody may be admitted here."""
        return bool(self._buttons)

    def take_focus(self) -> None:
        """Go to the first request, or to the admission to save."""
        first = self._buttons[0] if self._buttons else self._save
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _put_rows(self, rows: Sequence[RequestRow], *, can_admit: bool) -> None:
        self._buttons = []
        empty(self._rows)
        for place, row in enumerate(rows):
            widget = self._row(row, is_first=place == 0, can_admit=can_admit)
            self._rows.addWidget(widget)
            widget.setVisible(True)

    def _row(self, row: RequestRow, *, is_first: bool, can_admit: bool) -> QWidget:
        code = CodeGroups(self.tr("Code à comparer"))
        code.setObjectName("request_code")
        code.show_groups(row.spoken.split("-"))
        read = QVBoxLayout()
        read.setSpacing(6)
        read.addWidget(code)
        if row.warning:
            read.addWidget(words(row.warning, "missing"))
        text = self.tr("&Admettre") if is_first else self.tr("Admettre")
        button = main_button(text, "check")
        button.setObjectName("admit")
        button.setAccessibleName(self.tr("Admettre le poste {0}").format(row.spoken))
        button.clicked.connect(partial(self._admit, row.spoken))
        button.setVisible(can_admit)
        if can_admit:
            self._buttons.append(button)
        return BesideOrUnder(read, button)

    def _admit(self, spoken: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 (Qt)
        self.admitted.emit(spoken)


def _about(page: StructurePage) -> str:
    if not page.requests:
        return (
            "Aucun poste ne demande à rejoindre la structure. Une demande arrive par un échange, ou"
            " par un fichier ou une photo que vous ouvrez ici."
        )
    if page.elsewhere:
        return f"Admettre un poste se fait sur {page.elsewhere}."
    return (
        "Faites lire à voix haute le code affiché sur l’autre poste. S’il est le même ici, c’est"
        " bien lui."
    )
