"""What a pulled bundle must prove; one that does not never stops those after it."""

import pytest

from app.domain.events import Write
from app.domain.identifiers import Incarnation
from sync.canonical import canonical, read_canonical
from sync.key_wraps import new_epoch_key, wrap_epoch
from sync.keys import SigningKey
from sync.settlement import Settlement
from sync.statements import IncarnationStatement, Revocation, sign_statement, statement_name
from tests.exchange.desks import Door
from tests.exchange.forging import Forger, pair_of
from ui.exchange_words import ASIDE


@pytest.fixture
def pair(world):
    """Both doors and the space between them, in which one referral has gone."""
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    blanc.exchange()
    chateauroux.exchange()
    return blanc, chateauroux, pair_of(blanc, chateauroux)


def settlement(door: Door) -> Settlement:
    return Settlement(door.port, door.registry, door.keyring.epoch_keys)


def shown(door: Door) -> list[str]:
    """The given names of the shared referrals that a desk holds."""
    return sorted(name for (name,) in door.query("SELECT display_name FROM shared_referrals"))


def test_bundle_that_proves_everything_is_applied(pair):
    blanc, chateauroux, space = pair
    forger = Forger(blanc, space.id)
    outcome = settlement(chateauroux).settle(*forger.bundle(*forger.events(2)))
    assert outcome.reason == ""
    assert outcome.settled.applied == 2
    assert "Exemple 1001" in shown(chateauroux)


def test_empty_bundle_carries_a_seen_vector_alone(pair):
    blanc, chateauroux, space = pair
    outcome = settlement(chateauroux).settle(*Forger(blanc, space.id).bundle())
    assert outcome.settled.applied == 0
    assert chateauroux.port.seen(space.id)[blanc.port.incarnation()] == 2


def test_bytes_that_are_no_bundle_wait_as_malformed(pair):
    _, chateauroux, _ = pair
    data = b"DPB\x01 and then nothing"
    assert settlement(chateauroux).settle(statement_name(data), data).reason == "malformed"
    assert chateauroux.reasons() == ["malformed"]
    assert settlement(chateauroux).retry() == []


def of_a_later_suite(forger: Forger) -> tuple[bytes, bytes]:
    """A bundle that a later program seals in another way: only the number of its suite tells."""
    _, data = forger.aside(forger.event())
    end = 6 + int.from_bytes(data[4:6], "big")
    header = canonical(read_canonical(data[6:end], 65_535) | {1: 2})
    later = data[:4] + len(header).to_bytes(2, "big") + header + data[end:]
    return statement_name(later), later


def test_bundle_of_a_later_suite_waits_for_a_newer_program(pair):
    blanc, chateauroux, space = pair
    forger = Forger(blanc, space.id)
    name, data = of_a_later_suite(forger)
    here = settlement(chateauroux)
    assert here.settle(name, data).reason == "unknown_suite"
    assert here.settle(*forger.bundle(forger.event())).reason == ""
    here.retry()
    port = Counting(chateauroux.port)
    again = Settlement(port, chateauroux.registry, chateauroux.keyring.epoch_keys)
    assert (again.retry(), port.read) == ([], 0)
    port.keep_memo("quarantine_tried", "1/0")  # as an older program left it
    assert [one.reason for one in again.retry()] == ["unknown_suite"]
    assert chateauroux.port.bytes_aside(name) == data


def test_columns_of_a_later_format_wait_and_the_next_bundles_go_on(pair):
    blanc, chateauroux, space = pair
    forger = Forger(blanc, space.id)
    here = settlement(chateauroux)
    later = canonical({1: 3, 2: "whatever it means then"})
    assert here.settle(*forger.bundle(columns=later)).reason == "cannot_open"
    assert here.settle(*forger.bundle(forger.event())).reason == ""


REASONS = (
    *("missing_key", "gap", "unknown_incarnation", "not_a_member", "revoked", "unproven"),
    *("waits_for_agent", "forked", "event_forged", "unreadable", "cannot_open", "unknown_suite"),
    *("unknown_space_kind", "wrong_name", "malformed", "bad_signature", "too_large"),
)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_to_set_aside_is_said_in_words(reason):
    assert reason in ASIDE


