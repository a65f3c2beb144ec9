"""Tables of text and workbooks: encodings, separators, lines and the types of cells."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.importing import errors
from app.reference.importing.encodings import CP1252, ISO_8859_15, MAC_ROMAN, MENDED_UTF_8, UTF_8
from app.reference.importing.files import Limits, source_of
from app.reference.importing.sheets import (
    Line,
    is_workbook,
    read_csv,
    read_sheet,
    read_table,
    read_workbook,
    tables_of,
)
from tests.workbooks import OLD_EXCEL, ods, ods_cell, xlsx, zipped

TEXT = "Nom;Commune\r\nŒuvre d’été (exemple);Le Blanc\r\n"
ROWS = [("Nom", "Commune"), ("Œuvre d’été (exemple)", "Le Blanc")]


def cells_of(lines) -> list[tuple]:
    return [line.cells for line in lines]


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        (TEXT.encode(), UTF_8),
        (TEXT.encode("utf-8-sig"), UTF_8),
        (TEXT.encode("cp1252"), CP1252),
        (TEXT.replace("’", "'").encode("iso8859-15"), ISO_8859_15),
        (TEXT.encode("mac_roman"), MAC_ROMAN),
    ],
)
def test_an_encoding_is_found_from_the_bytes(encoded, expected):
    table = read_csv(encoded)
    assert table.encoding == expected
    said = [tuple(cell.replace("'", "’") for cell in cells) for cells in cells_of(table)]
    assert said == ROWS


def test_unicode_text_of_excel_is_read():
    table = read_csv(TEXT.replace(";", "\t").encode("utf-16"))
    assert table.separator == "\t"
    assert cells_of(table) == ROWS


def test_one_foreign_cell_does_not_spoil_a_whole_file():
    many = "Nom;Commune\n" + "Été;Bléré\n" * 30
    table = read_csv(many.encode() + "Œuvre d’été;Loché\n".encode("cp1252"))
    assert table.encoding == MENDED_UTF_8
    assert cells_of(table)[1] == ("Été", "Bléré")
    assert cells_of(table)[-1] == ("Œuvre d’été", "Loché")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_end_of_line_is_one(ending):
    table = read_csv(TEXT.replace("\r\n", ending).encode())
    assert list(table) == [Line(1, ROWS[0]), Line(2, ROWS[1])]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_separator_is_found_from_the_header(separator):
    text = f"id{separator}nom{separator}x\n1{separator}a{separator}b\n"
    table = read_csv(text.encode())
    assert table.separator == separator
    assert cells_of(table)[1] == ("1", "a", "b")


def test_commas_of_a_text_are_not_taken_for_separators():
    text = "id;nom\n1;a, b, c, d, e, f, g\n2;h, i, j, k, l, m\n"
    assert read_csv(text.encode()).separator == ";"
    assert read_csv(f"Liste des structures\n{text}".encode()).separator == ";"


def test_the_first_line_of_excel_names_the_separator_and_is_no_record():
    table = read_csv(b"sep=|\r\nid;x|nom\r\n1|a\r\n")
    assert list(table) == [Line(2, ("id;x", "nom")), Line(3, ("1", "a"))]


def test_a_record_has_the_number_of_its_first_line_and_blank_ones_are_left_out():
    text = 'id,nom\n\n1,"deux\nlignes"\n,\n2,b\n'
    assert list(read_csv(text.encode())) == [
        Line(1, ("id", "nom")),
        Line(3, ("1", "deux\nlignes")),
        Line(6, ("2", "b")),
    ]


def test_a_quote_never_closed_is_refused_with_its_line():
    with pytest.raises(errors.BrokenFileError) as caught:
        list(read_csv(b'id,nom\n1,a\n2,"b\n3,c\n4,d\n'))
    assert caught.value.facts["line"] == 3


def test_a_quote_never_closed_in_a_long_file_is_refused_too():
    with pytest.raises(errors.BrokenFileError):
        list(read_csv(b'id,nom\n1,"a\n' + b"2,b\n" * 60_000))


def test_a_table_can_be_read_twice():
    table = read_csv(TEXT.encode())
    assert list(table) == list(table)


@given(st.lists(st.lists(st.text(min_size=1), min_size=2, max_size=4), min_size=1, max_size=5))
def test_what_was_written_as_utf_8_is_read_again(rows):
    kept = [
        ["".join(sign for sign in cell if sign.isalnum()) or "x" for cell in row] for row in rows
    ]
    text = "\n".join(";".join(row) for row in kept)
    assert cells_of(read_csv(text.encode())) == [tuple(row) for row in kept]


@given(st.binary(max_size=300))
def test_no_bytes_bring_another_error_than_ours(content):
    try:
        lines = list(read_table(content))
    except errors.ImportingError:
        return
    assert all(isinstance(line, Line) for line in lines)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", errors.EmptyFileError),
        (b" \n\r\n", errors.EmptyFileError),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", errors.NotTextError),
        (b"PK\x03\x04 cut short", errors.BrokenFileError),
        (OLD_EXCEL[:900], errors.BrokenFileError),
        (zipped(word__document_xml="<w/>"), errors.BrokenFileError),
        (zipped(xl__workbook_bin="x"), errors.UnknownFormatError),
    ],
)
def test_what_is_no_table_is_refused(content, error):
    with pytest.raises(error):
        list(read_table(content))


def test_a_file_that_is_not_there_is_refused_by_its_name(tmp_path):
    with pytest.raises(errors.UnreadableFileError) as caught:
        read_csv(tmp_path / "absent.csv")
    assert caught.value.facts == {"file": "absent.csv"}
    with pytest.raises(errors.UnreadableFileError):
        read_csv(tmp_path)


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.csv"
    path.write_bytes(b"a;b\n" * 1_000)
    with pytest.raises(errors.FileTooLargeError):
        read_csv(path, limits=Limits(file_bytes=100))
    assert len(list(read_csv(path))) == 1_000


def test_a_workbook_gives_its_cells_with_their_types():
    content = xlsx(
        (
            "Accueils",
            [
                (),
                ("Nom", "Le", "À", "Âge", "Part", "Code", None),
                (
                    "Œuvre (exemple)",
                    dt.date(2019, 3, 4),
                    dt.datetime.fromisoformat("2019-03-04T10:30"),
                    17,
                    0.5,
                    12345678901234,
                    "",
                ),
                (),
                (True, None, None, None, None, None, "z"),
            ],
        )
    )
    lines = list(read_sheet(content))
    assert [line.number for line in lines] == [2, 3, 5]
    assert lines[1].cells == (
        "Œuvre (exemple)",
        dt.date(2019, 3, 4),
        dt.datetime.fromisoformat("2019-03-04T10:30"),
        17,
        0.5,
        12345678901234,
        None,
    )
    assert lines[2].cells[0] is True
    assert lines[2].cells[-1] == "z"


def test_the_old_excel_is_read():
    lines = list(read_table(OLD_EXCEL))
    assert lines == [
        Line(2, ("Date", "Nom", "Âge", "Code postal")),
        Line(3, (dt.date(2019, 3, 4), "Œuvre (exemple)", 17, 1300)),
    ]


def test_an_opendocument_sheet_is_read():
    row = "<table:table-row>{}</table:table-row>"
    date = '<table:table-cell office:value-type="date" office:date-value="2025-03-04"/>'
    tail = (
        '<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    table = (
        '<table:table table:name="Feuille">'
        + row.format(ods_cell("id") + ods_cell("le"))
        + row.format(ods_cell("x") + date)
        + tail
        + "</table:table>"
    )
    assert cells_of(read_table(ods(table))) == [("id", "le"), ("x", dt.date(2025, 3, 4))]


def test_sheets_are_found_by_name_and_the_first_that_holds_something_otherwise():
    content = xlsx(("Lisez-moi", []), ("Accueils", [("a", "b")]), ("Codes", [("c",)]))
    assert [sheet.name for sheet in read_workbook(content)] == ["Lisez-moi", "Accueils", "Codes"]
    assert read_sheet(content).name == "Accueils"
    assert cells_of(read_sheet(content, "Codes")) == [("c",)]
    assert [name for name, _ in tables_of(source_of(content))][1:] == ["Accueils", "Codes"]
    with pytest.raises(errors.UnknownSheetError) as caught:
        read_sheet(content, "Feuil9")
    assert caught.value.facts == {"sheet": "Feuil9", "sheets": "Lisez-moi, Accueils, Codes"}
    with pytest.raises(errors.EmptyFileError):
        read_sheet(xlsx(("Vide", [])))


def test_a_file_that_goes_away_is_refused(tmp_path):
    path = tmp_path / "passing.csv"
    path.write_bytes(TEXT.encode())
    table = read_csv(path)
    path.unlink()
    with pytest.raises(errors.UnreadableFileError):
        list(table)


def test_a_text_is_no_workbook():
    assert not is_workbook(source_of(TEXT.encode()))
    with pytest.raises(errors.BrokenFileError):
        read_workbook(TEXT.encode())
