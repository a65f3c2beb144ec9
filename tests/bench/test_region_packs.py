"""What a directory of five thousand structures costs: on a bad link, and beside somebody who saves.

The link is that of `test_exchange_links`; root on Linux only.
"""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from app.pack_port import PackState
from app.store.pack_shelf import PART_BYTES, StorePacks
from app.usecases.directory.region_packs import PackOpened, import_pack
from sync.information_packs import DIRECTORY, make_pack, read_pack
from sync.pack_marks import pack_name
from tests.bench.emulated_link import (
    CUT_DEAD,
    CUT_TIGHT,
    SHAPED,
    Link,
    Profile,
    emulated_link,
    is_possible,
)
from tests.bench.region_directory import published
from tests.bench.results import record
from tests.bench.saves import BOUND_MS, Timed, save_ms, saving, spread
from tests.bench.test_exchange_links import Run, Template
from tests.exchange.desks import Door, new_world
from tests.relay_process import RelayProcess
from ui.compose_packs import pack_opened

pytestmark = pytest.mark.bench

STRUCTURES = 5_000


def test_a_save_beside_the_import_of_a_directory_hardly_waits(tmp_path: Path) -> None:
    content = published(STRUCTURES)
    world = new_world(tmp_path / "world")
    door = world.found("blanc")
    pack = make_pack(content, kind=DIRECTORY, made_s=int(time.time()), key=world.authority)
    try:
        opened = _arrived(door, pack)
        alone = [save_ms(door) for _ in range(100)]
        with saving(door) as beside:
            started = time.perf_counter()
            slices = Timed(door.desk.workspace)
            done = import_pack(replace(door.desk, workspace=slices), opened)  # type: ignore[arg-type]
            took_s = time.perf_counter() - started
    finally:
        world.close()
    assert done is not None
    assert done.added == 3 * STRUCTURES
    rows = [["save of a reception", "times", "p50, ms", "p95, ms", "longest, ms"]]
    rows += [spread("alone", alone), spread("beside the import", beside)]
    rows += [spread("(a transaction of the import itself)", slices.times)]
    note = (
        f"{STRUCTURES} structures and {2 * STRUCTURES} services, {len(content) / 1e6:.1f} MB of"
        f" JSON, {len(pack) / 1e6:.2f} MB signed; imported in {took_s:.1f} s."
    )
    command = "make bench ARGS='-k beside_the_import'"
    print(record("A save during the import of the Region’s directory", command, rows, note=note))
    assert max(beside) < BOUND_MS


def _row(profile: Profile, runs: list[Run], size: int) -> list[str]:
    down = sum(run.payload[1] for run in runs)
    took_s = sum(run.report["took_s"] for run in runs)
    allowed_s = (size / (profile.down_kbit * 125) + 2.4) / profile.up_share()
    return [
        profile.name,
        f"{down / 1e3:.0f}",
        f"{down / size:.2f}",
        str(len(runs)),
        str(sum(run.cuts for run in runs)),
        f"{took_s:.0f}",
        f"{allowed_s:.0f}",
        f"{took_s / allowed_s:.2f}",
    ]


def _until_whole(ours: Template, link: Link, profile: Profile, size: int) -> list[Run]:
    """Exchange until the pack is whole: one exchange gives it some minutes."""
    runs = []
    while ours.packs("second") != [(PackState.ARRIVED, size)]:
        runs.append(ours.exchange(link, profile, "second"))
        assert len(runs) < 4
    return runs


def _arrived(door: Door, pack: bytes) -> PackOpened:
    """Have a pack come whole, as the exchange leaves it, and open it."""
    shelf, name, made_s = StorePacks(door.desk.workspace), pack_name(pack), int(time.time())
    shelf.begin_pack(name=name, kind=DIRECTORY, made_s=made_s, size=len(pack))
    for start in range(0, len(pack), PART_BYTES):
        shelf.add_to_pack(name, pack[start : start + PART_BYTES])
    shelf.settle_pack(name, PackState.ARRIVED)
    return pack_opened(name, read_pack(pack, door.world.authority.public))


@pytest.mark.skipif(not is_possible(), reason="namespaces need root on Linux")
def test_a_directory_over_bad_links(tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    template = Template(made, 1)
    template.prepare()
    pack = make_pack(
        published(STRUCTURES), kind=DIRECTORY, made_s=int(time.time()), key=template.authority
    )
    file = tmp_path / "annuaire.pack"
    file.write_bytes(pack)
    RelayProcess(template.relay_folder).run("take", str(file))
    rows = [["link", "kB down", "× its bytes", "exchanges", "cuts", "s", "allowed, s", "ratio"]]
    for profile in (SHAPED, CUT_DEAD, CUT_TIGHT):
        folder = tmp_path / profile.name.replace("/", "-")
        folder.mkdir()
        ours = template.copy(folder / "copy")
        with emulated_link(profile, folder) as link, ours.served(link):
            runs = _until_whole(ours, link, profile, len(pack))
        rows.append(_row(profile, runs, len(pack)))
    note = (
        f"A pack of {STRUCTURES} structures and {2 * STRUCTURES} services, {len(pack) / 1e6:.2f}"
        " MB, after the records of one exchange. « Allowed »: its bytes at the link’s rate and four"
        " round trips, divided by the share of the time the link lives."
    )
    command = "make bench ARGS='-k directory_over_bad_links'"
    print(record("The Region’s directory over bad links", command, rows, note=note))
