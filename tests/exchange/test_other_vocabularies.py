"""Doors whose vocabularies are not of the same date: a code that one does not know stops nobody."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import UnknownVocabularyCodeError
from app.domain.events import Append
from app.domain.identifiers import SpaceId
from app.reference.vocabulary import Vocabularies
from app.store.rows import fold_subjects
from app.usecases.referrals import Answer, answer_referral, open_referral
from resources import resource_path
from tests.exchange.desks import Door
from tests.exchange.forging import pair_of
from ui.widgets.history_words import history_entries

NEWER, RETIRED = "devenir_agriculteur", "trouver_formation"


def edition(folder: Path, **changes: object) -> Vocabularies:
    """The vocabularies of another date: words added, and words retired since."""
    shutil.copytree(resource_path("vocabulary"), folder)
    for name, (added, retired) in changes.items():
        file = folder / f"{name}.json"
        told = json.loads(file.read_text("utf-8"))
        kept = [
            one | ({"retired_on": "2020-01-01"} if one["code"] in retired else {})
            for one in told["entries"]
        ]
        like = {**told["entries"][0], "label": "Un mot plus récent"}
        told["entries"] = kept + [like | {"code": code} for code in added]
        file.write_text(json.dumps(told), "utf-8")
    return Vocabularies(folder)


def speaks(door: Door, vocabularies: Vocabularies) -> None:
    """Have a desk work with other vocabularies, as after an update of its data."""
    reference = replace(door.desk.reference, vocabularies=vocabularies)
    door.desk = replace(door.desk, reference=reference)


def carried(world) -> tuple[Door, Door]:
    world["blanc"].exchange()
    world["chateauroux"].exchange()
    return world["blanc"], world["chateauroux"]


@pytest.mark.parametrize("code", [NEWER, RETIRED], ids=["newer", "retired"])
def test_referral_with_a_retired_or_newer_code_is_received_shown_and_answered(
    world, tmp_path, code
):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    if code == NEWER:
        speaks(blanc, edition(tmp_path / "newer", request_motive=([NEWER], [])))
        with pytest.raises(UnknownVocabularyCodeError):
            chateauroux.receive(motives=(NEWER,))
    else:
        speaks(chateauroux, edition(tmp_path / "newer", request_motive=([], [RETIRED])))
        active = chateauroux.desk.reference.vocabularies.get("request_motive").active()
        assert RETIRED not in [entry.code for entry in active]
    blanc.receive(chateauroux, motives=("confirmer_projet", code))
    carried(world)
    (line,) = chateauroux.referrals("in")
    assert line.details["motives"] == ("confirmer_projet", code)
    words = chateauroux.desk.reference.vocabularies.label("request_motive", code)
    assert words == (code if code == NEWER else "Trouver une formation")
    chateauroux.answer("acceptee", message="Jeudi (exemple)")
    chateauroux.exchange()
    blanc.exchange()
    assert blanc.statuses("out") == ["acceptee"]
    assert blanc.reasons() == chateauroux.reasons() == []


def test_answer_with_a_newer_reason_is_read_at_the_other_door(world, tmp_path):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    carried(world)
    speaks(chateauroux, edition(tmp_path / "newer", refusal_reason=(["grève_des_cars"], [])))
    chateauroux.answer("refusee", reason="grève_des_cars")
    chateauroux.exchange()
    blanc.exchange()
    (line,) = blanc.referrals("out")
    shown = history_entries(line.history, blanc.desk.reference.vocabularies.label)
    assert line.status == "refusee"
    assert "grève_des_cars" in shown[0].lines[0]


def test_status_of_a_newer_program_keeps_nobody_from_answering(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    carried(world)
    (line,) = chateauroux.referrals("in")
    space = SpaceId(pair_of(blanc, chateauroux).id)

    def orient(tx) -> None:
        pen = chateauroux.desk.pen(tx)
        value = {"status": "reorientee_ailleurs", "route": "relay"}
        item = Append(list_name="answers", value=value)
        pen.change(space, line.referral, "referral_answer", {}, appends=(item,))
        fold_subjects(tx, pen.touched)

    chateauroux.desk.workspace.writer.write(orient)
    chateauroux.exchange()
    blanc.exchange()
    (line,) = blanc.referrals("out")
    assert line.status == "reorientee_ailleurs"
    shown = history_entries(line.history, blanc.desk.reference.vocabularies.label)
    assert shown[0].title == "reorientee_ailleurs"
    chateauroux.answer("acceptee")
    answer_referral(blanc.desk, line.referral, Answer(status="retiree_par_la_personne"))
    for door in (chateauroux, blanc, chateauroux):
        door.exchange()
    one, other = (blanc.referrals("out"), chateauroux.referrals("in"))
    assert one[0].status == other[0].status
    assert open_referral(blanc.desk, line.referral).history[-1].status == one[0].status
