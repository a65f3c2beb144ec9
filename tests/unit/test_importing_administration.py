"""The administration's directory: its file, its packed archive, its API."""

import bz2
import io
import json
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.importing import errors
from app.reference.importing.files import Limits
from app.reference.importing.findings import Kind
from app.reference.importing.parsed import DatedBy, Format
from tests.published_files import as_csv, as_json, notes, read, reasons

OPENING = {
    "nom_jour_debut": "Lundi",
    "nom_jour_fin": "Vendredi",
    "valeur_heure_debut_1": "09:00:00",
    "valeur_heure_fin_1": "12:00:00",
    "valeur_heure_debut_2": "",
    "valeur_heure_fin_2": "",
    "commentaire": "hors vacances scolaires",
}
ADDRESS = {
    "type_adresse": "Adresse",
    "complement1": "Cité administrative",
    "complement2": "",
    "numero_voie": "1 rue de l’Exemple",
    "service_distribution": "BP 1",
    "code_postal": "36300",
    "nom_commune": "Le Blanc",
    "longitude": "1.06",
    "latitude": "46.63",
    "accessibilite": "ACC",
}


def local_service(number=1, pivot="cio", **changes):
    return {
        "id": f"0000-{number}",
        "nom": "Centre d’information et d’orientation (exemple)",
        "pivot": [{"type_service_local": pivot, "code_insee_commune": ["36018"]}],
        "adresse": [ADDRESS | {"type_adresse": "Adresse postale", "numero_voie": "BP 1"}, ADDRESS],
        "telephone": [
            {"valeur": "02 61 91 00 01", "description": ""},
            {"valeur": "02 61 91 00 02"},
        ],
        "adresse_courriel": ["cio@cio.example"],
        "site_internet": [{"libelle": "", "valeur": "https://cio.example"}],
        "plage_ouverture": [OPENING],
        "date_modification": "09/08/2023 13:30:19",
        "mission": None,
        "siret": "",
    } | changes


def archive(content: bytes, name="2026-11-20-data.gouv_local.json") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:bz2") as packed:
        for member, inside in (("2026-11-20-competences.zip", b"PK"), (name, content)):
            info = tarfile.TarInfo(member)
            info.size = len(inside)
            packed.addfile(info, io.BytesIO(inside))
    return buffer.getvalue()


def test_a_local_service_becomes_a_structure():
    parsed = read(as_json({"service": [local_service()]}))
    assert parsed.format is Format.ADMINISTRATION
    assert parsed.holds == {Kind.STRUCTURE}
    assert parsed.structures == (
        {
            "source": "annuaire-administration",
            "id": "annuaire-administration--0000-1",
            "nom": "Centre d’information et d’orientation (exemple)",
            "date_maj": "2023-08-09",
            "commune": "Le Blanc",
            "code_postal": "36300",
            "code_insee": "36018",
            "adresse": "1 rue de l’Exemple",
            "complement_adresse": "Cité administrative, BP 1",
            "longitude": 1.06,
            "latitude": 46.63,
            "telephone": "+33261910001",
            "courriel": "cio@cio.example",
            "site_web": "https://cio.example",
            "horaires_accueil": 'Mo-Fr 09:00-12:00 "hors vacances scolaires"; PH off',
        },
    )
    assert parsed.spro == {
        "annuaire-administration--0000-1": {
            "network": "cio",
            "network_known_by": "pivot",
            "cep_operator": False,
            "accessibility": "accessible",
        }
    }


def test_the_api_that_puts_json_in_strings_gives_the_same():
    plain = local_service()
    strings = {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
        for name, value in plain.items()
    } | {"adresse_courriel": "cio@cio.example"}
    expected = read(as_json({"service": [plain]})).structures
    for content in (
        as_json({"total_count": 1, "results": [strings]}),
        as_json([strings]),
        as_json({"records": [{"recordid": "x", "fields": strings}]}),
        as_csv(strings, separator=";").encode(),
    ):
        assert read(content).structures == expected


def test_what_serves_no_guidance_is_left_out_and_counted():
    content = {"service": [local_service(1), local_service(2, "mairie"), local_service(3, "nuage")]}
    parsed = read(as_json(content))
    assert (parsed.read, parsed.left_out, len(parsed.structures)) == (3, 2, 1)
    asked = read(as_json(content), more_pivots=frozenset({"mairie"}))
    assert asked.left_out == 1
    assert asked.spro["annuaire-administration--0000-2"]["network"] == "collectivite"
    assert asked.structures[1]["reseaux_porteurs"] == ["communes"]


def test_what_is_not_diffused_is_left_out():
    parsed = read(as_json({"service": [local_service(statut_de_diffusion="false")]}))
    assert (parsed.left_out, parsed.structures) == (1, ())


