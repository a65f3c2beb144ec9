"""The screen of machines over one open desk: what it reads, what it has done, who hears of it."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.changes import Changes, Topic
from app.domain.errors import AppError
from app.store.durable_file import write_durably
from app.usecases.desk import Desk
from app.usecases.directory.shelf import desk_directory
from ui.changes_hub import ChangesHub
from ui.machines.page import (
    Invitation,
    Machine,
    Place,
    Quarrel,
    Request,
    Structure,
    Waiting,
)

if TYPE_CHECKING:
    from ui.compose_machines import Dispute, MachineSeen, Side
    from ui.machines.joining_presenter import JoiningActions, Opened
    from ui.machines.presenter import MachinesActions
    from ui.machines.recovery_presenter import RecoveryActions
    from ui.machines.view import MachinesView
    from ui.running import Runner
    from ui.widgets.dialogs import Dialogs

_LATE = "revoked"


class DeskMachines:
    """What the screen of machines has done. `exchange_now` asks for an exchange."""

    def __init__(self, desk: Desk, hub: ChangesHub, exchange_now: Callable[[], None]) -> None:
        self._desk = desk
        self._hub = hub
        self._exchange_now = exchange_now

    def make_view(self, runner: "Runner", dialogs: "Dialogs") -> "MachinesView":
        """Make the screen, which holds its presenters."""
        from ui.machines.joining_presenter import JoiningPresenter
        from ui.machines.presenter import MachinesPresenter
        from ui.machines.recovery_presenter import RecoveryPresenter
        from ui.machines.view import MachinesView

        view = MachinesView(self._desk.own_structure().name, dialogs)
        presenter = MachinesPresenter(view, self._machines_actions(), runner)
        joining = JoiningPresenter(view, self._joining_actions(), runner)
        recovery = RecoveryPresenter(view, self._recovery_actions(), runner)
        view.attach(presenter, joining, recovery)
        view.exchange_wanted.connect(self._exchange_now)

        def changed(changes: Changes) -> None:
            if view.isVisible():  # else all is read when the screen is shown
                presenter.changed(changes)

        self._hub.changed.connect(changed)
        return view

    def _machines_actions(self) -> "MachinesActions":
        from ui import compose_machines
        from ui.machines.presenter import MachinesActions

        desk = self._desk
        return MachinesActions(
            structure=lambda: read_structure(desk),
            remove=lambda key: compose_machines.remove_machine(desk, key).code,
            accept_late=lambda key: compose_machines.accept_late(desk, key).bundles,
            accept_key=self._accept_key,
            keep_known=self._keep_known,
            spread=self._spread,
            now=lambda: desk.now().astimezone(),
        )

    def _joining_actions(self) -> "JoiningActions":
        from ui import compose_ceremonies
        from ui.machines.joining_presenter import JoiningActions

        desk = self._desk
        return JoiningActions(
            invite=self._invite,
            save=compose_ceremonies.save_carried,
            open=self._open,
            admit=lambda spoken: compose_ceremonies.admit(desk, spoken).machine.hex(),
            save_admission=lambda machine, file: compose_ceremonies.write_admission(
                desk, bytes.fromhex(machine), file
            ),
            save_structure_request=self._save_structure_request,
            spread=self._spread,
        )

    def _recovery_actions(self) -> "RecoveryActions":
        from ui import compose_machines
        from ui.machines.recovery_presenter import RecoveryActions

        return RecoveryActions(
            make=lambda: compose_machines.make_recovery_kit(self._desk),
            write=write_durably,
            spread=self._spread,
        )

    def _invite(self) -> Invitation:
        from ui import compose_ceremonies

        made = compose_ceremonies.make_invitation(self._desk)
        squares = compose_ceremonies.squares(made.text)
        return Invitation(text=made.text, squares=squares, until_s=made.until_s)

    def _open(self, file: Path) -> "Opened":
        from ui import compose_ceremonies, compose_machines
        from ui.machines.joining_presenter import Opened

        taken = compose_machines.open_carried(self._desk, file)
        waiting = (
            {one.spoken for one in compose_ceremonies.pending_requests(self._desk)}
            if (taken.spoken)
            else set()
        )
        return Opened(
            kind=taken.kind,
            statements=taken.statements,
            spoken=taken.spoken,
            is_known=not taken.spoken or taken.spoken in waiting,
        )

    def _save_structure_request(self, file: Path) -> None:
        from ui import compose_ceremonies

        own = self._desk.own_structure()
        compose_ceremonies.structure_request(
            self._desk, name=own.name, reference=own.reference, out=file
        )

    def _accept_key(self, reference: str, key: str) -> None:
        from ui import compose_machines

        compose_machines.accept_root(self._desk, reference, bytes.fromhex(key))

    def _keep_known(self, code: str, reference: str) -> None:
        from ui import compose_machines

        compose_machines.keep_known(self._desk, code, reference)

    def _spread(self) -> None:
        self._hub.publish(Changes(topics=frozenset({Topic.EXCHANGE})))
        self._exchange_now()


def read_structure(desk: Desk) -> Structure:
    """Read what is true of the machines of a desk's structure."""
    from ui import compose_ceremonies, compose_machines

    own = compose_ceremonies.own_request(desk)
    if own is not None:
        squares = compose_ceremonies.squares(own.text)
        waiting = Waiting(spoken=own.spoken_code, text=own.text, squares=squares)
        return Structure(place=Place.WAITING, waiting=waiting)
    if not compose_machines.is_inside(desk):
        return Structure(place=Place.ALONE, can_ask_region=True)
    late = Counter(
        {one.code: one.bundles for one in compose_machines.set_aside(desk) if one.reason == _LATE}
    )
    seen = compose_machines.machines(desk)
    is_out = any(one.machine.is_this_one and one.machine.is_removed for one in seen)
    holds_root = any(one.machine.is_this_one and one.machine.holds_root for one in seen)
    return Structure(
        place=Place.OUT if is_out else Place.INSIDE,
        holds_root=holds_root and not is_out,
        keeper="" if holds_root else compose_machines.root_keeper(desk),
        machines=tuple(_machine(one, late[one.machine.code]) for one in seen),
        requests=_requests(desk),
        certificate_until_s=compose_machines.standing(desk).certificate_until_s,
        can_ask_region=holds_root and not is_out,
        quarrels=tuple(_quarrel(desk, one) for one in compose_machines.disputes(desk)),
    )


