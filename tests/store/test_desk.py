"""What a desk knows of itself: its structure, its clock and its author."""

import pytest

from app.domain.errors import WorkspaceExistsError
from app.domain.identifiers import StructureId
from app.store.sync_port import StoreSyncPort
from app.usecases.desk import CLOCK_DOUBT, name_own_structure
from app.usecases.persons import open_person
from app.usecases.rebuild import rebuild_rows
from tests.builders import FIRST_DOOR as OURS
from tests.builders import a_structure, dump, handed_over, person_of, received
from tests.fakes.courier import sealed_by

OTHER = StructureId(b"x" * 16)


def test_a_structure_can_be_named_again_and_changed_while_nothing_is_written(desk):
    name_own_structure(desk, structure=OTHER, name="Autre", reference="")
    assert desk.own_structure().id == OTHER
    name_own_structure(desk, structure=a_structure(OURS), name="Nous", reference=OURS)
    received(desk)
    name_own_structure(desk, structure=a_structure(OURS), name="Nous aussi", reference=OURS)
    assert desk.own_structure().name == "Nous aussi"


def test_a_workspace_that_holds_records_never_passes_to_another_structure(desk):
    received(desk)
    with pytest.raises(WorkspaceExistsError):
        name_own_structure(desk, structure=OTHER, name="Autre", reference="")
    assert desk.own_structure().id == a_structure(OURS)


def test_events_say_who_wrote_when_and_whether_the_clock_was_doubted(desk):
    port = StoreSyncPort(desk.workspace)
    received(desk)
    port.keep_memo(CLOCK_DOUBT, "1")
    received(desk)
    events = [event for bundle in sealed_by(desk) for event in bundle.events]
    assert [event.clock_doubtful for event in events] == [False] * 4 + [True] * 4
    assert {event.author for event in events} == {"Alix Exemple"}
    assert {event.at_s for event in events} == {int(desk.now().timestamp())}


def test_a_rebuild_gives_the_same_rows(desk):
    for _ in range(3):
        handed_over(desk)
    before = dump(desk)
    assert rebuild_rows(desk).subjects == 21
    assert dump(desk) == before


def test_a_row_lost_by_accident_comes_back(desk):
    person = person_of(received(desk))
    desk.workspace.writer.write(lambda tx: tx.execute("DELETE FROM persons") and None)
    rebuild_rows(desk)
    assert open_person(desk, person).person.display_name == "Maëlys Aubrun"
