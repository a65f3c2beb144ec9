"""Workspaces restored from a copy, or cloned: nothing is lost, no identifier serves twice."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.events import SealedValue
from app.domain.identifiers import incarnation_of
from app.domain.reception import PersonDetails
from app.domain.spaces import SpaceKind
from app.store.bodies import unpack_map
from app.store.encrypted import open_database
from app.store.slots import Opened
from app.usecases.erasure import erase_person
from sync.errors import CertificateExpiredError
from sync.wire import parse_bundle
from tests.exchange.desks import Door, World

NAMES = ("Ardenne (exemple)", "Beauce (exemple)", "Caux (exemple)", "Drome (exemple)")


def shut(world: World, name: str) -> None:
    world[name].desk.workspace.close()


def copied(world: World, name: str, to: str) -> Path:
    """Copy the folder of a closed desk."""
    return Path(shutil.copytree(world.folder / name, world.folder / to))


def put_back(world: World, name: str, copy: Path) -> Door:
    """Have a desk find its folder as the copy was, on the same machine."""
    shut(world, name)
    shutil.rmtree(world.folder / name)
    shutil.copytree(copy, world.folder / name)
    return world.open(name)


def receive(door: Door, name: str, to: Door | None = None) -> None:
    person = PersonDetails(family_name=name, given_name="Lou", telephone="+33639980021")
    door.receive(to, person=person)


def persons(door: Door) -> list[str]:
    return sorted(name for (name,) in door.query("SELECT family_name FROM persons"))


def demands_of(door: Door) -> int:
    """How many demands show the person they are about."""
    sql = "SELECT count(*) FROM demands d JOIN persons p ON p.person = d.person"
    return door.query(sql)[0][0]


def settle_down(world: World, *doors: Door) -> None:
    for _ in range(4):
        for door in doors or world.doors.values():
            assert door.exchange().refused == ()


def no_identifier_serves_twice(world: World) -> None:
    """Every event that left is one, whoever tells it."""
    told: dict[bytes, bytes] = {}
    for door in world.doors.values():
        assert door.reasons() == []
        for event, body in door.query("SELECT event, body FROM events WHERE bundle NOT NULL"):
            assert told.setdefault(event, body) == body


def places(world: World) -> None:
    """The relay holds one bundle at each place, as it promises."""
    headers = [parse_bundle(data).header for data in world.relay.bundles.values()]
    named = [(one.space, one.incarnation, one.sequence) for one in headers]
    assert len(named) == len(set(named))


def all_is_there(world: World, door: Door, names: tuple[str, ...]) -> None:
    no_identifier_serves_twice(world)
    places(world)
    assert persons(door) == sorted(names)
    assert demands_of(door) == len(names)
    counts = door.counts()
    assert (counts.pending, counts.sent, counts.waiting_for_agent) == (0, 0, 0)


def test_a_desk_closed_and_opened_again_leads_the_same_life(world):
    blanc = world["blanc"]
    life = blanc.port.incarnation()
    for _ in range(3):
        receive(blanc, NAMES[0])
        blanc.exchange()
        shut(world, "blanc")
        blanc = world.open("blanc")
        assert blanc.port.incarnation() == life
    assert blanc.port.former_lives() == frozenset()


def test_an_older_copy_restored_on_its_machine_begins_another_life_and_gets_everything_back(world):
    blanc = world["blanc"]
    receive(blanc, NAMES[0])
    blanc.exchange()
    receive(blanc, NAMES[1])  # waits in the copy, leaves after it
    shut(world, "blanc")
    copy = copied(world, "blanc", "backup")
    blanc = world.open("blanc")
    life = blanc.port.incarnation()
    receive(blanc, NAMES[2], world["chateauroux"])
    settle_down(world)
    before = blanc.rows()["persons"], blanc.rows()["shared_referrals"], blanc.counts().acknowledged
    blanc = put_back(world, "blanc", copy)
    assert blanc.port.incarnation() != life
    assert blanc.port.former_lives() == {life}
    receive(blanc, NAMES[3])
    settle_down(world)
    all_is_there(world, blanc, NAMES)
    rows = blanc.rows()
    assert set(before[0]) <= set(rows["persons"])
    assert before[1] == rows["shared_referrals"]
    assert blanc.counts().acknowledged > before[2]
    assert "transmise" not in blanc.statuses("out")
    assert blanc.statuses("out") == ["recue"]


def test_what_waited_in_the_copy_and_never_left_leaves_under_the_new_life(world):
    blanc = world["blanc"]
    receive(blanc, NAMES[0])
    blanc.exchange()
    receive(blanc, NAMES[1])
    shut(world, "blanc")
    copy = copied(world, "blanc", "backup")
    world.open("blanc")
    blanc = put_back(world, "blanc", copy)
    blanc = put_back(world, "blanc", copy)  # as after a crash that lost all that was written since
    old = {row[0] for row in blanc.query("SELECT event FROM events WHERE bundle IS NULL")}
    receive(blanc, NAMES[2])
    settle_down(world)
    all_is_there(world, blanc, NAMES[:3])
    events = {row[0] for row in blanc.query("SELECT event FROM events")}
    assert old.isdisjoint(events)
    lives = {incarnation_of(event) for event in events}
    assert blanc.port.incarnation() in lives
    bodies = b"".join(
        body for (body,) in blanc.query("SELECT body FROM events WHERE body NOT NULL")
    )
    assert not any(name in bodies for name in old)


def test_a_clone_opened_on_another_machine_and_its_original_both_go_on(world):
    blanc = world["blanc"]
    receive(blanc, NAMES[0])
    blanc.exchange()
    shut(world, "blanc")
    copy = copied(world, "blanc", "clone-of-blanc")
    blanc = world.open("blanc")
    world.keys["clone"] = world.keys["blanc"]
    clone = world.open("clone", copy=copy)
    assert clone.port.incarnation() != blanc.port.incarnation()
    receive(blanc, NAMES[1])
    receive(clone, NAMES[2], world["chateauroux"])
    settle_down(world)
    receive(blanc, NAMES[3])
    settle_down(world)
    for door in (blanc, clone):
        all_is_there(world, door, NAMES)
        assert door.statuses("out") == ["recue"]


def test_a_copy_made_while_the_desk_is_open_begins_another_life_on_another_machine(world):
    blanc = world["blanc"]
    receive(blanc, NAMES[0])
    copy = world.folder / "clone-of-blanc"
    copy.mkdir()
    backup(blanc, copy)
    world.keys["clone"] = world.keys["blanc"]
    clone = world.open("clone", copy=copy)
    assert clone.port.incarnation() != blanc.port.incarnation()
    blanc.exchange()
    receive(clone, NAMES[1])
    receive(blanc, NAMES[2])
    settle_down(world)
    for door in (blanc, clone):
        all_is_there(world, door, NAMES[:3])


def test_two_copies_open_at_once_on_one_machine_find_out_before_anything_leaves(world):
    blanc = world["blanc"]
    copy = world.folder / "clone-of-blanc"
    copy.mkdir()
    backup(blanc, copy)
    world.keys["clone"] = world.keys["blanc"]
    clone = world.open("clone", copy=copy, machine="blanc")
    receive(blanc, NAMES[0])
    receive(clone, NAMES[1])
    settle_down(world)
    assert clone.port.incarnation() != blanc.port.incarnation()
    for door in (blanc, clone):
        all_is_there(world, door, NAMES[:2])


def test_a_whole_disk_restored_with_its_marker_is_told_by_the_relay(world):
    blanc = world["blanc"]
    receive(blanc, NAMES[0])
    blanc.exchange()
    receive(blanc, NAMES[1])
    shut(world, "blanc")
    copy = copied(world, "blanc", "disk")
    markers = Path(shutil.copytree(world.folder / "lives" / "blanc", world.folder / "disk-lives"))
    blanc = world.open("blanc")
    life = blanc.port.incarnation()
    receive(blanc, NAMES[2])
    settle_down(world)
    shutil.rmtree(world.folder / "lives" / "blanc")
    shutil.copytree(markers, world.folder / "lives" / "blanc")
    blanc = put_back(world, "blanc", copy)
    assert blanc.port.incarnation() == life  # nothing on this machine can tell
    receive(blanc, NAMES[3])  # under identifiers that NAMES[2] has already
    settle_down(world)
    assert blanc.port.former_lives() == {life}
    all_is_there(world, blanc, NAMES)


def test_a_process_brought_back_with_its_memory_gives_up_the_place_that_was_taken(world):
    """A suspended virtual machine: the file, the marker and the memory are those of before."""
    blanc = world["blanc"]
    receive(blanc, NAMES[0])
    blanc.exchange()
    shut(world, "blanc")
    copy = copied(world, "blanc", "machine")
    markers = Path(shutil.copytree(world.folder / "lives" / "blanc", world.folder / "its-lives"))
    blanc = world.open("blanc")
    receive(blanc, NAMES[1])
    receive(blanc, NAMES[2])
    settle_down(world)
    shutil.rmtree(world.folder / "lives" / "blanc")
    shutil.copytree(markers, world.folder / "lives" / "blanc")
    blanc = put_back(world, "blanc", copy)
    blanc.port.note_looked()
    receive(blanc, NAMES[3])
    settle_down(world)
    all_is_there(world, blanc, NAMES)


class OwnSpaceAlone:
    """A store whose events for other structures wait, as when a recipient's key is unknown."""

    def __init__(self, port):
        self._port = port

    def __getattr__(self, name):
        return getattr(self._port, name)

    def spaces_with_pending(self):
        spaces = self._port.spaces_with_pending()
        return [space for space in spaces if space.kind is SpaceKind.STRUCTURE]


