"""What people here add to the directory and correct of its services: on one desk, on two."""

import datetime as dt

import pytest

from app.domain.directory_errors import AlreadyListedError
from app.domain.errors import CorrectionRefusedError, UnknownStructureError
from app.usecases.directory.additions import add_service, add_structure, withdraw
from app.usecases.directory.corrections import correct, unchecked, vouch
from app.usecases.directory.histories import (
    corrected_here,
    corrections_made,
    service_histories,
)
from app.usecases.directory.imports import import_directory, undo_directory_import
from app.usecases.directory.shelf import desk_directory
from app.usecases.rebuild import rebuild_rows
from tests.builders import SECOND_DOOR
from tests.published_files import both, mission_locale
from tests.store.test_directory import service

MISSION = "essai/ml-1"
PERMANENCE = {
    "nom": "Permanence de Bélâbre (exemple)",
    "code_insee": "36016",
    "commune": "Bélâbre",
    "code_postal": "36370",
    "horaires_accueil": "Tu[1] 09:00-12:00",
    "place_kind": "permanence",
    "team": "équipe mobile (exemple)",
}


def services(desk, reference=MISSION):
    return desk_directory(desk).by_reference(reference).services


def test_a_permanence_is_added_to_a_structure_with_its_own_place_and_hours(desk):
    import_directory(desk, both(mission_locale(), services=[service()]))
    reference, _ = add_service(desk, MISSION, PERMANENCE)
    found = services(desk)
    assert [one.name for one in found] == ["Accompagnement (exemple)", PERMANENCE["nom"]]
    added = found[1]
    assert added.reference == reference
    assert (added.commune_code, added.commune_name) == ("36016", "Bélâbre")
    assert (added.hours, added.place_kind) == ("Tu[1] 09:00-12:00", "permanence")
    assert added.team == "équipe mobile (exemple)"
    assert added.checked_on == desk.now().date()


def test_a_service_is_added_to_a_structure_that_travels_with_the_program(desk):
    before = services(desk, SECOND_DOOR)
    add_service(desk, SECOND_DOOR, PERMANENCE)
    assert [one.name for one in services(desk, SECOND_DOOR)] == [
        *(one.name for one in before),
        PERMANENCE["nom"],
    ]


def test_an_added_service_is_corrected_as_any_other_and_can_be_over(desk):
    import_directory(desk, both(mission_locale()))
    reference, _ = add_service(desk, MISSION, PERMANENCE)
    correct(desk, reference, {"horaires_accueil": "We[2] 14:00-17:00", "ended_on": "2026-11-01"})
    (added,) = services(desk)
    assert added.hours == "We[2] 14:00-17:00"
    assert added.has_ended_on(desk.now().date())


def test_an_addition_is_taken_back_and_put_back(desk):
    import_directory(desk, both(mission_locale()))
    reference, _ = add_service(desk, MISSION, PERMANENCE)
    withdraw(desk, reference)
    assert services(desk) == ()
    withdraw(desk, reference, back=True)
    assert [one.reference for one in services(desk)] == [reference]


def test_what_a_publisher_gives_is_not_taken_back(desk):
    import_directory(desk, both(mission_locale(), services=[service()]))
    for reference in ("essai/s-1", "ajout-local/00", "ajout-local/zz", "ajout-local/" + "0" * 32):
        with pytest.raises(UnknownStructureError):
            withdraw(desk, reference)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nom", ""),
        ("code_insee", ""),
        ("horaires_accueil", "Tu 09:00-25:00"),
        ("place_kind", "caravane"),
        ("source", "autre"),
    ],
)
def test_an_addition_that_lacks_its_form_is_refused_and_nothing_is_written(desk, field, value):
    import_directory(desk, both(mission_locale()))
    with pytest.raises(CorrectionRefusedError) as refused:
        add_service(desk, MISSION, PERMANENCE | {field: value})
    assert refused.value.facts["field"] == field
    assert services(desk) == ()


