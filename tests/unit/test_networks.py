"""Networks and weights are data: complete, sourced, in the words of the vocabularies."""

import dataclasses
import datetime as dt
import json
import re

import pytest

from app.reference.networks import DISABILITY, EXECUTIVE, Networks
from resources import resource_path
from tests.matching.world import NETWORKS, RULES, VOCABULARIES

FILE = resource_path("networks", "networks.json")
ROWS = json.loads(FILE.read_text("utf-8"))["entries"]
TODAY = dt.date(2026, 11, 24)
ALL = [NETWORKS.on(code, TODAY) for code in NETWORKS.codes()]


def test_every_network_of_the_vocabulary_is_described():
    assert set(VOCABULARIES.get("structure_network").codes()) <= set(NETWORKS.codes())


def test_their_words_are_those_of_the_vocabularies():
    statuses = VOCABULARIES.get("public_status")
    known = {*statuses.codes(), *(family.code for family in statuses.families)}
    for network in ALL:
        assert network.motives <= set(VOCABULARIES.get("request_motive").codes())
        assert network.purposes <= set(VOCABULARIES.get("purpose").codes())
        assert set(network.publics) <= known
        assert set(network.needs) <= {EXECUTIVE, DISABILITY}


def test_every_network_names_its_source():
    assert all(network.source for network in ALL)
    for row in ROWS:
        assert "'" not in row.get("source", "")


def test_only_the_operators_of_the_law_counsel():
    operators = {network.code for network in ALL if network.counselling}
    expected = {
        entry.code
        for entry in VOCABULARIES.get("structure_network").entries
        if entry.attributes["cep_operator"]
    }
    assert operators == expected
    regional = NETWORKS.on("cep_regional", TODAY)
    assert (regional.counselling.operator, regional.serves_public_agents) == ("regional", False)


@pytest.mark.parametrize(
    ("code", "day", "standing"),
    [
        ("pole_emploi", dt.date(2023, 12, 31), "pole_emploi"),
        ("pole_emploi", dt.date(2024, 1, 1), "france_travail"),
        ("fongecif", TODAY, "transitions_pro"),
        ("france_travail", TODAY, "france_travail"),
    ],
)
def test_a_network_that_ended_is_the_one_that_took_over(code, day, standing):
    network = NETWORKS.on(code, day)
    assert network.code == standing
    assert network.stands_on(day)


def test_nothing_is_supposed_of_an_unknown_network_or_of_one_not_born_yet():
    for code, day in (("nouveau", TODAY), ("cep_regional", dt.date(2019, 1, 1))):
        network = NETWORKS.on(code, day)
        assert (network.motives, network.counselling, network.is_first_door) == (set(), None, False)


def test_networks_that_replace_each_other_in_a_circle_stand_for_nothing(tmp_path):
    path = tmp_path / "networks.json"
    rows = [
        {"code": "a", "to": "2020-01-01", "replaced_by": "b"},
        {"code": "b", "to": "2020-01-01", "replaced_by": "a", "motives": ["alternance"]},
    ]
    path.write_text(json.dumps({"entries": rows}), encoding="utf-8")
    assert Networks(path).on("a", TODAY).motives == set()


def test_a_network_may_be_like_another():
    assert NETWORKS.on("crij", TODAY).motives == NETWORKS.on("info_jeunesse", TODAY).motives
    assert NETWORKS.on("crij", TODAY).code == "crij"


def test_a_network_without_a_last_age_has_none():
    adults = NETWORKS.on("afpa", TODAY).ages
    assert (adults.first, adults.last_for(disability=True)) == (18, 130)


def test_weights_move_forward_or_back_as_their_names_say():
    back = re.compile("other_public|other_level|unsaid_public|age_unsaid|paid|waiting|stale")
    for name, weight in dataclasses.asdict(RULES.weights).items():
        assert (weight < 0) is bool(back.match(name)), name
    assert RULES.weights.opens_soon <= RULES.weights.open_at
    assert 0 <= RULES.remote_share <= 1


def test_the_words_of_the_rules_are_those_of_the_vocabularies():
    statuses = {*VOCABULARIES.get("public_status").codes(), ""}
    motives = set(VOCABULARIES.get("request_motive").codes())
    rule = RULES.counselling
    assert rule.not_for | rule.public_agents | RULES.unsaid_statuses <= statuses
    assert rule.unless_motives | RULES.unsaid_motives <= motives
    assert RULES.no_diploma <= set(VOCABULARIES.get("training_level").codes())
    assert RULES.spoken_by_all <= set(VOCABULARIES.get("language").codes())
    modes = set(VOCABULARIES.get("reception_mode").codes())
    assert RULES.modes.keys() <= {*modes, "en-presentiel", "a-distance"}


def test_what_the_law_protects_decides_nothing():
    sensitive = {one.code for one in VOCABULARIES.get("public_status").entries if one.is_sensitive}
    assert sensitive <= RULES.unsaid_statuses


@pytest.mark.parametrize("name", ["public_status", "age_band"])
def test_audiences_exist_in_data_inclusion(real_data, name):
    path = real_data / "data-inclusion" / "referentiels_v1_1.0.10.json"
    published = {entry["value"] for entry in json.loads(path.read_text("utf-8"))["Public"]}
    entries = VOCABULARIES.get(name).entries
    assert {code for entry in entries for code in entry.data_inclusion} <= published
    assert RULES.everybody | RULES.disability_audiences <= published
