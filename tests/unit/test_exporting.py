"""Lists as files: what was shown, nothing that a spreadsheet would run, nothing lost."""

import csv
import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import DiskRefusedError
from app.exporting.csv_file import csv_of
from app.exporting.errors import ExportExistsError
from app.exporting.files import proposed_name, write_table
from app.exporting.table import ShownColumn, ShownTable, figure_in
from app.exporting.workbook import workbook_of
from app.reference.importing.sheets import read_workbook

ROOT = Path(__file__).parents[2]
FORMULAS = ["=1+1", "+33 6 39 98 00 01", "-2+3", "@SUM(A1)", "\t=1", " =1", "\r=cmd|' /C calc'!A0"]

WATCHED = """
import os
import sys
import tempfile

from tests.unit.test_exporting import a_table, workbook_of

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
written = []


def note(event, words):
    if event.startswith("tempfile.") or (event == "open" and words[2] & WRITES):
        written.append(event)


table = a_table(*[("Éloi", "3")] * 2_000)
assert workbook_of(table)  # what is imported late is imported by now
sys.addaudithook(note)
assert workbook_of(table)
print(written)
for make in (tempfile.TemporaryFile, tempfile.NamedTemporaryFile, tempfile.TemporaryDirectory):
    written.clear()
    with make():
        print(bool(written))
"""
"""Notes every temporary and every file written while a workbook is made, then shows it can see."""


def a_table(*rows, titles=("Nom", "Jours"), figures=(1,), name="Exemples"):
    columns = tuple(
        ShownColumn(title=title, has_figures=place in figures) for place, title in enumerate(titles)
    )
    return ShownTable(name=name, columns=columns, rows=tuple(rows))


def csv_lines(table):
    text = csv_of(table).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def sheet_cells(table):
    (sheet,) = read_workbook(workbook_of(table), name="liste.xlsx")
    return [line.cells for line in sheet]


def test_a_csv_opens_at_a_double_click_in_french():
    content = csv_of(a_table(("Éloi ; « Exemple »", "3")))
    assert content.startswith(b"\xef\xbb\xbfNom;Jours\r\n")
    assert csv_lines(a_table(("Éloi ; « Exemple »", "3")))[1] == ["Éloi ; « Exemple »", "3"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_csv_is_a_formula(text):
    (_, (cell, _)) = csv_lines(a_table((text, "")))
    assert cell == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "-5,25", "12", "06 39 98 00 01", "a=b", "l’e-mail"])
def test_what_is_harmless_stays_as_it_is(text):
    assert csv_lines(a_table((text, "")))[1][0] == text


@pytest.mark.parametrize("text", [*FORMULAS, "https://exemple.example", "mailto:a@b.example"])
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(text):
    content = workbook_of(a_table((text, "")))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert sheet_cells(a_table((text, "")))[1][0].strip() == text.strip()


def test_figures_are_numbers_in_a_workbook_and_bare_in_a_csv():
    table = a_table(("Éloi", "1\u202f200"), ("Zoé", "9 j"))
    assert sheet_cells(table)[1:] == [("Éloi", 1200), ("Zoé", "9 j")]
    assert csv_lines(table)[1:] == [["Éloi", "1200"], ["Zoé", "9 j"]]


def test_a_postal_code_or_a_telephone_keeps_its_zero():
    table = a_table(("01000", "1"), ("0639980001", "2"))
    assert [row[0] for row in sheet_cells(table)[1:]] == ["01000", "0639980001"]


def test_a_text_too_long_for_a_cell_is_cut_and_not_dropped():
    cell = sheet_cells(a_table(("x" * 40_000, "")))[1][0]
    assert len(cell) == 32_767
    assert cell.endswith("…")


@pytest.mark.parametrize("name", ["", "history", "[a]:*?/\\", "'", "x" * 80, "Mises en relation"])
def test_any_list_has_a_name_that_a_workbook_takes(name):
    assert sheet_cells(a_table(("Éloi", "3"), name=name))[1] == ("Éloi", 3)


def test_a_list_without_rows_keeps_its_titles():
    assert sheet_cells(a_table()) == [("Nom", "Jours")]
    assert csv_lines(a_table()) == [["Nom", "Jours"]]


def test_no_temporary_file_is_made():
    asked = [sys.executable, "-c", WATCHED]
    done = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["[]", "True", "True", "True"]


def test_the_ending_says_what_is_written(tmp_path):
    table = a_table(("Éloi", "3"))
    assert write_table(table, tmp_path / "a.CSV").read_bytes().startswith(b"\xef\xbb\xbf")
    assert write_table(table, tmp_path / "a.xlsx").read_bytes().startswith(b"PK")
    assert write_table(table, tmp_path / "a.b") == tmp_path / "a.b.xlsx"
    assert (tmp_path / "a.xlsx").stat().st_mode & 0o077 == 0


def test_a_name_that_was_completed_never_writes_over_a_file(tmp_path):
    (tmp_path / "liste.xlsx").write_bytes(b"there already")
    with pytest.raises(ExportExistsError):
        write_table(a_table(), tmp_path / "liste")
    assert (tmp_path / "liste.xlsx").read_bytes() == b"there already"


def test_a_folder_that_is_not_there_is_a_calm_refusal(tmp_path):
    with pytest.raises(DiskRefusedError):
        write_table(a_table(), tmp_path / "absent" / "liste.csv")


def test_a_name_is_proposed_from_that_of_the_list():
    assert proposed_name(a_table(name="Mises en relation")) == "mises-en-relation.xlsx"
    assert proposed_name(a_table(name="")) == "liste.xlsx"


@pytest.mark.parametrize(
    ("text", "figure"),
    [("12", 12), ("-3", -3), ("1 200", 1200), ("9 j", None), ("", None), ("١٢", None)],
)
def test_a_figure_is_a_whole_number(text, figure):
    assert figure_in(text) == figure


@settings(max_examples=60)
@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), max_size=5))
def test_any_texts_make_files_that_can_be_read_again(rows):
    table = a_table(*rows)
    lines = csv_lines(table)
    assert len(lines) == len(rows) + 1
    assert not any(re.match(r"[=+@]", cell) for line in lines for cell in line)
    assert workbook_of(table).startswith(b"PK")
