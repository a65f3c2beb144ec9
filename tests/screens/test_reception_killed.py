"""The window dies while somebody is received: what was on the page comes back, field by field."""

import itertools
import json
import subprocess
import sys

import pytest
from PySide6.QtWidgets import QApplication

from app.usecases.drafts import kept_draft
from app.usecases.today import receptions_of
from tests.builders import a_desk, an_opened
from tests.fakes.clock import A_MORNING, TickingClock
from tests.screens.reception_page import a_page
from ui.reception.page_body import whole_body

RECEIVED = {
    "open_setting": True,
    "visitor": "parent",
    "how_they_came": "proche",
    "expressed": "Mon fils voudrait être soudeur.",
    "open_situation": True,
    "status": {"family": "scolaire", "code": "decrocheur"},
    "level_reached": "3",
    "age_band": "16_17",
    "sex": "homme",
    "motives": {"family": "", "codes": ["trouver_formation", "alternance"]},
    "analysed": "Un contrat d’apprentissage près d’ici.",
    "already_met": {"text": "", "items": [["", "Mairie (exemple)"]]},
    "beyond_reason": "",
    "barriers": ["mobilite"],
    "information_given": ["formations"],
    "outcome": "a_recontacter",
    "next_step": "rappeler",
    "next_on": "12 décembre 2026",
    "next_reason": "inscription_formation",
    "open_person": True,
    "notice_given": True,
    "agreement_to_record": "yes",
    "agreed_by": "ensemble",
    "family_name": "Aubrun",
    "given_name": "Maëlys",
    "birth": "14/2/2009",
    "telephone": "06 39 98 00",
}
"""A page with a field of each kind, some half-typed, as it fills while one talks."""

RECEIVER = """
import itertools, json, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from tests.builders import a_desk, an_opened
from tests.fakes.clock import TickingClock
from tests.screens.reception_page import a_page
application = QApplication([])
folder, key, said = Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), json.loads(sys.argv[3])
clock = TickingClock()
desk = a_desk(folder, opened=an_opened(file_key=key, compartments={}), clock=clock)
page = a_page(desk, clock)
page.screen.activateWindow()
application.processEvents()
page.screen.go_to("expressed")
for number in itertools.count():
    for name, value in said.items():
        page.fill(**{name: f"{value} ({number})" if name == "expressed" else value})
        print(json.dumps({"kept": page.body()}), flush=True)
    page.save()
    print(json.dumps({"saved": number}), flush=True)
"""


def received_until_killed(folder, opened, lines):
    """Receive people one after the other, kill the process; return what it reported."""
    words = [str(folder), opened.file_key.hex(), json.dumps(RECEIVED)]
    receiver = subprocess.Popen(
        [sys.executable, "-c", RECEIVER, *words], stdout=subprocess.PIPE, text=True
    )
    with receiver:
        first = list(itertools.islice(receiver.stdout, lines))
        receiver.kill()
        whole = [line for line in (*first, *receiver.stdout) if line.endswith("\n")]
    assert len(first) == lines, "the page stopped by itself"
    return [json.loads(line) for line in whole]


@pytest.mark.parametrize("lines", [4, 9, 19, len(RECEIVED), len(RECEIVED) + 13])
def test_a_page_killed_while_somebody_is_received_comes_back_as_it_was(
    tmp_path, qtbot, appearance, lines
):
    opened = an_opened(compartments={})
    a_desk(tmp_path, opened=opened).workspace.close()
    reported = received_until_killed(tmp_path, opened, lines)
    clock = TickingClock()
    desk = a_desk(tmp_path, opened=opened, clock=clock)
    try:
        kept = kept_draft(desk)
        page = a_page(desk, clock)
        qtbot.addWidget(page.screen)
        announced = sum("saved" in one for one in reported)
        there = len(receptions_of(desk, A_MORNING.date()))
        assert there in {announced, announced + 1}  # saved, and killed before it could say so
        last = reported[-1].get("kept")
        if last is not None and there == announced:
            assert page.body() == whole_body(kept)
            assert _is_as_far(page.body(), last)
    finally:
        QApplication.processEvents()
        desk.workspace.close()


def _is_as_far(body, reported):
    """The page is the one reported, or one that came after it: one more field was kept."""
    others = [name for name in body if body[name] != reported[name]]
    return len(others) <= 2
