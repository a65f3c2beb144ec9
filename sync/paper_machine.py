"""The printed code from which a structure is recovered when its only machine burned.

The code is drawn at random, 135 bits, and stands for the keys of a machine that exists on paper
alone: the structure's root certifies it like the others, so that it receives every key, and seals
the root itself to it. It is another code than the one that opens the file of a workspace.
"""

import secrets

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.canonical import Flaw
from sync.keys import MACHINE_BYTES, KeyMaterialError, MachineKeys, StructureRoot, seal_to
from sync.statements import SPOKEN_ALPHABET, Recovery, sign_statement

DRAWN_SIGNS = 27
_GROUP = 4
_CODE = b"deux-portes/recovery-code/1\0"
_ROOT = b"deux-portes/recovery/1\0"
_FIELD = 0b100101  # x⁵ + x² + 1, over which each sign is one of 32 elements


def new_code() -> str:
    """Draw a code: seven groups of four signs, of which the last sign checks the others."""
    drawn = "".join(secrets.choice(SPOKEN_ALPHABET) for _ in range(DRAWN_SIGNS))
    whole = drawn + check_sign(drawn)
    return "-".join(whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP))


def keys_of(code: str) -> MachineKeys:
    """Return the keys that a code stands for, however it was typed.

    Raises:
        KeyMaterialError: `malformed`: a sign is missing, or not the one that was printed.
    """
    signs = "".join(sign for sign in code.upper() if sign.isalnum())
    is_written_so = len(signs) == DRAWN_SIGNS + 1 and set(signs) <= set(SPOKEN_ALPHABET)
    if not is_written_so or check_sign(signs[:DRAWN_SIGNS]) != signs[DRAWN_SIGNS]:
        raise KeyMaterialError(Flaw.MALFORMED)
    derived = HKDF(algorithm=SHA256(), length=MACHINE_BYTES, salt=b"", info=_CODE)
    return MachineKeys.from_bytes(derived.derive(signs[:DRAWN_SIGNS].encode("ascii")))


def check_sign(signs: str) -> str:
    """Return the sign that makes one wrong sign, or two swapped, show at once."""
    sum_of_signs = 0
    for sign in signs:
        sum_of_signs = _doubled(sum_of_signs) ^ SPOKEN_ALPHABET.index(sign)
    return SPOKEN_ALPHABET[_doubled(sum_of_signs)]


def seal_root(root: StructureRoot, paper: MachineKeys) -> bytes:
    """Return the statement by which a root hands itself to the machine on paper."""
    body = Recovery(
        structure=root.id,
        machine=paper.id,
        sealed=seal_to(paper.hpke.public, root.to_bytes(), _ROOT + root.id),
    )
    return sign_statement(body, root.private_key)


def open_root(recovery: Recovery, paper: MachineKeys) -> StructureRoot:
    """Open the root that was handed to the machine on paper.

    Raises:
        KeyMaterialError: `cannot_open`, or `wrong_key` when it is not that structure's root.
    """
    root = StructureRoot(paper.hpke.open(recovery.sealed, _ROOT + recovery.structure))
    if root.id != recovery.structure:
        raise KeyMaterialError(Flaw.WRONG_KEY)
    return root


def _doubled(element: int) -> int:
    element <<= 1
    return element ^ _FIELD if element & 0b100000 else element
