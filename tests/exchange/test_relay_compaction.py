"""What the relay drops once a checkpoint is complete, and what it no longer takes or asks for."""

import time

import pytest
import requests
from sqlalchemy import insert, select, update

from sync.frames import encode_frame
from sync.lacking import LACKING_NAME, read_lacking
from sync.relay.contacts import DAY_S
from sync.relay.tables import bundles, contacts, pieces, statements
from tests.exchange.compacting import Compacted, answered, named, sent
from tests.raw_calls import begun_push

pytestmark = pytest.mark.network


@pytest.fixture
def space(relay):
    made = Compacted(relay)
    made.write(5)
    return made


def here(relay, table):
    """The names that a table of the relay holds, seen from behind."""
    with relay.behind() as connection:
        return {bytes(name) for name in connection.scalars(select(table.c.name))}


def test_covered_bundles_go_once_the_checkpoint_is_complete_and_whole(space):
    proposal = space.propose()
    space.kept_statements(*proposal.statements)
    assert sent(space.link, *proposal.chunks) == {}
    assert space.pulled() == space.written
    space.kept_statements(space.confirmation(proposal), link=space.other_link)
    assert space.pulled() == space.written, "its manifest is not here yet"
    assert sent(space.other_link, proposal.manifest) == {}
    assert space.pulled_until([]) == []
    assert space.fetched([name for name, _ in proposal.pieces]) == proposal.pieces


def test_last_confirmation_drops_what_the_pieces_replaced_already(space):
    proposal = space.propose()
    space.kept_statements(*proposal.statements)
    sent(space.link, *proposal.pieces)
    assert space.pulled() == space.written
    space.kept_statements(space.confirmation(proposal), link=space.other_link)
    assert space.pulled_until([]) == []


def test_relay_asks_nobody_for_what_a_checkpoint_covers(space):
    proposal = space.propose()
    space.complete(proposal)
    sent(space.link, *proposal.pieces)
    after = space.write(2)
    assert space.pulled_until(after) == after
    with space.relay.behind() as connection:
        connection.execute(bundles.delete().where(bundles.c.name == after[0][0]))
    (name, data), *given = space.pulled(above=6)
    assert name == LACKING_NAME
    assert [(one.first, one.last) for one in read_lacking(data)] == [(6, 6)]
    assert given == after[1:]
    assert space.pulled(above=5) == after[1:]


def test_what_is_covered_or_under_an_ended_epoch_is_taken_no_more(space):
    proposal = space.propose(cover=4)
    space.complete(proposal)
    late = space.author.bundle(epoch=space.epochs[0].epoch)
    assert sent(space.link, late) == {late[0]: "before_checkpoint"}
    sent(space.link, *proposal.pieces)
    space.pulled_until([])
    refused = sent(space.link, *space.written)
    assert refused == {name: "before_checkpoint" for name, _ in space.written}


def test_void_bundle_gives_its_place_to_what_its_author_writes_there_anew(space):
    """Before the pieces are here too: nobody may take it for another life of the author."""
    proposal = space.propose(cover=4)
    space.complete(proposal)
    space.author.go_on_from(space.space, 4, space.written[3][0])
    anew = space.author.bundle(epoch=space.epoch)
    assert sent(space.link, anew) == {}
    assert space.pulled() == [*space.written[:4], anew]
    forked = space.author.bundle_at(space.space, 5, space.written[3][0], 700, space.epoch)
    assert list(sent(space.link, named(forked)).values()) == ["sequence_taken"]
    sent(space.link, *proposal.pieces)
    assert space.pulled_until([anew]) == [anew]


def test_void_bundle_above_the_cover_is_dropped_too(space):
    proposal = space.propose(cover=3)
    space.complete(proposal)
    sent(space.link, *proposal.pieces)
    assert space.pulled_until([]) == []


def test_pieces_that_no_checkpoint_names_any_more_are_dropped(space):
    first = space.propose(cover=2)
    space.complete(first)
    sent(space.link, *first.pieces)
    bundle = space.write(1)[0]
    second = space.propose(chunks=[first.chunks[0], *space.drawn(1)])
    space.kept_statements(*second.statements)
    sent(space.link, *second.pieces)
    names = [name for name, _ in first.pieces]
    assert space.fetched(names) == first.pieces, "the second waits for the other machine"
    space.kept_statements(space.confirmation(second), link=space.other_link)
    deadline = time.monotonic() + 20
    while (left := space.fetched(names)) != first.chunks[:1] and time.monotonic() < deadline:
        pass
    assert left == first.chunks[:1]
    assert space.fetched([name for name, _ in second.pieces]) == second.pieces
    assert bundle not in space.pulled()
    assert set(sent(space.link, *first.pieces[1:]).values()) == {"unknown_piece"}


