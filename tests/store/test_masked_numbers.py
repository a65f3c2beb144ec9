"""No number that identifies somebody for life is written here, whatever the door it came by."""

import json

import pytest

from app.domain.personal_numbers import MASK
from app.domain.reception import PersonDetails
from app.domain.referral import ACCEPTED
from app.domain.social_numbers import key_of
from app.domain.spaces import pair_space
from app.reference.copying import CopyTemplate
from app.reference.importing.parsed import Options
from app.store.rows import fold_subjects
from app.usecases.copying import find_template, keep_template
from app.usecases.desk import name_own_structure
from app.usecases.directory.imports import directory_imports, import_directory
from app.usecases.drafts import keep_draft, kept_draft
from app.usecases.masking import masked_body, without_numbers
from app.usecases.persons import open_person
from app.usecases.receptions import preview, record_reception
from app.usecases.referrals import IN, Answer, answer_referral, list_referrals, open_referral
from tests.builders import (
    FIRST_DOOR,
    SECOND_DOOR,
    a_handed_over_reception,
    a_person,
    a_reception,
    a_referral,
    a_structure,
    dump,
    person_of,
    referral_of,
)
from tests.fakes.courier import carry

_NUMBER = "2840588321025"
NIR = f"{_NUMBER}{key_of(_NUMBER)}"
PUPIL = "153046837GK"
SAID = f"Voici mon numéro {NIR} et l’INE {PUPIL}, merci."
KEPT = f"Voici mon numéro {MASK} et l’INE {MASK}, merci."
TEXTS = ("expressed", "analysed", "reception_note", "counselling_note", "private_note")
OF_PERSON = ("family_name", "given_name", "birth_name", "usual_name", "address")


def whole():
    """A handed-over reception with numbers in every text that it has."""
    person = dict.fromkeys(OF_PERSON, SAID) | {"telephone": f"06 39 98 00 01, {NIR}"}
    return a_handed_over_reception(
        **dict.fromkeys(TEXTS, SAID),
        already_met=(f"La mairie {NIR}", "Le CIO (exemple)"),
        person=a_person(**person, email=f"{NIR}@exemple.example"),
        referral=a_referral(message=SAID),
    )


def written(desk) -> str:
    """Everything a desk holds in its tables, notes opened."""
    rows = dump(desk, "events", "persons", "demands", "encounters", "referrals", "shared_referrals")
    return repr(rows) + repr(dump(desk, "referral_answers", "drafts", "agreements"))


def test_a_reception_says_which_of_its_texts_were_masked(desk):
    recorded = record_reception(desk, whole())
    persons = [f"person.{name}" for name in (*OF_PERSON, "telephone", "email")]
    expected = {*TEXTS, "already_met", "referral.message", *persons}
    assert set(recorded.masked) == expected
    assert record_reception(desk, a_reception()).masked == ()


def test_nothing_written_holds_a_number(desk):
    recorded = record_reception(desk, whole())
    held = written(desk)
    assert MASK in held
    assert NIR not in held
    assert PUPIL not in held
    file = open_person(desk, person_of(recorded))
    (met,) = file.encounters
    assert set(met.notes.values()) == {KEPT}
    assert met.expressed == KEPT
    assert file.details["telephone"] == f"06 39 98 00 01, {MASK}"


def test_what_leaves_is_what_was_shown_and_holds_no_number(desk, second):
    leaving = preview(desk, whole())
    assert leaving is not None
    assert NIR not in repr(leaving.content)
    assert leaving.content["message"] == KEPT
    record_reception(desk, whole())
    carry(desk, second)
    (line,) = list_referrals(second, IN)
    assert line.details["message"] == KEPT
    assert NIR not in written(second)


def test_an_answer_is_masked_before_it_is_written(desk, second):
    recorded = record_reception(desk, a_handed_over_reception())
    carry(desk, second)
    (line,) = list_referrals(second, IN)
    answer_referral(second, line.referral, Answer(status=ACCEPTED, message=SAID))
    carry(second, desk)
    steps = open_referral(desk, referral_of(recorded)).history
    assert steps[-1].message == KEPT


def test_what_another_structure_wrote_is_shown_as_it_came(desk, second):
    pair = pair_space(a_structure(FIRST_DOOR), a_structure(SECOND_DOOR))
    handed = {"to_structure": a_structure(SECOND_DOOR), "message": SAID}
    desk.workspace.writer.write(lambda tx: desk.pen(tx).create(pair, "shared_referral", handed))
    carry(desk, second)
    (line,) = list_referrals(second, IN)
    assert line.details["message"] == SAID


def test_a_number_kept_by_an_older_program_goes_no_further(desk, second):
    who = person_of(record_reception(desk, a_handed_over_reception()))

    def as_an_older_program(tx):
        pen = desk.pen(tx)
        pen.change(desk.own_structure().space.id, who, "person", {"address": SAID})
        return fold_subjects(tx, pen.touched)

    desk.workspace.writer.write(as_an_older_program)
    again = a_handed_over_reception(person=PersonDetails(known=who))
    leaving = preview(desk, again)
    assert leaving is not None
    assert leaving.content["address"] == KEPT
    record_reception(desk, again)
    carry(desk, second)
    assert NIR not in written(second)


def test_a_template_a_structure_and_a_file_name_hold_no_number(desk):
    template = CopyTemplate(code="mien", label=f"Pour {NIR}", lines=(f"{PUPIL} {{jour}}",))
    keep_template(desk, template, known=["jour"])
    kept = find_template(desk, "mien")
    assert (kept.label, kept.lines) == (f"Pour {MASK}", (f"{MASK} {{jour}}",))

    own = desk.own_structure()
    name_own_structure(desk, structure=own.id, name=f"Accueil {NIR}", reference=own.reference)
    assert desk.own_structure().name == f"Accueil {MASK}"

    row = {"source": "essai", "id": "1", "nom": "Point info (exemple)", "date_maj": "2026-01-15"}
    content = json.dumps([row]).encode()
    import_directory(desk, content, Options(name=f"annuaire {NIR}.json"))
    assert directory_imports(desk)[0].file == f"annuaire {MASK}.json"


def test_a_draft_is_masked_and_keeps_its_codes(desk):
    body = {
        "expressed": SAID,
        "known": {"id": "0000000000000001-17", "name": NIR},
        "already_met": {"text": NIR, "items": [["source/1", f"Mairie {NIR}"]]},
        "motives": {"family": "", "codes": ["decouvrir_metiers"]},
        "open_person": True,
        "duration": "30",
    }
    keep_draft(desk, body)
    assert NIR not in written(desk)
    kept = kept_draft(desk)
    assert kept is not None
    assert kept["expressed"] == KEPT
    assert kept["known"] == {"id": "0000000000000001-17", "name": MASK}
    assert kept["already_met"] == {"text": MASK, "items": [["source/1", f"Mairie {MASK}"]]}
    assert (kept["open_person"], kept["duration"]) == (True, "30")
    assert masked_body(json.loads(json.dumps(kept))) == kept


@pytest.mark.parametrize("text", ["06 39 98 00 01", "SIRET 12345678200010", "Née le 12/05/1984"])
def test_what_is_no_such_number_is_kept_as_it_was(text):
    said = a_reception(expressed=text, person=a_person(address=text))
    assert without_numbers(said) == (said, ())
