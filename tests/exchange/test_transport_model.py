"""The model of a relay that engine tests use does what the real relay does."""

import os

import pytest

from sync.errors import LinkCutError, NotAdmittedYetError, RelayRefusedError
from sync.pieces import CHUNK_MAGIC
from sync.relay_port import Transport
from tests.exchange.compacting import Compacted, named, sent
from tests.fakes.region import Region
from tests.fakes.transport import ModelTransport, RelayModel


class ModelRelay:
    """The model behind the same calls as the fixture of the real relay."""

    def __init__(self) -> None:
        self.region = Region()
        self.model = RelayModel(self.region.authority.public)

    def transport(self, machine) -> Transport:
        return ModelTransport(self.model, machine.id)

    def admitted(self, machine, *more) -> Transport:
        transport = self.transport(machine)
        transport.hello()
        assert transport.send_statements([*machine.introduction(), *more]).refused == ()
        return transport


@pytest.fixture
def model():
    return ModelRelay()


@pytest.fixture(params=["model", "sqlite_relay", "postgres_relay"])
def either(request):
    return request.getfixturevalue(request.param)


def test_unknown_machine_is_refused_until_it_introduces_itself(either):
    machine = either.region.structure().machine()
    with pytest.raises(NotAdmittedYetError):
        either.transport(machine).statement_names(None)
    assert either.admitted(machine).statement_names(None).names


def test_what_was_pushed_is_pulled_by_another_machine_of_the_structure(either):
    structure = either.region.structure()
    one, other = structure.machine(), structure.machine()
    bundles = [one.bundle(size=size) for size in (10, 5_000, 300)]
    pushed = either.admitted(one).push([(name, data, 0) for name, data in bundles])
    assert len(pushed.receipts) == 3
    assert list(either.admitted(other).pull({one.own_space: {}}, None)) == bundles
    above = {one.own_space: {one.incarnation: 2}}
    assert list(either.transport(other).pull(above, None)) == bundles[2:]


def test_refusals_are_the_same(either):
    member, stranger = (either.region.structure().machine() for _ in range(2))
    either.admitted(stranger)
    transport = either.admitted(member)
    (name, data), outside = member.bundle(), stranger.bundle(member.own_space)
    own, unknown = stranger.bundle(), either.region.structure().machine().bundle()
    pushed = [(os.urandom(32), data, 0), (name, data, 5), (*outside, 0), (*own, 0), (*unknown, 0)]
    codes = ("wrong_name", "wrong_offset", "not_a_member", "unknown_space", "unknown_incarnation")
    refused = {one.name: one.code for one in transport.push(pushed).refused}
    assert refused == {sent: code for (sent, *_), code in zip(pushed, codes, strict=True)}
    with pytest.raises(RelayRefusedError) as refused:
        list(transport.pull({stranger.own_space: {}}, None))
    assert refused.value.facts == {"status": 403, "refusal": "unknown_space"}


def test_receipts_and_offsets_are_told_of_whole_bundles(either):
    machine = either.region.structure().machine()
    transport = either.admitted(machine)
    (one, one_data), (two, _) = machine.bundle(), machine.bundle()
    receipts = transport.push([(one, one_data, 0)]).receipts
    told = transport.offsets([one, two])
    assert told.offsets == {one: len(one_data), two: 0}
    assert told.receipts == receipts


def test_cut_upload_and_download_go_on_at_the_byte(model):
    machine = model.region.structure().machine()
    transport = model.admitted(machine)
    name, data = machine.bundle(size=5_000)
    model.model.cut_after_bytes = 2_000
    with pytest.raises(LinkCutError):
        transport.push([(name, data, 0)])
    assert transport.offsets([name]).offsets == {name: 2_000}
    assert len(transport.push([(name, data, 2_000)]).receipts) == 1
    model.model.cut_after_bytes = 3_000
    with pytest.raises(LinkCutError):
        list(transport.pull({machine.own_space: {}}, None))
    resumed = transport.pull({machine.own_space: {}}, transport.interrupted)
    assert list(resumed) == [(name, data)]
    assert transport.bytes_down == len(data)


def test_checkpoints_and_their_pieces_are_treated_the_same(either):
    space = Compacted(either)
    space.write(3)
    proposal = space.propose()
    stray = named(CHUNK_MAGIC + space.space + os.urandom(50))
    assert sent(space.link, stray, proposal.manifest) == dict.fromkeys(
        (stray[0], proposal.manifest[0]), "unknown_piece"
    )
    space.complete(proposal)
    (name, data), other = proposal.chunks
    assert sent(space.link, (name, data + b"!"), other) == {name: "wrong_name"}
    assert space.link.offsets([name, other[0]]).offsets == {name: 0, other[0]: len(other[1])}
    before = space.written[-1][0]
    late = named(space.author.bundle_at(space.space, 4, before, epoch=space.epochs[0].epoch))
    assert sent(space.link, late) == {late[0]: "before_checkpoint"}
    assert sent(space.other_link, *proposal.pieces) == {}
    assert space.pulled_until([]) == []
    assert sent(space.other_link, space.written[0]) == {space.written[0][0]: "before_checkpoint"}
    assert space.pulled(above=3) == []
    names = [name for name, _ in proposal.pieces]
    assert space.fetched([*names[::-1], stray[0]]) == proposal.pieces[::-1]
    assert space.write(1) == space.pulled(above=3)


@pytest.fixture
def void_and_after(either):
    """A bundle of an epoch that a checkpoint has ended, and one of the new epoch that follows it.

    The pieces have not left.
    """
    space = Compacted(either)
    space.write(5)
    proposal = space.propose(cover=4)
    space.kept_statements(*proposal.statements)
    space.write(1)
    space.kept_statements(space.confirmation(proposal), link=space.other_link)
    return space, proposal


def test_what_follows_a_void_bundle_is_dropped_with_it(void_and_after):
    space, proposal = void_and_after
    assert space.pulled() == space.written
    assert sent(space.link, *proposal.pieces) == {}
    assert space.pulled_until([]) == []


@pytest.mark.parametrize("is_together", [True, False])
def test_what_follows_a_void_bundle_gives_its_place_with_it(void_and_after, is_together):
    """Else its author would take its own former bundle for another life's."""
    space, _ = void_and_after
    space.author.go_on_from(space.space, 4, space.written[3][0])
    anew = [space.author.bundle(epoch=space.epoch) for _ in range(3)]
    requests = [anew] if is_together else [[bundle] for bundle in anew]
    assert [sent(space.link, *bundles) for bundles in requests] == [{} for _ in requests]
    assert space.pulled() == [*space.written[:4], *anew]