def test_upload_begun_before_the_checkpoint_is_refused_after_it(space):
    """What was believed when the request began does not bring back what was dropped since."""
    name, data = space.author.bundle(epoch=space.epochs[0].epoch, size=9_000)
    frame = encode_frame(name, data)
    with begun_push(space.relay, space.author.signer, len(frame), frame[:5_000]) as link:
        while not space.link.offsets([name]).offsets[name]:
            pass
        space.complete(space.propose())
        link.sendall(frame[5_000:])
        assert b'"before_checkpoint"' in answered(link)


def test_restored_relay_gets_its_pieces_again_from_any_member(space):
    proposal = space.propose()
    space.complete(proposal)
    sent(space.link, *proposal.pieces)
    space.pulled_until([])
    with space.relay.behind() as connection:
        lost = pieces.delete().where(pieces.c.name == proposal.manifest[0])
        connection.execute(lost)
    name, data = proposal.manifest
    assert space.other_link.offsets([name]).offsets == {name: 0}
    assert sent(space.other_link, proposal.manifest) == {}
    assert space.other_link.offsets([name]).offsets == {name: len(data)}


def test_relay_stopped_before_it_dropped_anything_does_so_when_it_starts(own_relay):
    space = interrupted(own_relay)
    own_relay.start()
    space.other_link = own_relay.transport(space.other)
    assert space.pulled_until([]) == []
    assert here(own_relay, bundles) == set()


def test_prune_drops_what_a_checkpoint_made_useless_once(own_relay):
    interrupted(own_relay)
    would = own_relay.run("prune", "--dry-run", "--json")
    assert '"covered_bundles": 5' in would
    done = own_relay.run("prune", "--json")
    assert '"covered_bundles": 5' in done
    assert '"unnamed_pieces": 1' in done
    assert here(own_relay, bundles) == set()
    assert '"covered_bundles": 0' in own_relay.run("prune", "--json")
    assert own_relay.attempt("verify").returncode == 0


def interrupted(relay):
    """A relay that is killed when the last piece was written, and nothing was dropped yet."""
    space = Compacted(relay)
    space.write(5)
    former, proposal = space.propose(cover=2), space.propose()
    space.kept_statements(*former.statements)
    assert sent(space.link, former.manifest) == {}
    space.complete(proposal)
    assert sent(space.link, *proposal.chunks) == {}
    relay.kill()
    name, data = proposal.manifest
    row = {"name": name, "space": space.space, "machine": space.author.id, "size": len(data)}
    with relay.behind() as connection:
        connection.execute(insert(pieces).values(row | {"body": data, "at": 1}))
    return space


def test_machine_that_was_heard_is_not_declared_dormant(space):
    proposal = space.propose()
    space.kept_statements(*proposal.statements)
    (refused,) = space.link.send_statements([space.dormant(proposal)]).refused
    assert refused.code == "still_active"
    sent(space.link, *proposal.pieces)
    assert space.pulled() == space.written


@pytest.mark.parametrize(("days", "is_active"), [(89, True), (92, False)])
def test_machine_silent_for_ninety_days_may_be_declared_dormant(space, days, is_active):
    proposal = space.propose()
    space.kept_statements(*proposal.statements)
    then_s = int(time.time()) - days * DAY_S
    with space.relay.behind() as connection:
        heard = contacts.c.machine == space.other.id
        connection.execute(update(contacts).where(heard).values(day=then_s // DAY_S))
        certificate = statements.c.body == space.other.certificate
        connection.execute(update(statements).where(certificate).values(at=then_s))
    refused = space.link.send_statements([space.dormant(proposal)]).refused
    assert [one.code for one in refused] == (["still_active"] if is_active else [])


def test_machine_that_has_just_come_is_not_dormant_though_it_said_nothing(space):
    proposal = space.propose()
    space.kept_statements(*proposal.statements)
    with space.relay.behind() as connection:
        connection.execute(contacts.delete().where(contacts.c.machine == space.other.id))
    (refused,) = space.link.send_statements([space.dormant(proposal)]).refused
    assert refused.code == "still_active"


def test_dormant_machine_completes_the_checkpoint_and_bundles_go(space):
    proposal = space.propose()
    space.kept_statements(*proposal.statements)
    sent(space.link, *proposal.pieces)
    with space.relay.behind() as connection:
        heard = contacts.c.machine == space.other.id
        connection.execute(update(contacts).where(heard).values(day=1))
        certificate = statements.c.body == space.other.certificate
        connection.execute(update(statements).where(certificate).values(at=1))
    space.kept_statements(space.dormant(proposal))
    assert space.pulled_until([]) == []


def test_checkpoints_are_counted(limited_relay):
    relay = limited_relay()
    space = Compacted(relay)
    space.write(4)
    proposal = space.propose()
    space.complete(proposal)
    sent(space.link, *proposal.pieces)
    assert space.pulled_until([]) == []
    told = requests.get(relay.metrics_url, timeout=10).text
    assert 'deux_portes_relay_kept_total{what="pieces"} 3.0' in told
    assert 'deux_portes_relay_dropped_total{what="covered_bundles"} 4.0' in told
    assert "deux_portes_relay_pieces 3.0" in told
