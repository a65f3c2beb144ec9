"""Every call of the relay, described as data: what comes in, what goes out, what may be refused.

The routes are made from these values and so is the OpenAPI document, which therefore cannot forget
one. A call that is added here has a line in `sync/PROTOCOL.md`, section 5.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sync.certificates import Wait
from sync.heads import HEADS
from sync.pack_marks import MAX_PACK_BYTES, PACKS

FRAMES = "application/octet-stream"
JSON = "application/json"

Schema = Mapping[str, Any]

_ANYBODY = ("malformed", "too_many_requests", "not_found", "method_not_allowed", "internal")
_SIGNED = (
    *_ANYBODY,
    *("unsigned", "unknown_machine", "bad_signature", "stale", "nonce_seen"),
    *("revoked", "wrong_host", "no_authority", "busy", "relay_full"),
)
_WITH_BODY = ("body_too_large", "stalled", "unsupported_encoding", "too_large")

BUNDLE_CODES = (
    *("wrong_name", "wrong_offset", "malformed", "too_large", "unknown_suite", "bad_signature"),
    *("unknown_incarnation", "unknown_space", "not_a_member", "revoked", "sequence_taken"),
    *("quota_exceeded", "before_checkpoint", "unknown_piece"),
)
"""Why one bundle of a push, or one piece, is not taken."""

STATEMENT_CODES = (
    *("malformed", "too_large", "bad_signature", "wrong_identifier"),
    *("not_kept", "not_certified", "expired", "too_many", "still_active"),
    *Wait,
)
"""Why one statement is not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A body: its media type, its form, and what it is in words."""

    what: str
    media_type: str
    schema: Schema


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Call:
    """One call. `codes` are those of the refusals of the whole request."""

    method: str
    path: str
    name: str
    summary: str
    answer: Content
    codes: Sequence[str]
    request: Content | None = None
    parameters: Sequence[Schema] = ()
    is_signed: bool = True
    may_be_unchanged: bool = False


def _record(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def _hex(octets: int) -> Schema:
    return {"type": "string", "pattern": f"^[0-9a-f]{{{2 * octets}}}$"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _frames(what: str) -> Content:
    return Content(what=what, media_type=FRAMES, schema={"type": "string", "format": "binary"})


def _json(what: str, **properties: Schema) -> Content:
    return Content(what=what, media_type=JSON, schema=_record(**properties))


_TEXT: Schema = {"type": "string"}
_ANY_HEX: Schema = {"type": "string", "pattern": "^([0-9a-f]{2})*$"}
_VERSION: Schema = {"type": "integer", "const": 1}
_TIME: Schema = {"type": "integer", "description": "Seconds since 1970."}
_COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": 2**48 - 1}
_NAMES: Schema = {**_list(_hex(32)), "maxItems": 5_000}


def _refused(codes: Sequence[str]) -> Schema:
    return _list(_record(name=_hex(32), code={"enum": sorted(codes)}))


_VECTOR: Schema = {
    "type": "object",
    "propertyNames": _hex(8),
    "additionalProperties": _COUNT,
}
_RESUME: Schema = {
    "oneOf": [{"type": "null"}, _record(name=_hex(32), offset={**_COUNT, "maximum": 2**20})]
}
_NONCE: Schema = {
    "name": "nonce",
    "in": "query",
    "required": True,
    "description": "Sixteen random octets, which the answer signs.",
    "schema": _hex(16),
}
_IF_NONE_MATCH: Schema = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of a former answer.",
    "schema": _TEXT,
}
_ASKED_HEADS: Schema = {
    "name": HEADS,
    "in": "header",
    "required": False,
    "description": "Anything: the answer has it too, the mark of what is kept for the caller.",
    "schema": _TEXT,
}

_ASKED_PACKS: Schema = {
    "name": PACKS,
    "in": "header",
    "required": False,
    "description": (
        "Kinds of packs, each with when the one held was made: `directory 0`. The answer has it "
        "too when later ones are kept: kind, when made, name, size."
    ),
    "schema": _TEXT,
}
_PACK_NAME: Schema = {
    "name": "name",
    "in": "query",
    "required": True,
    "description": "The SHA-256 of the pack.",
    "schema": _hex(32),
}
_PACK_OFFSET: Schema = {
    "name": "offset",
    "in": "query",
    "required": True,
    "description": "How much of it is held.",
    "schema": {"type": "integer", "minimum": 0, "maximum": MAX_PACK_BYTES},
}

HEALTH = Call(
    method="GET",
    path="/health",
    name="health",
    summary="Say that the relay answers, and its database too.",
    answer=_json("It does.", status={"const": "ok"}, version=_VERSION),
    codes=("method_not_allowed", "internal", "busy"),
    is_signed=False,
)
OPENAPI = Call(
    method="GET",
    path="/v1/openapi.json",
    name="openapi",
    summary="Describe the calls.",
    answer=Content(what="This document.", media_type=JSON, schema={"type": "object"}),
    codes=("too_many_requests", "method_not_allowed", "internal"),
    is_signed=False,
)
HELLO = Call(
    method="GET",
    path="/v1/hello",
    name="hello",
    summary="Prove who the relay is, and tell its time.",
    answer=_json(
        "Who the relay is, signed for the nonce.",
        version=_VERSION,
        relay=_hex(16),
        relay_key=_hex(32),
        authority=_hex(16),
        time=_TIME,
        nonce=_hex(16),
        signature=_hex(64),
    ),
    codes=(*_ANYBODY, "no_authority"),
    parameters=(_NONCE,),
    is_signed=False,
)
STATEMENT_NAMES = Call(
    method="GET",
    path="/v1/statements",
    name="statement_names",
    summary="Name the statements that the caller may know.",
    answer=_json("Their names.", names=_list(_hex(32))),
    codes=_SIGNED,
    parameters=(_IF_NONE_MATCH, _ASKED_HEADS, _ASKED_PACKS),
    may_be_unchanged=True,
)
TAKE_STATEMENTS = Call(
    method="POST",
    path="/v1/statements",
    name="take_statements",
    summary="Keep statements; they may certify their bearer.",
    request=_frames("Frames: u32 length, statement."),
    answer=_json(
        "What is held now, and what is not.",
        kept=_list(_hex(32)),
        refused=_refused(STATEMENT_CODES),
    ),
    codes=(*_SIGNED, *_WITH_BODY, "not_certified"),
)
FETCH_STATEMENTS = Call(
    method="POST",
    path="/v1/statements/fetch",
    name="fetch_statements",
    summary="Give the bytes of statements.",
    request=_json("Their names.", names=_NAMES),
    answer=_frames("Frames: u32 length, statement."),
    codes=(*_SIGNED, *_WITH_BODY),
)
PUSH = Call(
    method="POST",
    path="/v1/bundles",
    name="push",
    summary="Keep bundles and pieces, every byte as it comes, and acknowledge whole bundles.",
    request=_frames("Frames: name (32), u32 total, u32 offset, bytes."),
    answer=_json(
        "Receipts and refusals.", receipts=_list(_ANY_HEX), refused=_refused(BUNDLE_CODES)
    ),
    codes=(*_SIGNED, *_WITH_BODY, "not_certified"),
)
OFFSETS = Call(
    method="POST",
    path="/v1/bundles/offsets",
    name="offsets",
    summary="Say how much of each bundle or piece is here.",
    request=_json("Their names.", names=_NAMES),
    answer=_json(
        "Bytes kept of each, and receipts of whole ones.",
        offsets={"type": "object", "propertyNames": _hex(32), "additionalProperties": _COUNT},
        receipts=_list(_ANY_HEX),
    ),
    codes=(*_SIGNED, *_WITH_BODY, "not_certified"),
)
PULL = Call(
    method="POST",
    path="/v1/bundles/pull",
    name="pull",
    summary="Give the bundles above what the caller holds, after what the relay lacks below.",
    request=_json(
        "What the caller holds of each space.",
        spaces={**_list(_record(space=_hex(16), above=_VECTOR)), "maxItems": 5_000},
        resume=_RESUME,
    ),
    answer=_frames("Frames: name (32), u32 total, u32 offset, bytes."),
    codes=(*_SIGNED, *_WITH_BODY, "not_certified", "expired", "unknown_space"),
)

FETCH_PIECES = Call(
    method="POST",
    path="/v1/chunks/fetch",
    name="fetch_pieces",
    summary="Give the pieces of checkpoints that are kept whole, in the order asked.",
    request=_json("Their names.", space=_hex(16), names=_NAMES, resume=_RESUME),
    answer=_frames("Frames: name (32), u32 total, u32 offset, bytes."),
    codes=(*_SIGNED, *_WITH_BODY, "not_certified", "expired", "unknown_space"),
)

GIVE_PACK = Call(
    method="GET",
    path="/v1/packs",
    name="give_pack",
    summary="Give a pack that the Region published, from an offset on.",
    answer=_frames("Its bytes from there on."),
    codes=(*_SIGNED, "not_certified"),
    parameters=(_PACK_NAME, _PACK_OFFSET),
)

CALLS = (
    *(HEALTH, OPENAPI, HELLO),
    *(STATEMENT_NAMES, TAKE_STATEMENTS, FETCH_STATEMENTS),
    *(PUSH, OFFSETS, PULL, FETCH_PIECES, GIVE_PACK),
)
