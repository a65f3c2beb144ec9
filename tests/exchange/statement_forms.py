"""Statements of any sort: every field drawn from its shape, extremes among them."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from hypothesis import strategies as st

from sync.statement_bodies import SHAPES, Body
from sync.statement_shapes import (
    Cover,
    Heads,
    Members,
    Names,
    Octets,
    Shape,
    Uint,
    Uints,
    Words,
)

Known = tuple[bytes, ...]
"""Bytes that mean something where the statement goes: names of machines, spaces, epochs."""


def bodies(kind: type[Body], known: Known = (), **fixed: Any) -> st.SearchStrategy[Any]:
    """Any body of a kind of statement, some fields being given if it has them."""
    drawn = {field: shaped(shape, known) for field, shape in SHAPES[kind.kind].values()}
    assert drawn.keys() == {field.name for field in fields(kind)}
    given_fields = {name: st.just(value) for name, value in fixed.items() if name in drawn}
    return st.builds(kind, **(drawn | given_fields))


def shaped(shape: Shape, known: Known = ()) -> st.SearchStrategy[Any]:
    """Any value that a field of that shape may hold."""
    return _STRATEGIES[type(shape)](shape, known)


def _octets(shape: Octets, known: Known) -> st.SearchStrategy[bytes]:
    if not shape.exactly:
        return st.binary(max_size=64) | st.just(bytes(1_200)) | st.just(bytes(shape.most))
    drawn = st.binary(min_size=shape.exactly, max_size=shape.exactly)
    meaning = tuple(one for one in known if len(one) == shape.exactly)
    return st.sampled_from(meaning) | drawn if meaning else drawn


def _uint(shape: Uint, _known: Known) -> st.SearchStrategy[int]:
    edges = [shape.least, shape.least + 1, shape.most - 1, shape.most]
    return st.sampled_from(edges) | st.integers(shape.least, shape.most)


def _members(_shape: Members, known: Known) -> st.SearchStrategy[Any]:
    part = shaped(Octets(16), known) | st.binary(max_size=20) | st.just(bytes(255))
    return st.lists(part, min_size=1, max_size=3, unique=True).map(tuple)


def _heads(_shape: Heads, known: Known) -> st.SearchStrategy[Any]:
    head = st.tuples(*_of(known, 16, 8), shaped(Uint()), *_of(known, 32))
    return st.lists(head, max_size=3).map(tuple)


def _cover(_shape: Cover, known: Known) -> st.SearchStrategy[Any]:
    place = st.tuples(*_of(known, 8), shaped(Uint(least=1)), *_of(known, 32))
    some = st.lists(place, max_size=3, unique_by=lambda one: one[0])
    return some.map(sorted).map(tuple)


def _of(known: Known, *lengths: int) -> list[st.SearchStrategy[bytes]]:
    return [shaped(Octets(length), known) for length in lengths]


_STRATEGIES: Mapping[type, Callable[[Any, Known], st.SearchStrategy[Any]]] = {
    Octets: _octets,
    Uint: _uint,
    Words: lambda shape, _: st.text(max_size=20) | st.just("é" * shape.most),
    Members: _members,
    Heads: _heads,
    Cover: _cover,
    Names: lambda shape, known: st.lists(
        shaped(Octets(shape.length), known), max_size=4, unique=True
    ).map(tuple),
    Uints: lambda _shape, _: (
        st.lists(shaped(Uint()), max_size=3, unique=True).map(sorted).map(tuple)
    ),
}
