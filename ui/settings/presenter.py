"""What the screen of settings decides: whether an agent or a passphrase can be taken."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.changes import Changes, Topic
from app.domain.errors import AppError
from app.usecases.agents import Agent
from ui.settings.page import (
    Desk,
    DeskPage,
    Look,
    NewAgent,
    agent_facts,
    desk_page,
    lack_of_passphrase,
    strength_words,
)
from ui.texts import sentence_for

if TYPE_CHECKING:
    from ui.running import Runner
    from ui.widgets.page_values import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsActions:
    """What the screen has done elsewhere.

    Attributes:
        agents: reads the agents of this desk (`agents`); called by the runner.
        add_agent: adds one (`add_agent`); it takes about a second; called by the runner.
        change_passphrase: seals the slot of the agent who is here (`change_passphrase`); called by
            the runner.
        desk: reads what is true of this desk, its structure and its sources; called by the runner.
        look: returns the theme and the text size in force.
        set_theme: applies and remembers a theme.
        set_scale: applies and remembers a text size, in percent.
        publish: tells the other screens what changed (`ChangesHub.publish`).
        scales: the text sizes that can be chosen, in percent.
    """

    agents: Callable[[], Sequence[Agent]]
    add_agent: Callable[[str, str, str], Changes]
    change_passphrase: Callable[[str], None]
    desk: Callable[[], Desk]
    look: Callable[[], Look]
    set_theme: Callable[[str], None]
    set_scale: Callable[[int], None]
    publish: Callable[[Changes], None]
    scales: Sequence[int]


class SettingsScreen(Protocol):
    """What the screen can show."""

    def show_look(self, look: Look, scales: Sequence[int]) -> None:
        """Show the theme and the size in force."""
        ...

    def show_agents(self, agents: "Sequence[Fact]") -> None:
        """Show who works at this desk."""
        ...

    def show_desk(self, page: DeskPage) -> None:
        """Show the structure, this machine and the sources."""
        ...

    def show_strength(self, form: str, sentence: str) -> None:
        """Say what the passphrase being typed in a form (`agent`, `own`) is worth."""
        ...

    def show_refusal(self, form: str, sentence: str) -> None:
        """Say, beside a form, why it is not taken."""
        ...

    def show_working(self, form: str, *, working: bool) -> None:
        """Show that a form is being dealt with: it takes about a second."""
        ...

    def form_taken(self, form: str) -> None:
        """Empty and close a form whose content was taken."""
        ...

    def show_problem(self, sentence: str) -> None:
        """Say calmly what could not be read."""
        ...

    def say(self, text: str) -> None:
        """Say what was just done."""
        ...


AGENT_FORM = "agent"
OWN_FORM = "own"


class SettingsPresenter:
    """Decides for the screen of settings. It must be held, by its view for instance."""

    def __init__(self, view: SettingsScreen, actions: SettingsActions, runner: "Runner") -> None:
        self._view = view
        self._actions = actions
        self._runner = runner
        self._working: set[str] = set()

    def refresh(self) -> None:
        """Read again what is shown."""
        self._view.show_look(self._actions.look(), self._actions.scales)
        self._read_agents()
        self._runner.run(
            lambda: desk_page(self._actions.desk()), self._view.show_desk, self._not_read
        )

    def changed(self, changes: Changes) -> None:
        """Read the agents again when they moved."""
        if Topic.AGENTS in changes.topics:
            self._read_agents()

    def choose_theme(self, theme: str) -> None:
        """Apply a theme at once."""
        self._actions.set_theme(theme)

    def choose_scale(self, percent: str) -> None:
        """Apply a text size at once."""
        self._actions.set_scale(int(percent))

    def weigh(self, form: str, passphrase: str) -> None:
        """Say what a passphrase is worth as it is typed."""
        self._view.show_strength(form, strength_words(passphrase))

    def add_agent(self, wanted: NewAgent) -> None:
        """Add an agent, or say what is missing."""
        name = wanted.name.strip()
        lack = ""
        if not name:
            lack = "Écrivez le nom de l’agent, comme il se verra à l’ouverture."
        elif not wanted.role:
            lack = "Choisissez ce que l’agent pourra lire\u202f: accueil ou conseil."
        lack = lack or lack_of_passphrase(wanted.passphrase, wanted.repeated)
        if lack:
            self._view.show_refusal(AGENT_FORM, lack)
            return
        self._work(
            AGENT_FORM,
            lambda: self._actions.add_agent(name, wanted.role, wanted.passphrase),
            lambda changes: self._agent_added(name, changes),
        )

    def change_passphrase(self, passphrase: str, repeated: str) -> None:
        """Change the passphrase of the agent who is here, or say what is missing."""
        if lack := lack_of_passphrase(passphrase, repeated):
            self._view.show_refusal(OWN_FORM, lack)
            return
        self._work(
            OWN_FORM,
            lambda: self._actions.change_passphrase(passphrase),
            lambda _nothing: self._view.say("Votre phrase de passe est changée"),
        )

    def _work(self, form: str, work: Callable[[], object], taken: Callable[..., None]) -> None:
        if form in self._working:
            return
        self._working.add(form)
        self._view.show_working(form, working=True)
        self._runner.run(
            work,
            lambda value: self._taken(form, value, taken),
            lambda error: self._refused(form, error),
        )

    def _taken(self, form: str, value: object, taken: Callable[..., None]) -> None:
        self._rest(form)
        self._view.form_taken(form)
        taken(value)

    def _refused(self, form: str, error: Exception) -> None:
        self._rest(form)
        self._view.show_refusal(form, sentence_for(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it

    def _rest(self, form: str) -> None:
        self._working.discard(form)
        self._view.show_working(form, working=False)

    def _agent_added(self, name: str, changes: Changes) -> None:
        self._view.say(f"{name} peut maintenant ouvrir ce poste")
        self._read_agents()
        self._actions.publish(changes)

    def _read_agents(self) -> None:
        self._runner.run(
            lambda: agent_facts(self._actions.agents()), self._view.show_agents, self._not_read
        )

    def _not_read(self, error: Exception) -> None:
        self._view.show_problem(sentence_for(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it
