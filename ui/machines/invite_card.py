"""Inviting a machine: a QR code to photograph, a file to carry, and what to do next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.machines.page import Invitation, invitation_words
from ui.widgets.beside_or_under import BesideOrUnder
from ui.widgets.buttons import quiet_button
from ui.widgets.flow_layout import wrapped
from ui.widgets.labels import heading, words
from ui.widgets.qr_picture import QrPicture
from ui.widgets.section_card import SectionCard


class InviteCard(SectionCard):
    """Invitations.

    Signals:
        invitation_wanted(): make one.
        saving_wanted(): save the one shown.
        grew(): there is more to see here than a moment ago.
    """

    invitation_wanted = Signal()
    saving_wanted = Signal()
    grew = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._invite = quiet_button(self.tr("&Inviter un poste"), "plus")
        self._save = quiet_button(self.tr("Enregistrer l’invita&tion…"), "download")
        self._another = quiet_button(self.tr("Faire une autre invitation"), "plus")
        self._picture = QrPicture(self.tr("Code QR de l’invitation"))
        self._until = words("", "strong")
        self._made = QWidget()
        self._name_parts()
        self._lay_out()
        self._invite.clicked.connect(self.invitation_wanted)
        self._another.clicked.connect(self.invitation_wanted)
        self._save.clicked.connect(self.saving_wanted)

    def show_invitation(self, invitation: Invitation) -> None:
        """Show an invitation, and what to do next."""
        self._picture.show_squares(invitation.squares)
        self._until.setText(invitation_words(invitation.until_s))
        self._invite.hide()
        self._made.show()
        self._save.setFocus(Qt.FocusReason.OtherFocusReason)
        self.grew.emit()

    def _name_parts(self) -> None:
        self.setObjectName("invite_card")
        self._invite.setObjectName("invite")
        self._save.setObjectName("save_invitation")
        self._another.setObjectName("invite_another")
        self._picture.setObjectName("invitation_picture")
        self._until.setObjectName("invitation_until")
        self._made.hide()

    def _lay_out(self) -> None:
        said = QVBoxLayout()
        said.setSpacing(6)
        said.addWidget(heading(self.tr("Inviter un poste"), 2))
        about = self.tr(
            "Un nouvel ordinateur de la structure aura les mêmes fiches. L’invitation ne contient"
            " aucune fiche et n’ouvre rien seule\u202f: vous admettrez le poste après avoir comparé"
            " son code."
        )
        said.addWidget(words(about, "soft"))
        self.add(BesideOrUnder(said, self._invite))
        row = QHBoxLayout(self._made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._steps(), 1)
        self.add(self._made)

    def _steps(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(10)
        for step in (
            self.tr(
                "1. Sur le nouveau poste, ouvrez Deux Portes et choisissez «\u00a0Rejoindre une"
                " structure\u00a0»."
            ),
            self.tr(
                "2. Ouvrez-y cette invitation\u202f: le fichier enregistré, porté sur une clé, ou"
                " une photo de ce code."
            ),
            self.tr(
                "3. Le nouveau poste montre un code court. Sa demande revient ici par le réseau, ou"
                " par un fichier\u202f: comparez le code à voix haute, puis admettez-le."
            ),
        ):
            column.addWidget(words(step))
        column.addWidget(self._until)
        buttons = wrapped(self._save, self._another)
        column.addWidget(buttons)
        column.addStretch(1)
        return column
