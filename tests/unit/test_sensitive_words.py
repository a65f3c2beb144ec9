"""Words about what the law protects: found whole, and not where they say something else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sensitive_words import SensitiveWords
from app.reference.sensitive_words import VOCABULARY, sensitive_words
from app.reference.vocabulary import Vocabularies
from resources import resource_path

VOCABULARIES = Vocabularies(resource_path("vocabulary"))
WORDS = sensitive_words(VOCABULARIES)

FOUND = [
    ("sante", "Elle est en dépression depuis mars.", "dépression"),
    ("sante", "elle est DEPRESSIVE", "DEPRESSIVE"),
    ("sante", "Il est malade.", "malade"),
    ("sante", "arret maladie depuis 2 mois", "arret maladie"),
    ("sante", "En arrêt de travail.", "arrêt de travail"),
    ("sante", "mi-temps thérapeutique", "mi-temps thérapeutique"),
    ("sante", "reconnue en maladie professionnelle", "maladie professionnelle"),
    ("sante", "Elle a des problèmes de santé.", "problèmes de santé"),
    ("sante", "RQTH en cours", "RQTH"),
    ("sante", "situation de handicap", "handicap"),
    ("sante", "handicapées moteur", "handicapées"),
    ("sante", "de\u0301pression", "de\u0301pression"),
    ("sante", "Suivie par un psychologue au CMP.", "Suivie par un psychologue"),
    ("sante", "Elle est enceinte de 5 mois", "enceinte"),
    ("sante", "dyslexique", "dyslexique"),
    ("sante", "mal au dos", "mal au dos"),
    ("sante", "il s’est drogué", "drogué"),
    ("sante", "sortie d’hospitalisation", "hospitalisation"),
    ("origine", "d’origine algérienne", "origine algérienne"),
    ("origine", "Famille d’origine marocaine.", "origine marocaine"),
    ("origine", "Demandeur d’asile", "Demandeur d’asile"),
    ("origine", "gens du voyage, sédentarisés", "gens du voyage"),
    ("opinion", "Elle porte le voile", "porte le voile"),
    ("opinion", "Il est musulman", "musulman"),
    ("opinion", "témoins de Jéhovah", "témoins de Jéhovah"),
    ("opinion", "délégué syndical CGT", "délégué syndical"),
    ("opinion", "syndiquée depuis 2010", "syndiquée"),
    ("opinion", "ses opinions politiques", "opinions politiques"),
    ("vie_sexuelle", "homosexuelle", "homosexuelle"),
    ("vie_sexuelle", "son orientation sexuelle", "orientation sexuelle"),
    ("justice", "Sort de prison", "prison"),
    ("justice", "sous bracelet électronique", "bracelet électronique"),
    ("justice", "casier judiciaire à demander", "casier judiciaire"),
]
PASSING = [
    "Je voudrais changer de métier, sans partir d’ici.",
    "Son opinion sur le projet a changé.",
    "Pays d’origine du diplôme : Portugal.",
    "Métier d’origine : boulanger.",
    "Formation d’origine, commune d’origine, structure d’origine",
    "appellation d’origine contrôlée",
    "Caisse primaire d’assurance maladie",
    "l’Assurance Maladie recrute",
    "Les métiers de la santé l’intéressent.",
    "Elle veut devenir infirmière ou aide-soignante.",
    "Bac ST2S, sciences et technologies de la santé et du social",
    "Centre de santé de Le Blanc",
    "Agent hospitalier, fonction publique hospitalière",
    "dans l’enceinte du lycée",
    "Lycée catholique Saint-Joseph",
    "Syndicat mixte du Pays d’Azay, syndicat d’initiative",
    "Surveillante de prison, concours de l’administration",
    "Orientation scolaire et professionnelle",
    "Une formation en alternance, un CDD",
    "CD-ROM, DROM",
    "Élevage de race bovine, races à viande",
    "Opérateur de production, opération commerciale",
    "Traitement de texte et sous-traitance",
    "La vie de l’entreprise",
    "Rencontre avec le référent handicap de l’entreprise",
    "Prière de rappeler",
    "Place de l’Église",
    "Il parle arabe et portugais.",
    "Voile et canoë : moniteur",
    "Médiathèque, médiation, médical ? non : médico-social",
    "Chansons d’amour",
    "Le malaise est passé",
    "Politique de la ville, quartier prioritaire",
    "",
    "12345",
]


@pytest.mark.parametrize(("family", "text", "words"), FOUND)
def test_a_sensitive_word_is_found_in_its_place(family, text, words):
    (found, *_more) = WORDS.find(text)
    assert (found.family, text[found.start : found.end]) == (family, words)


@pytest.mark.parametrize("text", PASSING)
def test_words_that_say_something_else_pass(text):
    assert WORDS.find(text) == ()


def test_families_are_told_once_in_the_order_of_the_text():
    text = "Syndiqué, malade, puis en dépression ; syndicaliste."
    assert WORDS.families(text) == ("opinion", "sante")


def test_a_longer_phrase_wins_over_those_inside_it():
    words = SensitiveWords({"a": ["maladie"], "b": ["arrêt maladie longue"]}, ["assurance maladie"])
    assert words.families("arrêt maladie longue") == ("b",)
    assert words.families("arrêt maladie") == ("a",)
    assert words.families("assurance maladie") == ()
    assert words.families("assurance et maladie") == ("a",)


def test_a_star_stands_for_any_ending_and_nothing_else_does():
    words = SensitiveWords({"a": ["syndicalist*"], "b": ["gay"]})
    assert words.families("syndicalistes") == ("a",)
    assert words.families("syndical") == ()
    assert words.families("gaye gayes") == ()


@given(st.text(max_size=200))
def test_places_are_those_of_the_text(text):
    for word in WORDS.find(text):
        assert 0 <= word.start < word.end <= len(text)
        assert WORDS.find(text[word.start : word.end])


@pytest.mark.parametrize("text", ["a" * 100_000, "maladie " * 2_500, "origine " * 2_500])
def test_a_long_text_is_read_in_a_time_that_grows_as_it_does(text):
    started = time.perf_counter()
    WORDS.find(text)
    assert time.perf_counter() - started < 5


def test_every_family_of_the_vocabulary_is_found_and_named():
    vocabulary = VOCABULARIES.get(VOCABULARY)
    assert {family.code for family in vocabulary.families} == {family for family, *_ in FOUND}
    for entry in vocabulary.active():
        for phrase in str(entry.attributes["words"]).split(";"):
            written = phrase.strip().replace("*", "")
            assert WORDS.find(written), written


def test_no_phrase_of_the_vocabulary_is_said_twice():
    phrases = [
        phrase.strip()
        for entry in VOCABULARIES.get(VOCABULARY).active()
        for phrase in str(entry.attributes["words"]).split(";")
    ]
    assert sorted(set(phrases)) == sorted(phrases)
