"""Filling a practice workspace with invented people, by the use cases that real ones go through.

Receptions are checked, recorded and folded as any other: the log and the rows are what months of
work would have left. Many are written in one durable transaction; whoever stops between two of
them leaves a sound file that holds what was announced.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from app.domain.identifiers import SubjectId
from app.domain.reception import PersonDetails, Reception, WantedReferral
from app.domain.reception_rules import sensitive_codes
from app.reference.invented_people import InventedPeople, InventedPerson
from app.store.batch_pen import BatchPen, EventBatch
from app.store.writer import Priority, Tx
from app.usecases.desk import Desk
from app.usecases.directory.shelf import desk_directory
from app.usecases.practising import check_for_practice
from app.usecases.reception_fields import PERSON_FIELDS
from app.usecases.receptions import (
    CheckedReception,
    check_to_record,
    record_in_batch,
)

AT_ONCE: Final = 1_000
"""Receptions in one transaction."""

_PAST_DAYS: Final = 730
_NEW, _UNNAMED, _REFUSED, _HANDED_OVER, _MINOR = 0.7, 0.1, 0.02, 0.12, 18
"""Shares of receptions; and the age before which a hand-over asks for more than the person."""

_WISHED: Final = (
    ("languages", "language", 0.04),
    ("can_travel", "travel_distance", 0.15),
    ("mode_wished", "mode_wished", 0.1),
    ("go_day", "go_day", 0.05),
    ("go_half", "half_day", 0.05),
)
"""Fields of what is wished of a partner, their vocabularies, in what share of receptions."""

_ASKED: Final = (
    "Je voudrais changer de métier.",
    "Cherche une formation près de chez elle.",
    "Ne sait pas quoi faire après la troisième.",
    "Voudrait faire reconnaître son expérience.",
    "Cherche un apprentissage dans le bâtiment.",
    "On m’a parlé d’un bilan de compétences.",
    "Voudrait reprendre des études, sans savoir comment les payer.",
    "Je cherche un emploi, mais je n’ai pas de voiture.",
    "Veut créer son activité.",
    "Demande où passer le permis et comment le financer.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """How many persons and receptions are durable so far, and how many were wanted."""

    persons: int
    receptions: int
    wanted_persons: int
    wanted_receptions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to invent. The same seed gives the same people and the same days, counted from today."""

    persons: int
    receptions: int
    seed: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """A person to write without a reception, or a reception, as of a moment."""

    at_s: int
    person: PersonDetails | None = None
    reception: CheckedReception | None = None


def invent(
    desk: Desk,
    people: InventedPeople,
    wanted: Wanted,
    announce: Callable[[Invented], None] = lambda _done: None,
) -> Invented:
    """Write invented people and receptions; `announce` is told after each durable transaction.

    Raises:
        NotForPracticeError: the workspace was not made for practice; nothing is written.
        NotEnrolledError: it has no structure yet.
    """
    check_for_practice(desk)
    life = _InventedLife(desk, people, wanted)
    done = Invented(
        persons=0,
        receptions=0,
        wanted_persons=wanted.persons,
        wanted_receptions=wanted.receptions,
    )
    entries = life.entries()
    while some := list(islice(entries, AT_ONCE)):
        made = desk.workspace.writer.write(_writing(desk, some), priority=Priority.EXCHANGE)
        life.known += made
        done = replace(
            done,
            persons=done.persons + len(made),
            receptions=done.receptions + sum(one.reception is not None for one in some),
        )
        announce(done)
    return done


def _writing(desk: Desk, entries: list[_Entry]) -> Callable[[Tx], list[SubjectId]]:
    """Return the work that writes entries and gives the persons it made."""

    def work(tx: Tx) -> list[SubjectId]:
        batch, made = EventBatch(tx), []
        for entry in entries:
            if entry.reception is not None:
                said = entry.reception.reception.person
                recorded = record_in_batch(desk, batch, entry.reception, at_s=entry.at_s)
                if recorded.person is not None and (said is None or said.known is None):
                    made.append(recorded.person)
            elif entry.person is not None:
                made.append(_file(desk, batch, entry.person, at_s=entry.at_s))
        batch.write()
        return made

    return work


def _file(desk: Desk, batch: EventBatch, details: PersonDetails, *, at_s: int) -> SubjectId:
    """Write the file of somebody who agreed to it, without a reception."""
    space = desk.own_structure().space
    pen = BatchPen(batch, author=desk.workspace.agent_name, at_s=at_s, confined=False)
    person = pen.create(
        space, "person", {name: getattr(details, name) or None for name in PERSON_FIELDS}
    )
    pen.create(
        space, "agreement", {"kind": "record", "recipient": "", "given": True, "person": person}
    )
    return person


