"""How long a slip takes, in a process that has just started: what a person waits for, standing."""

import importlib.util
import json
import statistics
import subprocess
import sys
from pathlib import Path

from tests.bench.results import record

ROOT = Path(__file__).parents[2]
ROUNDS = 9

_PRINTS = """
import json, sys, tempfile, time
from pathlib import Path
from tests.builders import a_desk, a_referral, handed_over
from ui.papers.making import SLIP, Subject, document_of

desk = a_desk(Path(tempfile.mkdtemp()) / "desk")
wanted = a_referral(deadline_on="2026-12-18", deadline_reason="licenciement", message="Un mot.")
made = handed_over(desk, analysed="Quelques mots de plus. " * 10, referral=wanted)
times = {}

def timed(name, work):
    started = time.perf_counter()
    value = work()
    times[name] = (time.perf_counter() - started) * 1000
    return value

timed("typst imported", lambda: __import__("typst"))
from app.printing.pdf import PRINTER_DPI, SCREEN_DPI, pages_of, pdf_of
slip = Subject(referral=made.referral)
paper = timed("slip read and put in words", lambda: document_of(desk, SLIP, slip))
timed("first PDF", lambda: pdf_of(paper))
file = timed("second PDF", lambda: pdf_of(paper))
timed("pages for the screen", lambda: pages_of(paper, SCREEN_DPI))
timed("pages for a printer", lambda: pages_of(paper, PRINTER_DPI))
desk.workspace.close()
print(json.dumps({"times": times, "size": len(file)}))
"""


def test_a_slip_from_nothing_to_paper() -> None:
    rounds = [_run() for _ in range(ROUNDS)]
    names = list(rounds[0]["times"])
    rows = [["a slip of two pages", "median of 9, ms", "longest, ms"]]
    for name in names:
        times = [one["times"][name] for one in rounds]
        rows.append([name, f"{statistics.median(times):.0f}", f"{max(times):.0f}"])
    cold = [name for name in names if name not in {"second PDF", "pages for a printer"}]
    waited = [sum(one["times"][name] for name in cold) for one in rounds]
    total = f"{statistics.median(waited):.0f}"
    rows.append(["all of it once, PDF and screen", total, f"{max(waited):.0f}"])
    spec = importlib.util.find_spec("typst")
    assert spec is not None
    assert spec.origin is not None
    files = [file for file in Path(spec.origin).parent.rglob("*") if file.is_file()]
    installed = sum(file.stat().st_size for file in files) / 1e6
    size = rounds[0]["size"] / 1000
    note = (
        f"The PDF weighs {size:.0f} kB; typst, once installed, {installed:.0f} MB, of which nothing"
        " is loaded before the first page."
    )
    print(record("Printing a slip", "make bench ARGS='-k printing'", rows, note=note))


def _run() -> dict:
    done = subprocess.run(
        [sys.executable, "-c", _PRINTS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)
