"""Private keys written and read back, and keys handed over to one recipient only."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.key_wraps import (
    new_epoch_key,
    unwrap_epoch,
    unwrap_structure_key,
    wrap_epoch,
    wrap_structure_key,
)
from sync.keys import (
    AuthorityKey,
    HpkeKey,
    KeyMaterialError,
    MachineKeys,
    RelayKey,
    SigningKey,
    StructureKey,
    StructureRoot,
    seal_to,
)
from sync.statements import authority_id, machine_id, read_statement, relay_id, structure_id
from tests.exchange.parties import Machine, Structure, epoch, octets

NORTH = Structure("nord")
N1, N2 = Machine("nord/1"), Machine("nord/2")
CERTIFICATE = read_statement(NORTH.sign_machine(N2.keys)).body
PROFILE = read_statement(NORTH.profile()).body
EPOCH = epoch(NORTH.space)


def wrap_for_n2():
    return read_statement(wrap_epoch(EPOCH, CERTIFICATE, N1.keys)).body


def structure_key_for_n2():
    data = wrap_structure_key(PROFILE, NORTH.key(), CERTIFICATE, N1.keys)
    return read_statement(data).body


@pytest.mark.parametrize("kind", [AuthorityKey, RelayKey, StructureRoot, HpkeKey, MachineKeys])
def test_a_key_is_written_and_read_back(kind):
    key = kind.generate()
    read = kind.from_bytes(key.to_bytes()) if kind is MachineKeys else kind(key.to_bytes())
    assert read.to_bytes() == key.to_bytes() != kind.generate().to_bytes()
    if kind is not MachineKeys:
        assert read.public == key.public


def test_a_machine_keeps_128_bytes():
    assert len(MachineKeys.generate().to_bytes()) == 128


@pytest.mark.parametrize("length", [0, 31, 127, 129])
def test_keys_of_another_length_are_refused(length):
    with pytest.raises(KeyMaterialError, match="malformed"):
        MachineKeys.from_bytes(bytes(length))
    with pytest.raises(KeyMaterialError, match="malformed"):
        SigningKey(bytes(33))


def test_parties_are_named_by_their_public_keys():
    authority, relay, root = AuthorityKey.generate(), RelayKey.generate(), StructureRoot.generate()
    keys = MachineKeys.generate()
    assert authority.id == authority_id(authority.public)
    assert relay.id == relay_id(relay.public)
    assert root.id == structure_id(root.public)
    assert keys.id == machine_id(keys.sign.public, keys.hpke.public)


def test_a_key_of_an_epoch_reaches_the_machine():
    assert unwrap_epoch(wrap_for_n2(), N2.keys.hpke) == EPOCH


def test_a_key_of_an_epoch_reaches_the_structure():
    wrap = read_statement(wrap_epoch(EPOCH, PROFILE, N1.keys)).body
    assert (wrap.recipient, wrap.generation) == (NORTH.id, 1)
    assert unwrap_epoch(wrap, NORTH.key()) == EPOCH


def test_a_new_epoch_has_its_own_key_and_hides_it():
    one, other = new_epoch_key(NORTH.space), new_epoch_key(NORTH.space, 2)
    assert one.epoch != other.epoch
    assert (one.number, other.number) == (1, 2)
    assert one.key.hex() not in repr(one)
    assert repr(one.key) not in repr(one)


def test_nobody_else_opens_it():
    for key in (N1.keys.hpke, NORTH.key()):
        with pytest.raises(KeyMaterialError, match="cannot_open"):
            unwrap_epoch(wrap_for_n2(), key)


@pytest.mark.parametrize("field", ["space", "epoch", "recipient", "machine"])
def test_a_wrap_moved_elsewhere_does_not_open(field):
    moved = replace(wrap_for_n2(), **{field: octets("elsewhere", 16)})
    with pytest.raises(KeyMaterialError, match="cannot_open"):
        unwrap_epoch(moved, N2.keys.hpke)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_wrap_does_not_open(data):
    wrap = wrap_for_n2()
    changed = bytearray(wrap.sealed)
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(KeyMaterialError, match="cannot_open"):
        unwrap_epoch(replace(wrap, sealed=bytes(changed)), N2.keys.hpke)


@pytest.mark.parametrize("secret", [octets("another key"), b"short", b""])
def test_a_key_that_is_not_the_one_announced_is_refused(secret):
    wrap = wrap_for_n2()
    info = b"deux-portes/wrap/1\0" + wrap.space + wrap.epoch + wrap.recipient + wrap.machine
    lying = replace(wrap, sealed=seal_to(N2.keys.hpke.public, secret, info))
    with pytest.raises(KeyMaterialError, match="wrong_key"):
        unwrap_epoch(lying, N2.keys.hpke)


@pytest.mark.parametrize("public", [b"", bytes(1_215), b"\xff" * 1_216, bytes(1_216)])
def test_nothing_is_sealed_to_what_is_no_key(public):
    with pytest.raises(KeyMaterialError, match="malformed"):
        seal_to(public, b"secret", b"")


def test_the_structures_key_reaches_its_machines():
    opened = unwrap_structure_key(structure_key_for_n2(), PROFILE, N2.keys.hpke)
    assert isinstance(opened, StructureKey)
    assert opened.to_bytes() == NORTH.key().to_bytes()


def test_only_the_key_of_the_profile_is_handed_over():
    with pytest.raises(KeyMaterialError, match="wrong_key"):
        wrap_structure_key(PROFILE, StructureKey.generate(), CERTIFICATE, N1.keys)


@pytest.mark.parametrize("secret", [octets("another key", 96), b"short"])
def test_a_structures_key_that_is_not_that_of_the_profile_is_refused(secret):
    wrap = structure_key_for_n2()
    info = b"deux-portes/structure-key/1\0" + NORTH.id + (1).to_bytes(4, "big") + N2.id + N1.id
    lying = replace(wrap, sealed=seal_to(N2.keys.hpke.public, secret, info))
    with pytest.raises(KeyMaterialError, match="wrong_key"):
        unwrap_structure_key(lying, PROFILE, N2.keys.hpke)


def test_the_structures_key_of_another_generation_does_not_open():
    with pytest.raises(KeyMaterialError, match="cannot_open"):
        unwrap_structure_key(
            structure_key_for_n2(),
            replace(PROFILE, generation=2),
            N2.keys.hpke,
        )
