"""`deux-portes-relay take`: what the Region decided reaches the relay by a file, at once."""

import json
import time

import pytest

from sync.ceremony_files import Region as RegionFile
from sync.errors import RelayRefusedError
from sync.statement_files import StatementsFile
from sync.statements import RelayCertificate, Revocation, sign_statement
from tests.fakes.region import Region

pytestmark = pytest.mark.network

ABOUT = "revocation"


def written(folder, *statements):
    file = folder / "apporte.json"
    file.write_text(StatementsFile(about=ABOUT, statements=statements).to_json(), "utf-8")
    return str(file)


def removal(region, target):
    body = Revocation(target=target, at_s=int(time.time()), accepted=())
    return sign_statement(body, region.authority.private_key)


def test_machine_that_the_region_removed_is_refused_at_once(own_relay, tmp_path):
    structure = own_relay.region.structure()
    staying, leaving = structure.machine(), structure.machine()
    links = {machine.id: own_relay.admitted(machine) for machine in (staying, leaving)}
    file = written(tmp_path, removal(own_relay.region, leaving.id))
    told = json.loads(own_relay.run("take", file, "--json"))
    assert told == {"kept": 1, "refused": []}
    with pytest.raises(RelayRefusedError) as refused:
        links[leaving.id].push([(*leaving.bundle(), 0)])
    assert refused.value.facts["refusal"] == "revoked"
    assert len(links[staying.id].push([(*staying.bundle(), 0)]).receipts) == 1
    again = json.loads(own_relay.run("take", file, "--json"))
    assert again == {"kept": 1, "refused": []}
    assert own_relay.count()["statements"]["revocation"] == 1


def test_certificate_of_the_relay_comes_with_the_region_s_file(own_relay, tmp_path):
    region, machine = own_relay.region, own_relay.region.structure().machine()
    body = RelayCertificate(
        authority=region.authority.id,
        relay_key=own_relay.relay_key,
        url="https://relais.exemple",
    )
    file = tmp_path / "region.json"
    file.write_text(
        RegionFile(
            name="Région (exemple)",
            authority_key=region.authority.public,
            relay_url="https://relais.exemple",
            relay_statement=sign_statement(body, region.authority.private_key),
        ).to_json(),
        encoding="utf-8",
    )
    assert json.loads(own_relay.run("take", str(file), "--json"))["kept"] == 1
    assert own_relay.count()["statements"]["relay"] == 1
    assert len(own_relay.admitted(machine).statement_names(None).names) == 5


def test_statement_that_nobody_entitled_signed_is_refused(own_relay, tmp_path):
    machine = own_relay.region.structure().machine()
    link = own_relay.admitted(machine)
    done = own_relay.attempt("take", written(tmp_path, removal(Region(), machine.id)))
    assert done.returncode == 1
    assert "refusées\u202f: 1" in done.stdout
    assert len(link.push([(*machine.bundle(), 0)]).receipts) == 1


def test_file_that_is_none_of_ours_is_told(own_relay, tmp_path):
    file = tmp_path / "autre.json"
    for content in (b"{}", b"\xff\xfe", b"[" * 100_000):
        file.write_bytes(content)
        done = own_relay.attempt("take", str(file))
        assert done.returncode == 1
        assert "n’est ni un fichier de déclarations" in done.stderr


def test_relay_that_serves_nobody_yet_takes_nothing(relay_process, tmp_path):
    region = Region()
    done = relay_process.attempt("take", written(tmp_path, region.structure().certificate))
    assert done.returncode == 1
    assert "aucune autorité" in done.stderr
