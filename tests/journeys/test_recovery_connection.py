"""Recovering a structure where the relay is behind a private authority or a proxy."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bench import tls_front
from tests.bench.private_ca import certificate_for
from tests.journeys.test_machines_journey import people, somebody
from tests.journeys.world import RegionInProcesses, new_region

pytestmark = pytest.mark.network

BLANC = "36018"


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def tls_before(port: int, certificate: Path, key: Path, upstream: int) -> Iterator[None]:
    """Serve TLS before a relay, in a process of its own."""
    words = (tls_front.__file__, "127.0.0.1", port, certificate, key, upstream)
    with subprocess.Popen(
        [sys.executable, *map(str, words)], stdout=subprocess.PIPE, encoding="utf-8"
    ) as front:
        try:
            assert front.stdout.readline() == "listening\n"
            yield
        finally:
            front.kill()


class BurnedLaptop:
    """A structure whose only laptop burned; from here the relay is reached through TLS alone."""

    def __init__(self, region: RegionInProcesses, port: int) -> None:
        self.region = region
        blanc = region.enrol("blanc", BLANC)
        self.code = blanc.ask("structure", "recovery-kit")["structure_code"]
        blanc.receive(somebody("Anémone"))
        blanc.exchange()
        self.known = people(blanc)
        self.statements = region.folder / "certificats.json"
        blanc.ask("structure", "statements", "--out", self.statements)
        shutil.rmtree(blanc.workspace)
        self.file = region.folder / "region-tls.json"
        request, authority = region.folder / "relay-request.json", region.folder / "authority"
        certify = ("relay", "certify", request, "--url", f"https://127.0.0.1:{port}")
        region.authority(*certify, "--out", self.file, "--folder", authority)

    def recover(self, name: str, *more: object):
        """Try to make the new machine; return it and how that ended."""
        new = self.region.desk(name)
        words = ("structure", "recover", "--region", self.file, "--lost-all", *more)
        return new, new.run(*words, DEUX_PORTES_STRUCTURE_CODE=self.code)


@pytest.fixture
def region(tmp_path):
    world = new_region(tmp_path)
    world.start_relay()
    try:
        yield world
    finally:
        world.close()


def test_structure_is_recovered_through_a_private_authority_that_stays_trusted(region, tmp_path):
    ca, certificate, key = certificate_for("127.0.0.1", tmp_path)
    port, (_, upstream) = free_port(), region.relay.host_and_port
    burned = BurnedLaptop(region, port)
    with tls_before(port, certificate, key, upstream):
        new, refused = burned.recover("sans")
        assert refused.error["code"] == "wrong_certificate"
        assert not new.workspace.exists()
        _, refused = burned.recover("faux", "--ca", burned.file)
        assert refused.error["code"] == "certificate_file"
        new, ended = burned.recover("new", "--ca", ca)
        assert ended.code == 0, ended.err
        assert new.ask("exchange", "configure")["ca"] == ["CN=Autorité (exemple)"]
        new.exchange()
    assert people(new) == burned.known


def test_proxy_given_to_recover_is_gone_through_and_kept(region):
    proxy = f"http://127.0.0.1:{free_port()}"
    burned = BurnedLaptop(region, free_port())
    _, refused = burned.recover("faux", "--proxy", "proxy.exemple")
    assert refused.error["code"] == "proxy_address"
    _, refused = burned.recover("ferme", "--proxy", proxy)
    assert refused.error["code"] == "relay_absent"
    new, ended = burned.recover("new", "--proxy", proxy, "--statements", burned.statements)
    assert ended.code == 0, ended.err
    assert new.ask("exchange", "configure")["proxy"] == proxy