class _InventedLife:
    """Draws what happened at the desk; `known` are the persons written so far."""

    def __init__(self, desk: Desk, people: InventedPeople, wanted: Wanted) -> None:
        self.known: list[SubjectId] = []
        self._desk = desk
        self._people = people
        self._wanted = wanted
        self._random = random.Random(f"receptions/{wanted.seed}")  # noqa: S311  (no secret)
        # A draw of their own: the days that a seed gives stay as they were.
        self._wishes = random.Random(f"wishes/{wanted.seed}")  # noqa: S311  (no secret)
        self._midnight = desk.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        own = desk.own_structure().reference
        directory = desk_directory(desk).all()
        self._partners = [one.reference for one in directory if one.reference != own]
        self._words: dict[str, tuple[str, ...]] = {}

    def entries(self) -> Iterator[_Entry]:
        """Give the receptions, then the persons who are left, as many of each as wanted."""
        left = self._wanted.persons
        for _ in range(self._wanted.receptions):
            moment = self._moment()
            reception, is_new = self._reception(has_newcomers=left > 0)
            left -= is_new
            dated = replace(reception, received_at=moment.isoformat(timespec="seconds"))
            checked = check_to_record(self._desk, dated)
            yield _Entry(int(moment.timestamp()), reception=checked)
        for _ in range(left):
            details = self._people.person().details
            yield _Entry(int(self._moment().timestamp()), person=details)

    def _moment(self) -> dt.datetime:
        days, minutes = self._random.randrange(1, _PAST_DAYS), self._random.randrange(480, 1080)
        return self._midnight - dt.timedelta(days=days) + dt.timedelta(minutes=minutes)

    def _reception(self, *, has_newcomers: bool) -> tuple[Reception, bool]:
        """Return a reception, and whether somebody without a file comes in."""
        draw = self._random.random()
        if draw < _REFUSED:
            return self._said(agreement_to_record=False), False
        if draw < _REFUSED + _UNNAMED or not (has_newcomers or self.known):
            return self._said(), False
        if has_newcomers and (not self.known or self._random.random() < _NEW):
            return self._of(self._people.person()), True
        who = PersonDetails(known=self._random.choice(self.known))
        return self._said(person=who), False

    def _of(self, person: InventedPerson) -> Reception:
        referral = None
        is_reached = bool(person.details.telephone) and person.age >= _MINOR
        if self._partners and is_reached and self._random.random() < _HANDED_OVER:
            to = self._random.choice(self._partners)
            referral = WantedReferral(to=to, agreement=True, handover=self._one("handover_mode"))
        return self._said(
            person=person.details,
            agreement_to_record=True,
            sex=person.sex,
            age_band=self._age_band(person.age),
            commune=person.details.commune,
            referral=referral,
            **({"outcome": "mise_en_relation"} if referral else {}),
        )

    def _said(self, **fields: Any) -> Reception:
        said: dict[str, Any] = {
            "expressed": self._random.choice(_ASKED),
            "mode": self._one("reception_mode"),
            "visitor": "personne",
            "how_they_came": self._one("how_they_came"),
            "motives": tuple(self._random.sample(self._codes("request_motive"), 2)),
            "needs": (self._one("need"),),
            "status": self._one("public_status"),
            "level_reached": self._one("training_level"),
            "information_given": (self._one("information_kind"),),
            "outcome": self._one("outcome"),
            "duration_min": self._random.choice((10, 15, 20, 30, 45, 60)),
            "notice_given": True,
        }
        reception = Reception(**(said | self._wished() | fields))
        return replace(reception, sensitive_agreed=sensitive_codes(reception))

    def _wished(self) -> dict[str, Any]:
        """Return what few people say: how far, how, in which language they would go on."""
        drawn, said = self._wishes, dict[str, Any]()
        for name, vocabulary, share in _WISHED:
            if drawn.random() < share:
                code = drawn.choice(self._codes(vocabulary))
                said[name] = (code,) if name == "languages" else code
        return said

    def _age_band(self, age: int) -> str:
        for entry in self._desk.reference.vocabularies.get("age_band").active():
            least, most = entry.attributes.get("age_from", 0), entry.attributes.get("age_to", 130)
            if isinstance(least, int) and isinstance(most, int) and least <= age <= most:
                return entry.code
        return ""

    def _one(self, vocabulary: str) -> str:
        return self._random.choice(self._codes(vocabulary))

    def _codes(self, vocabulary: str) -> tuple[str, ...]:
        """Return the words in use, but for the sensitive ones: nobody asked that they be kept."""
        if vocabulary not in self._words:
            entries = self._desk.reference.vocabularies.get(vocabulary).active()
            self._words[vocabulary] = tuple(one.code for one in entries if not one.is_sensitive)
        return self._words[vocabulary]
