"""Everything that a command imports, for the process from which commands are forked."""

import importlib
import pkgutil

import app
import sync
import ui.cli

_OF_OTHER_PROGRAMS = ("sync.relay", "sync.authority")

for package in (app, sync, ui.cli):
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.startswith(_OF_OTHER_PROGRAMS):
            importlib.import_module(found.name)
