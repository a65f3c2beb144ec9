"""Who is at the new desk: a name and a passphrase, typed twice."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from ui.welcome.lines import named_line
from ui.widgets.labelled_field import LabelledField


class AgentFields(QObject):
    """Three fields.

    Attributes:
        fields: `agent`, `passphrase` and `again`, with their labels.

    Signals:
        entered(): Enter was pressed in the last one.
    """

    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._agent = named_line("agent", self.tr("Vous"))
        self._first = named_line("passphrase", self.tr("Phrase de passe"), secret=True)
        again = self.tr("Phrase de passe, encore une fois")
        self._second = named_line("again", again, secret=True)
        self.fields = {
            "agent": LabelledField(
                self.tr("&Vous"),
                self._agent,
                hint=self.tr(
                    "Prénom, initiales ou fonction\u202f: c’est ce que l’écran affichera."
                ),
            ),
            "passphrase": LabelledField(
                self.tr("&Phrase de passe"),
                self._first,
                hint=self.tr("Quatre mots sans rapport font une bonne phrase."),
            ),
            "again": LabelledField(self.tr("&Encore une fois"), self._second),
        }
        self._second.returnPressed.connect(self.entered)
        lines = (self._agent, self._first, self._second)
        for line, field in zip(lines, self.fields.values(), strict=True):
            # What was wrong is being mended.
            line.textEdited.connect(partial(self._forget_error, field))

    def values(self) -> tuple[str, str, str]:
        """Return the name, the passphrase and its repetition."""
        return self._agent.text(), self._first.text(), self._second.text()

    def forget_secrets(self) -> None:
        """Empty the passphrases."""
        self._first.setText("")
        self._second.setText("")

    def take_focus(self) -> None:
        """Go to the first field."""
        self._agent.setFocus()

    def _forget_error(self, field: LabelledField, _text: str) -> None:
        field.set_error("")