def test_bytes_under_another_name_are_not_looked_at(pair):
    blanc, chateauroux, space = pair
    forger = Forger(blanc, space.id)
    name, data = forger.bundle(forger.event())
    assert settlement(chateauroux).settle(bytes(32), data).reason == "wrong_name"
    assert settlement(chateauroux).settle(name, data).reason == ""


def test_bytes_that_do_not_bear_their_name_never_replace_those_that_do(pair):
    blanc, chateauroux, space = pair
    forger = Forger(blanc, space.id, epoch=new_epoch_key(space.id, 2))
    name, data = forger.bundle(forger.event())
    settlement(chateauroux).settle(name, data)
    settlement(chateauroux).settle(name, b"something else")
    (kept,) = chateauroux.port.set_aside()
    assert (kept.reason, kept.data) == ("missing_key", data)


def test_bundle_signed_by_another_key_is_not_its_author_s(pair):
    blanc, chateauroux, space = pair
    forger = Forger(blanc, space.id)
    event = forger.event()
    forged = forger.aside(event, sign=SigningKey.generate())
    assert settlement(chateauroux).settle(*forged).reason == "bad_signature"
    assert chateauroux.port.head_of(space.id, blanc.port.incarnation()).sequence == 1
    assert settlement(chateauroux).settle(*forger.bundle(event)).reason == ""


def test_machine_of_a_third_structure_writes_nothing_between_two(pair):
    blanc, chateauroux, space = pair
    world = blanc.world
    world.found("argenton")
    world.certify("argenton")
    stranger = world["argenton"]
    stranger.exchange()
    chateauroux.exchange()
    forger = Forger(stranger, space.id, epoch=Forger(blanc, space.id).epoch)
    assert settlement(chateauroux).settle(*forger.bundle(forger.event())).reason == "not_a_member"
    assert shown(chateauroux) == ["Nadia Exemplier"]


def test_unknown_incarnation_waits_for_its_statement(pair):
    blanc, chateauroux, space = pair
    forger = Forger(blanc, space.id)
    forger.incarnation, forger.sequence, forger.previous = Incarnation(b"new life"), 0, b""
    bundles = [forger.bundle(forger.event()) for _ in range(2)]
    before = settlement(chateauroux)
    reasons = [before.settle(*bundle).reason for bundle in bundles]
    assert reasons == ["unknown_incarnation"] * 2
    machine = blanc.keyring.machine
    body = IncarnationStatement(machine=machine.id, incarnation=forger.incarnation, at_s=1)
    data = sign_statement(body, machine.sign.private_key)
    chateauroux.port.keep_statements({statement_name(data): data})
    after = settlement(chateauroux).retry()
    assert [outcome.settled.applied for outcome in after] == [1, 1]
    assert chateauroux.reasons() == []


def test_missing_key_waits_and_the_next_bundles_go_on(pair):
    blanc, chateauroux, space = pair
    epoch = new_epoch_key(space.id, 2)
    forger = Forger(blanc, space.id)
    usual, forger.epoch = forger.epoch, epoch
    locked = forger.bundle(forger.event())
    forger.epoch = usual
    following = forger.bundle(forger.event())
    here = settlement(chateauroux)
    assert here.settle(*locked).reason == "missing_key"
    assert here.settle(*following).reason == ""
    # Nothing is pulled again, and nobody is told that the missing one was read.
    assert here.held(space.id)[blanc.port.incarnation()] == 3
    assert settlement(chateauroux).held(space.id)[blanc.port.incarnation()] == 3
    assert chateauroux.port.seen(space.id)[blanc.port.incarnation()] == 1
    profile = chateauroux.registry.profiles[chateauroux.desk.own_structure().id]
    wrap = wrap_epoch(epoch, profile, blanc.keyring.machine)
    blanc.world.relay.statements[statement_name(wrap)] = wrap
    assert chateauroux.exchange().pulled == 1
    assert chateauroux.reasons() == []
    assert chateauroux.port.seen(space.id)[blanc.port.incarnation()] == 3
    assert shown(chateauroux) == ["Exemple 1001", "Exemple 1002", "Nadia Exemplier"]


