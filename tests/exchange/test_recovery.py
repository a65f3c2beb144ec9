"""The only laptop of a structure burned: what a printed code brings back."""

import itertools

import pytest

from app.usecases.desk import name_own_structure
from sync.errors import LinkCutError, NotTheRootError, RecoveryCodeError, RecoveryUnknownError
from sync.keyring import ROOT
from sync.machines import Machines
from sync.paper_machine import DRAWN_SIGNS, keys_of, new_code
from sync.recovery import Recovered, RecoveryKit, open_structure, paper_keys
from sync.statement_files import statements_for
from sync.statement_sharing import all_statements
from sync.statements import (
    SPOKEN_ALPHABET,
    IncarnationStatement,
    read_statement,
    sign_statement,
    statement_name,
)
from tests.exchange.desks import Door, World, joined
from tests.fakes.transport import ModelTransport


def kit(door: Door) -> str:
    return RecoveryKit(door.port, door.desk.clock).make()


def told(world: World, code: str) -> list[bytes]:
    return all_statements(ModelTransport(world.relay, paper_keys(code).id))


def recovered(world: World, code: str, name: str = "new", statements=None, lost=None) -> Door:
    opened = open_structure(
        world.region.to_json(), paper_keys(code), statements or told(world, code)
    )
    door = world.new_door(name)
    gone = opened.others if lost is None else lost
    Recovered.begin(door.port, door.desk.clock, opened, gone)
    name_own_structure(
        door.desk,
        structure=opened.root.id,
        name=opened.certificate.name,
        reference=opened.certificate.directory,
    )
    return door


@pytest.fixture
def insured(world):
    """Le Blanc printed its code, then worked with Châteauroux, which answered."""
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    code = kit(blanc)
    blanc.receive(chateauroux)
    blanc.receive()
    blanc.exchange()
    chateauroux.exchange()
    chateauroux.answer(message="Venez lundi")
    chateauroux.exchange()
    blanc.exchange()
    return world, code


def test_everything_comes_back_and_work_goes_on(insured):
    world, code = insured
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    rows, burned = blanc.rows(), blanc.keyring.machine.id
    new = recovered(world, code)
    new.exchange()
    assert new.reasons() == []
    back = new.rows()
    for table in ("persons", "demands", "encounters", "agreements", "referrals"):
        assert back[table] == rows[table]
    assert new.statuses("out") == ["acceptee"]
    assert new.registry.is_revoked(burned)
    new.receive(chateauroux)
    new.exchange()
    chateauroux.exchange()
    assert chateauroux.reasons() == []
    assert len(chateauroux.referrals("in")) == 2
    assert chateauroux.registry.is_revoked(burned)
    newest = chateauroux.statuses("in").index("recue")
    chateauroux.answer(which=newest)
    chateauroux.exchange()
    new.exchange()
    assert sorted(new.statuses("out")) == ["acceptee", "acceptee"]


def test_what_the_burned_machine_had_sent_is_accepted_and_nothing_later(insured):
    world, code = insured
    blanc = world["blanc"]
    new = recovered(world, code)
    new.exchange()
    accepted = {
        (space, incarnation): sequence
        for removal in new.registry.removals_of(blanc.keyring.machine.id)
        for space, incarnation, sequence, _ in removal.accepted
    }
    assert accepted == {
        (space, blanc.port.incarnation()): blanc.port.head(space).sequence
        for space in new.registry.spaces
    }


def test_removal_waits_until_everything_has_come(insured):
    world, code = insured
    burned = world["blanc"].keyring.machine.id
    new = recovered(world, code)
    world.relay.cut_after_bytes = 100
    with pytest.raises(LinkCutError):
        new.exchange()
    assert not new.registry.is_revoked(burned)
    assert [line.is_leaving for line in Machines(new.port, new.desk.clock).all()].count(True) == 1
    new.exchange()
    assert new.registry.is_revoked(burned)
    assert new.reasons() == []


