"""No word of what was written can be read on the disk, whatever file one looks into."""

from pathlib import Path

import pytest

from app.store.workspace import create_workspace
from app.usecases.agents import add_agent
from app.usecases.desk import Desk
from app.usecases.drafts import keep_draft
from tests.builders import (
    PASSPHRASE,
    a_desk,
    a_person,
    a_referral,
    handed_over,
)
from tests.fakes.clock import TickingClock

PLAIN_HEADER = b"SQLite format 3"
WORDS = (
    "Zyglodon",
    "Quibersac",
    "0639981234",
    "zyglodon@exemple.example",
    "rue-des-Mirliflores",
    "apprendre-la-vannerie",
    "reformulation-vannerie",
    "note-accueil-vannerie",
    "note-conseil-vannerie",
    "note-privee-vannerie",
    "mot-pour-le-partenaire",
    "brouillon-de-vannerie",
)


def write_every_word(desk: Desk) -> None:
    person = a_person(
        family_name="Zyglodon",
        given_name="Quibersac",
        telephone="0639981234",
        email="zyglodon@exemple.example",
        address="rue-des-Mirliflores",
    )
    handed_over(
        desk,
        person=person,
        expressed="apprendre-la-vannerie",
        analysed="reformulation-vannerie",
        reception_note="note-accueil-vannerie",
        counselling_note="note-conseil-vannerie",
        private_note="note-privee-vannerie",
        referral=a_referral(message="mot-pour-le-partenaire"),
    )
    keep_draft(desk, {"expressed": "brouillon-de-vannerie"})


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def words_in(content: bytes, words: tuple[str, ...] = WORDS) -> list[str]:
    return [
        word
        for word in words
        for written in (word.encode(), word.lower().encode(), word.encode("utf-16-le"))
        if written in content
    ]


def test_neither_open_nor_closed_does_a_folder_show_a_word(tmp_path):
    workspace, code = create_workspace(
        tmp_path, agent_name="Alix", role="adviser", passphrase=PASSPHRASE
    )
    workspace.close()
    desk = a_desk(tmp_path, opened=workspace.opened)
    write_every_word(desk)
    add_agent(desk, name="Sacha", role="reception", passphrase="une autre phrase")
    secrets = (*WORDS, PASSPHRASE, "une autre phrase", code, code.replace("-", ""))
    opened = files_of(tmp_path)
    desk.workspace.close()
    closed = files_of(tmp_path)
    assert {"desk.db", "desk.db-wal", "slots.json"} <= set(opened)
    for name, content in [*opened.items(), *closed.items()]:
        assert not content.startswith(PLAIN_HEADER), name
        assert PLAIN_HEADER not in content, name
        assert words_in(content, secrets) == [], name
        assert workspace.opened.file_key not in content, name
        assert workspace.opened.file_key.hex().encode() not in content, name


@pytest.mark.parametrize("word", WORDS)
def test_the_words_looked_for_are_words_that_would_be_found(word):
    assert words_in(f"avant {word} après".encode()) != []


def test_refusals_say_nothing_of_the_person(tmp_path):
    desk = a_desk(tmp_path, clock=TickingClock())
    with pytest.raises(Exception, match=r"^referral_needs_notice$") as refusal:
        handed_over(desk, person=a_person(family_name="Zyglodon"), notice_given=False)
    assert refusal.value.facts == {}
    desk.workspace.close()
