"""Exact places of communes, imported: distances and maps use them, undoing gives the old back."""

import dataclasses

import pytest

from app.domain.reception import Reception
from app.reference.communes import CoordinateSource
from app.reference.distance import distance_km
from app.reference.importing.parsed import Format, Options
from app.store.directory_rows import entries
from app.usecases.directory.commune_places import desk_communes
from app.usecases.directory.imports import (
    directory_imports,
    import_directory,
    propose_import,
    undo_directory_import,
)
from app.usecases.directory.shelf import desk_directory
from app.usecases.partners import partners
from app.usecases.rebuild import rebuild_rows
from tests.builders import LE_BLANC

HEADER = "Code_commune_INSEE;Nom_commune;Code_postal;Ligne_5;Libellé_d_acheminement"
ACHERES = "18001"
FILE = f"""{HEADER};latitude;longitude
{ACHERES};ACHERES;18250;;ACHERES;47.28;2.45
{LE_BLANC};LE BLANC;36300;;LE BLANC;46.63;1.06
01034;BELLEY;01300;;BELLEY;45.7;5.6
;X;36300;;X;46;1
""".encode()


def place(desk, code):
    commune = desk_communes(desk).by_code(code)
    return commune.latitude, commune.longitude, commune.coordinates


def test_places_of_the_region_are_kept_and_the_others_left_aside(desk):
    before = place(desk, ACHERES)
    assert before[2] is CoordinateSource.POSTAL_CODE
    done = import_directory(desk, FILE)
    assert done.parsed.format is Format.COMMUNES
    assert (done.added, done.parsed.read, done.parsed.left_out) == (2, 4, 1)
    assert [one.place.number for one in done.parsed.rejected] == [5]
    assert place(desk, ACHERES) == (47.28, 2.45, CoordinateSource.EXACT)


def test_a_distance_is_exact_only_when_both_communes_have_a_place_of_their_own(desk):
    def between(first, second):
        communes = desk_communes(desk)
        return distance_km(communes.by_code(first), communes.by_code(second)).is_approximate

    assert between(LE_BLANC, ACHERES)
    assert between(ACHERES, LE_BLANC)
    done = import_directory(desk, FILE)
    assert not between(LE_BLANC, ACHERES)
    assert between(ACHERES, "18002")
    undo_directory_import(desk, done.number)
    assert between(LE_BLANC, ACHERES)


def test_undoing_gives_the_former_places_back_in_any_order(desk):
    shipped = place(desk, ACHERES)
    first = import_directory(desk, FILE)
    second = import_directory(desk, FILE.replace(b"47.28", b"47.29"))
    assert place(desk, ACHERES)[0] == 47.29
    undo_directory_import(desk, first.number)
    assert place(desk, ACHERES)[0] == 47.29
    undo_directory_import(desk, second.number)
    assert place(desk, ACHERES) == shipped
    with desk.workspace.read() as connection:
        assert entries(connection) == []


def test_the_same_places_again_are_no_import_and_no_structure_is_touched(desk):
    before = desk_directory(desk).all()
    import_directory(desk, FILE)
    assert import_directory(desk, FILE).number is None
    assert desk_directory(desk).all() == before
    assert [line.format for line in directory_imports(desk)] == ["communes"]


def test_only_the_departements_asked_for_are_placed(desk):
    only = Options(departments=frozenset({"36"}))
    assert set(propose_import(desk, FILE, only).parsed.places) == {LE_BLANC}


def test_who_is_proposed_is_as_far_as_the_imported_places_say(desk):
    def distances():
        found = partners(
            desk, Reception(expressed="", commune=ACHERES, motives=("recherche_emploi",))
        )
        shown = (found.match.first, *found.match.fallbacks)
        return [(one.distance.km, one.distance.is_approximate) for one in shown]

    before = distances()
    assert all(is_approximate for _, is_approximate in before)
    done = import_directory(desk, FILE)
    after = distances()
    assert before != after
    undo_directory_import(desk, done.number)
    assert distances() == before


def test_rebuilding_leaves_the_places(desk):
    import_directory(desk, FILE)
    rebuild_rows(desk)
    assert place(desk, ACHERES)[:2] == (47.28, 2.45)


@pytest.mark.parametrize("name", ["structures", "communes"])
def test_a_file_of_structures_with_coordinates_is_not_taken_for_places(desk, name):
    header = "source,id,nom,date_maj,code_insee,latitude,longitude"
    line = f"essai,a,Atelier (exemple),2026-11-01,{LE_BLANC},46.6,1.0"
    proposed = propose_import(desk, f"{header}\n{line}\n".encode(), Options(name=name))
    assert proposed.parsed.format is Format.DATA_INCLUSION


def test_the_official_file_places_every_commune_of_the_region(desk, real_data):
    path = real_data / "communes-laposte-hexasmal" / "laposte_hexasmal.csv"
    done = import_directory(desk, path)
    assert (done.added, done.parsed.read) == (1_754, 39_204)
    communes = list(desk_communes(desk))
    assert not any(commune.is_approximate for commune in communes)
    same = dataclasses.replace
    for now, shipped in zip(communes, desk.reference.communes, strict=True):
        kept = {"latitude": 0.0, "longitude": 0.0, "coordinates": CoordinateSource.EXACT}
        assert same(now, **kept) == same(shipped, **kept)
