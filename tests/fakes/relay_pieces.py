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


def _gone(model: Any, registry: Registry, space: bytes) -> set[bytes]:
    """Name what a complete checkpoint covers or ends, and what follows that in its chain."""
    gone = _void(model, registry, space)
    for name, _, header in model.headers():
        if header.space == space and is_before_checkpoint(registry, header):
            gone.add(name)
    return gone


def _void(model: Any, registry: Registry, space: bytes) -> set[bytes]:
    """Name what a complete checkpoint ends above its cover, and what follows that in its chain."""
    body = registry.complete_checkpoint(space)
    covered = {incarnation: last for incarnation, last, _ in body.cover} if body else {}
    above = [
        (header.sequence, name, header)
        for name, _, header in model.headers()
        if header.space == space and header.sequence > covered.get(header.incarnation, 0)
    ]
    void: set[bytes] = set()
    for _, name, header in sorted(above, key=lambda one: one[0]):
        if registry.has_ended(space, header.epoch) or header.previous in void:
            void.add(name)
    return void


def gives_way(model: Any, name: bytes, header: Header) -> bool:
    """Drop a bundle that a checkpoint made void, if it is one: its author writes there anew.

    What follows it in its chain goes with it.
    """
    void = _void(model, model.registry, header.space)
    if name not in void:
        return False
    own = [
        (other.sequence, one)
        for one, _, other in model.headers()
        if one in void and other.incarnation == header.incarnation
    ]
    for sequence, one in own:
        if sequence >= header.sequence:
            del model.bundles[one]
            model.receipts.pop(one, None)
    return True


def is_before_checkpoint(registry: Registry, header: Header) -> bool:
    """Is a bundle covered by a complete checkpoint, or under an epoch that one has ended?"""
    body = registry.complete_checkpoint(header.space)
    if body is None:
        return False
    covered = {incarnation: last for incarnation, last, _ in body.cover}
    is_covered = header.sequence <= covered.get(header.incarnation, 0)
    return is_covered or registry.has_ended(header.space, header.epoch)
