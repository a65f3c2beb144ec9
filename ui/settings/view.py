"""The screen of settings: how the desk looks, who works here, what it belongs to and is made of."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.settings.connection_card import ConnectionCard
from ui.settings.copying_card import CopyingCard
from ui.settings.forms import AgentForm, OwnForm
from ui.settings.notice_card import NoticeCard
from ui.settings.page import THEMES, DeskPage, Look, Source
from ui.settings.presenter import AGENT_FORM, OWN_FORM
from ui.settings.table import source_columns
from ui.theme import scaled
from ui.widgets.badge_label import BadgeLabel
from ui.widgets.buttons import quiet_button
from ui.widgets.choices import Choice, ChoiceRow
from ui.widgets.dialogs import Dialogs
from ui.widgets.fact_grid import FactGrid
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.keys_overlay import KeyHint
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import heading, words
from ui.widgets.page_values import Fact
from ui.widgets.row_list import RowList
from ui.widgets.scroll_page import ScrollPage
from ui.widgets.section_card import SectionCard
from ui.widgets.two_columns import TwoColumns

if TYPE_CHECKING:
    from ui.settings.connection_presenter import ConnectionPresenter
    from ui.settings.copying_presenter import CopyingPresenter
    from ui.settings.notice_presenter import NoticePresenter
    from ui.settings.presenter import SettingsPresenter


_SOURCES_PX = 360


class SettingsView(ScrollPage):
    """One page; it scrolls by itself.

    Attributes:
        connection: the part about the network: it is the screen of its presenter.
        notice: the part about the information notice; so is it.
        copying: the part about « Copier pour… »; so is it.

    Signals:
        said(str): what was just done, for the toast.
        done(str, object): the same, and how to undo it or None.
        machines_wanted(): show the machines of the structure.
        notice_wanted(): show the information notice as it is printed.
        register_wanted(): import the register kept before.
    """

    said = Signal(str)
    done = Signal(str, object)
    machines_wanted = Signal()
    notice_wanted = Signal()
    register_wanted = Signal()

    def __init__(self, dialogs: Dialogs | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._presenter: SettingsPresenter | None = None
        self._network: ConnectionPresenter | None = None
        self._note: NoticePresenter | None = None
        self._templates: CopyingPresenter | None = None
        dialogs = dialogs or Dialogs()
        self.connection = ConnectionCard(dialogs)
        self.notice = NoticeCard(dialogs)
        self.copying = CopyingCard()
        self._folder = ""
        self._notice = InlineNotice()
        self._make_look()
        self._make_desk()
        self._agents = FactGrid(self.tr("Agents de ce poste"))
        self._forms = {AGENT_FORM: AgentForm(), OWN_FORM: OwnForm()}
        self._name_parts()
        self._lay_out()
        self._copy.clicked.connect(self._copy_folder)
        self._machines.clicked.connect(self.machines_wanted)
        self._register.clicked.connect(self.register_wanted)
        self.notice.reading_wanted.connect(self.notice_wanted)
        self.notice.said.connect(self.said)
        self.notice.grew.connect(partial(self.show_whole, self.notice))
        self.copying.done.connect(self.done)
        self.copying.grew.connect(partial(self.show_whole, self.copying.form))

    def attach(self, presenter: "SettingsPresenter") -> None:
        """Send the user's wishes to the presenter, and hold it."""
        self._presenter = presenter
        self._theme.chosen.connect(presenter.choose_theme)
        self._scale.chosen.connect(presenter.choose_scale)
        for name, form in self._forms.items():
            form.typed.connect(lambda text, name=name: presenter.weigh(name, text))
            presenter.weigh(name, "")
        agent, own = self._forms[AGENT_FORM], self._forms[OWN_FORM]
        if isinstance(agent, AgentForm) and isinstance(own, OwnForm):
            agent.agent_sent.connect(presenter.add_agent)
            own.passphrase_sent.connect(presenter.change_passphrase)

    def attach_connection(self, presenter: "ConnectionPresenter") -> None:
        """Send the wishes about the network to their presenter, and hold it."""
        self._network = presenter
        self.connection.proxy_wanted.connect(presenter.set_proxy)
        self.connection.no_proxy_wanted.connect(presenter.forget_proxy)
        self.connection.authority_wanted.connect(presenter.trust)
        self.connection.public_wanted.connect(presenter.trust_public)

    def attach_notice(self, presenter: "NoticePresenter") -> None:
        """Send the wishes about the information notice to their presenter, and hold it."""
        self._note = presenter
        self.notice.file_chosen.connect(presenter.load)
        self.notice.text_given.connect(presenter.give_loaded)
        self.notice.text_kept.connect(presenter.keep_present)

    def attach_copying(self, presenter: "CopyingPresenter") -> None:
        """Send the wishes about texts to copy to their presenter, and hold it."""
        self._templates = presenter
        self.copying.chosen.connect(presenter.choose)
        self.copying.typed.connect(presenter.weigh)
        self.copying.field_wanted.connect(presenter.find_fields)
        self.copying.kept.connect(presenter.keep)
        self.copying.forgotten.connect(presenter.forget)

    def activated(self) -> None:
        """Bring what is shown up to date."""
        for presenter in (self._presenter, self._network, self._note, self._templates):
            if presenter is not None:
                presenter.refresh()
        self._theme.setFocus(Qt.FocusReason.OtherFocusReason)

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of the screen."""
        return (
            KeyHint(keys=self.tr("Alt+P"), does=self.tr("voir les postes de la structure")),
            KeyHint(keys=self.tr("Alt+L"), does=self.tr("lire et imprimer la note d’information")),
            KeyHint(keys=self.tr("Alt+D"), does=self.tr("donner un autre texte de la note")),
            KeyHint(keys=self.tr("Alt+I"), does=self.tr("importer l’ancien registre")),
            KeyHint(keys=self.tr("Alt+X"), does=self.tr("aller au proxy")),
            KeyHint(keys=self.tr("Alt+M"), does=self.tr("écrire un modèle de texte à copier")),
            KeyHint(keys=self.tr("Flèches"), does=self.tr("choisir les couleurs, la taille")),
        )

    def show_look(self, look: Look, scales: Sequence[int]) -> None:
        """See `SettingsScreen.show_look`."""
        if not self._scale.choices():
            self._scale.set_choices(
                [Choice(code=str(each), label=f"{each}\u202f%") for each in scales]
            )
        self._theme.set_value(look.theme)
        self._scale.set_value(str(look.scale))

    def show_agents(self, agents: Sequence[Fact]) -> None:
        """See `SettingsScreen.show_agents`."""
        self._agents.set_facts(agents)

    def show_desk(self, page: DeskPage) -> None:
        """See `SettingsScreen.show_desk`."""
        self._notice.hide_notice()
        self._enrolment.set_badge(page.enrolment)
        self._enrolment_means.setText(page.enrolment_means)
        self._structure.set_facts(page.structure)
        self._members.setText("\n".join(page.members) or self.tr("Aucune autre pour l’instant."))
        self._machine.set_facts(page.machine)
        self._folder = page.machine[0].value if page.machine else ""
        self._sources.set_rows(page.sources)

    def show_strength(self, form: str, sentence: str) -> None:
        """See `SettingsScreen.show_strength`."""
        self._forms[form].secrets.show_strength(sentence)

    def show_refusal(self, form: str, sentence: str) -> None:
        """See `SettingsScreen.show_refusal`."""
        self._forms[form].show_problem(sentence)

    def show_working(self, form: str, *, working: bool) -> None:
        """See `SettingsScreen.show_working`."""
        self._forms[form].show_working(working=working)

    def form_taken(self, form: str) -> None:
        """See `SettingsScreen.form_taken`."""
        self._forms[form].close_form()

    def show_problem(self, sentence: str) -> None:
        """See `SettingsScreen.show_problem`."""
        self._notice.show_notice(NoticeKind.ATTENTION, sentence)

    def say(self, text: str) -> None:
        """See `SettingsScreen.say`."""
        self.said.emit(text)

    def _copy_folder(self) -> None:
        QGuiApplication.clipboard().setText(self._folder)
        self.said.emit(self.tr("Chemin du dossier copié"))

    def _make_look(self) -> None:
        themes = [Choice(code=code, label=label) for code, label in THEMES.items()]
        self._theme = ChoiceRow(self.tr("Couleurs"), themes)
        self._scale = ChoiceRow(self.tr("Taille du texte"), ())

    def _make_desk(self) -> None:
        self._enrolment = BadgeLabel()
        self._enrolment_means = words()
        self._structure = FactGrid(self.tr("Structure"), label_px=110)
        self._members = words()
        self._machines = quiet_button(self.tr("&Postes de la structure…"), "monitor")
        self._register = quiet_button(self.tr("&Importer l’ancien registre…"), "book-open")
        self._machine = FactGrid(self.tr("Ce poste"), label_px=110)
        self._copy = quiet_button(self.tr("Copier le chemin"), "copy")
        self._sources: RowList[Source] = RowList(
            self.tr("Vocabulaires et tables"), source_columns(), key=lambda row: row.name
        )
        self._sources.setMinimumHeight(scaled(_SOURCES_PX))

    def _name_parts(self) -> None:
        self._theme.setObjectName("settings_theme")
        self._scale.setObjectName("settings_scale")
        self._copy.setObjectName("copy_folder")
        self._machines.setObjectName("open_machines")
        self._register.setObjectName("open_register")
        self._sources.setObjectName("settings_sources")

    def _lay_out(self) -> None:
        self.body.addWidget(heading(self.tr("Réglages"), 1))
        self.body.addWidget(self._notice)
        columns = TwoColumns()
        columns.add_main(self._look_card())
        columns.add_main(_card(self.tr("Agents de ce poste"), self._agents, *self._forms.values()))
        columns.add_main(self.copying)
        columns.add_main(self.connection)
        columns.add_side(self._structure_card())
        columns.add_side(self.notice)
        columns.add_side(self._register_card())
        columns.add_side(self._machine_card())
        self.body.addWidget(columns)
        self.body.addWidget(self._about_card())

    def _look_card(self) -> SectionCard:
        return _card(
            self.tr("Apparence"),
            LabelledField(self.tr("Couleurs"), self._theme),
            LabelledField(
                self.tr("Taille du texte"),
                self._scale,
                hint=self.tr("aussi par Ctrl++ et Ctrl+-"),
            ),
        )

    def _structure_card(self) -> SectionCard:
        taking_part = QWidget()
        column = QVBoxLayout(taking_part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading(self.tr("Prennent part aux échanges"), 3))
        column.addWidget(self._members)
        card = _card(
            self.tr("Structure et échanges"),
            self._enrolment,
            self._enrolment_means,
            self._structure,
            taking_part,
        )
        card.body.addWidget(self._machines, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _register_card(self) -> SectionCard:
        card = _card(
            self.tr("Ancien registre"),
            words(
                self.tr(
                    "Le tableur où l’accueil était noté avant Deux Portes\u202f: ses accueils"
                    " entrent ici, sans les noms s’il n’y a pas d’accord."
                ),
                "soft",
            ),
        )
        card.body.addWidget(self._register, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _machine_card(self) -> SectionCard:
        card = _card(self.tr("Ce poste"), self._machine)
        card.body.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _about_card(self) -> SectionCard:
        return _card(
            self.tr("À propos"),
            words(
                self.tr(
                    "Deux Portes est un logiciel libre, sous licence AGPL 3.0 ou ultérieure. Les"
                    " mots du métier et les tables voyagent avec lui, datés et sourcés."
                )
            ),
            self._sources,
        )


def _card(title: str, *contents: QWidget) -> SectionCard:
    card = SectionCard(title)
    for content in contents:
        card.add(content)
    return card
