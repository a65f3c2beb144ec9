"""What the settings decide of the network: a proxy, a private authority; nothing else changes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.domain.errors import AppError
from ui.texts import sentence_for

if TYPE_CHECKING:
    from ui.running import Runner

_NO_PROXY = "Écrivez l’adresse du proxy, donnée par le service informatique."


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How the relay is reached: a proxy without its password, who signs; "" for none."""

    proxy: str = ""
    authority: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionActions:
    """What is done elsewhere, each called by the runner.

    Attributes:
        read: reads how the relay is reached.
        set_proxy: goes through a proxy from now on, "" for none; returns what is true then.
        set_authority: trusts the certificates of a file, None for the public ones; returns the
            same.
    """

    read: Callable[[], Connection]
    set_proxy: Callable[[str], Connection]
    set_authority: Callable[[Path | None], Connection]


class ConnectionScreen(Protocol):
    """What the card can show."""

    def show_connection(self, connection: Connection) -> None:
        """Show how the relay is reached."""
        ...

    def show_kept(self, sentence: str) -> None:
        """Say what was just changed; what was typed is forgotten."""
        ...

    def show_refusal(self, sentence: str) -> None:
        """Say why nothing was changed."""
        ...


class ConnectionPresenter:
    """Decides of the network. It must be held, by its view for instance."""

    def __init__(
        self, view: ConnectionScreen, actions: ConnectionActions, runner: "Runner"
    ) -> None:
        self._view = view
        self._actions = actions
        self._runner = runner

    def refresh(self) -> None:
        """Read again what is shown."""
        self._runner.run(self._actions.read, self._view.show_connection, self._refused)

    def set_proxy(self, url: str) -> None:
        """Go through a proxy, if one was written."""
        if not url.strip():
            self._view.show_refusal(_NO_PROXY)
            return
        self._change(lambda: self._actions.set_proxy(url.strip()), "L’échange passe par ce proxy.")

    def forget_proxy(self) -> None:
        """Go straight to the relay."""
        self._change(lambda: self._actions.set_proxy(""), "L’échange ne passe plus par un proxy.")

    def trust(self, file: Path) -> None:
        """Trust the certificates of a file instead of the public ones."""
        said = "Ce certificat est cru, à la place des autorités publiques."
        self._change(lambda: self._actions.set_authority(file), said)

    def trust_public(self) -> None:
        """Trust the public authorities again."""
        said = "Les autorités publiques sont crues de nouveau."
        self._change(lambda: self._actions.set_authority(None), said)

    def _change(self, change: Callable[[], Connection], said: str) -> None:
        self._runner.run(change, lambda kept: self._kept(kept, said), self._refused)

    def _kept(self, connection: Connection, said: str) -> None:
        self._view.show_connection(connection)
        self._view.show_kept(f"{said} Cela vaut dès le prochain échange.")

    def _refused(self, error: Exception) -> None:
        self._view.show_refusal(sentence_for(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it
