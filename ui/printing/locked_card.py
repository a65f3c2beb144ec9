"""The passphrase of a file just written, shown once in large groups, to be said by telephone."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ui.widgets.announcements import announce
from ui.widgets.buttons import main_button
from ui.widgets.code_groups import CodeGroups
from ui.widgets.labels import words
from ui.widgets.section_card import SectionCard


class LockedCard(SectionCard):
    """Holds nothing until a file was written, nor once it was told.

    Signals:
        told(): the passphrase was said, it need not be seen any more.
    """

    told = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._code = CodeGroups(self.tr("Mot de passe"))
        self._advice = words(
            self.tr(
                "À dire par téléphone, jamais dans le même message que le fichier. Il se tape d’un"
                " seul tenant, en majuscules ou en minuscules, et n’est gardé nulle part\u202f:"
                " perdu, on refait un fichier."
            ),
            "soft",
        )
        self._told = main_button(self.tr("C’est dit, ne plus l’afficher"), "check")
        self._code.setObjectName("locked_code")
        self._advice.setObjectName("locked_advice")
        self._told.setObjectName("locked_told")
        self.body.setSpacing(10)
        self.add(self._code)
        self.add(self._advice)
        self.body.addWidget(self._told, 0, Qt.AlignmentFlag.AlignLeft)
        self._told.clicked.connect(self._end)

    def show_passphrase(self, file_name: str, groups: Sequence[str]) -> None:
        """Show what opens the file that bears that name."""
        self.set_title(self.tr("Mot de passe de {0}").format(file_name))
        self._code.show_groups(groups)
        self._told.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self._code, self._code.accessibleName())

    def forget(self) -> None:
        """Hold nothing any more."""
        self._code.show_groups(())
        self.set_title("")

    def _end(self) -> None:
        self.forget()
        self.told.emit()
