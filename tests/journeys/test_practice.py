"""What `make run` does without a screen: the whole scenario, through the real windows."""

import os
import subprocess
import sys

SCREENS = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}


def test_the_scenario_of_the_two_doors_is_proved_step_by_step(tmp_path):
    shots = tmp_path / "shots"
    home = tmp_path / "home"
    home.mkdir()
    variables = {**os.environ, "HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    variables.pop("DEUX_PORTES_PASSPHRASE", None)

    done = subprocess.run(
        [sys.executable, "-m", "ui", "practice", "--shots", str(shots)],
        env=variables,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    summary = (shots / "resume.md").read_text("utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Tout est prouvé." in summary
    assert "NON PROUVÉ" not in summary
    assert "réponse, avec ses dates" in summary
    pictures = sorted(shots.glob("*.png"))
    assert len(pictures) >= 12
    assert all(picture.stat().st_size > 10_000 for picture in pictures)
    assert [int(picture.name[:2]) for picture in pictures] == list(range(1, len(pictures) + 1))


def test_without_a_screen_the_check_passes_and_the_desktop_says_so(tmp_path):
    bare = {name: value for name, value in os.environ.items() if name not in SCREENS}
    bare["HOME"] = str(tmp_path)

    checked = started("--check", variables=bare)
    opened = started(variables=bare)

    assert checked.returncode == 0, checked.stderr
    assert opened.returncode == 2
    assert "écran" in opened.stderr


def started(*words, variables):
    return subprocess.run(
        [sys.executable, "-m", "ui", *words],
        env=variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
