"""The register to import: choosing its file, and which of its sheets are read."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from ui.register.page import PlanShown
from ui.widgets.buttons import main_button
from ui.widgets.choices import Choice, ChoiceChips
from ui.widgets.dialogs import Dialogs
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import words
from ui.widgets.section_card import SectionCard

_KINDS = "Registres (*.xlsx *.xls *.ods *.csv *.txt);;Tous les fichiers (*)"


class FileCard(SectionCard):
    """The first step.

    Signals:
        file_chosen(object): read that `Path`.
        sheets_chosen(object): read the sheets of these names, a tuple.
    """

    file_chosen = Signal(object)
    sheets_chosen = Signal(object)

    def __init__(self, dialogs: Dialogs) -> None:
        super().__init__()
        self.set_title(self.tr("1. Le fichier"))
        self._dialogs = dialogs
        self._choose = main_button(self.tr("Choisir un &fichier…"), "folder-open")
        self._file = words("", "strong")
        self._about = words("", "soft")
        self._sheets = ChoiceChips(self.tr("Feuilles à lire"), ())
        self._labelled = LabelledField(self.tr("Feuilles à lire"), self._sheets)
        self._name_parts()
        self._lay_out()
        self._choose.clicked.connect(self._ask)
        self._sheets.changed.connect(lambda: self.sheets_chosen.emit(self._sheets.values()))

    def show_plan(self, shown: PlanShown | None) -> None:
        """Show which register is read, or none."""
        for part in (self._file, self._about):
            part.setVisible(shown is not None)
        self._labelled.setVisible(shown is not None and len(shown.sheets) > 1)
        if shown is None:
            return
        self._file.setText(shown.file)
        self._about.setText(shown.about)
        offered = tuple(Choice(code=name, label=name) for name in shown.sheets)
        if offered != self._sheets.choices():
            self._sheets.set_choices(offered)
        self._sheets.set_values(shown.taken)

    def take_focus(self) -> None:
        """Go to what starts an import."""
        self._choose.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self) -> None:
        title = self.tr("Ancien registre de l’accueil")
        if chosen := self._dialogs.open_file(self.window(), title, _KINDS):
            self.file_chosen.emit(Path(chosen))

    def _name_parts(self) -> None:
        self.setObjectName("register_file_card")
        self._choose.setObjectName("register_choose")
        self._file.setObjectName("register_file")
        self._about.setObjectName("register_about")
        self._sheets.setObjectName("register_sheets")

    def _lay_out(self) -> None:
        about = self.tr(
            "Le tableur où l’accueil était noté avant Deux Portes\u202f: xlsx, xls, ods ou csv. Le"
            " programme devine les colonnes, vous corrigez. Rien n’est enregistré avant que vous"
            " ayez vu ce que cela donne, et un import se défait en entier."
        )
        self.add(words(about, "soft"))
        self.body.addWidget(self._choose, 0, Qt.AlignmentFlag.AlignLeft)
        read = QVBoxLayout()
        read.setSpacing(4)
        read.addWidget(self._file)
        read.addWidget(self._about)
        self.add_layout(read)
        self.add(self._labelled)
        self.show_plan(None)
