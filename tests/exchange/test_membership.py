"""How a desk comes to belong, and what a second machine of a structure can read."""

import dataclasses
from contextlib import suppress

import pytest

from app.usecases.desk import name_own_structure
from sync.ceremony_files import read_join_request_file
from sync.errors import (
    CarriedFileRefusedError,
    NoIdentityError,
    NoRegionError,
    NotAdmittedYetError,
    NotTheRootError,
    OtherStructureError,
    UnknownRequestError,
)
from sync.membership import Membership
from sync.sealing import Sealing
from sync.statements import JoinRequest, read_statement
from tests.exchange.desks import joined, joining, new_world
from tests.exchange.links import PowerCutError, dying_port


@pytest.fixture
def working(world):
    """Two doors that have exchanged a referral and its answer."""
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    blanc.exchange()
    chateauroux.exchange()
    chateauroux.answer()
    chateauroux.exchange()
    blanc.exchange()
    return world


def test_second_machine_asks_by_the_relay_and_is_admitted_by_its_code(working):
    second, spoken = joining(working, "blanc")
    blanc = working["blanc"]
    with pytest.raises(NotAdmittedYetError):  # the invitation has not reached the relay
        second.exchange()
    blanc.exchange()
    second.exchange()
    blanc.exchange()
    (waiting,) = blanc.membership.waiting()
    assert (waiting.spoken, waiting.token_used) == (spoken, False)
    assert second.query("SELECT count(*) FROM bundles") == [(0,)]
    assert blanc.membership.admit(spoken.lower().replace("-", " ")).machine == waiting.machine
    assert blanc.membership.waiting() == []
    blanc.exchange()
    assert second.exchange().pulled > 0


def test_second_machine_reads_all_that_was_written_before_it(working):
    second = joined(working, "blanc")
    blanc = working["blanc"]
    assert second.reasons() == []
    assert second.query("SELECT display_name FROM persons") == [("Nadia Exemplier",)]
    assert second.statuses("out") == blanc.statuses("out") == ["acceptee"]
    at_chateauroux = joined(working, "chateauroux", "third")
    assert at_chateauroux.statuses("in") == ["acceptee"]


def test_second_machine_answers_and_both_structures_read_it(working):
    blanc, chateauroux = working["blanc"], working["chateauroux"]
    blanc.receive(chateauroux)
    blanc.exchange()
    third = joined(working, "chateauroux", "third")
    assert len(third.referrals("in")) == 2
    newest = next(n for n, status in enumerate(third.statuses("in")) if status == "recue")
    third.answer("acceptee", which=newest, message="Du second poste")
    assert third.exchange().refused == ()
    for door in (blanc, chateauroux):
        door.exchange()
        assert door.reasons() == []
    assert blanc.statuses("out") == ["acceptee", "acceptee"]
    assert chateauroux.statuses("in") == ["acceptee", "acceptee"]
    assert "Du second poste" in [
        step.message for line in blanc.referrals("out") for step in line.history
    ]


def test_work_done_before_admission_waits_and_then_leaves(working):
    blanc = working["blanc"]
    second, spoken = joining(working, "blanc")
    second.receive()
    pending = second.counts().pending
    blanc.exchange()
    second.exchange()
    assert (second.counts().pending, list(second.port.unsent())) == (pending, [])
    blanc.exchange()
    blanc.membership.admit(spoken)
    blanc.exchange()
    assert second.exchange().pushed == pending
    assert blanc.exchange().pulled == pending
    assert len(blanc.port.secrets()) == len(set(blanc.port.secrets()))
    assert blanc.reasons() == []


def test_request_carried_by_hand_is_as_good(working):
    blanc = working["blanc"]
    second = working.new_door("second")
    invitation, request = second.membership.join(blanc.membership.invite().to_json())
    name_own_structure(second.desk, structure=invitation.structure, name="blanc", reference="")
    blanc.membership.take_request(request.to_json())
    assert [waiting.spoken for waiting in blanc.membership.waiting()] == [request.spoken]
    blanc.membership.admit(request.spoken)
    blanc.exchange()
    assert second.exchange().pulled > 0
    assert second.exchange().refused == ()
    working["chateauroux"].exchange()
    incarnations = working["chateauroux"].registry.incarnations
    assert second.port.incarnation() in incarnations


