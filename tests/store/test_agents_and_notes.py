"""Who may open the file, and who may read which note."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import (
    CompartmentClosedError,
    UnknownAgentError,
    WeakPassphraseError,
    WrongPassphraseError,
)
from app.domain.identifiers import SubjectId
from app.store.compartments import AGENT, COUNSELLING, RECEPTION, Compartments, new_keys
from app.store.slots import RECOVERY_SLOT, Slots
from app.store.workspace import create_workspace, open_workspace
from app.usecases.agents import (
    add_agent,
    agents,
    agents_who_can_unlock,
    change_passphrase,
    remove_agent,
)
from app.usecases.desk import Desk
from app.usecases.persons import open_person
from tests.builders import PASSPHRASE, REFERENCE, a_desk, person_of, received
from tests.fakes.clock import TickingClock

SUBJECT, OTHER = SubjectId(bytes(16)), SubjectId(bytes(15) + b"\x01")
SACHA = "la phrase de Sacha"


def compartments(*names: str) -> Compartments:
    return Compartments({name: keys for name, keys in new_keys("adviser").items() if name in names})


def test_a_note_opens_where_it_was_written():
    held = compartments(COUNSELLING)
    sealed = held.seal("À revoir.", compartment=COUNSELLING, subject=SUBJECT, field="note")
    assert held.holds(COUNSELLING)
    assert held.open(sealed, subject=SUBJECT, field="note") == "À revoir."
    assert "revoir" not in repr(sealed)


def test_a_note_moved_to_another_subject_field_or_compartment_does_not_open():
    held = compartments(RECEPTION, COUNSELLING)
    sealed = held.seal("À revoir.", compartment=COUNSELLING, subject=SUBJECT, field="note")
    moved = [
        (sealed, OTHER, "note"),
        (sealed, SUBJECT, "other_note"),
        (replace(sealed, compartment=RECEPTION), SUBJECT, "note"),
        (replace(sealed, key_id=bytes(8)), SUBJECT, "note"),
        (replace(sealed, nonce=b"short"), SUBJECT, "note"),
        (replace(sealed, ciphertext=bytes(len(sealed.ciphertext))), SUBJECT, "note"),
        (replace(sealed, ciphertext=b""), SUBJECT, "note"),
    ]
    for value, subject, field in moved:
        with pytest.raises(CompartmentClosedError):
            held.open(value, subject=subject, field=field)


def test_an_old_key_still_opens_and_the_last_one_seals():
    old, new = b"o" * 32, b"n" * 32
    sealed = Compartments({AGENT: (old,)}).seal(
        "avant", compartment=AGENT, subject=SUBJECT, field="note"
    )
    both = Compartments({AGENT: (old, new)})
    assert both.open(sealed, subject=SUBJECT, field="note") == "avant"
    later = both.seal("après", compartment=AGENT, subject=SUBJECT, field="note")
    assert later.key_id != sealed.key_id


def test_nothing_is_sealed_without_its_key():
    with pytest.raises(CompartmentClosedError) as refusal:
        compartments(RECEPTION).seal(
            "x", compartment=COUNSELLING, subject=SUBJECT, field="counselling_note"
        )
    assert refusal.value.facts == {"compartment": COUNSELLING}


class Office:
    """A real workspace that several agents unlock in turn."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = TickingClock()
        workspace, self.code = create_workspace(
            folder, agent_name="Alix", role="adviser", passphrase=PASSPHRASE
        )
        workspace.close()
        a_desk(folder, opened=workspace.opened).workspace.close()

    def unlock(self, label: str, passphrase: str) -> Desk:
        cards = {card.label: card.slot_id for card in agents_who_can_unlock(self.folder)}
        return self.unlock_slot(cards[label], passphrase)

    def unlock_slot(self, slot_id: str, passphrase: str) -> Desk:
        workspace = open_workspace(
            self.folder, slot_id=slot_id, passphrase=passphrase, now=self.clock.now()
        )
        return Desk(workspace=workspace, clock=self.clock, reference=REFERENCE)


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def notes_of(desk: Desk, person: SubjectId) -> tuple[dict[str, str], list[str]]:
    """The notes the agent who is here reads, and those they only see the place of."""
    (line,) = open_person(desk, person).encounters
    return dict(line.notes), sorted(name for name in line.details if name.endswith("_note"))


