"""What somebody says suggests motives; the agent decides."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.folding import fold
from app.reference.suggestions import MOST_PROPOSED, MotiveSuggestions
from app.reference.vocabulary import Vocabularies
from resources import resource_path

FILE = resource_path("suggestions", "motives.json")
SUGGESTIONS = MotiveSuggestions(FILE)
WORDS = json.loads(FILE.read_text(encoding="utf-8"))["words"]
MOTIVES = Vocabularies(resource_path("vocabulary")).get("request_motive")

SAID = [
    ("Je voudrais travailler le bois, je ne sais pas par où commencer.", "decouvrir_metiers"),
    ("Je voudrais changer de métier, sans partir d’ici.", "reconversion"),
    ("J’ai été licenciée, je voudrais faire autre chose.", "reconversion"),
    ("Mon fils est en troisième et ne sait pas quel lycée choisir.", "orientation_scolaire"),
    ("Je cherche un patron pour un apprentissage en boulangerie.", "alternance"),
    ("Il me faut un CV pour postuler à la cantine.", "candidature"),
    ("Est-ce que mon CPF peut payer le permis ?", "financer_formation"),
    ("J’ai arrêté l’école il y a un an.", "raccrochage"),
    ("Je veux arrêter la fac, ça ne me plaît plus.", "reorientation"),
    ("Je veux faire reconnaître mon expérience d’aide à domicile, la VAE.", "certification_vae"),
    ("Je cherche du travail, même saisonnier.", "recherche_emploi"),
    ("Mes collègues disent que je devrais mieux écrire.", "savoirs_de_base"),
    ("Je voudrais me mettre à mon compte comme paysagiste.", "creation_reprise"),
    ("Partir travailler au Canada un an", "international"),
    ("Reprendre une activité après mon congé parental", "retour_activite"),
    ("Combien gagne un plombier, est-ce que ça recrute ?", "connaitre_debouches"),
    ("Je voudrais évoluer, changer de poste", "mobilite_interne_externe"),
    ("Comprendre mes droits, le RSA", "droits_et_demarches"),
    ("Je veux faire le point sur mes compétences", "identifier_competences"),
    ("J’hésite, je voudrais confirmer mon projet d’infirmière", "confirmer_projet"),
    ("Une formation d’aide-soignante", "trouver_formation"),
    ("Aidez-moi à monter le dossier de formation", "monter_dossier"),
]


@pytest.mark.parametrize(("said", "motive"), SAID)
def test_words_of_people_suggest_what_they_mean_first(said, motive):
    assert SUGGESTIONS.motives(said)[0] == motive


def test_every_motive_but_the_last_is_suggested_by_somebody_s_words():
    assert {motive for _, motive in SAID} == set(WORDS)
    assert set(WORDS) == set(MOTIVES.codes()) - {"autre"}


def test_phrases_are_written_as_texts_are_folded():
    for phrases in WORDS.values():
        for phrase in phrases:
            bare = phrase.replace("*", "")
            assert fold(bare) == bare, phrase
        assert len(phrases) == len(set(phrases))


@pytest.mark.parametrize("said", ["", "Bonjour", "C’est pour un renseignement.", "🙂", "  \n"])
def test_nothing_is_suggested_when_nothing_is_said(said):
    assert SUGGESTIONS.motives(said) == ()


def test_repeating_oneself_changes_nothing():
    said = "Je veux une formation. Et je voudrais changer de métier."
    assert SUGGESTIONS.motives(said) == SUGGESTIONS.motives(" ".join([said] * 5))


@given(st.text(max_size=300))
def test_any_text_suggests_a_few_known_motives_at_most(text):
    found = SUGGESTIONS.motives(text)
    assert len(found) <= MOST_PROPOSED
    assert len(set(found)) == len(found)
    assert set(found) <= set(WORDS)


def test_only_the_beginning_of_a_whole_life_told_is_read():
    said = "Je voudrais changer de métier."
    assert SUGGESTIONS.motives(f"{said} " + "formation " * 100_000)[0] == "reconversion"
    assert SUGGESTIONS.motives("bonjour " * 1_000 + said) == ()
