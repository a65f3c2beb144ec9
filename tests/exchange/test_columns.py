"""Format 2 of the columns: events come back as they were; anything else is refused."""

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.events import Event, SealedValue, Write
from app.domain.identifiers import SpaceId, event_id
from sync.canonical import canonical, read_canonical
from sync.columns import (
    MAX_COLUMNS_BYTES,
    MAX_EVENTS,
    ColumnsError,
    decode_events,
    encode_events,
)
from tests.exchange.event_forms import FIRST, OTHER, OWN, SECOND, SPACE, batches


@given(batches())
def test_events_come_back_as_they_were(events):
    assert decode_events(SPACE, OWN, encode_events(OWN, events)) == tuple(events)


def test_no_event_gives_no_event():
    data = encode_events(OWN, [])
    assert decode_events(SPACE, OWN, data) == ()
    assert len(data) < 60


def test_values_come_back_immutable():
    value = {"a": ({"b": 1}, "c"), "s": sealed(key_id=bytes(8))}
    event = replace(FIRST, writes=(Write(field="f", value=value),))
    (read,) = decode_events(SPACE, OWN, encode_events(OWN, [event]))
    assert read.writes[0].value == value
    assert isinstance(read.writes[0].value, MappingProxyType)
    assert isinstance(read.writes[0].value["a"], tuple)
    assert isinstance(read.writes[0].value["s"], SealedValue)


def test_events_belong_to_the_space_of_their_bundle():
    (read,) = decode_events(SpaceId(bytes(16)), OWN, encode_events(OWN, [FIRST]))
    assert read.space == bytes(16)


def test_writes_come_back_in_the_order_of_their_fields():
    shuffled = replace(FIRST, writes=tuple(reversed(FIRST.writes)))
    assert decode_events(SPACE, OWN, encode_events(OWN, [shuffled])) == (FIRST,)


def sealed(**changes) -> SealedValue:
    fields = {"compartment": "conseil", "key_id": bytes(8), "nonce": bytes(12), "ciphertext": b"x"}
    return SealedValue(**(fields | changes))


def written(value) -> Event:
    return replace(FIRST, writes=(Write(field="f", value=value),))


@pytest.mark.parametrize(
    ("events", "code"),
    [
        pytest.param([SECOND, FIRST], "malformed", id="wrong order"),
        pytest.param([FIRST, FIRST], "malformed", id="twice the same"),
        pytest.param([replace(FIRST, id=event_id(OTHER, 5))], "malformed", id="other incarnation"),
        pytest.param([FIRST, replace(SECOND, space=bytes(16))], "malformed", id="two spaces"),
        pytest.param([replace(FIRST, id=event_id(OWN, 0))], "malformed", id="counter 0"),
        pytest.param([replace(FIRST, id=event_id(OWN, 2**48))], "malformed", id="counter 2^48"),
        pytest.param([replace(FIRST, lamport=2**53)], "malformed", id="lamport"),
        pytest.param([replace(FIRST, lamport=-1)], "malformed", id="negative lamport"),
        pytest.param([replace(FIRST, at_s=2**53)], "malformed", id="time"),
        pytest.param([replace(FIRST, version=2**31)], "malformed", id="version"),
        pytest.param([replace(FIRST, writes=FIRST.writes * 2)], "malformed", id="field twice"),
        pytest.param([replace(FIRST, subject=event_id(OWN, 6))], "malformed", id="later subject"),
        pytest.param([replace(FIRST, subject=event_id(OTHER, 0))], "malformed", id="subject 0"),
        pytest.param([written(1.5)], "malformed", id="float"),
        pytest.param([written({1: 1})], "malformed", id="map of numbers"),
        pytest.param([written(2**63)], "too_large", id="integer of 65 bits"),
        pytest.param([written(bytes(MAX_COLUMNS_BYTES))], "too_large", id="16 MiB"),
        pytest.param([FIRST] * (MAX_EVENTS + 1), "too_large", id="too many"),
    ],
)
def test_what_cannot_be_read_back_is_not_written(events, code):
    with pytest.raises(ColumnsError, match=code):
        encode_events(OWN, events)


def test_a_replaced_event_out_of_bounds_is_not_written():
    event = replace(FIRST, writes=(Write(field="f", value=1, replaces=(event_id(OTHER, 0),)),))
    with pytest.raises(ColumnsError, match="malformed"):
        encode_events(OWN, [event])


