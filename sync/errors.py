"""What can go wrong between a desk and its relay, each with a code that the faces turn into words.

All of it is what the world does, so it is expected and shown calmly, with its cause: a record that
could not leave stays here and leaves later.
"""

from app.domain.errors import AppError


class SyncError(AppError):
    """Root of every refusal of the exchange."""


class RelayAbsentError(SyncError):
    """Nobody answers there: no network, no such name, nothing listening, or a gateway alone."""

    code = "relay_absent"


class LinkCutError(SyncError):
    """The connection died while bytes were moving; what had arrived is kept on both sides."""

    code = "link_cut"


class RelayStalledError(SyncError):
    """The connection is up and no byte has moved for a while."""

    code = "relay_stalled"

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds=seconds)


class ExchangeCancelledError(SyncError):
    """Somebody stopped the exchange; what had passed is kept on both sides."""

    code = "exchange_cancelled"


class NotOurRelayError(SyncError):
    """Something answers in place of the relay: a sign-in page, a proxy, another server."""

    code = "not_our_relay"


class WrongCertificateError(SyncError):
    """The server's TLS certificate is not one this machine trusts for that name."""

    code = "wrong_certificate"


class CertificateFileError(SyncError):
    """The file holds no certificate that can be read."""

    code = "certificate_file"


class ProxyAddressError(SyncError):
    """The address given is not that of a proxy."""

    code = "proxy_address"

    def __init__(self, url: str) -> None:
        super().__init__(url=url.rpartition("@")[2][:200])


class ProxyRefusedError(SyncError):
    """The office's proxy answers and does not let us through."""

    code = "proxy_refused"


class RelayNeedsTlsError(SyncError):
    """The address of the relay is plain `http` and is not on this machine."""

    code = "relay_needs_tls"

    def __init__(self, url: str) -> None:
        super().__init__(url=url[:200])


class RelayAnswerUnreadableError(SyncError):
    """The relay was recognised, yet its answer is not what the protocol says."""

    code = "relay_answer_unreadable"


class RelayRefusedError(SyncError):
    """The relay understood and said no; `refusal` is its own code."""

    code = "relay_refused"

    def __init__(self, *, status: int, refusal: str) -> None:
        super().__init__(status=status, refusal=refusal[:60])


class NotAdmittedYetError(RelayRefusedError):
    """The relay does not know this machine: its certificate has not reached it."""

    code = "not_admitted_yet"


class MachineRevokedError(RelayRefusedError):
    """The certificate of this machine or of its structure was revoked."""

    code = "machine_revoked"


class CertificateExpiredError(RelayRefusedError):
    """The certificate of this machine or structure has expired: it sends and cannot receive."""

    code = "certificate_expired"


class ClockRefusedError(RelayRefusedError):
    """The relay found this machine's request too old or too young, even after asking the time."""

    code = "clock_refused"


class RelayWithoutAuthorityError(RelayRefusedError):
    """The relay has not been told its Region's authority yet, and refuses everybody."""

    code = "relay_without_authority"


class RelayFullError(RelayRefusedError):
    """The relay has no room left; what it acknowledged is safe, the rest stays here."""

    code = "relay_full"


class TooManyRequestsError(RelayRefusedError):
    """The relay asks this machine, or all those of this place, to wait before the next request.

    Attributes:
        retry_after_s: for how many seconds, 0 when it was not said.
    """

    code = "too_many_requests"

    def __init__(self, *, status: int, refusal: str, retry_after_s: int = 0) -> None:
        super().__init__(status=status, refusal=refusal)
        self.retry_after_s = retry_after_s


class NoIdentityError(SyncError):
    """This workspace has no keys of its own: it was not made by this program's ceremonies."""

    code = "no_identity"


class NoRegionError(SyncError):
    """This workspace has not been given its Region's file: it knows no relay to exchange with."""

    code = "no_region"


class CarriedFileRefusedError(SyncError):
    """A file carried by hand is unreadable, changed on the way, or of another Region."""

    code = "carried_file_refused"

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)


class OtherStructureError(SyncError):
    """The certificate is that of another structure than the one founded here."""

    code = "other_structure"


class NotTheRootError(SyncError):
    """Only the first machine of a structure holds its root and can do that."""

    code = "not_the_root"


class UnknownRequestError(SyncError):
    """No machine that asks to join has that spoken code."""

    code = "unknown_request"

    def __init__(self, spoken: str) -> None:
        super().__init__(spoken=spoken[:20])


class UnknownMachineError(SyncError):
    """No machine of the structure bears that code or identifier."""

    code = "unknown_machine"

    def __init__(self, named: str) -> None:
        super().__init__(named=named[:40])


class RemovesItselfError(SyncError):
    """A machine does not remove itself: the structure would lose its root with it."""

    code = "removes_itself"


class NothingLateError(SyncError):
    """Nothing of that machine waits for a decision."""

    code = "nothing_late"


class RecoveryCodeError(SyncError):
    """What was typed is not a structure's recovery code: a sign is wrong or missing."""

    code = "recovery_code_mistyped"


class RecoveryUnknownError(SyncError):
    """No structure is recovered by that code: another kit replaced it, or it never left."""

    code = "recovery_unknown"


class UnknownConflictError(SyncError):
    """No other root waits for a decision under that reference."""

    code = "unknown_conflict"


class StickAbsentError(SyncError):
    """The folder given is not there: the stick is not plugged in, or bears another name."""

    code = "stick_absent"

    def __init__(self, folder: str) -> None:
        super().__init__(folder=folder[:200])


class NotAStickError(SyncError):
    """Nothing of ours is in that folder."""

    code = "not_a_stick"

    def __init__(self, folder: str) -> None:
        super().__init__(folder=folder[:200])


class StickFullError(SyncError):
    """The stick has no room left; what it held before is still there."""

    code = "stick_full"


class StickReadOnlyError(SyncError):
    """The stick cannot be written: its switch, its rights."""

    code = "stick_read_only"


class StickRemovedError(SyncError):
    """The stick went away, or fails; what was done before is kept."""

    code = "stick_removed"


class StickTornError(SyncError):
    """What a machine wrote there was cut short before its manifest was whole."""

    code = "stick_torn"


class StickCrowdedError(SyncError):
    """More machines wrote on the stick than are read at once, or one wrote a great deal of it."""

    code = "stick_crowded"


class StickForgedError(SyncError):
    """A manifest is not signed by the machine that it names."""

    code = "stick_forged"


class StickOfAnotherRegionError(SyncError):
    """What is on the stick is of another Region."""

    code = "stick_other_region"


class StickFromTheFutureError(SyncError):
    """A newer program wrote on the stick, in a format that this one does not know."""

    code = "stick_from_the_future"


class StickNotForUsError(SyncError):
    """What is on the stick is for other structures, and teaches nothing new."""

    code = "stick_not_for_us"


class StickWriterUnknownError(SyncError):
    """The machine that wrote on the stick is not certified, as far as this desk knows."""

    code = "stick_writer_unknown"


class StickReaderRemovedError(SyncError):
    """This machine or its structure was removed: a stick has nothing more for it."""

    code = "stick_reader_removed"


class StickReaderUnknownError(SyncError):
    """This machine is of no structure yet, as far as it knows: nothing is for it."""

    code = "stick_reader_unknown"


class StickHoldsMoreError(SyncError):
    """The stick holds work of this very desk that the desk has lost: it must be read first."""

    code = "stick_holds_more"
