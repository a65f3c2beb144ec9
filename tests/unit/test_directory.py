"""The practice directory: invented, unmistakably, and otherwise like a published one."""

import json
import re
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from app.domain.errors import DirectoryError, UnknownStructureError
from app.reference.communes import Communes
from app.reference.directory import Directory, read_directory
from app.reference.vocabulary import Vocabularies
from resources import resource_path

PATH = resource_path("starter", "practice_directory.json")
CONTENT = json.loads(PATH.read_text(encoding="utf-8"))
DIRECTORY = read_directory(PATH)
COMMUNES = Communes(resource_path("communes", "communes.csv"))
VOCABULARIES = Vocabularies(resource_path("vocabulary"))

FICTION = re.compile(r"\+33(19900|26191|35301|46571|53649|63998)\d{4}")
"""Numbers that Arcep keeps for works of fiction: nobody ever answers there."""

HOURS = re.compile(
    r"(((Mo|Tu|We|Th|Fr|Sa)(\[\d(,\d)*\])?[-,]?)+ (\d\d:\d\d-\d\d:\d\d,?)+; )+PH off"
)


def test_there_is_enough_to_practise_with():
    assert len(DIRECTORY) >= 30
    assert all(structure.services for structure in DIRECTORY.all())


def test_every_network_of_the_vocabulary_is_there():
    networks = {structure.network for structure in DIRECTORY.all()}
    assert networks == set(VOCABULARIES.get("structure_network").codes())


def test_every_department_has_structures():
    codes = [structure.commune_code for structure in DIRECTORY.all()]
    assert {code[:2] for code in codes} == {"18", "28", "36", "37", "41", "45"}


def test_every_structure_says_that_it_is_an_example():
    for structure in DIRECTORY.all():
        assert structure.is_example
        assert structure.display_name.endswith("(exemple)")
        assert "Structure inventée" in structure.description


def test_the_mark_is_added_to_an_example_that_lacks_it():
    row = {"source": "deux-portes-exemple", "id": "x", "nom": "Sans marque"}
    marked = _read({"structures": [row | {"date_maj": "2026-01-01"}], "services": []})
    assert marked.by_id("x").display_name == "Sans marque (exemple)"


def test_places_are_real_communes_with_their_postal_codes():
    for structure in DIRECTORY.all():
        commune = COMMUNES.by_code(structure.commune_code)
        assert commune.insee_code == structure.commune_code
        assert structure.commune_name == commune.name
        assert structure.postal_code in commune.postal_codes


def test_nobody_can_be_reached_by_mistake():
    for row in (*CONTENT["structures"], *CONTENT["services"]):
        assert FICTION.fullmatch(row.get("telephone", "+33199000000"))
        assert row.get("courriel", "x.example").endswith(".example")
        assert "rue de l’Exemple" in row["adresse"]
        assert not row.keys() & {"site_web", "siret", "lien_source", "lien_mobilisation"}


def test_identifiers_are_unique():
    for kind in ("structures", "services"):
        identifiers = [row["id"] for row in CONTENT[kind]]
        assert len(identifiers) == len(set(identifiers))


def test_facts_of_the_service_stay_beside_the_published_shape():
    assert CONTENT["spro"].keys() == {row["id"] for row in CONTENT["structures"]}
    mission = DIRECTORY.by_id("deux-portes-exemple--mission-locale-le-blanc")
    assert mission.network == "mission_locale"
    assert mission.is_cep_operator
    assert mission.carriers == ("mission-locale",)


def test_career_counselling_is_claimed_only_by_networks_that_may():
    networks = VOCABULARIES.get("structure_network")
    for structure in DIRECTORY.all():
        expected = networks.check(structure.network).attributes["cep_operator"]
        assert structure.is_cep_operator == expected


def test_opening_hours_are_written_as_on_openstreetmap():
    for structure in DIRECTORY.all():
        assert structure.hours is None or HOURS.fullmatch(structure.hours), structure.hours


