"""Keys handed over: the key of an epoch, and the private side of a structure's profile.

Each is sealed to one recipient in a statement that the giving machine signs. Whether that machine
may give it, and that recipient receive it, is for the registry; here what comes out is checked
against what was announced.
"""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from sync.canonical import Flaw
from sync.keys import HpkeKey, KeyMaterialError, MachineKeys, SpentKey, StructureKey, seal_to
from sync.statements import (
    MachineCertificate,
    Profile,
    Receiver,
    StructureKeyWrap,
    Wrap,
    sign_statement,
)
from sync.wire import epoch_name

R = TypeVar("R")

EPOCH_KEY_BYTES = 32

_WRAP = b"deux-portes/wrap/1\0"
_STRUCTURE_KEY = b"deux-portes/structure-key/1\0"
_GENERATION_BYTES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochKey:
    """The key that the members of a space share for a while; the greatest number seals."""

    space: bytes
    number: int
    key: bytes = field(repr=False)

    @property
    def epoch(self) -> bytes:
        """The name of the epoch."""
        return epoch_name(self.space, self.key)


def new_epoch_key(space: bytes, number: int = 1) -> EpochKey:
    """Draw the key of a new epoch; `number` is one more than the greatest known in the space."""
    return EpochKey(space=space, number=number, key=os.urandom(EPOCH_KEY_BYTES))


def wrap_epoch(
    epoch_key: EpochKey,
    recipient: MachineCertificate | Receiver | Profile,
    giver: MachineKeys,
) -> bytes:
    """Return the statement that hands an epoch to a machine, or to a structure by its profile.

    The certificate, receiver or profile must be one that the registry believes: this is what keeps
    the authority from adding a reader.

    Raises:
        KeyMaterialError: `malformed`: the recipient's key is none.
    """
    if isinstance(recipient, Profile):
        name, generation = recipient.structure, recipient.generation
    elif isinstance(recipient, Receiver):
        name, generation = recipient.machine, recipient.generation
    else:
        name, generation = recipient.machine, 0
    info = _WRAP + epoch_key.space + epoch_key.epoch + name + giver.id
    body = Wrap(
        machine=giver.id,
        space=epoch_key.space,
        epoch=epoch_key.epoch,
        number=epoch_key.number,
        recipient=name,
        generation=generation,
        sealed=seal_to(recipient.hpke, epoch_key.key, info),
    )
    return sign_statement(body, giver.sign.private_key)


def wrapped_for(recipients: Iterable[R], wrap: Callable[[R], bytes]) -> list[bytes]:
    """Wrap a key for each of some, but for those who said that they receive under what is no key.

    They harm themselves alone: whatever they say must not keep the others from being handed keys.
    """
    made = []
    for one in recipients:
        with suppress(KeyMaterialError):
            made.append(wrap(one))
    return made


def can_receive(hpke_public: bytes) -> bool:
    """Are these bytes a key for which something can be wrapped?"""
    return bool(wrapped_for([hpke_public], lambda key: seal_to(key, b"", b"")))


def unwrap_epoch(wrap: Wrap, key: HpkeKey | SpentKey) -> EpochKey:
    """Open the key of an epoch, with the machine's key or with that of its structure.

    Raises:
        KeyMaterialError: `cannot_open`, or `wrong_key` when its name is not the epoch's.
    """
    info = _WRAP + wrap.space + wrap.epoch + wrap.recipient + wrap.machine
    opened = EpochKey(space=wrap.space, number=wrap.number, key=key.open(wrap.sealed, info))
    if len(opened.key) != EPOCH_KEY_BYTES or opened.epoch != wrap.epoch:
        raise KeyMaterialError(Flaw.WRONG_KEY)
    return opened


def wrap_structure_key(
    profile: Profile,
    structure_key: StructureKey,
    recipient: MachineCertificate | Receiver,
    giver: MachineKeys,
) -> bytes:
    """Return the statement that hands the private side of a profile to a machine of the structure.

    Raises:
        KeyMaterialError: `wrong_key` when the key is not that of the profile, or `malformed`.
    """
    if structure_key.public != profile.hpke:
        raise KeyMaterialError(Flaw.WRONG_KEY)
    info = _structure_key_info(profile, recipient.machine, giver.id)
    body = StructureKeyWrap(
        machine=giver.id,
        structure=profile.structure,
        generation=profile.generation,
        recipient=recipient.machine,
        sealed=seal_to(recipient.hpke, structure_key.to_bytes(), info),
    )
    return sign_statement(body, giver.sign.private_key)


def unwrap_structure_key(
    wrap: StructureKeyWrap, profile: Profile, key: HpkeKey | SpentKey
) -> StructureKey:
    """Open the private side of a profile with the machine's own key.

    Raises:
        KeyMaterialError: `cannot_open`, or `wrong_key` when it is not that of the profile.
    """
    info = _structure_key_info(profile, wrap.recipient, wrap.machine)
    seed = key.open(wrap.sealed, info)
    try:
        opened = StructureKey(seed)
    except KeyMaterialError as error:
        raise KeyMaterialError(Flaw.WRONG_KEY) from error
    if opened.public != profile.hpke:
        raise KeyMaterialError(Flaw.WRONG_KEY)
    return opened


def _structure_key_info(profile: Profile, recipient: bytes, giver: bytes) -> bytes:
    generation = profile.generation.to_bytes(_GENERATION_BYTES, "big")
    return _STRUCTURE_KEY + profile.structure + generation + recipient + giver
