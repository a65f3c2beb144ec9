"""Commands in processes of their own, forked from one that has imported the program already.

Half of the processor time of a journey of a hundred commands is the same imports again. What a
command does is the same, in its own process with its own environment; that the real command starts
from nothing is tried by those that journeys leave running, kill or interrupt.
"""

import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

_LONGEST_S = 60
_PRELOADED = "tests.fakes.command_modules"


def run_forked(
    program: str,
    words: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: Path,
    given: str = "",
) -> "subprocess.CompletedProcess[str]":
    """Run `python -m program words`; its output and error streams are what they wrote.

    Raises:
        TimeoutError: it has not ended in time; it is killed.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_PRELOADED])
    with tempfile.TemporaryDirectory() as made:
        places = [Path(made) / name for name in ("in", "out", "err")]
        places[0].write_text(given, encoding="utf-8")
        command = (program, list(words), dict(environment), folder, places)
        process = context.Process(target=_command, args=command)
        process.start()
        process.join(_LONGEST_S)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutError(program, *words)
        out, err = (place.read_text(encoding="utf-8") for place in places[1:])
        return subprocess.CompletedProcess([program, *words], process.exitcode, out, err)


def _command(
    program: str,
    words: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    places: Sequence[Path],
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for stream, (place, mode) in enumerate(zip(places, ("rb", "wb", "wb"), strict=True)):
        with place.open(mode) as file:
            os.dup2(file.fileno(), stream)
    sys.stdin, sys.stdout, sys.stderr = _text(0, "r"), _text(1, "w"), _text(2, "w")
    sys.argv = [program, *words]
    try:
        runpy.run_module(program, run_name="__main__", alter_sys=True)
    finally:
        for each in (sys.stdout, sys.stderr):
            each.flush()


def _text(stream: int, mode: str) -> IO[str]:
    return open(stream, mode, encoding="utf-8", closefd=False)
