"""What the fuzzer found about files put back and copied, and what is kept there of who refused."""

import shutil
from pathlib import Path

from app.domain.identifiers import incarnation_of
from app.domain.reception import PersonDetails, WantedReferral
from app.usecases.erasure import erase_person
from app.usecases.persons import find_persons
from tests.exchange.checkpointing import settle_down
from tests.exchange.desks import Door, World, joined
from tests.exchange.forging import pair_of
from tests.exchange.links import OtherOrder, without
from tests.exchange.lost_disks import restored, saved, used_twice
from tests.exchange.sticks import read, write
from tests.exchange.test_found_by_fuzzer import correct, go_on
from tests.exchange.test_lives import copied, counselling_notes, put_back, shut

WHOSE = "SELECT p.family_name FROM demands d LEFT JOIN persons p ON p.person = d.person"

BODIES = "SELECT body FROM events WHERE body NOT NULL"


def received(door: Door, name: str, *, agrees: bool = True) -> None:
    """Receive somebody new, who may refuse to be handed over: then all of it stays here."""
    person = PersonDetails(family_name=name, given_name="Lou", telephone="+33639980021")
    wanted = WantedReferral(to=door.world["chateauroux"].reference, agreement=agrees)
    door.receive(person=person, referral=wanted)


def whose(door: Door) -> list[str | None]:
    """Whose the demands are that a desk shows, by name."""
    return sorted((name for (name,) in door.query(WHOSE)), key=str)


def refused_with_a_demand_that_left(world: World) -> Door:
    """A person refuses; their demand, of which somebody spoke again without a name, leaves."""
    blanc = world["blanc"]
    received(blanc, "Ardenne", agrees=False)
    go_on(blanc, "Deux", agrees=True)
    blanc.exchange()
    return saved(world, "blanc")


def test_a_demand_shows_whose_it_is_however_often_a_disk_is_put_back(world):
    """Each life gave the person another name, and told the others' copies of the demand."""
    refused_with_a_demand_that_left(world)
    for _ in range(3):
        blanc = restored(world, "blanc")
        settle_down(world, 2)
        assert whose(blanc) == ["Ardenne"]
        received(blanc, "Beauce", agrees=False)  # another life writes here again


def test_a_copy_does_not_take_the_person_away_from_the_demand_of_its_original(world):
    refused_with_a_demand_that_left(world)
    blanc, copy = used_twice(world, "blanc")
    settle_down(world, 2)
    assert blanc.port.incarnation() != copy.port.incarnation()
    assert whose(blanc) == whose(copy) == ["Ardenne"]


def test_who_agrees_in_a_restored_file_leaves_with_the_demand_that_had_left_before(world):
    second = joined(world, "blanc")
    refused_with_a_demand_that_left(world)
    blanc = restored(world, "blanc")
    settle_down(world, 2)
    assert whose(second) == [None]
    former = blanc.port.former_lives()
    correct(blanc, "+33639980077")  # and agrees
    settle_down(world, 2)
    assert whose(blanc) == whose(second) == ["Ardenne", "Ardenne"]  # and what they ask now
    assert second.query("SELECT telephone FROM persons") == [("+33639980077",)]
    ((person,),) = second.query("SELECT person FROM persons")
    assert incarnation_of(person) not in former


def test_what_a_copy_had_still_to_send_is_there_once_however_often_the_copy_is_put_back(world):
    """Each life sent it again under another name."""
    chateauroux = world["chateauroux"]
    received(world["blanc"], "Ardenne")
    saved(world, "blanc")
    for agreed in range(3):
        blanc = restored(world, "blanc")
        settle_down(world, 2)
        assert whose(blanc) == ["Ardenne"] * (1 + agreed)
        assert len(blanc.referrals("out")) == len(chateauroux.referrals("in")) == 1
        assert blanc.counts().pending == 0
        correct(blanc, "+33639980077")  # another demand, which the next life finds again
        settle_down(world, 2)
    assert blanc.query("SELECT telephone FROM persons") == [("+33639980077",)]


