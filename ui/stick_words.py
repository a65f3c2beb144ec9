"""What writing and reading a stick did, in words: both faces say it through here. No Qt."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from ui.texts import count, day, sentence, typeset, utc_text

_DAMAGED = "stick_damaged"
_NOTHING_WRITTEN = (
    "La clé est à jour : les autres postes ont déjà tout ce que ce poste peut porter."
)
_ONLY_INTRODUCED = (
    "Clé écrite : aucun enregistrement à porter, seulement ce par quoi les postes se connaissent."
)
_WRITING_STOPPED = "Écriture arrêtée : la clé dit encore ce qu’elle disait avant."
_READING_STOPPED = (
    "Lecture arrêtée : ce qui avait été pris est gardé ; relire la clé prendra le reste."
)
_NOTHING_NEW = "Cette clé n’apprend rien de nouveau : tout ce qu’elle porte est déjà ici."
_NO_ROOM = (
    "La clé n’a pas la place de porter l’annuaire de la Région : il viendra par le réseau, ou par"
    " une autre clé."
)
_OLDER = (
    "L’annuaire de la Région qui est sur cette clé est plus ancien que celui de ce poste : il n’a"
    " pas été pris."
)
_TAKEN = "taken"
_WRONG_PACKS = frozenset({"stick_pack_damaged", "stick_pack_other_region"})
_NOT_FOR_US = "Rien sur cette clé n’est destiné à votre structure."


class CarriedPack(Protocol):
    """What became of the Region's directory on a stick."""

    @property
    def what(self) -> str:
        """`written`, `later`, `no_room`; `taken`, `known`, `older`, a code of refusal; or ""."""
        ...

    @property
    def made_s(self) -> int:
        """When the Region made it, in seconds since 1970."""
        ...


class Written(Protocol):
    """What a writing did: `StickWritten` of the exchange, as the faces may know it."""

    @property
    def records(self) -> int:
        """Records on the stick."""
        ...

    @property
    def bundles(self) -> int:
        """Bundles on the stick."""
        ...

    @property
    def left_out(self) -> int:
        """Bundles that every reader holds already."""
        ...

    @property
    def files_written(self) -> int:
        """Files that were not there before, the manifest included."""
        ...

    @property
    def cancelled(self) -> bool:
        """Whether somebody made it stop: the stick still says what it said."""
        ...

    @property
    def pack(self) -> CarriedPack:
        """What became of the Region's directory."""
        ...


class Writer(Protocol):
    """A machine that wrote on a stick."""

    @property
    def structure_name(self) -> str:
        """Its structure."""
        ...

    @property
    def written_at_s(self) -> int:
        """When, by its clock."""
        ...

    @property
    def is_older(self) -> bool:
        """Whether something later of it was read before."""
        ...


class Problem(Protocol):
    """A folder that was passed over."""

    @property
    def code(self) -> str:
        """Why: the code of a refusal."""
        ...


class Taken(Protocol):
    """What a reading did: `StickRead` of the exchange, as the faces may know it."""

    @property
    def records(self) -> int:
        """Records new here."""
        ...

    @property
    def bundles(self) -> int:
        """Bundles new here."""
        ...

    @property
    def set_aside(self) -> int:
        """Bundles that wait in quarantine now."""
        ...

    @property
    def missing(self) -> int:
        """Bundles that a writer has and that neither the stick nor this desk has."""
        ...

    @property
    def receipts(self) -> int:
        """The relay's receipts that were new here."""
        ...

    @property
    def statements(self) -> int:
        """What was learnt of who others are."""
        ...

    @property
    def structures(self) -> Sequence[str]:
        """Structures met for the first time, by name."""
        ...

    @property
    def writers(self) -> Sequence[Writer]:
        """Who wrote on it."""
        ...

    @property
    def damaged(self) -> int:
        """Files lost, in part or whole."""
        ...

    @property
    def problems(self) -> Sequence[Problem]:
        """Folders that were passed over."""
        ...

    @property
    def is_for_us(self) -> bool:
        """Whether anything on it was for this structure."""
        ...

    @property
    def cancelled(self) -> bool:
        """Whether somebody made it stop; what was taken is kept."""
        ...

    @property
    def pack(self) -> CarriedPack:
        """What became of the Region's directory."""
        ...


