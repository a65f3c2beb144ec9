"""The two forms of the settings: a new agent, and one's own passphrase. They open in the page."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from ui.settings.page import ROLES, NewAgent
from ui.widgets.choices import Choice, ChoiceRow
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import words
from ui.widgets.opening_form import OpeningForm


class PassphraseFields(QWidget):
    """A passphrase, typed twice, which can be shown.

    Signals:
        typed(str): the passphrase as it is typed.

    Attributes:
        first: the field that is typed first.
    """

    typed = Signal(str)

    def __init__(self, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = _secret(f"{prefix}_passphrase")
        self._second = _secret(f"{prefix}_repeated")
        self._shown = QCheckBox(self.tr("Afficher ce qui est tapé"))
        self._strength = words("", "small")
        self._strength.setObjectName(f"{prefix}_strength")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(LabelledField(self.tr("Phrase de passe"), self.first))
        column.addWidget(self._strength)
        column.addWidget(LabelledField(self.tr("La même, une seconde fois"), self._second))
        column.addWidget(self._shown)
        self.first.textChanged.connect(self.typed)
        self._shown.toggled.connect(self._show_signs)

    def values(self) -> tuple[str, str]:
        """Return the passphrase and its repetition."""
        return self.first.text(), self._second.text()

    def show_strength(self, sentence: str) -> None:
        """Say what the passphrase is worth."""
        self._strength.setText(sentence)
        self.first.setAccessibleDescription(sentence)

    def clear(self) -> None:
        """Forget what was typed."""
        self.first.clear()
        self._second.clear()
        self._shown.setChecked(False)

    def _show_signs(self, shown: bool) -> None:  # noqa: FBT001 -- a Qt slot
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.first.setEchoMode(mode)
        self._second.setEchoMode(mode)


class _Form(OpeningForm):
    """A form that ends with a passphrase, and forgets what was typed when it closes.

    Signals:
        typed(str): the passphrase as it is typed.
    """

    typed = Signal(str)

    def __init__(self, prefix: str, *, opens: str, sends: str, icon: str) -> None:
        super().__init__(prefix, opens=opens, sends=sends, icon=icon)
        self.secrets = PassphraseFields(prefix)
        self.secrets.typed.connect(self.typed)
        self.submitted.connect(self._tell)

    def close_form(self) -> None:
        """Forget what was typed and hide the form."""
        self._clear()
        super().close_form()

    def show_working(self, *, working: bool) -> None:
        """Keep the form still while it is dealt with."""
        if working:
            self.show_problem("")
        self.set_still(still=working)

    def _clear(self) -> None:
        self.secrets.clear()

    def _tell(self) -> None:
        raise NotImplementedError


class AgentForm(_Form):
    """A new agent of this desk.

    Signals:
        agent_sent(object): a `NewAgent` as it stands.
    """

    agent_sent = Signal(object)

    def __init__(self) -> None:
        super().__init__(
            "agent",
            opens=self.tr("Ajouter un agent"),
            sends=self.tr("Ajouter cet agent"),
            icon="plus",
        )
        self._name = self.first = QLineEdit()
        self._name.setObjectName("agent_name")
        choices = [Choice(code=code, label=label) for code, label in ROLES.items()]
        self._role = ChoiceRow(self.tr("Ce que l’agent peut lire"), choices)
        self._role.setObjectName("agent_role")
        self.fields.addWidget(LabelledField(self.tr("Nom de l’agent"), self._name))
        self.fields.addWidget(LabelledField(self.tr("Ce que l’agent peut lire"), self._role))
        self.fields.addWidget(self.secrets)

    def _clear(self) -> None:
        super()._clear()
        self._name.clear()
        self._role.set_value(None)

    def _tell(self) -> None:
        passphrase, repeated = self.secrets.values()
        self.agent_sent.emit(
            NewAgent(
                name=self._name.text(),
                role=self._role.value() or "",
                passphrase=passphrase,
                repeated=repeated,
            )
        )


class OwnForm(_Form):
    """The passphrase of the agent who is here.

    Signals:
        passphrase_sent(str, str): the passphrase and its repetition.
    """

    passphrase_sent = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(
            "own",
            opens=self.tr("Changer ma phrase de passe"),
            sends=self.tr("Changer la phrase de passe"),
            icon="key-round",
        )
        self.first = self.secrets.first
        self.fields.addWidget(self.secrets)

    def _tell(self) -> None:
        self.passphrase_sent.emit(*self.secrets.values())


def _secret(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.setInputMethodHints(
        Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
    )
    return line
