"""What the screen of persons decides: which answer still counts, what is shown, when to erase."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.changes import Changes, Topic
from app.domain.errors import AppError, UnknownRecordError
from app.domain.fold import StandingValue
from app.domain.identifiers import SubjectId
from app.usecases.persons import PersonFile, SearchResult
from app.usecases.record_states import RecordState
from ui.person.page import PersonPage, PersonRow, Words, person_page, person_rows, records_of
from ui.texts import count, sentence_for

if TYPE_CHECKING:
    from ui.running import Runner

_SHOWN = frozenset({Topic.PERSONS, Topic.RECEPTIONS, Topic.REFERRALS})


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonActions:
    """What the screen has done elsewhere. All but `publish` are called by the runner.

    Attributes:
        search: finds persons by a few words, best first (`find_persons`).
        open: reads a file (`open_person`).
        disputes: reads, of a person, every field with several standing values, the shown one last.
        states: reads how far records have got on their way to others (`record_states`).
        erase: erases a person for ever (`erase_person`).
        erase_as_asked: the same, and answers their open request for it (`erase_as_asked`).
        publish: tells the other screens what changed (`ChangesHub.publish`).
        words: turns codes into words.
    """

    search: Callable[[str], SearchResult]
    open: Callable[[SubjectId], PersonFile]
    disputes: Callable[[SubjectId], Mapping[str, Sequence[StandingValue]]]
    states: Callable[[Sequence[SubjectId]], Mapping[SubjectId, RecordState]]
    erase: Callable[[SubjectId], Changes]
    erase_as_asked: Callable[[SubjectId], Changes]
    publish: Callable[[Changes], None]
    words: Words


class PersonScreen(Protocol):
    """What the screen can show."""

    def show_rows(self, rows: Sequence[PersonRow], summary: str) -> None:
        """Show persons found, and say how many."""
        ...

    def show_nobody(self, query: str) -> None:
        """Say that nobody answers to that, or, without a query, what to type."""
        ...

    def show_page(self, page: PersonPage) -> None:
        """Show a file in place of the list, or another state of it."""
        ...

    def show_list(self) -> None:
        """Go back to the list."""
        ...

    def show_problem(self, sentence: str) -> None:
        """Say calmly what could not be done."""
        ...

    def say(self, text: str) -> None:
        """Say what was just done."""
        ...


class PersonPresenter:
    """Decides for the screen of persons. It must be held, by its view for instance."""

    def __init__(self, view: PersonScreen, actions: PersonActions, runner: "Runner") -> None:
        self._view = view
        self._actions = actions
        self._runner = runner
        self._query = ""
        self._asked = 0
        self._opened: PersonPage | None = None
        self._wanted: SubjectId | None = None

    def search(self, text: str) -> None:
        """Look for persons as one types; an answer to an older text is dropped."""
        self._query = text.strip()
        self._asked += 1
        asked = self._asked
        if not self._query:
            self._view.show_nobody("")
            return
        query = self._query
        self._runner.run(
            lambda: person_rows(self._actions.search(query).persons, self._actions.words),
            lambda rows: self._found(asked, rows),
            self._failed,
        )

    def open(self, person: SubjectId) -> None:
        """Open a file."""
        self._wanted = person
        self._read(person)

    def close(self) -> None:
        """Go back to the list, brought up to date."""
        self._wanted = self._opened = None
        self._view.show_list()
        self.search(self._query)

    def erase(self, as_asked: bool = False) -> None:  # noqa: FBT001, FBT002 -- a Qt slot
        """Erase the person whose file is open; the agent has confirmed.

        `as_asked`: it answers their request, which is noted.
        """
        page = self._opened
        if page is None:
            return
        erase = self._actions.erase_as_asked if as_asked else self._actions.erase
        self._runner.run(
            lambda: erase(page.person),
            lambda changes: self._erased(page, changes),
            self._failed,
        )

    def refresh(self) -> None:
        """Read again what is shown."""
        if self._wanted is not None:
            self._read(self._wanted)
        elif self._query:
            self.search(self._query)

    def changed(self, changes: Changes) -> None:
        """Read again when what is shown may have moved."""
        if changes.topics & _SHOWN:
            self.refresh()
        elif Topic.EXCHANGE in changes.topics and self._wanted is not None:
            self._read(self._wanted)  # how far its records have got

    def _found(self, asked: int, rows: Sequence[PersonRow]) -> None:
        if asked != self._asked:
            return
        if not rows:
            self._view.show_nobody(self._query)
            return
        self._view.show_rows(rows, _summary(rows))

    def _read(self, person: SubjectId) -> None:
        actions = self._actions

        def work() -> PersonPage:
            file = actions.open(person)
            standing = actions.disputes(person) if file.disputed else {}
            states = actions.states(records_of(file))
            return person_page(file, standing, states, actions.words)

        self._runner.run(
            work,
            lambda page: self._show(person, page),
            lambda error: self._not_read(person, error),
        )

    def _show(self, asked: SubjectId, page: PersonPage) -> None:
        if asked != self._wanted:
            return
        self._wanted = page.person  # another file, when it stands for the one asked for
        # Not again when nothing moved: an exchange must not put away what somebody is filling in.
        if page != self._opened:
            self._opened = page
            self._view.show_page(page)

    def _not_read(self, person: SubjectId, error: Exception) -> None:
        if person != self._wanted:
            return
        if isinstance(error, UnknownRecordError):
            # Erased here or by another machine meanwhile: there is no file to stay on.
            self.close()
        self._failed(error)

    def _erased(self, page: PersonPage, changes: Changes) -> None:
        self.close()
        self._view.say(f"Le dossier de {page.name} est effacé de ce poste et de la structure.")
        self._actions.publish(changes)

    def _failed(self, error: Exception) -> None:
        self._view.show_problem(sentence_for(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it


def _summary(rows: Sequence[PersonRow]) -> str:
    homonyms = sum(row.is_homonym for row in rows)
    found = count(len(rows), "personne")
    if not homonyms:
        return found
    alike = count(homonyms, "homonyme")
    return f"{found}, dont {alike}\u202f: vérifiez la date de naissance."
