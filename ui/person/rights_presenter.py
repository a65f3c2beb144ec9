"""What the card « Ses droits » decides: whether a request or an answer can be noted, what stops."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.changes import Changes, Topic
from app.domain.errors import AppError, UnknownRecordError
from app.domain.identifiers import SubjectId
from app.usecases.persons import AgreementLine
from app.usecases.rights import RequestAnswer, RequestLine
from app.usecases.withdrawals import Stopping
from ui.person.rights_page import (
    NewRequest,
    RightsPage,
    RightsRead,
    RightsWords,
    lack_of_answer,
    lack_of_request,
    last_standing,
    rights_page,
)
from ui.texts import sentence_for

if TYPE_CHECKING:
    from ui.running import Runner

_SHOWN = frozenset({Topic.PERSONS, Topic.REFERRALS})


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsActions:
    """What the card has done elsewhere. All but `publish` are called by the runner.

    Attributes:
        requests: reads what a person asked (`requests`).
        agreements: reads what they agreed to, the first one first.
        stops: reads what taking an agreement back would stop (`what_stops`).
        ask: notes a request: whose, its kind, its day (ISO, "" for today), its words (`ask`).
        forget: takes back a request noted by mistake (`forget_request`).
        answer: notes an answer (`answer_request`).
        reopen: takes back an answer noted by mistake (`reopen_request`).
        withdraw: takes an agreement back (`withdraw_agreement`).
        publish: tells the other screens what changed (`ChangesHub.publish`).
        words: turns codes into words.
    """

    requests: Callable[[SubjectId], Sequence[RequestLine]]
    agreements: Callable[[SubjectId], Sequence[AgreementLine]]
    stops: Callable[[SubjectId], Stopping]
    ask: Callable[[SubjectId, str, str, str], tuple[SubjectId, Changes]]
    forget: Callable[[SubjectId], Changes]
    answer: Callable[[SubjectId, RequestAnswer], Changes]
    reopen: Callable[[SubjectId], Changes]
    withdraw: Callable[[SubjectId], Changes]
    publish: Callable[[Changes], None]
    words: RightsWords


class RightsScreen(Protocol):
    """What the card can show."""

    def show_rights(self, page: RightsPage) -> None:
        """Show the rights of a person, or another state of them; what is being typed stays."""
        ...

    def request_taken(self) -> None:
        """Empty and close the form of a request: it was noted."""
        ...

    def refuse_request(self, sentence: str) -> None:
        """Say, beside the form of a request, what it lacks."""
        ...

    def refuse_answer(self, request: SubjectId, sentence: str) -> None:
        """Say, beside the form of an answer, what it lacks."""
        ...

    def show_problem(self, sentence: str) -> None:
        """Say calmly what could not be done."""
        ...

    def say(self, text: str, undo: Callable[[], None] | None = None) -> None:
        """Say what was just done, and how it is taken back if it can be."""
        ...


class RightsPresenter:
    """Decides for the card « Ses droits ». It must be held, by the screen of persons for one."""

    def __init__(self, view: RightsScreen, actions: RightsActions, runner: "Runner") -> None:
        self._view = view
        self._actions = actions
        self._runner = runner
        self._person: SubjectId | None = None
        self._shown: RightsPage | None = None

    def open(self, person: SubjectId) -> None:
        """Read the rights of the person whose file is shown."""
        self._person = person
        self._read()

    def changed(self, changes: Changes) -> None:
        """Read again when what is shown may have moved."""
        if changes.topics & _SHOWN:
            self._read()

    def ask(self, wanted: NewRequest) -> None:
        """Note a request, or say what is missing."""
        person, words = self._person, self._actions.words
        if person is None:
            return
        if lack := lack_of_request(wanted, words.today()):
            self._view.refuse_request(lack)
            return
        day = "" if wanted.asked_on is None else wanted.asked_on.isoformat()
        self._runner.run(
            lambda: self._actions.ask(person, wanted.kind, day, wanted.words),
            lambda made: self._asked(*made),
            lambda error: self._refused(error, self._view.refuse_request),
        )

    def answer(self, request: SubjectId, answer: str, words: str) -> None:
        """Note an answer, or say what is missing."""
        if lack := lack_of_answer(answer, words):
            self._view.refuse_answer(request, lack)
            return
        self._runner.run(
            lambda: self._actions.answer(request, RequestAnswer(answer=answer, words=words)),
            lambda changes: self._done(
                changes, "Réponse notée", lambda: self._undo(self._actions.reopen, request)
            ),
            self._not_answered,
        )

    def withdraw(self, agreement: SubjectId) -> None:
        """Take an agreement back; the agent has confirmed."""
        self._runner.run(
            lambda: self._actions.withdraw(agreement),
            lambda changes: self._done(changes, "L’accord est retiré"),
            self._failed,
        )

    def _read(self) -> None:
        person = self._person
        if person is None:
            return
        self._runner.run(lambda: self._page_of(person), self._show, self._not_read)

    def _page_of(self, person: SubjectId) -> RightsPage:
        agreements = self._actions.agreements(person)
        read = RightsRead(
            person=person,
            requests=self._actions.requests(person),
            agreements=agreements,
            stopping={
                agreement: self._actions.stops(agreement) for agreement in last_standing(agreements)
            },
        )
        return rights_page(read, self._actions.words)

    def _show(self, page: RightsPage) -> None:
        # Not again when nothing moved: an exchange must not put away what somebody is filling in.
        if page.person == self._person and page != self._shown:
            self._shown = page
            self._view.show_rights(page)

    def _asked(self, request: SubjectId, changes: Changes) -> None:
        self._view.request_taken()
        undo = self._actions.forget
        self._done(changes, "Demande notée", lambda: self._undo(undo, request))

    def _undo(self, undo: Callable[[SubjectId], Changes], request: SubjectId) -> None:
        self._runner.run(lambda: undo(request), self._moved, self._failed)

    def _done(self, changes: Changes, said: str, undo: Callable[[], None] | None = None) -> None:
        self._moved(changes)
        self._view.say(said, undo)

    def _moved(self, changes: Changes) -> None:
        self._read()
        self._actions.publish(changes)

    def _not_answered(self, error: Exception) -> None:
        self._read()  # a colleague may have answered it
        self._failed(error)

    def _not_read(self, error: Exception) -> None:
        if isinstance(error, UnknownRecordError):
            return  # erased meanwhile: the screen goes back to its list and says so
        self._failed(error)

    def _failed(self, error: Exception) -> None:
        self._refused(error, self._view.show_problem)

    def _refused(self, error: Exception, tell: Callable[[str], None]) -> None:
        tell(sentence_for(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it
