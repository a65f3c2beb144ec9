"""Certificates near their end: renewed by themselves, announced months ahead."""

import pytest

from sync.machines import Machines, Standing
from sync.renewal import MACHINE_VALID_S, RENEWED_BEFORE_S
from tests.exchange.desks import Door, joined

DAY = 86_400


def standing(door: Door) -> Standing:
    return Machines(door.port, door.desk.clock).standing()


def warnings(door: Door) -> list[str]:
    return [one.code for one in standing(door).warnings]


def until(door: Door, machine: bytes) -> int:
    return door.registry.machines[machine].until_s


def test_machines_are_renewed_months_before_their_end_by_the_one_that_holds_the_root(world):
    blanc, second = world["blanc"], joined(world, "blanc")
    machines = [door.keyring.machine.id for door in (blanc, second)]
    before = [until(blanc, one) for one in machines]
    world.clock.tick(seconds=MACHINE_VALID_S - RENEWED_BEFORE_S - DAY)
    second.exchange()
    blanc.exchange()
    assert [until(blanc, one) for one in machines] == before
    world.clock.tick(days=2)
    blanc.exchange()
    second.exchange()
    now_s = int(world.clock.now().timestamp())
    for door in (blanc, second):
        assert [until(door, one) for one in machines] == [now_s + MACHINE_VALID_S] * 2
    made = len(world.relay.statements)
    blanc.exchange()
    assert len(world.relay.statements) == made


def test_removed_machine_is_not_renewed(world):
    from sync.removal import Removal

    blanc, second = world["blanc"], joined(world, "blanc")
    machine = second.keyring.machine.id
    Removal(blanc.port, blanc.desk.clock).remove(machine.hex())
    before = until(blanc, machine)
    world.clock.tick(seconds=MACHINE_VALID_S)
    blanc.exchange()
    assert until(blanc, machine) == before


@pytest.mark.parametrize(
    ("days_before", "code"),
    [(200, None), (170, "structure_expires_soon"), (-1, "structure_expired")],
)
def test_end_of_the_structures_certificate_is_said_months_ahead(world, days_before, code):
    blanc = world["blanc"]
    end_s = standing(blanc).certificate_until_s
    now_s = int(world.clock.now().timestamp())
    world.clock.tick(seconds=end_s - now_s - days_before * DAY)
    said = [one for one in warnings(blanc) if one.startswith("structure")]
    assert said == ([code] if code else [])


def test_end_of_a_machine_that_nobody_renews_is_said(world):
    blanc, second = world["blanc"], joined(world, "blanc")
    assert "machine_expires_soon" not in warnings(second)
    world.clock.tick(seconds=standing(second).machine_until_s - int(blanc.desk.now().timestamp()))
    assert "machine_expired" in warnings(second)
    world.clock.tick(days=-30)
    assert "machine_expires_soon" in warnings(second)


def test_machine_that_holds_the_root_is_told_to_print_a_code(world):
    from sync.recovery import RecoveryKit

    blanc, second = world["blanc"], joined(world, "blanc")
    assert "no_recovery_kit" in warnings(blanc)
    assert "no_recovery_kit" not in warnings(second)
    RecoveryKit(blanc.port, blanc.desk.clock).make()
    assert "no_recovery_kit" not in warnings(blanc)


def test_structure_that_is_not_certified_has_no_end(world):
    door = world.found("argenton")
    assert standing(door) == Standing()
