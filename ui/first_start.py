"""The first start: making a structure's workspace, joining a structure, taking one over."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ui.running import Runner

if TYPE_CHECKING:
    from app.usecases.desk import Desk
    from ui.compose_recovery import Lost
    from ui.welcome.joining_presenter import Joining
    from ui.welcome.joining_view import JoiningView
    from ui.welcome.presenter import Beginning, StructureChoice
    from ui.welcome.recovering_view import RecoveringView
    from ui.welcome.recovery_presenter import FoundStructure, Seeking, TakingOver
    from ui.welcome.view import WelcomeView
    from ui.widgets.dialogs import Dialogs

ROLE = "adviser"
"""Of the first agent: whoever begins sees everything, and adds the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStart:
    """Makes the windows of the first start, each with its presenter.

    Attributes:
        folder: where the workspace is made.
        runner: makes it away from the screen.
        sentence: the French sentence of a refusal.
        dialogs: ask for files.
    """

    folder: Path
    runner: Runner
    sentence: Callable[[Exception], str]
    dialogs: "Dialogs | None"

    def welcome(self, view: "WelcomeView", opened: "Callable[[Desk], None]") -> None:
        """Serve the page that makes a structure's first workspace."""
        from ui.welcome.presenter import WelcomePorts, WelcomePresenter

        ports = WelcomePorts(
            structures=_structures, create=self._create, sentence=self.sentence, opened=opened
        )
        view.serve(WelcomePresenter(view, ports, self.runner))

    def joining(self, view: "JoiningView", opened: "Callable[[Desk], None]") -> None:
        """Serve the page that joins a structure."""
        from ui.welcome.joining_presenter import JoiningPorts, JoiningPresenter

        ports = JoiningPorts(join=self._join, sentence=self.sentence, opened=opened)
        view.serve(JoiningPresenter(view, ports, self.runner))

    def recovering(self, view: "RecoveringView", opened: "Callable[[Desk], None]") -> None:
        """Serve the pages that take a structure over."""
        from ui.welcome.recovery_presenter import RecoveringPorts, RecoveringPresenter

        ports = RecoveringPorts(
            seek=_seek, take_over=self._take_over, sentence=self.sentence, opened=opened
        )
        view.serve(RecoveringPresenter(view, ports, self.runner))

    def _create(self, beginning: "Beginning") -> "tuple[Desk, str]":
        from ui import compose

        return compose.create_desk(
            self.folder,
            agent_name=beginning.agent.strip(),
            role=ROLE,
            passphrase=beginning.passphrase,
            region_file=beginning.region_file,
            name=beginning.structure.strip(),
            reference=beginning.reference,
        )

    def _join(self, joining: "Joining") -> "tuple[Desk, str]":
        from ui import compose_ceremonies

        return compose_ceremonies.join_desk(
            joining.invitation or Path(),
            self.folder,
            agent_name=joining.agent.strip(),
            role=ROLE,
            passphrase=joining.passphrase,
        )

    def _take_over(self, lost: "Lost", taking: "TakingOver") -> "tuple[Desk, str]":
        from ui import compose_recovery
        from ui.welcome.recovery_presenter import NONE_LOST

        return compose_recovery.recovered_desk(
            lost,
            self.folder,
            agent_name=taking.agent.strip(),
            role=ROLE,
            passphrase=taking.passphrase,
            lost=[bytes.fromhex(key) for key in taking.lost if key != NONE_LOST],
        )


def _structures(text: str) -> "list[StructureChoice]":
    from ui import compose
    from ui.welcome.presenter import StructureChoice

    found = compose.load_reference().directory.search(text, 8)
    return [
        StructureChoice(reference=e.reference, name=e.display_name, commune=e.commune_name)
        for e in found
    ]


def _seek(seeking: "Seeking") -> "FoundStructure[Lost]":
    from ui import compose, compose_recovery
    from ui.welcome.recovery_presenter import FoundStructure

    lost = compose_recovery.open_lost_structure(
        seeking.region or Path(),
        seeking.code,
        seeking.statements,
        ca=b"" if seeking.ca is None else compose.bytes_of(seeking.ca),
        proxy=seeking.proxy,
    )
    return FoundStructure(
        name=lost.structure_name,
        machines=tuple((machine.hex(), code) for machine, code in lost.machines),
        lost=lost,
    )
