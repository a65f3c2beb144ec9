"""A page comes back exactly as it was left, and a page of another version never breaks."""

import datetime as dt
import json
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import LE_BLANC, REFERENCE, SECOND_DOOR
from ui.reception.page_body import EMPTY, NO, NOT_ASKED, YES, empty_body, is_blank, whole_body
from ui.reception.page_reading import Moment, lacks_of, reception_of
from ui.reception.view import PageSettings, ReceptionView
from ui.reception.words_of_choices import sensitive_choices

TODAY = dt.date(2026, 11, 24)
VOCABULARIES = REFERENCE.vocabularies
LINES = st.text(string.ascii_letters + string.digits + " éèàçœ’'-/.@+", max_size=30)
TEXTS = st.text(string.ascii_letters + " éèàçœ’\u202f;:!?\n", max_size=80)
LINE_FIELDS = (
    "deadline",
    "person_search",
    "family_name",
    "given_name",
    "birth",
    "telephone",
    "email",
    "address",
    "duration",
    "demand",
    "next_on",
    "received_on",
    "instead_of",
    "outside_telephone",
    "outside_email",
    "outside_address",
)
TEXT_FIELDS = (
    "expressed",
    "analysed",
    "message",
    "reception_note",
    "counselling_note",
    "private_note",
)


def codes(name):
    return [entry.code for entry in VOCABULARIES.get(name).active() if not entry.is_sensitive]


def one_of(name):
    return st.sampled_from(["", *codes(name)])


def ticked(wanted):
    """Codes in the order they are shown, as chips give them back."""
    return st.sets(st.sampled_from(wanted)).map(lambda chosen: [c for c in wanted if c in chosen])


def statuses():
    vocabulary = VOCABULARIES.get("public_status")
    known = [
        {"family": entry.family, "code": entry.code}
        for entry in vocabulary.active()
        if entry.family and not entry.is_sensitive and entry.code != "non_communique"
    ]
    return st.sampled_from(
        [
            {"family": "", "code": ""},
            {"family": "autre_situation", "code": ""},
            {"family": "non_communique", "code": "non_communique"},
            *known,
        ]
    )


def families(name):
    vocabulary = VOCABULARIES.get(name)
    used = sorted({entry.family for entry in vocabulary.active() if not entry.is_sensitive})
    return st.fixed_dictionaries(
        {
            "family": st.sampled_from(["", *used]),
            "codes": st.lists(st.sampled_from(codes(name)), unique=True, max_size=4),
        }
    )


VOCABULARY_OF = {
    "level_reached": "training_level",
    "diploma_obtained": "training_level",
    "can_travel": "travel_distance",
    "mode_wished": "mode_wished",
    "go_day": "go_day",
    "go_half": "half_day",
    "age_band": "age_band",
    "sex": "sex",
    "how_they_came": "how_they_came",
    "purpose": "purpose",
    "outcome": "outcome",
    "handover": "handover_mode",
    "deadline_reason": "deadline_reason",
    "for_barrier": "barrier",
    "other_choice": "other_choice_reason",
    "beyond_reason": "beyond_reason",
    "next_step": "next_step",
    "next_reason": "deadline_reason",
    "agreed_by": "agreed_by",
}


def bodies():
    """Any state a page can be in, half-typed ones included."""
    pair = st.tuples(LINES, LINES.filter(str.strip)).map(list)
    words = st.fixed_dictionaries(dict.fromkeys(EMPTY["to"], LINES))
    flags = [name for name, empty in EMPTY.items() if isinstance(empty, bool)]
    sensitive = [choice.code for choice in sensitive_choices(VOCABULARIES)]
    return st.fixed_dictionaries(
        {
            **dict.fromkeys(LINE_FIELDS, LINES),
            **dict.fromkeys(TEXT_FIELDS, TEXTS),
            **dict.fromkeys(flags, st.booleans()),
            "visitor": one_of("visitor"),
            "mode": one_of("reception_mode"),
            "place": one_of("place_type"),
            **{field: one_of(vocabulary) for field, vocabulary in VOCABULARY_OF.items()},
            "agreement": st.sampled_from(["", YES, NO, NOT_ASKED]),
            "agreement_to_record": st.sampled_from(["", YES, NO]),
            "executive": st.sampled_from(["", YES, NO]),
            "languages": ticked([code for code in codes("language") if code != "fr"]),
            "barriers": ticked(codes("barrier")),
            "information_given": ticked(codes("information_kind")),
            "sensitive": ticked(sensitive),
            "status": statuses(),
            "commune": words,
            "to": words,
            "already_met": st.fixed_dictionaries(
                {"text": LINES, "items": st.lists(pair, max_size=3)}
            ),
            "motives": families("request_motive"),
            "needs": families("need"),
            "known": st.fixed_dictionaries({"id": LINES, "name": LINES, "detail": LINES}),
        }
    )


