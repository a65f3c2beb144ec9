"""What people do at desks: receive, go on with a demand, correct, hand over, answer, erase."""

import random
from typing import TYPE_CHECKING, Any

from app.domain.errors import AnswerNotAllowedError, UnknownRecordError
from app.domain.reception import PersonDetails, Reception, WantedReferral
from app.domain.referral import (
    ANSWERS_OF_RECIPIENT,
    ANSWERS_OF_SENDER,
    BY_RELAY,
    CANCELLED,
    REFUSED,
    WITHDRAWN,
)
from app.store.bodies import unpack_map
from app.usecases.persons import erase_person
from app.usecases.receptions import preview, record_reception
from app.usecases.referrals import Answer, answer_referral
from tests.exchange.fuzz.actions import Action, pick
from tests.exchange.fuzz.marks import GIVEN_NAME
from tests.exchange.fuzz.screens import standing
from tests.exchange.fuzz.stage import Stage, must
from tests.exchange.fuzz.truth import Answered, Demand, HandOver, Meeting, Person

if TYPE_CHECKING:
    from tests.exchange.desks import Door

_LEFT = "SELECT 1 FROM events WHERE event = ? AND (own = 0 OR bundle IS NOT NULL)"
_PERSONS = "SELECT family_name, person FROM persons ORDER BY family_name"
_DEMANDS = "SELECT demand, person, details FROM demands"


class Receive:
    """Somebody comes: named or not, known or not, who agrees or refuses, handed over or not."""

    weight = 30

    def possible(self, stage: Stage) -> bool:
        return True

    def run(self, stage: Stage, chance: random.Random) -> None:
        name = pick(chance, stage.working)
        who = chance.choice(["nobody", "new", "new", "known"])
        _Page(stage, name, chance).fill(who, goes_on=chance.random() < 0.3).save()


class GoOnWithDemand:
    """Somebody comes back about what they asked before, and says it otherwise."""

    weight = 12

    def possible(self, stage: Stage) -> bool:
        return any(door.query("SELECT 1 FROM demands LIMIT 1") for door in stage.working.values())

    def run(self, stage: Stage, chance: random.Random) -> None:
        name = pick(chance, stage.working)
        _Page(stage, name, chance).fill("nobody", goes_on=True).save()


class CorrectTogether:
    """Two desks of a structure write the same field of the same person."""

    weight = 8

    def possible(self, stage: Stage) -> bool:
        return any(len(stage.doors_of(one)) > 1 for one in stage.structures())

    def run(self, stage: Stage, chance: random.Random) -> None:
        several = [one for one in stage.structures() if len(stage.doors_of(one)) > 1]
        names = stage.doors_of(pick(chance, several))
        chance.shuffle(names)
        both = [dict(stage.world[name].query(_PERSONS)) for name in names[:2]]
        known = sorted(both[0].keys() & both[1].keys())
        if known:
            mark = chance.choice(known)
            for name in names[:2]:
                _Page(stage, name, chance).correct(mark).save()


class AnswerReferral:
    """A referral is answered, by whoever received it or by whoever sent it."""

    weight = 15

    def possible(self, stage: Stage) -> bool:
        return bool(stage.truth.handovers)

    def run(self, stage: Stage, chance: random.Random) -> None:
        name = pick(chance, stage.working)
        door = stage.world[name]
        direction = chance.choice(["in", "in", "out"])
        lines = {str(line.details.get("message")): line for line in door.referrals(direction)}
        given = stage.truth.handovers.get(pick(chance, lines)) if lines else None
        if given is None:
            return
        allowed = ANSWERS_OF_RECIPIENT if direction == "in" else ANSWERS_OF_SENDER
        status, mark = chance.choice(allowed), stage.marks.word()
        reason = "non_joignable" if status == REFUSED else ""
        answer = Answer(status=status, message=mark, reason=reason)
        waits = not door.query(_LEFT, lines[given.mark].shared)
        try:
            answer_referral(door.desk, lines[given.mark].referral, answer)
        except AnswerNotAllowedError:
            return
        except UnknownRecordError:
            shared = lines[given.mark].shared
            is_here = door.query("SELECT 1 FROM events WHERE event = ?", shared)
            must(not is_here, "what has arrived can be answered", name, given.mark)
            return
        given.answers.append(Answered(mark, status, given.at))
        if waits and status in {CANCELLED, WITHDRAWN}:
            given.is_copy_known = False  # ended before it left: it never leaves


class ErasePerson:
    """Somebody asks that nothing of them be kept."""

    weight = 4

    def possible(self, stage: Stage) -> bool:
        return bool(stage.truth.persons) and not stage.may_clone  # it makes a checkpoint

    def run(self, stage: Stage, chance: random.Random) -> None:
        name = pick(chance, stage.working)
        here = dict(stage.world[name].query(_PERSONS))
        if here:
            mark = pick(chance, here)
            erase_person(stage.world[name].desk, here[mark])
            stage.truth.erase(stage.truth.persons[mark], name)


def receive_somebody_new(stage: Stage, name: str, chance: random.Random) -> None:
    """Somebody who was never there comes, is named and agrees."""
    _Page(stage, name, chance).fill("new", goes_on=False).save()


