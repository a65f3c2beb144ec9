"""What an event wrote has one form in the file, which nothing that writes it faster may change."""

from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import Append, Event, Write
from app.domain.identifiers import EventId, SpaceId, SubjectId
from app.store.bodies import pack, pack_body, pack_map, unpack_body
from tests.exchange.event_forms import values

names = st.text(max_size=30) | st.sampled_from(("a" * 23, "a" * 24, "é" * 128))
writes = st.lists(
    st.builds(
        Write,
        field=names,
        value=values | names | st.lists(names, max_size=30).map(tuple),
        replaces=st.lists(st.binary(min_size=16, max_size=16).map(EventId), max_size=2).map(tuple),
    ),
    max_size=30,
    unique_by=lambda write: write.field,
)
appends = st.lists(st.builds(Append, list_name=names, value=values), max_size=3)


def an_event(writes: list[Write], appends: list[Append]) -> Event:
    return Event(
        id=EventId(bytes(16)),
        space=SpaceId(bytes(16)),
        subject=SubjectId(bytes(16)),
        kind="person",
        version=1,
        lamport=1,
        at_s=1,
        author="",
        writes=tuple(writes),
        appends=tuple(appends),
    )


@given(writes, appends)
def test_a_body_is_what_the_library_writes_and_comes_back(writes, appends):
    body = pack_body(an_event(writes, appends))
    written, appended = (tuple(sorted(some, key=itemgetter(0))) for some in (writes, appends))
    assert body == pack([list(map(list, written)), list(map(list, appended))])
    assert unpack_body(body) == (written, appended)


@pytest.mark.parametrize("length", [65_535, 65_536])
def test_a_long_text_is_what_the_library_writes(length):
    body = pack_body(an_event([Write(field="expressed", value="b" * length)], []))
    assert body == pack([[["expressed", "b" * length, []]], []])


@given(st.dictionaries(names, values | names, max_size=30))
def test_a_map_is_what_the_library_writes(values):
    assert pack_map(values) == pack(values)
