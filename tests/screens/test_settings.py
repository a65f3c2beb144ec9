"""The screen of settings: the look, the agents, what the desk belongs to and is made of."""

import datetime as dt

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from app.domain.errors import WrongPassphraseError
from app.store.workspace import create_workspace, open_workspace
from app.usecases import agents
from app.usecases.desk import Desk, name_own_structure
from app.usecases.recipients import recipients
from tests.bench.private_ca import certificate_for
from tests.builders import FIRST_DOOR, PASSPHRASE, REFERENCE, SECOND_DOOR, a_structure
from tests.fakes.clock import TickingClock
from tests.fakes.dialogs import Answers
from tests.fakes.runner import DirectRunner, StepRunner
from tests.screens.accessibility import assert_every_control_is_named
from ui.compose_exchange import connection_of
from ui.desk_actions import DeskActions
from ui.settings.connection_presenter import ConnectionPresenter
from ui.settings.page import ALONE, ASKED, CERTIFIED, Look, Source, strength_words
from ui.settings.page import Desk as DeskTruth
from ui.settings.presenter import SettingsActions, SettingsPresenter
from ui.settings.view import SettingsView
from ui.theme import SCALES, ThemeName
from ui.widgets.choices import ChoiceRow
from ui.widgets.fact_grid import FactGrid
from ui.widgets.inline_notice import InlineNotice
from ui.widgets.row_list import RowList

LONG = "cheval pluie guitare neige"


@pytest.fixture
def desk(desk):
    """The first door's desk, whose agent is known to all."""
    here = (desk.workspace.agent, "Alix Exemple", "adviser")
    desk.workspace.writer.write(
        lambda tx: tx.execute("INSERT INTO agents (agent, name, role) VALUES (?, ?, ?)", here)
    )
    return desk


@pytest.fixture
def desk_with_slots(tmp_path):
    """A desk as the program makes it: its passphrases really open it."""
    workspace, _code = create_workspace(
        tmp_path / "whole", agent_name="Alix Exemple", role="adviser", passphrase=PASSPHRASE
    )
    opened = Desk(workspace=workspace, clock=TickingClock(), reference=REFERENCE)
    name_own_structure(
        opened, structure=a_structure(FIRST_DOOR), name="Exemple", reference=FIRST_DOOR
    )
    yield opened
    workspace.close()


class Screen:
    """A screen over a real desk and the real look of the application."""

    def __init__(self, desk, put, appearance, *, runner=None, enrolment=CERTIFIED):
        self._desk = desk
        self._enrolment = enrolment
        self.said = []
        self.published = []
        self.view = put(SettingsView())
        actions = SettingsActions(
            agents=lambda: agents.agents(desk),
            add_agent=lambda name, role, passphrase: agents.add_agent(
                desk, name=name, role=role, passphrase=passphrase
            ),
            change_passphrase=lambda passphrase: agents.change_passphrase(desk, passphrase),
            desk=self._truth,
            look=lambda: Look(theme=appearance.theme().value, scale=appearance.scale()),
            set_theme=lambda theme: appearance.set_theme(ThemeName(theme)),
            set_scale=appearance.set_scale,
            publish=self.published.append,
            scales=SCALES,
        )
        self.presenter = SettingsPresenter(self.view, actions, runner or DirectRunner())
        self.view.attach(self.presenter)
        self.view.said.connect(self.said.append)
        self.view.activated()

    def _truth(self):
        own = self._desk.own_structure()
        words = REFERENCE.vocabularies
        return DeskTruth(
            structure=own.name,
            reference=own.reference,
            enrolment=self._enrolment,
            region="Région (exemple)",
            members=tuple(one.name for one in recipients(self._desk) if one.takes_part),
            folder=str(self._desk.workspace.folder),
            version="0.1.0",
            sources=tuple(
                Source(name=name, version=words.get(name).version, source=words.get(name).source)
                for name in words.names()
            ),
        )

    def press(self, name):
        self.view.findChild(QPushButton, name).click()

    def choose(self, group, code):
        self.view.findChild(ChoiceRow, group).findChild(QPushButton, f"choice_{code}").click()

    def write(self, **fields):
        for name, text in fields.items():
            self.view.findChild(QLineEdit, name).setText(text)

    def label(self, name):
        return self.view.findChild(QLabel, name).text()

    def words(self):
        labels = self.view.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisibleTo(self.view))

    def agents(self):
        return [fact.label for fact in self.view.findChildren(FactGrid)[0].facts()]


@pytest.fixture
def screen(desk, put, appearance):
    return Screen(desk, put, appearance)


