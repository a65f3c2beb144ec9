"""What the Region certified of this structure, and the request that asks it, or asks again."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from ui.machines.page import StructurePage
from ui.widgets.beside_or_under import BesideOrUnder
from ui.widgets.buttons import quiet_button
from ui.widgets.labels import heading, words
from ui.widgets.section_card import SectionCard


class RegionCard(SectionCard):
    """The Region. It is hidden where nothing can be asked of it.

    Signals:
        saving_wanted(): save the request of the structure.
    """

    saving_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._about = words("", "soft")
        self._save = quiet_button(self.tr("Enregistrer la de&mande…"), "download")
        self.setObjectName("region_card")
        self._about.setObjectName("region_about")
        self._save.setObjectName("save_structure_request")
        self._save.setAccessibleName(self.tr("Enregistrer la demande à la Région"))
        said = QVBoxLayout()
        said.setSpacing(6)
        said.addWidget(heading(self.tr("La Région"), 2))
        said.addWidget(self._about)
        self.add(BesideOrUnder(said, self._save))
        self._save.clicked.connect(self.saving_wanted)
        self.hide()

    def show_page(self, page: StructurePage) -> None:
        """Say until when the structure is certified."""
        self.setVisible(page.can_ask_region)
        self._about.setText(page.region)

    def take_focus(self) -> None:
        """Go to the button."""
        self._save.setFocus(Qt.FocusReason.OtherFocusReason)
