"""A plan is JSON that somebody corrects: written, read again, refused with its place."""

import json
from dataclasses import replace

import pytest

from app.reference.register.errors import UnreadablePlanError
from app.reference.register.plan import PlannedColumn, RegisterPlan, plan_as_json, plan_from_json
from app.reference.register.words import register_words

FIELDS = register_words().fields
PLAN = RegisterPlan(
    columns=(
        PlannedColumn(title="Date", field="date", confidence=99, reason="title"),
        PlannedColumn(title="Formation", field="motives", code="trouver_formation"),
        PlannedColumn(title="N°"),
    ),
    values={
        "status": {"DE inscrit": ("inscrit",), "zorglub": ()},
        "motives": {"CV": ("candidature",)},
    },
    sheets=("janv.",),
    date_above=True,
    year=2024,
    keeps_unknown=False,
)


def read(content) -> RegisterPlan:
    return plan_from_json(json.loads(json.dumps(content)), FIELDS)


def test_a_plan_that_was_written_is_read_again():
    assert plan_as_json(read(plan_as_json(PLAN))) == plan_as_json(PLAN)
    assert read(plan_as_json(PLAN)) == replace(PLAN, values=read(plan_as_json(PLAN)).values)
    assert read(plan_as_json(PLAN)).meanings()["status"] == {
        "de inscrit": ("inscrit",),
        "zorglub": (),
    }


def test_a_short_plan_is_enough():
    plan = read({"columns": [{"title": "Date", "field": "date"}]})
    assert plan.columns == (PlannedColumn(title="Date", field="date"),)
    assert plan.keeps_unknown


def test_names_are_never_kept_because_a_file_says_so():
    with pytest.raises(UnreadablePlanError):
        read({"columns": [], "options": {"with_names": True}})
    assert "with_names" not in json.dumps(plan_as_json(replace(PLAN, with_names=True)))


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ([], ""),
        ("x", ""),
        ({"version": 2, "columns": []}, "version"),
        ({"columns": {}}, "columns"),
        ({"columns": [{"title": 3}]}, "columns.0.title"),
        ({"columns": [{"title": "A", "field": "nir"}]}, "columns.0.field"),
        ({"columns": [{"title": "A", "field": "date", "code": "x"}]}, "columns.0.code"),
        ({"columns": [{"title": "A", "colour": 1}]}, "columns.0"),
        ({"columns": [{"title": "A"}] * 501}, "columns"),
        ({"columns": [], "values": {"name": {}}}, "values"),
        ({"columns": [], "values": {"status": {"x": 3}}}, "values.status"),
        ({"columns": [], "options": {"year": "2024"}}, "options.year"),
        ({"columns": [], "options": {"year": 1990}}, "options.year"),
        ({"columns": [], "options": {"date_above": 1}}, "options.date_above"),
        ({"columns": [], "sheets": [1]}, "sheets"),
    ],
)
def test_what_is_no_plan_is_refused_with_its_place(content, where):
    with pytest.raises(UnreadablePlanError) as refusal:
        read(content)
    assert refusal.value.facts["where"] == where


def test_a_word_may_have_one_code_several_or_none():
    values = {"status": {"a": "cdi", "b": None}, "motives": {"c": ["alternance", "autre"]}}
    plan = read({"columns": [], "values": values})
    assert plan.values["status"] == {"a": ("cdi",), "b": ()}
    assert plan.values["motives"] == {"c": ("alternance", "autre")}


def test_the_same_file_and_plan_are_the_same_import():
    one = PLAN.fingerprint(b"digest")
    assert one == read(plan_as_json(PLAN)).fingerprint(b"digest")
    sure = replace(PLAN, columns=tuple(replace(c, confidence=1, reason="") for c in PLAN.columns))
    assert sure.fingerprint(b"digest") == one
    assert PLAN.fingerprint(b"other") != one
    assert replace(PLAN, with_names=True).fingerprint(b"digest") != one
    assert replace(PLAN, year=2023).fingerprint(b"digest") != one