def written_words(written: Written) -> str:
    """Say in one sentence what was written."""
    if written.cancelled:
        return typeset(_WRITING_STOPPED)
    if not written.bundles:
        # The manifest is written each time; another file says who somebody is.
        return typeset(_ONLY_INTRODUCED if written.files_written > 1 else _NOTHING_WRITTEN)
    records = count(written.records, "enregistrement", "enregistrements")
    sealed = count(written.bundles, "paquet scellé", "paquets scellés")
    return typeset(f"Clé écrite : {records} en {sealed}.")


def written_pack_words(written: Written) -> list[str]:
    """Say what there is to know of the Region's directory on a stick that was written."""
    if written.pack.what == "written":
        return [typeset(f"{_of_the_region(written.pack)} y est aussi.")]
    return [typeset(_NO_ROOM)] if written.pack.what == "no_room" else []


def taken_words(taken: Taken) -> list[str]:
    """Say what was taken, one sentence after the other; what is wrong is `wrong_codes`."""
    return [typeset(text) for text in _taken(taken)]


def wrong_codes(taken: Taken) -> list[str]:
    """Return the codes of what somebody must see to, each once; none when all is well."""
    codes = [_DAMAGED] if taken.damaged else []
    packs = [taken.pack.what] if taken.pack.what in _WRONG_PACKS else []
    return list(dict.fromkeys([*codes, *(problem.code for problem in taken.problems), *packs]))


def wrong_words(taken: Taken) -> list[str]:
    """Say what somebody must see to."""
    return [sentence(code) for code in wrong_codes(taken)]


def needs_a_look(taken: Taken) -> bool:
    """Is there more to do than to go on?"""
    is_older = any(writer.is_older for writer in taken.writers)
    return bool(wrong_codes(taken) or taken.missing or is_older)


def _taken(taken: Taken) -> Iterator[str]:
    yield _first_words(taken)
    yield from _taken_pack(taken.pack)
    if taken.structures:
        yield f"Nouvelles structures connues : {', '.join(taken.structures)}."
    if taken.receipts:
        yield f"{count(taken.receipts, 'accusé', 'accusés')} de réception du relais."
    if taken.missing:
        yield (
            f"Il manque {count(taken.missing, 'paquet', 'paquets')} pour tout lire. Écrivez cette"
            " clé à votre tour et rendez-la : elle dira ce qui manque."
        )
    if taken.set_aside:
        aside = count(taken.set_aside, "paquet est", "paquets sont")
        yield f"{aside} en quarantaine, en attendant ce qui manque pour lire."
    for writer in taken.writers:
        if writer.is_older:
            yield (
                f"Ce que {writer.structure_name} a écrit là date du"
                f" {day(utc_text(writer.written_at_s))} ; plus récent a déjà été lu."
            )


def _first_words(taken: Taken) -> str:
    received = count(taken.records, "enregistrement reçu", "enregistrements reçus")
    if taken.cancelled:
        return f"{_READING_STOPPED} {received}." if taken.records else _READING_STOPPED
    if taken.records or taken.bundles:
        return f"Clé lue : {received}."
    if not taken.is_for_us:
        return _NOT_FOR_US
    is_new = taken.receipts or taken.statements or taken.pack.what == _TAKEN
    return "Clé lue." if is_new else _NOTHING_NEW


def _taken_pack(pack: CarriedPack) -> Iterator[str]:
    if pack.what == _TAKEN:
        yield f"{_of_the_region(pack)} est arrivé : il entre dans l’annuaire de ce poste."
    if pack.what == "older":
        yield _OLDER


def _of_the_region(pack: CarriedPack) -> str:
    return f"L’annuaire de la Région, du {day(utc_text(pack.made_s))},"
