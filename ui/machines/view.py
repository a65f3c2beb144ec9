"""The screen of machines: who they are, who asks to join, inviting, removing, the printed code."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.machines.overview import Overview
from ui.machines.page import Invitation, Said, StructurePage
from ui.machines.recovery_card import WHO_HOLDS_IT
from ui.widgets.dialogs import Dialogs
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.keys_overlay import KeyHint
from ui.widgets.keys_within import grant_within
from ui.widgets.paper import CodeOnPaper, pdf_of, print_code
from ui.widgets.scroll_page import MARGINS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.machines.joining_presenter import JoiningPresenter
    from ui.machines.presenter import MachinesPresenter
    from ui.machines.recovery_presenter import RecoveryPresenter

_CARRIED = "Fichier à porter (*.json);;Image du code QR (*.png)"
_FILE_ALONE = "Fichier à porter (*.json)"
_OPENED = "Fichiers et photos (*.json *.png *.jpg *.jpeg *.webp *.bmp)"
_PDF = "PDF (*.pdf)"


class MachinesView(QWidget):
    """One page under a calm notice; it scrolls by itself.

    Signals:
        back_wanted(): go back to the settings.
        exchange_wanted(): exchange now.
    """

    back_wanted = Signal()
    exchange_wanted = Signal()

    def __init__(
        self, structure: str = "", dialogs: Dialogs | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._structure = structure
        self._dialogs = dialogs or Dialogs()
        self._presenter: MachinesPresenter | None = None
        self._joining: JoiningPresenter | None = None
        self._recovery: RecoveryPresenter | None = None
        self._notice = InlineNotice()
        self._page = Overview()
        self.setObjectName("screen")
        self._notice.setObjectName("machines_notice")
        self._lay_out()
        self._connect()
        self._add_shortcuts()

    def attach(
        self,
        presenter: "MachinesPresenter",
        joining: "JoiningPresenter",
        recovery: "RecoveryPresenter",
    ) -> None:
        """Send the user's wishes to the presenters, and hold them."""
        self._presenter, self._joining, self._recovery = presenter, joining, recovery
        page = self._page
        page.machines.removal_wanted.connect(presenter.remove)
        page.machines.late_accepted.connect(presenter.accept_late)
        page.quarrels.key_accepted.connect(presenter.accept_key)
        page.quarrels.known_kept.connect(presenter.keep_known)
        page.invite.invitation_wanted.connect(joining.invite)
        page.requests.admitted.connect(joining.admit)
        page.recovery.code_wanted.connect(recovery.make)
        page.recovery.noted.connect(recovery.noted)

    def activated(self) -> None:
        """Bring what is shown up to date, and take the focus."""
        self._notice.hide_notice()
        if self._presenter is not None:
            self._presenter.refresh()
        self._page.take_focus()

    def keys(self) -> "Sequence[KeyHint]":
        """Return the keys of the screen."""
        return (
            KeyHint(keys=self.tr("Alt+O"), does=self.tr("ouvrir un fichier reçu")),
            KeyHint(keys=self.tr("Alt+A"), does=self.tr("admettre le premier qui demande")),
            KeyHint(keys=self.tr("Alt+I"), does=self.tr("inviter un poste")),
            KeyHint(keys=self.tr("Alt+F"), does=self.tr("faire un code de reprise")),
            KeyHint(keys=self.tr("Alt+R"), does=self.tr("retirer le poste choisi")),
            KeyHint(keys=self.tr("Alt+C"), does=self.tr("accepter ce qu’il a écrit ensuite")),
            KeyHint(
                keys=self.tr("Entrée"), does=self.tr("aller à ce que l’on peut faire d’un poste")
            ),
            KeyHint(keys=self.tr("Échap"), does=self.tr("revenir aux réglages")),
        )

    def go_to(self, part: str) -> None:
        """Show a part of the page (`recovery`, `machines`, `quarrels`) and go to it."""
        self._page.go_to(part)

    def show_page(self, page: StructurePage) -> None:
        """See `MachinesScreen.show_page`."""
        self._page.show_page(page)

    def show_said(self, said: Said) -> None:
        """See `MachinesScreen.show_said`."""
        self._notice.show_notice(NoticeKind(said.tone.value), said.text)

    def show_invitation(self, invitation: Invitation) -> None:
        """See `JoiningScreen.show_invitation`."""
        self._page.invite.show_invitation(invitation)

    def show_admitted(self, spoken: str) -> None:
        """See `JoiningScreen.show_admitted`."""
        self._page.requests.show_admitted(spoken)

    def show_code(self, groups: tuple[str, ...]) -> None:
        """See `RecoveryScreen.show_code`."""
        self._notice.hide_notice()
        self._page.recovery.show_code(groups)

    def hide_code(self) -> None:
        """See `RecoveryScreen.hide_code`."""
        self._page.recovery.hide_code()

    @Slot()
    def _open_file(self) -> None:
        title = self.tr("Fichier ou photo reçus")
        chosen = self._dialogs.open_file(self.window(), title, _OPENED)
        if chosen and self._joining is not None:
            self._joining.open_file(Path(chosen))

    @Slot()
    def _save_invitation(self) -> None:
        title, name = self.tr("Enregistrer l’invitation"), self.tr("invitation.json")
        file = self._file_to_save(title, name, _CARRIED)
        if file is not None and self._joining is not None:
            self._joining.save_invitation(file)

    @Slot(str)
    def _save_request(self, text: str) -> None:
        title, name = self.tr("Enregistrer la demande"), self.tr("demande.json")
        file = self._file_to_save(title, name, _CARRIED)
        if file is not None and self._joining is not None:
            self._joining.save_request(text, file)

    @Slot()
    def _save_admission(self) -> None:
        title, name = self.tr("Enregistrer l’admission"), self.tr("admission.json")
        file = self._file_to_save(title, name, _FILE_ALONE)
        if file is not None and self._joining is not None:
            self._joining.save_admission(file)

    @Slot()
    def _save_structure_request(self) -> None:
        title, name = self.tr("Enregistrer la demande à la Région"), self.tr("structure.json")
        file = self._file_to_save(title, name, _FILE_ALONE)
        if file is not None and self._joining is not None:
            self._joining.save_structure_request(file)

    @Slot()
    def _print(self) -> None:
        device = self._dialogs.choose_printer(self.window())
        if device is not None:
            print_code(self._paper(), device)

    @Slot()
    def _save_pdf(self) -> None:
        title, name = self.tr("Enregistrer la page à imprimer"), self.tr("code-de-reprise.pdf")
        file = self._file_to_save(title, name, _PDF)
        if file is not None and self._recovery is not None:
            self._recovery.save_page(file, pdf_of(self._paper()))

    def _paper(self) -> CodeOnPaper:
        return CodeOnPaper(
            title=self.tr("Code de reprise — {0}").format(self._structure),
            sentences=(
                WHO_HOLDS_IT,
                self.tr(
                    "À garder sous clé, ailleurs que les postes. Pour s’en servir\u202f: sur un"
                    " ordinateur neuf, ouvrez Deux Portes, choisissez «\u00a0Reprendre une"
                    " structure\u00a0», donnez le fichier de la Région et ce code."
                ),
            ),
            groups=self._page.recovery.groups(),
        )

    def _file_to_save(self, title: str, name: str, kinds: str) -> Path | None:
        chosen = self._dialogs.save_file(self.window(), title, name, kinds)
        if not chosen:
            return None
        file = Path(chosen)
        return file if file.suffix else file.with_suffix(Path(name).suffix)

    def _connect(self) -> None:
        page = self._page
        page.back_wanted.connect(self.back_wanted)
        page.file_wanted.connect(self._open_file)
        page.invite.saving_wanted.connect(self._save_invitation)
        page.requests.admission_wanted.connect(self._save_admission)
        page.waiting.saving_wanted.connect(self._save_request)
        page.waiting.file_wanted.connect(self._open_file)
        page.waiting.exchange_wanted.connect(self.exchange_wanted)
        page.region.saving_wanted.connect(self._save_structure_request)
        page.recovery.printing_wanted.connect(self._print)
        page.recovery.pdf_wanted.connect(self._save_pdf)

    def _add_shortcuts(self) -> None:
        grant_within(self, QKeySequence(Qt.Key.Key_Escape), self.back_wanted)

    def _lay_out(self) -> None:
        above = QVBoxLayout()
        above.setContentsMargins(MARGINS[0], 0, MARGINS[2], 0)
        above.addWidget(self._notice)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above)
        column.addWidget(self._page, 1)
