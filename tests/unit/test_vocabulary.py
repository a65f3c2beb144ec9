"""Vocabularies are data: complete, readable for ever, true to the schemas they cite."""

import json
import re
from datetime import date
from itertools import pairwise

import pytest

from app.domain.errors import UnknownVocabularyCodeError
from app.reference.vocabulary import Entry, Vocabularies, Vocabulary, read_vocabulary
from resources import resource_path

VOCABULARIES = Vocabularies(resource_path("vocabulary"))

EXPECTED = {
    "age_band",
    "agreed_by",
    "barrier",
    "beyond_reason",
    "cancellation_reason",
    "cep_level",
    "deadline_reason",
    "door",
    "go_day",
    "half_day",
    "handover_mode",
    "how_they_came",
    "information_kind",
    "language",
    "mode_wished",
    "need",
    "next_step",
    "other_choice_reason",
    "outcome",
    "place_type",
    "public_status",
    "purpose",
    "reception_mode",
    "referral_status",
    "refusal_reason",
    "request_answer",
    "request_kind",
    "request_motive",
    "sensitive_words",
    "sex",
    "structure_network",
    "training_level",
    "travel_distance",
    "visitor",
}
ANY_NAME = pytest.mark.parametrize("name", sorted(EXPECTED))


def test_every_vocabulary_of_the_trade_is_there():
    assert set(VOCABULARIES.names()) == EXPECTED


@ANY_NAME
def test_a_vocabulary_is_named_versioned_and_sourced(name):
    vocabulary = VOCABULARIES.get(name)
    assert vocabulary.name == name
    assert re.fullmatch(r"20\d\d\.\d\d", vocabulary.version)
    assert vocabulary.source


@ANY_NAME
def test_codes_are_unique_and_plain(name):
    codes = [entry.code for entry in VOCABULARIES.get(name).entries]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z0-9_]+", code) for code in codes)


@ANY_NAME
def test_labels_are_unique_and_in_french_typography(name):
    vocabulary = VOCABULARIES.get(name)
    labels = [entry.label for entry in vocabulary.entries]
    assert len(labels) == len(set(labels))
    for text in (*labels, *(entry.hint for entry in vocabulary.entries), vocabulary.source):
        assert "'" not in text
        assert "..." not in text
        assert not re.search(r"[^\u202f][:;!?]", text)
    assert all(label[0] == label[0].upper() for label in labels)


@ANY_NAME
def test_families_named_by_entries_have_a_heading(name):
    vocabulary = VOCABULARIES.get(name)
    headings = {family.code for family in vocabulary.families}
    assert {entry.family for entry in vocabulary.entries if entry.family} == headings


def test_what_the_law_protects_is_marked_sensitive():
    assert VOCABULARIES.check("public_status", "arret_invalidite").is_sensitive
    assert VOCABULARIES.check("barrier", "sante").is_sensitive
    assert not VOCABULARIES.check("barrier", "mobilite").is_sensitive


@pytest.mark.parametrize(
    "name", ["public_status", "age_band", "sex", "training_level", "how_they_came"]
)
def test_nobody_has_to_answer(name):
    assert VOCABULARIES.label(name, "non_communique") == "Non communiqué"


@pytest.mark.parametrize(
    ("code", "former", "france_travail"),
    [
        ("3", "V", "NV5"),
        ("4", "IV", "NV4"),
        ("5", "III", "NV3"),
        ("6", "II", "NV2"),
        ("7", "I", "NV1"),
        ("8", "I", "NV1"),
    ],
)
def test_training_levels_know_their_former_and_foreign_names(code, former, france_travail):
    attributes = VOCABULARIES.check("training_level", code).attributes
    assert attributes["level"] == int(code)
    assert attributes["former_level"] == former
    assert attributes["france_travail"] == france_travail


def test_age_bands_touch_without_overlapping():
    bands = [entry.attributes for entry in VOCABULARIES.get("age_band").entries if entry.attributes]
    assert "age_from" not in bands[0]
    assert "age_to" not in bands[-1]
    for younger, older in pairwise(bands):
        assert older["age_from"] == younger["age_to"] + 1


