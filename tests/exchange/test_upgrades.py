"""What a newer program wrote waits, whole, in desks that cannot fold it yet.

The newer program is this one with one word changed, in a folder and a process of its own.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.events import KNOWN_KINDS
from app.usecases.persons import find_persons
from tests.exchange.checkpointing import checkpoint, rename, settle_down, survivors
from tests.exchange.desks import Door, World, joined
from tests.fakes.command_line import ROOT

READ = """
import json, sys
from pathlib import Path
from app.domain.events import KNOWN_KINDS
from tests.builders import a_workspace, an_opened
folder, key = Path(sys.argv[1]), bytes.fromhex(sys.argv[2])
workspace = a_workspace(folder, an_opened(file_key=key, compartments={}))
with workspace.read() as connection:
    rows = connection.execute("SELECT person, display_name FROM persons ORDER BY 2").fetchall()
workspace.close()
print(json.dumps([KNOWN_KINDS["person"], [row[1] for row in rows]]))
"""


@pytest.fixture
def newer_program(tmp_path) -> Path:
    """A copy of the program that folds the next version of what is said of a person."""
    folder = tmp_path / "newer"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "app", folder / "app", ignore=ignored)
    for name in ("sync", "ui", "resources", "tests"):
        (folder / name).symlink_to(ROOT / name)
    events = folder / "app" / "domain" / "events.py"
    told = events.read_text("utf-8")
    assert '"person": 1' in told
    events.write_text(told.replace('"person": 1', '"person": 2'), "utf-8")
    return folder


def written_by_a_newer_program(door: Door) -> None:
    """Have what waits about persons bear the version that a newer program gives it."""
    later = KNOWN_KINDS["person"] + 1
    sql = "UPDATE events SET version = ? WHERE kind = 'person' AND own = 1 AND bundle IS NULL"
    door.desk.workspace.writer.write(lambda tx: tx.execute(sql, (later,)) and None)


def names(door: Door) -> list[str]:
    return sorted(one.display_name for one in find_persons(door.desk, "exemplier").persons)


def after_upgrade(world: World, name: str, program: Path) -> list[str]:
    """Update the program of a desk, and return whom it then shows."""
    door = world[name]
    door.desk.workspace.close()
    state = str(world.folder / "lives" / name)
    given = (str(world.folder / name), world.keys[name].file_key.hex())
    read = subprocess.run(
        [sys.executable, "-c", READ, *given],
        cwd=program,
        env={"DEUX_PORTES_STATE": state, "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert read.returncode == 0, read.stderr
    version, shown = json.loads(read.stdout)
    assert version == KNOWN_KINDS["person"] + 1
    return sorted(shown)


def test_event_of_a_newer_version_survives_exchange_checkpoint_and_upgrade(world, newer_program):
    blanc, second = world["blanc"], joined(world, "blanc")
    known = blanc.receive().person
    settle_down(world)
    # The second machine was updated first: it corrects a name, and receives somebody.
    rename(second, known, "Nadège")
    second.receive()
    written_by_a_newer_program(second)
    settle_down(world)
    assert names(blanc) == ["Nadia Exemplier"]
    checkpoint(world, blanc)
    assert blanc.port.adopted(blanc.desk.own_structure().space.id) is not None
    third = joined(world, "blanc", "third")
    settle_down(world)
    assert names(third) == ["Nadia Exemplier"]
    assert survivors(third) == survivors(blanc) == survivors(second)
    assert {tuple(door.reasons()) for door in world.doors.values()} == {()}
    told = {name: after_upgrade(world, name, newer_program) for name in ("blanc", "third")}
    assert told["blanc"] == told["third"] == ["Nadia Exemplier", "Nadège Exemplier"]
