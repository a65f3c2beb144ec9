"""What a page shows, as plain values that presenters make. No Qt."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A thing known: its name and its value in words. `note` is a softer line under the value."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A state in words with its icon; `colour` is a name of the theme and never speaks alone."""

    text: str
    icon: str = ""
    colour: str = "soft"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """Something that happened.

    `quote` holds somebody's own words; `lines` what was found or said; `badges` states to notice.
    """

    title: str
    when: str
    icon: str = "circle-dot"
    colour: str = "accent"
    who: str = ""
    quote: str = ""
    lines: tuple[str, ...] = ()
    badges: tuple[Badge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PastImport:
    """An import made before.

    `key` names it for who undoes it; `undo` says what undoing does, nothing when it is undone.
    """

    key: object
    title: str
    about: str
    undo: tuple[str, ...]
