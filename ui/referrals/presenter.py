"""What the screen of referrals decides: which are listed, what is answered and what refuses it."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from app.changes import Changes, Topic
from app.domain.errors import AppError, UnknownRecordError
from app.domain.identifiers import SubjectId
from app.domain.referral import BY_RELAY, HERE, REFUSED
from app.usecases.recipients import Recipient
from app.usecases.record_states import RecordState
from app.usecases.referrals import IN, Answer, ReferralLine
from ui.referrals.groups import ALL, GROUPS, Group, Held, found_among, group_of, grouped
from ui.referrals.page import (
    Beside,
    ReferralPage,
    ReferralRow,
    Words,
    record_of,
    referral_page,
    referral_row,
)
from ui.referrals.sender_presenter import (
    Around,
    SenderActions,
    SenderPresenter,
    SenderScreen,
)
from ui.texts import sentence_for

if TYPE_CHECKING:
    from app.usecases.papers import SlipRead
    from ui.running import Runner

_SHOWN = frozenset({Topic.REFERRALS, Topic.EXCHANGE, Topic.PERSONS})
_REASON_TO_DETAIL = "autre"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralActions:
    """What the screen has done elsewhere. All but `publish` are called by the runner.

    Attributes:
        list: reads referrals, in and out, the latest first (`list_referrals`).
        open: reads one, with what its slip says (`read_slip`).
        states: reads how far records have got on their way to others (`record_states`).
        answer: writes an answer (`answer_referral`).
        publish: tells the other screens what changed (`ChangesHub.publish`).
        structures: finds structures by a few words (`recipients`).
        sender: what the sender may have done.
        words: turns codes into words.
    """

    list: Callable[[], Sequence[ReferralLine]]
    open: Callable[[SubjectId], "SlipRead"]
    states: Callable[[Sequence[SubjectId]], Mapping[SubjectId, RecordState]]
    answer: Callable[[SubjectId, Answer], Changes]
    publish: Callable[[Changes], None]
    structures: Callable[[str], Sequence[Recipient]]
    sender: SenderActions
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The list as it is filtered: how many each direction and each group of it hold.

    `sought` is the code or the name that is looked for, in place of any group.
    """

    direction: str
    group: Group
    in_direction: Mapping[str, int]
    in_group: Mapping[str, int]
    sought: str = ""


class ReferralScreen(SenderScreen, Protocol):
    """What the screen can show."""

    def show_rows(self, rows: Sequence[ReferralRow], filters: Filters) -> None:
        """Show the referrals of a group, and how many the others hold."""
        ...

    def show_page(self, page: ReferralPage) -> None:
        """Show one referral in place of the list, or another state of it."""
        ...

    def show_list(self) -> None:
        """Go back to the list."""
        ...

    def show_answer_problem(self, sentence: str) -> None:
        """Say, beside the answer, why it is not recorded."""
        ...

    def show_structures(self, query: str, structures: Sequence[Recipient]) -> None:
        """Propose structures that would do, for what was typed."""
        ...


