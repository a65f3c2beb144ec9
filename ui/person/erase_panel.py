"""Erasing a file at the person's request, in two steps and without a dialog."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from ui.widgets.announcements import announce
from ui.widgets.buttons import main_button, quiet_button
from ui.widgets.flow_layout import wrapped
from ui.widgets.labels import words
from ui.widgets.section_card import SectionCard


class ErasePanel(SectionCard):
    """First what would go, then the button that does it.

    Signals:
        confirmed(bool): the agent pressed the second button; is the answer to be noted as well?
    """

    confirmed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_title(self.tr("Droit à l’effacement"))
        self._ask = quiet_button(self.tr("Effacer à sa demande…"), "trash-2")
        self._what = QWidget()
        self._sentences = (
            words(
                self.tr(
                    "Seront effacés ici et sur les autres postes de la structure\u202f: l’identité,"
                    " les demandes, les accueils, les notes, les accords et les mises en relation."
                )
            ),
            words(
                self.tr(
                    "Une structure à qui le dossier a été transmis garde ce qu’elle a écrit"
                    " elle-même\u202f: la personne doit le lui demander."
                )
            ),
            words(self.tr("C’est définitif\u202f: rien ne pourra être rétabli."), "strong"),
        )
        self._answers = QCheckBox()
        self._keep = main_button(self.tr("Garder le dossier"))
        self._erase = quiet_button(self.tr("Effacer définitivement"), "trash-2")
        self._name_parts()
        self._lay_out()
        self._ask.clicked.connect(self._explain)
        self._keep.clicked.connect(self.reset)
        self._erase.clicked.connect(self._confirm)
        self.reset()

    def show_request(self, sentence: str) -> None:
        """Offer to answer an open request to be erased, or nothing without one."""
        if sentence == self._answers.text():
            return
        self._answers.setText(sentence)
        self._answers.setChecked(bool(sentence))
        self._answers.setVisible(bool(sentence))

    def reset(self) -> None:
        """Go back to the first step."""
        had_focus = self._keep.hasFocus()
        self._what.hide()
        self._ask.show()
        if had_focus:
            self._ask.setFocus(Qt.FocusReason.OtherFocusReason)

    def _explain(self) -> None:
        self._ask.hide()
        self._what.show()
        self._keep.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self._what, " ".join(label.text() for label in self._sentences))

    def _confirm(self) -> None:
        self.reset()
        self.confirmed.emit(self._answers.isChecked())

    def _name_parts(self) -> None:
        self._answers.setObjectName("erase_answers")
        self._answers.hide()
        self._ask.setObjectName("erase_ask")
        self._keep.setObjectName("erase_keep")
        self._erase.setObjectName("erase_confirm")

    def _lay_out(self) -> None:
        buttons = wrapped(self._keep, self._erase)
        column = QVBoxLayout(self._what)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for sentence in self._sentences:
            column.addWidget(sentence)
        column.addWidget(self._answers)
        column.addWidget(buttons)
        self.add(self._what)
        self.body.addWidget(self._ask, 0, Qt.AlignmentFlag.AlignLeft)
