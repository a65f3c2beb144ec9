"""Documents made into tagged PDF (PDF/UA-1) or into pictures of pages, by typst, in memory.

The only module that imports typst, when the first page is asked for. Data goes in as an in-memory
file of JSON: nothing personal is written anywhere, and nothing of it is read as instructions.
Fonts are those that travel with the program, then those inside typst for letters ours lacks: never
the system's, so that every machine makes the same page.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from app.printing.document import Document, rewritten, without_empties
from app.printing.errors import PageRefusedError, PrintingMissingError
from app.printing.letters import MAY_BREAK, UNKNOWN, printable
from resources import resource_path

if TYPE_CHECKING:
    import typst

SCREEN_DPI: Final = 110
"""Sharp enough to read a preview at its natural size."""

PRINTER_DPI: Final = 300
"""What an office printer draws."""

_STANDARD: Final = "ua-1"
_FAMILY: Final = "Atkinson Hyperlegible Next"
_TEMPLATES: Final = ("main.typ", "blocks.typ")
_MOST_PROBED: Final = 400
_PROBE: Final = """#set document(title: "-")
#set text(lang: "fr", font: ("Atkinson Hyperlegible Next", "Libertinus Serif", "DejaVu Sans Mono"))
#json("data.json")
"""

Shows = Callable[[str], bool]


def pdf_of(document: Document) -> bytes:
    """Return a paper as a PDF that says its language, its title and its structure.

    Raises:
        PrintingMissingError: typst is not there.
        PageRefusedError: the pages cannot be laid out.
    """
    (file,) = _compiled(document, format="pdf", pdf_standards=[_STANDARD])
    return file


def pages_of(document: Document, dpi: int = SCREEN_DPI) -> tuple[bytes, ...]:
    """Return the same pages as pictures (PNG), in their order; see `pdf_of`."""
    return _compiled(document, format="png", ppi=float(dpi))


def _compiled(document: Document, **export: Any) -> tuple[bytes, ...]:
    try:
        return _laid_out(_templates() | {"data.json": _data(document, _few_probes())}, export)
    except PageRefusedError:
        # Whatever letters may have joined into: only Latin ones are left, the paper comes out.
        data = _data(document, lambda _sign: False)
    return _laid_out(_templates() | {"data.json": data}, export)


def _laid_out(files: Mapping[str, bytes], export: Mapping[str, Any]) -> tuple[bytes, ...]:
    library = _library()
    try:
        compiler = library.Compiler(
            input=files,
            font_paths=_fonts(),
            ignore_system_fonts=True,
        )
        made = compiler.compile(**export)
    except RuntimeError:
        # Neither the message nor its chain is kept: both quote what the page says.
        made = None
    if not made:
        raise PageRefusedError
    return tuple(made) if isinstance(made, list) else (made,)


def _few_probes() -> Shows:
    """Return what says which letters can be drawn, for one document: so many rare ones at most."""
    asked: set[str] = set()

    def shows(sign: str) -> bool:
        asked.add(sign)
        return len(asked) <= _MOST_PROBED and _shows(sign)

    return shows


@lru_cache(maxsize=4_096)
def _shows(sign: str) -> bool:
    """Say whether a font on board has a letter: a page with nothing else is tried."""
    if sign == UNKNOWN:
        return True
    files = {"main.typ": _PROBE.encode(), "data.json": json.dumps(sign).encode()}
    try:
        return bool(_laid_out(files, {"format": "pdf", "pdf_standards": [_STANDARD]}))
    except PageRefusedError:
        return False


def _library() -> Any:
    try:
        import typst
    except ImportError as error:
        raise PrintingMissingError from error
    return typst


@cache
def _fonts() -> "typst.Fonts":
    fonts: typst.Fonts = _library().Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(resource_path("fonts"))],
    )
    if _FAMILY not in fonts.families():
        raise PageRefusedError
    return fonts


def _templates() -> dict[str, bytes]:
    return {name: resource_path("templates", name).read_bytes() for name in _TEMPLATES}


def _data(document: Document, shows: Shows) -> bytes:
    said = without_empties(rewritten(document, lambda text: printable(text, shows)))
    # Properties of the file: no line is broken there, and PDF/UA wants a title.
    named = replace(
        said,
        title=said.title.replace(MAY_BREAK, "") or UNKNOWN,
        author=said.author.replace(MAY_BREAK, ""),
    )
    return json.dumps(_plain(named)).encode()


def _plain(value: Any) -> Any:
    """Return a value of a document as JSON; each dataclass says its kind."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        content = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return content | {"kind": type(value).__name__.lower()}
    return value
