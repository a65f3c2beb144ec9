"""What the program says: every refusal has a whole sentence, and moments read as one says them."""

import datetime as dt
import re
import string

import pytest

from app.domain.errors import (
    AnswerNotAllowedError,
    AppError,
    UnknownCommuneError,
    UnreadableInputError,
    WrongPassphraseError,
)
from app.usecases.exchange_status import ExchangeStatus, Failure
from ui import texts

NOW = dt.datetime.fromisoformat("2026-11-24T11:00").astimezone()  # a Tuesday
EVERY_CODE = sorted(texts.SENTENCES)


class NewerError(AppError):
    """A refusal that has no sentence yet."""

    code = "something_newer"


def status(**changes: object) -> ExchangeStatus:
    values = {
        "pending": 0,
        "sent": 0,
        "acknowledged": 0,
        "pulled": 0,
        "confined": 0,
        "quarantine": 0,
        "oldest_pending_at_s": None,
        "last_contact_at": "",
        "last_failure": None,
    }
    return ExchangeStatus(**(values | changes))


@pytest.mark.parametrize("code", EVERY_CODE)
def test_a_sentence_stands_on_its_own_without_facts(code):
    said = texts.sentence(code)
    assert said[0] == said[0].upper()
    assert said.endswith((".", "?"))
    assert not set(said) & set("[]{}")


@pytest.mark.parametrize("code", EVERY_CODE)
def test_every_fact_of_a_sentence_may_be_left_unsaid(code):
    always_said = re.sub(r"\[[^\]]*\]", "", texts.SENTENCES[code])
    assert [name for _, name, _, _ in string.Formatter().parse(always_said) if name] == []


@pytest.mark.parametrize("code", EVERY_CODE)
def test_a_sentence_follows_french_typography(code):
    said = texts.SENTENCES[code]
    assert not re.search(r"[^\u202f«\]][;:!?](?!//)", said)
    assert not re.search(r"« |(?<!\u00a0)»|'", said)


def test_a_refusal_says_its_facts():
    said = texts.sentence_for(UnknownCommuneError("Le Blan", ["Le Blanc (36018)"]))
    assert "«\u00a0Le Blan\u00a0»" in said
    assert said.endswith("Vouliez-vous dire\u202f: Le Blanc (36018)\u202f?")


def test_a_refusal_without_suggestions_proposes_none():
    assert "Vouliez-vous" not in texts.sentence_for(UnknownCommuneError("zzz"))


def test_no_wait_is_said_when_there_is_none():
    assert "possible dans" not in texts.sentence_for(WrongPassphraseError())
    assert "possible dans 8\u202fs" in texts.sentence_for(WrongPassphraseError(wait_s=8))


def test_facts_with_braces_or_brackets_are_said_as_they_are():
    error = UnreadableInputError(where="a[0]", problem="{person} [x]")
    assert "{person} [x]" in texts.sentence_for(error)


def test_a_status_is_said_in_words_of_the_vocabulary():
    said = texts.sentence_for(AnswerNotAllowedError(status="contact_effectif", present="annulee"))
    assert "Contact effectif" in said
    assert "Annulée" in said


def test_a_refusal_without_a_sentence_is_said_calmly_with_its_code():
    assert "something_newer" in texts.sentence_for(NewerError())


def test_a_fault_never_repeats_what_it_holds():
    assert "Zoé" not in texts.sentence_for(ValueError("Zoé Exemple"))


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-24T10:42", "mar. 24\u00a0nov. à 10\u202fh\u202f42"),
        ("2026-11-01T09:00", "dim. 1er\u00a0nov. à 9\u202fh"),
        ("2025-08-15T00:05", "ven. 15\u00a0août\u00a02025 à 0\u202fh\u202f05"),
    ],
)
def test_a_moment_is_said_in_local_time(at, said):
    local = dt.datetime.fromisoformat(at).astimezone()
    assert texts.moment(local, NOW) == said
    assert texts.moment(local.timestamp(), NOW) == said
    assert texts.moment(local.astimezone(dt.UTC).isoformat(), NOW) == said


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (dt.timedelta(minutes=18), "aujourd’hui à 10\u202fh\u202f42"),
        (dt.timedelta(days=1), "hier à 11\u202fh"),
        (dt.timedelta(days=4), "vendredi à 11\u202fh"),
        (dt.timedelta(days=7), "mar. 17\u00a0nov. à 11\u202fh"),
        (dt.timedelta(days=-1), "mer. 25\u00a0nov. à 11\u202fh"),
    ],
)
def test_a_recent_moment_is_named_by_its_day(ago, said):
    assert texts.recent_moment(NOW - ago, NOW) == said


def test_what_is_no_moment_comes_back_as_it_is():
    assert texts.moment("hier", NOW) == "hier"
    assert texts.day("bientôt") == "bientôt"
    assert texts.since("hier", NOW) == ""


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (dt.timedelta(seconds=20), "depuis moins d’une minute"),
        (dt.timedelta(days=-2), "depuis moins d’une minute"),
        (dt.timedelta(minutes=1), "depuis 1\u00a0minute"),
        (dt.timedelta(hours=5), "depuis 5\u00a0heures"),
        (dt.timedelta(days=3), "depuis 3\u00a0jours"),
        (dt.timedelta(days=95), "depuis 3\u00a0mois"),
    ],
)
def test_a_delay_is_said_in_its_own_unit(ago, said):
    assert texts.since((NOW - ago).timestamp(), NOW) == said


def test_days_counts_and_lengths():
    assert texts.day("1991-03-01") == "1er\u00a0mars\u00a01991"
    assert texts.count(0, "accueil") == "0\u00a0accueil"
    assert texts.count(1, "accueil") == "1\u00a0accueil"
    assert texts.count(200_000, "accueil") == "200\u202f000\u00a0accueils"
    assert texts.count(2, "mois", "mois") == "2\u00a0mois"
    assert texts.duration(45) == "45\u202fmin"
    assert texts.duration(65) == "1\u202fh\u202f05"
    assert texts.utc_text(0) == "1970-01-01T00:00:00Z"


def test_offline_is_said_with_what_waits_and_the_last_exchange():
    failure = Failure(code="relay_absent", message="", at="2026-11-24T09:00:00+00:00")
    at = (NOW - dt.timedelta(days=4)).isoformat()
    said = texts.exchange_line(status(pending=3, last_contact_at=at, last_failure=failure), NOW)
    assert said == "Hors ligne · 3\u00a0à envoyer · dernier échange vendredi à 11\u202fh"


def test_the_status_line_never_says_up_to_date_while_something_waits():
    at = NOW.isoformat()
    assert texts.exchange_line(status(last_contact_at=at), NOW).startswith("Tout est à jour")
    for waiting in ({"pending": 1}, {"sent": 1}):
        assert "à jour" not in texts.exchange_line(status(last_contact_at=at, **waiting), NOW)


def test_a_refused_exchange_is_not_called_offline():
    failure = Failure(code="machine_revoked", message="", at="")
    assert texts.exchange_line(status(last_failure=failure), NOW).startswith("Échange impossible")


def test_unknown_routes_are_shown_as_they_are():
    assert texts.route_label("telephone") == "par téléphone"
    assert texts.route_label("pigeon") == "pigeon"
