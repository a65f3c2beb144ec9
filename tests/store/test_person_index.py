"""The index of persons says what their words say, whatever was written, erased or carried over."""

import shutil
from pathlib import Path

import pytest

from app.domain.identifiers import SubjectId
from app.store.person_index import index_persons
from app.store.rows import rebuild
from app.usecases.persons import find_persons
from tests.builders import a_desk, a_person, a_workspace, an_opened, person_of, received

OLD_DESK = Path(__file__).parent / "old_files" / "desk-0.1.0.db"
"""Written by the program of that version, with three invented persons."""

ANNE, PAUL = SubjectId(bytes(15) + b"a"), SubjectId(bytes(15) + b"p")


def words(workspace, person: SubjectId) -> set[str]:
    """The words by which the index itself leads to a person."""
    sql = "SELECT term FROM person_word_list JOIN person_search ON number = doc WHERE person = ?"
    with workspace.read() as connection:
        return {row[0] for row in connection.execute(sql, (person,))}


def every_word(workspace) -> set[str]:
    with workspace.read() as connection:
        return {row[0] for row in connection.execute("SELECT term FROM person_word_list")}


def index(workspace, **words_of: str) -> None:
    persons = {"anne": ANNE, "paul": PAUL}
    said = {persons[name]: said for name, said in words_of.items()}
    workspace.writer.write(lambda tx: index_persons(tx, said))


def check(workspace) -> None:
    """Have SQLite compare the index with the words it was made of."""
    sql = "INSERT INTO person_words (person_words, rank) VALUES ('integrity-check', 1)"
    workspace.writer.write(lambda tx: tx.execute(sql) and None)


@pytest.fixture
def workspace(tmp_path):
    made = a_workspace(tmp_path / "desk")
    yield made
    made.close()


def test_words_that_a_person_has_no_more_lead_nowhere(workspace):
    index(workspace, anne="anne lefevre ~lefvre", paul="martin paul")
    index(workspace, anne="anne lenoir")
    assert words(workspace, ANNE) == {"anne", "lenoir"}
    assert every_word(workspace) == {"anne", "lenoir", "martin", "paul"}
    check(workspace)


def test_a_person_without_words_is_in_the_index_no_more(workspace):
    index(workspace, anne="anne lefevre", paul="martin paul")
    index(workspace, anne="")
    index(workspace, anne="")
    assert every_word(workspace) == {"martin", "paul"}
    check(workspace)


def test_words_come_and_go_in_one_transaction_in_any_order(workspace):
    def work(tx) -> None:
        index_persons(tx, {ANNE: "anne lefevre"})
        index_persons(tx, {PAUL: "martin paul", ANNE: "anne martin"})
        index_persons(tx, {ANNE: "", PAUL: "paul"})
        index_persons(tx, {ANNE: "anne"})

    workspace.writer.write(work)
    assert (words(workspace, ANNE), words(workspace, PAUL)) == ({"anne"}, {"paul"})
    check(workspace)


def test_what_is_rolled_back_was_never_found(workspace):
    def work(tx) -> None:
        index_persons(tx, {ANNE: "anne"})
        raise KeyError

    index(workspace, paul="paul")
    with pytest.raises(KeyError):
        workspace.writer.write(work)
    assert every_word(workspace) == {"paul"}
    check(workspace)


def test_every_alphabet_and_sign_is_found_again(workspace):
    strange = 'петров אורי ~петро #12031978 "o" * AND'
    index(workspace, anne=strange)
    index(workspace, anne=strange + " 李")
    assert words(workspace, ANNE) >= {"петров", "אורי", "~петро", "#12031978", "李"}
    index(workspace, anne="")
    assert every_word(workspace) == set()
    check(workspace)


def test_rebuilding_gives_the_same_words(tmp_path):
    desk = a_desk(tmp_path / "desk")
    persons = [
        person_of(received(desk, person=a_person(given_name=name))) for name in ("Anne", "Paul")
    ]
    before = [words(desk.workspace, person) for person in persons]
    desk.workspace.writer.write(rebuild)
    assert [words(desk.workspace, person) for person in persons] == before
    assert "anne" in before[0]
    assert "paul" in before[1]
    check(desk.workspace)
    desk.workspace.close()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("lefvre", "Anne-Sophie Lefèvre de la Roche"),
        ("delaroche", "Anne-Sophie Lefèvre de la Roche"),
        ("maelle 1990", "Maëlle Dubrun"),
        ("24/12/1951", "Paul Martin"),
        ("pol martain", "Paul Martin"),
    ],
)
def test_an_old_file_finds_its_persons_as_before(tmp_path, typed, found):
    folder = tmp_path / "desk"
    folder.mkdir()
    shutil.copy(OLD_DESK, folder / "desk.db")
    desk = a_desk(folder, opened=an_opened(file_key=bytes(range(32)), compartments={}))
    assert find_persons(desk, typed).persons[0].display_name == found
    upgraded = every_word(desk.workspace)
    assert "~~martx" in upgraded
    desk.workspace.writer.write(rebuild)
    assert every_word(desk.workspace) == upgraded
    check(desk.workspace)
    desk.workspace.close()
