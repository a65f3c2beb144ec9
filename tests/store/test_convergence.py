"""Whatever the order, the route and the repetitions, every machine ends with the same rows."""

import hashlib
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import ForgedEventError
from app.domain.events import ERASE, Append, Event, Write
from app.domain.identifiers import (
    BundleName,
    EventId,
    Incarnation,
    StructureId,
    SubjectId,
    counter_of,
    event_id,
    incarnation_of,
)
from app.domain.spaces import Space, pair_space, structure_space
from app.ports import PulledBundle, SealedBundle
from app.store.rows import rebuild
from app.store.sync_port import StoreSyncPort
from app.store.workspace import Workspace
from tests.builders import a_workspace, dump

OURS, THEIRS = StructureId(b"o" * 16), StructureId(b"t" * 16)
OWN, PAIR = structure_space(OURS), pair_space(OURS, THEIRS)
MACHINES = tuple(Incarnation(bytes([number]) * 8) for number in (1, 2, 3))
KINDS = ("person", "demand", "encounter", "agreement", "referral", "shared_referral", "martian")
LINKS = {
    "demand": ("person",),
    "encounter": ("person", "demand"),
    "agreement": ("person", "encounter"),
    "referral": ("person", "demand", "shared"),
}
TEXTS = ("family_name", "given_name", "telephone", "birth_on", "expressed", "to_name")
LOG = ("erased", "spaces")


@st.composite
def histories(draw) -> list[Event]:
    """What several machines wrote in two spaces, each about any subject it may have heard of."""
    counters = dict.fromkeys(MACHINES, 0)
    events: list[Event] = []
    for _ in range(draw(st.integers(2, 14))):
        machine = draw(st.sampled_from(MACHINES))
        counters[machine] += 1
        name = event_id(machine, counters[machine])
        make = draw(st.sampled_from((_creation, _change, _change, _answer, _erasure)))
        events.append(make(draw, name, events) if events else _creation(draw, name, events))
    return events


def _event(draw, name: EventId, subject: SubjectId, space: Space, kind: str, **fields) -> Event:
    return Event(
        id=name,
        space=space.id,
        subject=subject,
        kind=kind,
        version=draw(st.sampled_from((1, 1, 1, 2))) if kind != ERASE else 1,
        lamport=draw(st.integers(1, 8)),
        at_s=1_700_000_000 + counter_of(name),
        author=f"Alix {name[0]}",
        **fields,
    )


def _creation(draw, name: EventId, events: Sequence[Event]) -> Event:
    kind = draw(st.sampled_from(KINDS))
    fields = draw(st.lists(st.sampled_from(TEXTS), unique=True, max_size=3))
    writes = [Write(field=field, value=draw(st.sampled_from(("Aé", "Bœ")))) for field in fields]
    subjects = sorted({event.subject for event in events})
    if subjects:
        writes += [
            Write(field=link, value=draw(st.sampled_from(subjects))) for link in LINKS.get(kind, ())
        ]
    space = draw(st.sampled_from((OWN, PAIR)))
    return _event(draw, name, SubjectId(bytes(name)), space, kind, writes=tuple(writes))


def _change(draw, name: EventId, events: Sequence[Event]) -> Event:
    about = draw(st.sampled_from(events))
    seen = [event.id for event in events if event.subject == about.subject]
    write = Write(
        field=draw(st.sampled_from(TEXTS)),
        value=draw(st.sampled_from(("Cç", 7, None))),
        replaces=tuple(draw(st.lists(st.sampled_from(seen), unique=True, max_size=3))),
    )
    space = draw(st.sampled_from((OWN, PAIR)))
    return _event(draw, name, about.subject, space, about.kind, writes=(write,))


def _answer(draw, name: EventId, events: Sequence[Event]) -> Event:
    about = draw(st.sampled_from(events))
    status = draw(st.sampled_from(("recue", "acceptee", "refusee")))
    answer = Append(list_name="answers", value={"status": status, "route": "relay"})
    space = draw(st.sampled_from((OWN, PAIR)))
    return _event(draw, name, about.subject, space, "referral_answer", appends=(answer,) * 2)


