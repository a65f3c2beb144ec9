"""The printed code: made on purpose, shown once in large groups, printed or copied by hand."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.machines.page import Place, StructurePage
from ui.widgets.announcements import announce
from ui.widgets.buttons import main_button, quiet_button
from ui.widgets.code_groups import CodeGroups
from ui.widgets.flow_layout import wrapped
from ui.widgets.labels import words
from ui.widgets.section_card import SectionCard
from ui.widgets.two_steps import TwoSteps

WHO_HOLDS_IT = (
    "Qui trouve ce papier est la structure\u202f: il peut tout lire et tout décider à sa place."
)


class RecoveryCard(SectionCard):
    """The code that recovers the structure.

    Signals:
        code_wanted(): make a code; it was confirmed.
        printing_wanted(): print the code shown.
        pdf_wanted(): save the page of the code shown.
        noted(): the code is on paper.
        grew(): there is more to see here than a moment ago.
    """

    code_wanted = Signal()
    printing_wanted = Signal()
    pdf_wanted = Signal()
    noted = Signal()
    grew = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_title(self.tr("Code de reprise"))
        self._about = words("", "soft")
        self._elsewhere = words("", "soft")
        self._make = TwoSteps(
            "kit",
            asks=self.tr("&Faire un code de reprise…"),
            does=self.tr("Montrer le code"),
            keeps=self.tr("Pas maintenant"),
            icon="key-round",
        )
        self._code = CodeGroups(self.tr("Code de reprise de la structure"))
        self._shown = QWidget()
        self._print = quiet_button(self.tr("Im&primer…"), "printer")
        self._pdf = quiet_button(self.tr("Enregistrer en PDF…"), "download")
        self._noted = main_button(self.tr("Il est sur papier, ne p&lus le montrer"), "check")
        self._name_parts()
        self._lay_out()
        self._make.confirmed.connect(self.code_wanted)
        self._make.grew.connect(self.grew)
        self._print.clicked.connect(self.printing_wanted)
        self._pdf.clicked.connect(self.pdf_wanted)
        self._noted.clicked.connect(self.noted)

    def show_page(self, page: StructurePage) -> None:
        """Say whether there is a code, and who may make one."""
        self.setVisible(page.place is Place.INSIDE)
        self._about.setText(page.kit)
        self._about.setHidden(bool(self._code.groups()))
        self._elsewhere.setText(self.tr("Ce code se fait sur {0}.").format(page.elsewhere))
        self._elsewhere.setVisible(bool(page.elsewhere))
        self._make.set_sentences(_before(has_paper=page.has_paper))
        self._make.setVisible(not page.elsewhere and not self._code.groups())

    def show_code(self, groups: tuple[str, ...]) -> None:
        """Show a code."""
        self._code.show_groups(groups)
        self._about.hide()
        self._make.hide()
        self._shown.show()
        self._noted.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self._code, self._code.accessibleName())
        self.grew.emit()

    def hide_code(self) -> None:
        """Forget the code."""
        self._code.show_groups(())
        self._shown.hide()
        self._about.show()
        self._make.show()
        self._make.take_focus()

    def groups(self) -> tuple[str, ...]:
        """Return the code shown, in groups; nothing once it was noted."""
        return self._code.groups()

    def take_focus(self) -> None:
        """Go to the button that makes a code, or to those of the code shown."""
        if self._code.groups():
            self._noted.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._make.take_focus()

    def _name_parts(self) -> None:
        self.setObjectName("recovery_card")
        self._about.setObjectName("kit_about")
        self._code.setObjectName("kit_code")
        self._print.setObjectName("kit_print")
        self._pdf.setObjectName("kit_pdf")
        self._noted.setObjectName("kit_noted")
        self._shown.hide()

    def _lay_out(self) -> None:
        buttons = wrapped(self._noted, self._print, self._pdf)
        inside = QVBoxLayout(self._shown)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(14)
        inside.addWidget(self._code)
        inside.addWidget(words(WHO_HOLDS_IT, "strong"))
        inside.addWidget(
            words(
                self.tr(
                    "Imprimez-le ou recopiez-le, vérifiez chaque signe, et rangez-le sous clé,"
                    " ailleurs que les postes. Il ne sera plus jamais montré. Un PDF enregistré se"
                    " supprime une fois imprimé."
                )
            )
        )
        inside.addWidget(buttons)
        for part in (self._about, self._elsewhere, self._make, self._shown):
            self.add(part)


def _before(*, has_paper: bool) -> tuple[str, ...]:
    once = "Le code sera montré une seule fois\u202f: ayez une imprimante, ou de quoi le recopier."
    ends = "Celui que vous aviez ne servira plus."
    return (once, ends, WHO_HOLDS_IT) if has_paper else (once, WHO_HOLDS_IT)
