"""One exchange after another between two desks, when all goes well."""

from app.changes import Topic
from app.domain.spaces import SpaceKind
from sync.engine import Exchange, TrustAnchor
from sync.statements import SpaceStatement, read_statement
from sync.wire import parse_bundle


def test_first_exchange_makes_the_machine_known(certified):
    door = certified["blanc"]
    report = door.exchange()
    assert report.refused == ()
    registry = certified.relay.registry
    assert door.keyring.machine.id in registry.machines
    assert registry.incarnations[door.port.incarnation()] == door.keyring.machine.id
    assert registry.profiles.keys() == {door.membership.found()}


def test_unchanged_desk_moves_nothing_but_a_greeting(world):
    door, transport = world["blanc"], world["blanc"].transport()
    report = door.exchange(transport)
    assert transport.calls == ["hello", "statement_names"]
    assert (report.pushed, report.pulled, report.bytes_up, report.bytes_down) == (0, 0, 0, 0)
    assert transport.statement_names(door.port.memo("statements_etag")) is None


def test_referral_goes_there_and_its_answer_comes_back(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    assert blanc.statuses("out") == ["a_transmettre"]
    assert blanc.exchange().refused == ()
    assert blanc.statuses("out") == ["transmise"]
    assert chateauroux.exchange().pulled == 1
    assert [line.display_name for line in chateauroux.referrals("in")] == ["Nadia Exemplier"]
    chateauroux.answer("acceptee", message="Jeudi 10 h")
    chateauroux.exchange()
    assert blanc.exchange().pulled == 2
    (line,) = blanc.referrals("out")
    assert [step.status for step in line.history] == [
        "a_transmettre",
        "transmise",
        "recue",
        "acceptee",
    ]
    assert line.history[-1].message == "Jeudi 10 h"


def test_arrival_is_acknowledged_within_the_exchange_that_brought_it(world):
    world["blanc"].receive(world["chateauroux"])
    world["blanc"].exchange()
    assert world["chateauroux"].exchange().pushed == 1
    world["blanc"].exchange()
    assert world["blanc"].statuses("out") == ["recue"]


def test_exchange_again_and_again_brings_nothing_twice(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    for _ in range(2):
        for door in (blanc, chateauroux):
            door.exchange()
    before = blanc.rows(), chateauroux.rows(), len(world.relay.bundles)
    for door in (blanc, chateauroux):
        report = door.exchange()
        assert (report.pushed, report.pulled, report.bundles_down) == (0, 0, 0)
    assert (blanc.rows(), chateauroux.rows(), len(world.relay.bundles)) == before


def test_each_space_is_sealed_apart(world):
    world["blanc"].receive(world["chateauroux"])
    world["blanc"].exchange()
    spaces = {parse_bundle(data).header.space for data in world.relay.bundles.values()}
    kinds = {
        body.space_kind
        for data in world.relay.statements.values()
        if isinstance(body := read_statement(data).body, SpaceStatement) and body.space in spaces
    }
    assert kinds == {SpaceKind.STRUCTURE, SpaceKind.PAIR}


def test_backlog_leaves_in_one_bundle_a_space_and_settles_whole(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    for _ in range(120):
        blanc.receive(chateauroux)
    report = blanc.exchange()
    assert report.pushed == blanc.counts().acknowledged
    assert report.bundles_up == 2
    assert chateauroux.exchange().pulled == 120
    assert len(chateauroux.referrals("in")) == 120


def test_seen_vector_says_what_is_held_and_nothing_more(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    for _ in range(3):
        blanc.receive(chateauroux)
        blanc.exchange()
    chateauroux.exchange()
    chateauroux.answer()
    chateauroux.exchange()
    headers = [parse_bundle(data).header for data in world.relay.bundles.values()]
    mine = [header for header in headers if header.incarnation == blanc.port.incarnation()]
    theirs = [header for header in headers if header.incarnation == chateauroux.port.incarnation()]
    assert all(header.seen == {} for header in mine)
    assert [header.seen for header in theirs] == [{blanc.port.incarnation(): 3}] * 2
    blanc.exchange()
    saw = blanc.query("SELECT incarnation, sequence FROM peers_saw")
    assert saw == [(blanc.port.incarnation(), 3)]


def test_screens_are_told_what_moved(world):
    world["blanc"].receive(world["chateauroux"])
    world["blanc"].exchange()
    told = []
    door = world["chateauroux"]
    anchor = TrustAnchor(authority_key=world.authority.public, relay_key=world.relay.key.public)
    Exchange(door.port, door.transport(), anchor, door.desk.clock, door.arrivals, told.append).run()
    assert Topic.REFERRALS in set().union(*(changes.topics for changes in told))


def test_incarnation_drawn_anew_is_signed_before_anything_leaves_under_it(world):
    class Renewed:
        """The store of a file that found itself restored from a copy."""

        def __init__(self, port):
            self._port = port

        def __getattr__(self, name):
            return getattr(self._port, name)

        def incarnation(self):
            return b"new life"

    door = world["blanc"]
    assert door.exchange(port=Renewed(door.port)).refused == ()
    assert world.relay.registry.incarnations[b"new life"] == door.keyring.machine.id
    link = door.transport()
    door.exchange(link, Renewed(door.port))
    door.exchange(link, Renewed(door.port))
    assert link.calls.count("send_statements") == 0
