"""The reasons of a choice in French: each code has words, and they read as people speak."""

import datetime as dt
import json

import pytest

from app.matching.reasons import ReasonCode, reason
from tests.matching.world import (
    DIRECTORY,
    LE_BLANC,
    MATCHER,
    NETWORKS,
    SITUATIONS,
    TUESDAY,
    VOCABULARIES,
    ask,
    situation,
    structure,
)
from ui.matching_words import PUBLICS, MatchingWords

WORDS = MatchingWords(VOCABULARIES, TUESDAY)

FACTS = {
    "follows": {"formerly": ""},
    "receives": {"publics": ("demandeur_emploi", "demandeurs-emploi")},
    "ages": {"first": 16, "last": 25},
    "motive": {"motives": ("trouver_formation", "alternance")},
    "level": {"first": 4, "last": 0},
    "speaks": {"languages": ("ar", "lsf")},
    "open": {"on": "2026-11-24", "now": True, "spans": ((540, 750), (840, 1020)), "comments": ()},
    "opens": {"at": "2026-11-25T13:30:00", "comments": ("1er étage",)},
    "held_at": {"how": "permanence", "commune": "Le Blanc"},
    "distance": {"km": 14.4, "approximate": False},
    "remote": {"wished": True},
    "on_site": {"wished": True},
    "checked": {"on": "2026-03-12"},
    "stale": {"on": "2025-11-20", "months": 12},
    "hours_note": {"comments": ("sur rendez-vous",)},
    "hours_unreadable": {"text": "Lu-Ve 9h"},
    "closed": {"days": 62},
    "other_public": {"publics": ("etudiants",)},
    "public_unsaid": {"publics": ("femmes",)},
    "other_ages": {"first": 18, "last": 130},
    "age_unsaid": {"first": 16, "last": 25},
    "other_level": {"first": 0, "last": 3},
    "language_unsaid": {"languages": ("uk",)},
    "beyond_reach": {"km": 24.0, "limit": 5.0},
    "waiting": {"days": 35},
    "capacity": {"words": "complet jusqu’en janvier"},
    "accessible": {"how": "on_request"},
    "not_member": {"since": "2026-06-30"},
    "refused": {"on": "2026-11-20"},
    "ended": {"on": "2026-07-01", "successor": "Espace emploi"},
    "age_outside": {"first": 16, "last": 25},
    "other_mode": {"mode": "a-distance"},
    "out_of_reach": {"km": 52.1, "limit": 10.0, "approximate": True},
}

SAID = {
    "held_at": "permanence au Blanc",
    "follows": "suit la personne",
    "receives": "reçoit les personnes en recherche d’emploi",
    "ages": "de 16 à 25 ans",
    "motive": "répond à : trouver une formation, trouver une alternance",
    "level": "fait pour le niveau 4 et plus",
    "speaks": "reçoit en arabe, langue des signes française",
    "open": "ouvert mardi 9 h–12 h 30 et 14 h–17 h",
    "opens": "ouvre mercredi à 13 h 30 (1er étage)",
    "distance": "à 14 km à vol d’oiseau",
    "remote": "reçoit à distance, comme souhaité",
    "checked": "fiche vérifiée en mars",
    "stale": "fiche vérifiée en novembre 2025, à revérifier",
    "hours_note": "horaires : sur rendez-vous",
    "hours_unreadable": "horaires à vérifier : « Lu-Ve 9h »",
    "closed": "aucune ouverture prévue dans les 62 jours à venir",
    "other_public": "reçoit d’abord les étudiants : à vérifier",
    "public_unsaid": "reçoit les femmes : à vérifier",
    "other_ages": "reçoit d’ordinaire à partir de 18 ans : à vérifier",
    "age_unsaid": "reçoit de 16 à 25 ans : âge à vérifier",
    "other_level": "fait plutôt pour le niveau 3 au plus",
    "language_unsaid": "langue à vérifier : ukrainien",
    "beyond_reach": "plus loin que les 5 km possibles : l’appeler d’abord",
    "waiting": "délai annoncé de 35 jours",
    "capacity": "complet jusqu’en janvier",
    "accessible": "lieu accessible sur demande",
    "not_member": "hors du service public régional de l’orientation depuis le 30 juin 2026",
    "refused": "a refusé le 20 novembre 2026",
    "ended": "structure fermée depuis le 1er juillet 2026 ; Espace emploi a pris la suite",
    "age_outside": "reçoit de 16 à 25 ans",
    "other_mode": "ne reçoit pas à distance",
    "out_of_reach": "à environ 52 km à vol d’oiseau, plus loin que les 10 km possibles",
}


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def said(code: str, **facts) -> str:
    return plain(WORDS.reason(reason(ReasonCode(code), **facts)))


@pytest.mark.parametrize("code", SAID)
def test_facts_are_said_as_people_say_them(code):
    assert said(code, **FACTS[code]) == SAID[code]


@pytest.mark.parametrize("code", list(ReasonCode))
def test_every_reason_has_words(code):
    words = WORDS.reason(reason(code, **FACTS.get(code, {})))
    assert len(words.split()) > 1
    assert words[0] == words[0].lower()
    assert "'" not in words
    assert not words.endswith(".")