def test_unreadable_content_waits_and_the_next_bundles_go_on(pair):
    blanc, chateauroux, space = pair
    forger = Forger(blanc, space.id)
    here = settlement(chateauroux)
    assert here.settle(*forger.bundle(columns=b"not columns")).reason == "unreadable"
    assert here.settle(*forger.bundle(forger.event())).reason == ""
    assert shown(chateauroux) == ["Exemple 1001", "Nadia Exemplier"]


def test_same_identifier_with_other_content_is_never_applied(pair):
    blanc, chateauroux, space = pair
    forger = Forger(blanc, space.id)
    event = forger.event()
    changed = forger.event(
        id=event.id,
        subject=event.subject,
        writes=(Write(field="given_name", value="Autre"),),
    )
    here = settlement(chateauroux)
    assert here.settle(*forger.bundle(event)).reason == ""
    assert here.settle(*forger.bundle(changed)).reason == "event_forged"
    assert here.settle(*forger.bundle(forger.event())).reason == ""
    assert shown(chateauroux) == ["Exemple 1001", "Exemple 1003", "Nadia Exemplier"]
    assert settlement(chateauroux).retry() == []


def test_second_bundle_at_one_place_is_a_fork(pair):
    blanc, chateauroux, space = pair
    forger = Forger(blanc, space.id)
    here = settlement(chateauroux)
    other = forger.aside(forger.event())
    first = forger.bundle(forger.event())
    assert here.settle(*first).reason == ""
    assert here.settle(*other).reason == "forked"
    assert here.settle(*forger.bundle(forger.event())).reason == ""
    assert here.settle(*other).reason == "forked"
    assert settlement(chateauroux).settle(*first).reason == ""


def test_second_bundle_at_a_place_set_aside_is_a_fork(pair):
    blanc, chateauroux, space = pair
    forger = Forger(blanc, space.id)
    usual = forger.epoch
    other = forger.aside(forger.event())
    forger.epoch = new_epoch_key(space.id, 2)
    locked = forger.bundle(forger.event())
    here = settlement(chateauroux)
    assert here.settle(*locked).reason == "missing_key"
    assert here.settle(*other).reason == "forked"
    forger.epoch = usual
    assert here.settle(*forger.bundle(forger.event())).reason == ""


def test_chain_that_goes_on_from_another_bundle_is_refused(pair):
    blanc, chateauroux, space = pair
    forger = Forger(blanc, space.id)
    forger.previous = bytes(32)
    assert settlement(chateauroux).settle(*forger.bundle(forger.event())).reason == "forked"
    assert shown(chateauroux) == ["Nadia Exemplier"]


def test_bundle_before_which_one_is_missing_waits(pair):
    blanc, chateauroux, space = pair
    forger = Forger(blanc, space.id)
    missing, late = (forger.bundle(forger.event()) for _ in range(2))
    here = settlement(chateauroux)
    assert here.settle(*late).reason == "gap"
    assert here.held(space.id)[blanc.port.incarnation()] == 1
    here.settle(*missing)
    assert [outcome.reason for outcome in here.retry()] == [""]
    assert chateauroux.reasons() == []


def test_what_a_removed_machine_wrote_after_what_was_accepted_waits_for_a_person(pair):
    blanc, chateauroux, space = pair
    forger = Forger(blanc, space.id)
    accepted, late, later = (forger.bundle(forger.event()) for _ in range(3))
    place = (space.id, forger.incarnation, 2, accepted[0])
    body = Revocation(target=blanc.keyring.machine.id, at_s=1, accepted=(place,))
    root = blanc.membership.root()
    data = sign_statement(body, root.private_key)
    chateauroux.port.keep_statements({statement_name(data): data})
    here = settlement(chateauroux)
    reasons = [here.settle(*bundle).reason for bundle in (accepted, late, later)]
    assert reasons == ["", "revoked", "revoked"]
    # The next exchanges do not download them again.
    assert here.held(space.id)[forger.incarnation] == 4


