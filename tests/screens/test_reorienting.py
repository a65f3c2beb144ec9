"""Asking somebody else after a refusal: the page begins with all that was said, but the yes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.usecases.referrals import IN, OUT, Answer, answer_referral, list_referrals
from tests.builders import ON_PAPER, SECOND_DOOR, a_desk, a_referral, handed_over
from tests.fakes.clock import TickingClock
from tests.fakes.courier import carry
from tests.screens.reception_page import a_page
from ui.reception.leaving_panel import LeavingPanel
from ui.reception.page_body import NO, YES
from ui.widgets.inline_notice import InlineNotice


@pytest.fixture
def refused(tmp_path):
    """A first door's desk whose only referral the second door refused, proposing the CIO."""
    clock = TickingClock()
    desk = a_desk(tmp_path / "desk", clock=clock)
    second = a_desk(tmp_path / "second", reference=SECOND_DOOR, clock=clock)
    handed_over(
        desk,
        motives=("trouver_formation",),
        commune="36018",
        status="sans_activite",
        executive=False,
        languages=("sq",),
        can_travel="km_30",
        go_half="matin",
        referral=a_referral(message="Plutôt le matin.", deadline_on="2026-12-24"),
    )
    carry(desk, second)
    (line,) = list_referrals(second, IN)
    answer = Answer(status="refusee", reason="hors_competence", proposed=ON_PAPER)
    answer_referral(second, line.referral, answer)
    carry(second, desk)
    second.workspace.close()
    yield desk, clock
    desk.workspace.close()


@pytest.fixture
def page(refused):
    desk, clock = refused
    made = a_page(desk, clock)
    yield made
    made.screen.close()


def referral_of(desk):
    return list_referrals(desk, OUT)[-1].referral


def notice(page):
    return "\n".join(one.text() for one in page.screen.findChildren(InlineNotice))


def test_one_key_brings_all_that_was_said_and_asks_for_the_yes(page):
    page.screen.reorient(referral_of(page.desk))
    body = page.body()
    assert body["expressed"] == "Je cherche une formation."
    assert body["motives"]["codes"] == ["trouver_formation"]
    assert (body["status"]["code"], body["mode"]) == ("sans_activite", "telephone")
    assert body["to"]["code"] == ON_PAPER
    assert (body["agreement"], body["notice_given"]) == ("", False)
    assert (body["message"], body["deadline"]) == ("Plutôt le matin.", "24 décembre 2026")
    assert (body["languages"], body["can_travel"], body["go_half"]) == (["sq"], "km_30", "matin")
    assert (body["executive"], body["open_wishes"]) == (NO, True)
    assert "Suite de la mise en relation" in notice(page)
    assert "hors de notre compétence" in notice(page)
    assert page.screen.findChild(QWidget, "agreement").isAncestorOf(page.focused())


def test_who_refused_is_said_to_be_set_aside(page):
    page.screen.reorient(referral_of(page.desk))
    aside = page.part(QWidget, "set_aside_words").text()
    assert "a refusé le 24\u00a0novembre\u00a02026" in aside
    assert page.part(QWidget, "partners").isVisible()


def test_the_panel_shows_exactly_what_leaves_to_the_new_one(page):
    page.screen.reorient(referral_of(page.desk))
    shown = dict(page.screen.findChild(LeavingPanel).lines())
    assert shown["Mot au partenaire"] == "«\u00a0Plutôt le matin.\u00a0»"
    assert shown["Nom"] == "Aubrun"
    assert "Relais" not in shown


def test_saving_links_the_two_and_counts_nobody_twice(page):
    former = referral_of(page.desk)
    page.screen.reorient(former)
    page.press(Qt.Key.Key_1)
    assert page.body()["agreement"] == YES
    page.save()
    line = list_referrals(page.desk, OUT)[0]
    assert (line.follows, line.to_reference) == (former, ON_PAPER)
    assert {one.demand for one in list_referrals(page.desk, OUT)} == {line.demand}


def test_a_page_begun_is_never_lost_to_it(page):
    page.fill(expressed="Une autre personne parle.")
    page.screen.reorient(referral_of(page.desk))
    assert page.body()["expressed"] == "Une autre personne parle."
    assert "Un accueil est en cours" in notice(page)


def test_what_was_continued_meanwhile_is_not_begun_twice(page):
    former = referral_of(page.desk)
    page.screen.reorient(former)
    page.press(Qt.Key.Key_1)
    page.save()
    page.screen.reorient(former)
    assert page.body()["expressed"] == ""
    assert notice(page)