def test_code_that_was_read_wrong_admits_nobody(working):
    blanc = working["blanc"]
    second, spoken = joining(working, "blanc")
    statements = map(read_statement, second.port.statements())
    request = next(one.name for one in statements if isinstance(one.body, JoinRequest))
    blanc.port.keep_statements({request: second.registry.statement_bytes(request)})
    wrong = spoken[:-1] + ("2" if spoken[-1] != "2" else "3")
    for said in (wrong, "", "    ", spoken[:4]):
        with pytest.raises(UnknownRequestError):
            blanc.membership.admit(said)
    assert second.keyring.machine.id not in blanc.registry.machines
    assert len(blanc.membership.waiting()) == 1


def test_second_request_with_one_invitation_is_shown_as_such(working):
    blanc = working["blanc"]
    text = blanc.membership.invite().to_json()
    doors = [working.new_door(name) for name in ("second", "third")]
    requests = [door.membership.join(text)[1] for door in doors]
    for request in requests:
        blanc.membership.take_request(request.to_json())
    assert [waiting.token_used for waiting in blanc.membership.waiting()] == [False, False]
    assert not blanc.membership.admit(requests[0].spoken).token_used
    (other,) = blanc.membership.waiting()
    assert (other.spoken, other.token_used) == (requests[1].spoken, True)


def test_request_waits_until_its_invitation_is_known(working):
    blanc, second = working["blanc"], joined(working, "blanc")
    third = working.new_door("third")
    _, request = third.membership.join(second.membership.invite().to_json())
    blanc.membership.take_request(request.to_json())
    assert blanc.membership.waiting() == []
    with pytest.raises(UnknownRequestError):
        blanc.membership.admit(request.spoken)
    second.exchange()
    blanc.exchange()
    assert [waiting.spoken for waiting in blanc.membership.waiting()] == [request.spoken]


def test_request_to_another_structure_is_not_ours_to_admit(working):
    """A relay that hands Le Blanc the requests of Châteauroux gets nobody in."""
    blanc, chateauroux = working["blanc"], working["chateauroux"]
    second = working.new_door("second")
    _, request = second.membership.join(chateauroux.membership.invite().to_json())
    theirs = {read_statement(data).name: data for data in chateauroux.port.statements()}
    blanc.port.keep_statements(theirs)
    blanc.membership.take_request(request.to_json())
    assert blanc.membership.waiting() == []
    with pytest.raises(UnknownRequestError):
        blanc.membership.admit(request.spoken)
    chateauroux.membership.take_request(request.to_json())
    assert chateauroux.membership.admit(request.spoken).machine == request.request.machine


def test_epoch_made_elsewhere_meanwhile_reaches_a_machine_admitted_without_it(working):
    """Two machines, and a key made by one that the one who admits the third never saw."""
    blanc = working["blanc"]
    second = joined(working, "blanc")
    third, spoken = joining(working, "blanc", "third")
    blanc.exchange()
    third.exchange()
    blanc.exchange()
    # The second machine makes a key of its own, as one does that knows of none.
    own = blanc.desk.own_structure().space
    made = Sealing(second.port, second.registry, second.keyring).new_epoch(own)
    blanc.membership.admit(spoken)
    blanc.exchange()
    second.receive()
    second.exchange()
    third.exchange()
    assert (own.id, made.epoch) in third.keyring.epochs
    assert third.reasons() == []


def test_only_the_first_machine_admits(working):
    second = joined(working, "blanc")
    _, spoken = joining(working, "blanc", "third")
    with pytest.raises(NotTheRootError):
        second.membership.admit(spoken)