def _erasure(draw, name: EventId, events: Sequence[Event]) -> Event:
    about = draw(st.sampled_from(events))
    space = draw(st.sampled_from((OWN, PAIR)))
    return _event(draw, name, about.subject, space, ERASE)


def _name(event: Event) -> EventId:
    return event.id


def bundles_of(draw, events: Sequence[Event]) -> list[PulledBundle]:
    """Cut what each machine wrote in each space into bundles, some events told twice."""
    by_chain: dict[tuple[Incarnation, bytes], list[Event]] = defaultdict(list)
    for event in events:
        by_chain[incarnation_of(event.id), event.space].append(event)
    bundles = []
    for (incarnation, space), written in by_chain.items():
        told = sorted(written, key=lambda event: event.id)
        again = draw(st.lists(st.sampled_from(told), unique_by=_name, max_size=2))
        size = draw(st.integers(1, 4))
        parts = [told[start : start + size] for start in range(0, len(told), size)]
        bundles += [
            a_bundle(part, incarnation=incarnation, space=space, sequence=sequence)
            for sequence, part in enumerate([*parts, again], start=1)
        ]
    return bundles


def a_bundle(
    events: Sequence[Event], *, incarnation: Incarnation, space: bytes, sequence: int
) -> PulledBundle:
    seed = repr((incarnation, space, sequence, events)).encode()
    return PulledBundle(
        bundle=SealedBundle(
            name=BundleName(hashlib.sha256(seed).digest()),
            space=OWN.id if space == OWN.id else PAIR.id,
            incarnation=incarnation,
            sequence=sequence,
            previous=b"",
            data=b"sealed",
        ),
        space=OWN if space == OWN.id else PAIR,
        structure=OURS,
        events=tuple(events),
        seen={},
    )


def settle(workspace: Workspace, bundles: Sequence[PulledBundle]) -> int:
    port = StoreSyncPort(workspace)
    return sum(port.settle(bundle).applied for bundle in bundles)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(histories(), st.data())
def test_any_delivery_gives_the_same_rows_and_so_does_a_rebuild(events, data):
    folder = Path(tempfile.mkdtemp(prefix="deliveries-"))
    one, other = a_workspace(folder / "one"), a_workspace(folder / "other")
    try:
        for workspace in (one, other):
            bundles = data.draw(st.permutations(bundles_of(data.draw, events)))
            assert settle(workspace, bundles) == len(events)
            assert settle(workspace, bundles) == 0
        assert dump(one) == dump(other)
        assert dump(one, *LOG) == dump(other, *LOG)
        rows = dump(one)
        one.writer.write(rebuild)
        assert dump(one) == rows
    finally:
        one.close()
        other.close()
        shutil.rmtree(folder)


@pytest.fixture
def workspace(tmp_path):
    opened = a_workspace(tmp_path)
    yield opened
    opened.close()


def a_creation(kind="person", space=OWN, machine=0, counter=1, **fields) -> Event:
    name = event_id(MACHINES[machine], counter)
    known = {
        "id": name,
        "space": space.id,
        "subject": SubjectId(bytes(name)),
        "kind": kind,
        "version": 1,
        "lamport": counter,
        "at_s": 1_700_000_000,
        "author": "Alix",
        "writes": (Write(field="family_name", value="Aubrun"),),
    }
    return Event(**(known | fields))


def bundle_of(*events: Event, sequence: int = 1) -> PulledBundle:
    incarnation = incarnation_of(events[0].id)
    return a_bundle(events, incarnation=incarnation, space=events[0].space, sequence=sequence)


def about(subject: SubjectId, kind: str, **fields) -> Event:
    """An event of another structure, in the pair, about a subject of our own space."""
    return a_creation(kind, PAIR, machine=2, subject=subject, **fields)


def test_another_space_can_neither_change_nor_erase_nor_answer_for_our_subjects(workspace):
    ours = a_creation("referral")
    settle(workspace, [bundle_of(ours)])
    before = dump(workspace)
    intrusions = [
        about(ours.subject, "referral", counter=1),
        about(ours.subject, ERASE, counter=2, writes=()),
        about(
            ours.subject,
            "referral_answer",
            counter=3,
            appends=(Append(list_name="answers", value={"status": "refusee"}),),
        ),
    ]
    settle(workspace, [bundle_of(*intrusions)])
    assert dump(workspace) == before
    workspace.writer.write(rebuild)
    assert dump(workspace) == before


