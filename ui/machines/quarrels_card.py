"""Two who claim the same place: a person decides, after comparing codes aloud."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.machines.page import Quarrel
from ui.widgets.buttons import quiet_button
from ui.widgets.emptying import empty
from ui.widgets.labels import words
from ui.widgets.section_card import SectionCard
from ui.widgets.two_steps import TwoSteps


class QuarrelsCard(SectionCard):
    """What waits for a decision, and what was decided. It is hidden while nothing is disputed.

    Signals:
        key_accepted(str, str): a reference and the key to take for it; it was confirmed.
        known_kept(str, str): the code of a dispute and its reference: what is known here is right.
    """

    key_accepted = Signal(str, str)
    known_kept = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_title(self.tr("À décider"))
        self.setObjectName("quarrels_card")
        self._shown: tuple[Quarrel, ...] = ()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(18)
        self.add_layout(self._rows)
        self.hide()

    def show_quarrels(self, quarrels: Sequence[Quarrel]) -> None:
        """Show what waits for a decision, and what was decided."""
        self.setVisible(bool(quarrels))
        waits = any(not quarrel.is_decided for quarrel in quarrels)
        self.set_title(self.tr("À décider") if waits else self.tr("Décidé sur ce poste"))
        if tuple(quarrels) == self._shown:
            return
        self._shown = tuple(quarrels)
        empty(self._rows)
        for quarrel in quarrels:
            widget = self._row(quarrel)
            self._rows.addWidget(widget)
            widget.setVisible(True)

    def _row(self, quarrel: Quarrel) -> QWidget:
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        if not quarrel.can_be_accepted:
            said = self.tr(
                "Deux postes disent écrire sous le même nom\u202f: {0} est gardé, {1} est écarté."
                " Prévenez la Région\u202f; rien n’est perdu."
            )
            column.addWidget(words(said.format(quarrel.kept, quarrel.other)))
            if not quarrel.is_decided:
                noted = quiet_button(self.tr("C’est noté"), "check")
                noted.setObjectName("quarrel_noted")
                noted.clicked.connect(partial(self._keep, quarrel))
                column.addWidget(noted, 0, Qt.AlignmentFlag.AlignLeft)
            return widget
        said = self.tr(
            "La Région a certifié deux clés pour {0}. Celle qui vaut ici\u202f: {1}. L’autre\u202f:"
            " {2}."
        )
        column.addWidget(words(said.format(quarrel.name, quarrel.kept, quarrel.other)))
        column.addWidget(self._steps(quarrel))
        return widget

    def _keep(self, quarrel: Quarrel) -> None:
        self.known_kept.emit(quarrel.code, quarrel.reference)

    def _steps(self, quarrel: Quarrel) -> TwoSteps:
        steps = TwoSteps(
            "key",
            asks=self.tr("Prendre l’autre clé…"),
            does=self.tr("C’est bien son code, la prendre"),
            keeps=self.tr("Garder celle d’ici"),
            icon="key-round",
        )
        steps.set_sentences(
            (
                self.tr(
                    "Appelez cette structure et faites-vous lire le code de sa clé d’aujourd’hui."
                    " Si c’est celui de l’autre clé, prenez-la\u202f; sinon, gardez celle d’ici et"
                    " prévenez la Région."
                ),
            )
        )
        if not quarrel.is_decided:
            steps.kept.connect(partial(self._keep, quarrel))
        steps.confirmed.connect(partial(self.key_accepted.emit, quarrel.reference, quarrel.key))
        return steps