def _machine(seen: "MachineSeen", late: int) -> Machine:
    line = seen.machine
    return Machine(
        key=line.id.hex(),
        code=line.code,
        until_s=line.until_s,
        last_s=seen.last_written_at_s,
        is_this_one=line.is_this_one,
        holds_root=line.holds_root,
        is_on_paper=line.is_on_paper,
        is_removed=line.is_removed,
        is_leaving=line.is_leaving,
        late=late,
    )


def _requests(desk: Desk) -> tuple[Request, ...]:
    from ui import compose_ceremonies

    return tuple(
        Request(machine=one.machine.hex(), spoken=one.spoken, is_repeated=one.token_used)
        for one in compose_ceremonies.pending_requests(desk)
    )


def _quarrel(desk: Desk, dispute: "Dispute") -> Quarrel:
    try:
        name = desk_directory(desk).by_reference(dispute.about).display_name
    except AppError:
        name = dispute.kept.name or dispute.about
    return Quarrel(
        code=dispute.code,
        reference=dispute.about,
        name=name,
        key=dispute.set_aside.id.hex(),
        kept=_side(dispute.kept),
        other=_side(dispute.set_aside),
        can_be_accepted=dispute.code == "root_changed",
        is_decided=dispute.is_decided,
    )


def _side(side: "Side") -> str:
    return f"{side.code} ({side.name})" if side.name else side.code