@pytest.mark.parametrize(
    ("pivot", "name", "network", "is_operator"),
    [
        ("mission_locale", "Permanence (exemple)", "mission_locale", True),
        ("pole_emploi", "Agence (exemple)", "france_travail", True),
        ("apec", "Apec (exemple)", "apec", True),
        ("cij", "CRIJ (exemple)", "crij", False),
        ("cij", "Maison des jeunes (exemple)", "info_jeunesse", False),
        ("chambre_metier", "Chambre (exemple)", "cma", False),
        ("greta", "Greta (exemple)", None, None),
    ],
)
def test_a_kind_of_local_service_tells_the_network(pivot, name, network, is_operator):
    parsed = read(as_json({"service": [local_service(1, pivot, nom=name)]}))
    facts = parsed.spro["annuaire-administration--0000-1"]
    assert (facts.get("network"), facts.get("cep_operator")) == (network, is_operator)


def test_a_commune_without_code_is_found_by_postal_code_and_name():
    parsed = read(as_json({"service": [local_service(code_insee_commune=None)]}))
    assert parsed.structures[0]["code_insee"] == "36018"
    elsewhere = [ADDRESS | {"nom_commune": "Le Blan"}]
    lost = read(as_json({"service": [local_service(adresse=elsewhere)]}))
    assert "code_insee" not in lost.structures[0]
    assert notes(lost) == [("unknown_commune", "Le Blan")]


def test_empty_lists_and_strings_of_the_directory_leave_no_key():
    empty = local_service(
        adresse=[], telephone=[{"valeur": ""}], adresse_courriel=[], site_internet="", mission=""
    )
    row = read(as_json({"service": [empty | {"plage_ouverture": None}]})).structures[0]
    assert row.keys() == {"source", "id", "nom", "date_maj"}
    nowhere = [ADDRESS | {"longitude": "", "latitude": ""}]
    assert "latitude" not in read(as_json([local_service(adresse=nowhere)])).structures[0]


def test_hours_of_the_directory_that_cannot_be_read_are_said():
    broken = [OPENING | {"nom_jour_debut": "Lendi"}]
    parsed = read(as_json([local_service(plage_ouverture=broken)]))
    assert "horaires_accueil" not in parsed.structures[0]
    assert [reason for reason, _ in notes(parsed)] == ["hours_dropped"]
    assert "Lendi" in notes(parsed)[0][1]


def test_a_local_service_without_identifier_or_day_is_refused():
    parsed = read(
        as_json({"service": [local_service(id=""), local_service(date_modification=None), None]})
    )
    assert reasons(parsed) == [(1, "missing_field"), (2, "missing_field"), (3, "null_record")]


def test_the_archive_is_read_without_being_unpacked(tmp_path):
    content = as_json({"service": [local_service()]})
    path = tmp_path / "all_latest.tar.bz2"
    path.write_bytes(archive(content))
    parsed = read(path.read_bytes())
    assert parsed.structures == read(content).structures
    assert parsed.provenance.dated_on.isoformat() == "2026-11-20"
    assert parsed.provenance.dated_by is DatedBy.NAME
    assert [each.name for each in tmp_path.iterdir()] == ["all_latest.tar.bz2"]


def test_an_archive_without_the_directory_is_refused():
    with pytest.raises(errors.ArchiveWithoutDirectoryError):
        read(archive(b"{}", name="autre.json"))


def test_strings_of_the_api_that_hold_no_json_are_texts():
    spoiled = local_service(adresse_courriel="[cio@cio.example", telephone="{02 61 91 00 01")
    parsed = read(as_json([spoiled]))
    assert "courriel" not in parsed.structures[0]
    assert parsed.structures[0]["telephone"] == "{02 61 91 00 01"
    assert [reason for reason, _ in notes(parsed)] == ["telephone_as_published", "value_dropped"]


def test_an_archive_of_countless_members_is_not_gone_through():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:bz2") as packed:
        for number in range(1_001):
            packed.addfile(tarfile.TarInfo(f"{number}.txt"))
        packed.addfile(tarfile.TarInfo("2026-11-20-data.gouv_local.json"))
    with pytest.raises(errors.ArchiveWithoutDirectoryError):
        read(buffer.getvalue())


def test_an_archive_that_would_unfold_too_far_is_refused():
    content = archive(b" " * 2_000_000)
    assert len(content) < 2_000
    with pytest.raises(errors.SwollenFileError):
        read(content, limits=Limits(unfolded_bytes=1_000_000))


def test_a_damaged_archive_is_refused_whole():
    whole = archive(as_json({"service": [local_service(number) for number in range(300)]}))
    for keep in (30, 200, len(whole) // 2):
        for content in (whole[:keep], whole[:keep] + b"\0" * 50 + whole[keep + 50 :]):
            with pytest.raises(errors.ImportingError):
                read(content)


@given(st.binary(max_size=300))
def test_no_packed_bytes_bring_another_error_than_ours(content):
    for packed in (bz2.compress(content), b"BZh9" + content):
        with pytest.raises(errors.ImportingError):
            read(packed)
