"""The reverse proxies of `deploy/` in front of a real relay: TLS, signatures, nothing gathered.

Each is skipped where its program is not installed.
"""

import hashlib
import os
import shutil
import socket
import ssl
import subprocess
import time

import pytest
import requests

from sync.frames import encode_frame
from sync.transport import HttpTransport, RelayAddress
from tests.bench.private_ca import certificate_for
from tests.relay_process import ROOT, RegionalRelay

pytestmark = pytest.mark.network

DEPLOY = ROOT / "deploy"
PATIENCE_S = 20
PORT = 8_443


class Front:
    """A reverse proxy, on an address of this machine that nothing else uses."""

    def __init__(self, folder):
        folder.mkdir()
        self.folder = folder
        octets = hashlib.sha256(os.urandom(8)).digest()[:3]
        self.address = "127." + ".".join(str(1 + octet % 254) for octet in octets)
        self.url = f"https://{self.address}:{PORT}"
        self.ca, self.certificate, self.key = certificate_for(self.address, folder)
        self.process = None

    def changed(self, text, *changes):
        """The example, at this address: every place that an operator fills in is there once."""
        for before, after in changes:
            assert text.count(before) == 1, before
            text = text.replace(before, after)
        return text

    def run(self, *command):
        home = {"HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder)}
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, env=os.environ | home, cwd=self.folder
            )
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                return socket.create_connection((self.address, PORT), timeout=1).close()
            except OSError:
                said = (self.folder / "log").read_text("utf-8")
                assert self.process.poll() is None, said
                assert time.monotonic() < deadline, said

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=PATIENCE_S)


def start_nginx(front, upstream):
    program = shutil.which("nginx")
    if program is None:
        pytest.skip("nginx is not installed")
    site = front.changed(
        (DEPLOY / "nginx.conf").read_text("utf-8"),
        ("server 127.0.0.1:8470;", f"server {upstream};"),
        ("listen 443 ssl;", f"listen {front.address}:{PORT} ssl;"),
        ("server_name relais.exemple.fr;", f"server_name {front.address};"),
        ("/etc/deux-portes/tls/relais.pem", str(front.certificate)),
        ("/etc/deux-portes/tls/relais.key", str(front.key)),
    )
    (front.folder / "site.conf").write_text(site, "utf-8")
    kept = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = " ".join(f"{name}_temp_path {front.folder / name};" for name in kept)
    whole = front.folder / "nginx.conf"
    whole.write_text(
        f"daemon off; master_process off; pid {front.folder / 'pid'}; error_log stderr;\n"
        f"events {{}}\nhttp {{ {paths} include {front.folder / 'site.conf'}; }}\n",
        "utf-8",
    )
    arguments = ("-e", "stderr", "-p", str(front.folder), "-c", str(whole))
    tested = subprocess.run(
        [program, "-t", *arguments], capture_output=True, text=True, check=False
    )
    assert tested.returncode == 0, tested.stderr
    assert "[warn]" not in tested.stderr
    front.run(program, *arguments)


def start_caddy(front, upstream):
    program = shutil.which("caddy")
    if program is None:
        pytest.skip("Caddy is not installed")
    whole = front.folder / "Caddyfile"
    example = (DEPLOY / "Caddyfile").read_text("utf-8")
    text = front.changed(
        example,
        ("{\n\tservers {", "{\n\tadmin off\n\tauto_https disable_redirects\n\tservers {"),
        ("relais.exemple.fr {", f"{front.url} {{"),
        (
            "#tls /etc/deux-portes/tls/relais.pem /etc/deux-portes/tls/relais.key",
            f"tls {front.certificate} {front.key}",
        ),
        ("reverse_proxy 127.0.0.1:8470 {", f"reverse_proxy {upstream} {{"),
    )
    whole.write_text(text, "utf-8")
    front.run(program, "run", "--config", str(whole), "--adapter", "caddyfile")


STARTING = {"nginx": start_nginx, "caddy": start_caddy}


@pytest.fixture(params=sorted(STARTING))
def front(request, tmp_path):
    """A proxy of the examples, in front of a relay that knows its public address."""
    front, folder = Front(tmp_path / "front"), tmp_path / "relay"
    folder.mkdir()
    front.relay = RegionalRelay(folder)
    front.relay.options = ("--url", front.url, "--trusted-proxy", "127.0.0.1")
    front.relay.start()
    host, port = front.relay.host_and_port
    try:
        STARTING[request.param](front, f"{host}:{port}")
        yield front
    finally:
        front.stop()
        front.relay.close()
    assert front.relay.log == ""


def through(front, machine):
    address = RelayAddress(
        url=front.url, relay_key=front.relay.relay_key, ca_pem=front.ca.read_text("ascii")
    )
    return HttpTransport(address, machine.signer)


def begun(front, signer, body, announced):
    """A push through TLS, of which only the beginning is sent."""
    request = requests.Request("POST", front.url + "/v1/bundles").prepare()
    signer.sign(request, created=int(time.time()), nonce=os.urandom(16), body=None)
    request.headers["Host"] = f"{front.address}:{PORT}"
    request.headers["Content-Length"] = str(announced)
    lines = [f"{name}: {value}" for name, value in request.headers.items()]
    head = "\r\n".join(["POST /v1/bundles HTTP/1.1", *lines, "", ""]).encode()
    context = ssl.create_default_context(cafile=str(front.ca))
    link = context.wrap_socket(
        socket.create_connection((front.address, PORT), timeout=PATIENCE_S),
        server_hostname=front.address,
    )
    link.sendall(head + body)
    return link


def test_machines_exchange_through_the_proxy(front):
    structure = front.relay.region.structure()
    author, reader = structure.machine(), structure.machine()
    pushing, pulling = through(front, author), through(front, reader)
    for machine, link in ((author, pushing), (reader, pulling)):
        link.hello()
        assert link.send_statements(machine.introduction()).refused == ()
    bundles = [author.bundle(size=size) for size in (300, 50_000, 900_000)]
    for bundle in bundles:
        assert len(pushing.push([(*bundle, 0)]).receipts) == 1
    assert list(pulling.pull({author.own_space: {}}, None)) == bundles
    for link in (pushing, pulling):
        link.close()


def test_what_a_slow_upload_has_brought_reaches_the_relay_before_it_ends(front):
    machine = front.relay.region.structure().machine()
    link = through(front, machine)
    link.hello()
    link.send_statements(machine.introduction())
    name, data = machine.bundle(size=200_000)
    frame = encode_frame(name, data)
    with begun(front, machine.signer, frame[:60_000], len(frame)):
        deadline, held = time.monotonic() + PATIENCE_S, 0
        while held < 40_000:
            held = link.offsets([name]).offsets[name]
            assert time.monotonic() < deadline, f"{held} bytes reached the relay"
    answer = link.push([(name, data, link.offsets([name]).offsets[name])])
    assert len(answer.receipts) == 1
    link.close()
