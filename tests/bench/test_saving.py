"""How long until a reception is on the disk, beside a bare durable write of 4 kB."""

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from app.domain.identifiers import StructureId
from app.domain.reception import PersonDetails, Reception
from app.usecases.desk import name_own_structure
from app.usecases.drafts import keep_draft
from app.usecases.receptions import record_reception
from tests.bench.results import record
from ui import compose

ROUNDS = 300


def test_saving_beside_a_bare_durable_write(tmp_path: Path) -> None:
    desk, _ = compose.create_desk(
        tmp_path / "w", agent_name="Banc", role="adviser", passphrase="une phrase de banc"
    )
    name_own_structure(desk, structure=StructureId(bytes(16)), name="Banc (exemple)", reference="")
    simple = Reception(expressed="Je voudrais changer de métier.", commune="36018")
    named = Reception(
        expressed="Je voudrais changer de métier.",
        agreement_to_record=True,
        person=PersonDetails(family_name="Exemple", given_name="Invité", telephone="0639980000"),
    )
    file = (tmp_path / "bare").open("wb")

    def bare() -> None:
        file.write(os.urandom(4096))
        file.flush()
        os.fdatasync(file.fileno())

    measured = {
        "bare 4 kB and fdatasync": _milliseconds(bare),
        "draft kept": _milliseconds(lambda: keep_draft(desk, {"expressed": "Je voudrais"})),
        "reception without a name": _milliseconds(lambda: record_reception(desk, simple)),
        "reception with a name": _milliseconds(lambda: record_reception(desk, named)),
    }
    file.close()
    desk.workspace.close()
    floor = statistics.median(measured["bare 4 kB and fdatasync"])
    rows = [["durable write", "p50, ms", "p95, ms", "p50 × bare"]]
    for name, times in measured.items():
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        rows.append([name, f"{p50:.2f}", f"{p95:.2f}", f"{p50 / floor:.1f}"])
    print(record("Saving a reception", "make bench ARGS='-k saving'", rows))


def _milliseconds(work: Callable[[], object]) -> list[float]:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return times
