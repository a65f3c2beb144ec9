"""The two forms of the settings: a new agent, and one's own passphrase. They open in the page."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from ui.settings.page import ROLES, NewAgent
from ui.widgets.announcements import announce
from ui.widgets.buttons import main_button, quiet_button
from ui.widgets.choices import Choice, ChoiceRow
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import words


class PassphraseFields(QWidget):
    """A passphrase, typed twice, which can be shown.

    Signals:
        typed(str): the passphrase as it is typed.
    """

    typed = Signal(str)

    def __init__(self, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first = _secret(f"{prefix}_passphrase")
        self._second = _secret(f"{prefix}_repeated")
        self._shown = QCheckBox(self.tr("Afficher ce qui est tapé"))
        self._strength = words("", "small")
        self._strength.setObjectName(f"{prefix}_strength")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(LabelledField(self.tr("Phrase de passe"), self._first))
        column.addWidget(self._strength)
        column.addWidget(LabelledField(self.tr("La même, une seconde fois"), self._second))
        column.addWidget(self._shown)
        self._first.textChanged.connect(self.typed)
        self._shown.toggled.connect(self._show_signs)

    def values(self) -> tuple[str, str]:
        """Return the passphrase and its repetition."""
        return self._first.text(), self._second.text()

    def show_strength(self, sentence: str) -> None:
        """Say what the passphrase is worth."""
        self._strength.setText(sentence)
        self._first.setAccessibleDescription(sentence)

    def clear(self) -> None:
        """Forget what was typed."""
        self._first.clear()
        self._second.clear()
        self._shown.setChecked(False)

    def take_focus(self) -> None:
        """Go to the first field."""
        self._first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_signs(self, shown: bool) -> None:  # noqa: FBT001 -- a Qt slot
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self._first.setEchoMode(mode)
        self._second.setEchoMode(mode)


class _Form(QWidget):
    """A button that opens its form in place, and the form's own buttons.

    Signals:
        typed(str): the passphrase as it is typed.
    """

    typed = Signal(str)

    def __init__(self, prefix: str, opening: str, sending: str) -> None:
        super().__init__()
        self.secrets = PassphraseFields(prefix)
        self._open = quiet_button(opening, "plus" if prefix == "agent" else "key-round")
        self._inside = QWidget()
        self._send = main_button(sending)
        self._cancel = quiet_button(self.tr("Annuler"))
        self._problem = words("", "error")
        self.fields = QVBoxLayout()
        for widget, part in (
            (self._open, "open"),
            (self._send, "send"),
            (self._cancel, "cancel"),
            (self._problem, "problem"),
        ):
            widget.setObjectName(f"{prefix}_{part}")
        self._lay_out()
        self.secrets.typed.connect(self.typed)
        self._open.clicked.connect(self.open_form)
        self._cancel.clicked.connect(self.close_form)
        self._send.clicked.connect(self._submit)

    def open_form(self) -> None:
        """Show the form and go to its first field."""
        self._open.hide()
        self._inside.show()
        self._take_focus()

    def close_form(self) -> None:
        """Forget what was typed and hide the form."""
        self._clear()
        self._inside.hide()
        self._open.show()
        self._open.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_refusal(self, sentence: str) -> None:
        """Say why the form is not taken."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        announce(self._send, sentence)

    def show_working(self, *, working: bool) -> None:
        """Keep the form still while it is dealt with."""
        if working:
            self.show_refusal("")
        self._send.setDisabled(working)

    def _lay_out(self) -> None:
        buttons = QWidget()
        flow = FlowLayout(buttons, gap=12)
        flow.addWidget(self._send)
        flow.addWidget(self._cancel)
        form = QVBoxLayout(self._inside)
        form.setContentsMargins(0, 6, 0, 0)
        form.setSpacing(14)
        self.fields.setSpacing(14)
        form.addLayout(self.fields)
        form.addWidget(self.secrets)
        form.addWidget(self._problem)
        form.addWidget(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._open, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._inside)
        self._inside.hide()
        self._problem.hide()

    def _clear(self) -> None:
        self.secrets.clear()
        self.show_refusal("")

    def _take_focus(self) -> None:
        self.secrets.take_focus()

    def _submit(self) -> None:
        raise NotImplementedError


class AgentForm(_Form):
    """A new agent of this desk.

    Signals:
        submitted(object): a `NewAgent` as it stands.
    """

    submitted = Signal(object)

    def __init__(self) -> None:
        super().__init__("agent", self.tr("Ajouter un agent"), self.tr("Ajouter cet agent"))
        self._name = QLineEdit()
        self._name.setObjectName("agent_name")
        choices = [Choice(code=code, label=label) for code, label in ROLES.items()]
        self._role = ChoiceRow(self.tr("Ce que l’agent peut lire"), choices)
        self._role.setObjectName("agent_role")
        self.fields.addWidget(LabelledField(self.tr("Nom de l’agent"), self._name))
        self.fields.addWidget(LabelledField(self.tr("Ce que l’agent peut lire"), self._role))

    def _clear(self) -> None:
        super()._clear()
        self._name.clear()
        self._role.set_value(None)

    def _take_focus(self) -> None:
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _submit(self) -> None:
        passphrase, repeated = self.secrets.values()
        self.submitted.emit(
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
        submitted(str, str): the passphrase and its repetition.
    """

    submitted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(
            "own", self.tr("Changer ma phrase de passe"), self.tr("Changer la phrase de passe")
        )

    def _submit(self) -> None:
        self.submitted.emit(*self.secrets.values())


def _secret(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.setInputMethodHints(
        Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
    )
    return line