def test_a_service_of_no_structure_is_refused(desk):
    with pytest.raises(UnknownStructureError):
        add_service(desk, "essai/personne", PERMANENCE)


def test_added_services_wait_for_their_structure_when_its_import_is_undone(desk):
    done = import_directory(desk, both(mission_locale()))
    add_service(desk, MISSION, PERMANENCE)
    undo_directory_import(desk, done.number)
    with pytest.raises(UnknownStructureError):
        services(desk)
    import_directory(desk, both(mission_locale()))
    assert len(services(desk)) == 1


def test_a_structure_that_publishers_lack_is_added_with_its_permanences(desk):
    fields = {
        "nom": "Café des métiers (exemple)",
        "code_insee": "36016",
        "commune": "Bélâbre",
        "network": "mission_locale",
        "telephone": "+33261910055",
    }
    reference, _ = add_structure(desk, fields)
    add_service(desk, reference, PERMANENCE)
    found = desk_directory(desk).by_reference(reference)
    assert (found.name, found.network, found.telephone) == (
        "Café des métiers (exemple)",
        "mission_locale",
        "+33261910055",
    )
    assert [one.name for one in found.services] == [PERMANENCE["nom"]]
    assert reference in corrected_here(desk)
    import_directory(desk, both(mission_locale()))
    assert desk_directory(desk).by_reference(reference) == found


CAFE = {"nom": "Café des métiers (exemple)", "code_insee": "36016", "adresse": "1 rue (exemple)"}


def test_a_structure_is_added_with_a_first_service_at_its_place(desk):
    said = {"nom": "Accueil", "motives": ("orientation",), "publics": ("jeunes",)}
    reference, _ = add_structure(desk, CAFE, service=said)
    (first,) = services(desk, reference)
    assert (first.name, first.motives, first.audiences) == (
        "Accueil",
        ("orientation",),
        ("jeunes",),
    )
    assert (first.commune_code, first.address) == ("36016", "1 rue (exemple)")
    rebuild_rows(desk)
    assert services(desk, reference) == (first,)


def test_a_first_service_that_is_refused_adds_no_structure_either(desk):
    before = desk_directory(desk).all()
    with pytest.raises(CorrectionRefusedError):
        add_structure(desk, CAFE, service={"nom": "Accueil", "motives": "orientation"})
    assert desk_directory(desk).all() == before


def test_a_structure_of_that_name_in_that_commune_is_not_added_twice(desk):
    reference, _ = add_structure(desk, CAFE)
    with pytest.raises(AlreadyListedError) as refused:
        add_structure(desk, CAFE | {"nom": "cafe  des METIERS (exemple)"})
    assert refused.value.reference == reference
    add_structure(desk, CAFE | {"code_insee": "36018"})
    withdraw(desk, reference)
    again, _ = add_structure(desk, CAFE)
    assert again != reference


def test_taken_back_a_structure_goes_with_its_services_and_comes_back_with_them(desk):
    said = {"nom": "Accueil", "publics": ("jeunes",)}
    reference, _ = add_structure(desk, CAFE, service=said)
    found = desk_directory(desk).by_reference(reference)
    withdraw(desk, reference)
    with pytest.raises(UnknownStructureError):
        services(desk, reference)
    withdraw(desk, reference, back=True)
    assert desk_directory(desk).by_reference(reference) == found


def test_who_added_corrected_and_checked_a_service_is_known(desk, clock):
    import_directory(desk, both(mission_locale(), services=[service()]))
    reference, _ = add_service(desk, MISSION, PERMANENCE)
    clock.tick(hours=1)
    correct(desk, "essai/s-1", {"waiting_days": 8})
    clock.tick(hours=1)
    vouch(desk, reference)
    correct(desk, "essai/s-1", {"telephone": "+33261910077"})
    histories = service_histories(desk, desk_directory(desk).by_reference(MISSION))
    assert [(one.author, one.adds) for one in histories[reference]] == [
        ("Alix Exemple", False),
        ("Alix Exemple", True),
    ]
    assert [one.fields for one in histories["essai/s-1"]] == [("telephone",), ("waiting_days",)]
    assert corrections_made(desk, MISSION) == []
    assert corrected_here(desk) == {MISSION}


