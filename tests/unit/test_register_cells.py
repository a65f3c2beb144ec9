"""What a cell of a register says: days, hours, durations, ages, names; or nothing, and no crash."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.register.ages import ages_of, ages_of_birth, ages_of_birth_year, band_of
from app.reference.register.cells import one_line, text_of
from app.reference.register.communes import postal_code_of
from app.reference.register.moments import day_of, hour_of, minutes_of
from app.reference.register.names import REMOVED, split_name, telephone_of, without_identity
from app.reference.register.words import register_words
from tests.builders import REFERENCE

LATEST = dt.date(2026, 11, 26)
MARCH_12 = dt.date(2024, 3, 12)
MORNING = dt.datetime.fromisoformat("2024-03-12T09:05:00")
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=60),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


@pytest.mark.parametrize(
    "cell",
    [
        *("12/3/24", "12/03/2024", "12-03-24", "12.03.2024", "2024-03-12", "12 mars 2024"),
        *("mardi 12 mars 2024", "mar. 12 mars 24", "le 12 mars 2024", "Mardi 12/03/2024"),
        *("12-mars-24", "12032024", "20240312", "12/03/2024 14:30", "12/03/2024 à 14h30"),
        *("2024-03-12T14:30:00", "mardi 12 mars 2024 à 10 h", "12/03/2024 14:30:12"),
        *(45363, 45363.6, dt.date(2024, 3, 12), MORNING),
    ],
)
def test_a_day_is_read_however_it_is_written(cell):
    assert day_of(cell, latest=LATEST) == MARCH_12


@pytest.mark.parametrize(
    "cell",
    [
        *("31/02/2024", "13/13/2024", "03/25/2024", "mars 2024", "12/03", "85", "2024", ""),
        *("12 jui 2024", "X", 2024, 85, 36300.0e9, True, dt.time(9), float("nan")),
    ],
)
def test_what_is_no_day_is_not_one(cell):
    assert day_of(cell, latest=LATEST) is None


@pytest.mark.parametrize(("cell", "day"), [("12/3", 12), ("1er mars", 1), ("mer. 13 mars", 13)])
def test_a_day_without_a_year_takes_that_of_the_sheet(cell, day):
    assert day_of(cell, latest=LATEST) is None
    assert day_of(cell, latest=LATEST, year=2024) == dt.date(2024, 3, day)


@pytest.mark.parametrize(("cell", "year"), [("1/1/26", 2026), ("1/1/27", 1927), ("1/1/85", 1985)])
def test_two_figures_are_a_year_of_the_last_hundred(cell, year):
    assert day_of(cell, latest=LATEST) == dt.date(year, 1, 1)


@pytest.mark.parametrize(
    ("cell", "hour"),
    [
        *(("14h30", (14, 30)), ("14:30", (14, 30)), ("9h", (9, 0)), ("9 h 15", (9, 15))),
        *(("14", (14, 0)), (9, (9, 0)), (0.604166, (14, 30)), (dt.time(9, 5), (9, 5))),
        *(("12/03/2024 14:30", (14, 30)), (MORNING, (9, 5))),
    ],
)
def test_an_hour_is_read_alone_or_after_a_day(cell, hour):
    assert hour_of(cell) == dt.time(*hour)


@pytest.mark.parametrize(
    "cell", ["25h", "matin", "", 1.5, None, dt.date(2024, 3, 12), 10**40, True]
)
def test_what_is_no_hour_is_not_one(cell):
    assert hour_of(cell) is None


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        *(("20", 20), ("20 min", 20), ("20mn", 20), ("20'", 20), ("1h", 60), ("1h30", 90)),
        *(("1 h 15 min", 75), ("0:20", 20), ("00:30:00", 30), ("1/2h", 30), ("½ h", 30)),
        *((20.0, 20), (0.0208333, 30), (dt.time(0, 30), 30), (dt.timedelta(minutes=45), 45)),
        *(("15-30", None), ("2000", None), (1.5, None), (dt.date(2024, 3, 12), None), ("", None)),
        *((-5, None), (True, None), (None, None)),
    ],
)
def test_a_duration_is_a_number_of_minutes(cell, minutes):
    assert minutes_of(cell) == minutes


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        *(("34", (34, 34)), ("34 ans", (34, 34)), ("17 ans et demi", (17, 17))),
        *(("18-25", (18, 25)), ("18/25", (18, 25)), ("18 à 25 ans", (18, 25))),
        *(("- de 26 ans", (0, 25)), ("<26", (0, 25)), ("moins de 26 ans", (0, 25))),
        *(("55+", (55, 130)), ("+ de 55", (55, 130)), ("55 ans et plus", (55, 130))),
        *(("1987", None), ("200", None), ("25-18", None), ("jeune", None), ("", None)),
    ],
)
def test_ages_are_a_span(text, ages):
    assert ages_of(text) == ages


def test_an_age_belongs_to_one_band_or_to_none():
    bands = REFERENCE.vocabularies.get("age_band").active()
    assert band_of((17, 17), bands) == "16_17"
    assert band_of((60, 130), bands) == "55_plus"
    assert band_of((0, 25), bands) == ""


def test_a_birth_gives_the_age_of_the_day():
    on = dt.date(2024, 3, 12)
    assert ages_of_birth(dt.date(2006, 3, 13), on) == (17, 17)
    assert ages_of_birth(dt.date(2006, 3, 12), on) == (18, 18)
    assert ages_of_birth(dt.date(2025, 1, 1), on) is None
    assert ages_of_birth_year("2000", on) == (23, 24)
    assert ages_of_birth_year("1800", on) is None


@pytest.mark.parametrize(
    ("text", "family", "given"),
    [
        ("EXEMPLIER Nadia", "EXEMPLIER", "Nadia"),
        ("Nadia EXEMPLIER", "EXEMPLIER", "Nadia"),
        ("Mme Exemplier Nadia", "Exemplier", "Nadia"),
        ("M. LE MODÈLE Jean-Paul", "LE MODÈLE", "Jean-Paul"),
        ("Le Modèle Jean", "Le Modèle", "Jean"),
        ("de la Tour Lucie", "de la Tour", "Lucie"),
        ("Exemplier, Nadia", "Exemplier", "Nadia"),
        ("EXEMPLIER NADIA", "EXEMPLIER", "NADIA"),
        ("Exemplier", "Exemplier", ""),
        ("Mme", "", ""),
        ("", "", ""),
    ],
)
def test_one_cell_holds_a_name_and_a_given_name(text, family, given):
    assert split_name(text, register_words()) == (family, given)


def test_a_given_name_may_come_first():
    split = split_name("Nadia Exemplier", register_words(), given_first=True)
    assert split == ("Exemplier", "Nadia")


def test_names_and_contacts_are_taken_out_of_texts():
    said = "Mme Exemplier (06.39.98.00.01, n@e.example) : le petit Jean attend, Exemplier rappelle."
    kept = without_identity(said, ["EXEMPLIER Nadia", "Petit"])
    assert (
        kept == f"Mme {REMOVED} ({REMOVED}, {REMOVED}) : le petit Jean attend, {REMOVED} rappelle."
    )
    assert without_identity("Rien à retirer en 2024.", []) == "Rien à retirer en 2024."


@pytest.mark.parametrize(
    ("text", "kept"),
    [("639980001", "0639980001"), ("06 39 98 00 01", "06 39 98 00 01"), ("12", "12")],
)
def test_a_telephone_gets_its_zero_back(text, kept):
    assert telephone_of(text) == kept


@pytest.mark.parametrize(
    ("text", "code"), [("36300", "36300"), ("1000", "01000"), ("36 300", "36300"), ("x", "")]
)
def test_a_postal_code_gets_its_zero_back(text, code):
    assert postal_code_of(text) == code


def test_a_cell_is_a_text_that_can_be_kept():
    assert text_of("a\x00b\u2028c\ud800") == "a b c"
    assert text_of("a\r\nb\rc") == "a\nb\nc"
    assert one_line(" a\n b ") == "a b"
    assert text_of(12.0) == "12"
    assert text_of(1.5) == "1,5"
    assert text_of(True) == "oui"
    assert text_of(MORNING) == "12/03/2024 09:05"
    assert text_of(float("inf")) == ""


@given(CELLS)
def test_no_cell_stops_the_reading(cell):
    text = one_line(cell)
    text.encode()
    assert isinstance(day_of(cell, latest=LATEST, year=2024), dt.date | None)
    assert isinstance(hour_of(cell), dt.time | None)
    minutes = minutes_of(cell)
    assert minutes is None or 0 <= minutes <= 1_440
    assert ages_of(text) is None or ages_of(text)[0] <= ages_of(text)[1]
    assert isinstance(split_name(text, register_words())[0], str)
    assert isinstance(telephone_of(text), str)
    assert isinstance(postal_code_of(text), str)
