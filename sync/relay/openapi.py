"""The OpenAPI 3.1 document of the relay, written from the description of its calls."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from sync.relay.calls import JSON, Call, Content
from sync.relay.greeting import HEADER, NONCE_BYTES
from sync.relay.refusals import SENTENCES, status_of

_SIGNATURE = {
    "type": "apiKey",
    "in": "header",
    "name": "Signature",
    "description": (
        "RFC 9421, Ed25519, label `dp`, tag `deux-portes`, keyid the machine in hex, with created "
        "and nonce; over @method, @authority, @path, @query and, for bodies other than bundles, "
        "content-digest."
    ),
}

_ASKED_GREETING = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Sixteen random octets in hex: the answer also proves who the relay is.",
    "schema": {"type": "string", "pattern": f"^[0-9a-f]{{{2 * NONCE_BYTES}}}$"},
}
_GREETING = {
    "required": False,
    "description": "What `hello` answers, in one line: relay, authority, time, signature.",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{32} [0-9a-f]{32} [0-9]+ [0-9a-f]{128}$"},
}


def document(calls: Sequence[Call]) -> dict[str, Any]:
    """Describe calls; every refusal is listed with its code, under its status."""
    paths: dict[str, dict[str, Any]] = {}
    for call in calls:
        paths.setdefault(call.path, {})[call.method.lower()] = _operation(call)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Deux Portes, regional relay",
            "version": "1",
            "description": "It keeps sealed bundles that it cannot read. See sync/PROTOCOL.md.",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "paths": paths,
        "components": {
            "securitySchemes": {"signature": _SIGNATURE},
            "parameters": {"greeting": _ASKED_GREETING},
            "headers": {"greeting": _GREETING},
        },
    }


def _operation(call: Call) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": call.name,
        "summary": call.summary,
        "security": [{"signature": []}] if call.is_signed else [],
        "responses": _responses(call),
    }
    operation["parameters"] = [*call.parameters, {"$ref": "#/components/parameters/greeting"}]
    if call.request is not None:
        operation["requestBody"] = {"required": True, "content": _content(call.request)}
    return operation


def _responses(call: Call) -> dict[str, Any]:
    responses = {str(int(HTTPStatus.OK)): _described(call.answer)}
    if call.may_be_unchanged:
        responses[str(int(HTTPStatus.NOT_MODIFIED))] = {"description": "Nothing changed."}
    by_status: dict[int, list[str]] = {}
    for code in sorted(set(call.codes)):
        by_status.setdefault(status_of(code), []).append(code)
    for status, codes in sorted(by_status.items()):
        responses[str(int(status))] = _refusal(codes)
    return responses


def _refusal(codes: Sequence[str]) -> dict[str, Any]:
    told = {
        "type": "object",
        "required": ["code", "message"],
        "properties": {"code": {"enum": list(codes)}, "message": {"type": "string"}},
    }
    return {
        "description": " ".join(f"`{code}`: {SENTENCES[code]}" for code in codes),
        "content": {
            JSON: {
                "schema": {"type": "object", "required": ["error"], "properties": {"error": told}}
            }
        },
    }


def _described(content: Content) -> dict[str, Any]:
    return {
        "description": content.what,
        "headers": {HEADER: {"$ref": "#/components/headers/greeting"}},
        "content": _content(content),
    }


def _content(content: Content) -> dict[str, Any]:
    return {content.media_type: {"schema": content.schema}}
