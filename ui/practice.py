"""The practice region, to try everything with invented people, or to have it played by itself."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from ui.display import has_display
from ui.practice_region import (
    FIRST_DOOR,
    PASSPHRASE,
    SECOND_DOOR,
    PracticeRegion,
    PracticeStructure,
)

UNSEEN = Path("deux-portes-exercice")
"""Where the pictures go when nobody said and there is no screen."""


def run(shots: Path | None = None) -> int:
    """Open the practice desks, or play the scenario into a folder of pictures.

    Args:
        shots: where pictures and summary go; nothing is shown then.

    Returns:
        0 when everything the scenario proves was proved; 1 otherwise, and where the program was
        installed without its relay.
    """
    if getattr(sys, "frozen", False):
        _say("L’exercice a besoin du relais, absent de cette version : lancez « make run ».")
        return 1
    # Whoever is asked to stop leaves by the ordinary way, which stops the relay too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    if shots is None and not has_display():
        _say(f"Pas d’écran ici : le scénario se joue seul, ses images vont dans {UNSEEN}.")
        shots = UNSEEN
    return _play(shots) if shots is not None else _open_desks()


def _play(shots: Path) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from ui.practice_scenario import play

    with tempfile.TemporaryDirectory(prefix="deux-portes-practice-") as folder:
        region = PracticeRegion(Path(folder))
        _say("Région d’exercice en préparation : autorité, relais, trois structures de l’Indre…")
        region.make()
        return play(region, shots)


def _open_desks() -> int:
    """Run the relay and two desks, the first door here and the second in a process of its own."""
    from platformdirs import user_data_path

    region = PracticeRegion(user_data_path("deux-portes", appauthor=False) / "practice")
    if not region.is_ready:
        _say("Première fois : la région d’exercice se prépare…")
        region.make_again()
    with region.relay():
        _say(f"Phrase de passe des deux postes : {PASSPHRASE}")
        command = [sys.executable, "-m", "ui.practice", SECOND_DOOR.key]
        other = subprocess.Popen(command)  # noqa: S603  (our own command)
        try:
            return _open_desk(region, FIRST_DOOR)
        finally:
            other.wait()


def _open_desk(region: PracticeRegion, structure: PracticeStructure) -> int:
    from ui import desktop

    return desktop.run(workspace=region.workspace(structure), practice=PASSPHRASE)


def _say(text: str) -> None:
    from ui.texts import typeset

    sys.stdout.write(typeset(text) + "\n")
    sys.stdout.flush()


def _second_desk() -> int:
    from platformdirs import user_data_path

    region = PracticeRegion(user_data_path("deux-portes", appauthor=False) / "practice")
    return _open_desk(region, SECOND_DOOR)


if __name__ == "__main__":
    sys.exit(_second_desk())