class ReferralPresenter:
    """Decides for the screen of referrals. It must be held, by its view for instance."""

    def __init__(self, view: ReferralScreen, actions: ReferralActions, runner: "Runner") -> None:
        self._view = view
        self._actions = actions
        self._runner = runner
        self._direction = IN
        self._group = GROUPS[IN][0].key
        self._lines: Held = grouped(())
        self._rows: Mapping[SubjectId, ReferralRow] = {}
        self._opened: ReferralLine | None = None
        self._wanted: SubjectId | None = None
        self._is_answering = False
        self._sought = ""
        self._read_now: tuple[str, ...] = ()
        self.sender = SenderPresenter(
            view, actions.sender, runner, Around(refresh=self.refresh, open=self.open)
        )

    def show_filter(self, group: str, direction: str) -> None:
        """List a group, by its name in the counts of the day."""
        self._direction = direction
        self._group = group_of(direction, group).key
        self._sought = ""
        self._wanted = self._opened = None
        self._view.show_list()
        self._read_list()

    def choose_direction(self, direction: str) -> None:
        """List one direction: its group that presses most among those that hold something."""
        self._direction = direction
        keys = [group.key for group in GROUPS[direction]]
        self._group = next((key for key in keys if self._held(key)), ALL)
        self._show_rows()

    def choose_group(self, group: str) -> None:
        """List another group of the same direction."""
        self._group = group_of(self._direction, group).key
        self._show_rows()

    def seek(self, text: str) -> None:
        """List those of a code, as it was heard, or of a name; nothing goes back to the group."""
        self._sought = text.strip()
        self._show_rows()

    def propose(self, text: str) -> None:
        """Propose structures that would do in place of this one."""
        find, view = self._actions.structures, self._view
        self._runner.run(
            lambda: find(text) if text.strip() else [],
            lambda found: view.show_structures(text, found),
            self._failed,
        )

    def open(self, referral: SubjectId) -> None:
        """Open a referral."""
        if referral != self._wanted:
            self._read_now = ()
        self._wanted = referral
        self._read_page(referral)

    def close(self) -> None:
        """Go back to the list, brought up to date."""
        self._wanted = self._opened = None
        self._view.show_list()
        self._read_list()

    def answer(self, answer: Answer) -> None:
        """Record an answer to the referral that is open, or say what it lacks."""
        line = self._opened
        if line is None or self._is_answering:
            return
        if lack := _lack_of(answer):
            self._view.show_answer_problem(lack)
            return
        self._is_answering = True
        routed = _routed(answer, line)
        self._runner.run(
            lambda: self._actions.answer(line.referral, routed),
            self._answered,
            self._answer_refused,
        )

    def refresh(self) -> None:
        """Read again what is shown."""
        self._read_list()
        if self._wanted is not None:
            self._read_page(self._wanted)

    def changed(self, changes: Changes) -> None:
        """Read again when what is shown may have moved."""
        if changes.topics & _SHOWN:
            self.refresh()

    def _read_list(self) -> None:
        words = self._actions.words

        def work() -> tuple[Held, Mapping[SubjectId, ReferralRow]]:
            lines = self._actions.list()
            return grouped(lines), {line.referral: referral_row(line, words) for line in lines}

        self._runner.run(work, lambda read: self._listed(*read), self._failed)

    def _listed(self, lines: Held, rows: Mapping[SubjectId, ReferralRow]) -> None:
        self._lines, self._rows = lines, rows
        self._show_rows()

    def _show_rows(self) -> None:
        shown = self._found() if self._sought else self._held(self._group)
        self._view.show_rows([self._rows[line.referral] for line in shown], self._filters())

    def _found(self) -> Sequence[ReferralLine]:
        everyone = [line for way in GROUPS for line in self._lines[way, ALL]]
        return found_among(everyone, self._sought)

    def _held(self, group: str) -> Sequence[ReferralLine]:
        return self._lines[self._direction, group]

    def _filters(self) -> Filters:
        return Filters(
            direction=self._direction,
            group=group_of(self._direction, self._group),
            in_direction={way: len(self._lines[way, ALL]) for way in GROUPS},
            in_group={group.key: len(self._held(group.key)) for group in GROUPS[self._direction]},
            sought=self._sought,
        )

    def _read_page(self, referral: SubjectId) -> None:
        words = self._actions.words

        def work() -> tuple[ReferralLine, ReferralPage]:
            read = self._actions.open(referral)
            return read.line, referral_page(read, self._beside(read.line), words)

        self._runner.run(
            work,
            lambda opened: self._show_page(referral, *opened),
            lambda error: self._not_read(referral, error),
        )

    def _show_page(self, referral: SubjectId, line: ReferralLine, page: ReferralPage) -> None:
        if referral != self._wanted:
            return
        self._opened = line
        if line.unread:
            # It was read, but stays in sight until the page is left.
            self._read_now = (*page.updates, *self._read_now)
        self._view.show_page(replace(page, updates=self._read_now))
        if line.unread:
            self.sender.note_read(referral)

    def _beside(self, line: ReferralLine) -> Beside:
        record = record_of(line)
        names = (line.follows, line.resends, *line.continued_by)
        return Beside(
            state=self._actions.states([record]).get(record),
            has_left=self._actions.sender.has_left(line),
            others=tuple(self._others(names)),
        )

    def _others(self, names: Iterable[SubjectId | None]) -> Iterator[ReferralLine]:
        for name in names:
            # One that was erased, or has not come yet, is no part of the story.
            with contextlib.suppress(UnknownRecordError):
                if name is not None:
                    yield self._actions.open(name).line

    def _not_read(self, referral: SubjectId, error: Exception) -> None:
        if referral != self._wanted:
            return
        if isinstance(error, UnknownRecordError):
            # Erased meanwhile, here or elsewhere: there is no page to stay on.
            self.close()
        self._failed(error)

    def _answered(self, changes: Changes) -> None:
        self._is_answering = False
        self._view.say("Réponse enregistrée ici · à envoyer")
        self.refresh()
        self._actions.publish(changes)

    def _answer_refused(self, error: Exception) -> None:
        self._is_answering = False
        self._view.show_answer_problem(sentence_for(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it

    def _failed(self, error: Exception) -> None:
        self._view.show_problem(sentence_for(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it


def _lack_of(answer: Answer) -> str:
    """Return what keeps an answer from being recorded, in words, or nothing."""
    if not answer.status:
        return "Choisissez d’abord une réponse."
    if answer.status != REFUSED:
        return ""
    if not answer.reason:
        return (
            "Un refus dit toujours pourquoi\u202f: choisissez une raison, pour que la personne"
            " puisse être accueillie ailleurs."
        )
    if answer.reason == _REASON_TO_DETAIL and not answer.message.strip():
        return "Précisez la raison en quelques mots dans le message."
    return ""


def _routed(answer: Answer, line: ReferralLine) -> Answer:
    """Give the route of an answer made here: the relay carries it when a copy is shared."""
    is_refusal = answer.status == REFUSED
    return Answer(
        status=answer.status,
        reason=answer.reason if is_refusal else "",
        message=answer.message.strip(),
        proposed=answer.proposed if is_refusal else "",
        route=answer.route or (BY_RELAY if line.shared is not None else HERE),
    )
