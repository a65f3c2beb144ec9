"""A member that says the last number there is, or receives under what is no key, stops nobody."""

import pytest

from app.domain.identifiers import SpaceId
from app.usecases.checkpoints import checkpoint_states
from sync.errors import UnknownRequestError
from sync.keyring import Keyring
from sync.keys import MachineKeys
from sync.rotation import revoke, rotate
from sync.statement_bodies import MAX_GENERATION
from sync.statement_shapes import MAX_UINT
from sync.statements import (
    Body,
    Checkpoint,
    Invitation,
    JoinRequest,
    Profile,
    Receiver,
    Revocation,
    Wrap,
    fingerprint,
    machine_id,
    sign_statement,
    statement_name,
    token_hash,
)
from tests.exchange.checkpointing import ask, settle_down
from tests.exchange.desks import Door, joined
from tests.exchange.forging import pair_of

NO_KEY = b"\xff" * 1_216


def says(door: Door, body: Body, *, as_root: bool = False) -> bytes:
    """Sign a statement as a door, and bring it to the relay."""
    key = door.keyring.root if as_root else door.keyring.machine.sign
    data = sign_statement(body, key.private_key)
    assert door.transport().send_statements([data]).refused == ()
    return data


def all_acknowledged(*doors: Door) -> bool:
    return all((door.counts().pending, door.counts().sent) == (0, 0) for door in doors)


def test_last_number_of_a_checkpoint_stops_no_exchange(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    settle_down(world, 1)
    space = pair_of(blanc, chateauroux).id
    (epoch,) = blanc.registry.sealing_epochs(space)
    last = Checkpoint(
        machine=blanc.keyring.machine.id,
        space=space,
        number=MAX_UINT,
        epoch=epoch,
        machines=(blanc.keyring.machine.id,),
        cover=(),
        digest=bytes(32),
        manifest=bytes(32),
        chunks=(),
        at_s=MAX_UINT,
    )
    says(blanc, last)
    for door in (chateauroux, blanc):
        door.receive(world["blanc" if door is chateauroux else "chateauroux"])
        ask(door)
    settle_down(world)
    assert all_acknowledged(blanc, chateauroux)
    assert chateauroux.registry.last_proposal(space)[1].number == MAX_UINT
    states = {state.space: state.number for state in checkpoint_states(chateauroux.desk)}
    assert states[space.hex()] == MAX_UINT
    # The other spaces of both go on to theirs.
    own = SpaceId(chateauroux.desk.own_structure().space.id)
    assert chateauroux.port.adopted(own) is not None


def test_last_number_of_an_epoch_stops_no_exchange(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    settle_down(world, 1)
    space = pair_of(blanc, chateauroux).id
    profile = chateauroux.registry.profiles[chateauroux.desk.own_structure().id]
    wrap = Wrap(
        machine=blanc.keyring.machine.id,
        space=space,
        epoch=bytes(16),
        number=MAX_UINT,
        recipient=profile.structure,
        generation=profile.generation,
        sealed=b"",
    )
    says(blanc, wrap)
    ask(chateauroux)
    chateauroux.receive(blanc)
    settle_down(world)
    assert all_acknowledged(blanc, chateauroux)
    root = chateauroux.keyring.root
    assert rotate(chateauroux.registry, chateauroux.keyring, root)


def test_partner_that_receives_under_no_key_is_waited_for_and_nobody_else_is(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    structure = chateauroux.desk.own_structure().id
    says(chateauroux, Profile(structure=structure, generation=2, hpke=NO_KEY), as_root=True)
    blanc.receive(chateauroux)
    report = blanc.exchange()
    assert (report.pushed, blanc.counts().pending) == (6, 1)
    sound = chateauroux.keyring.structure_keys[1].public
    says(chateauroux, Profile(structure=structure, generation=3, hpke=sound), as_root=True)
    blanc.exchange()
    assert blanc.counts().pending == 0


def test_machine_that_receives_under_no_key_harms_itself_alone(world):
    blanc = world["blanc"]
    second = joined(world, "blanc")
    third = joined(world, "blanc", "third")
    said = Receiver(
        machine=second.keyring.machine.id,
        structure=blanc.desk.own_structure().id,
        generation=3,
        hpke=NO_KEY,
        epochs=(),
        generations=(),
        at_s=1,
    )
    says(second, said)
    for _ in range(2):
        blanc.receive()
        blanc.exchange()
    ask(blanc)
    settle_down(world)
    assert all_acknowledged(blanc)
    assert third.query("SELECT count(*) FROM persons") == blanc.query(
        "SELECT count(*) FROM persons"
    )


def test_last_generations_are_followed_by_none_and_work_goes_on(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    own, machine = blanc.desk.own_structure().id, blanc.keyring.machine.id
    last = Receiver(
        machine=machine,
        structure=own,
        generation=MAX_GENERATION,
        hpke=blanc.keyring.machine.hpke.public,
        epochs=(),
        generations=(),
        at_s=1,
    )
    says(blanc, last)
    sound = blanc.keyring.structure_keys[1].public
    profile = Profile(structure=own, generation=MAX_GENERATION, hpke=sound)
    says(blanc, profile, as_root=True)
    chateauroux.receive(blanc)
    blanc.receive(chateauroux)
    ask(blanc)
    settle_down(world)
    assert all_acknowledged(blanc)
    assert chateauroux.statuses("in") == ["recue"]
    assert Keyring(blanc.port).turn_receiver(blanc.registry, 1) is None


def test_last_moment_of_a_removal_is_followed_by_itself(world):
    blanc = world["blanc"]
    second = joined(world, "blanc")
    target = second.keyring.machine.id
    says(blanc, Revocation(target=target, at_s=MAX_UINT, accepted=()), as_root=True)
    blanc.exchange()
    removal = blanc.membership.registry().removals_of(target)
    assert [one.at_s for one in removal] == [MAX_UINT]
    again = revoke(blanc.registry, blanc.keyring.root, target, accepted=(), now_s=1)
    assert blanc.registry.with_statements([again]).believes(statement_name(again))


def test_request_that_receives_under_no_key_is_not_admitted(world):
    blanc = world["blanc"]
    keys, token = MachineKeys.generate(), bytes(16)
    structure = blanc.desk.own_structure().id
    invitation = Invitation(
        machine=blanc.keyring.machine.id,
        structure=structure,
        token_hash=token_hash(token),
        until_s=MAX_UINT,
    )
    request = JoinRequest(
        structure=structure,
        machine=machine_id(keys.sign.public, NO_KEY),
        sign=keys.sign.public,
        hpke=NO_KEY,
        token=token,
    )
    said = says(blanc, invitation)
    asked = sign_statement(request, keys.sign.private_key)
    blanc.port.keep_statements({statement_name(one): one for one in (said, asked)})
    with pytest.raises(UnknownRequestError):
        blanc.membership.admit(fingerprint(asked))
