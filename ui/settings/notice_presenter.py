"""What the settings decide of the information notice: which text is given, which comes next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.changes import Changes, Topic
from app.domain.errors import AppError
from app.printing.notice import NoticeText
from app.usecases.notices import Notice
from ui.texts import count, day, sentence_for, typeset
from ui.widgets.page_values import Fact

if TYPE_CHECKING:
    from ui.running import Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeActions:
    """What is done elsewhere, each but `publish` called by the runner.

    Attributes:
        read: reads every text, the latest first (`notices`).
        current: reads the one that is given today (`current_notice`).
        load: reads a text out of a file (`read_notice`).
        write: gives another text from now on (`write_notice`).
        publish: tells the other screens what changed (`ChangesHub.publish`).
    """

    read: Callable[[], Sequence[Notice]]
    current: Callable[[], Notice]
    load: Callable[[Path], NoticeText]
    write: Callable[[NoticeText], tuple[Notice, Changes]]
    publish: Callable[[Changes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeShown:
    """The text that is given, in words, and the days of the former ones."""

    facts: tuple[Fact, ...]
    former: tuple[str, ...]


class NoticeScreen(Protocol):
    """What the card can show."""

    def show_notice(self, shown: NoticeShown) -> None:
        """Show which text is given."""
        ...

    def propose(self, sentences: Sequence[str]) -> None:
        """Ask whether the text just read is to be given, saying what it holds."""
        ...

    def put_away(self) -> None:
        """Ask nothing any more."""
        ...

    def show_refusal(self, sentence: str) -> None:
        """Say why nothing was changed."""
        ...

    def say(self, text: str) -> None:
        """Say what was just done."""
        ...


class NoticePresenter:
    """Decides of the notice. It must be held, by its view for instance."""

    def __init__(self, view: NoticeScreen, actions: NoticeActions, runner: "Runner") -> None:
        self._view = view
        self._actions = actions
        self._runner = runner
        self._loaded: NoticeText | None = None

    def refresh(self) -> None:
        """Read again what is shown."""
        actions = self._actions
        self._runner.run(
            lambda: notice_shown(actions.current(), actions.read()),
            self._view.show_notice,
            self._refused,
        )

    def changed(self, changes: Changes) -> None:
        """Read again when a text may have come."""
        if Topic.PERSONS in changes.topics:
            self.refresh()

    def load(self, file: Path) -> None:
        """Read a text out of a file, and ask whether it is to be given."""
        self._runner.run(lambda: self._actions.load(file), self._propose, self._refused)

    def keep_present(self) -> None:
        """Forget the text that was read."""
        self._loaded = None
        self._view.put_away()

    def give_loaded(self) -> None:
        """Give the text that was read from now on."""
        text = self._loaded
        if text is not None:
            self._runner.run(lambda: self._actions.write(text), self._given, self._refused)

    def _propose(self, text: NoticeText) -> None:
        self._loaded = text
        self._view.propose(
            (
                f"«\u00a0{text.title}\u00a0»\u202f: {count(len(text.parts), 'question')},"
                f" {count(len(text.rights), 'droit')}.",
                "\n".join(typeset(part.title) for part in text.parts),
                "Les textes déjà donnés restent lisibles, avec leurs dates.",
                "Ce texte sera donné à toute personne reçue, sur tous les postes de la structure.",
            )
        )

    def _given(self, made: tuple[Notice, Changes]) -> None:
        notice, changes = made
        self.keep_present()
        self.refresh()
        self._view.say(f"La note donnée est maintenant la version {notice.text.version}")
        self._actions.publish(changes)

    def _refused(self, error: Exception) -> None:
        self._view.show_refusal(sentence_for(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it


def notice_shown(current: Notice, every: Sequence[Notice]) -> NoticeShown:
    """Put in words which text is given, and which were before."""
    by = current.author if current.is_own else "le programme"
    return NoticeShown(
        facts=(
            Fact(label="Texte", value=current.text.title),
            Fact(label="Version", value=current.text.version),
            Fact(label="Donnée depuis", value=day(current.text.dated_on)),
            Fact(label="Mise par", value=by),
        ),
        former=tuple(
            f"{one.text.version}, depuis le {day(one.text.dated_on)}"
            for one in every
            if one != current
        ),
    )
