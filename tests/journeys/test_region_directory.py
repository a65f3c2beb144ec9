"""The Region signs a directory, its relay takes it, desks have it: by the commands people type."""

import json

import pytest

from tests.journeys.stick_region import StickRegion
from tests.published_files import both, mission_locale

pytestmark = pytest.mark.network


def signed(region, folder, *rows, number=1):
    """Have the Region sign a directory; return the file that is carried."""
    published, pack = folder / f"publie-{number}.json", folder / f"annuaire-{number}.pack"
    published.write_bytes(both(*rows))
    region.authority("pack", published, "--out", pack, "--folder", region.folder / "authority")
    return pack


def test_what_the_region_publishes_is_on_every_desk_after_its_next_exchange(region, tmp_path):
    pack = signed(region, tmp_path, mission_locale("ml-1"), mission_locale("ml-2"))
    assert json.loads(region.relay.run("take", str(pack), "--json"))["pack"] == "kept"
    for desk in region.desks.values():
        told = desk.exchange()["directory"]
        assert (told["added"], told["updated"], told["rejected"]) == (2, 0, 0)
        assert desk.exchange()["directory"] is None
        listed = desk.ask("directory", "imports")["imports"]
        assert [one["author"] for one in listed] == [""]
        assert listed[0]["file"].startswith("Annuaire de la Région")


def test_a_desk_that_undid_it_is_left_alone_until_the_next_one(region, tmp_path):
    pack = signed(region, tmp_path, mission_locale("ml-1"))
    region.relay.run("take", str(pack))
    desk = region.desks["blanc"]
    number = desk.exchange()["directory"]["import"]
    desk.ask("directory", "undo", number, "--yes")
    assert desk.exchange()["directory"] is None
    assert desk.ask("directory", "imports")["imports"][0]["undone_at_s"] is not None


def test_one_that_was_imported_by_hand_is_not_fetched_again(region, tmp_path):
    pack, desk = signed(region, tmp_path, mission_locale("ml-1")), region.desks["blanc"]
    desk.ask("directory", "import", pack)
    region.relay.run("take", str(pack))
    since = len(region.proxy.up)
    assert desk.exchange()["directory"] is None
    assert b"/v1/packs" not in region.proxy.up[since:]


def test_a_stick_brings_it_where_no_relay_is(tmp_path):
    region = StickRegion(tmp_path)
    region.authority("init", region.folder / "authority", "--name", "Région (exemple)")
    blanc, chateauroux = region.enrol("blanc"), region.enrol("chateauroux")
    pack = signed(region, tmp_path, mission_locale("ml-1"))
    blanc.ask("directory", "import", pack)
    chateauroux.ask("stick", "write", region.stick)
    blanc.ask("stick", "read", region.stick)
    assert blanc.ask("stick", "write", region.stick)["directory"]["what"] == "written"
    taken = chateauroux.ask("stick", "read", region.stick)
    assert taken["directory"]["what"] == "taken"
    assert taken["imported"]["added"] == 1
