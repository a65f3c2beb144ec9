"""A meeting copied for another system, from a real file."""

import pytest

from app.domain.errors import TemplateRefusedError, UnknownRecordError, UnknownTemplateError
from app.domain.identifiers import SubjectId
from app.reference.copying import CopyTemplate
from app.usecases.copying import forget_template, keep_template, templates
from app.usecases.encounters import open_meeting
from app.usecases.receptions import record_reception
from tests.builders import ON_PAPER, a_handed_over_reception, a_reception, a_referral
from ui.copying_words import FIELDS, copied_text


def a_template(**fields):
    known = {"code": "chez_nous", "label": "Chez nous", "lines": ("Vu : {demande}",)}
    return CopyTemplate(**(known | fields))


def copied(desk, reception, template="imilo"):
    recorded = record_reception(desk, reception)
    return copied_text(desk, open_meeting(desk, recorded.encounter), template)


def test_what_was_said_is_copied_in_plain_words(desk):
    text = copied(
        desk,
        a_handed_over_reception(
            received_at="2026-11-23T17:05:30+01:00",
            mode="telephone",
            motives=("reconversion", "trouver_formation"),
            duration_min=20,
            next_step="rappeler",
            next_on="2026-12-01",
            referral=a_referral(to=ON_PAPER),
        ),
    )
    lines = text.splitlines()
    assert lines[0].startswith("Accueil du ")
    assert "20 min" in lines[0]
    assert "Motifs : Changer de métier, Trouver une formation" in lines
    assert any(line.startswith("Et ensuite : Nous la rappelons, le 1er décembre") for line in lines)
    assert lines[-1].startswith("Mise en relation : ")
    assert not {"\u202f", "\u00a0"} & set(text)


def test_the_name_is_copied_only_where_the_template_asks_for_it(desk):
    assert "Aubrun" not in copied(desk, a_handed_over_reception())
    assert "Maëlys Aubrun" in copied(desk, a_handed_over_reception(), "nom")


def test_somebody_without_a_name_is_copied_too(desk):
    text = copied(desk, a_reception(commune="36018"), "nom")
    assert text.splitlines()[0] == "Le Blanc"


def test_what_is_sensitive_by_law_is_never_copied(desk):
    said = {"barriers": ("sante", "mobilite"), "status": "arret_invalidite"}
    agreed = {"sensitive_agreed": ("sante", "arret_invalidite")}
    text = copied(desk, a_reception(**said, **agreed))
    assert "Freins : Mobilité" in text
    assert "Situation" not in text


def test_a_desk_writes_its_own_templates_and_takes_them_back(desk):
    keep_template(desk, a_template(), known=FIELDS)
    assert copied(desk, a_reception(), "Chez nous") == "Vu : Je cherche une formation."
    keep_template(desk, a_template(code="imilo", lines=("Autre : {demande}",)), known=FIELDS)
    assert copied(desk, a_reception(), "imilo").startswith("Autre : ")
    forget_template(desk, "imilo")
    forget_template(desk, "chez_nous")
    assert [one.code for one in templates(desk)] == [one.code for one in desk.reference.copying]


@pytest.mark.parametrize(
    "template",
    [
        a_template(label=" "),
        a_template(lines=(" ",)),
        a_template(lines=("{nir}",)),
        a_template(lines=("x" * 4_001,)),
    ],
)
def test_a_template_that_would_say_nothing_or_too_much_is_refused(desk, template):
    with pytest.raises(TemplateRefusedError):
        keep_template(desk, template, known=FIELDS)
    assert len(templates(desk)) == len(desk.reference.copying)


def test_what_is_unknown_is_said(desk):
    with pytest.raises(UnknownTemplateError):
        copied(desk, a_reception(), "siecle")
    with pytest.raises(UnknownTemplateError):
        forget_template(desk, "imilo")
    with pytest.raises(UnknownRecordError):
        open_meeting(desk, SubjectId(bytes(15) + b"\x01"))
