"""Columns of registers are guessed by their titles and their cells, each guess with a reason."""

import datetime as dt

import pytest

from app.reference.register.errors import NoSuchSheetError, NoTitlesError
from app.reference.register.guessing import LEAST, Guesser
from app.reference.register.plan import RegisterPlan
from app.reference.register.values import ValueReader
from app.reference.register.words import register_words
from tests import registers
from tests.builders import REFERENCE
from tests.registers import a_book

TODAY = dt.date(2026, 11, 25)


@pytest.fixture(scope="module")
def guesser() -> Guesser:
    words = register_words()
    values = ValueReader(REFERENCE.vocabularies, REFERENCE.communes, REFERENCE.suggestions, words)
    return Guesser(values, words, TODAY)


def fields(plan: RegisterPlan) -> dict[str, str]:
    """Which field each column holds; those of crosses with what they mean."""
    return {
        column.title: f"{column.field}={column.code}" if column.code else column.field
        for column in plan.columns
    }


EXPECTED = {
    "MAIRIE": {
        "Date": "date",
        "NOM Prénom": "full_name",
        "Tél.": "telephone",
        "Objet de la demande": "motives",
        "Réponse apportée": "outcome",
    },
    "MISSION_LOCALE": {
        "Date de contact": "date",
        "Nom du jeune": "family_name",
        "Prénom": "given_name",
        "DDN": "birth_on",
        "Commune": "commune",
        "Niv formation": "level_reached",
        "Situation": "status",
        "Prescripteur": "how_they_came",
        "Conseiller": "agent",
    },
    "FRANCE_SERVICES": {
        "Jour": "date",
        "Heure": "hour",
        "H/F": "sex",
        "Tranche d’âge": "age",
        "Ville": "commune",
        "Type de contact": "mode",
        "Démarche": "motives",
        "Partenaire": "handed_to",
    },
    "TICKS": {
        "Date": "date",
        "H": "sex=homme",
        "F": "sex=femme",
        "Emploi": "motives=recherche_emploi",
        "Formation": "motives=trouver_formation",
        "Orientation": "motives=orientation_scolaire",
        "Autre": "",
        "Observations": "notes",
    },
    "MONTHLY_AGES": {
        "DATE": "date",
        "COMMUNE": "commune",
        "- 18": "",
        "18-25": "age=18_25",
        "26-29": "",
        "30-44": "age=30_44",
        "MODE DE CONTACT": "mode",
        "MOTIF DE LA VISITE": "motives",
    },
    "CIO": {
        "Date RDV": "date",
        "Nom et prénom": "full_name",
        "Né(e) le": "birth_on",
        "Classe / niveau": "level_reached",
        "Établissement": "",
        "Demande": "expressed",
        "Suite": "outcome",
    },
    "BIJ": {
        "Date de passage": "date",
        "Age": "age",
        "Sexe": "sex",
        "Thème": "motives",
        "Durée (min)": "duration",
        "Connu par": "how_they_came",
        "Animateur": "agent",
    },
    "CAP_EMPLOI": {
        "Date d’accueil": "date",
        "Civilité": "sex",
        "Nom": "family_name",
        "Prénom": "given_name",
        "Adresse": "address",
        "CP": "postal_code",
        "Ville": "commune",
        "E-mail": "email",
        "RQTH": "",
    },
    "PERMANENCE": {
        "Lieu de permanence": "place",
        "Date permanence": "date",
        "Personne reçue": "full_name",
        "Public": "status",
        "Besoin exprimé": "expressed",
        "Temps": "duration",
    },
    "SURVEY_FORM": {
        "Horodateur": "date",
        "Comment avez-vous été accueilli ?": "mode",
        "Situation actuelle": "status",
        "Niveau d’études": "level_reached",
    },
    "CEP": {
        "N°": "",
        "Date entretien": "date",
        "Sit pro": "status",
        "Dernier diplôme": "diploma_obtained",
        "Projet professionnel": "expressed",
        "Freins": "barriers",
        "CR": "notes",
    },
    "NO_TITLE_ON_DATE": {
        "Colonne A": "date",
        "Nom de l’usager": "full_name",
        "Portable": "telephone",
        "Motif(s)": "motives",
        "Orientation vers": "handed_to",
        "Reçu par": "agent",
    },
    "TYPOS": {
        "Datte": "date",
        "Prénon": "given_name",
        "Commmune": "commune",
        "Statuts": "status",
        "Motiffs": "motives",
        "Obsevations": "notes",
    },
    "CRM_EXPORT": {
        "Id": "",
        "Date de création": "date",
        "Type de visite": "mode",
        "Identifiant France Travail": "",
        "Nationalité": "",
        "Code postal": "postal_code",
        "Catégorie de demande": "motives",
        "Statut de la personne": "status",
        "Accord RGPD": "agreement",
    },
    "LONG_MOTIVES": {"Date": "date", "Motif": "expressed", "Suite donnée": "outcome"},
    "NIR_COLUMN": {
        "Date": "date",
        "Nom": "full_name",
        "N° sécu": "",
        "Signature": "",
        "Nb personnes": "",
        "Demande": "expressed",
    },
}


@pytest.mark.parametrize("register", EXPECTED)
def test_columns_of_the_registers_of_offices_are_guessed(guesser, register):
    plan = guesser.plan(a_book(getattr(registers, register)))
    assert fields(plan) == EXPECTED[register]


