"""What `make run` does without a screen: the whole scenario, through the real windows."""

import os
import subprocess
import sys


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
