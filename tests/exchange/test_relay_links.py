"""How `verify` follows the bundles of an author, from the first or from a checkpoint on."""

import hashlib
from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from sync.relay.links import Links
from sync.wire import parse_bundle
from tests.fakes.region import Region


@dataclass
class Believed:
    """Of a registry, what is asked here: the checkpoint that counts in any space."""

    cover: tuple = ()

    def complete_checkpoint(self, _space):
        return SimpleNamespace(cover=self.cover) if self.cover else None


@pytest.fixture(scope="module")
def rows():
    """Five bundles of one author, each naming the one before it."""
    machine = Region().structure().machine()
    return [as_row(machine.bundle()[1]) for _ in range(5)]


def as_row(data):
    header = parse_bundle(data).header
    return SimpleNamespace(
        name=hashlib.sha256(data).digest(),
        space=header.space,
        incarnation=header.incarnation,
        sequence=header.sequence,
        body=data,
    )


def checked(rows, cover=()):
    links = Links(Believed(cover))
    return [links.check(row) for row in rows]


def head(row):
    return (row.incarnation, row.sequence, row.name)


def test_bundles_that_follow_each_other_are_right(rows):
    assert checked(rows) == [""] * 5


def test_authors_and_spaces_are_told_apart():
    machines = [Region().structure().machine() for _ in range(3)]
    rows = [as_row(machine.bundle()[1]) for machine in machines for _ in range(2)]
    assert checked(rows) == [""] * 6


def test_bundle_that_is_not_here_is_missed_once(rows):
    assert checked([rows[0], rows[3], rows[4]]) == ["", "missing_before", ""]
    assert checked(rows[1:]) == ["missing_before", "", "", ""]


def test_two_bundles_in_one_place_are_found(rows):
    assert checked([rows[0], rows[1], rows[1]]) == ["", "", "sequence_taken"]


def test_nothing_is_missed_that_a_checkpoint_stands_for(rows):
    assert checked(rows[3:], (head(rows[2]),)) == ["", ""]
    # Those it covers go a few at a time.
    assert checked([rows[1], *rows[3:]], (head(rows[2]),)) == [""] * 3
    assert checked(rows[4:], (head(rows[2]),)) == ["missing_before"]


def test_first_bundle_after_a_checkpoint_follows_the_last_one_covered(rows):
    incarnation, sequence, _ = head(rows[2])
    assert checked(rows[3:], ((incarnation, sequence, bytes(32)),)) == ["broken_chain", ""]
