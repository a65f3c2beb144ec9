"""A relay gives every machine the last pack that its Region signed, and no other."""

import json
import os
import time

import pytest
import requests
from sqlalchemy import func, select

from sync.errors import LinkCutError, NotAdmittedYetError, RelayRefusedError
from sync.information_packs import DIRECTORY, make_pack
from sync.pack_marks import MAX_PACK_BYTES, PACKS, PackMark, pack_name
from sync.relay.published import PART_BYTES
from sync.relay.tables import pack_parts, packs
from sync.signed_packs import MAGIC
from tests.fakes.region import Region
from tests.raw_calls import sent, signed

pytestmark = pytest.mark.network

NOW_S = int(time.time())
NOBODY = "ab" * 32


def made(region, *, at_s=NOW_S, size=3 * PART_BYTES, kind=DIRECTORY):
    """A pack of about that size: nothing compresses what is random."""
    return make_pack(os.urandom(size), kind=kind, made_s=at_s, key=region.authority)


def taken(relay, folder, pack):
    """Have the operator of a relay take a pack; return what was done with it, and the code."""
    file = folder / "annuaire.pack"
    file.write_bytes(pack)
    done = relay.attempt("take", str(file), "--json")
    return json.loads(done.stdout)["pack"], done.returncode


def mark_of(pack, at_s=NOW_S, kind=DIRECTORY):
    return PackMark(kind=kind, made_s=at_s, name=pack_name(pack), size=len(pack))


def whole(transport, pack, offset=0):
    return b"".join(transport.fetch_pack(mark_of(pack), offset))


@pytest.fixture
def machine(own_relay):
    return own_relay.region.structure().machine()


def test_pack_that_the_operator_takes_is_told_and_given_to_every_machine(
    own_relay, machine, tmp_path
):
    pack, link = made(own_relay.region), own_relay.admitted(machine)
    assert link.greet(None, {DIRECTORY: 0}).packs == ()
    assert taken(own_relay, tmp_path, pack) == ("kept", 0)
    for one in (link, own_relay.admitted(own_relay.region.structure().machine())):
        assert one.greet(None, {DIRECTORY: 0}).packs == (mark_of(pack),)
        assert whole(one, pack) == pack


def test_machine_that_holds_it_or_takes_none_is_told_nothing(own_relay, machine, tmp_path):
    link = own_relay.admitted(machine)
    taken(own_relay, tmp_path, made(own_relay.region))
    assert link.greet(None, {DIRECTORY: NOW_S}).packs == ()
    assert link.greet(None, {"prices": 0}).packs == ()
    assert link.greet(None).packs == ()


@pytest.mark.parametrize("line", ["directory", "directory x", "Directory 0", "directory 0,", "é 1"])
def test_line_that_cannot_be_read_asks_for_nothing(own_relay, machine, tmp_path, line):
    own_relay.admitted(machine)
    taken(own_relay, tmp_path, made(own_relay.region, size=100))
    headers = {PACKS: line.encode().decode("latin-1")}
    call = signed(own_relay, machine.signer, "GET", "/v1/statements", headers=headers)
    with requests.Session() as session:
        answer = session.send(call)
    assert answer.status_code == 200
    assert PACKS not in answer.headers


def test_fetching_goes_on_at_any_byte(own_relay, machine, tmp_path):
    pack, link = made(own_relay.region), own_relay.admitted(machine)
    taken(own_relay, tmp_path, pack)
    for offset in (1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, len(pack) - 1, len(pack)):
        assert whole(link, pack, offset) == pack[offset:]


def test_later_pack_takes_the_place_of_an_older_one_and_never_the_other_way(
    own_relay, machine, tmp_path
):
    older, newer = made(own_relay.region, at_s=NOW_S - 60), made(own_relay.region)
    link = own_relay.admitted(machine)
    assert taken(own_relay, tmp_path, older) == ("kept", 0)
    assert taken(own_relay, tmp_path, newer) == ("kept", 0)
    assert taken(own_relay, tmp_path, newer) == ("known", 0)
    assert taken(own_relay, tmp_path, older) == ("older", 1)
    assert taken(own_relay, tmp_path, made(own_relay.region)) == ("older", 1), "made at that moment"
    assert whole(link, newer) == newer
    with pytest.raises(RelayRefusedError) as refused:
        whole(link, older)
    assert refused.value.facts["refusal"] == "not_found"
    with own_relay.behind() as connection:
        assert connection.scalar(select(func.count(pack_parts.c.name.distinct()))) == 1