def test_third_machine_that_survived_stays(insured):
    world, code = insured
    blanc = world["blanc"]
    second = joined(world, "blanc")
    new = recovered(world, code, lost=[blanc.keyring.machine.id])
    new.exchange()
    second.receive(world["chateauroux"])
    second.exchange()
    new.exchange()
    world["chateauroux"].exchange()
    for door in (new, second, world["chateauroux"]):
        assert door.reasons() == []
    assert second.keyring.machine.id not in map(bytes, world["blanc"].port.former_lives())
    assert not new.registry.is_revoked(second.keyring.machine.id)


def test_new_machine_admits_others_as_the_first_did(insured):
    world, code = insured
    new = recovered(world, code)
    new.exchange()
    third = joined(world, "new", "third")
    assert third.reasons() == []
    assert third.statuses("out") == ["acceptee"]


def test_code_recovers_also_from_statements_that_were_carried(insured):
    world, code = insured
    chateauroux = world["chateauroux"]
    blanc = world["blanc"].desk.own_structure().id
    carried = statements_for(world["blanc"].registry, blanc)
    new = recovered(world, code, statements=carried)
    new.exchange()
    assert new.statuses("out") == chateauroux.statuses("in")


def test_new_code_ends_the_former_one(insured):
    world, former = insured
    blanc = world["blanc"]
    code = kit(blanc)
    generation = blanc.registry.profiles[blanc.desk.own_structure().id].generation
    assert generation == 2
    blanc.exchange()
    blanc.receive()
    blanc.exchange()
    with pytest.raises(RecoveryUnknownError):
        open_structure(
            world.region.to_json(), paper_keys(former), list(world.relay.statements.values())
        )
    new = recovered(world, code)
    new.exchange()
    assert new.query("SELECT count(*) FROM persons") == [(3,)]


def test_machine_on_paper_never_writes(insured):
    world, code = insured
    paper = paper_keys(code)
    body = IncarnationStatement(machine=paper.id, incarnation=b"\x05" * 8, at_s=1)
    data = sign_statement(body, paper.sign.private_key)
    known = world["blanc"].registry.with_statements([data])
    assert known.waiting[statement_name(data)] == "on_paper"
    assert known.recovery_machines == {paper.id}


def test_partner_learns_who_exists_on_paper_alone(insured):
    world, code = insured
    assert world["chateauroux"].registry.recovery_machines == {paper_keys(code).id}


def test_only_the_root_makes_a_code(insured):
    world, _ = insured
    second = joined(world, "blanc")
    with pytest.raises(NotTheRootError):
        kit(second)


def test_relay_and_partners_hold_no_root_in_clear(insured):
    world, _ = insured
    root = world["blanc"].port.secrets()[ROOT]
    assert all(root not in data for data in world.relay.statements.values())


def test_code_of_nobody_is_told_from_a_mistyped_one(insured):
    world, code = insured
    with pytest.raises(RecoveryUnknownError):
        open_structure(world.region.to_json(), paper_keys(new_code()), told(world, code))
    swapped = next(
        code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        for at in range(len(code) - 1)
        if code[at].isalnum() and code[at + 1].isalnum() and code[at] != code[at + 1]
    )
    for wrong in ("", code[:-1], code + "2", swapped, code.replace(code[0], "1")):
        with pytest.raises(RecoveryCodeError):
            paper_keys(wrong)


def test_any_one_wrong_sign_shows(insured):
    code = new_code().replace("-", "")
    for at, sign in itertools.product(range(DRAWN_SIGNS + 1), SPOKEN_ALPHABET):
        if sign != code[at]:
            with pytest.raises(RecoveryCodeError):
                paper_keys(code[:at] + sign + code[at + 1 :])


def test_code_is_read_however_it_was_typed():
    code = new_code()
    assert keys_of(code.lower().replace("-", " ")).id == keys_of(code).id
    assert len(code.split("-")) == 7


def test_recovery_statement_of_a_stranger_waits(insured):
    world, _ = insured
    blanc = world["blanc"].registry
    recovery = next(
        data
        for data in world.relay.statements.values()
        if read_statement(data).body in blanc.recoveries.values()
    )
    body = read_statement(recovery).body
    forged = sign_statement(body, world.authority.private_key)
    assert blanc.with_statements([forged]).refused[statement_name(forged)] == "bad_signature"