def test_a_service_for_everybody_names_no_other_audience():
    for structure in DIRECTORY.all():
        for service in structure.services:
            assert "tous-publics" not in service.audiences or len(service.audiences) == 1
            assert service.themes
            assert service.reception_modes
            assert service.mobilisation_modes


def test_a_structure_is_found_by_identifier_and_by_reference():
    by_id = DIRECTORY.by_id("deux-portes-exemple--cio-le-blanc")
    reference = "deux-portes-exemple/deux-portes-exemple--cio-le-blanc"
    assert by_id.reference == reference
    assert DIRECTORY.by_reference(reference) is by_id
    assert by_id.checked_on == date(2026, 3, 12)


@pytest.mark.parametrize("ask", [DIRECTORY.by_id, DIRECTORY.by_reference])
def test_an_unknown_structure_is_refused_with_its_name(ask):
    with pytest.raises(UnknownStructureError) as caught:
        ask("nulle-part")
    assert caught.value.facts == {"text": "nulle-part"}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("cio blanc", "CIO du Blanc, permanence (exemple)"),
        ("ECOLE 2e chance", "École de la 2ᵉ chance de Tours (exemple)"),
        ("vae", "Point conseil VAE de Bourges (exemple)"),
        ("mission loc issoudun", "Mission locale d’entraînement, antenne d’Issoudun (exemple)"),
        ("france services 36400", "Maison France services de La Châtre (exemple)"),
    ],
)
def test_a_structure_is_found_as_people_type_it(typed, first):
    assert DIRECTORY.search(typed)[0].name == first


def test_a_structure_is_found_by_what_it_does():
    assert "plie" in {found.network for found in DIRECTORY.search("emploi durable")}


def test_nothing_typed_finds_nothing_and_a_limit_holds():
    assert DIRECTORY.search(" ") == DIRECTORY.search("zzzz") == []
    assert len(DIRECTORY.search("exemple", 4)) == 4


def test_membership_has_a_beginning_and_sometimes_an_end():
    plie = DIRECTORY.by_id("deux-portes-exemple--plie-vierzon")
    assert plie.is_member_on(date(2026, 6, 30))
    assert not plie.is_member_on(date(2026, 7, 1))
    assert not plie.is_member_on(date(2018, 12, 31))
    town_hall = DIRECTORY.by_id("deux-portes-exemple--mairie-brezolles")
    assert not town_hall.is_member_on(date(2026, 7, 1))


def _read(content) -> Directory:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "directory.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return read_directory(path)


ROW = {"source": "s", "id": "i", "nom": "Nom", "date_maj": "2026-01-01"}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({"structures": [{"source": "s", "nom": "Nom"}], "services": []}, "id"),
        ({"structures": [ROW | {"date_maj": "hier"}], "services": []}, "hier"),
        ({"structures": [ROW]}, "services"),
        ([], "list"),
        (
            {"structures": [], "services": [ROW | {"structure_id": "z", "description": "…"}]},
            "services of no structure: z",
        ),
    ],
)
def test_a_directory_that_lacks_something_is_refused_whole(content, problem):
    with pytest.raises(DirectoryError) as caught:
        _read(content)
    assert caught.value.facts["file"] == "directory.json"
    assert problem in caught.value.facts["problem"]


def test_a_published_entry_without_local_facts_is_read_too():
    structure = _read({"structures": [ROW], "services": []}).by_id("i")
    assert structure.network == "autre"
    assert not structure.is_example
    assert structure.display_name == "Nom"
    assert structure.commune_code is None


@pytest.mark.parametrize("kind", ["structure", "service"])
def test_entries_follow_the_published_schema(real_data, kind):
    path = real_data / "data-inclusion" / f"{kind}_v1_1.0.10.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    for row in CONTENT[f"{kind}s"]:
        assert not [error.message for error in validator.iter_errors(row)]
        assert row.keys() <= schema["properties"].keys()