def test_who_agreed_in_a_life_that_was_lost_is_there_once(world):
    """The copy keeps back what has left since, under another name than it has there."""
    refused_with_a_demand_that_left(world)
    blanc = restored(world, "blanc")
    correct(blanc, "+33639980077")
    settle_down(world, 2)
    blanc = restored(world, "blanc")
    settle_down(world, 2)
    assert blanc.query("SELECT telephone FROM persons") == [("+33639980077",)]
    assert whose(blanc) == ["Ardenne", "Ardenne"]


def test_who_was_erased_in_a_life_that_was_lost_stays_erased(world):
    """As long as no checkpoint covers it: then nothing tells who it was any more."""
    joined(world, "blanc")  # does not confirm any
    received(world["blanc"], "Ardenne")
    saved(world, "blanc")
    blanc = restored(world, "blanc")
    settle_down(world, 2)
    ((person,),) = blanc.query("SELECT person FROM persons")
    erase_person(blanc.desk, person)
    blanc.exchange()
    blanc = restored(world, "blanc")
    blanc.exchange()
    assert whose(blanc) == []
    assert b"Ardenne" not in b"".join(row[0] for row in blanc.query(BODIES))
    assert find_persons(blanc.desk, "Ardenne").persons == ()


def test_a_note_that_a_copy_had_still_to_send_is_recognised_by_whom_it_is_for(world):
    world["blanc"].receive(counselling_note="Confie sa fatigue (exemple).")
    saved(world, "blanc")
    for _ in range(2):
        blanc = restored(world, "blanc")
        settle_down(world, 2)
        assert counselling_notes(blanc) == ["Confie sa fatigue (exemple)."]


def whole_disk(world: World, name: str) -> tuple[Path, Path]:
    """Copy the folder of a desk and what its machine keeps outside of it."""
    shut(world, name)
    lives = world.folder / "lives" / name
    disk = copied(world, name, "disk"), Path(shutil.copytree(lives, world.folder / "disk-lives"))
    world.open(name)
    return disk


def test_a_demand_stays_with_its_person_when_another_of_the_same_name_comes_by_stick(
    world, tmp_path
):
    """What stays here gives way; what was sealed since, in another life, goes on meaning it."""
    second = joined(world, "blanc")
    folder, lives = whole_disk(world, "blanc")
    received(world["blanc"], "Ardenne")
    write(world["blanc"], tmp_path / "stick")
    shutil.rmtree(world.folder / "lives" / "blanc")
    shutil.copytree(lives, world.folder / "lives" / "blanc")
    blanc = put_back(world, "blanc", folder)
    received(blanc, "Beauce", agrees=False)  # under identifiers that Ardenne has
    blanc.port.begin_life()
    go_on(blanc, "Deux", agrees=True)
    settle_down(world, 2)
    assert whose(second) == [None]
    read(blanc, tmp_path / "stick")
    settle_down(world, 2)
    assert whose(blanc) == ["Ardenne", "Beauce"]
    assert whose(second) == ["Ardenne", None]


def test_what_a_lost_life_says_of_its_own_record_goes_on_meaning_it(world):
    """A relay leaves out that record for once, while another bears the name it has."""
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    folder, lives = whole_disk(world, "blanc")
    blanc = world["blanc"]
    received(blanc, "Ardenne")
    blanc.exchange()
    shutil.rmtree(world.folder / "lives" / "blanc")
    shutil.copytree(lives, world.folder / "lives" / "blanc")
    blanc = put_back(world, "blanc", folder)
    received(blanc, "Beauce")  # under identifiers that Ardenne has
    pair = pair_of(blanc, chateauroux).id
    blanc.exchange(OtherOrder(blanc.transport(), without(pair)))
    settle_down(world, 3)
    assert blanc.statuses("out") == ["recue", "recue"]
    sent, came = ({one.shared for one in blanc.referrals("out")}, chateauroux.referrals("in"))
    assert sent == {one.shared for one in came}
    assert len(sent) == 2
