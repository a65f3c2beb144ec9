"""How far an exchange or a stick is, in words and for a bar. No Qt."""

from dataclasses import dataclass
from typing import Protocol

from ui.exchange.page import size_words
from ui.texts import count, number

_STEPS = 1_000


class NetworkProgress(Protocol):
    """`ExchangeProgress` of the exchange, as the screen may know it; all in bytes."""

    @property
    def stage(self) -> str:
        """`calling`, `sending`, `receiving` or `directory`."""
        ...

    @property
    def bytes_up(self) -> int:
        """Sent since the exchange began."""
        ...

    @property
    def bytes_down(self) -> int:
        """Received since the exchange began."""
        ...

    @property
    def to_send_bytes(self) -> int:
        """What `bytes_up` will be at the end of the stage, 0 when nobody knows."""
        ...


class StickProgress(Protocol):
    """`StickProgress` of the exchange, as the screen may know it."""

    @property
    def step(self) -> str:
        """`sealing`, `writing` or `reading`."""
        ...

    @property
    def done(self) -> int:
        """Bundles written, or bytes read."""
        ...

    @property
    def total(self) -> int:
        """Of how many, 0 when nobody knows."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far it is: words, and `thousandths` for a bar, None when nobody knows."""

    words: str
    thousandths: int | None = None


def network_progress(progress: NetworkProgress) -> Progress:
    """Put an exchange by the network in words: « Envoi\u202f: 12 Ko sur 40 Ko »."""
    if progress.stage == "receiving":
        return Progress(words=f"Réception\u202f: {size_words(progress.bytes_down)} reçus")
    if progress.stage == "directory":
        said = size_words(progress.bytes_down)
        return Progress(words=f"Annuaire de la Région\u202f: {said} reçus")
    if progress.stage != "sending":
        return Progress(words="Appel du relais…")
    sent = size_words(progress.bytes_up)
    if not progress.to_send_bytes:
        return Progress(words=f"Envoi\u202f: {sent}")
    whole = max(progress.to_send_bytes, progress.bytes_up)
    return Progress(
        words=f"Envoi\u202f: {sent} sur {size_words(whole)}",
        thousandths=_share(progress.bytes_up, whole),
    )


def stick_progress(progress: StickProgress) -> Progress:
    """Put a stick in words: « 12 paquets écrits sur 40 »."""
    if progress.step == "sealing":
        return Progress(words="Scellement de ce qui attend…")
    if progress.total and progress.done >= progress.total:
        return Progress(words="Derniers rangements…", thousandths=_STEPS)
    share = _share(progress.done, progress.total) if progress.total else None
    if progress.step == "writing":
        done = count(progress.done, "paquet écrit", "paquets écrits")
        return Progress(words=f"{done} sur {number(progress.total)}", thousandths=share)
    words = f"{size_words(progress.done)} lus sur {size_words(progress.total)}"
    return Progress(words=words if progress.total else "Lecture…", thousandths=share)


def _share(done: int, total: int) -> int:
    return max(0, min(_STEPS, done * _STEPS // total))