@pytest.mark.parametrize(
    ("code", "facts", "words"),
    [
        ("follows", {"formerly": "A"}, "a pris la suite de A, qui suivait la personne"),
        ("receives", {"publics": ("inconnu",)}, "reçoit inconnu"),
        ("other_public", {"publics": tuple("abcd")}, "reçoit d’abord a, b, c, etc. : à vérifier"),
        ("level", {"first": 3, "last": 5}, "fait pour les niveaux 3 à 5"),
        ("held_at", {"how": "round", "commune": "Bélâbre"}, "passage de la tournée à Bélâbre"),
        ("held_at", {"how": "round", "commune": "Les Bordes"}, "passage de la tournée aux Bordes"),
        ("held_at", {"how": "permanence", "commune": ""}, "permanence"),
        (
            "ended",
            {"on": "2026-07-01", "successor": "", "service": "Atelier"},
            "service arrêté depuis le 1er juillet 2026",
        ),
        ("distance", {"km": 0.4, "approximate": False}, "à moins d’un kilomètre à vol d’oiseau"),
        ("distance", {"km": 7.0, "approximate": True}, "à environ 7 km à vol d’oiseau"),
        (
            "distance",
            {"km": 12.3, "approximate": False, "limit": 15.0},
            "à 12 km à vol d’oiseau, dans la limite de 15 km",
        ),
        (
            "distance",
            {"km": 0.4, "approximate": False, "limit": 15.0},
            "à moins d’un kilomètre à vol d’oiseau",
        ),
        ("remote", {"wished": False}, "joignable à distance"),
        (
            "opens",
            {"at": "2026-12-01T09:00:00", "comments": ()},
            "ouvre le 1er décembre 2026 à 9 h",
        ),
        ("opens", {"at": "2026-11-28T00:00:00", "comments": ()}, "ouvre samedi"),
        ("waiting", {"days": 0}, "sans délai annoncé"),
        ("accessible", {"how": "autrement"}, "autrement"),
        ("not_member", {"since": ""}, "hors du service public régional de l’orientation"),
        (
            "ended",
            {"on": "2026-07-01", "successor": ""},
            "structure fermée depuis le 1er juillet 2026",
        ),
        ("other_mode", {"mode": "en-presentiel"}, "ne reçoit pas sur place"),
    ],
)
def test_other_facts_have_other_words(code, facts, words):
    assert said(code, **facts) == words


def test_a_whole_day_is_said_without_hours():
    facts = FACTS["open"] | {"spans": ((0, 1440),), "comments": ("sur rendez-vous",)}
    assert said("open", **facts) == "ouvert mardi (sur rendez-vous)"


def test_a_choice_reads_as_one_line():
    match = MATCHER.match(
        situation(LE_BLANC, motives=["recherche_emploi"], status="inscrit", age=45)
    )
    assert plain(WORDS.line(match.first)) == (
        "reçoit les personnes en recherche d’emploi, répond à : chercher un emploi, ouvert mardi"
        " 8 h 30–12 h 30, dans la commune, joignable à distance, fiche vérifiée en septembre"
    )
    by_structure = {one.structure.id: WORDS.set_aside(one) for one in match.set_aside}
    assert by_structure["cap-36"] == (
        "reçoit les personnes handicapées, quand elles souhaitent le dire"
    )


def test_every_public_that_data_may_name_has_words():
    today = TUESDAY.date()
    named = {public for code in NETWORKS.codes() for public in NETWORKS.on(code, today).publics}
    named |= {code for one in DIRECTORY.all() for s in one.services for code in s.audiences}
    for vocabulary in ("public_status", "age_band"):
        entries = VOCABULARIES.get(vocabulary).entries
        named |= {code for entry in entries for code in entry.data_inclusion}
    assert named - {"tous-publics"} <= PUBLICS.keys()


def test_every_audience_of_data_inclusion_has_words(real_data):
    path = real_data / "data-inclusion" / "referentiels_v1_1.0.10.json"
    published = {entry["value"] for entry in json.loads(path.read_text("utf-8"))["Public"]}
    assert published - {"tous-publics"} <= PUBLICS.keys()


def test_no_situation_is_left_without_french_words():
    for one in SITUATIONS["situations"]:
        asked = situation(**{"at": SITUATIONS["at"]} | one["given"])
        words = MatchingWords(VOCABULARIES, asked.at)
        match = MATCHER.match(asked)
        lines = [words.line(candidate) for candidate in (match.first, *match.fallbacks)]
        lines += [words.set_aside(aside) for aside in match.set_aside]
        for line in lines:
            assert line
            assert "_" not in line
            assert " :" not in line.replace("\u202f:", "")


def test_the_year_is_said_when_it_is_another_one():
    later = MatchingWords(VOCABULARIES, TUESDAY + dt.timedelta(days=60))
    match = ask(structure("a", "cria"), motives=["savoirs_de_base"])
    assert "octobre\u00a02026" in later.line(match.first)
