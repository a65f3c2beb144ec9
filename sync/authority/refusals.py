"""What the ceremonies refuse, each with a code; the sentences are in `texts.py`."""

from typing import ClassVar


class CeremonyError(Exception):
    """Root of the refusals of the ceremonies. `facts` fill the sentence and hold no secret."""

    code: ClassVar[str] = ""

    def __init__(self, **facts: str) -> None:
        super().__init__(self.code)
        self.facts = facts


class WeakPassphraseError(CeremonyError):
    """The passphrase is too short to protect the key of a Region."""

    code = "weak_passphrase"


class MissingPassphraseError(CeremonyError):
    """No passphrase was given, and nobody is there to be asked."""

    code = "missing_passphrase"


class WrongPassphraseError(CeremonyError):
    """The passphrase does not open the key."""

    code = "wrong_passphrase"


class AuthorityExistsError(CeremonyError):
    """There is an authority in that folder already: it is never written over."""

    code = "authority_exists"


class AuthorityMissingError(CeremonyError):
    """There is no authority in that folder."""

    code = "authority_missing"


class UnreadableFileError(CeremonyError):
    """A file is not the one expected, was cut, or was changed."""

    code = "unreadable_file"


class WrongProofError(CeremonyError):
    """The signature in a file is not that of the key it shows."""

    code = "wrong_proof"


class FileMissingError(CeremonyError):
    """There is no such file."""

    code = "file_missing"


class DiskRefusedError(CeremonyError):
    """The disk refuses to be read or written."""

    code = "disk_refused"


class DirectoryTakenError(CeremonyError):
    """Another root holds a certificate for the same structure of the directory."""

    code = "directory_taken"


class WrongAddressError(CeremonyError):
    """The address is not one that a relay may have."""

    code = "wrong_address"


class WrongNameError(CeremonyError):
    """The name of the Region is empty or endless."""

    code = "wrong_name"


class UnknownStructureError(CeremonyError):
    """The Region certified no structure of that name, code or identifier."""

    code = "unknown_structure"


class WrongIdentifierError(CeremonyError):
    """What was given is not the identifier of a machine or of a structure."""

    code = "wrong_identifier"


class StructureRevokedError(CeremonyError):
    """The Region removed that root: a removal is for ever, and another root is needed."""

    code = "structure_revoked"