def test_each_agent_reads_the_notes_of_their_role_and_their_own_alone(office):
    desk = office.unlock("Alix", PASSPHRASE)
    add_agent(desk, name="Sacha", role="reception", passphrase=SACHA)
    add_agent(desk, name="Camille", role="adviser", passphrase="la phrase de Camille")
    person = person_of(
        received(desk, reception_note="accueil", counselling_note="conseil", private_note="moi")
    )
    everything = {"reception_note": "accueil", "counselling_note": "conseil", "private_note": "moi"}
    assert notes_of(desk, person) == (everything, [])
    desk.workspace.close()

    desk = office.unlock("Sacha", SACHA)
    assert notes_of(desk, person) == (
        {"reception_note": "accueil"},
        ["counselling_note", "private_note"],
    )
    with pytest.raises(CompartmentClosedError):
        received(desk, counselling_note="je ne peux pas")
    desk.workspace.close()

    desk = office.unlock("Camille", "la phrase de Camille")
    assert notes_of(desk, person) == (
        {"reception_note": "accueil", "counselling_note": "conseil"},
        ["private_note"],
    )
    desk.workspace.close()


def test_an_agent_gives_only_what_they_hold(office):
    desk = office.unlock("Alix", PASSPHRASE)
    add_agent(desk, name="Sacha", role="reception", passphrase=SACHA)
    desk.workspace.close()
    desk = office.unlock("Sacha", SACHA)
    add_agent(desk, name="Camille", role="adviser", passphrase="la phrase de Camille")
    desk.workspace.close()
    desk = office.unlock("Camille", "la phrase de Camille")
    assert desk.workspace.compartments.holds(RECEPTION)
    assert not desk.workspace.compartments.holds(COUNSELLING)
    desk.workspace.close()


def test_an_agent_removed_cannot_open_and_what_they_wrote_stays(office):
    desk = office.unlock("Alix", PASSPHRASE)
    add_agent(desk, name="Sacha", role="reception", passphrase=SACHA)
    desk.workspace.close()
    desk = office.unlock("Sacha", SACHA)
    person = person_of(received(desk))
    sacha = desk.workspace.agent
    with pytest.raises(UnknownAgentError):
        remove_agent(desk, sacha)
    desk.workspace.close()

    desk = office.unlock("Alix", PASSPHRASE)
    assert [(agent.name, agent.role, agent.is_here) for agent in agents(desk)] == [
        ("Alix", "adviser", True),
        ("Sacha", "reception", False),
    ]
    remove_agent(desk, sacha)
    with pytest.raises(UnknownAgentError):
        remove_agent(desk, sacha)
    assert [agent.name for agent in agents(desk)] == ["Alix"]
    assert open_person(desk, person).encounters[0].author == "Sacha"
    desk.workspace.close()
    with pytest.raises(WrongPassphraseError):
        office.unlock_slot(sacha, SACHA)


def test_an_agent_needs_a_role_and_a_passphrase_that_protects(office):
    desk = office.unlock("Alix", PASSPHRASE)
    with pytest.raises(UnknownAgentError):
        add_agent(desk, name="Sacha", role="directeur", passphrase=SACHA)
    with pytest.raises(WeakPassphraseError):
        add_agent(desk, name="Sacha", role="reception", passphrase="neuf sign")
    assert [agent.name for agent in agents(desk)] == ["Alix"]
    desk.workspace.close()
    assert [card.label for card in agents_who_can_unlock(office.folder)] == ["Alix"]


def test_a_new_passphrase_takes_the_place_of_the_old_one(office):
    desk = office.unlock("Alix", PASSPHRASE)
    person = person_of(received(desk, private_note="moi"))
    with pytest.raises(WeakPassphraseError):
        change_passphrase(desk, "court")
    change_passphrase(desk, "une phrase toute neuve")
    desk.workspace.close()
    with pytest.raises(WrongPassphraseError):
        office.unlock("Alix", PASSPHRASE)
    desk = office.unlock("Alix", "une phrase toute neuve")
    assert notes_of(desk, person)[0] == {"private_note": "moi"}
    desk.workspace.close()


def test_who_recovers_reads_the_shared_notes_and_writes_their_own_again(office):
    desk = office.unlock("Alix", PASSPHRASE)
    person = person_of(received(desk, counselling_note="conseil", private_note="moi"))
    desk.workspace.close()
    desk = office.unlock_slot(RECOVERY_SLOT, office.code)
    assert notes_of(desk, person) == ({"counselling_note": "conseil"}, ["private_note"])
    change_passphrase(desk, "une phrase retrouvée")
    desk.workspace.close()
    desk = office.unlock("Alix", "une phrase retrouvée")
    again = person_of(received(desk, private_note="de nouveau"))
    assert notes_of(desk, again)[0] == {"private_note": "de nouveau"}
    desk.workspace.close()


def test_there_is_nobody_to_unlock_without_a_workspace(tmp_path):
    assert agents_who_can_unlock(tmp_path) == ()
    assert not Slots(tmp_path).exists()
