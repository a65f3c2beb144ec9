"""Workbooks that would fill the memory or end the program, and those that do not open."""

import pytest

from app.reference.importing import errors
from app.reference.importing.files import Limits
from app.reference.importing.sheets import read_table, read_workbook
from tests.workbooks import OLD_EXCEL, ods, ods_cell, xlsx, zipped


def with_headers(content, *, local, central, flipped):
    """Flips bits of a byte of every header of an archive, before its parts and at its end."""
    changed = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        place = changed.find(mark)
        while place >= 0:
            changed[place + offset] ^= flipped
            place = changed.find(mark, place + 1)
    return bytes(changed)


def test_a_lonely_cell_far_away_is_refused_with_its_place():
    """The library would ask for gigabytes, and the whole program would end."""
    content = xlsx(("A", [("a", "b")]), far=(1_048_575, 16_383))
    assert len(content) < 10_000
    with pytest.raises(errors.SprawlingSheetError) as caught:
        read_table(content, name="registre.xlsx")
    assert caught.value.facts == {"file": "registre.xlsx", "cell": "XFD1048576"}


def test_sheets_that_sprawl_together_are_refused():
    wide = [("x",) * 40] * 30
    assert len(read_workbook(xlsx(("A", wide)), limits=Limits(sheet_cells=2_000))) == 1
    with pytest.raises(errors.SprawlingSheetError):
        read_workbook(xlsx(("A", wide), ("B", wide)), limits=Limits(sheet_cells=2_000))


@pytest.mark.parametrize(
    "rows",
    [
        f'<table:table-row table:number-rows-repeated="1000000">{ods_cell("x", 16_000)}',
        f'<table:table-row><table:table-cell table:number-columns-repeated="16000"/>{ods_cell("x")}'
        "</table:table-row>"
        f'<table:table-row table:number-rows-repeated="1000000"/><table:table-row>{ods_cell("y")}',
    ],
)
def test_an_opendocument_sheet_that_repeats_without_end_is_refused(rows):
    table = f'<table:table table:name="A">{rows}</table:table-row></table:table>'
    with pytest.raises(errors.SprawlingSheetError):
        read_table(ods(table))


def test_a_zip_bomb_is_refused():
    bomb = zipped(xl__sharedStrings_xml=" " * 3_000_000)
    assert len(bomb) < 10_000
    with pytest.raises(errors.SwollenFileError):
        read_table(bomb, limits=Limits(unfolded_bytes=1_000_000))


def test_a_workbook_damaged_on_its_way_is_refused():
    content = bytearray(xlsx(("A", [("a" * 50, "b")] * 50)))
    content[300:340] = bytes(40)
    with pytest.raises(errors.ImportingError):
        read_table(bytes(content))


def test_a_locked_workbook_says_so():
    encrypted = with_headers(xlsx(("A", [("a",)])), local=6, central=8, flipped=1)
    with pytest.raises(errors.LockedWorkbookError):
        read_table(encrypted)


def test_a_workbook_packed_in_a_way_nobody_here_knows_is_refused():
    deflated_otherwise = with_headers(xlsx(("A", [("a",)])), local=8, central=10, flipped=1)
    with pytest.raises(errors.BrokenFileError) as refused:
        read_table(deflated_otherwise)
    assert isinstance(refused.value.__cause__, NotImplementedError)


def test_a_workbook_that_a_password_opens_says_so():
    content = OLD_EXCEL[:512] + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    with pytest.raises(errors.LockedWorkbookError):
        read_table(content)


def test_a_damage_at_which_the_library_panics_is_refused_as_any_other():
    content = bytearray(OLD_EXCEL)
    content[514] = 1
    with pytest.raises(errors.BrokenFileError):
        read_table(bytes(content))


def test_an_old_workbook_that_claims_too_many_rows_is_refused():
    """The library would reserve room for all of them, and the whole program would end."""
    content = bytearray(OLD_EXCEL)
    place = content.find(b"\x00\x02\x0e\x00")
    content[place + 8 : place + 12] = b"\xff\xff\xff\x7f"
    with pytest.raises(errors.BrokenFileError):
        read_table(bytes(content))
