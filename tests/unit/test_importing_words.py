"""What is said of an import: each reason has its sentence, with the line it is about."""

import pytest

from app.reference.importing.findings import (
    Counted,
    Kind,
    Noted,
    NoteReason,
    Place,
    Rejected,
    RejectReason,
)
from app.reference.importing.merging import Corrections, Held, merge
from tests.published_files import as_csv, as_json, both, read, service, structure
from ui.importing_words import finding_line, merging_line, reading_line

LINE = Place(number=12, counted=Counted.LINE)
FACTS = {"field": "date_maj", "value": "hier", "identifier": "dora--1"}


@pytest.mark.parametrize("reason", RejectReason)
def test_every_reason_to_refuse_a_record_has_its_sentence(reason):
    for facts in ({}, FACTS):
        said = finding_line(Rejected(place=LINE, kind=Kind.STRUCTURE, reason=reason, facts=facts))
        assert said.startswith("Ligne 12\u202f: ")
        assert said.endswith(".")
        assert len(said.split()) > 5


@pytest.mark.parametrize("reason", NoteReason)
def test_everything_left_aside_has_its_sentence(reason):
    for facts in ({}, FACTS):
        said = finding_line(Noted(place=LINE, kind=Kind.STRUCTURE, reason=reason, facts=facts))
        assert said.startswith("Ligne 12\u202f: ")
        assert said.endswith(".")


def test_a_refused_line_names_what_is_wrong():
    parsed = read(as_csv(structure(1), structure(2, date_maj="hier")))
    assert finding_line(parsed.rejected[0]) == (
        "Ligne 3\u202f: La date de mise à jour n’est pas une date\u202f:"
        " «\u00a0hier\u00a0» (dora--2)."
    )
    missing = read(as_json([structure(1) | {"date_maj": None}]))
    assert finding_line(missing.rejected[0]) == (
        "Enregistrement 1\u202f: Il manque ce qui est obligatoire\u202f:"
        " date de mise à jour (dora--1)."
    )


def test_a_list_or_a_sheet_is_named_when_there_are_several():
    parsed = read(both(structure(1), services=[None, service(1)]))
    assert finding_line(parsed.rejected[0]) == (
        "Enregistrement 1 (liste «\u00a0services\u00a0»)\u202f: L’enregistrement est vide."
    )
    place = Place(number=4, counted=Counted.LINE, table="Structures")
    noted = Noted(place=place, kind=Kind.STRUCTURE, reason=NoteReason.HOURS_DROPPED)
    assert finding_line(noted).startswith("Ligne 4 (feuille «\u00a0Structures\u00a0»)\u202f: ")


def test_a_file_that_was_read_is_said_in_counts():
    content = both(structure(1), structure(2), None, services=[service(1)])
    parsed = read(content)
    assert reading_line(parsed) == (
        "4\u00a0enregistrements lus · 2\u00a0structures · 1\u00a0service · 1\u00a0refusé"
    )
    left = read(content, departments=frozenset({"45"}))
    assert reading_line(left).endswith("1\u00a0refusé · 3\u00a0laissés de côté")


def test_what_a_file_changes_is_said_in_counts():
    parsed = read(both(structure(1), structure(2), services=[service(1)]))
    merged = merge(Held(), parsed, corrections=Corrections())
    assert merging_line(merged) == "3\u00a0nouvelles fiches"
    nothing = read(as_json([structure(3, nom="X")]))
    assert merging_line(merge(Held(), nothing, corrections=Corrections())) == "Rien à changer"
