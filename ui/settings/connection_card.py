"""How this office reaches the relay: a proxy to go through, an authority of its own to trust."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit

from ui.settings.connection_presenter import Connection
from ui.widgets.announcements import announce
from ui.widgets.buttons import link_button, quiet_button
from ui.widgets.dialogs import Dialogs
from ui.widgets.fact_grid import FactGrid
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import words
from ui.widgets.page_values import Fact
from ui.widgets.section_card import SectionCard

_CERTIFICATES = "Certificats (*.pem *.crt *.cer)"


class ConnectionCard(SectionCard):
    """The network. Most offices leave it as it is.

    Signals:
        proxy_wanted(str): go through this proxy.
        no_proxy_wanted(): go straight.
        authority_wanted(object): trust the certificates of a file, as a `Path`.
        public_wanted(): trust the public authorities again.
    """

    proxy_wanted = Signal(str)
    no_proxy_wanted = Signal()
    authority_wanted = Signal(object)
    public_wanted = Signal()

    def __init__(self, dialogs: Dialogs) -> None:
        super().__init__()
        self.set_title(self.tr("Réseau"))
        self._dialogs = dialogs
        self._facts = FactGrid(self.tr("Réseau"), label_px=110)
        self._line = QLineEdit()
        self._save = quiet_button(self.tr("Passer par ce proxy"), "check")
        self._straight = link_button(self.tr("Ne plus passer par un proxy"))
        self._trust = quiet_button(self.tr("Choisir le certificat d’une autorité…"), "folder-open")
        self._public = link_button(self.tr("Revenir aux autorités publiques"))
        self._notice = InlineNotice()
        self._name_parts()
        self._lay_out()
        self._connect()

    def show_connection(self, connection: Connection) -> None:
        """See `ConnectionScreen.show_connection`."""
        self._facts.set_facts(
            (
                Fact(label=self.tr("Proxy"), value=connection.proxy or self.tr("aucun")),
                Fact(
                    label=self.tr("Autorité"),
                    value=connection.authority or self.tr("les autorités publiques"),
                ),
            )
        )
        self._straight.setVisible(bool(connection.proxy))
        self._public.setVisible(bool(connection.authority))

    def show_kept(self, sentence: str) -> None:
        """See `ConnectionScreen.show_kept`."""
        self._line.setText("")
        self._field.set_error("")
        self._notice.show_notice(NoticeKind.DONE, sentence)

    def show_refusal(self, sentence: str) -> None:
        """See `ConnectionScreen.show_refusal`."""
        self._notice.show_notice(NoticeKind.ATTENTION, sentence)
        announce(self._line, sentence)

    def _choose(self) -> None:
        title = self.tr("Certificat d’une autorité")
        if chosen := self._dialogs.open_file(self.window(), title, _CERTIFICATES):
            self.authority_wanted.emit(Path(chosen))

    def _connect(self) -> None:
        self._save.clicked.connect(lambda: self.proxy_wanted.emit(self._line.text()))
        self._line.returnPressed.connect(lambda: self.proxy_wanted.emit(self._line.text()))
        self._straight.clicked.connect(self.no_proxy_wanted)
        self._trust.clicked.connect(self._choose)
        self._public.clicked.connect(self.public_wanted)

    def _name_parts(self) -> None:
        self.setObjectName("connection_card")
        self._line.setObjectName("proxy")
        self._save.setObjectName("proxy_save")
        self._straight.setObjectName("proxy_none")
        self._trust.setObjectName("authority_choose")
        self._public.setObjectName("authority_public")
        self._notice.setObjectName("connection_notice")
        self._straight.hide()
        self._public.hide()

    def _lay_out(self) -> None:
        about = self.tr("À ne changer que si le service informatique du lieu le demande.")
        hint = self.tr("http://, puis le nom et le port")
        self._field = LabelledField(self.tr("Pro&xy"), self._line, hint=hint)
        for part in (words(about, "soft"), self._facts, self._field):
            self.add(part)
        left = Qt.AlignmentFlag.AlignLeft
        for button in (self._save, self._straight, self._trust, self._public):
            self.body.addWidget(button, 0, left)
        self.add(self._notice)
