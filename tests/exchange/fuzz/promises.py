"""What is looked at after each action, and once everybody has exchanged everything."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TypeVar

from app.domain.identifiers import incarnation_of
from app.usecases.persons import find_persons
from sync.wire import parse_bundle
from tests.exchange.desks import Door
from tests.exchange.fuzz.holding import late_subjects, may_stay_aside
from tests.exchange.fuzz.marks import clear_words
from tests.exchange.fuzz.opening import Opened
from tests.exchange.fuzz.screens import Shown, ShownReferral, marks_at, shown_at, words_at
from tests.exchange.fuzz.stage import Stage, erased_at, must
from tests.exchange.fuzz.truth import Field, HandOver, Record
from tests.fakes.relay_pieces import is_before_checkpoint

T = TypeVar("T")

_SHARED = ("persons", "demands", "encounters", "agreements", "shared_referrals")
_KEPT = "SELECT DISTINCT subject FROM events WHERE confined = 1"
_ACKNOWLEDGED = """
    SELECT name, bytes FROM bundles
    WHERE own = 1 AND receipt IS NOT NULL AND lacking = 0 AND covered = 0
"""


def check_alive(stage: Stage, name: str) -> None:
    """What holds at a desk at any moment, cut, killed or alone."""
    counts = stage.world[name].counts()
    told = (name, counts)
    must(counts.pending >= counts.waiting_for_agent >= 0, "counts make sense", *told)
    must(
        (counts.oldest_pending_at_s is None) == (counts.pending == 0),
        "the age of the oldest unsent record is always shown",
        *told,
    )


def check_receipts(stage: Stage, name: str) -> None:
    """After a whole exchange: what is said to be received by the relay is there."""
    said = dict(stage.world[name].query(_ACKNOWLEDGED))
    headers = [parse_bundle(said[one]).header for one in said.keys() - stage.relay.bundles.keys()]
    lost = [one for one in headers if not is_before_checkpoint(stage.relay.registry, one)]
    must(not lost, "what is acknowledged is on the relay", name, lost)


def check_all(stage: Stage) -> None:
    """Once all is quiet: every desk shows what the truth says, and says so."""
    check_relay(stage)
    for name, door in stage.active.items():
        _check_counts(stage, name, door)
    check_everywhere(stage)


def check_everywhere(stage: Stage) -> None:
    """Once everybody has heard everything, by whatever route: all desks show what is true."""
    stage.truth.settle_erasures()
    gone = stage.truth.gone_words()
    for name, door in stage.active.items():
        aside = {place.name for place in door.port.places_aside()} - may_stay_aside(stage, name)
        must(not aside, "nothing stays set aside", name, door.reasons())
        _check_shown(stage, name, shown_at(door))
        early = marks_at(door) & stage.waiting
        must(not early, "what a removed machine wrote late waits", name, sorted(early))
        left = words_at(door) & gone
        must(not left, "what is erased is in no file", name, sorted(left))
    _check_alike(stage)
    _check_identifiers(stage)


def check_relay(stage: Stage) -> None:
    """What the relay and the sticks hold says nothing, and nothing that was refused."""
    pieces = list(stage.relay.bundles.values()) + list(stage.relay.loose_bytes())
    for stick in stage.sticks:
        pieces += [path.read_bytes() for path in stick.rglob("*") if path.is_file()]
    words = clear_words(pieces)
    must(not words, "the relay and the sticks are blind", sorted(words))
    headers = [parse_bundle(data).header for data in stage.relay.bundles.values()]
    places = [(one.space, one.incarnation, one.sequence) for one in headers]
    must(len(places) == len(set(places)), "the relay has one bundle at each place")
    opened = stage.opened()
    _check_pieces(stage, opened)
    left = frozenset().union(*(one.marks for one in opened.values()))
    kept = {record.mark for record in stage.truth.records if record.at is not None}
    must(not left & kept, "what was refused never leaves", sorted(left & kept))


def _check_pieces(stage: Stage, opened: dict[bytes, Opened]) -> None:
    for name, body in stage.relay.registry.checkpoints.items():
        pieces = [opened[one] for one in body.chunks if one in opened]
        erased = frozenset().union(*(one.erased for one in pieces))
        kept = frozenset().union(*(one.kept.values() for one in pieces))
        must(not erased & kept, "a checkpoint keeps nothing of somebody erased", name.hex())


def _check_counts(stage: Stage, name: str, door: Door) -> None:
    counts = door.counts()
    told = (name, counts)
    must(counts.pending == counts.sent == 0, "all that may leave has left", *told)
    must(counts.waiting_for_agent == 0, "nothing waits for an agent", *told)
    lost = may_stay_aside(stage, name)
    must(counts.quarantine == len(lost), "no bundle waits", *told, len(lost))
    must(counts.last_failure is None, "the last failure is forgotten", *told)
    own = _own_on_relay(stage, door, lost)
    must(counts.acknowledged == len(own), "acknowledged counts what the relay has", *told, len(own))


def _own_on_relay(stage: Stage, door: Door, aside: frozenset[bytes]) -> frozenset[bytes]:
    """The events of a desk that the relay holds and that are not dead under a checkpoint."""
    lives = door.port.former_lives() | {door.port.incarnation()}
    relay, erased = stage.relay, erased_at(door)
    before = {name for name, _, one in relay.headers() if is_before_checkpoint(relay.registry, one)}
    found: set[bytes] = set()
    for name, one in stage.opened().items():
        if name not in aside:
            dead = {event for event, subject in one.kept.items() if subject in erased}
            found |= one.events - (dead if name in before else set())
    return frozenset(event for event in found if incarnation_of(event) in lives)


def _check_shown(stage: Stage, name: str, shown: Shown) -> None:
    truth = stage.truth
    sure = {record.mark for record in truth.records if record.is_sure}
    must(not shown.twice & sure, "each record is shown once", name, sorted(shown.twice & sure))
    here = truth.structure_of[name]
    compare = _Comparison(stage, name)
    compare.records(shown.persons, truth.persons, compare.telephone)
    compare.records(shown.demands, truth.demands, compare.demand)
    compare.records(shown.meetings, truth.meetings, compare.meeting)
    sent = {mark: one for mark, one in truth.handovers.items() if one.structure == here}
    compare.records(shown.sent, sent, compare.sent)
    came = {mark: one for mark, one in truth.handovers.items() if one.to == here and one.is_shared}
    compare.records(shown.came, came, compare.came, of=None)


class _Comparison:
    """What one desk shows, beside what it must show."""

    def __init__(self, stage: Stage, name: str) -> None:
        self._stage = stage
        self._truth = stage.truth
        self._name = name
        self._structure = stage.truth.structure_of[name]

    def records(
        self,
        shown: dict[str, T],
        known: dict[str, Record],
        same: Callable[[T, Record], Iterator[tuple[str, object, object]]],
        of: str | None = "own",
    ) -> None:
        for mark, record in known.items():
            if of is not None and record.structure != self._structure:
                must(mark not in shown, "nobody else's records are shown", self._name, mark)
                continue
            if self._truth.is_gone(record):
                must(mark not in shown, "what is erased stays erased", self._name, record)
            elif not record.is_sure or record.is_erased or (of is None and not record.is_copy_sure):
                continue
            elif not record.is_seen_at(self._name):
                must(mark not in shown, "what is refused stays there", self._name, record)
            else:
                must(mark in shown, "nothing is lost", self._name, record)
                for promise, found, expected in same(shown[mark], record):
                    must(found == expected, promise, self._name, mark, found, expected)
        strange = shown.keys() - known.keys()
        must(not strange, "nothing is shown that nobody wrote", self._name, sorted(strange))

    def telephone(self, shown, person):
        yield from self._values(shown, person.telephone)
        found = [
            one.person
            for one in find_persons(self._stage.world[self._name].desk, person.mark).persons
        ]
        must(found, "a person shown is found by name", self._name, person.mark)

    def demand(self, shown, demand):
        person, expressed = shown
        if demand.person is None or demand.person.is_sure:
            yield "a demand shows whose it is", person, self._person_of(demand)
        yield from self._values(expressed, demand.expressed)

    def meeting(self, shown, meeting):
        demand, agreements = shown
        if meeting.demand.is_sure:
            mark = meeting.demand.mark if meeting.demand.is_seen_at(self._name) else ""
            yield "a meeting shows its demand", demand, mark
        named = {(kind, about, given) for kind, about, given in meeting.agreements}
        yield "agreements are kept", agreements, Counter(named)

    def sent(self, shown: ShownReferral, given: HandOver):
        if not given.is_copy_sure:
            return
        yield "a referral goes the way it was said", shown.is_shared, given.is_shared
        if given.demand.person is not None and given.demand.person.is_sure and given.demand.is_sure:
            yield "a referral shows whose it is", shown.person, self._person_of(given.demand, given)
        yield from self._answers(shown, given)

    def came(self, shown: ShownReferral, given: HandOver):
        if not given.is_copy_sure:
            return
        details = {name: shown.details.get(name) for name in given.details}
        yield "what is shown before is what leaves", details, given.details
        yield from self._answers(shown, given)

    def _answers(self, shown: ShownReferral, given: HandOver):
        sure = {one.mark for one in given.answers if one.is_sure}
        found = [one for one in shown.answers if one[0] in sure]
        expected = sorted((one.mark, one.status) for one in given.answers if one.is_sure)
        yield "each answer is there once", found, expected
        if given.is_shared and self._stage.doors_of(given.to):
            yield "an arrival is acknowledged", shown.has_arrived, True

    def _values(self, shown: tuple[str, ...], values: Field):
        if values.is_sure:
            yield (
                "what was written without being seen is kept beside",
                shown,
                values.standing(self._name),
            )

    def _person_of(self, demand, given=None) -> str:
        person = demand.person
        return person.mark if person is not None and person.is_seen_at(self._name) else ""


def _check_alike(stage: Stage) -> None:
    """Machines of one structure hold the same rows of what they share."""
    late = late_subjects(stage)
    for structure in stage.structures():
        doors = {name: stage.world[name] for name in stage.doors_of(structure)}
        kept = {row[0] for door in doors.values() for row in door.query(_KEPT)} | late
        first: tuple[str, dict[str, set[tuple]]] | None = None
        for name, door in doors.items():
            rows = {
                table: {row for row in door.rows()[table] if row[0] not in kept}
                for table in _SHARED
            }
            first = first or (name, rows)
            other = {table: first[1][table] ^ rows[table] for table in _SHARED}
            told = {table: moved for table, moved in other.items() if moved}
            must(not told, "machines of a structure show the same", first[0], name, told)


def _check_identifiers(stage: Stage) -> None:
    """No event identifier has two contents anywhere."""
    told: dict[bytes, tuple] = {}
    sql = "SELECT event, subject, kind, lamport, body FROM events WHERE bundle NOT NULL"
    for name, door in stage.active.items():
        for event, *content in door.query(sql):
            if content[-1] is not None:
                first = told.setdefault(event, tuple(content))
                must(first == tuple(content), "an identifier names one event", name, event.hex())
