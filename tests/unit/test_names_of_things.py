"""Identifiers, spaces and the codes people say aloud."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.changes import Changes, Topic
from app.domain.errors import UnreadableIdentifierError
from app.domain.identifiers import (
    COUNTER_MAX,
    SPOKEN_ALPHABET,
    Incarnation,
    StructureId,
    SubjectId,
    counter_of,
    event_id,
    id_text,
    incarnation_of,
    parse_subject,
    read_spoken_code,
    spoken_code,
)
from app.domain.spaces import (
    SpaceKind,
    figures_space,
    pair_space,
    structure_space,
    territory_space,
)

ONE, OTHER = StructureId(b"a" * 16), StructureId(b"b" * 16)


@given(st.binary(min_size=8, max_size=8), st.integers(1, COUNTER_MAX - 1))
def test_an_identifier_is_read_back_from_its_text(incarnation, counter):
    name = event_id(Incarnation(incarnation), counter)
    assert parse_subject(f"  {id_text(name).upper()} ") == name
    assert (incarnation_of(name), counter_of(name)) == (incarnation, counter)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "17",
        "9f0c",
        "9f0c00000000000g-1",
        "9f0c000000000000-0",
        "9f0c000000000000-01",
        "9f0c000000000000-1 ou 2",
        f"9f0c000000000000-{COUNTER_MAX}",
    ],
)
def test_what_is_no_identifier_is_refused_with_what_was_typed(text):
    with pytest.raises(UnreadableIdentifierError) as refusal:
        parse_subject(text)
    assert refusal.value.facts == {"text": text}


def test_spoken_codes_hold_only_signs_that_nobody_confuses():
    codes = {spoken_code(bytes([number]) * 16) for number in range(200)}
    assert len(codes) > 190
    assert all(len(code) == 6 and set(code) <= set(SPOKEN_ALPHABET) for code in codes)
    assert not set("01IO") & set(SPOKEN_ALPHABET)
    assert len(spoken_code(b"", length=3)) == 3


def test_a_pair_has_the_same_name_from_either_side():
    assert pair_space(ONE, OTHER) == pair_space(OTHER, ONE)


def test_the_name_of_a_space_follows_the_format():
    seed = b"deux-portes/space/1\0" + bytes([2, 2, 16]) + ONE + bytes([16]) + OTHER
    assert pair_space(OTHER, ONE).id == hashlib.sha256(seed).digest()[:16]


def test_spaces_of_different_kinds_or_members_have_different_names():
    spaces = [
        structure_space(ONE),
        structure_space(OTHER),
        pair_space(ONE, OTHER),
        figures_space(ONE, OTHER),
        territory_space(OTHER, "36-le-blanc"),
    ]
    assert len({space.id for space in spaces}) == len(spaces)
    assert [space.kind for space in spaces[2:]] == [
        SpaceKind.PAIR,
        SpaceKind.FIGURES,
        SpaceKind.TERRITORY,
    ]


def test_changes_join():
    persons = Changes(topics=frozenset({Topic.PERSONS}))
    drafts = Changes(topics=frozenset({Topic.DRAFTS}))
    assert (persons | drafts).topics == {Topic.PERSONS, Topic.DRAFTS}


def test_a_subject_is_named_by_bytes_alone():
    assert id_text(SubjectId(bytes(7) + b"\x01" + (17).to_bytes(8, "big"))) == (
        "0000000000000001-17"
    )


@pytest.mark.parametrize("said", ["K7M2QX", "k7m 2qx", " K7-M2-QX ", "k.7.m.2.q.x", "K7M–2QX"])
def test_a_code_is_read_as_it_is_heard(said):
    assert read_spoken_code(said) == "K7M2QX"


@pytest.mark.parametrize("text", ["", "K7M2Q", "K7M2QXX", "K7M2Q0", "OIO1OI", "k7m2qé"])
def test_a_text_that_is_no_code_says_none(text):
    assert read_spoken_code(text) == ""