class _Page:
    """One reception being filled in at a desk, then saved and told to the truth."""

    def __init__(self, stage: Stage, name: str, chance: random.Random) -> None:
        self._stage = stage
        self._name = name
        self._chance = chance
        self._truth = stage.truth
        self._door: Door = stage.world[name]
        self._structure = stage.truth.structure_of[name]
        self._values: dict[str, Any] = {"received_at": stage.marks.moment()}
        self._values["expressed"] = stage.marks.word()
        self._person: Person | None = None
        self._demand: Demand | None = None
        self._telephone = ""
        self._to = ""
        self._shared = False

    def fill(self, who: str, *, goes_on: bool) -> "_Page":
        if who == "nobody":
            self._maybe_go_on(None) if goes_on else None
            self._values["agreement_to_record"] = self._chance.choice([None, None, True, False])
            return self
        known = dict(self._door.query(_PERSONS)) if who == "known" else {}
        if known:
            self._name_known(pick(self._chance, known), known)
            self._maybe_go_on(self._person) if goes_on else None
        else:
            self._name_new()
        self._maybe_hand_over()
        return self

    def correct(self, mark: str) -> "_Page":
        self._name_known(mark, dict(self._door.query(_PERSONS)))
        return self

    def save(self) -> None:
        if self._demand is None:
            self._values["analysed"] = self._stage.marks.word()
        reception = Reception(**self._values)
        leaving = preview(self._door.desk, reception)
        shown = {
            "telephone": self._shown(self._person, "telephone"),
            "expressed": self._shown(self._demand, "expressed"),
        }
        recorded = record_reception(self._door.desk, reception)
        self._shared = recorded.route == BY_RELAY
        self._tell(reception, shown, dict(leaving.content) if leaving else {})

    def _name_new(self) -> None:
        mark, self._telephone = self._stage.marks.word(), self._stage.marks.telephone()
        self._values["agreement_to_record"] = True
        self._values["person"] = PersonDetails(
            family_name=mark, given_name=GIVEN_NAME, telephone=self._telephone
        )

    def _name_known(self, mark: str, known: dict[str, bytes]) -> None:
        self._person = self._truth.persons[mark]
        self._telephone = self._stage.marks.telephone()
        self._values["agreement_to_record"] = True
        self._values["person"] = PersonDetails(known=known[mark], telephone=self._telephone)

    def _maybe_go_on(self, person: Person | None) -> None:
        """Take a demand that is shown here: of that person, or of nobody in particular."""
        shown = {}
        for subject, _, details in self._door.query(_DEMANDS):
            demand = self._truth.demands[str(unpack_map(details)["analysed"])]
            if person is None or demand.person is person:
                shown[demand.mark] = subject
        if shown:
            mark = pick(self._chance, shown)
            self._demand, self._values["demand"] = self._truth.demands[mark], shown[mark]

    def _maybe_hand_over(self) -> None:
        others = [one for one in self._stage.structures() if one != self._structure]
        draw = self._chance.random()
        if not others or draw > 0.6:
            return
        self._to = pick(self._chance, others)
        self._values["notice_given"] = True
        self._values["referral"] = WantedReferral(
            to=self._stage.reference(self._to),
            agreement=draw > 0.1,
            handover="fiche_transmise",
            message=self._stage.marks.word(),
        )

    def _shown(self, record: Person | Demand | None, field: str) -> tuple[str, ...]:
        known = self._values.get("demand")
        if isinstance(record, Person):
            known = self._values["person"].known
        return standing(self._door, known, field) if record is not None else ()

    def _tell(self, reception: Reception, shown: dict[str, tuple[str, ...]], content: dict) -> None:
        before = [one for one in (self._person, self._demand) if one is not None]
        if reception.agreement_to_record and not reception.was_refused:
            for one in before:
                self._truth.release(one, self._name)
        stays = reception.was_refused or any(one.at is not None for one in before)
        at = frozenset({self._name}) if stays else None
        person = self._told_person(reception, at)
        if person is not None and self._telephone:
            person.telephone.write(self._telephone, shown["telephone"], at)
        demand = self._told_demand(person, at)
        demand.expressed.write(reception.expressed, shown["expressed"], at)
        self._tell_meeting(reception, demand, at)
        if reception.referral is not None:
            self._tell_handover(reception.referral, demand, at, content)

    def _told_person(self, reception: Reception, at: frozenset[str] | None) -> Person | None:
        if self._person is None and reception.person is not None:
            mark = reception.person.family_name
            self._truth.persons[mark] = Person(mark, self._structure, at)
            return self._truth.persons[mark]
        return self._person

    def _told_demand(self, person: Person | None, at: frozenset[str] | None) -> Demand:
        if self._demand is None:
            mark = self._values["analysed"]
            self._demand = Demand(mark, self._structure, at, person=person)
            self._truth.demands[mark] = self._demand
        return self._demand

    def _tell_meeting(
        self, reception: Reception, demand: Demand, at: frozenset[str] | None
    ) -> None:
        agreements = []
        if reception.agreement_to_record is not None:
            agreements.append(("record", "", reception.agreement_to_record))
        if (wanted := reception.referral) is not None:
            agreements.append(("transmit", wanted.to, bool(wanted.agreement)))
        mark = reception.received_at
        self._truth.meetings[mark] = Meeting(
            mark, self._structure, at, demand=demand, agreements=tuple(agreements)
        )

    def _tell_handover(
        self,
        wanted: WantedReferral,
        demand: Demand,
        at: frozenset[str] | None,
        content: dict[str, object],
    ) -> None:
        self._truth.handovers[wanted.message] = HandOver(
            wanted.message,
            self._structure,
            at,
            demand=demand,
            to=self._to,
            is_shared=self._shared,
            details=content,
        )


TRADE: dict[str, Action] = {
    "receive": Receive(),
    "go_on_with_demand": GoOnWithDemand(),
    "correct_together": CorrectTogether(),
    "answer_referral": AnswerReferral(),
    "erase_person": ErasePerson(),
}
