"""What an agent corrects in the directory reaches the other machines of their structure."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.usecases.directory.additions import add_service, withdraw
from app.usecases.directory.corrections import correct
from app.usecases.directory.imports import import_directory
from app.usecases.directory.shelf import desk_directory

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


SERVICE = {"nom": "Permanence (exemple)", "code_insee": "36016", "place_kind": "permanence"}
WISHES = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["add", "hours", "motives", "over", "vouch", "withdraw", "back", "meet"]),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=12,
)
HOURS = ("Tu[1] 09:00-12:00", "week 02-52/2 We 14:00-17:00", "Fr 10:00-11:00")


def added(door):
    return [one.reference for one in found(door).services if one.place_kind == "permanence"]


def carry_out(door, wish, number, known):
    """Does what somebody wishes on one machine, with what they see there."""
    if wish == "add":
        reference, _ = add_service(door.desk, REFERENCE, SERVICE)
        known.append(reference)
        return
    if wish in {"withdraw", "back"}:
        if seen := [one for one in known if reachable(door, one)]:
            withdraw(door.desk, seen[number % len(seen)], back=wish == "back")
        return
    if not (shown := added(door)):
        return
    fields = {
        "hours": {"horaires_accueil": HOURS[number % len(HOURS)]},
        "motives": {"motives": ("recherche_emploi", "reconversion")[: number % 3]},
        "over": {"ended_on": f"2026-1{number % 3}-01"},
        "vouch": {},
    }[wish]
    correct(door.desk, shown[number % len(shown)], fields)


def reachable(door, reference):
    subject = bytes.fromhex(reference.partition("/")[2])
    rows = "SELECT count(*) FROM directory_corrections WHERE correction = ?"
    return door.query(rows, subject)[0][0] > 0


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(wishes=WISHES)
def test_services_added_and_corrected_on_two_desks_end_the_same(machines, wishes):
    for door in machines:
        import_directory(door.desk, PUBLISHED)
    known = []
    for machine, wish, number in wishes:
        if wish == "meet":
            machines[machine].exchange()
        else:
            carry_out(machines[machine], wish, number, known)
    first, second = machines
    for door in (first, second, first):
        door.exchange()
    assert found(first) == found(second)
    assert added(first) == added(second)
