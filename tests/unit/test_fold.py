"""The state of a subject depends on the set of its events, whatever way they came."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import ERASE, Append, Event, SealedValue, Write
from app.domain.fold import fold, shown
from app.domain.identifiers import EventId, Incarnation, SpaceId, SubjectId, event_id

SPACE = SpaceId(bytes(16))
MACHINES = tuple(Incarnation(bytes([number]) * 8) for number in (1, 2, 3))
SUBJECT = SubjectId(event_id(MACHINES[0], 1))
FIELDS = ("family_name", "telephone")


def an_event(machine=0, counter=1, lamport=1, **fields) -> Event:
    known = {
        "id": event_id(MACHINES[machine], counter),
        "space": SPACE,
        "subject": SUBJECT,
        "kind": "person",
        "version": 1,
        "lamport": lamport,
        "at_s": 1_000 + counter,
        "author": "Alix",
    }
    return Event(**(known | fields))


def writes(value, *replaces: Event, field="family_name") -> tuple[Write, ...]:
    names = tuple(event.id for event in replaces)
    return (Write(field=field, value=value, replaces=names),)


@st.composite
def histories(draw) -> list[Event]:
    """Events of one subject by three machines, replacing what they like, known here or not."""
    count = draw(st.integers(1, 9))
    names = [event_id(MACHINES[draw(st.integers(0, 2))], counter + 1) for counter in range(count)]
    names[0] = EventId(bytes(SUBJECT))
    events = []
    for name in names:
        fields = draw(st.lists(st.sampled_from(FIELDS), unique=True))
        events.append(
            an_event(
                id=name,
                lamport=draw(st.integers(1, 6)),
                kind=draw(st.sampled_from(("person", "person", "person", "martian"))),
                version=draw(st.sampled_from((1, 1, 1, 2))),
                writes=tuple(
                    Write(
                        field=field,
                        value=draw(st.integers(0, 3)),
                        replaces=tuple(draw(st.lists(st.sampled_from(names), max_size=3))),
                    )
                    for field in fields
                ),
                appends=tuple(
                    Append(list_name="answers", value=draw(st.integers(0, 9)))
                    for _ in range(draw(st.integers(0, 2)))
                ),
            )
        )
    return events


@given(histories(), st.data())
def test_any_order_and_repetition_gives_the_same_state(events, data):
    again = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events)))))
    assert fold(SUBJECT, again) == fold(SUBJECT, events)


@given(histories(), st.booleans())
def test_what_is_shown_is_what_the_state_shows(events, is_alone):
    events = events[:1] if is_alone else events
    state, seen = fold(SUBJECT, events), shown(SUBJECT, events)
    assert seen.values == {field: state.value(field) for field in state.fields}
    assert (seen.kind, seen.is_shown, seen.subject) == (state.kind, state.is_shown, SUBJECT)
    assert (seen.disputed, seen.lists) == (state.disputed, state.lists)
    assert (seen.created_at_s, seen.created_by) == (state.created_at_s, state.created_by)


def test_what_was_handed_over_is_what_the_creating_event_says():
    made = an_event(writes=writes("Exemple"))
    later = an_event(machine=1, counter=5, lamport=2, writes=writes("Autre", made))
    for events in ([made], [later, made]):
        seen = shown(SUBJECT, events)
        assert seen.as_handed_over().text("family_name") == "Exemple"
    assert seen.text("family_name") == "Autre"
    assert seen.text("telephone") == ""
    assert seen.name("family_name") is None
    ended = shown(SUBJECT, [made, an_event(machine=1, counter=6, kind=ERASE)])
    assert (ended.is_shown, ended.values, ended.handed) == (False, {}, {})


@given(histories())
def test_a_field_that_somebody_wrote_never_becomes_empty(events):
    state = fold(SUBJECT, events)
    written = {write.field for event in events if event.is_known for write in event.writes}
    assert set(state.fields) == written
    assert all(state.fields[field] for field in written)


@given(histories())
def test_the_value_shown_is_the_greatest_of_those_that_stand(events):
    state = fold(SUBJECT, events)
    for field, standing in state.fields.items():
        orders = [(value.lamport, value.event) for value in standing]
        assert orders == sorted(orders)
        assert state.value(field) == standing[-1].value


@given(histories(), histories())
def test_an_erased_subject_never_comes_back(events, late):
    erase = an_event(machine=2, counter=100, kind=ERASE, lamport=1)
    state = fold(SUBJECT, [*events, erase, *late])
    assert state.erased
    assert not state.is_shown
    assert (state.fields, state.lists, state.created_by, state.created_at_s) == ({}, {}, "", 0)


def test_a_replaced_value_is_gone():
    first = an_event(writes=writes("Aubrun"))
    second = an_event(counter=2, lamport=2, writes=writes("Aubrin", first))
    state = fold(SUBJECT, [second, first])
    assert state.value("family_name") == "Aubrin"
    assert state.heads("family_name") == (second.id,)
    assert state.disputed == ()


def test_concurrent_values_both_stand_and_the_greatest_is_shown():
    first = an_event(writes=writes("Aubrun"))
    here = an_event(counter=2, lamport=2, writes=writes("Aubrin", first))
    there = an_event(machine=1, counter=1, lamport=2, writes=writes("Aubrain", first))
    state = fold(SUBJECT, [there, here, first])
    assert [value.value for value in state.fields["family_name"]] == ["Aubrin", "Aubrain"]
    assert state.value("family_name") == "Aubrain"
    assert state.disputed == ("family_name",)


def test_a_later_write_that_saw_both_settles_the_dispute():
    first = an_event(writes=writes("Aubrun"))
    other = an_event(machine=1, lamport=1, writes=writes("Aubrain"))
    settled = an_event(counter=2, lamport=2, writes=writes("Aubrun", first, other))
    assert fold(SUBJECT, [first, other, settled]).disputed == ()


def test_events_that_replace_each_other_in_a_loop_leave_one_value():
    one = an_event(counter=1, lamport=1)
    other = an_event(counter=2, lamport=2)
    one = replace(one, writes=writes("un", other))
    other = replace(other, writes=writes("deux", one))
    assert fold(SUBJECT, [one, other]).value("family_name") == "deux"


def test_an_event_that_replaces_itself_stands():
    itself = an_event()
    itself = replace(itself, writes=writes("seul", itself))
    assert fold(SUBJECT, [itself]).value("family_name") == "seul"


def test_without_its_creating_event_a_subject_is_not_shown():
    state = fold(SUBJECT, [an_event(counter=2, writes=writes("Aubrun"))])
    assert state.kind is None
    assert not state.is_shown
    assert fold(SUBJECT, []).value("family_name") is None


def test_an_unknown_version_is_passed_over_then_folded_when_known():
    first = an_event(writes=writes("Aubrun"))
    newer = an_event(counter=2, lamport=2, version=2, writes=writes("Aubrin", first))
    assert fold(SUBJECT, [first, newer]).value("family_name") == "Aubrun"
    understood = replace(newer, version=1)
    assert fold(SUBJECT, [first, understood]).value("family_name") == "Aubrin"


def test_an_unknown_kind_is_passed_over():
    state = fold(SUBJECT, [an_event(kind="martian", writes=writes("Aubrun"))])
    assert state.kind is None
    assert state.fields == {}


def test_items_of_a_list_keep_their_order_whatever_came_first():
    answers = [Append(list_name="answers", value=number) for number in (1, 2, 3)]
    first = an_event(lamport=1, appends=(answers[0], answers[1]))
    second = an_event(machine=1, lamport=2, appends=(answers[2],), clock_doubtful=True)
    items = fold(SUBJECT, [second, first]).lists["answers"]
    assert [(item.value, item.position) for item in items] == [(1, 0), (2, 1), (3, 0)]
    assert [item.clock_doubtful for item in items] == [False, False, True]


def test_a_sealed_value_is_carried_as_it_is():
    sealed = SealedValue(
        compartment="agent", key_id=bytes(8), nonce=bytes(12), ciphertext=b"opaque"
    )
    event = an_event(writes=writes(sealed))
    assert fold(SUBJECT, [event]).value("family_name") == sealed
