"""The pauses between attempts as the desk remembers them, so that a restart forgets no failure."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from math import isfinite

from app.domain.errors import AppError, DiskFullError, DiskRefusedError
from app.ports import Clock, SyncPort
from sync.errors import ExchangeCancelledError, NotOurRelayError, RelayRefusedError
from sync.schedule import LONGEST_ASKED_S, BackOff

_BACK_OFF = "back_off"


@contextmanager
def outcome_remembered(
    port: SyncPort, clock: Clock, jitter: Callable[[], float] = random.random
) -> Iterator[None]:
    """Remember how an exchange ends: the next attempt by itself comes after the pause it calls for.

    An exchange by hand goes round: it does not ask.
    """
    try:
        yield
    except ExchangeCancelledError:
        raise  # a choice is no failure: the pause stays what it was
    except AppError as error:
        after = _back_off(port).after_failure(
            clock.now().timestamp(),
            jitter=jitter(),
            is_refused=isinstance(error, RelayRefusedError | NotOurRelayError),
            asked_s=float(getattr(error, "retry_after_s", 0)),
        )
        with suppress(DiskFullError, DiskRefusedError):
            _keep(port, after)
        raise
    port.keep_memo(_BACK_OFF, "")


def back_off_s(port: SyncPort, clock: Clock) -> float:
    """Return the seconds to wait before the next attempt by itself; 0 after a success."""
    return _back_off(port).remaining_s(clock.now().timestamp())


def failures_in_a_row(port: SyncPort) -> int:
    """Return how many attempts failed since the last that ended well."""
    return _back_off(port).failures


def _keep(port: SyncPort, back_off: BackOff) -> None:
    words = [back_off.failures, back_off.failed_at_s, back_off.pause_s]
    port.keep_memo(_BACK_OFF, json.dumps(words))


def _back_off(port: SyncPort) -> BackOff:
    text = port.memo(_BACK_OFF)
    if not text:
        return BackOff()
    failures, failed_at_s, pause_s = json.loads(text)
    if not isfinite(failed_at_s):
        return BackOff()
    longest = min(max(float(pause_s), 0.0), LONGEST_ASKED_S)
    return BackOff(failures=int(failures), failed_at_s=float(failed_at_s), pause_s=longest)
