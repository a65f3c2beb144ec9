"""What the screen of machines decides, of each who comes, goes or is lost: no window, no thread."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from app.changes import Changes, Topic
from app.domain.errors import AppError
from tests.fakes.runner import DirectRunner
from ui.machines.joining_presenter import (
    JoiningActions,
    JoiningPresenter,
    Opened,
    opened_words,
)
from ui.machines.page import (
    Invitation,
    Machine,
    Place,
    Request,
    Structure,
    Tone,
    structure_page,
)
from ui.machines.presenter import MachinesActions, MachinesPresenter
from ui.machines.recovery_presenter import RecoveryActions, RecoveryPresenter

NOW = dt.datetime(2026, 11, 24, 9, 15, tzinfo=dt.UTC)
NOW_S = int(NOW.timestamp())
DAY_S = 86_400
FAR_S = NOW_S + 900 * DAY_S
FILE = Path("fichier.json")


class AwayError(AppError):
    """Stands for the root that is on another machine."""

    code = "not_the_root"


class Screen:
    """Notes what it is told."""

    def __init__(self):
        self.told = []

    def __getattr__(self, name):
        def note(*words):
            self.told.append((name, *words))

        return note

    def said(self):
        return next(words[0] for what, *words in reversed(self.told) if what == "show_said")

    def names(self):
        return [what for what, *_ in self.told]


class Elsewhere:
    """What is done elsewhere: it notes its wishes, and refuses when told to."""

    def __init__(self):
        self.asked = []
        self.refuses = False

    def does(self, name, answer=None):
        def do(*words):
            self.asked.append((name, *words))
            if self.refuses:
                raise AwayError
            return answer

        return do


@pytest.fixture
def screen():
    return Screen()


@pytest.fixture
def elsewhere():
    return Elsewhere()


@pytest.fixture
def machines(screen, elsewhere):
    actions = MachinesActions(
        structure=elsewhere.does("structure", Structure(place=Place.ALONE)),
        remove=elsewhere.does("remove", "K7M4-9QRT"),
        accept_late=elsewhere.does("accept_late", 2),
        accept_key=elsewhere.does("accept_key"),
        keep_known=elsewhere.does("keep_known"),
        spread=lambda: elsewhere.asked.append(("spread",)),
        now=lambda: NOW,
    )
    return MachinesPresenter(screen, actions, DirectRunner())


@pytest.fixture
def joining(screen, elsewhere):
    invitation = Invitation(text="{}", squares=((True,),), until_s=FAR_S)
    actions = JoiningActions(
        invite=elsewhere.does("invite", invitation),
        save=elsewhere.does("save"),
        open=elsewhere.does("open", Opened(kind="invitation")),
        admit=elsewhere.does("admit", "ab"),
        save_admission=elsewhere.does("save_admission"),
        save_structure_request=elsewhere.does("save_structure_request"),
        spread=lambda: elsewhere.asked.append(("spread",)),
    )
    return JoiningPresenter(screen, actions, DirectRunner())


@pytest.fixture
def recovery(screen, elsewhere):
    actions = RecoveryActions(
        make=elsewhere.does("make", "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG"),
        write=elsewhere.does("write"),
        spread=lambda: elsewhere.asked.append(("spread",)),
    )
    return RecoveryPresenter(screen, actions, DirectRunner())


def a_machine(**changes):
    values = {"key": "aa", "code": "K7M4-9QRT", "until_s": FAR_S, "is_this_one": True}
    return Machine(**(values | changes))


def inside(*machines, holds_root=True, **changes):
    return structure_page(
        Structure(place=Place.INSIDE, holds_root=holds_root, machines=machines, **changes), NOW
    )


def test_what_is_signed_here_is_spread_and_read_again(machines, elsewhere, screen):
    machines.remove("aa")
    machines.accept_late("aa")
    machines.accept_key("annuaire/1", "bb")
    machines.keep_known("root_changed", "annuaire/1")
    assert [what for what, *_ in elsewhere.asked] == [
        *("remove", "spread", "structure"),
        *("accept_late", "spread", "structure"),
        *("accept_key", "spread", "structure"),
        *("keep_known", "spread", "structure"),
    ]
    assert screen.said().tone is Tone.DONE


def test_a_refusal_is_said_and_nothing_is_spread(machines, joining, recovery, elsewhere, screen):
    elsewhere.refuses = True
    wishes = (
        lambda: machines.remove("aa"),
        joining.invite,
        lambda: joining.admit("K7M4-9QRT"),
        lambda: joining.open_file(FILE),
        recovery.make,
    )
    for wish in wishes:
        wish()
        assert screen.said().tone is Tone.ATTENTION
        assert "Seul le premier poste" in screen.said().text
    assert ("spread",) not in elsewhere.asked
    assert "show_code" not in screen.names()


def test_an_exchange_may_have_brought_a_request(machines, elsewhere):
    machines.changed(Changes(topics=frozenset({Topic.PERSONS})))
    assert elsewhere.asked == []
    machines.changed(Changes(topics=frozenset({Topic.EXCHANGE})))
    assert elsewhere.asked == [("structure",)]


def test_an_invitation_is_saved_as_it_was_made_however_often(joining, elsewhere):
    joining.save_invitation(FILE)
    joining.invite()
    joining.save_invitation(FILE)
    joining.save_invitation(FILE)
    assert elsewhere.asked == [("invite",), ("spread",), *[("save", "{}", FILE)] * 2]


def test_the_admission_saved_is_that_of_the_machine_just_admitted(joining, elsewhere, screen):
    joining.admit("K7M4-9QRT")
    joining.save_admission(FILE)
    assert elsewhere.asked[-1] == ("save_admission", "ab", FILE)
    assert ("show_admitted", "K7M4-9QRT") in screen.told


def test_an_invitation_opened_here_changes_nothing(joining, elsewhere, screen):
    joining.open_file(FILE)
    assert elsewhere.asked == [("open", FILE)]
    assert "elle s’ouvre sur le nouveau poste" in screen.said().text


@pytest.mark.parametrize(
    ("opened", "said"),
    [
        (Opened(kind="join-request", spoken="K7M4-9QRT"), "Comparez ce code à voix haute"),
        (Opened(kind="join-request", spoken="K7M4-9QRT", is_known=False), "pas encore connue"),
        (Opened(kind="admission", statements=9), "Ce poste est admis"),
        (Opened(kind="structure-certificate", statements=1), "La Région a reconnu"),
        (Opened(kind="region", statements=1), "L’adresse du relais"),
        (Opened(kind="statements", statements=1), "Ce que le fichier apprend est pris"),
        (Opened(kind="statements"), "n’apprend rien de nouveau"),
    ],
)
def test_each_kind_of_file_is_said_in_its_own_words(opened, said):
    assert said in opened_words(opened).text


def test_a_code_is_shown_in_groups_of_four_and_forgotten_once_noted(recovery, elsewhere, screen):
    recovery.make()
    recovery.noted()
    assert ("show_code", ("AAAA", "BBBB", "CCCC", "DDDD", "EEEE", "FFFF", "GGGG")) in screen.told
    assert screen.names()[-2:] == ["hide_code", "show_said"]
    assert elsewhere.asked == [("make",), ("spread",)]


def test_a_saved_page_asks_to_be_destroyed(recovery, elsewhere, screen):
    recovery.save_page(FILE, b"%PDF")
    assert elsewhere.asked == [("write", FILE, b"%PDF")]
    assert screen.said().tone is Tone.ATTENTION


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "Actif jusqu’au 12 mai 2029"),
        ({"until_s": NOW_S + 20 * DAY_S}, "Actif, se termine le 14 déc. 2026"),
        ({"until_s": NOW_S - DAY_S}, "Terminé depuis le 23 nov. 2026"),
        ({"is_removed": True}, "Retiré"),
        ({"is_leaving": True}, "À retirer au prochain échange"),
        ({"is_on_paper": True}, "Sur papier"),
        ({"is_on_paper": True, "is_removed": True}, "Remplacé"),
    ],
)
def test_the_state_of_a_machine_is_said_in_words(changes, state):
    (row,) = inside(a_machine(**changes)).rows
    assert row.state.replace("\u00a0", " ") == state


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"is_this_one": False}, ""),
        ({"holds_root": True}, "ne se retire pas lui-même"),
        ({"is_this_one": False, "is_removed": True}, "déjà retiré"),
        ({"is_this_one": False, "is_leaving": True}, "à la fin du prochain échange"),
        ({"is_this_one": False, "is_on_paper": True}, "Un nouveau code de reprise remplace"),
    ],
)
def test_what_cannot_be_removed_says_why(changes, refusal):
    (row,) = inside(a_machine(**changes)).rows
    assert refusal in row.refusal
    assert bool(row.refusal) == bool(refusal)


@pytest.mark.parametrize(
    ("keeper", "said"),
    [("7N5R-QH78", "le poste 7N5R-QH78"), ("", "le premier poste de la structure")],
)
def test_a_machine_without_the_root_says_which_one_decides(keeper, said):
    others = a_machine(key="bb", is_this_one=False, is_removed=True, late=3)
    page = inside(a_machine(), others, holds_root=False, keeper=keeper)
    assert page.elsewhere.startswith(said)
    assert said in page.rows[0].refusal
    assert page.rows[1].late.startswith("3\u00a0envois attendent une décision")
    assert not page.rows[1].can_accept_late


def test_this_machine_comes_first_and_those_removed_last():
    page = inside(
        a_machine(key="gone", is_this_one=False, is_removed=True),
        a_machine(key="paper", is_this_one=False, is_on_paper=True),
        a_machine(key="other", is_this_one=False),
        a_machine(key="here"),
    )
    assert [row.key for row in page.rows] == ["here", "other", "paper", "gone"]


def test_an_invitation_that_served_already_is_a_warning():
    page = inside(
        a_machine(),
        requests=(
            Request(machine="cc", spoken="AAAA-BBBB"),
            Request(machine="dd", spoken="CCCC-DDDD", is_repeated=True),
        ),
    )
    assert [bool(row.warning) for row in page.requests] == [False, True]


def test_the_screen_decides_without_any_qt():
    modules = "presenter", "joining_presenter", "recovery_presenter", "page"
    imports = "; ".join(f"import ui.machines.{name}" for name in modules)
    check = f"{imports}; import sys; sys.exit('PySide6' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", check], cwd=root, check=False).returncode == 0
