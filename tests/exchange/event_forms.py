"""Events and their values as JSON, for the vectors, and as Hypothesis draws them."""

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import strategies as st

from app.domain.events import Append, Event, SealedValue, Write
from app.domain.identifiers import Incarnation, SpaceId, SubjectId, event_id, id_text, parse_subject

SPACE = SpaceId(bytes.fromhex("5a" * 16))
OWN = Incarnation(bytes.fromhex("a1" * 8))
OTHER = Incarnation(bytes.fromhex("b2" * 8))

FIRST = Event(
    id=event_id(OWN, 5),
    space=SPACE,
    subject=SubjectId(event_id(OWN, 5)),
    kind="person",
    version=1,
    lamport=9,
    at_s=1_795_000_000,
    author="Agent exemple",
    writes=(
        Write(field="name", value="Exemple"),
        Write(field="town", value="37261", replaces=(event_id(OTHER, 3), event_id(OWN, 4))),
    ),
    appends=(Append(list_name="notes", value="un"), Append(list_name="notes", value="deux")),
)
SECOND = replace(
    FIRST,
    id=event_id(OWN, 8),
    subject=SubjectId(event_id(OTHER, 2)),
    clock_doubtful=True,
    writes=(Write(field="name", value=None),),
    appends=(),
)


def value_to_json(value):
    if isinstance(value, SealedValue):
        parts = (value.key_id, value.nonce, value.ciphertext)
        return {"sealed": [value.compartment, *(part.hex() for part in parts)]}
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, tuple):
        return [value_to_json(item) for item in value]
    if isinstance(value, Mapping):
        return {"map": {key: value_to_json(item) for key, item in value.items()}}
    return value


def value_from_json(value):
    if isinstance(value, list):
        return tuple(map(value_from_json, value))
    if not isinstance(value, dict):
        return value
    if "bytes" in value:
        return bytes.fromhex(value["bytes"])
    if "map" in value:
        return {key: value_from_json(item) for key, item in value["map"].items()}
    compartment, *parts = value["sealed"]
    key_id, nonce, ciphertext = map(bytes.fromhex, parts)
    return SealedValue(
        compartment=compartment,
        key_id=key_id,
        nonce=nonce,
        ciphertext=ciphertext,
    )


def event_to_json(event: Event) -> dict:
    return {
        "id": id_text(event.id),
        "space": event.space.hex(),
        "subject": id_text(event.subject),
        "kind": event.kind,
        "version": event.version,
        "lamport": event.lamport,
        "at": event.at_s,
        "author": event.author,
        "clock_doubtful": event.clock_doubtful,
        "writes": [
            {
                "field": write.field,
                "value": value_to_json(write.value),
                "replaces": [id_text(replaced) for replaced in write.replaces],
            }
            for write in event.writes
        ],
        "appends": [
            {"list": append.list_name, "value": value_to_json(append.value)}
            for append in event.appends
        ],
    }


def event_from_json(form: dict) -> Event:
    return Event(
        id=parse_subject(form["id"]),
        space=SpaceId(bytes.fromhex(form["space"])),
        subject=parse_subject(form["subject"]),
        kind=form["kind"],
        version=form["version"],
        lamport=form["lamport"],
        at_s=form["at"],
        author=form["author"],
        clock_doubtful=form["clock_doubtful"],
        writes=tuple(
            Write(
                field=write["field"],
                value=value_from_json(write["value"]),
                replaces=tuple(map(parse_subject, write["replaces"])),
            )
            for write in form["writes"]
        ),
        appends=tuple(
            Append(list_name=append["list"], value=value_from_json(append["value"]))
            for append in form["appends"]
        ),
    )


def sealed_values():
    return st.builds(
        SealedValue,
        compartment=st.text(max_size=10),
        key_id=st.binary(min_size=8, max_size=8),
        nonce=st.binary(min_size=12, max_size=12),
        ciphertext=st.binary(max_size=20),
    )


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(max_size=12)
    | st.binary(max_size=12)
    | sealed_values(),
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
incarnations = st.sampled_from([OWN, OTHER, Incarnation(bytes(8))])
counters = st.integers(1, 2**48 - 1)
identifiers = st.builds(event_id, incarnations, counters)


@st.composite
def subjects(draw, counter: int) -> SubjectId:
    incarnation = draw(incarnations)
    most = counter if incarnation == OWN else 2**48 - 1
    return SubjectId(event_id(incarnation, draw(st.integers(1, most))))


@st.composite
def events(draw, counter: int) -> Event:
    fields = draw(st.lists(st.text(max_size=6), unique=True, max_size=4).map(sorted))
    lists = draw(st.lists(st.text(max_size=3), max_size=4).map(sorted))
    replaced = st.lists(identifiers, max_size=3).map(tuple)
    return Event(
        id=event_id(OWN, counter),
        space=SPACE,
        subject=draw(subjects(counter)),
        kind=draw(st.sampled_from(["person", "demand", "erase", "kind of a later program"])),
        version=draw(st.integers(0, 2**31 - 1)),
        lamport=draw(st.integers(0, 2**53 - 1)),
        at_s=draw(st.integers(-(2**53) + 1, 2**53 - 1)),
        author=draw(st.sampled_from(["Agent exemple", "Autre agent (exemple)", ""])),
        clock_doubtful=draw(st.booleans()),
        writes=tuple(
            Write(field=field, value=draw(values), replaces=draw(replaced)) for field in fields
        ),
        appends=tuple(Append(list_name=name, value=draw(values)) for name in lists),
    )


@st.composite
def batches(draw) -> list[Event]:
    """Events of one incarnation and one space, in increasing order, arranged as they come back."""
    drawn = draw(st.lists(counters, max_size=5, unique=True).map(sorted))
    return [draw(events(counter)) for counter in drawn]
