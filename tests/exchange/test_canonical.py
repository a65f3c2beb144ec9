"""One way to write a value; nothing else is read."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.canonical import MAX_DEPTH, MAX_ITEMS, CanonicalError, Tagged, canonical, read_canonical

MIB = 1_048_576

leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(max_size=30)
    | st.binary(max_size=30)
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=6).map(tuple)
        | st.dictionaries(st.text(max_size=8), inner, max_size=6)
        | st.dictionaries(st.integers(0, 2**40), inner, max_size=6)
        | st.dictionaries(st.binary(max_size=8), inner, max_size=6)
        | inner.map(lambda value: Tagged(40_500, value))
    ),
    max_leaves=30,
)


def plain(value):
    """The same value in the words of the other library."""
    if isinstance(value, Tagged):
        return cbor2.CBORTag(value.tag, plain(value.value))
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


@given(values)
def test_what_is_written_is_read_back(value):
    assert read_canonical(canonical(value), MIB) == value


@given(values)
def test_another_library_reads_it_and_writes_the_same_bytes(value):
    data = canonical(value)
    assert cbor2.dumps(plain(value), canonical=True) == data
    assert cbor2.dumps(cbor2.loads(data), canonical=True) == data


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_written_back_alike(data):
    try:
        value = read_canonical(data, MIB)
    except CanonicalError:
        return
    assert canonical(value) == data


@given(values, st.data())
def test_a_truncated_value_is_refused(value, data):
    whole = canonical(value)
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(CanonicalError, match="malformed"):
        read_canonical(whole[:cut], MIB)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("1800", id="long form of a small number"),
        pytest.param("190017", id="longer form"),
        pytest.param("5f4101ff", id="indefinite length"),
        pytest.param("9fff", id="indefinite list"),
        pytest.param("f93c00", id="half float"),
        pytest.param("fb3ff0000000000000", id="float"),
        pytest.param("f7", id="undefined"),
        pytest.param("f820", id="long simple value"),
        pytest.param("a2026161016162", id="unsorted keys"),
        pytest.param("a201610a01610b", id="repeated key"),
        pytest.param("a1f500", id="boolean key"),
        pytest.param("a12000", id="negative key"),
        pytest.param("a1c10100", id="tagged key"),
        pytest.param("0000", id="trailing byte"),
        pytest.param("", id="nothing"),
        pytest.param("61ff", id="text that is not UTF-8"),
        pytest.param("1bffffffffffffffff", id="more than 63 bits"),
        pytest.param("3bffffffffffffffff", id="less than 64 bits signed"),
        pytest.param("1c", id="reserved length"),
        pytest.param("9b0000ffffffffffff", id="enormous list"),
        pytest.param("bb0000ffffffffffff", id="enormous map"),
        pytest.param("5b0000ffffffffffff00", id="enormous bytes"),
        pytest.param("82ff00", id="break inside a list"),
        pytest.param("c0", id="tag of nothing"),
    ],
)
def test_what_the_writer_would_not_write_is_refused(data):
    with pytest.raises(CanonicalError, match="malformed"):
        read_canonical(bytes.fromhex(data), MIB)


def test_depth_is_bounded_on_both_sides():
    deepest = b"\x81" * (MAX_DEPTH - 1) + b"\x80"
    assert canonical(read_canonical(deepest, MIB)) == deepest
    with pytest.raises(CanonicalError, match="too_large"):
        read_canonical(b"\x81" * MAX_DEPTH + b"\x80", MIB)
    with pytest.raises(CanonicalError, match="too_large"):
        canonical([read_canonical(deepest, MIB)])


def test_numbers_count_as_a_level_on_both_sides():
    deepest = b"\x81" * (MAX_DEPTH - 1) + b"\x01"
    assert canonical(read_canonical(deepest, MIB)) == deepest
    for one_more in (b"\x81", b"\xa1\x00", b"\xc1"):
        with pytest.raises(CanonicalError, match="too_large"):
            read_canonical(one_more + deepest, MIB)
    with pytest.raises(CanonicalError, match="too_large"):
        read_canonical(b"\xa1\x00" * MAX_DEPTH + b"\x01", MIB)


def test_number_of_items_is_bounded_on_both_sides():
    most = b"\x9a" + (MAX_ITEMS - 1).to_bytes(4, "big") + b"\x80" * (MAX_ITEMS - 1)
    assert len(read_canonical(most, 2 * MIB)) == MAX_ITEMS - 1
    with pytest.raises(CanonicalError, match="too_large"):
        read_canonical(b"\x9a" + MAX_ITEMS.to_bytes(4, "big") + b"\x80" * MAX_ITEMS, 2 * MIB)
    with pytest.raises(CanonicalError, match="too_large"):
        canonical([0] * MAX_ITEMS)


def test_longer_data_than_expected_is_refused_unread():
    with pytest.raises(CanonicalError, match="too_large"):
        read_canonical(bytes(11), 10)


@pytest.mark.parametrize(
    "value",
    [1.5, {1, 2}, {1.5: 1}, {True: 1}, {-1: 1}, {None: 1}, "\ud800", object()],
)
def test_what_has_no_form_is_not_written(value):
    with pytest.raises(CanonicalError, match="malformed"):
        canonical(value)


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1])
def test_integers_beyond_64_bits_are_not_written(value):
    with pytest.raises(CanonicalError, match="too_large"):
        canonical(value)


def test_a_tag_beyond_64_bits_is_not_written():
    with pytest.raises(CanonicalError, match="too_large"):
        canonical(Tagged(2**64, 1))