def test_a_service_that_moved_is_no_longer_at_the_coordinates_published(desk):
    published = service(latitude=46.63, longitude=1.06, code_insee="36018")
    import_directory(desk, both(mission_locale(), services=[published]))
    assert services(desk)[0].latitude == 46.63
    correct(desk, "essai/s-1", {"code_insee": "36016", "commune": "Bélâbre"})
    assert services(desk)[0].latitude is None
    correct(desk, "essai/s-1", {"code_insee": "36018", "commune": "Le Blanc"})
    assert services(desk)[0].latitude == 46.63


def test_motives_publics_area_and_modes_are_corrected_and_stay_on_top(desk):
    published = service(thematiques=["se-former--trouver-sa-formation"], publics=["jeunes"])
    import_directory(desk, both(mission_locale(), services=[published]))
    correct(
        desk,
        "essai/s-1",
        {
            "motives": ("recherche_emploi",),
            "publics": ("tous-publics",),
            "zone_eligibilite": ("36", "37"),
            "modes_accueil": ("a-distance",),
        },
    )
    later = published | {"date_maj": "2026-06-01", "publics": ["seniors"]}
    import_directory(desk, both(mission_locale(), services=[later]))
    (found,) = services(desk)
    assert found.motives == ("recherche_emploi",)
    assert found.audiences == ("tous-publics",)
    assert found.area == ("36", "37")
    assert found.reception_modes == ("a-distance",)


def test_services_older_than_their_structure_are_to_check_again_too(desk):
    import_directory(
        desk,
        both(
            mission_locale(date_maj="2026-10-30"),
            services=[
                service("s-1", date_maj="2025-01-10"),
                service("s-2", date_maj="2026-10-30"),
                service("s-3", date_maj="2024-01-10"),
            ],
        ),
    )
    correct(desk, "essai/s-3", {"date_maj": "2024-01-10", "ended_on": "2025-01-01"})
    found = unchecked(desk, months=6)
    assert [(one.reference, one.checked_on) for one in found] == [
        ("essai/s-1", dt.date(2025, 1, 10))
    ]
    vouch(desk, "essai/s-1")
    assert unchecked(desk, months=6) == []


def test_what_a_newer_program_wrote_in_another_form_leaves_the_directory_whole(desk):
    import_directory(desk, both(mission_locale(), services=[service()]))
    own = desk.own_structure().space

    def work(tx):
        from app.store.rows import fold_subjects

        pen = desk.pen(tx)
        for about, fields in (
            ("added_service:essai/ml-1", {"nom": 12, "date_maj": "2026-11-01"}),
            ("added_service:essai/ml-1", {"nom": "Sans jour (exemple)"}),
            ("added_service:essai/ml-1", {"nom": "Jour faux (exemple)", "date_maj": "demain"}),
            ("added_caravan:essai/ml-1", {"nom": "Caravane (exemple)", "date_maj": "2026-11-01"}),
            ("service:essai/s-1", {"date_maj": "hier", "horaires_accueil": ("x",), "zz": 1}),
        ):
            pen.create(own, "directory_correction", {"entry": about, **fields})
        fold_subjects(tx, pen.touched)

    desk.workspace.writer.write(work)
    assert [one.name for one in services(desk)] == ["Accompagnement (exemple)"]


def test_rebuilding_gives_the_same_additions(desk):
    import_directory(desk, both(mission_locale()))
    reference, _ = add_service(desk, MISSION, PERMANENCE)
    correct(desk, reference, {"capacity": "complet en janvier"})
    before = desk_directory(desk).all()
    rebuild_rows(desk)
    assert desk_directory(desk).all() == before
