"""Templates of texts to copy: what nobody said leaves no label, what was said stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.copying import CopyTemplate, read_templates
from resources import resource_path
from ui.copying_words import FIELDS

SHIPPED = read_templates(resource_path("copying", "templates.json"))


def filled(*lines, **values):
    return CopyTemplate(code="essai", label="Essai", lines=lines).filled(values)


@pytest.mark.parametrize(
    ("line", "values", "text"),
    [
        ("Motifs : {motifs}", {"motifs": "VAE"}, "Motifs : VAE"),
        ("Motifs : {motifs}", {}, ""),
        ("Motifs : {motifs}", {"motifs": "  "}, ""),
        ("Sans champ.", {}, "Sans champ."),
        ("{jour}[ ({mode}[, {duree}])]", {"jour": "lundi"}, "lundi"),
        ("{jour}[ ({mode}[, {duree}])]", {"jour": "lundi", "mode": "visio"}, "lundi (visio)"),
        (
            "{jour}[ ({mode}[, {duree}])]",
            {"jour": "lundi", "mode": "visio", "duree": "5 min"},
            "lundi (visio, 5 min)",
        ),
        ("[{motifs}.][ {suite}.]", {"suite": "Conseil donné"}, "Conseil donné."),
        ("{demande}.", {"demande": "Un métier ?"}, "Un métier ?"),
        ("[{motifs}", {"motifs": "VAE"}, "[VAE"),
        ("{motifs}]", {"motifs": "VAE"}, "VAE]"),
        ("{motifs}", {"motifs": "[a] {b} [c"}, "[a] {b} [c"),
        ("{Motifs} {", {}, "{Motifs} {"),
    ],
)
def test_a_line_says_what_was_said_and_nothing_else(line, values, text):
    assert filled(line, **values) == text


def test_a_line_without_words_leaves_no_empty_line():
    assert filled("A : {a}", "B : {b}", "C : {c}", a="1", c="3") == "A : 1\nC : 3"


def test_shipped_templates_hold_known_fields_only():
    assert {one.code for one in SHIPPED} >= {"imilo", "court"}
    for template in SHIPPED:
        assert template.unknown_fields(FIELDS) == ()
        assert template.filled({}) == ""


def test_the_short_template_names_nobody():
    (short,) = (one for one in SHIPPED if one.code == "court")
    assert not {"nom", "telephone", "courriel", "naissance"} & set(short.fields())


LINES = st.text(st.characters(exclude_characters="\r\n"), max_size=60)


@given(st.lists(LINES, max_size=6), st.text(max_size=40))
def test_any_template_and_any_value_are_only_text(lines, value):
    template = CopyTemplate(code="essai", label="Essai", lines=tuple(lines))
    template.filled(dict.fromkeys(template.fields(), value))
    assert template.filled({}).count("\n") < max(1, len(lines))


@given(st.text(max_size=200).filter(lambda text: text.strip()))
def test_a_value_is_copied_as_it_is(value):
    assert filled("{a} !", a=value) == f"{value.strip()} !"
