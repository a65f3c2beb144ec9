"""Requests as an attacker or a dying link makes them, below what a transport would ever do."""

import os
import socket
import time
from typing import Any

import requests

from sync.http_signatures import RequestSigner
from tests.relay_process import RelayProcess


def signed(
    relay: RelayProcess, signer: RequestSigner, method: str, path: str, **parts: Any
) -> requests.PreparedRequest:
    """A signed request, not sent yet; `created` and `nonce` may be chosen."""
    created = parts.pop("created", int(time.time()))
    nonce = parts.pop("nonce", os.urandom(16))
    request = requests.Request(method, relay.url + path, **parts).prepare()
    body = request.body if isinstance(request.body, bytes) else None
    signer.sign(request, created=created, nonce=nonce, body=body)
    return request


def sent(request: requests.PreparedRequest) -> tuple[int, str]:
    """Send a request; return the status, and the code of the refusal if it is one."""
    with requests.Session() as session, session.send(request, timeout=30) as response:
        if response.status_code < 400:
            return response.status_code, ""
        assert response.headers["Content-Type"] == "application/json"
        return response.status_code, response.json()["error"]["code"]


def begun_push(
    relay: RelayProcess, signer: RequestSigner, announced: int, body: bytes
) -> socket.socket:
    """Send the head of a push that announces more than the bytes that follow it, and stay there."""
    request = requests.Request("POST", relay.url + "/v1/bundles").prepare()
    signer.sign(request, created=int(time.time()), nonce=os.urandom(16), body=None)
    host, port = relay.host_and_port
    request.headers["Host"] = f"{host}:{port}"
    request.headers["Content-Length"] = str(announced)
    lines = [f"{name}: {value}" for name, value in request.headers.items()]
    head = "\r\n".join(["POST /v1/bundles HTTP/1.1", *lines, "", ""])
    link = socket.create_connection((host, port), timeout=30)
    link.sendall(head.encode() + body)
    return link