def a_view():
    return ReceptionView(
        PageSettings(
            vocabularies=VOCABULARIES,
            compartments=("reception", "agent"),
            today=TODAY,
            offer_undo=lambda words, undo: None,
        )
    )


@pytest.fixture(scope="module")
def view(qapp):
    made = a_view()
    yield made
    made.deleteLater()


@pytest.fixture
def fresh_view(qtbot):
    made = a_view()
    qtbot.addWidget(made)
    return made


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=bodies())
def test_any_state_of_the_page_comes_back_identical(view, body):
    kept = json.loads(json.dumps(body))
    view.set_body(whole_body(kept))
    assert view.body() == body


def test_showing_a_page_signals_nothing(fresh_view, qtbot):
    told = []
    fresh_view.changed.connect(lambda: told.append(1))
    opened = {name: True for name in EMPTY if name.startswith("open_")}
    fresh_view.set_body({**empty_body(), **opened, "expressed": "Bonjour.", "birth": "12/3/78"})
    fresh_view.flush()
    assert told == []


def test_parts_never_opened_are_not_made_and_still_keep_what_they_hold(fresh_view):
    fresh_view.set_body({**empty_body(), "family_name": "Aubrun", "barriers": ["mobilite"]})
    assert not fresh_view._person.is_made()
    assert fresh_view.body()["family_name"] == "Aubrun"
    assert fresh_view.body()["barriers"] == ["mobilite"]


@given(
    kept=st.dictionaries(
        st.sampled_from([*EMPTY, "field_of_tomorrow"]),
        st.one_of(st.none(), st.integers(), st.text(max_size=5), st.lists(st.integers())),
    )
)
def test_a_draft_of_another_version_gives_a_whole_page(kept):
    body = whole_body(kept)
    assert set(body) == set(EMPTY)
    assert all(type(body[name]) is type(EMPTY[name]) for name in EMPTY)


def test_the_usual_setting_alone_is_a_blank_page():
    assert is_blank({**empty_body(), "mode": "telephone", "open_setting": True})
    assert not is_blank({**empty_body(), "outcome": "sans_suite"})


def read(**fields):
    return reception_of({**empty_body(), **fields}, Moment(today=TODAY))


def test_a_closed_hand_over_is_no_referral_but_a_refusal_still_counts():
    to = EMPTY["to"] | {"code": SECOND_DOOR}
    assert read(to=to, agreement=YES).referral is None
    refused = read(to=to, agreement=NO)
    assert refused.was_refused


def test_a_person_who_refuses_is_not_named():
    fields = {"open_person": True, "family_name": "Aubrun", "agreement_to_record": NO}
    assert read(**fields).person is None
    assert read(**fields).was_refused


def test_sensitive_words_need_the_wish_of_the_person():
    said = {"sensitive": ["barrier:sante", "status:arret_invalidite"]}
    assert read(**said).barriers == ()
    wished = read(**said, sensitive_agreed=True)
    assert (wished.barriers, wished.status) == (("sante",), "arret_invalidite")


def test_what_was_typed_and_not_chosen_is_never_lost_by_saving():
    unfinished = {
        "expressed": "Bonjour.",
        "commune": {"code": "", "text": "le bl", "reach": ""},
        "already_met": {"text": "mission", "items": []},
        "duration": "longtemps",
    }
    lacks = lacks_of({**empty_body(), **unfinished}, Moment(today=TODAY))
    assert [lack.field for lack in lacks] == ["duration", "commune", "already_met"]


def test_a_whole_page_lacks_nothing():
    commune = {"code": LE_BLANC, "text": "Le Blanc (36300)", "reach": ""}
    body = {**empty_body(), "expressed": "Bonjour.", "commune": commune}
    assert lacks_of(body, Moment(today=TODAY)) == ()


def test_a_measured_duration_gives_way_to_the_one_written():
    moment = Moment(today=TODAY, measured_min=12)
    assert reception_of(empty_body(), moment).duration_min == 12
    assert reception_of({**empty_body(), "duration": "20 min"}, moment).duration_min == 20
