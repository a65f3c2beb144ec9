"""Who a referral can go to, and by which way."""

import pytest

from app.domain.errors import NotEnrolledError, ReferralToOneselfError, UnknownStructureError
from app.domain.identifiers import StructureId
from app.store.sync_port import StoreSyncPort
from app.usecases.desk import Desk, name_own_structure
from app.usecases.recipients import find_recipient, recipients
from tests.builders import (
    FIRST_DOOR,
    ON_PAPER,
    REFERENCE,
    SECOND_DOOR,
    a_structure,
    a_workspace,
)
from tests.fakes.clock import TickingClock

NEWCOMER = StructureId(b"n" * 16)


def test_every_structure_but_ones_own_can_be_chosen(desk):
    everyone = recipients(desk)
    references = [one.reference for one in everyone]
    assert len(references) == len(set(references)) == len(REFERENCE.directory) - 1
    assert FIRST_DOOR not in references
    assert [one.reference for one in everyone if one.takes_part] == [SECOND_DOOR]


def test_a_few_words_narrow_the_choice(desk):
    found = recipients(desk, "mission locale blanc")
    assert found[0].reference == SECOND_DOOR
    assert found[0].takes_part
    assert recipients(desk, "zygomatique") == []
    assert len(recipients(desk, "exemple", limit=3)) == 3


def test_a_structure_that_the_directory_does_not_list_yet_can_be_chosen(desk):
    StoreSyncPort(desk.workspace).note_structures([(NEWCOMER, "Maison de l’Été (exemple)", "")])
    (found,) = recipients(desk, "ete mais")
    assert (found.structure, found.reference, found.network) == (NEWCOMER, NEWCOMER.hex(), "")
    assert find_recipient(desk, NEWCOMER.hex()) == found
    assert find_recipient(desk, "Maison de l’Été (exemple)") == found


@pytest.mark.parametrize(
    "wanted",
    [
        SECOND_DOOR,
        f" {SECOND_DOOR}\n",
        SECOND_DOOR.rpartition("/")[2],
        a_structure(SECOND_DOOR).hex(),
        REFERENCE.directory.by_reference(SECOND_DOOR).display_name,
    ],
)
def test_a_structure_is_named_in_several_ways(desk, wanted):
    assert find_recipient(desk, wanted).structure == a_structure(SECOND_DOOR)


def test_a_structure_on_paper_only_has_no_place_in_the_exchange(desk):
    assert find_recipient(desk, ON_PAPER).structure is None


@pytest.mark.parametrize("wanted", ["", "  ", "Mission locale", "deux-portes-exemple"])
def test_half_a_name_names_nobody(desk, wanted):
    with pytest.raises(UnknownStructureError):
        find_recipient(desk, wanted)


def test_a_name_that_two_structures_bear_names_neither(desk):
    """A person's record must not go to the wrong door for want of a reference."""
    port = StoreSyncPort(desk.workspace)
    port.note_structures([(NEWCOMER, "Mission", ""), (StructureId(b"m" * 16), "Mission", "")])
    with pytest.raises(UnknownStructureError):
        find_recipient(desk, "Mission")
    assert find_recipient(desk, NEWCOMER.hex()).structure == NEWCOMER


@pytest.mark.parametrize("wanted", [FIRST_DOOR, a_structure(FIRST_DOOR).hex()])
def test_nobody_refers_to_themselves(desk, wanted):
    with pytest.raises(ReferralToOneselfError):
        find_recipient(desk, wanted)


def test_a_desk_without_a_structure_is_not_enrolled(tmp_path):
    desk = Desk(workspace=a_workspace(tmp_path), clock=TickingClock(), reference=REFERENCE)
    with pytest.raises(NotEnrolledError):
        recipients(desk)
    name_own_structure(desk, structure=NEWCOMER, name="Nous", reference="")
    assert desk.own_structure().name == "Nous"
    assert desk.own_structure().space.members == (NEWCOMER,)
    desk.workspace.close()