def refuses(data: bytes, code="malformed"):
    with pytest.raises(ColumnsError, match=code):
        decode_events(SPACE, OWN, data)


def columns_with(changes: dict) -> bytes:
    columns = read_canonical(encode_events(OWN, [FIRST, SECOND]), 10_000)
    return canonical({key: item for key, item in (columns | changes).items() if item is not ...})


KINDS = ("person", 1, ("name", "town"), ("notes",))
NAME, TOWN, NOTES = ((0, ("Exemple", None)),), ((1, ("37261",), 0), 2, (0, 1), (1, 1)), (6, (2, 1))


def of_column(*column) -> dict:
    """Another column for `name`, of two values, by which all the others stay in their places."""
    return {15: (column, TOWN, NOTES)}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({1: 0}, id="no format ever"),
        pytest.param({1: (2,)}, id="format no number"),
        pytest.param({1: True}, id="format that is true"),
        pytest.param({1: ...}, id="no format"),
        pytest.param({18: 0}, id="one column more"),
        pytest.param({2: 3}, id="more events"),
        pytest.param({2: 1}, id="fewer events"),
        pytest.param({2: -1}, id="fewer than none"),
        pytest.param({2: "2"}, id="count in text"),
        pytest.param({3: 5}, id="counters no list"),
        pytest.param({3: None}, id="no counters"),
        pytest.param({3: (5, 0)}, id="counter twice"),
        pytest.param({3: (5, -3)}, id="counters going down"),
        pytest.param({3: (0, 8)}, id="counter 0"),
        pytest.param({3: (5, 2**48)}, id="counter too great"),
        pytest.param({3: (5, "3")}, id="difference in text"),
        pytest.param({3: (True, 3)}, id="boolean counter"),
        pytest.param({3: (5, (3, 0))}, id="numbers of no width"),
        pytest.param({3: (5, (3, 9))}, id="numbers too wide"),
        pytest.param({3: (5, (3, 8))}, id="numbers beyond the stream"),
        pytest.param({3: (5, (3, 1))}, id="one number more than the stream has"),
        pytest.param({3: (5, (3,))}, id="half a head"),
        pytest.param({4: (9, -10)}, id="negative lamport"),
        pytest.param({4: (9, 2**53)}, id="lamport too great"),
        pytest.param({5: (2**62, 2**62)}, id="time too great"),
        pytest.param({6: (2,)}, id="doubt about no event"),
        pytest.param({6: (1, 1)}, id="doubt twice"),
        pytest.param({7: (bytes(7),)}, id="short incarnation"),
        pytest.param({7: (OWN,)}, id="own incarnation named"),
        pytest.param({7: (OTHER, OTHER)}, id="incarnation twice"),
        pytest.param({7: ()}, id="subject of no incarnation"),
        pytest.param({9: (5, 1)}, id="own subject 0"),
        pytest.param({10: ("a", b"b")}, id="author in bytes"),
        pytest.param({11: 1}, id="author not in the table"),
        pytest.param({12: ()}, id="no kinds"),
        pytest.param({12: (KINDS[:3],)}, id="kind without lists"),
        pytest.param({12: ((1, *KINDS[1:]),)}, id="kind in numbers"),
        pytest.param({12: (("person", -1, *KINDS[2:]),)}, id="negative version"),
        pytest.param({12: (("person", 1, ("town", "name"), ("notes",)),)}, id="fields disordered"),
        pytest.param({12: (("person", 1, ("name", 1), ("notes",)),)}, id="field in numbers"),
        pytest.param({12: (KINDS, KINDS)}, id="kind of no event"),
        pytest.param({13: ((0, b"\0\1", b"\0\0"),)}, id="shape not in the table"),
        pytest.param({13: ((0, b"\0\0", b""), (0, b"\0", b""))}, id="field written twice"),
        pytest.param({13: ((0, b"\0\2", b""), (0, b"\0", b""))}, id="field not in the kind"),
        pytest.param({13: ((0, b"\0\1", b"\1"), (0, b"\0", b""))}, id="list not in the kind"),
        pytest.param({13: ((1, b"", b""), (0, b"\0", b""))}, id="shape of no kind"),
        pytest.param({13: ((0, "", b""), (0, b"\0", b""))}, id="places in text"),
        pytest.param({15: ()}, id="no columns"),
        pytest.param({15: (NAME, TOWN, NOTES, NOTES)}, id="one value column more"),
        pytest.param({15: (NAME, TOWN, None)}, id="list without column"),
        pytest.param({16: b""}, id="no numbers"),
        pytest.param({16: "text"}, id="numbers in text"),
        pytest.param({17: "undeuxtrois"}, id="text left over"),
        pytest.param({17: "un"}, id="text too short"),
        pytest.param({17: b"undeux"}, id="texts in bytes"),
        pytest.param(of_column((0, ("Exemple",))), id="fewer values"),
        pytest.param(of_column((0, ({1: 1}, 1))), id="map of numbers"),
        pytest.param(of_column((9, 0)), id="unknown form"),
        pytest.param(of_column((True, ("a", "b"), 0)), id="form that is true"),
        pytest.param(of_column(("0", 0)), id="form in text"),
        pytest.param(of_column((0,)), id="form without its parts"),
        pytest.param(of_column(()), id="no form"),
        pytest.param(of_column((0, (1, 2)), 0), id="replaced without numbers"),
        pytest.param(of_column((0, (1, 2)), 1, 9, 1), id="replaced of nobody"),
        pytest.param(of_column((0, (1, 2)), 1, 1, 0), id="replaced 0"),
        pytest.param(of_column((0, (1, 2)), 1, 0, -(2**60)), id="replaced too late"),
        pytest.param(of_column((0, (1, 2)), -1, 0, 0), id="fewer than none replaced"),
        pytest.param(of_column((1, ("a",), 1)), id="place not in the table"),
        pytest.param(of_column((1, (1,), 0)), id="table of integers"),
        pytest.param(of_column((1, "a", 0)), id="table no list"),
        pytest.param(of_column((2, 2, 1)), id="name of no incarnation"),
        pytest.param(of_column((2, 1, 0)), id="name 0"),
        pytest.param(of_column((3, 10**7)), id="day of no calendar"),
        pytest.param(of_column((3, -(10**7))), id="day before all calendars"),
        pytest.param(of_column((4, 2**60, 0)), id="moment of no calendar"),
        pytest.param(of_column((4, -(2**40), 0)), id="moment before all calendars"),
        pytest.param(of_column((4, 0, 1_440)), id="offset of a day"),
        pytest.param(of_column((5, -1, None)), id="list of fewer than none"),
        pytest.param(of_column((5, 1, None)), id="list without items"),
        pytest.param(of_column((5, 0, (7, 0))), id="items of no list"),
        pytest.param(of_column((6, -1)), id="text of fewer signs than none"),
        pytest.param(of_column((6, 2**40)), id="text beyond the stream"),
        pytest.param(of_column((8, ("0",), 0, -1)), id="negative digits"),
        pytest.param(of_column((8, ("0",), 0, 10)), id="more digits than places"),
        pytest.param(of_column((8, ("a",), 0, 0)), id="pattern without digits"),
        pytest.param(of_column((8, ("0" * 19,), 0, 0)), id="pattern too long"),
        pytest.param(of_column((8, (b"0",), 0, 0)), id="pattern in bytes"),
    ],
)
def test_columns_that_do_not_agree_are_refused(changes):
    refuses(columns_with(changes))


