"""The one field at the top: persons, screens, a reception for who is not found, structures."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.domain.folding import fold
from app.domain.identifiers import SubjectId
from app.store.search import PersonFound
from app.usecases.desk import Desk
from app.usecases.directory.shelf import desk_directory
from app.usecases.persons import find_persons
from app.usecases.referral_codes import referrals_by_code
from ui.main_window import MainWindow
from ui.running import Runner
from ui.texts import day
from ui.widgets.referral_words import partner_words
from ui.widgets.suggestion_list import Suggestion

_MOST = 7
_MOST_STRUCTURES = 3
_SHORTEST_FOR_STRUCTURES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPerson:
    """The wish to read a person's file."""

    person: SubjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class StartReception:
    """The wish to receive whoever was typed."""

    typed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenScreen:
    """The wish to go to a screen."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStructure:
    """The wish to read a structure of the directory, by its `source/id`."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReferral:
    """The wish to read a referral, found by the code that somebody said."""

    referral: SubjectId


class DeskSearch(QObject):
    """Answers what is typed; stale answers are dropped by the field itself.

    Signals:
        found(object): what Enter means when nothing was chosen: the first answer.
    """

    found = Signal(object)

    def __init__(self, desk: Desk, window: MainWindow, runner: Runner) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._runner = runner
        self._newest = ""
        self._is_turned = False

    def set_turned(self, turned: bool) -> None:  # noqa: FBT001 -- as setVisible
        """Turn the screen towards the person: nobody's name is proposed."""
        self._is_turned = turned

    def typed(self, text: str) -> None:
        """Propose what the text may mean."""
        self._newest = text
        if not text.strip():
            self._window.show_suggestions([], query=text)
            return
        self._runner.run(
            lambda: self._suggestions(text),
            lambda rows: self._window.show_suggestions(rows, query=text),
            lambda _error: self._window.show_suggestions([], query=text),
        )

    def submitted(self, text: str) -> None:
        """Enter was pressed before an answer came: take the first when it comes."""
        if not text.strip():
            return
        self._runner.run(
            lambda: self._suggestions(text),
            lambda rows: self.found.emit(rows[0].value) if rows else None,
            lambda _error: None,
        )

    def _suggestions(self, text: str) -> list[Suggestion]:
        if text != self._newest:
            return []  # typed over meanwhile: nobody waits for this answer
        rows = [] if self._is_turned else self._referrals(text) + self._persons(text)
        rows += [
            Suggestion(label=slot.title, value=OpenScreen(key=slot.key), icon=slot.icon)
            for slot in self._window.slots()
            if len(text) > 1 and fold(slot.title).startswith(fold(text))
        ]
        rows.append(
            Suggestion(
                label=self.tr("Recevoir «\u00a0{0}\u00a0»").format(text.strip()),
                value=StartReception(typed=text.strip()),
                detail=self.tr("nouvel accueil"),
                icon="plus",
            )
        )
        # After the reception: Enter on a name typed must not open a structure that resembles it.
        return rows + self._structures(text)

    def _structures(self, text: str) -> list[Suggestion]:
        if len(text.strip()) < _SHORTEST_FOR_STRUCTURES:
            return []
        return [
            Suggestion(
                label=one.display_name,
                value=OpenStructure(reference=one.reference),
                detail=" · ".join(filter(None, (self.tr("annuaire"), one.commune_name))),
                icon="map-pin",
            )
            for one in desk_directory(self._desk).search(text, limit=_MOST_STRUCTURES)
        ]

    def _referrals(self, text: str) -> list[Suggestion]:
        """Propose what a spoken code names: said on the telephone, it is what one looks for."""
        label = self._desk.reference.vocabularies.label
        return [
            Suggestion(
                label=" · ".join(
                    (self.tr("Mise en relation {0}").format(one.short_id), one.display_name)
                ),
                value=OpenReferral(referral=one.referral),
                detail=" · ".join((label("referral_status", one.status), partner_words(one))),
                icon="handshake",
            )
            for one in referrals_by_code(self._desk, text)[:_MOST]
        ]

    def _persons(self, text: str) -> list[Suggestion]:
        found = find_persons(self._desk, text, limit=_MOST).persons
        return [self._person(person) for person in found]

    def _person(self, found: PersonFound) -> Suggestion:
        born = day(found.birth_on) if found.birth_on else ""
        details = [text for text in (born, found.telephone, found.short_id) if text]
        return Suggestion(
            label=found.display_name,
            value=OpenPerson(person=found.person),
            detail=" · ".join(details),
            icon="user",
        )
