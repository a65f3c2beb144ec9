"""Joining a structure from a new machine: its invitation, who one is, then the code to keep."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.welcome.agent_fields import AgentFields
from ui.welcome.code_page import CodePage
from ui.welcome.joining_presenter import Joining, JoiningPresenter
from ui.widgets.buttons import link_button, main_button
from ui.widgets.centred_card import centred_card
from ui.widgets.dialogs import Dialogs
from ui.widgets.file_field import FileField
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import heading, words

_KINDS = "Invitation, fichier ou photo (*.json *.png *.jpg *.jpeg *.webp *.bmp)"


class JoiningView(QWidget):
    """The page and the code. It holds its presenter once `serve` was called.

    Signals:
        join_wanted(object): a `Joining`.
        back_wanted(): back to the first window.
    """

    join_wanted = Signal(object)
    back_wanted = Signal()

    def __init__(self, dialogs: Dialogs | None = None) -> None:
        super().__init__()
        self._presenter: JoiningPresenter[Any] | None = None
        asks = (dialogs or Dialogs()).open_file
        title = self.tr("Invitation à rejoindre une structure")
        self._invitation = FileField(
            self.tr("Invitation"),
            asks=self.tr("Ouvrir l’invitation…"),
            ask=lambda over: asks(over, title, _KINDS),
        )
        self._agent = AgentFields()
        self._join = main_button(self.tr("&Rejoindre la structure"), "plus")
        self._back = link_button(self.tr("Revenir"))
        self._notice = InlineNotice()
        self._code = CodePage()
        self._pages = QStackedWidget()
        self._fields = {
            "invitation": LabelledField(self.tr("&Invitation"), self._invitation),
            **self._agent.fields,
        }
        self._name_parts()
        self._lay_out()
        self._connect()

    def serve(self, presenter: JoiningPresenter[Any]) -> None:
        """Keep the presenter and send it the wishes of the user."""
        self._presenter = presenter
        self.join_wanted.connect(presenter.join)
        self._code.noted.connect(presenter.code_was_noted)
        self._invitation.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, field: str, text: str) -> None:
        """See `JoiningScreen`."""
        self._fields[field].set_error(text)

    def show_refusal(self, sentence: str) -> None:
        """See `MakingScreen`."""
        self._join.setEnabled(True)
        self._notice.show_notice(NoticeKind.ATTENTION, sentence)

    def show_working(self) -> None:
        """See `MakingScreen`."""
        self._notice.hide_notice()
        self._join.setEnabled(False)

    def show_recovery_code(self, code: str) -> None:
        """See `MakingScreen`."""
        self._agent.forget_secrets()
        self._code.show_code(code)
        self._pages.setCurrentWidget(self._code)

    def _want(self) -> None:
        agent, passphrase, again = self._agent.values()
        self.join_wanted.emit(
            Joining(
                invitation=self._invitation.path(),
                agent=agent,
                passphrase=passphrase,
                again=again,
            )
        )

    def _name_parts(self) -> None:
        self.setObjectName("joining")
        self.setWindowTitle(self.tr("Deux Portes"))
        self._invitation.setObjectName("invitation")
        self._join.setObjectName("join")
        self._back.setObjectName("back")

    def _connect(self) -> None:
        self._join.clicked.connect(self._want)
        self._agent.entered.connect(self._want)
        self._back.clicked.connect(self.back_wanted)
        self._invitation.chosen.connect(partial(self._fields["invitation"].set_error, ""))

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(heading(self.tr("Rejoindre une structure"), 1))
        about = self.tr(
            "Une personne de la structure a fait une invitation sur son poste, dans Réglages, «"
            "\u00a0Postes de la structure\u00a0». Ouvrez-la\u202f: le fichier, ou une photo de son"
            " code QR."
        )
        column.addWidget(words(about, "soft"))
        for field in self._fields.values():
            column.addWidget(field)
        row = QHBoxLayout()
        row.addWidget(self._join)
        row.addWidget(self._back)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._notice)
        self._pages.addWidget(page)
        self._pages.addWidget(self._code)
        inside = QVBoxLayout()
        inside.addWidget(self._pages)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(centred_card(inside, most_px=600, above=0, below=1))
