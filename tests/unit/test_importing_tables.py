"""Files of data·inclusion as tables: text in any encoding, workbooks, and spoiled variants."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.importing import errors
from app.reference.importing.findings import Counted, Kind, Place
from app.reference.importing.parsed import Format
from tests.published_files import (
    as_csv,
    as_json,
    as_xlsx,
    notes,
    read,
    reasons,
    service,
    structure,
)

STRUCTURES = [structure(1, nom="Œuvre d'été (exemple)"), structure(2)]
CSV = as_csv(*STRUCTURES)


def test_a_table_gives_the_same_rows_as_json():
    assert read(CSV).structures == read(as_json(STRUCTURES)).structures == tuple(STRUCTURES)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "iso8859-15", "mac_roman", "utf-16"]
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_neither_encoding_nor_line_ends_nor_separator_matter(encoding, ending, separator):
    text = as_csv(*STRUCTURES, separator=separator).replace("\n", ending)
    parsed = read(text.replace("’", "'").encode(encoding))
    expected = [row["nom"].replace("’", "'") for row in STRUCTURES]
    assert [row["nom"] for row in parsed.structures] == expected
    assert parsed.structures[0]["horaires_accueil"] == "Mo-Fr 09:00-12:00; PH off"
    assert parsed.rejected == ()


@given(st.permutations(list(structure())))
def test_the_order_of_columns_does_not_matter(columns):
    assert read(as_csv(*STRUCTURES, columns=columns)).structures == tuple(STRUCTURES)


def test_names_of_columns_are_forgiven_case_accents_and_line_breaks():
    header, rest = CSV.split("\n", 1)
    shouted = header.upper().replace("DATE_MAJ", '"Date\nMàj"').replace("_", " ")
    assert read(f"{shouted}\n{rest}").structures == tuple(STRUCTURES)


def test_columns_of_pandas_and_of_nobody_are_left_out():
    rows = [{"": rank, **row, "score_qualite": 0.7} for rank, row in enumerate(STRUCTURES)]
    assert read(as_csv(*rows)).structures == tuple(STRUCTURES)
    assert read("Unnamed: 0" + as_csv(*rows)).structures == tuple(STRUCTURES)


@pytest.mark.parametrize("before", ["Structures au 5 octobre 2026\n", "\n\n", " ;;\n;\n"])
def test_a_header_may_come_after_a_title_or_blank_lines(before):
    parsed = read(before + CSV)
    assert parsed.structures == tuple(STRUCTURES)


@pytest.mark.parametrize("missing", ["source", "id", "nom", "date_maj"])
def test_a_required_column_that_is_missing_is_named(missing):
    columns = [name for name in structure() if name != missing]
    with pytest.raises(errors.MissingColumnError) as caught:
        read(as_csv(*STRUCTURES, columns=columns), name="structures.csv")
    assert caught.value.facts == {"file": "structures.csv", "columns": missing}


def test_services_without_their_structure_are_not_taken_for_structures():
    columns = [name for name in service() if name != "structure_id"]
    with pytest.raises(errors.MissingColumnError) as caught:
        read(as_csv(service(), columns=columns))
    assert caught.value.facts["columns"] == "structure_id"


@pytest.mark.parametrize("twin", ["nom", "Nom ", "NOM", "date maj"])
def test_a_column_that_is_there_twice_is_refused(twin):
    rows = [{**row, twin + " " if twin == "nom" else twin: "x"} for row in STRUCTURES]
    with pytest.raises(errors.DuplicateColumnError):
        read(as_csv(*rows))


def test_a_foreign_column_that_is_there_twice_does_no_harm():
    header, *lines = CSV.splitlines()
    doubled = "\n".join([f"{header},note,note", *(f"{line},a,b" for line in lines)])
    assert read(doubled).structures == tuple(STRUCTURES)


@pytest.mark.parametrize(
    "written",
    [
        "['jeunes', 'femmes']",
        '["jeunes", "femmes"]',
        "['jeunes' 'femmes']",
        "['jeunes'\n 'femmes']",
        "[jeunes, femmes]",
        "{jeunes,femmes}",
        "jeunes, femmes",
        "jeunes;femmes",
        "jeunes|femmes|jeunes",
        "('jeunes', 'femmes')",
    ],
)
def test_a_list_is_read_however_it_was_written(written):
    text = as_csv(service(1, of=1) | {"publics": written})
    parsed = read(text, known_structures=frozenset({"dora--1"}))
    assert parsed.services[0]["publics"] == ["jeunes", "femmes"]
    assert parsed.noted == ()


def test_numbers_that_lost_their_zeroes_find_them_again():
    row = structure(1) | {"code_postal": "1300.0", "code_insee": "1034", "telephone": "261910001"}
    parsed = read(as_csv(row))
    assert parsed.structures[0]["code_postal"] == "01300"
    assert parsed.structures[0]["code_insee"] == "01034"
    assert parsed.structures[0]["telephone"] == "+33261910001"


@pytest.mark.parametrize(
    "written", ["2026-10-05", "2026-10-05T08:00:00", "05/10/2026", "5/10/2026 08:00", "20261005"]
)
def test_a_day_is_read_however_it_was_written(written):
    assert read(as_csv(structure(1, date_maj=written))).structures[0]["date_maj"] == "2026-10-05"


def test_a_record_is_named_by_its_line():
    rows = [structure(1, adresse="1 rue\nde l’Exemple"), structure(2, nom="X"), structure(3)]
    parsed = read(as_csv(*rows))
    assert reasons(parsed) == [(4, "name_length")]
    assert parsed.rejected[0].place == Place(number=4, counted=Counted.LINE)
    assert parsed.structures[0]["adresse"] == "1 rue de l’Exemple"


def test_a_line_whose_cells_are_shifted_is_refused():
    lines = CSV.splitlines()
    lines[1] += ",une case,de trop"
    parsed = read("\n".join(lines))
    assert [row["id"] for row in parsed.structures] == ["dora--2"]
    assert reasons(parsed) == [(2, "shifted_line")]


def test_a_line_that_swallowed_others_is_refused():
    rows = [structure(number) for number in range(1, 5)]
    text = as_csv(*rows).splitlines()
    text[2] = text[2].replace("Maison", '"Maison', 1)
    text[4] = text[4].replace("Maison", 'Mai"son', 1)
    parsed = read("\n".join(text) + "\n")
    assert [row["id"] for row in parsed.structures] == ["dora--1"]
    assert [line for line, _ in reasons(parsed)] == [3]


def test_a_line_torn_by_a_quote_is_refused():
    rows = [structure(number, nom="Point d’accueil (exemple)") for number in range(1, 4)]
    text = as_csv(*rows).splitlines()
    text[2] = text[2].replace("Accueil", '"Accueil', 1)
    text.append('dora,"dora--4"')
    text.append(as_csv(structure(5)).splitlines()[1])
    parsed = read("\n".join(text) + "\n")
    assert [row["id"] for row in parsed.structures] == ["dora--1", "dora--5"]
    assert reasons(parsed) == [(3, "torn_line")]


def test_identifiers_that_a_spreadsheet_spoiled_are_refused():
    parsed = read(as_csv(structure(1, id="1,30005E+13"), structure(2)))
    assert reasons(parsed) == [(2, "scientific_identifier")]
    assert parsed.rejected[0].facts["value"] == "1,30005E+13"


def test_a_workbook_gives_the_same_rows():
    parsed = read(as_xlsx(structures=STRUCTURES))
    assert parsed.format is Format.DATA_INCLUSION
    assert parsed.structures == tuple(STRUCTURES)


def test_a_workbook_gives_numbers_and_days_as_such():
    row = structure(1) | {
        "code_postal": 1300,
        "code_insee": 1034,
        "siret": 11004301500012,
        "date_maj": dt.date(2026, 10, 5),
        "latitude": 46,
        "telephone": 261910001,
    }
    parsed = read(as_xlsx(structures=[row | {"id": 17}]))
    kept = parsed.structures[0]
    assert (kept["id"], kept["code_postal"], kept["code_insee"]) == ("17", "01300", "01034")
    assert (kept["siret"], kept["date_maj"]) == ("11004301500012", "2026-10-05")
    assert (kept["latitude"], kept["telephone"]) == (46.0, "+33261910001")


def test_a_workbook_of_several_sheets_reads_structures_before_services():
    content = as_xlsx(
        Lisez_moi=[{"Bonjour": "ceci n’est pas une table"}],
        Services=[service(1), service(2, of=9)],
        Structures=[structure(1), structure(2, nom="X")],
    )
    parsed = read(content)
    assert parsed.holds == {Kind.STRUCTURE, Kind.SERVICE}
    assert (len(parsed.structures), len(parsed.services)) == (1, 1)
    assert {(each.place.table, each.place.number) for each in parsed.rejected} == {
        ("Structures", 3),
        ("Services", 3),
    }


@pytest.mark.parametrize(
    "content",
    ["prénom;nom\nZoé;Exemple\n", "Code_commune_INSEE;latitude\n01001;46\n", "bonjour\n", "%PDF-1"],
)
def test_a_table_of_something_else_is_refused(content):
    with pytest.raises(errors.UnknownFormatError):
        read(content)


def test_a_name_never_says_what_a_file_is(tmp_path):
    parsed = read(as_json(STRUCTURES), name="structures.csv")
    assert parsed.structures == tuple(STRUCTURES)
    assert read(CSV, name="services-inclusion.json").structures == tuple(STRUCTURES)


def test_reading_twice_gives_the_same():
    assert read(CSV) == read(CSV)
    assert read(as_xlsx(a=STRUCTURES)) == read(as_xlsx(a=STRUCTURES))


@given(st.binary(max_size=400))
def test_no_bytes_under_a_header_bring_another_error_than_ours(tail):
    try:
        parsed = read(b"source,id,nom,date_maj,latitude,telephone,horaires_accueil\n" + tail)
    except errors.ImportingError:
        return
    assert parsed.read == len(parsed.structures) + len(parsed.rejected)


@given(st.binary(max_size=400))
def test_no_bytes_bring_another_error_than_ours(content):
    try:
        read(content)
    except errors.ImportingError:
        return


cells = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r"), max_size=20
)


@given(st.lists(cells, min_size=8, max_size=8))
def test_any_cells_are_taken_or_refused(values):
    names = ["source", "id", "nom", "date_maj", "telephone", "latitude", "longitude", "siret"]
    row = dict(zip(names, values, strict=True))
    try:
        parsed = read(as_csv(structure(1), structure(2) | row))
    except errors.BrokenFileError:
        return
    assert len(parsed.structures) + len(parsed.rejected) <= 2


@pytest.mark.parametrize("word", ["frais", "structure_id", "modes_accueil"])
def test_a_cell_that_says_the_title_of_a_column_of_services_makes_no_services(word):
    parsed = read(as_csv(structure(1), structure(2) | {"telephone": word, "nom": word}))
    assert len(parsed.structures) == 2


def test_a_spoiled_telephone_is_kept_as_published():
    parsed = read(as_csv(structure(1, telephone="02 54 00 00 00 ou 06 00 00 00 00")))
    assert notes(parsed) == [("telephone_as_published", "02 54 00 00 00 ou 06 00 00 00 00")]