def nested(depth: int) -> tuple:
    return (5, 1, nested(depth - 1)) if depth else (7, 0)


def test_lists_in_lists_are_read_to_a_certain_depth():
    first, _ = decode_events(SPACE, OWN, columns_with(of_column(nested(8))))
    assert first.writes[0].value == ((((((((0,),),),),),),),)
    refuses(columns_with(of_column(nested(9))))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({2: MAX_EVENTS + 1}, id="events"),
        pytest.param(of_column((5, 2**40, (7, 0))), id="items of a list"),
        pytest.param(of_column((0, (1, 2)), 2**19, 0, 1), id="replaced events"),
        pytest.param(of_column((1, ("a" * (9 * 2**20),), 0)), id="signs of a table"),
        pytest.param({10: ("a" * (9 * 2**20),)}, id="signs of an author"),
        pytest.param(
            {12: (("a" * (9 * 2**20), *KINDS[1:]),)},
            id="signs of a kind",
        ),
    ],
)
def test_what_would_fill_the_memory_is_refused(changes):
    refuses(columns_with(changes), "too_large")


def repeated(value, count: int) -> list[Event]:
    return [
        replace(FIRST, id=event_id(OWN, at), appends=(), writes=(Write(field="f", value=value),))
        for at in range(5, 5 + count)
    ]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("a" * 2**20, id="text that comes back"),
        pytest.param(b"a" * 2**20, id="bytes that come back"),
        pytest.param((True,) * 2**17, id="long lists"),
    ],
)
def test_what_would_not_be_read_is_not_written(value):
    with pytest.raises(ColumnsError, match="too_large"):
        encode_events(OWN, repeated(value, 40))


