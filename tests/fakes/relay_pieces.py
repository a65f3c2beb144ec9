"""What a relay does with checkpoints, for the relay in memory: pieces kept, bundles dropped."""

import hashlib
from typing import Any

from sync.checkpoint_hearing import DORMANT_AFTER_S
from sync.pieces import piece_space
from sync.registry import Registry
from sync.statements import Dormant, read_statement
from sync.wire import Header


def is_still_active(model: Any, data: bytes) -> bool:
    """Does a statement say that a machine is dormant which was heard within 90 days?"""
    body = read_statement(data).body
    is_dormant = isinstance(body, Dormant)
    return is_dormant and model.heard.get(body.target, 0) > model.now_s - DORMANT_AFTER_S


def keep_piece(model: Any, structures: frozenset[bytes], name: bytes, data: bytes) -> str:
    """Keep a whole piece of a checkpoint; return why not, or nothing."""
    space = live_pieces(model.registry).get(name, b"")
    if model.registry.members_of_space(space).isdisjoint(structures):
        return "unknown_piece"
    if hashlib.sha256(data).digest() != name or piece_space(data) != space:
        return "wrong_name"
    model.pieces[name] = data
    compact(model)
    return ""


def live_pieces(registry: Registry) -> dict[bytes, bytes]:
    """Name the pieces of checkpoints that count still, each with its space."""
    named = {}
    for name, body in registry.checkpoints.items():
        last = registry.last_complete(body.space)
        if last is None or (body.number, name) >= (last[1].number, last[0]):
            named |= dict.fromkeys((body.manifest, *body.chunks), body.space)
    return named


def compact(model: Any) -> None:
    """Drop what complete checkpoints cover or end, once all their pieces are here."""
    registry = model.registry
    for space in registry.spaces:
        body = registry.complete_checkpoint(space)
        if body and model.pieces.keys() >= {body.manifest, *body.chunks}:
            for name in _gone(model, registry, space):
                del model.bundles[name]
                model.receipts.pop(name, None)
    live = live_pieces(registry)
    model.pieces = {name: data for name, data in model.pieces.items() if name in live}


def _gone(model: Any, registry: Registry, space: bytes) -> list[bytes]:
    """Name what a complete checkpoint covers or ends, and what follows that in its chain."""
    body = registry.complete_checkpoint(space)
    covered = {incarnation: last for incarnation, last, _ in body.cover}
    first_void: dict[bytes, int] = {}
    held = [(name, header) for name, _, header in model.headers() if header.space == space]
    for _, header in held:
        is_above = header.sequence > covered.get(header.incarnation, 0)
        if is_above and registry.has_ended(space, header.epoch):
            first = first_void.get(header.incarnation, header.sequence)
            first_void[header.incarnation] = min(first, header.sequence)
    return [
        name
        for name, header in held
        if is_before_checkpoint(registry, header)
        or header.sequence > first_void.get(header.incarnation, header.sequence)
    ]


def gives_way(model: Any, name: bytes, header: Header) -> bool:
    """Drop a bundle that a checkpoint made void, if it is one: its author writes there anew."""
    if not is_before_checkpoint(model.registry, header):
        return False
    del model.bundles[name]
    model.receipts.pop(name, None)
    return True


def is_before_checkpoint(registry: Registry, header: Header) -> bool:
    """Is a bundle covered by a complete checkpoint, or under an epoch that one has ended?"""
    body = registry.complete_checkpoint(header.space)
    if body is None:
        return False
    covered = {incarnation: last for incarnation, last, _ in body.cover}
    is_covered = header.sequence <= covered.get(header.incarnation, 0)
    return is_covered or registry.has_ended(header.space, header.epoch)