@pytest.mark.parametrize("register", EXPECTED)
def test_every_guess_says_how_sure_it_is_and_why(guesser, register):
    for column in guesser.plan(a_book(getattr(registers, register))).columns:
        assert column.reason
        assert not column.field or LEAST <= column.confidence <= 100


def test_crosses_that_speak_of_health_are_left_out(guesser):
    rows = [["Date", "Santé", "Mobilité"], *[[f"{day}/3/24", "x", "x"] for day in range(1, 5)]]
    plan = guesser.plan(a_book(rows))
    assert fields(plan) == {"Date": "date", "Santé": "", "Mobilité": "barriers=mobilite"}
    assert plan.columns[1].reason == "sensitive"


def test_a_number_for_life_is_never_a_column(guesser):
    (column,) = [
        one for one in guesser.plan(a_book(registers.NIR_COLUMN)).columns if one.title == "N° sécu"
    ]
    assert column.reason == "forbidden_number"


def test_a_column_nobody_understands_is_left_out_and_said(guesser):
    rows = [["Date", "Blorp", "Motif"], *[[f"{day}/3/24", "zut", "CV"] for day in range(1, 5)]]
    plan = guesser.plan(a_book(rows))
    assert plan.columns[1].field == ""
    assert plan.columns[1].reason == "not_understood"


def test_dates_that_are_none_keep_a_column_from_being_the_date(guesser):
    rows = [["Date", "Motif", "Vu le"], *[["bof", "CV", f"{day}/3/24"] for day in range(1, 9)]]
    plan = guesser.plan(a_book(rows))
    assert fields(plan) == {"Date": "", "Motif": "motives", "Vu le": "date"}
    assert plan.columns[0].reason == "cells_disagree"


def test_a_second_column_of_the_same_sort_is_left_out_with_its_reason(guesser):
    rows = [["Date", "Motif", "Date de relance"], *[["4/3/24", "CV", "8/3/24"]] * 4]
    plan = guesser.plan(a_book(rows))
    assert plan.columns[2].reason == "another_column"


def test_words_of_lists_are_proposed_with_what_they_mean(guesser):
    plan = guesser.plan(a_book(registers.MISSION_LOCALE))
    assert plan.values["status"] == {
        "DE non inscrit": ("non_inscrit",),
        "Scolaire": ("scolaire",),
        "DE inscrit": ("inscrit",),
    }
    assert plan.values["level_reached"] == {"V": ("3",), "IV": ("4",), "VI": ("sans_diplome",)}
    assert plan.values["commune"]["BELABRE"] == ("36016",)


def test_words_that_nobody_knows_mean_nothing(guesser):
    rows = [["Date", "Statut"], *[[f"{day}/3/24", "zorglub"] for day in range(1, 5)]]
    assert guesser.plan(a_book(rows)).values["status"] == {"zorglub": ()}


def test_titles_stand_under_a_heading_or_on_two_lines(guesser):
    rows = [["ACCUEIL (exemple)"], ["Année 2023"], [], *registers.MAIRIE]
    plan = guesser.plan(a_book(rows))
    assert fields(plan) == EXPECTED["MAIRIE"]
    assert plan.year == 2023


def test_the_year_comes_from_the_sheet_the_heading_or_the_file(guesser):
    rows = [["Date", "Motif"], ["4/3", "CV"], ["5/3", "VAE"], ["6/3", "CV"]]
    assert guesser.plan(a_book([], **{"mars 2024": rows})).year == 2024
    assert guesser.plan(a_book(rows, name="accueil 2022.xlsx")).year == 2022
    assert guesser.plan(a_book(rows, name="2021-2022.xlsx")).year is None


def test_months_in_several_sheets_are_one_register(guesser):
    rows = [["Date", "Commune", "Motif"], ["4/3/24", "Le Blanc", "CV"]]
    other = [["Motif", "Date", "Commune"], *[["VAE", "5/4/24", "Ruffec"]] * 3]
    plan = guesser.plan(a_book([], **{"janv.": rows, "févr.": other}))
    assert set(fields(plan).values()) == {"date", "commune", "motives"}
    assert set(plan.values["commune"]) == {"Le Blanc", "Ruffec"}


def test_a_sheet_may_be_chosen_and_must_be_there(guesser):
    rows = [["Date", "Motif"], ["4/3/24", "CV"]]
    book = a_book([], **{"janv.": rows, "févr.": [["Jour", "Objet"], ["4/2/24", "CV"]]})
    assert fields(guesser.plan(book, ["FEVR"])) == {"Jour": "date", "Objet": "motives"}
    with pytest.raises(NoSuchSheetError):
        guesser.plan(book, ["mars"])


def test_a_file_without_titles_is_refused(guesser):
    with pytest.raises(NoTitlesError):
        guesser.plan(a_book([[1, 2, 3], [4, 5, 6]]))


def test_two_columns_of_one_title_are_told_apart(guesser):
    rows = [["Date", "Tél", "Tél"], *[["4/3/24", "06 39 98 00 01", "06 39 98 00 02"]] * 3]
    assert fields(guesser.plan(a_book(rows))) == {
        "Date": "date",
        "Tél": "telephone",
        "Tél (2)": "telephone",
    }


def test_a_column_named_for_dates_is_taken_when_there_is_no_better_one(guesser):
    rows = [["Date", "Motif"], *[["bof", "CV"]] * 5, ["4/3/24", "CV"]]
    (first, _) = guesser.plan(a_book(rows)).columns
    assert (first.field, first.confidence, first.reason) == ("date", LEAST, "title_doubtful")