def test_more_fields_than_places_are_not_written():
    writes = tuple(Write(field=f"{place:03}", value=1) for place in range(257))
    assert encode_events(OWN, [replace(FIRST, writes=writes[:256])])
    with pytest.raises(ColumnsError, match="too_large"):
        encode_events(OWN, [replace(FIRST, writes=writes)])


ALIKE = {
    "the same": ["premiere"] * 40,
    "few": ["sans_rdv", "telephone", "sans_rdv"] * 13,
    "names": [bytes(event_id(OWN, at)) for at in (1, 2, 3)] + [bytes(event_id(OTHER, 2**40))],
    "octets": [bytes(range(16)), b"", b"x"],
    "octets that name nothing": [bytes(16), b"\xff" * 16],
    "days": ["2008-02-29", "1950-01-01", "0001-01-01", "9999-12-31"],
    "no days": ["2007-02-29", "2008-02-30"],
    "moments": ["2026-11-24T09:15:00+01:00", "1970-01-01T00:00:00-11:30"],
    "no moments": ["2026-11-24T09:15:00+24:00", "2026-11-24T24:15:00+01:00"],
    "moments of another form": ["2026-11-24T09:15:00-00:00", "2026-11-24T09:15:00Z"],
    "moments at the ends": ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"],
    "telephones": ["06 39 98 00 01", "06 39 98 12 34", "01 99 00 55 66"],
    "communes": ["36018", "36044", "2A004"],
    "more digits than a number has": ["1" * 19, "2" * 19],
    "digits of elsewhere": ["٣٦٠", "٣٦١"],
    "integers": [0, -(2**63), 2**63 - 1],
    "lists": [("a", "b"), (), ("a",)] * 3,
    "empty lists": [(), ()],
    "lists of lists": [((("a",), ("b",)),), ((),)],
    "booleans": [True, False],
    "numbers and booleans": [1, True, 0, False],
    "booleans in lists": [(True, 1), (1, True)],
    "nothing": [None, None],
    "texts": ["un", "deux", "trois", ""],
    "texts beyond the plane": ["😀" * 3, "é", "\ud7ff\U0010ffff"],
}


@pytest.mark.parametrize("values", ALIKE.values(), ids=ALIKE.keys())
def test_values_that_look_alike_come_back_as_they_were(values):
    writes = [(Write(field="f", value=value),) for value in values]
    written = tuple(
        replace(FIRST, id=event_id(OWN, at + 5), writes=one, appends=())
        for at, one in enumerate(writes)
    )
    read = decode_events(SPACE, OWN, encode_events(OWN, written))
    assert read == written
    assert [repr(one.writes) for one in read] == [repr(one.writes) for one in written]


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
    marked = encode_events(OWN, [replace(FIRST, writes=(Write(field="f", value="marque"),))])
    refuses(marked.replace(canonical("marque"), bytes.fromhex(value)))


def test_too_much_is_refused_unread():
    refuses(bytes(MAX_COLUMNS_BYTES + 1), "too_large")


def test_something_else_than_columns_is_refused():
    refuses(canonical([1]))


def decoded_or_refused(data: bytes):
    try:
        events = decode_events(SPACE, OWN, data)
    except ColumnsError:
        return
    assert decode_events(SPACE, OWN, encode_events(OWN, events)) == events


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_read(data):
    decoded_or_refused(data)


@settings(max_examples=300)
@given(batches(), st.data())
def test_mutated_columns_are_refused_or_read_as_events_that_can_be_written(events, data):
    changed = bytearray(encode_events(OWN, events))
    for _ in range(data.draw(st.integers(1, 3))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    decoded_or_refused(bytes(changed))


@settings(max_examples=300)
@given(batches(), st.sampled_from(range(2, 18)), st.data())
def test_a_column_replaced_by_another_is_refused_or_read(events, key, data):
    columns = read_canonical(encode_events(OWN, events), 100_000)
    columns[key] = columns[data.draw(st.sampled_from(range(1, 18)))]
    decoded_or_refused(canonical(columns))