def test_a_sealed_record_follows_the_new_name_of_what_it_speaks_of(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    receive(blanc, NAMES[0], chateauroux)
    blanc.exchange(port=OwnSpaceAlone(blanc.port))
    assert blanc.statuses("out") == ["a_transmettre"]
    shut(world, "blanc")
    copy = copied(world, "blanc", "backup")
    world.open("blanc")
    blanc = put_back(world, "blanc", copy)
    settle_down(world)
    all_is_there(world, blanc, NAMES[:1])
    assert blanc.statuses("out") == ["recue"]
    assert len(chateauroux.referrals("in")) == 1
    sql = "SELECT count(*) FROM referrals r JOIN shared_referrals s ON s.shared = r.shared"
    assert blanc.query(sql) == [(1,)]


def counselling_notes(door: Door) -> list[str]:
    notes = []
    for encounter, details in door.query("SELECT encounter, details FROM encounters"):
        value = unpack_map(details).get("counselling_note")
        if isinstance(value, SealedValue):
            opened = door.desk.workspace.compartments.open(
                value, subject=encounter, field="counselling_note"
            )
            notes.append(opened)
    return notes


def restored_with_a_note(world: World) -> Opened:
    """Le Blanc's file is a copy in which a note waits, open for an agent who may not read it."""
    entitled = world.keys["blanc"]
    blanc = world["blanc"]
    blanc.receive(counselling_note="Confie sa fatigue (exemple).")
    shut(world, "blanc")
    copy = copied(world, "blanc", "backup")
    world.open("blanc")
    world.keys["blanc"] = replace(entitled, compartments={})
    put_back(world, "blanc", copy)
    return entitled


def test_a_note_waits_for_an_agent_who_may_read_it_and_then_leaves_with_its_record(world):
    entitled = restored_with_a_note(world)
    blanc = world["blanc"]
    receive(blanc, NAMES[1])
    settle_down(world)
    counts = blanc.counts()
    assert counts.waiting_for_agent > 0
    assert counts.pending >= counts.waiting_for_agent
    world.keys["blanc"] = entitled
    shut(world, "blanc")
    blanc = world.open("blanc")
    assert counselling_notes(blanc) == ["Confie sa fatigue (exemple)."]
    settle_down(world)
    no_identifier_serves_twice(world)
    assert (blanc.counts().pending, blanc.counts().waiting_for_agent) == (0, 0)
    assert counselling_notes(blanc) == ["Confie sa fatigue (exemple)."]
    assert demands_of(blanc) == 2


def test_what_is_written_about_a_record_that_waits_waits_with_it(world):
    restored_with_a_note(world)
    blanc = world["blanc"]
    ((person, demand),) = blanc.query("SELECT person, demand FROM demands")
    blanc.receive(person=PersonDetails(known=person, telephone="+33639980099"), demand=demand)
    settle_down(world)
    bodies = b"".join(world.opened_bundles().values())
    assert demand not in bodies
    assert blanc.counts().pending > blanc.counts().waiting_for_agent > 0


def test_a_person_erased_in_a_restored_file_stays_erased(world):
    blanc = world["blanc"]
    receive(blanc, NAMES[0])
    receive(blanc, NAMES[1])
    shut(world, "blanc")
    copy = copied(world, "blanc", "backup")
    blanc = world.open("blanc")
    blanc.exchange()
    blanc = put_back(world, "blanc", copy)
    ((person,),) = blanc.query("SELECT person FROM persons WHERE family_name = ?", NAMES[0])
    erase_person(blanc.desk, person)
    settle_down(world)
    assert persons(blanc) == [NAMES[1]]
    assert blanc.counts().pending == 0


def test_a_machine_that_keeps_no_marker_opens_and_says_so(world):
    blanc = world["blanc"]
    life = blanc.port.incarnation()
    shut(world, "blanc")
    folder = world.folder / "lives" / "blanc"
    shutil.rmtree(folder)
    folder.write_text("a file where the folder should be")
    for _ in range(2):
        blanc = world.open("blanc")
        assert not blanc.counts().is_marked
        first, life = life, blanc.port.incarnation()
        receive(blanc, NAMES[0])
        blanc.exchange()
        shut(world, "blanc")
    assert first == life  # without a marker, one does not begin another life at each opening
    folder.unlink()
    blanc = world.open("blanc")
    assert blanc.counts().is_marked
    assert blanc.port.incarnation() == life


def test_an_expired_machine_is_never_kept_from_sending_what_it_wrote(world):
    receive(world["blanc"], NAMES[0])
    world["blanc"].exchange()
    shut(world, "blanc")
    blanc = world.open("blanc")
    receive(blanc, NAMES[1])
    link = blanc.transport()

    def refuse(above, resume):
        raise CertificateExpiredError(status=403, refusal="expired")
        yield

    link.pull = refuse
    link.greet = lambda *_asked: link.hello()  # whose certificate ended is not told what is kept
    with pytest.raises(CertificateExpiredError):
        blanc.exchange(link)
    assert blanc.counts().pending == 0


def backup(door: Door, folder: Path) -> None:
    """Copy an open workspace as SQLCipher itself does."""
    workspace = door.desk.workspace
    key = workspace.opened.file_key
    source = open_database(workspace.folder / "desk.db", key, create=False, read_only=True)
    target = open_database(folder / "desk.db", key, create=True)
    source.conn.backup(target.conn)
    source.close()
    target.close()