@pytest.mark.parametrize("erasure_first", [True, False], ids=["before", "after"])
def test_erasure_ends_a_subject_whenever_it_comes(pair, erasure_first):
    blanc, chateauroux, space = pair
    forger = Forger(blanc, space.id)
    made = forger.event()
    edit = forger.event(
        subject=made.subject,
        writes=(Write(field="given_name", value="Changé", replaces=(made.id,)),),
    )
    erasure = forger.event(subject=made.subject, kind="erase", writes=())
    last = [erasure, edit] if erasure_first else [edit, erasure]
    # The identifiers within a bundle grow, bundles may carry them in any order.
    for event in [made, *last]:
        assert settlement(chateauroux).settle(*forger.bundle(event)).reason == ""
    assert shown(chateauroux) == ["Nadia Exemplier"]
    left = chateauroux.query("SELECT body FROM events WHERE subject = ?", made.subject)
    bodies = [body for (body,) in left if body is not None]
    assert all(b"Chang" not in body and b"Exemple" not in body for body in bodies)


def test_reason_that_has_not_changed_is_not_written_again(pair):
    blanc, chateauroux, space = pair
    forger = Forger(blanc, space.id, epoch=new_epoch_key(space.id, 2))
    settlement(chateauroux).settle(*forger.bundle(forger.event()))
    rows = "SELECT rowid FROM quarantine"
    before = chateauroux.query(rows)
    settlement(chateauroux).retry()
    assert chateauroux.query(rows) == before


BAD = {
    "unreadable": lambda forger: forger.bundle(columns=b"not columns"),
    "bad_signature": lambda forger: forger.aside(forger.event(), sign=SigningKey.generate()),
    "forked": lambda forger: forger.aside(forger.event()),
}


@pytest.mark.parametrize("reason", BAD)
def test_bad_bundle_on_the_relay_blocks_nobody(pair, reason):
    blanc, chateauroux, space = pair
    forger = Forger(blanc, space.id)
    name, data = BAD[reason](forger)
    good = forger.bundle(forger.event())
    blanc.world.relay.bundles |= {name: data, good[0]: good[1]}
    report = chateauroux.exchange()
    assert (report.set_aside, chateauroux.reasons()) == (1, [reason])
    assert any(given.startswith("Exemple") for given in shown(chateauroux))
    chateauroux.answer("acceptee", which=-1)
    assert chateauroux.exchange().pushed == 1


class Counting:
    """A store that counts the bundles whose bytes are read out of the quarantine."""

    def __init__(self, port):
        self._port = port
        self.read = 0

    def __getattr__(self, name):
        return getattr(self._port, name)

    def bytes_aside(self, name):
        self.read += 1
        return self._port.bytes_aside(name)


def test_what_is_set_aside_is_read_again_only_when_what_it_lacked_is_there(pair):
    blanc, chateauroux, space = pair
    forger = Forger(blanc, space.id)
    late = [forger.bundle(forger.event()) for _ in range(6)]
    here = settlement(chateauroux)
    for bundle in late[1:]:
        assert here.settle(*bundle).reason == "gap"
    here.retry()
    port = Counting(chateauroux.port)
    again = Settlement(port, chateauroux.registry, chateauroux.keyring.epoch_keys)
    assert (again.retry(), port.read) == ([], 0)
    assert again.settle(*late[0]).reason == ""
    assert len(again.retry()) == 5
    assert chateauroux.reasons() == []


def test_a_key_tries_again_only_what_waited_for_it(pair):
    blanc, chateauroux, space = pair
    first, second = (new_epoch_key(space.id, number) for number in (2, 3))
    forger = Forger(blanc, space.id)
    here = settlement(chateauroux)
    for epoch in (first, second, first):
        forger.epoch = epoch
        assert here.settle(*forger.bundle(forger.event())).reason == "missing_key"
    here.retry()
    keys = chateauroux.keyring.epoch_keys | {(space.id, first.epoch): first.key}
    port = Counting(chateauroux.port)
    settled = Settlement(port, chateauroux.registry, keys).retry()
    assert (len(settled), port.read) == (2, 2)
    assert chateauroux.reasons() == ["missing_key"]
