"""Format 1 of the columns is read for ever, and what is not columns of events is refused."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.events import Write
from app.domain.identifiers import SpaceId
from sync.canonical import canonical, read_canonical
from sync.columns import (
    MAX_EVENTS,
    ColumnsError,
    decode_events,
)
from tests.exchange.event_forms import FIRST, OTHER, OWN, SECOND, SPACE, batches
from tests.exchange.first_format import encode_first_events


@given(batches())
def test_events_come_back_as_they_were(events):
    assert decode_events(SPACE, OWN, encode_first_events(OWN, events)) == tuple(events)


def test_no_event_gives_no_event():
    data = encode_first_events(OWN, [])
    assert decode_events(SPACE, OWN, data) == ()
    assert len(data) < 40


def test_events_belong_to_the_space_of_their_bundle():
    (read,) = decode_events(SpaceId(bytes(16)), OWN, encode_first_events(OWN, [FIRST]))
    assert read.space == bytes(16)


def test_writes_come_back_in_the_order_of_their_fields():
    shuffled = replace(FIRST, writes=tuple(reversed(FIRST.writes)))
    assert decode_events(SPACE, OWN, encode_first_events(OWN, [shuffled])) == (FIRST,)


def refuses(data: bytes, code="malformed"):
    with pytest.raises(ColumnsError, match=code):
        decode_events(SPACE, OWN, data)


def columns_with(changes: dict) -> bytes:
    columns = read_canonical(encode_first_events(OWN, [FIRST, SECOND]), 10_000)
    return canonical({key: item for key, item in (columns | changes).items() if item is not ...})


NAME = (0, 3), ("Exemple", None), (0, 0), (), ()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({1: 2}, id="columns of the other format"),
        pytest.param({1: ...}, id="no format"),
        pytest.param({15: 0}, id="one column more"),
        pytest.param({2: 5}, id="counters no list"),
        pytest.param({2: [5, 0]}, id="counter twice"),
        pytest.param({2: [5, -3]}, id="counters going down"),
        pytest.param({2: [0, 8]}, id="counter 0"),
        pytest.param({2: [5, 2**48]}, id="counter too great"),
        pytest.param({2: [5, "3"]}, id="counter in text"),
        pytest.param({2: [5, True]}, id="boolean counter"),
        pytest.param({2: [5]}, id="fewer counters"),
        pytest.param({3: [9]}, id="fewer lamports"),
        pytest.param({3: [9, -10]}, id="negative lamport"),
        pytest.param({3: [9, 2**53]}, id="lamport too great"),
        pytest.param({4: [2**62, 2**62]}, id="time too great"),
        pytest.param({5: [2]}, id="doubt about no event"),
        pytest.param({5: [1, 1]}, id="doubt twice"),
        pytest.param({6: [bytes(7)]}, id="short incarnation"),
        pytest.param({6: [OWN]}, id="own incarnation named"),
        pytest.param({6: [OTHER, OTHER]}, id="incarnation twice"),
        pytest.param({6: "incarnations"}, id="incarnations no list"),
        pytest.param({7: [0, 2]}, id="subject of no incarnation"),
        pytest.param({7: [0]}, id="fewer subjects"),
        pytest.param({8: [5, 2]}, id="own subject 0"),
        pytest.param({8: [0, 0]}, id="other subject 0"),
        pytest.param({9: [["person"]]}, id="kind without version"),
        pytest.param({9: [[1, 1]]}, id="kind in numbers"),
        pytest.param({9: [["person", -1]]}, id="negative version"),
        pytest.param({9: ["person"]}, id="kind no pair"),
        pytest.param({10: [0, 1]}, id="kind not in the table"),
        pytest.param({11: [b"agent"]}, id="author in bytes"),
        pytest.param({12: [0]}, id="fewer authors"),
        pytest.param({13: []}, id="writes no map"),
        pytest.param({13: {1: NAME}}, id="field in numbers"),
        pytest.param({13: {"name": NAME[:4]}}, id="fewer columns"),
        pytest.param({13: {"name": ((), (), (), (), ())}}, id="field of no event"),
        pytest.param({13: {"name": ((0, 0), *NAME[1:])}}, id="field written twice"),
        pytest.param({13: {"name": ((0, 2), *NAME[1:])}}, id="write of no event"),
        pytest.param({13: {"name": ((-1, 1), *NAME[1:])}}, id="write before the first event"),
        pytest.param({13: {"name": (NAME[0], ("a",), *NAME[2:])}}, id="fewer values"),
        pytest.param({13: {"name": (*NAME[:2], (0,), (), ())}}, id="fewer counts"),
        pytest.param({13: {"name": (*NAME[:2], (0, 1), (0,), ())}}, id="fewer replaced counters"),
        pytest.param({13: {"name": (*NAME[:2], (0, 2), (0,), (1,))}}, id="fewer replaced"),
        pytest.param({13: {"name": (*NAME[:2], (0, 1), (9,), (1,))}}, id="replaced of nobody"),
        pytest.param({13: {"name": (*NAME[:2], (0, 1), (0,), (0,))}}, id="replaced 0"),
        pytest.param({14: {"notes": ((1, -1), ("a", "b"))}}, id="appends going back"),
        pytest.param({14: {"notes": ((2,), ("a",))}}, id="append of no event"),
        pytest.param({14: {"notes": ((0,), ({1: 1},))}}, id="map of numbers"),
    ],
)
def test_columns_that_do_not_agree_are_refused(changes):
    refuses(columns_with(changes))


def test_columns_of_a_later_format_wait_for_a_later_program():
    refuses(columns_with({1: 3}), code="cannot_open")


@pytest.mark.parametrize(
    "value",
    [
        "d99e3580",  # tag 40501
        "d99e3400",  # no list
        "d99e348461614048000000000000000040",  # short key identifier
        "d99e348460480000000000000000404040",  # short nonce
        "d99e348440480000000000000000" + "4c" + "00" * 12 + "40",  # compartment in bytes
        "c11a00000000",  # a date
        "c249010000000000000000",  # a big number
    ],
)
def test_a_malformed_sealed_value_or_a_foreign_tag_is_refused(value):
    marked = encode_first_events(OWN, [replace(FIRST, writes=(Write(field="f", value="marque"),))])
    refuses(marked.replace(canonical("marque"), bytes.fromhex(value)))


def test_too_many_events_are_refused():
    refuses(columns_with({2: [1] * (MAX_EVENTS + 1)}), "too_large")


def decoded_or_refused(data: bytes):
    try:
        events = decode_events(SPACE, OWN, data)
    except ColumnsError:
        return
    assert decode_events(SPACE, OWN, encode_first_events(OWN, events)) == events


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_read(data):
    decoded_or_refused(data)


@settings(max_examples=300)
@given(batches(), st.data())
def test_mutated_columns_are_refused_or_read_as_events_that_can_be_written(events, data):
    changed = bytearray(encode_first_events(OWN, events))
    for _ in range(data.draw(st.integers(1, 3))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    decoded_or_refused(bytes(changed))


@settings(max_examples=300)
@given(batches(), st.sampled_from(range(2, 15)), st.data())
def test_a_column_replaced_by_another_is_refused_or_read(events, key, data):
    columns = read_canonical(encode_first_events(OWN, events), 100_000)
    columns[key] = columns[data.draw(st.sampled_from(range(1, 15)))]
    decoded_or_refused(canonical(columns))
