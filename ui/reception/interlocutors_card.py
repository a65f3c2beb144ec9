"""The counter of interlocutors: in sight, it warns before the third and never blocks."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.reception.fields import PageFields
from ui.reception.interlocutor_words import InterlocutorsShown
from ui.widgets.announcements import announce
from ui.widgets.labels import IconLabel, words
from ui.widgets.section_card import SectionCard


class InterlocutorsCard(SectionCard):
    """How many people will have been met for this demand; hidden while there is one."""

    def __init__(self, fields: PageFields) -> None:
        super().__init__()
        self.setObjectName("interlocutors")
        self._icon = IconLabel("users", "accent", 20)
        self._headline = words("", "body")
        self._names = words("", "soft")
        self._was_beyond = False
        self._reason = fields.row(
            "beyond_reason", self.tr("Pourquoi un interlocuteur de plus"), "beyond_reason"
        )
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self._headline, 1)
        said = QWidget()
        column = QVBoxLayout(said)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._names)
        self.add(said)
        self.add(self._reason)
        self.show_count(InterlocutorsShown())

    def show_count(self, shown: InterlocutorsShown) -> None:
        """Show the count; one that has just gone beyond the aim is read aloud."""
        self._headline.setText(shown.headline)
        self._names.setText(" · ".join(shown.lines))
        self._icon.set_icon("triangle-alert" if shown.is_beyond else "users", "accent")
        self._reason.setVisible(shown.is_beyond)
        if shown.is_beyond and not self._was_beyond and self.isVisible():
            announce(self, shown.headline)
        self._was_beyond = shown.is_beyond
        self.setVisible(bool(shown.headline))
