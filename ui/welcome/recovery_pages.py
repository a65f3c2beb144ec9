"""The two pages that take over a structure: what finds it, then what is lost and who one is."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.welcome.agent_fields import AgentFields
from ui.welcome.lines import named_line
from ui.welcome.recovery_presenter import NONE_LOST, Seeking, TakingOver
from ui.widgets.buttons import link_button, main_button
from ui.widgets.choices import Choice, ChoiceChips
from ui.widgets.dialogs import Dialogs
from ui.widgets.file_field import FileField
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import heading, words

_CARRIED = "Fichiers à porter (*.json)"
_CERTIFICATES = "Certificats (*.pem *.crt *.cer)"


class _StepPage(QWidget):
    """What both pages share: a title, fields, the button that goes on, one that goes back."""

    back_wanted = Signal()

    def __init__(self, title: str, about: str, going_on: QPushButton) -> None:
        super().__init__()
        self.fields: dict[str, LabelledField] = {}
        self._notice = InlineNotice()
        self._go_on = going_on
        self._back = link_button(self.tr("Revenir"))
        self._back.setObjectName("back")
        self._title = heading(title, 1)
        self._about = words(about, "soft")
        self._back.clicked.connect(self.back_wanted)

    def show_refusal(self, sentence: str) -> None:
        """Say why not, and let it be tried again."""
        self.show_ready()
        self._notice.show_notice(NoticeKind.ATTENTION, sentence)

    def show_working(self) -> None:
        """Say that it is being done."""
        self._notice.hide_notice()
        self._go_on.setEnabled(False)

    def show_ready(self) -> None:
        """Offer to go on."""
        self._go_on.setEnabled(True)

    def _lay_out(self, parts: Sequence[QWidget]) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for part in (self._title, self._about, *parts):
            column.addWidget(part)
        row = QHBoxLayout()
        row.addWidget(self._go_on)
        row.addWidget(self._back)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._notice)
        column.addStretch(1)


class SeekPage(_StepPage):
    """The Region's file and the printed code, or what stands for the relay where none answers.

    Signals:
        seek_wanted(object): a `Seeking`.
    """

    seek_wanted = Signal(object)

    def __init__(self, dialogs: Dialogs) -> None:
        super().__init__(
            self.tr("Reprendre une structure"),
            self.tr(
                "Tous ses postes sont perdus, ou celui qui garde la clé principale. Avec le papier"
                " du code de reprise, cet ordinateur prend sa place et ses fiches reviennent."
            ),
            main_button(self.tr("&Chercher la structure"), "check"),
        )
        self._dialogs = dialogs
        self._region = self._file(self.tr("Fichier de la Région"), _CARRIED)
        self._statements = self._file(self.tr("Certificats de la structure"), _CARRIED)
        self._ca = self._file(self.tr("Autorité privée du réseau"), _CERTIFICATES)
        self._code = named_line("structure_code", self.tr("Code de reprise"))
        self._proxy = named_line("proxy", self.tr("Proxy"))
        self._more = link_button(self.tr("Sans réseau, ou réseau particulier…"))
        self._special = QWidget()
        self._name_parts()
        self._make_fields()
        self._lay_out((self.fields["region"], self.fields["code"], self._more, self._special))
        self._more.clicked.connect(self._show_special)
        self._go_on.clicked.connect(self._want)
        self._code.returnPressed.connect(self._want)
        self._code.textEdited.connect(self._mended)
        self._region.chosen.connect(partial(self.fields["region"].set_error, ""))

    def take_focus(self) -> None:
        """Go to the first field."""
        self._region.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget_code(self) -> None:
        """Empty the code."""
        self._code.setText("")

    def _file(self, name: str, kinds: str) -> FileField:
        ask = self._dialogs.open_file
        return FileField(name, asks=self.tr("Choisir…"), ask=lambda over: ask(over, name, kinds))

    def _mended(self, _text: str) -> None:
        self.fields["code"].set_error("")

    def _show_special(self) -> None:
        self._more.hide()
        self._special.show()
        self._statements.setFocus(Qt.FocusReason.OtherFocusReason)

    def _want(self) -> None:
        self.seek_wanted.emit(
            Seeking(
                region=self._region.path(),
                code=self._code.text(),
                statements=self._statements.path(),
                proxy=self._proxy.text().strip(),
                ca=self._ca.path(),
            )
        )

    def _name_parts(self) -> None:
        self._go_on.setObjectName("seek")
        self._more.setObjectName("special_network")
        self._region.setObjectName("region")
        self._statements.setObjectName("statements")
        self._ca.setObjectName("ca")
        self._code.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhPreferUppercase
        )
        self._special.hide()

    def _make_fields(self) -> None:
        self.fields = {
            "region": LabelledField(self.tr("Fichier de la &Région"), self._region),
            "code": LabelledField(
                self.tr("C&ode de reprise"),
                self._code,
                hint=self.tr("Les sept groupes du papier"),
            ),
        }
        column = QVBoxLayout(self._special)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        carried = self.tr("apportés dans un fichier, sans réseau")
        for field in (
            LabelledField(self.tr("Certificats de la &structure"), self._statements, hint=carried),
            LabelledField(self.tr("Pro&xy"), self._proxy, hint="http://HÔTE:PORT"),
            LabelledField(self.tr("&Autorité privée du réseau"), self._ca),
        ):
            column.addWidget(field)


class TakeOverPage(_StepPage):
    """Which machines are lost, and who takes the structure over.

    Signals:
        take_over_wanted(object): a `TakingOver`.
    """

    take_over_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__("", "", main_button(self.tr("&Reprendre la structure"), "check"))
        self._agent = AgentFields()
        self._lost = ChoiceChips(self.tr("Postes perdus"), ())
        self._lost.setObjectName("lost")
        self._go_on.setObjectName("take_over")
        self._about.setText(
            self.tr(
                "Les postes perdus seront retirés à la fin du prochain échange, une fois revenu"
                " tout ce qu’ils avaient envoyé."
            )
        )
        hint = self.tr("volés, brûlés, rendus")
        self.fields = {
            "lost": LabelledField(self.tr("P&ostes perdus"), self._lost, hint=hint),
            **self._agent.fields,
        }
        self._lay_out(tuple(self.fields.values()))
        self._go_on.clicked.connect(self._want)
        self._agent.entered.connect(self._want)
        self._lost.changed.connect(partial(self.fields["lost"].set_error, ""))

    def show_found(self, name: str, machines: Sequence[tuple[str, str]]) -> None:
        """Show the structure found, and ask which of its machines are lost."""
        self._title.setText(self.tr("{0} est retrouvée").format(name))
        choices = [Choice(code=key, label=code) for key, code in machines]
        self._lost.set_choices([*choices, Choice(code=NONE_LOST, label=self.tr("Aucun"))])

    def take_focus(self) -> None:
        """Go to the first field."""
        self._lost.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget_secrets(self) -> None:
        """Empty the passphrases."""
        self._agent.forget_secrets()

    def _want(self) -> None:
        agent, passphrase, again = self._agent.values()
        self.take_over_wanted.emit(
            TakingOver(lost=self._lost.values(), agent=agent, passphrase=passphrase, again=again)
        )