def fill_agent(screen, **changes):
    screen.press("agent_open")
    fields = {"agent_name": "Sam Exemple", "agent_passphrase": LONG, "agent_repeated": LONG}
    screen.write(**(fields | changes))


@pytest.mark.parametrize("theme", ["light", "dark", "contrast", "system"])
def test_a_theme_is_applied_at_once(screen, appearance, theme):
    screen.choose("settings_theme", theme)
    assert appearance.theme() == theme


@pytest.mark.parametrize("percent", [100, 200])
def test_a_text_size_is_applied_at_once(screen, appearance, percent):
    screen.choose("settings_scale", str(percent))
    assert appearance.scale() == percent


def test_the_look_in_force_is_shown(desk, put, appearance):
    appearance.set_theme(ThemeName.CONTRAST)
    appearance.set_scale(150)
    screen = Screen(desk, put, appearance)
    assert screen.view.findChild(ChoiceRow, "settings_theme").value() == "contrast"
    assert screen.view.findChild(ChoiceRow, "settings_scale").value() == "150"


def test_who_is_here_is_told_apart(screen):
    assert "Alix Exemple (vous)" in screen.words()


def test_an_added_agent_can_open_the_desk(desk_with_slots, put, appearance):
    desk = desk_with_slots
    screen = Screen(desk, put, appearance)
    fill_agent(screen)
    screen.choose("agent_role", "reception")
    screen.press("agent_send")
    assert screen.published
    assert screen.said == ["Sam Exemple peut maintenant ouvrir ce poste"]
    assert "Sam Exemple" in screen.words()
    (card,) = [
        card
        for card in agents.agents_who_can_unlock(desk.workspace.folder)
        if card.label == "Sam Exemple"
    ]
    desk.workspace.close()
    now = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    folder = desk.workspace.folder
    opened = open_workspace(folder, slot_id=card.slot_id, passphrase=LONG, now=now)
    assert opened.role == "reception"
    opened.close()


@pytest.mark.parametrize(
    ("changes", "role", "said"),
    [
        ({"agent_name": "  "}, "reception", "Écrivez le nom de l’agent"),
        ({}, "", "Choisissez ce que l’agent pourra lire"),
        ({"agent_passphrase": "court"}, "reception", "au moins 10\u00a0signes"),
        ({"agent_repeated": "autre chose"}, "reception", "Les deux saisies sont différentes"),
    ],
)
def test_an_agent_that_lacks_something_is_refused_in_words(desk, screen, changes, role, said):
    fill_agent(screen, **changes)
    if role:
        screen.choose("agent_role", role)
    screen.press("agent_send")
    assert said in screen.label("agent_problem")
    assert len(agents.agents(desk)) == 1


def test_what_was_typed_is_forgotten_once_taken(desk_with_slots, put, appearance):
    screen = Screen(desk_with_slots, put, appearance)
    fill_agent(screen)
    screen.choose("agent_role", "adviser")
    screen.press("agent_send")
    fields = ("agent_name", "agent_passphrase", "agent_repeated")
    assert [screen.view.findChild(QLineEdit, name).text() for name in fields] == ["", "", ""]
    assert not screen.view.findChild(QPushButton, "agent_send").isVisibleTo(screen.view)


def test_a_form_waits_for_its_answer_and_is_sent_once(desk_with_slots, put, appearance):
    runner = StepRunner()
    screen = Screen(desk_with_slots, put, appearance, runner=runner)
    runner.run_all()
    screen.press("own_open")
    screen.write(own_passphrase=LONG, own_repeated=LONG)
    screen.press("own_send")
    screen.presenter.change_passphrase(LONG, LONG)
    assert runner.waiting() == 1
    assert not screen.view.findChild(QPushButton, "own_send").isEnabled()
    runner.run_all()
    assert screen.said == ["Votre phrase de passe est changée"]


def test_the_new_passphrase_opens_and_the_old_one_does_not(desk_with_slots, put, appearance):
    desk = desk_with_slots
    screen = Screen(desk, put, appearance)
    screen.press("own_open")
    screen.write(own_passphrase=LONG, own_repeated=LONG)
    screen.press("own_send")
    desk.workspace.close()
    folder, now = desk.workspace.folder, dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    with pytest.raises(WrongPassphraseError):
        open_workspace(folder, slot_id=desk.workspace.agent, passphrase=PASSPHRASE, now=now)
    open_workspace(folder, slot_id=desk.workspace.agent, passphrase=LONG, now=now).close()


def test_passphrases_are_hidden_until_one_asks(screen):
    screen.press("own_open")
    line = screen.view.findChild(QLineEdit, "own_passphrase")
    assert line.echoMode() == QLineEdit.EchoMode.Password