def test_machine_that_joined_does_not_found_another_structure(working):
    second, _ = joining(working, "blanc")
    before = second.port.secrets(), second.port.statements()
    with pytest.raises(NotTheRootError):
        second.membership.found()
    assert (second.port.secrets(), second.port.statements()) == before


def test_second_machine_invites_and_the_first_admits(working):
    blanc, second = working["blanc"], joined(working, "blanc")
    third = working.new_door("third")
    _, request = third.membership.join(second.membership.invite().to_json())
    second.exchange()
    blanc.exchange()
    blanc.membership.take_request(request.to_json())
    blanc.membership.admit(request.spoken)
    blanc.exchange()
    name_own_structure(third.desk, structure=request.request.structure, name="blanc", reference="")
    assert third.exchange().pulled > 0


def test_joining_twice_makes_the_same_request(working):
    text = working["blanc"].membership.invite().to_json()
    second = working.new_door("second")
    first, again = (second.membership.join(text)[1] for _ in range(2))
    assert first.statement == again.statement
    assert read_join_request_file(first.to_json()).spoken == first.spoken


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(1, 5))
def test_founding_cut_short_is_finished_by_founding_again(world, at, after):
    door = world.new_door("argenton")
    door.membership.keep_region(world.region.to_json())
    with suppress(PowerCutError):
        Membership(dying_port(door.port, at, after=after), world.clock).found()
    structure = door.membership.found()
    name_own_structure(door.desk, structure=structure, name="argenton", reference="")
    world.certify("argenton")
    assert door.exchange().refused == ()
    assert structure in world.relay.registry.profiles
    assert door.keyring.machine.id in world.relay.registry.machines
    statements = list(door.port.statements())
    assert door.membership.found() == structure
    assert list(door.port.statements()) == statements


def test_certificate_of_another_structure_is_refused(certified):
    blanc, chateauroux = certified["blanc"], certified["chateauroux"]
    request = chateauroux.membership.request(name="x", directory="")
    with pytest.raises(OtherStructureError):
        blanc.membership.accept(certified.certificate(request).to_json())


def test_files_of_another_region_are_refused(tmp_path, certified):
    blanc, elsewhere = certified["blanc"], new_world(tmp_path / "elsewhere")
    request = blanc.membership.request(name="x", directory="")
    for refuse in (
        lambda: blanc.membership.keep_region(elsewhere.region.to_json()),
        lambda: blanc.membership.accept(elsewhere.certificate(request).to_json()),
    ):
        with pytest.raises(CarriedFileRefusedError) as refused:
            refuse()
        assert refused.value.facts == {"reason": "other_authority"}
    assert blanc.membership.region().authority_key == certified.authority.public


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"kind": "region"}'])
def test_files_that_say_nothing_are_refused(certified, text):
    membership = certified["blanc"].membership
    for read in (
        membership.keep_region,
        membership.accept,
        membership.join,
        membership.take_request,
    ):
        with pytest.raises(CarriedFileRefusedError):
            read(text)


def test_region_file_made_before_its_relay_takes_no_relay_away(certified):
    membership = certified["blanc"].membership
    old = dataclasses.replace(certified.region, relay_url="", relay_statement=b"")
    assert membership.keep_region(old.to_json()).relay_key == certified.relay.key.public
    assert membership.region().relay_url == certified.region.relay_url


def test_desk_without_a_region_neither_invites_nor_names_one(certified):
    door = certified.new_door("argenton")
    with pytest.raises(NoRegionError):
        door.membership.region()
    door.membership.found()
    with pytest.raises(NoRegionError):
        door.membership.invite()
    door.membership.keep_region(certified.region.to_json())
    with pytest.raises(NoRegionError):  # not certified yet
        door.membership.invite()


def test_desk_that_belongs_to_nobody_has_no_keys(certified):
    door = certified.new_door("argenton")
    with pytest.raises(NoIdentityError):
        door.exchange(transport=object())
    with pytest.raises(NotTheRootError):
        door.membership.request(name="x", directory="")
