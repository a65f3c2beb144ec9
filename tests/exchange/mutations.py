"""What goes wrong with bytes, texts and trees on their way, or is made wrong on purpose."""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from sync.canonical import CanonicalError, Tagged, canonical, read_canonical

EXTREME_NUMBERS = (0, 1, -1, 2**31, 2**32 - 1, 2**48 - 1, 2**48, 2**53, 2**63 - 1, -(2**63))
EXTREMES = (*EXTREME_NUMBERS, True, False, None, "", "\0", "é" * 600, b"", bytes(2_000), (), {})
"""Values that canonical CBOR holds and that few fields expect."""

JSON_EXTREMES = (
    *EXTREME_NUMBERS,
    *(2**70, -(2**70), 1.5, float("inf"), float("-inf"), float("nan"), True, None),
    *("", "\ud800", "\0", "0" * 32, "9" * 5_000, "é" * 600),
    *([], {}, [[]], {"": None}),
)
"""Values that JSON holds and that few fields expect; lone surrogates among them."""

JSON_TEXTS = ("", "{", "null", "1e999", "[" * 100_000, '{"a":' * 100_000, '"\\ud800"', "9" * 5_000)
"""Texts that make readers of JSON fall, or none of JSON."""


def mutated(data: bytes, *, most: int = 4) -> st.SearchStrategy[bytes]:
    """Some bytes with a few things changed: flipped, cut, doubled, moved, put in."""
    places = st.integers(0, max(len(data) - 1, 0))
    changes = st.tuples(
        st.sampled_from(["flip", "cut", "drop", "double", "insert", "fill"]),
        places,
        st.integers(1, 12),
        st.binary(min_size=1, max_size=9),
    )
    return st.lists(changes, min_size=1, max_size=most).map(lambda some: _changed(data, some))


def _changed(data: bytes, changes: list[tuple[str, int, int, bytes]]) -> bytes:
    for kind, at, length, more in changes:
        end = at + length
        data = {
            "flip": data[:at] + bytes(one ^ more[0] for one in data[at:end]) + data[end:],
            "cut": data[:at],
            "drop": data[:at] + data[end:],
            "double": data[:end] + data[at:],
            "insert": data[:at] + more + data[at:],
            "fill": data[:at] + (b"\xff" * length) + data[end:],
        }[kind]
    return data


def paths(tree: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to each place of a tree of lists and maps."""
    found = [so_far]
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            found += paths(value, (*so_far, key))
    elif isinstance(tree, list | tuple):
        for place, value in enumerate(tree):
            found += paths(value, (*so_far, place))
    return found


def with_value(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The tree with another value at a place."""
    if not path:
        return value
    first, *rest = path
    if isinstance(tree, Mapping):
        return {**tree, first: with_value(tree[first], tuple(rest), value)}
    replaced = [
        with_value(one, tuple(rest), value) if place == first else one
        for place, one in enumerate(tree)
    ]
    return type(tree)(replaced)


@st.composite
def mutated_tree(draw, tree: Any, values: st.SearchStrategy[Any]) -> Any:
    """A tree with a few values replaced by others."""
    for _ in range(draw(st.integers(1, 3))):
        tree = with_value(tree, draw(st.sampled_from(paths(tree))), draw(values))
    return tree


@st.composite
def mutated_cbor(draw, data: bytes, most_bytes: int) -> bytes:
    """Canonical CBOR that has been read, changed inside and written again."""
    tree = draw(mutated_tree(read_canonical(data, most_bytes), st.sampled_from(EXTREMES)))
    try:
        return canonical(tree)
    except CanonicalError:
        return data


@st.composite
def mutated_json(draw, text: str) -> str:
    """A JSON text changed inside: another value somewhere, a key less, a key more, raw signs."""
    tree = json.loads(text)
    way = draw(st.sampled_from(["value", "less", "more", "raw"]))
    if way == "value":
        tree = draw(mutated_tree(tree, st.sampled_from(JSON_EXTREMES)))
    elif way == "less" and tree:
        tree = {key: tree[key] for key in tree if key != draw(st.sampled_from(sorted(tree)))}
    elif way == "more":
        tree = {**tree, draw(st.text(max_size=9)): draw(json_values())}
    written = json.dumps(tree)
    if way == "raw":
        at = draw(st.integers(0, len(written)))
        written = written[:at] + draw(st.sampled_from(JSON_TEXTS)) + written[at + 1 :]
    return written


def json_values() -> st.SearchStrategy[Any]:
    """Any JSON value, extremes among them."""
    return st.recursive(
        st.sampled_from(JSON_EXTREMES) | st.text(max_size=20) | st.integers() | st.floats(),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
        ),
        max_leaves=12,
    )


def json_texts() -> st.SearchStrategy[str]:
    """JSON texts of any shape, and texts that are none."""
    return st.sampled_from(JSON_TEXTS) | json_values().map(json.dumps) | st.text(max_size=80)


def cbor_values() -> st.SearchStrategy[Any]:
    """Any value of canonical CBOR."""
    return st.recursive(
        st.sampled_from(EXTREMES) | st.integers(-(2**63), 2**63 - 1) | st.binary(max_size=40),
        lambda inner: (
            st.lists(inner, max_size=4).map(tuple)
            | st.dictionaries(st.text(max_size=6), inner, max_size=4)
            | st.builds(Tagged, st.integers(0, 2**40), inner)
        ),
        max_leaves=12,
    )
