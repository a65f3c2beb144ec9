"""What an agent corrects in the directory reaches the other machines of their structure."""

import json

import pytest

from app.usecases.directory.corrections import correct
from app.usecases.directory.imports import import_directory
from app.usecases.directory.shelf import desk_directory
from tests.exchange.desks import joined, new_world

REFERENCE = "essai/ml-1"
PUBLISHED = json.dumps(
    [
        {
            "source": "essai",
            "id": "ml-1",
            "nom": "Mission locale (exemple)",
            "date_maj": "2026-03-02",
            "code_insee": "36018",
            "telephone": "+33261910002",
        }
    ]
).encode()


@pytest.fixture
def machines(tmp_path):
    world = new_world(tmp_path / "world")
    first = world.found("blanc")
    world.certify("blanc")
    second = joined(world, "blanc")
    for door in (first, second, first):
        door.exchange()
    yield first, second
    world.close()


def found(door):
    return desk_directory(door.desk).by_reference(REFERENCE)


def test_a_correction_reaches_a_colleague_who_imports_the_file_later(machines):
    first, second = machines
    import_directory(first.desk, PUBLISHED)
    correct(first.desk, REFERENCE, {"telephone": "+33261910099"})
    for door in (first, second):
        door.exchange()
    import_directory(second.desk, PUBLISHED)
    assert found(second).telephone == "+33261910099"
    assert found(second) == found(first)


def test_two_colleagues_who_correct_two_fields_offline_keep_both(machines):
    for door in machines:
        import_directory(door.desk, PUBLISHED)
    first, second = machines
    correct(first.desk, REFERENCE, {"telephone": "+33261910099"})
    correct(second.desk, REFERENCE, {"adresse": "2 rue Neuve", "waiting_days": 8})
    for door in (first, second, first):
        door.exchange()
    assert found(first) == found(second)
    seen = found(first)
    assert (seen.telephone, seen.address, seen.waiting_days) == ("+33261910099", "2 rue Neuve", 8)


def test_of_two_corrections_of_one_field_every_machine_shows_the_same(machines):
    for number, door in enumerate(machines):
        import_directory(door.desk, PUBLISHED)
        correct(door.desk, REFERENCE, {"telephone": f"+3326191001{number}"})
    first, second = machines
    for door in (first, second, first):
        door.exchange()
    assert found(first) == found(second)
    correct(first.desk, REFERENCE, {"telephone": "+33261910055"})
    for door in (first, second):
        door.exchange()
    assert found(first).telephone == found(second).telephone == "+33261910055"
