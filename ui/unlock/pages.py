"""The pages of the first window."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.unlock.attempt import AttemptForm
from ui.widgets.buttons import icon_button, link_button, main_button, quiet_button
from ui.widgets.choices import Choice, ChoiceRow
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import heading, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.unlock.presenter import AgentCard


class PassphrasePage(QWidget):
    """Who is here, and their passphrase.

    Signals:
        given(str, str): slot and passphrase.
        recovery_wanted(): the passphrase is lost, the printed code is at hand.
    """

    given = Signal(str, str)
    recovery_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._agents = ChoiceRow(self.tr("Qui êtes-vous\u202f?"), ())
        self._line = QLineEdit()
        self._eye = icon_button("eye", self.tr("Montrer la phrase de passe"))
        self._lost = link_button(self.tr("J’ai le code de secours"))
        self._form = AttemptForm(self._line, self.tr("&Ouvrir"), self._lost)
        self._name_parts()
        self._lay_out()
        self._form.tried.connect(self._try)
        self._eye.clicked.connect(self._turn_eye)
        self._lost.clicked.connect(self.recovery_wanted)
        self._agents.chosen.connect(self._form.show_ready)

    def set_agents(self, agents: "Sequence[AgentCard]") -> None:
        """Offer these agents; the first is chosen."""
        self._agents.set_choices([Choice(code=a.slot_id, label=a.label) for a in agents])
        self._agents.set_value(agents[0].slot_id if agents else None)
        self._form.show_ready()

    def show_refusal(self, sentence: str, wait_s: int) -> None:
        """Say what went wrong."""
        self._form.show_refusal(sentence, wait_s)

    def show_working(self) -> None:
        """Say that the passphrase is being tried, and hide it again."""
        self._hide_secret()
        self._form.show_working()

    def message(self) -> str:
        """Return what is said under the button."""
        return self._form.message()

    def _try(self, passphrase: str) -> None:
        slot_id = self._agents.value()
        if slot_id is not None:
            self.given.emit(slot_id, passphrase)

    def _turn_eye(self) -> None:
        if self._line.echoMode() is QLineEdit.EchoMode.Password:
            self._line.setEchoMode(QLineEdit.EchoMode.Normal)
            self._eye.set_face("eye-off", self.tr("Cacher la phrase de passe"))
        else:
            self._hide_secret()

    def _hide_secret(self) -> None:
        self._line.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye.set_face("eye", self.tr("Montrer la phrase de passe"))

    def _name_parts(self) -> None:
        self._agents.setObjectName("agents")
        self._eye.setObjectName("show_secret")
        self._lost.setObjectName("recovery_link")
        self._line.setAccessibleName(self.tr("Phrase de passe"))
        self._line.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self._line.setEchoMode(QLineEdit.EchoMode.Password)
        self.setFocusProxy(self._line)

    def _lay_out(self) -> None:
        secret = QWidget()
        row = QHBoxLayout(secret)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._line, 1)
        row.addWidget(self._eye)
        secret.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        secret.setFocusProxy(self._line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(20)
        column.addWidget(LabelledField(self.tr("&Qui êtes-vous\u202f?"), self._agents))
        column.addWidget(LabelledField(self.tr("&Phrase de passe"), secret))
        column.addWidget(self._form)


class RecoveryPage(QWidget):
    """The printed code.

    Signals:
        given(str): the code.
        back_wanted(): back to the passphrase.
    """

    given = Signal(str)
    back_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._line = QLineEdit()
        self._back = link_button(self.tr("Revenir à la phrase de passe"))
        self._form = AttemptForm(self._line, self.tr("&Ouvrir avec le code"), self._back)
        self._back.setObjectName("back_link")
        self._line.setAccessibleName(self.tr("Code de secours"))
        self._line.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
        self.setFocusProxy(self._line)
        self._lay_out()
        self._form.tried.connect(self.given)
        self._back.clicked.connect(self.back_wanted)

    def show_refusal(self, sentence: str, wait_s: int) -> None:
        """Say what went wrong."""
        self._form.show_refusal(sentence, wait_s)

    def show_working(self) -> None:
        """Say that the code is being tried."""
        self._form.show_working()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(20)
        hint = self.tr("Il est sur la feuille imprimée à la création de l’espace, gardée sous clé.")
        column.addWidget(words(hint, "soft"))
        column.addWidget(LabelledField(self.tr("&Code de secours"), self._line))
        column.addWidget(self._form)
        column.addStretch(1)


class BlockedPage(QWidget):
    """Nothing can be opened: why, and what can be done.

    Signals:
        retry_wanted(): look again.
        create_wanted(): make the workspace of this structure.
        join_wanted(): join a structure that has one already.
        recover_wanted(): take over a structure with its printed code.
        practice_wanted(): open the practice desk.
    """

    retry_wanted = Signal()
    create_wanted = Signal()
    join_wanted = Signal()
    recover_wanted = Signal()
    practice_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = heading("", 2)
        self._sentence = words()
        self._create = main_button(self.tr("&Créer l’espace de cette structure"), "plus")
        self._join = quiet_button(self.tr("Re&joindre une structure"), "users")
        self._recover = quiet_button(self.tr("Reprendre une &structure perdue"), "key-round")
        self._practice = quiet_button(self.tr("&Essayer avec des exemples"), "book-open")
        self._retry = main_button(self.tr("&Réessayer"), "refresh-cw")
        self._name_parts()
        self._lay_out()
        self._create.clicked.connect(self.create_wanted)
        self._join.clicked.connect(self.join_wanted)
        self._recover.clicked.connect(self.recover_wanted)
        self._practice.clicked.connect(self.practice_wanted)
        self._retry.clicked.connect(self.retry_wanted)

    def show_nothing_here(self, sentence: str) -> None:
        """Offer to begin."""
        self._show(self.tr("Bienvenue"), sentence, can_begin=True)

    def show_problem(self, sentence: str) -> None:
        """Offer to try again."""
        self._show(self.tr("L’espace de travail ne s’ouvre pas"), sentence, can_begin=False)

    def _show(self, title: str, sentence: str, *, can_begin: bool) -> None:
        self._title.setText(title)
        self._sentence.setText(sentence)
        for button in (self._create, self._join, self._recover, self._practice):
            button.setVisible(can_begin)
        self._retry.setVisible(not can_begin)
        self.setAccessibleName(f"{title}. {sentence}")
        self.setFocusProxy(self._create if can_begin else self._retry)

    def _name_parts(self) -> None:
        self._title.setObjectName("blocked_title")
        self._sentence.setObjectName("blocked_sentence")
        self._create.setObjectName("create")
        self._join.setObjectName("join")
        self._recover.setObjectName("recover")
        self._practice.setObjectName("practice")
        self._retry.setObjectName("retry")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._title)
        column.addWidget(self._sentence)
        column.addSpacing(12)
        for button in (
            self._create,
            self._join,
            self._recover,
            self._practice,
            self._retry,
        ):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
