"""What the relay says no to, in one form: a status, a code that programs read, and a sentence."""

from http import HTTPStatus

SENTENCES = {
    "malformed": "The request is not what the protocol says.",
    "unsigned": "The request is not signed.",
    "unknown_machine": "No certificate of this machine is known here.",
    "bad_signature": "The signature is not that of this request.",
    "stale": "The request was signed at another time than the relay's.",
    "nonce_seen": "This request was received before.",
    "not_certified": "No root has signed this machine yet.",
    "revoked": "This machine or its structure was revoked.",
    "expired": "The certificate of this machine or its structure has expired.",
    "unknown_space": "No such space is known to the caller's structure.",
    "body_too_large": "The body is larger than the relay takes at once.",
    "too_large": "A part of the body is larger than the protocol allows.",
    "stalled": "No byte came for too long.",
    "no_authority": "The relay was not told its Region's authority yet.",
    "busy": "The relay cannot write now; the same request may succeed later.",
    "relay_full": "The relay has no room left.",
    "too_many_requests": "Too many requests came; wait as long as Retry-After says.",
    "wrong_host": "The request was signed for another address than this relay's.",
    "unsupported_encoding": "The body is compressed or encoded; send it as it is.",
    "not_found": "There is nothing here.",
    "method_not_allowed": "This is not done here.",
    "internal": "The relay failed; nothing was acknowledged.",
}

_STATUSES = {
    "unsigned": HTTPStatus.UNAUTHORIZED,
    "unknown_machine": HTTPStatus.UNAUTHORIZED,
    "bad_signature": HTTPStatus.UNAUTHORIZED,
    "stale": HTTPStatus.UNAUTHORIZED,
    "nonce_seen": HTTPStatus.UNAUTHORIZED,
    "revoked": HTTPStatus.FORBIDDEN,
    "not_certified": HTTPStatus.FORBIDDEN,
    "expired": HTTPStatus.FORBIDDEN,
    "unknown_space": HTTPStatus.FORBIDDEN,
    "not_found": HTTPStatus.NOT_FOUND,
    "method_not_allowed": HTTPStatus.METHOD_NOT_ALLOWED,
    "stalled": HTTPStatus.REQUEST_TIMEOUT,
    "body_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "no_authority": HTTPStatus.SERVICE_UNAVAILABLE,
    "busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "relay_full": HTTPStatus.INSUFFICIENT_STORAGE,
    "too_many_requests": HTTPStatus.TOO_MANY_REQUESTS,
    "wrong_host": HTTPStatus.MISDIRECTED_REQUEST,
    "unsupported_encoding": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "internal": HTTPStatus.INTERNAL_SERVER_ERROR,
}


class RefusalError(Exception):
    """The relay refuses a whole request. Refused bundles and statements are told in answers."""

    def __init__(self, *, code: str, retry_after_s: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after_s = retry_after_s

    @property
    def status(self) -> int:
        """The HTTP status that goes with the code."""
        return status_of(self.code)

    @property
    def sentence(self) -> str:
        """What a person who reads the answer needs."""
        return SENTENCES.get(self.code, "The request is refused.")


def status_of(code: str) -> int:
    """Return the HTTP status that goes with a code."""
    return _STATUSES.get(code, HTTPStatus.BAD_REQUEST)
