"""Values one by one: telephones, days, hours of a week, names of networks, addresses."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.importing.carriers import KnownBy, Published
from app.reference.importing.commune_finding import departments_of
from app.reference.importing.naming import dated_by_name
from app.reference.importing.telephones import telephone
from app.reference.importing.values import code, day, is_scientific, items, line, number, text
from app.reference.importing.week import (
    UnreadableWeekError,
    administration_hours,
    agency_hours,
    checked_hours,
)
from tests.published_files import LOOKUPS, TODAY


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("02 61 91 00 01", "+33261910001"),
        ("02.61.91.00.01", "+33261910001"),
        ("02-61-91-00-01", "+33261910001"),
        ("0261910001", "+33261910001"),
        ("+33 (0)2 61 91 00 01", "+33261910001"),
        ("+33261910001", "+33261910001"),
        ("0033 2 61 91 00 01", "+33261910001"),
        ("33261910001", "+33261910001"),
        ("261910001", "+33261910001"),
        ("02\u00a061\u202f91 00 01", "+33261910001"),
        ("0262 90 00 01", "+262262900001"),
        ("06 92 00 00 01", "+262692000001"),
        ("0590 00 00 01", "+590590000001"),
        ("+44 20 7946 0000", "+442079460000"),
        ("39-49", "39-49"),
        ("3949", "3949"),
        ("115", "115"),
        ("116 117", "116 117"),
    ],
)
def test_a_sure_telephone_is_international_or_short(written, said):
    assert telephone(written) == (said, True)


@pytest.mark.parametrize(
    "written",
    ["02 61 91 00 01 / 06 39 98 00 01", "02 61 91 00 01 poste 12", "accueil", "02 61", "12"],
)
def test_a_doubtful_telephone_stays_as_published(written):
    said, is_sure = telephone(written)
    assert said == written
    assert not is_sure or written == "12"


@given(st.text(max_size=30))
def test_a_telephone_that_is_sure_is_so_again(written):
    said, is_sure = telephone(written)
    if is_sure:
        assert telephone(said) == (said, True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" a\r\nb\x00 ", "a\nb"),
        ("\ufeffa", "a"),
        ("nan", None),
        ("None", None),
        ("", None),
        (None, None),
        (True, None),
        ([], None),
        (17.0, "17"),
        (float("nan"), None),
        (1.5, "1.5"),
        (dt.date(2026, 1, 2), "2026-01-02"),
        ("a\ud800b", "ab"),
        ("\udce9t\udce9", "été"),
    ],
)
def test_a_text_is_clean_or_nothing(value, expected):
    assert text(value) == expected


def test_a_line_keeps_its_no_break_spaces():
    assert line("Permis\u202f:  aides\n aux jeunes") == "Permis\u202f: aides aux jeunes"


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [("1300", 5, "01300"), (1300.0, 5, "01300"), ("1300,0", 5, "01300"), ("2A004", 5, "2A004")],
)
def test_a_code_finds_its_zeroes_again(value, digits, expected):
    assert code(value, digits=digits) == expected


@pytest.mark.parametrize("value", ["2,17003E+13", "1.5e+20", " 2E+5 ", 1e16])
def test_a_number_that_lost_figures_is_known(value):
    assert is_scientific(value)


@pytest.mark.parametrize("value", ["7e12", "dora--1E+5", "12", 12.0, None, "E+5"])
def test_other_codes_are_not_taken_for_such_numbers(value):
    assert not is_scientific(value)


@pytest.mark.parametrize(
    "value",
    [
        "2026-10-05",
        "2026-10-05 08:00:00",
        "05/10/2026 08:00:00",
        "05.10.2026",
        "20261005",
        dt.date(2026, 10, 5),
        dt.datetime.fromisoformat("2026-10-05T08:00"),
        46300,
        "46300",
        1_791_158_400,
        1_791_158_400_000,
    ],
)
def test_a_day_is_read_however_it_was_kept(value):
    assert day(value) == dt.date(2026, 10, 5)


@pytest.mark.parametrize("value", ["hier", "2026-13-01", "20170900", "12", 12, float("inf"), 1e300])
def test_what_is_no_day_is_refused(value):
    with pytest.raises((ValueError, OverflowError)):
        day(value)
    assert day(None) is None
    assert day(" ") is None


def test_numbers_have_points_or_commas():
    assert number("46,63") == 46.63
    assert number("1 234,5") == 1234.5
    assert number("") is None
    assert number(float("nan")) is None
    for value in ("nord", "inf", "nan%"):
        with pytest.raises(ValueError, match=r"."):
            number(value)


def test_a_list_cut_by_numpy_loses_its_dots():
    assert items("['a' 'b' ... 'z']") == ("a", "b", "z")
    assert items(["a", None, "a", 36]) == ("a", "36")
    assert items("[36018, 36]") == ("36018", "36")
    assert items("[]") == ()


def opening(first, last="", *hours, comment=""):
    names = ("debut_1", "fin_1", "debut_2", "fin_2")
    given_hours = dict(zip(names, (*hours, "", "", "", ""), strict=False))
    return {
        "nom_jour_debut": first,
        "nom_jour_fin": last,
        "commentaire": comment,
        **{f"valeur_heure_{name}": hour for name, hour in given_hours.items()},
    }


@pytest.mark.parametrize(
    ("openings", "general", "expected"),
    [
        (
            [opening("Lundi", "Vendredi", "09:00:00", "12:00:00", "14:00:00", "17:00:00")],
            None,
            "Mo-Fr 09:00-12:00,14:00-17:00; PH off",
        ),
        (
            [
                opening("Lundi", "Vendredi", "09:00:00", "12:00:00"),
                opening("Lundi", "", "14:00:00", "17:00:00"),
            ],
            None,
            "Mo 09:00-12:00,14:00-17:00; Tu-Fr 09:00-12:00; PH off",
        ),
        (
            [opening("Samedi", "Samedi", "9h", "12h30", comment='2e et 4e "samedis"')],
            None,
            'Sa 09:00-12:30 "2e et 4e ”samedis”"; PH off',
        ),
        (
            [
                opening("Mardi", "", "09:00", "12:00"),
                opening("Mardi", "", "14:00", "17:00", comment="hors vacances scolaires"),
            ],
            None,
            'Tu 09:00-12:00, Tu 14:00-17:00 "hors vacances scolaires"; PH off',
        ),
        (
            [opening("Lundi", "Mardi", comment="Sur rendez-vous")],
            None,
            'Mo-Tu "Sur rendez-vous"; PH off',
        ),
        (
            [opening("Lundi", "", "09:00", "12:00"), opening("Lundi", comment="fermé en août")],
            "sur rendez-vous",
            'Mo 09:00-12:00 "sur rendez-vous ; fermé en août"; PH off',
        ),
        ([opening("Jeudi", "", "09:00", "", "", "17:00")], None, "Th 09:00-17:00; PH off"),
        ([opening("Jeudi", "", "20:00", "00:00")], None, "Th 20:00-24:00; PH off"),
        ([opening("Samedi", "Lundi", "09:00", "12:00")], None, "Mo,Sa-Su 09:00-12:00; PH off"),
        ([], "Uniquement sur rendez-vous", '"Uniquement sur rendez-vous"'),
        ([], None, None),
        ([opening("Lundi")], None, None),
    ],
)
def test_openings_of_the_administration_are_written_for_everybody(openings, general, expected):
    written = administration_hours(openings, general)
    assert written == expected
    assert written is None or checked_hours(written) == written


@pytest.mark.parametrize(
    "bad",
    [
        opening("Lendi", "", "09:00", "12:00"),
        opening("Lundi", "", "09:00"),
        opening("Lundi", "", "25:00", "26:00"),
        opening("Lundi", "", "09:75", "12:00"),
        opening("", "", "09:00", "12:00"),
        "lundi",
        None,
    ],
)
def test_openings_that_cannot_be_read_are_refused(bad):
    with pytest.raises(UnreadableWeekError):
        administration_hours([bad], None)


@pytest.mark.parametrize("bad", [{"jour": "lundi"}, {"jour": 0}, {}, 3, None])
def test_days_of_an_agency_that_cannot_be_read_are_refused(bad):
    with pytest.raises(UnreadableWeekError):
        agency_hours([bad])
    assert agency_hours([{"jour": 1, "horaireFerme": "O"}]) is None


hours_of_a_day = st.sampled_from(["", "08:30", "09:00:00", "12:00", "14:00", "17:30"])


@given(
    st.lists(
        st.builds(
            opening,
            st.sampled_from(["Lundi", "Mardi", "Samedi"]),
            st.sampled_from(["", "Vendredi", "Dimanche"]),
            hours_of_a_day,
            hours_of_a_day,
            hours_of_a_day,
            hours_of_a_day,
            comment=st.text(max_size=20),
        ),
        max_size=4,
    )
)
def test_whatever_is_written_of_a_week_can_be_read_again_or_is_dropped(openings):
    try:
        written = administration_hours(openings, None)
    except UnreadableWeekError:
        return
    if written is not None:
        assert checked_hours(written) in (written, None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("structures-inclusion-2026-11-16.json", dt.date(2026, 11, 16)),
        ("export_20261116.csv", dt.date(2026, 11, 16)),
        ("zones_de_couverture_janvier_2026.csv", dt.date(2026, 1, 1)),
        ("Couverture ML août 2025.xlsx", dt.date(2025, 8, 1)),
        ("2026-13-45.json", None),
        ("2031-01-01.json", None),
        ("siret 20261116123.csv", None),
        ("annuaire.json", None),
    ],
)
def test_a_name_may_give_a_day_that_is_past(name, expected):
    assert dated_by_name(name, TODAY) == expected


@pytest.mark.parametrize(
    ("insee", "postal", "expected"),
    [
        ("36018", "75001", {"36"}),
        (None, "36300", {"36"}),
        ("2A004", None, {"2A"}),
        (None, "20000", {"2A", "2B"}),
        ("97411", None, {"974"}),
        ("x", "y", set()),
        (None, None, set()),
    ],
)
def test_a_department_is_that_of_the_commune(insee, postal, expected):
    assert departments_of(insee, postal) == expected


@pytest.mark.parametrize(
    ("postal", "name", "expected"),
    [
        ("36300", "LE BLANC", "36018"),
        ("36300", "Le Blanc cedex", "36018"),
        ("45058", "ORLEANS CEDEX 1", "45234"),
        ("45000", "Orléans", "45234"),
        ("37170", "ST AVERTIN", "37208"),
        ("18130", "Osmery", "18173"),
        ("36300", "Orléans", None),
        ("36300", None, None),
        (None, "Le Blanc", None),
        ("75001", "Paris", None),
    ],
)
def test_a_commune_is_found_for_sure_or_not_at_all(postal, name, expected):
    found = LOOKUPS.communes.by_address(postal, name)
    assert (found.insee_code if found else None) == expected


def membership(name, source="dora", carriers=()):
    return LOOKUPS.carriers.membership(Published(name=name, source=source, carriers=carriers))


@pytest.mark.parametrize(
    ("name", "carriers", "network", "known_by", "is_operator"),
    [
        ("Accueil", ("mission-locale",), "mission_locale", KnownBy.CARRIER, True),
        ("Accueil", ("cap-emploi-reseau-cheops",), "cap_emploi", KnownBy.CARRIER, True),
        ("Accueil", ("inconnu", "france-service"), "france_services", KnownBy.CARRIER, False),
        ("Chambre de commerce", ("chambres-consulaires",), "cci", KnownBy.CARRIER, False),
        ("BIJ de Dreux", ("reseau-information-jeunesse",), "bij", KnownBy.CARRIER, False),
        ("Maison", ("reseau-information-jeunesse",), "info_jeunesse", KnownBy.CARRIER, False),
        ("CIO de Blois", (), "cio", KnownBy.NAME, False),
        ("Antenne de la mission locale", (), "mission_locale", KnownBy.NAME, True),
        ("Conseil en évolution professionnelle, Blois", (), "cep_regional", KnownBy.NAME, False),
    ],
)
def test_a_network_is_told_by_codes_then_by_name(name, carriers, network, known_by, is_operator):
    found = membership(f"{name} (exemple)", carriers=carriers)
    assert (found.network, found.known_by) == (network, known_by)
    assert found.is_cep_operator is is_operator


def test_a_source_tells_the_network_of_its_own_structures():
    assert membership("Accueil", source="mission-locale").known_by is KnownBy.SOURCE


@pytest.mark.parametrize(
    ("name", "carriers"),
    [
        ("Accueil de jour", ()),
        ("Chambre", ("chambres-consulaires",)),
        ("Les Apéritifs de l’Apec", ()),
        ("Association du Plie", ()),
    ],
)
def test_nothing_is_supposed_of_other_names(name, carriers):
    assert membership(name, carriers=carriers) is None


def test_every_network_of_the_table_is_in_the_vocabulary():
    known = set(LOOKUPS.networks.codes())
    assert {entry.network for entry in LOOKUPS.carriers._entries} == known


def test_services_of_areas_use_codes_of_the_schema():
    codes = LOOKUPS.tables.service_codes
    for network in ("mission_locale", "france_travail"):
        service = LOOKUPS.tables.area_service(network)
        for field, known in codes.items():
            said = service.get(field, [])
            assert set([said] if isinstance(said, str) else said) <= known
