"""Somebody who has only the text of the protocol reads what we write."""

import ast
import json
from pathlib import Path

import pytest
from hypothesis import given

from sync.columns import encode_events
from sync.envelope import Place, seal
from sync.wire import padme_length
from tests.exchange import second_reader
from tests.exchange.event_forms import OWN, SPACE, batches, event_to_json
from tests.exchange.make_vectors import kept
from tests.exchange.parties import Machine, epoch

octets = bytes.fromhex


def as_read(event: dict) -> dict:
    """An event in JSON, as it comes back."""
    return json.loads(json.dumps(event))


def test_it_shares_nothing_with_our_own_reader():
    tree = ast.parse(Path(second_reader.__file__).read_text("utf-8"))
    imported = {
        name
        for node in ast.walk(tree)
        for name in (
            [node.module]
            if isinstance(node, ast.ImportFrom)
            else [one.name for one in getattr(node, "names", [])]
        )
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    rooms = {str(name).partition(".")[0] for name in imported}
    assert rooms.isdisjoint({"app", "sync", "resources", "tests", "ui"})


@pytest.mark.parametrize(
    "case", kept("columns_of_format_2")["cases"], ids=lambda case: case["name"]
)
def test_it_reads_the_columns_of_the_vectors(case):
    read = second_reader.read_events(
        octets(case["columns"]), incarnation=octets(case["incarnation"]), space=SPACE
    )
    assert as_read(read) == case["events"]


@pytest.mark.parametrize("name", ["bundle", "bundle_of_dictionary_1"])
def test_it_opens_the_bundles_of_the_vectors(name):
    vector = kept(name)
    _, columns = second_reader.open_bundle(
        octets(vector["bundle"]),
        sign_key=octets(vector["sign"]),
        epoch_key=octets(vector["epoch_key"]),
    )
    assert columns.hex() == vector["columns"]


@given(batches())
def test_it_reads_whatever_we_seal(events):
    machine, own = Machine("machine"), epoch(SPACE)
    place = Place(space=SPACE, incarnation=OWN, sequence=1, previous=b"", epoch=own.epoch)
    data = seal(
        encode_events(OWN, events),
        place,
        epoch_key=own.key,
        sign_key=machine.keys.sign.private_key,
    )
    header, columns = second_reader.open_bundle(
        data, sign_key=machine.keys.sign.public, epoch_key=own.key
    )
    read = second_reader.read_events(columns, incarnation=header[3], space=header[2])
    assert as_read(read) == as_read([event_to_json(event) for event in events])


def test_it_pads_alike():
    assert [second_reader.padme(length) for length in range(5_000)] == [
        padme_length(length) for length in range(5_000)
    ]
