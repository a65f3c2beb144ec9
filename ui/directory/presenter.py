"""What the screen of the directory decides: who is listed, open now, near; what is corrected."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from app.changes import Changes, Topic
from app.domain.errors import AppError, UnknownStructureError
from app.domain.events import Value
from app.reference.communes import Commune
from app.reference.directory import StructureEntry
from app.reference.vocabulary import Entry
from app.usecases.directory.histories import Corrected
from app.usecases.directory.passed_over import PassedOver
from ui.directory.groups import ALL, OPEN, Group, counted, group_of, kept
from ui.directory.page import Asked, DirectoryRow, directory_row, names_of
from ui.directory.places import MapGround, Places
from ui.directory.services import ServiceWords
from ui.directory.sheet import StructurePage, structure_page
from ui.texts import sentence_for, typeset
from ui.widgets.entry_correction import CorrectionScreen, EntryCorrecting, Fields, Typed

if TYPE_CHECKING:
    from ui.running import Runner

_CHECKED: Final = "Fiche notée vérifiée aujourd’hui"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The directory as it stands; `own` is the reference of this structure, or "".

    `passed_over`: by reference, why others were chosen instead since it was checked.
    """

    structures: Sequence[StructureEntry]
    corrected: frozenset[str]
    own: str
    passed_over: Mapping[str, PassedOver]


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryActions:
    """What the screen has done elsewhere; all but `label`, `publish` and `now` by the runner.

    Attributes:
        read: reads the directory (`desk_directory`).
        history: reads who corrected a structure (`corrections_made`).
        services: reads who wrote about each of its services (`service_histories`).
        correct: corrects fields of a structure or of a service (`correct`).
        vouch: says that either was checked today (`vouch`).
        add: adds a service to a structure (`add_service`).
        withdraw: takes back a service that was added here (`withdraw`).
        motives: the motives that a service may answer.
        search_communes: returns the communes that a text may mean.
        places: finds where structures are, by the communes of this moment.
        label: turns codes into words.
        publish: tells the other screens what changed (`ChangesHub.publish`).
        now: the present moment, in the time of this machine.
    """

    read: Callable[[], Held]
    history: Callable[[str], Sequence[Corrected]]
    services: Callable[[StructureEntry], Mapping[str, Sequence[Corrected]]]
    correct: Callable[[str, Mapping[str, Value]], Changes]
    vouch: Callable[[str], Changes]
    add: Callable[[str, Mapping[str, Value]], Changes]
    withdraw: Callable[[str], Changes]
    motives: Callable[[], Sequence[Entry]]
    search_communes: Callable[[str], Sequence[Commune]]
    places: Callable[[], Places]
    label: Callable[[str, str], str]
    publish: Callable[[Changes], None]
    now: Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The list: the group chosen, how many each holds, from where distances are counted."""

    group: Group
    counts: Mapping[str, int]
    around: str
    ground: MapGround


class DirectoryScreen(CorrectionScreen, Protocol):
    """What the screen can show."""

    def show_rows(self, rows: Sequence[DirectoryRow], shown: Shown) -> None:
        """Show the structures of a group."""
        ...

    def show_page(self, page: StructurePage, *, corrects: bool) -> None:
        """Show one structure in place of the list; `corrects` opens its form."""
        ...

    def show_list(self) -> None:
        """Go back to the list."""
        ...

    def show_communes(self, found: Sequence[Commune], query: str) -> None:
        """Propose communes to count distances from."""
        ...

    def show_places(self, found: Sequence[Commune], query: str) -> None:
        """Propose communes for the service that is being written."""
        ...

    def close_form(self) -> None:
        """The correction was kept."""
        ...

    def show_problem(self, sentence: str) -> None:
        """Say calmly what could not be done."""
        ...

    def say(self, text: str) -> None:
        """Say what was just done."""
        ...


class DirectoryPresenter:
    """Decides what the screen of the directory shows. It must be held, by its view for instance."""

    def __init__(self, view: DirectoryScreen, actions: DirectoryActions, runner: "Runner") -> None:
        self._view = view
        self._actions = actions
        self._runner = runner
        self._correcting = EntryCorrecting(
            view,
            actions.correct,
            runner,
            lambda: self._at().date(),
            communes=actions.search_communes,
        )
        self._entries: Mapping[str, StructureEntry] = {}
        self._rows: Sequence[DirectoryRow] = ()
        self._asked = Asked(at=self._at(), origin=None, label=actions.label)
        self._ground = MapGround()
        self._chosen: Commune | None = None
        self._group = ALL
        self._text = ""
        self._wanted: str | None = None
        self._corrects = False

    def refresh(self) -> None:
        """Read again the directory and what is open now."""
        at, chosen = self._at(), self._chosen
        self._runner.run(
            lambda: self._read(at, chosen), lambda read: self._listed(*read), self._failed
        )

    def changed(self, changes: Changes) -> None:
        """Read again when the directory moved."""
        if Topic.DIRECTORY in changes.topics:
            self.refresh()

    def choose_group(self, key: str) -> None:
        """List another group."""
        self._group = key
        self._show_rows()

    def filter(self, text: str) -> None:
        """List only those in which every word typed begins a word."""
        self._text = text
        self._show_rows()

    def show_near(self) -> None:
        """List what is open now, the nearest first, whatever was asked before."""
        self._group, self._text, self._chosen = OPEN, "", None
        self.close()
        self.refresh()

    def look_for_communes(self, text: str) -> None:
        """Propose the communes that a text may mean."""
        if not text.strip():
            self.choose_commune(None)
            return
        self._runner.run(
            lambda: self._actions.search_communes(text),
            lambda found: self._view.show_communes(found, text),
            self._failed,
        )

    def choose_commune(self, commune: Commune | None) -> None:
        """Count distances from another commune; None comes back to this structure's own."""
        self._chosen = commune
        self.refresh()

    def open(self, reference: str, *, corrects: bool = False) -> None:
        """Show a structure; `corrects` opens the form of its correction."""
        self._wanted, self._corrects = reference, corrects
        if reference not in self._entries:
            self.refresh()  # the page follows
            return
        self._read_page()

    def close(self) -> None:
        """Go back to the list."""
        self._wanted = None
        self._view.show_list()

    def leave(self, reference: str) -> None:
        """Go back to the list if that structure is shown."""
        if self._wanted == reference:
            self.close()

    def vouch(self, reference: str) -> None:
        """Say that a structure was checked today and is right."""
        self._runner.run(
            lambda: self._actions.vouch(reference),
            lambda changes: self._written(changes, _CHECKED),
            self._failed,
        )

    def read_hours(self, typed: str) -> None:
        """Say how hours that are being typed are understood."""
        self._correcting.read_hours(typed)

    def correct(self, reference: str, before: Typed, typed: Typed) -> None:
        """Keep what was changed of a structure; unchanged, it was checked today and is right."""
        self._correcting.send(reference, before, typed, self._corrected)

    def look_for_places(self, text: str) -> None:
        """Propose the communes that a text may mean, for a service that is being written."""
        self._runner.run(
            lambda: self._actions.search_communes(text) if text.strip() else (),
            lambda found: self._view.show_places(found, text),
            self._failed,
        )

    def add_service(self, structure: str, before: Typed, typed: Typed) -> None:
        """Add a service to a structure."""
        self._correcting.do(
            lambda fields: self._actions.add(structure, fields),
            before,
            typed,
            lambda changes, _fields: self._kept(changes, typeset(f"Ajouté : {typed.name}")),
        )

    def withdraw_service(self, reference: str) -> None:
        """Take back a service that was added here."""
        self._runner.run(
            lambda: self._actions.withdraw(reference),
            lambda changes: self._written(changes, "Service retiré"),
            self._failed,
        )

    def _at(self) -> dt.datetime:
        return self._actions.now().replace(tzinfo=None)

    def _read(
        self, at: dt.datetime, chosen: Commune | None
    ) -> tuple[Held, Sequence[DirectoryRow], Asked, MapGround]:
        held, places = self._actions.read(), self._actions.places()
        own = next((one for one in held.structures if one.reference == held.own), None)
        origin = chosen or (places.commune(own.commune_code) if own else None)
        asked = Asked(
            at=at,
            origin=origin,
            label=self._actions.label,
            corrected=held.corrected,
            passed_over=held.passed_over,
        )
        rows = [directory_row(one, places, asked) for one in held.structures]
        return held, rows, asked, places.ground(origin)

    def _listed(
        self, held: Held, rows: Sequence[DirectoryRow], asked: Asked, ground: MapGround
    ) -> None:
        self._entries = {one.reference: one for one in held.structures}
        self._rows, self._asked, self._ground = rows, asked, ground
        self._show_rows()
        if self._wanted is not None:
            self._read_page()

    def _show_rows(self) -> None:
        group = group_of(self._group)
        origin = self._asked.origin
        self._view.show_rows(
            kept(self._rows, group, self._text),
            Shown(
                group=group,
                counts=counted(self._rows),
                around=origin.name if origin else "",
                ground=self._ground,
            ),
        )

    def _read_page(self) -> None:
        reference, entries = self._wanted or "", self._entries
        asked = self._asked

        def work() -> StructurePage:
            if reference not in entries:
                raise UnknownStructureError(reference)
            places = self._actions.places()
            entry = entries[reference]
            after = entry.replaced_by
            names = (one.display_name for one in entries.values() if after in _names_of(one))
            successor = next(names, after) if after else ""
            return structure_page(
                entry,
                ServiceWords(places=places, asked=asked, motives=self._actions.motives()),
                history=self._actions.history(reference),
                services=self._actions.services(entry),
                successor=successor,
            )

        self._runner.run(work, self._show_page, self._not_read)

    def _show_page(self, page: StructurePage) -> None:
        if page.row.reference == self._wanted:
            corrects, self._corrects = self._corrects, False
            self._view.show_page(page, corrects=corrects)

    def _not_read(self, error: Exception) -> None:
        self.close()
        self._failed(error)

    def _corrected(self, changes: Changes, fields: Fields) -> None:
        said = typeset(f"Corrigé : {names_of(tuple(fields))}") if fields else _CHECKED
        self._kept(changes, said)

    def _kept(self, changes: Changes, said: str) -> None:
        self._view.close_form()
        self._written(changes, said)

    def _written(self, changes: Changes, said: str) -> None:
        self._view.say(said)
        self.refresh()
        self._actions.publish(changes)

    def _failed(self, error: Exception) -> None:
        self._view.show_problem(sentence_for(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it


def _names_of(entry: StructureEntry) -> tuple[str, str]:
    """Return how another entry may name this one."""
    return entry.reference, entry.id
