"""The information notice of a structure: each text dated, known to every machine, never changed."""

import dataclasses
import datetime as dt
import json

import pytest

from app.domain.personal_numbers import MASK
from app.printing.errors import NoticeTextError, UnknownNoticeError
from app.printing.notice import LONGEST_NOTICE, notice_map, read_notice
from app.usecases.notices import (
    current_notice,
    notice_named,
    notices,
    programs_notice,
    write_notice,
)
from app.usecases.persons import open_person
from app.usecases.rebuild import rebuild_rows
from app.usecases.receptions import record_reception
from tests.builders import a_reception, dump, person_of, received
from tests.fakes.clock import A_MORNING
from tests.fakes.courier import carry

NIR = "1 84 12 76 451 089 46"


def a_text(**fields):
    return dataclasses.replace(programs_notice().text, **fields)


def version_noted(desk, **fields):
    made = received(desk, **fields)
    return open_person(desk, person_of(made)).encounters[0].details.get("notice_version")


def test_a_structure_gives_the_programs_text_until_it_has_its_own(desk):
    given = current_notice(desk)
    assert (given.is_own, given.text.version) == (False, "2026.11")
    assert notices(desk) == [given]


def test_a_text_is_dated_numbered_and_given_at_once(desk):
    made, changes = write_notice(desk, a_text(title="Notre note", version="à nous"))
    assert (made.text.version, made.text.dated_on) == ("2026.11.24-1", "2026-11-24")
    assert (made.author, made.is_own) == ("Alix Exemple", True)
    assert changes.topics
    assert current_notice(desk) == made


def test_former_texts_can_still_be_read(desk):
    write_notice(desk, a_text(title="Première"))
    write_notice(desk, a_text(title="Deuxième"))
    desk.clock.tick(days=40)
    write_notice(desk, a_text(title="Troisième"))
    assert [(one.text.version, one.text.title) for one in notices(desk)] == [
        ("2027.01.03-1", "Troisième"),
        ("2026.11.24-2", "Deuxième"),
        ("2026.11.24-1", "Première"),
        ("2026.11", programs_notice().text.title),
    ]


def test_writing_the_present_text_again_writes_nothing(desk):
    first, _ = write_notice(desk, a_text(title="Notre note"))
    again, changes = write_notice(desk, a_text(title="Notre note"))
    assert (again, changes.topics) == (first, frozenset())
    back, _ = write_notice(desk, programs_notice().text)
    assert back.text.version == "2026.11.24-2"


def test_every_machine_of_the_structure_has_it_and_no_other_structure(desk, colleague, second):
    made, _ = write_notice(desk, a_text(title="Notre note"))
    carry(desk, colleague, second)
    assert current_notice(colleague) == made
    assert not current_notice(second).is_own
    numbered, _ = write_notice(colleague, a_text(title="Celle de la collègue"))
    assert numbered.text.version == "2026.11.24-2"


def test_texts_are_folded_again_the_same(desk):
    write_notice(desk, a_text(title="Notre note"))
    before = dump(desk, "notices")
    rebuild_rows(desk)
    assert dump(desk, "notices") == before


def test_a_meeting_says_which_text_was_given(desk):
    assert version_noted(desk) == "2026.11"
    write_notice(desk, a_text(title="Notre note"))
    assert version_noted(desk) == "2026.11.24-1"
    made = record_reception(desk, a_reception())
    with desk.workspace.read() as connection:
        sql = "SELECT details FROM encounters WHERE encounter = ?"
        ((details,),) = connection.execute(sql, (made.encounter,)).fetchall()
    assert b"notice_version" not in details


def test_a_meeting_typed_later_says_the_text_that_was_given_then(desk):
    write_notice(desk, a_text(title="Première"))
    desk.clock.tick(days=40)
    write_notice(desk, a_text(title="Deuxième"))
    then = (A_MORNING + dt.timedelta(days=3)).astimezone()
    assert version_noted(desk, received_at=then.isoformat()) == "2026.11.24-1"
    assert version_noted(desk, received_at="2026-11-02T10:00:00+01:00") == "2026.11"
    assert version_noted(desk) == "2027.01.03-1"


def test_a_text_of_a_clock_that_runs_ahead_waits_for_its_day(desk, colleague):
    colleague.clock.tick(days=2)
    made, _ = write_notice(colleague, a_text(title="D’après-demain"))
    carry(colleague, desk)
    assert not current_notice(desk).is_own
    desk.clock.tick(days=2)
    assert current_notice(desk) == made


def test_a_number_that_may_not_be_kept_is_masked(desk):
    made, _ = write_notice(desk, a_text(lead=f"Par exemple {NIR}."))
    assert made.text.lead == f"Par exemple {MASK}."


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"title": ["une", "liste"]},
        {"parts": []},
        {"parts": "texte"},
        {"parts": [{"title": "Sans liste", "items": "texte"}]},
        {"rights": "texte"},
        {"how_to_ask": [1]},
        {"on_slip": "\ud800"},
        {"lead": "a" * LONGEST_NOTICE},
        {"version": 3},
    ],
)
def test_a_file_that_makes_no_notice_is_refused(tmp_path, wrong):
    file = tmp_path / "note.json"
    file.write_text(json.dumps(notice_map(programs_notice().text) | wrong), encoding="utf-8")
    with pytest.raises(NoticeTextError):
        read_notice(file)


def test_a_file_needs_neither_version_nor_day(tmp_path):
    file = tmp_path / "note.json"
    content = notice_map(programs_notice().text)
    del content["version"], content["dated_on"]
    file.write_text(json.dumps(content), encoding="utf-8-sig")
    assert read_notice(file) == a_text(version="", dated_on="")


def test_a_text_that_this_program_cannot_read_is_left_out(desk):
    own = desk.own_structure().space
    desk.workspace.writer.write(
        lambda tx: tx.execute(
            "INSERT INTO notices VALUES (?, '2027.01.01-1', '2027-01-01', 0, ?)",
            (own.id[:16], b"\xa0"),
        )
    )
    assert notices(desk) == [programs_notice()]


def test_a_text_is_found_by_its_version(desk):
    made, _ = write_notice(desk, a_text(title="Notre note"))
    assert notice_named(desk, "2026.11.24-1") == made
    assert notice_named(desk, "2026.11") == programs_notice()
    with pytest.raises(UnknownNoticeError):
        notice_named(desk, "2026.12")
