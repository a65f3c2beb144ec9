"""What was found out about statements is remembered, and is never more than what was found."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.statement_shelf import MOST_REMEMBERED, Findings, Shelf
from sync.statements import Revocation, Statement, StatementError, sign_statement, statement_name


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def removal(number: int, key: Ed25519PrivateKey) -> bytes:
    body = Revocation(target=number.to_bytes(16, "big"), at_s=number, accepted=())
    return sign_statement(body, key)


@pytest.fixture
def key():
    return Ed25519PrivateKey.generate()


def only(shelf: Shelf) -> Statement:
    (statement,) = shelf.of_kind(Revocation)
    return statement


def test_what_one_shelf_found_serves_the_next(key):
    data, remembered = removal(1, key), Findings()
    first = Shelf([data], remembered)
    first.verify(only(first), public(key))
    remembered.learn(first.findings)
    again = Shelf([data], remembered)
    assert only(again) is only(first)
    assert again.findings.known[statement_name(data)].signed_by == {public(key)}


def test_a_signature_found_wrong_is_found_wrong_again(key):
    data, remembered, other = removal(1, key), Findings(), Ed25519PrivateKey.generate()
    for _ in range(2):
        shelf = Shelf([data], remembered)
        with pytest.raises(StatementError):
            shelf.verify(only(shelf), public(other))
        remembered.learn(shelf.findings)
    assert not remembered.known[statement_name(data)].signed_by


def test_another_signature_under_the_same_words_is_another_statement(key):
    data = removal(1, key)
    forged = data[:-1] + bytes([data[-1] ^ 1])
    remembered = Findings()
    good = Shelf([data], remembered)
    good.verify(only(good), public(key))
    remembered.learn(good.findings)
    bad = Shelf([forged], remembered)
    with pytest.raises(StatementError):
        bad.verify(only(bad), public(key))


def test_a_shelf_keeps_nothing_of_what_it_does_not_hold(key):
    remembered = Findings()
    remembered.learn(Shelf([removal(1, key), removal(2, key)], remembered).findings)
    assert len(Shelf([removal(2, key)], remembered).findings.known) == 1


def test_what_a_shelf_finds_later_changes_nothing_elsewhere(key):
    data, remembered = removal(1, key), Findings()
    remembered.learn(Shelf([data], remembered).findings)
    shelf = Shelf([data], remembered)
    shelf.verify(only(shelf), public(key))
    assert not remembered.known[statement_name(data)].signed_by


def test_the_oldest_are_forgotten_when_they_are_many(key):
    remembered = Findings()
    some = [removal(number, key) for number in range(3)]
    remembered.learn(Shelf(some[:1], remembered).findings)
    many = Findings()
    many.known = {
        number.to_bytes(32, "big"): next(iter(remembered.known.values()))
        for number in range(MOST_REMEMBERED)
    }
    remembered.learn(many)
    assert len(remembered.known) == MOST_REMEMBERED
    assert statement_name(some[0]) not in remembered.known
