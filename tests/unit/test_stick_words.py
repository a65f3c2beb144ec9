"""What is said of a stick, written or read, and of the folders that could be one."""

from pathlib import Path

import pytest

from sync.stick.watch import StickProgress, StickStep
from tests.fakes.stick import a_problem, a_writer, taken, written
from ui.exchange.progress import stick_progress
from ui.exchange.stick_page import REMOVE, Tone, Wish, place_rows, taken_result, written_result
from ui.stick_places import StickPlace, places
from ui.stick_words import taken_words, written_words, wrong_codes
from ui.volumes import mounted_in, removable_volumes


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("did", "said"),
    [
        ({}, "Clé écrite : 3 enregistrements en 1 paquet scellé."),
        ({"records": 1, "bundles": 2}, "Clé écrite : 1 enregistrement en 2 paquets scellés."),
        ({"bundles": 0, "files_written": 1}, "La clé est à jour"),
        ({"bundles": 0, "files_written": 2}, "aucun enregistrement à porter"),
        ({"cancelled": True, "records": 0}, "la clé dit encore ce qu’elle disait avant"),
    ],
)
def test_what_was_written_is_said_in_one_sentence(did, said):
    assert said in plain(written_words(written(**did)))


@pytest.mark.parametrize(
    ("did", "said"),
    [
        ({}, "Clé lue : 2 enregistrements reçus."),
        ({"structures": ("A", "B")}, "Nouvelles structures connues : A, B."),
        ({"receipts": 1}, "1 accusé de réception du relais."),
        ({"missing": 2}, "Il manque 2 paquets pour tout lire."),
        ({"set_aside": 1}, "1 paquet est en quarantaine"),
        ({"writers": (a_writer("Blanc", is_older=True),)}, "plus récent a déjà été lu"),
        ({"records": 0, "bundles": 0}, "rien de nouveau"),
        ({"records": 0, "bundles": 0, "receipts": 1}, "Clé lue."),
        ({"records": 0, "bundles": 0, "is_for_us": False}, "destiné à votre structure"),
        ({"cancelled": True}, "Lecture arrêtée"),
    ],
)
def test_what_was_taken_is_said_sentence_after_sentence(did, said):
    assert said in plain("\n".join(taken_words(taken(**did))))


def test_what_is_wrong_is_said_once_each():
    read = taken(damaged=2, problems=(a_problem("stick_torn"), a_problem("stick_torn")))
    assert wrong_codes(read) == ["stick_damaged", "stick_torn"]
    said = taken_result(read)
    assert said.tone is Tone.ATTENTION
    assert len([one for one in said.sentences if "retirée trop tôt" in plain(one)]) == 1


@pytest.mark.parametrize("result", [written_result(written()), taken_result(taken())])
def test_the_stick_may_be_removed_is_the_last_thing_said(result):
    assert result.tone is Tone.DONE
    assert result.sentences[-1] == REMOVE


@pytest.mark.parametrize(
    "did", [{"missing": 1}, {"damaged": 1}, {"writers": (a_writer("Blanc", is_older=True),)}]
)
def test_what_asks_for_somebody_calls_for_attention(did):
    assert taken_result(taken(**did)).tone is Tone.ATTENTION


@pytest.mark.parametrize(
    ("step", "done", "total", "said", "thousandths"),
    [
        (StickStep.SEALING, 0, 0, "Scellement de ce qui attend…", None),
        (StickStep.WRITING, 1, 40, "1 paquet écrit sur 40", 25),
        (StickStep.WRITING, 12, 40, "12 paquets écrits sur 40", 300),
        (StickStep.WRITING, 40, 40, "Derniers rangements…", 1_000),
        (StickStep.READING, 0, 0, "Lecture…", None),
        (StickStep.READING, 1_200_000, 2_400_000, "1,2 Mo lus sur 2,4 Mo", 500),
    ],
)
def test_how_far_a_stick_is(step, done, total, said, thousandths):
    progress = stick_progress(StickProgress(step=step, done=done, total=total))
    assert (plain(progress.words), progress.thousandths) == (said, thousandths)


def a_key(folder, **fields):
    return StickPlace(folder=folder, name=folder.name, **fields)


def test_the_stick_that_served_last_comes_first(tmp_path):
    blue, red = tmp_path / "BLEUE", tmp_path / "ROUGE"
    red.mkdir()
    found = places([a_key(blue), a_key(red, free_bytes=12_400_000_000)], red)
    assert [(place.name, place.is_last) for place in found] == [("ROUGE", True), ("BLEUE", False)]
    (row, _) = place_rows(found, Wish.WRITE)
    assert plain(row.about) == "la dernière utilisée · 12,4 Go libres"


def test_the_last_folder_is_proposed_even_when_it_is_no_volume_and_only_if_it_is_there(tmp_path):
    assert [place.folder for place in places([], tmp_path)] == [tmp_path]
    assert places([], tmp_path / "parti") == ()
    assert places([], None) == ()


def test_a_stick_that_refuses_writing_is_proposed_for_reading_alone(tmp_path):
    locked = a_key(tmp_path / "PROTEGEE", is_read_only=True, holds_ours=True)
    assert place_rows([locked], Wish.WRITE) == ()
    (row,) = place_rows([locked], Wish.READ)
    assert row.spoken == "PROTEGEE, déjà écrite par Deux Portes"


def test_what_is_mounted_is_found_one_step_deeper_too(tmp_path):
    (tmp_path / "media" / "alix" / "BLEUE").mkdir(parents=True)
    (tmp_path / "media" / "ROUGE").mkdir()
    (tmp_path / "media" / "note.txt").touch()
    mounts = {tmp_path / "media" / "alix" / "BLEUE", tmp_path / "media" / "ROUGE"}
    parents = [tmp_path / "media", tmp_path / "absent"]
    assert set(mounted_in(parents, mounts.__contains__)) == mounts


def test_a_volume_says_its_name_its_room_and_whether_the_program_wrote_there(tmp_path):
    (tmp_path / "BLEUE" / "deux-portes").mkdir(parents=True)
    (found,) = removable_volumes([tmp_path / "BLEUE"])
    assert found.folder == Path(tmp_path / "BLEUE")
    assert found.name
    assert found.free_bytes
    assert found.holds_ours


def test_looking_for_volumes_on_this_machine_never_fails():
    assert isinstance(removable_volumes(), tuple)