@pytest.mark.parametrize(
    ("kind", "space"),
    [("person", PAIR), ("encounter", PAIR), ("referral", PAIR), ("shared_referral", OWN)],
)
def test_a_kind_in_a_space_it_has_no_business_in_writes_no_row(workspace, kind, space):
    assert settle(workspace, [bundle_of(a_creation(kind, space))]) == 1
    assert not any(dump(workspace).values())


def test_an_unknown_kind_or_version_is_kept_without_a_row(workspace):
    strange = (a_creation("martian"), a_creation(counter=2, version=2))
    assert settle(workspace, [bundle_of(*strange)]) == 2
    assert not any(dump(workspace).values())
    assert len(dump(workspace, "events")["events"]) == 2


FORGERIES = {
    "value": {"writes": (Write(field="family_name", value="Aubrin"),)},
    "author": {"author": "Quelqu’un d’autre"},
    "lamport": {"lamport": 99},
    "moment": {"at_s": 1},
    "kind": {"kind": "demand"},
    "version": {"version": 2},
    "doubt": {"clock_doubtful": True},
    "subject": {"subject": SubjectId(b"s" * 16)},
}


@pytest.mark.parametrize("changed", FORGERIES.values(), ids=FORGERIES)
def test_the_same_event_with_other_content_is_refused_whole(workspace, changed):
    known, innocent = a_creation(), a_creation(counter=2)
    settle(workspace, [bundle_of(known)])
    everything = ("events", "bundles", "identity", "incarnations", "spaces", "persons")
    before = dump(workspace, *everything)
    forged = bundle_of(innocent, replace(known, **changed), sequence=2)
    with pytest.raises(ForgedEventError):
        settle(workspace, [forged])
    assert dump(workspace, *everything) == before


@pytest.mark.parametrize("changed", ["lamport", "kind", "subject"])
def test_an_erased_event_is_still_known_by_what_names_it(workspace, changed):
    known = a_creation()
    erase = a_creation(ERASE, machine=1, subject=known.subject, writes=())
    settle(workspace, [bundle_of(known), bundle_of(erase)])
    assert settle(workspace, [bundle_of(known, sequence=2)]) == 0
    with pytest.raises(ForgedEventError):
        settle(workspace, [bundle_of(replace(known, **FORGERIES[changed]), sequence=3)])


def test_another_bundle_in_the_same_place_of_a_chain_is_refused(workspace):
    settle(workspace, [bundle_of(a_creation())])
    with pytest.raises(ForgedEventError):
        settle(workspace, [bundle_of(a_creation(counter=2))])


def test_the_content_of_an_erased_subject_is_destroyed_before_and_after_the_erasure(workspace):
    known = a_creation(author="Distinctive")
    late = a_creation(counter=2, subject=known.subject, author="Distinctive")
    erase = a_creation(ERASE, machine=1, subject=known.subject, writes=())
    settle(workspace, [bundle_of(known), bundle_of(erase), bundle_of(late, sequence=2)])
    kept = repr(dump(workspace, "events"))
    assert "Distinctive" not in kept
    assert "Aubrun" not in kept


def test_an_erasure_of_a_newer_version_waits_for_a_program_that_knows_it(workspace):
    known = a_creation()
    erase = a_creation(ERASE, machine=1, subject=known.subject, writes=(), version=2)
    settle(workspace, [bundle_of(known), bundle_of(erase)])
    assert [row[1] for row in dump(workspace)["persons"]] == ["Aubrun"]


def test_a_partner_cannot_exhaust_our_counter_of_events(workspace):
    settle(workspace, [bundle_of(a_creation(lamport=2**53 - 1))])
    with workspace.read() as connection:
        (lamport,) = connection.execute("SELECT lamport FROM identity").fetchone()
    assert lamport < 2**53 - 10**9
