"""Files that travel with the program: icons, themes, translations, vocabularies, templates."""

import sys
from pathlib import Path


def resource_path(*parts: str) -> Path:
    """Return where a file of `resources` lies, in a checkout or in a frozen program.

    Args:
        parts: the path inside `resources`, for instance `"communes", "communes.csv"`.
    """
    frozen_root = getattr(sys, "_MEIPASS", None)
    root = Path(frozen_root) / "resources" if frozen_root else Path(__file__).parent
    return root.joinpath(*parts)
