"""Everything that a command imports, for the process from which commands are forked."""

import importlib
import pkgutil

import app
import sync
import ui.cli

for package in (app, sync, ui.cli):
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        is_started_by_import = found.name.endswith(".__main__") or ".migrations." in found.name
        if not is_started_by_import:
            importlib.import_module(found.name)
