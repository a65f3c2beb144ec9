"""What was said to be saved is there after the process was killed, whenever that was."""

import itertools
import subprocess
import sys
from pathlib import Path

from app.store.slots import Opened
from app.usecases.drafts import kept_draft
from app.usecases.rebuild import rebuild_rows
from app.usecases.today import receptions_of
from tests.builders import a_desk, an_opened, dump
from tests.fakes.clock import A_MORNING

KILLS = 6
SAVER = """
import itertools, sys
from pathlib import Path
from app.usecases.drafts import keep_draft
from tests.builders import a_desk, an_opened, handed_over
folder, key, life = Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), sys.argv[3]
desk = a_desk(folder, opened=an_opened(file_key=key, compartments={}))
for number in itertools.count():
    name = f"{life}-{number}"
    handed_over(desk, expressed=name)
    print(f"saved {name}", flush=True)
    keep_draft(desk, {"expressed": name})
    print(f"draft {name}", flush=True)
"""


def save_until_killed(folder: Path, opened: Opened, life: int) -> list[str]:
    """Run a process that saves without end, kill it after a few lines, return what it reported."""
    saver = subprocess.Popen(
        [sys.executable, "-c", SAVER, str(folder), opened.file_key.hex(), str(life)],
        stdout=subprocess.PIPE,
        text=True,
    )
    with saver:
        first = list(itertools.islice(saver.stdout, 5 + 7 * life))
        saver.kill()
        return [line.strip() for line in (*first, *saver.stdout) if line.endswith("\n")]


def test_everything_reported_as_saved_survives_the_kill_and_the_draft_too(tmp_path):
    opened = an_opened(compartments={})
    a_desk(tmp_path, opened=opened).workspace.close()
    saved: set[str] = set()
    for life in range(KILLS):
        reported = save_until_killed(tmp_path, opened, life)
        assert len(reported) >= 5
        saved |= {line.removeprefix("saved ") for line in reported if line.startswith("saved")}
        drafts = [line.removeprefix("draft ") for line in reported if line.startswith("draft")]
        desk = a_desk(tmp_path, opened=opened)
        kept = {line.expressed for line in receptions_of(desk, A_MORNING.date())}
        draft = kept_draft(desk)
        rows = dump(desk)
        rebuild_rows(desk)
        assert dump(desk) == rows
        desk.workspace.close()
        assert saved <= kept
        assert len(kept - saved) <= life + 1  # saved, and killed before it could say so
        assert draft is not None
        assert _number(draft["expressed"]) >= _number(drafts[-1])


def _number(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split("-"))