def test_kinds_stand_beside_each_other(own_relay, machine, tmp_path):
    directory, prices = made(own_relay.region), made(own_relay.region, kind="prices", size=10)
    for pack in (directory, prices):
        assert taken(own_relay, tmp_path, pack) == ("kept", 0)
    told = own_relay.admitted(machine).greet(None, {DIRECTORY: 0, "prices": 0}).packs
    assert told == (mark_of(directory), mark_of(prices, kind="prices"))
    assert own_relay.count()["packs"].keys() == {DIRECTORY, "prices"}


def test_pack_that_the_region_did_not_sign_is_refused_with_its_code(own_relay, tmp_path):
    pack = made(own_relay.region, size=100)
    for data, code in (
        (made(Region(), size=100), "bad_signature"),
        (pack[:-1] + bytes([pack[-1] ^ 1]), "bad_signature"),
        (pack[:-1], "malformed"),
        (made(own_relay.region, kind="Annuaire !", size=10), "malformed"),
        (MAGIC + bytes(MAX_PACK_BYTES), "too_large"),
        (made(own_relay.region, at_s=NOW_S + 3 * 86_400, size=100), "too_early"),
    ):
        assert taken(own_relay, tmp_path, data) == (code, 1)
    with own_relay.behind() as connection:
        assert connection.scalar(select(func.count()).select_from(packs)) == 0


def test_what_was_done_is_said_in_french(own_relay, tmp_path):
    file = tmp_path / "annuaire.pack"
    file.write_bytes(made(own_relay.region, size=100))
    assert "chaque poste le recevra" in own_relay.run("take", str(file))
    assert "déjà publié" in own_relay.run("take", str(file))
    file.write_bytes(made(Region(), size=100))
    assert "n’a pas signé ce fichier" in own_relay.attempt("take", str(file)).stdout


def test_pack_is_not_for_strangers(own_relay, machine, tmp_path):
    pack = made(own_relay.region, size=100)
    taken(own_relay, tmp_path, pack)
    path = f"/v1/packs?name={pack_name(pack).hex()}&offset=0"
    assert sent(requests.Request("GET", own_relay.url + path).prepare()) == (401, "unsigned")
    link = own_relay.transport(machine)
    link.hello()
    with pytest.raises(NotAdmittedYetError):
        whole(link, pack)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?name=00&offset=0",
        "?offset=0",
        f"?name={NOBODY}",
        f"?name={NOBODY.upper()}&offset=0",
        *(
            f"?name={NOBODY}&offset={offset}"
            for offset in ("-1", "x", "%C2%B2", MAX_PACK_BYTES + 1)
        ),
    ],
)
def test_question_that_is_not_one_is_refused(relay, query):
    machine = relay.region.structure().machine()
    relay.admitted(machine)
    assert sent(signed(relay, machine.signer, "GET", "/v1/packs" + query)) == (400, "malformed")


def test_offset_beyond_the_end_is_refused(own_relay, machine, tmp_path):
    pack, link = made(own_relay.region, size=100), own_relay.admitted(machine)
    taken(own_relay, tmp_path, pack)
    mark = PackMark(kind=DIRECTORY, made_s=NOW_S, name=pack_name(pack), size=len(pack) + 1)
    with pytest.raises(RelayRefusedError):
        list(link.fetch_pack(mark, len(pack) + 1))
    with pytest.raises(LinkCutError):
        list(link.fetch_pack(mark, len(pack)))


def test_backup_holds_what_was_published_and_verifying_reads_it(own_relay, machine, tmp_path):
    pack = made(own_relay.region)
    taken(own_relay, tmp_path, pack)
    copy = tmp_path / "copie.sqlite3"
    own_relay.run("backup", str(copy))
    assert json.loads(own_relay.run("verify", str(copy), "--json"))["packs"] == 1
    with own_relay.behind() as connection:
        wrong = pack_parts.update().where(pack_parts.c.offset == PART_BYTES).values(bytes=b"")
        connection.execute(wrong)
    told = json.loads(own_relay.attempt("verify", "--json").stdout)
    assert [(one["what"], one["code"]) for one in told["wrong"]] == [("packs", "wrong_name")]


def test_parts_that_no_pack_names_are_pruned_and_no_others(own_relay, machine, tmp_path):
    pack, link = made(own_relay.region), own_relay.admitted(machine)
    taken(own_relay, tmp_path, pack)
    with own_relay.behind() as connection:
        stray = {"name": os.urandom(32), "offset": 0, "bytes": b"stray"}
        connection.execute(pack_parts.insert().values(stray))
    assert json.loads(own_relay.run("prune", "--json"))["removed"]["stray_pack_parts"] == 1
    assert whole(link, pack) == pack
