"""What the reception asks of the desk, and what it can have shown: plain callables and values."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from app.changes import Changes
from app.domain.events import Value
from app.domain.identifiers import SubjectId
from app.domain.interlocutors import InterlocutorCount
from app.domain.reception import PersonDetails, Reception
from app.reference.communes import Commune
from app.usecases.merging import Proposal as Alike
from app.usecases.minors import YoungAdvice
from app.usecases.persons import PersonFile, SearchResult
from app.usecases.receptions import Leaving, RecordedReception
from app.usecases.recipients import Recipient
from ui.reception.page_reading import Lack

if TYPE_CHECKING:
    from app.usecases.directory.corrections import Correctable
    from app.usecases.partners import Partners
    from app.usecases.resending import Reorienting
    from ui.matching_words import MatchingWords
    from ui.reception.interlocutor_words import InterlocutorsShown
    from ui.reception.leaving_words import LeavingShown
    from ui.reception.partner_words import PartnersShown
    from ui.reception.young_words import YoungShown


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionActions:
    """What the page has done elsewhere. All but `publish` and `now` are called by the runner.

    Attributes:
        preview: what would leave now, and what is missing (`receptions.preview`).
        record: saves a reception, durably and whole, or refuses it (`receptions.record_reception`).
        erase_meeting: erases a meeting counted by mistake (`erasure.erase_meeting`).
        keep_draft: keeps the page as it is (`drafts.keep_draft`). Bind one draft an agent, so that
            nobody resumes the page of a colleague.
        kept_draft: returns the page kept, or None (`drafts.kept_draft`).
        discard_draft: forgets it (`drafts.discard_draft`).
        search_persons: finds persons by a few words (`persons.find_persons`).
        open_person: reads a file (`persons.open_person`).
        search_communes: finds communes by name or postal code (`Communes.search`).
        commune_name: the name of an INSEE code, the code itself when unknown; quick.
        recipients: structures that answer to a few words (`recipients.recipients`).
        interlocutors: whom the person will have met (`interlocutors.interlocutors_with`).
        partners: who is proposed to receive the person next (`partners.partners`).
        matching_words: puts reasons into French for a moment, local and naive; quick.
        entry: what the directory says of an entry (`corrections.correctable`).
        correct: corrects an entry of it; nothing changed is vouching (`corrections.correct`).
        young: what the rule of the young says (`minors.young_advice`).
        alike: files that may be of the person described (`merging.alike`).
        reorienting: what another structure would be asked (`resending.reorienting`).
        asked_by: by motive, the fields that it makes worth asking (`Rules.asked_by`); quick.
        asked_by_status: by situation or family of them, the same (`Rules.asked_by_status`); quick.
        motives: codes of motives that words suggest (`MotiveSuggestions.motives`); quick.
        label: words of a code of a vocabulary (`Vocabularies.label`).
        publish: tells the other screens what changed (`ChangesHub.publish`).
        now: the present moment, aware.
    """

    preview: Callable[[Reception], Leaving | None]
    record: Callable[[Reception], RecordedReception]
    erase_meeting: Callable[[SubjectId], Changes]
    keep_draft: Callable[[Mapping[str, Any]], Changes]
    kept_draft: Callable[[], Mapping[str, Any] | None]
    discard_draft: Callable[[], Changes]
    search_persons: Callable[[str], SearchResult]
    open_person: Callable[[SubjectId], PersonFile]
    search_communes: Callable[[str], Sequence[Commune]]
    commune_name: Callable[[str], str]
    recipients: Callable[[str], Sequence[Recipient]]
    interlocutors: Callable[[Reception], InterlocutorCount]
    partners: Callable[[Reception], "Partners | None"]
    matching_words: Callable[[dt.datetime], "MatchingWords"]
    entry: Callable[[str], "Correctable | None"]
    correct: Callable[[str, Mapping[str, Value]], Changes]
    young: Callable[[Reception], YoungAdvice]
    alike: Callable[[PersonDetails], Sequence[Alike]]
    reorienting: Callable[[SubjectId], "Reorienting"]
    asked_by: Callable[[], Mapping[str, Sequence[str]]]
    asked_by_status: Callable[[], Mapping[str, Sequence[str]]]
    motives: Callable[[str], Sequence[str]]
    label: Callable[[str, str], str]
    publish: Callable[[Changes], None]
    now: Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A row under a field: words, a softer detail, an icon, and the value it stands for."""

    label: str
    value: object
    detail: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What a proposal of a commune or a structure puts in its field.

    `reach` says how a structure is reached: by the program or not; or that no directory lists it.
    `service` is the reference of the service of it that is proposed, and `expected` says in words
    where and when that is; both are "" when the structure alone is.
    """

    code: str
    text: str
    reach: str = ""
    service: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """The wish to open a file for who was typed."""

    typed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """A file that exists here, as the page shows it: who, in a line, and the demands to go on with.

    `fields` are the fields of the page that the file fills; `demands` are pairs of an identifier
    and words, the latest first.
    """

    identifier: str
    name: str
    detail: str
    fields: Mapping[str, str]
    demands: tuple[tuple[str, str], ...]


class ReceptionPage(Protocol):
    """The page as the presenter sees it."""

    def body(self) -> dict[str, Any]:
        """Return everything on the page, half-typed or not."""
        ...

    def set_body(self, body: Mapping[str, Any]) -> None:
        """Show a page exactly as it was left; nothing is signalled."""
        ...

    def show_lacks(self, lacks: Sequence[Lack]) -> None:
        """Say what is to be settled before the page can be saved."""
        ...

    def show_leaving(self, shown: "LeavingShown") -> None:
        """Show what would leave, to whom, and what is missing for it."""
        ...

    def show_communes(self, query: str, proposals: Sequence[Proposal]) -> None:
        """Propose communes for what was typed."""
        ...

    def show_recipients(self, query: str, proposals: Sequence[Proposal]) -> None:
        """Propose structures to hand over to."""
        ...

    def show_met(self, query: str, proposals: Sequence[Proposal]) -> None:
        """Propose structures already met."""
        ...

    def show_persons(self, query: str, proposals: Sequence[Proposal]) -> None:
        """Propose existing files, and a new one."""
        ...

    def show_known(self, known: KnownPerson | None) -> None:
        """Show which existing file is used and what can be gone on with; None for no file."""
        ...

    def show_motives(self, proposals: Sequence[Proposal]) -> None:
        """Propose motives, which one key takes."""
        ...

    def show_asked(self, asked: Sequence[Lack]) -> None:
        """Show what the motives chosen make worth asking."""
        ...

    def show_called_for(self, fields: Collection[str]) -> None:
        """Show the questions that stay hidden until the situation or a motive calls for them."""
        ...

    def show_alike(self, proposals: Sequence[Proposal]) -> None:
        """Propose files that may be of the person being typed."""
        ...

    def show_young(self, young: "YoungShown") -> None:
        """Show what the rule of the young asks for."""
        ...

    def show_partners(self, shown: "PartnersShown") -> None:
        """Propose who could receive the person next, and say who is set aside."""
        ...

    def show_interlocutors(self, shown: "InterlocutorsShown") -> None:
        """Show whom the person will have met for this demand."""
        ...

    def show_refusal(self, sentence: str, lack: Lack | None) -> None:
        """Say why nothing was saved, at the top and beside the part of the page it is about."""
        ...

    def show_restored(self, words: str) -> None:
        """Say discreetly that the page was taken up where it was left."""
        ...

    def show_problem(self, sentence: str) -> None:
        """Say calmly what could not be done."""
        ...

    def clear_messages(self) -> None:
        """Put away refusals and notices."""
        ...

    def show_minutes(self, minutes: int | None) -> None:
        """Show the minutes measured; None before anything was typed, or when too many."""
        ...

    def set_saving(self, saving: bool) -> None:  # noqa: FBT001 -- as setEnabled
        """Show that the page is being saved, and take nothing more meanwhile."""
        ...

    def say(self, words: str, undo: Callable[[], None] | None = None) -> None:
        """Say what was just done, with a way back when there is one."""
        ...

    def go_to(self, field: str) -> None:
        """Put the focus on a part of the page, opening what hides it."""
        ...

    def tell_recorded(self, recorded: RecordedReception) -> None:
        """Tell the desk that a reception was saved."""
        ...