def test_only_the_operators_of_the_law_deliver_career_counselling():
    operators = {
        entry.code
        for entry in VOCABULARIES.get("structure_network").entries
        if entry.attributes["cep_operator"]
    }
    assert operators == {"france_travail", "cap_emploi", "mission_locale", "apec", "cep_regional"}


def test_networks_that_data_inclusion_ignores_stay_without_equivalent():
    networks = VOCABULARIES.get("structure_network")
    for code in ("cio", "suio", "apec", "transitions_pro", "cria", "pic_vae", "cep_regional"):
        assert networks.check(code).data_inclusion == ()


def test_a_word_covers_its_themes_and_those_of_its_category():
    mobility = VOCABULARIES.check("barrier", "mobilite")
    assert mobility.covers_theme("mobilite--preparer-un-permis")
    assert mobility.covers_theme("mobilite")
    assert not mobility.covers_theme("mobilite-internationale--partir")
    motive = VOCABULARIES.check("request_motive", "monter_dossier")
    assert motive.covers_theme("se-former--monter-son-dossier-de-formation")
    assert not motive.covers_theme("se-former--trouver-sa-formation")


def test_an_unknown_code_is_shown_as_it_is():
    assert VOCABULARIES.label("door", "troisieme") == "troisieme"


def test_an_unknown_code_is_refused_with_those_that_come_close():
    with pytest.raises(UnknownVocabularyCodeError) as caught:
        VOCABULARIES.check("reception_mode", "telefone")
    assert caught.value.facts["vocabulary"] == "reception_mode"
    assert caught.value.facts["text"] == "telefone"
    assert caught.value.facts["suggestions"] == "telephone"


def test_a_code_may_be_sought_by_its_french_words():
    with pytest.raises(UnknownVocabularyCodeError) as caught:
        VOCABULARIES.check("sex", "Non communiqué")
    assert caught.value.facts["suggestions"] == "non_communique"


def test_an_unknown_vocabulary_is_a_mistake_of_the_program():
    with pytest.raises(LookupError, match="door"):
        VOCABULARIES.get("../door")


def with_a_retired_word() -> Vocabulary:
    return Vocabulary(
        name="essai",
        version="2026.11",
        source="essai",
        entries=(
            Entry(code="ancien", label="Ancien", retired_on=date(2026, 7, 1)),
            Entry(code="neuf", label="Neuf"),
        ),
    )


def test_a_retired_word_stays_readable_and_passes_the_check():
    vocabulary = with_a_retired_word()
    assert vocabulary.label("ancien") == "Ancien"
    assert vocabulary.check("ancien").retired_on == date(2026, 7, 1)
    assert vocabulary.codes() == ("ancien", "neuf")


def test_a_retired_word_is_no_longer_proposed():
    vocabulary = with_a_retired_word()
    assert [entry.code for entry in vocabulary.active()] == ["neuf"]
    assert [entry.code for entry in vocabulary.active(date(2026, 7, 1))] == ["neuf"]
    assert [entry.code for entry in vocabulary.active(date(2026, 6, 30))] == ["ancien", "neuf"]


def test_a_retirement_is_read_from_the_file(tmp_path):
    path = tmp_path / "essai.json"
    entry = {"code": "ancien", "label": "Ancien", "retired_on": "2026-07-01"}
    content = {"vocabulary": "essai", "version": "2026.11", "source": "x", "entries": [entry]}
    path.write_text(json.dumps(content), encoding="utf-8")
    assert read_vocabulary(path).entries[0].retired_on == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("name", "referentials"),
    [
        ("request_motive", ["Thematique"]),
        ("need", ["Thematique"]),
        ("barrier", ["Thematique", "Categorie"]),
        ("structure_network", ["ReseauPorteur"]),
    ],
)
def test_every_equivalent_exists_in_data_inclusion(real_data, name, referentials):
    path = real_data / "data-inclusion" / "referentiels_v1_1.0.10.json"
    published = json.loads(path.read_text(encoding="utf-8"))
    known = {entry["value"] for referential in referentials for entry in published[referential]}
    used = {code for entry in VOCABULARIES.get(name).entries for code in entry.data_inclusion}
    assert used
    assert used <= known
