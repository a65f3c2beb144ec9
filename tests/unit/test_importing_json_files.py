"""Files of JSON as a whole: encodings, cuts, emptiness, and whatever chance puts in them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from app.reference.importing import errors
from tests.published_files import as_json, both, read, service, structure


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_an_encoding_that_json_should_not_have_is_read_all_the_same(encoding):
    text = as_json([structure(1, nom="Œuvre d’été (exemple)")]).decode()
    assert read(text.encode(encoding)).structures[0]["nom"] == "Œuvre d’été (exemple)"


def test_records_cut_between_two_reads_are_whole():
    many = [structure(number, description="é" * 700) for number in range(1_200)]
    for indent in (None, 1):
        content = json.dumps(many, ensure_ascii=False, indent=indent).encode()
        assert read(content).structures == tuple(many)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (as_json([structure(1)])[:-1], 1),
        (as_json([structure(1)])[:-20], 1),
        (b"[\n{},\n{,}\n]", 3),
        (b'{"structures": [{}] "services": []}', 1),
        (b"[{}] []", 1),
        (b"[" * 100_000, 1),
        (b'{"a": ' + b"9" * 5_000 + b"}", 1),
        (b"{1: 2}", 1),
    ],
)
def test_a_file_cut_short_is_refused_whole_with_its_line(content, line):
    with pytest.raises(errors.BrokenFileError) as caught:
        read(content)
    assert caught.value.facts["line"] == line


@pytest.mark.parametrize("content", [b"[]", b"{}", b'{"structures": []}', b'{"total": 3}'])
def test_a_file_without_records_is_refused(content):
    with pytest.raises(errors.EmptyFileError):
        read(content)


@pytest.mark.parametrize("content", [b"[1, null]", b'[{"a": 1}]', b'{"autres": [{"id": 1}]}'])
def test_a_file_of_something_else_is_refused(content):
    with pytest.raises(errors.UnknownFormatError):
        read(content)


def test_reading_twice_gives_the_same():
    content = both(structure(1), None, services=[service(1), service(1)])
    assert read(content) == read(content)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(structure() | service())), json_values))
def test_any_values_of_any_fields_are_taken_or_refused(values):
    parsed = read(both(structure(1) | values, services=[service(1) | values]))
    assert len(parsed.structures) + len(parsed.services) + len(parsed.rejected) == 2


@given(st.binary(max_size=200))
def test_no_bytes_after_a_bracket_bring_another_error_than_ours(tail):
    try:
        read(b"[{" + tail)
    except errors.ImportingError:
        return


@pytest.mark.parametrize("kind", ["structure", "service"])
def test_rows_taken_follow_the_published_schema(real_data, kind):
    path = real_data / "data-inclusion" / f"{kind}_v1_1.0.10.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    spoiled = structure(2, telephone="02 54 00 00 00 / 01", latitude="46,6", siret=1)
    parsed = read(both(structure(1), spoiled, services=[service(1)]))
    for row in parsed.structures if kind == "structure" else parsed.services:
        assert not [error.message for error in validator.iter_errors(row)]
        assert row.keys() <= schema["properties"].keys()