@pytest.mark.parametrize(
    ("passphrase", "said"),
    [
        ("", "Au moins 10"),
        ("neufsigne", "Encore 1\u00a0signe."),
        ("aaaaaaaaaaaaaaaaaaaa", "facile à deviner"),
        ("dix signes", "Suffisante"),
        (LONG, "Solide."),
    ],
)
def test_the_strength_of_a_passphrase_is_said_in_words(passphrase, said):
    assert said in strength_words(passphrase)


def test_the_strength_follows_what_is_typed(screen):
    screen.press("agent_open")
    screen.write(agent_passphrase="cheval")
    assert screen.label("agent_strength") == "Encore 4\u00a0signes."


@pytest.mark.parametrize(
    ("enrolment", "said"),
    [
        (CERTIFIED, "Reconnue par Région (exemple)"),
        (ASKED, "La Région n’a pas encore répondu"),
        (ALONE, "n’est rattachée à aucune Région"),
    ],
)
def test_the_state_of_enrolment_is_said(desk, put, appearance, enrolment, said):
    assert said in Screen(desk, put, appearance, enrolment=enrolment).words()


def test_structure_members_and_folder_are_shown(desk, screen):
    words = screen.words()
    assert desk.own_structure().name in words
    assert REFERENCE.directory.by_reference(SECOND_DOOR).display_name in words
    assert str(desk.workspace.folder) in words


def test_every_vocabulary_is_listed_under_a_french_name_with_its_source(screen):
    model = screen.view.findChild(RowList, "settings_sources").model()
    names = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert len(names) > len(REFERENCE.vocabularies.names())
    assert not set(names) & set(REFERENCE.vocabularies.names())
    assert all(model.index(row, 2).data() for row in range(model.rowCount()))


def test_every_control_is_named_with_the_forms_open(screen):
    screen.press("agent_open")
    screen.press("own_open")
    assert_every_control_is_named(screen.view)


@pytest.fixture
def network(desk, put):
    """The part about the network, over a real desk."""
    answers = Answers()
    view = put(SettingsView(answers.dialogs()))
    actions = DeskActions(desk, lambda _changes: None).connection()
    presenter = ConnectionPresenter(view.connection, actions, DirectRunner())
    view.attach_connection(presenter)
    view.activated()
    return view.connection, answers


def facts_of(card):
    return {fact.label: fact.value for fact in card.findChild(FactGrid).facts()}


def notice_of(card):
    return card.findChild(InlineNotice, "connection_notice").text()


def test_a_proxy_is_kept_and_its_password_not_shown(desk, network):
    card, _answers = network
    assert facts_of(card) == {"Proxy": "aucun", "Autorité": "les autorités publiques"}
    line = card.findChild(QLineEdit, "proxy")
    line.setText(" http://camille:secret@proxy.exemple.fr:3128 ")
    card.findChild(QPushButton, "proxy_save").click()
    assert facts_of(card)["Proxy"] == "http://proxy.exemple.fr:3128"
    assert connection_of(desk).proxy == "http://camille:secret@proxy.exemple.fr:3128"
    assert line.text() == ""
    card.findChild(QPushButton, "proxy_none").click()
    assert facts_of(card)["Proxy"] == "aucun"
    assert not card.findChild(QPushButton, "proxy_none").isVisible()


@pytest.mark.parametrize(("typed", "said"), [("", "Écrivez l’adresse"), ("proxy", "pas l’adresse")])
def test_what_is_no_proxy_is_refused_and_changes_nothing(desk, network, typed, said):
    card, _answers = network
    card.findChild(QLineEdit, "proxy").setText(typed)
    card.findChild(QPushButton, "proxy_save").click()
    assert said in notice_of(card)
    assert connection_of(desk).proxy == ""


def test_a_private_authority_is_trusted_until_one_goes_back(desk, network, tmp_path):
    card, answers = network
    certificate, _key, _chain = certificate_for("127.0.0.1", tmp_path)
    choose = card.findChild(QPushButton, "authority_choose")
    choose.click()  # no file was chosen
    answers.then([certificate])
    choose.click()
    assert facts_of(card)["Autorité"].startswith("CN=")
    card.findChild(QPushButton, "authority_public").click()
    assert connection_of(desk).ca_pem == ""


def test_a_file_without_certificate_is_refused(network, tmp_path):
    card, answers = network
    for name in ("absent.pem", "vide.pem"):
        (tmp_path / "vide.pem").write_bytes(b"")
        answers.then([tmp_path / name])
        card.findChild(QPushButton, "authority_choose").click()
        assert notice_of(card)
    assert facts_of(card)["Autorité"] == "les autorités publiques"
