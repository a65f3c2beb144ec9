"""Plays actions on a stage: drawn from a seed, or told; and finds a short list that still fails."""

import random
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sync.engine import ExchangeReport
from tests.exchange.desks import COMMUNES, World, joined, new_world
from tests.exchange.fuzz.actions import Action, Step
from tests.exchange.fuzz.checkpoint_actions import CHECKPOINTS
from tests.exchange.fuzz.holding import lacks_keys, lacks_pieces, may_stay_aside
from tests.exchange.fuzz.link_actions import LINKS, exchange, refused_bundles
from tests.exchange.fuzz.loss_actions import LOSSES
from tests.exchange.fuzz.member_actions import MEMBERS, finish_joining
from tests.exchange.fuzz.promises import check_all
from tests.exchange.fuzz.stage import Stage, must
from tests.exchange.fuzz.stick_actions import STICK_ACTIONS
from tests.exchange.fuzz.trade_actions import TRADE

ACTIONS: dict[str, Action] = {**TRADE, **LINKS, **LOSSES, **STICK_ACTIONS, **CHECKPOINTS, **MEMBERS}
SHAPES = ("two", "staffed", "three", "cloned")
"""Two structures of one desk, one of which has two, three structures; copies used at once."""

ROUNDS = 12
"""More than it takes for the longest way round: a desk learns, sends, another answers."""

STEPS = 80
_IN_MEMORY = Path("/dev/shm")  # noqa: S108  (encrypted files only, and gone at the end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What went wrong, after how many steps."""

    steps: tuple[Step, ...]
    error: BaseException

    @property
    def told(self) -> str:
        return "".join(traceback.format_exception(self.error))


@cache
def template(shape: str) -> World:
    """Make a world once: its structures know each other and have nothing to send."""
    world = new_world(scratch() / f"template-{shape}")
    names = list(COMMUNES)[: 3 if shape == "three" else 2]
    for name in names:
        world.found(name)
        world.certify(name)
    for name in names * 2:
        world[name].exchange()
    if shape in {"staffed", "three"}:
        joined(world, names[0])
        for name in names:
            world[name].exchange()
    world.new_door("spare")
    world.close()
    return world


@cache
def scratch() -> Path:
    """A folder of this run, in memory where the machine has one."""
    where = _IN_MEMORY if _IN_MEMORY.is_dir() else None
    _KEPT.append(tempfile.TemporaryDirectory(dir=where, ignore_cleanup_errors=True))
    return Path(_KEPT[-1].name)


def clean_up() -> None:
    """Leave nothing of the worlds that were played."""
    for folder in _KEPT:
        folder.cleanup()
    _KEPT.clear()
    scratch.cache_clear()
    template.cache_clear()


_KEPT: list[tempfile.TemporaryDirectory[str]] = []


@contextmanager
def stage_of(shape: str) -> Iterator[Stage]:
    """Open a copy of a world, with people at its desks."""
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        world = template(shape).copy(Path(folder) / "world")
        stage = Stage(world, spare=["spare"], may_clone=shape == "cloned")
        try:
            for name in world.doors:
                if name not in stage.spare:
                    stage.take(name, "blanc" if name == "second" else name)
            yield stage
        finally:
            world.close()


def draw(stage: Stage, chance: random.Random) -> Step:
    """Draw what happens next, among what can."""
    names = [name for name, action in ACTIONS.items() if action.possible(stage)]
    (name,) = chance.choices(names, [ACTIONS[name].weight for name in names])
    return Step(name, chance.randrange(2**32))


def do(stage: Stage, step: Step) -> None:
    """Do a step, if it can be done."""
    if ACTIONS[step.name].possible(stage):
        ACTIONS[step.name].run(stage, random.Random(step.seed))


def heal(stage: Stage) -> None:
    """Exchange until nothing moves, then look at everything."""
    finish_joining(stage)
    _come_to_rest(stage)
    if stage.was_relay_put_back:  # once a day desks ask whether it keeps its checkpoints
        stage.pass_days(1)
        stage.was_relay_put_back = False
        _come_to_rest(stage)
    if lacks_pieces(stage) or lacks_keys(stage):  # a week later, whoever opens it asks for another
        stage.pass_days(8)
        for name in stage.active:
            stage.reopen(name)
            exchange(stage, name)
        _come_to_rest(stage)
    must(not lacks_pieces(stage), "a checkpoint can be loaded")
    must(not lacks_keys(stage), "a checkpoint can be opened")
    check_all(stage)


def _come_to_rest(stage: Stage) -> None:
    for _ in range(ROUNDS):
        before = stage.relay.backup()
        reports = [exchange(stage, name) for name in stage.active]
        is_quiet = all(map(_is_quiet, [stage] * len(reports), stage.active, reports))
        if is_quiet and stage.relay.backup() == before:
            break
    else:
        must(False, "everything comes to rest", [str(one) for one in reports])
    must(not any(map(refused_bundles, filter(None, reports))), "nothing is refused", reports)


def _is_quiet(stage: Stage, name: str, report: ExchangeReport | None) -> bool:
    if report is None or report.pushed or report.pulled or report.bundles_up or report.resent:
        return False
    if lacks_pieces(stage):  # what it covers is pulled in vain, and they are not there
        return True
    return report.bundles_down <= len(may_stay_aside(stage, name))


def play(shape: str, seed: int, *, count: int = STEPS) -> tuple[int, Failure | None]:
    """Play drawn steps; return how many were played, and what went wrong."""
    chance = random.Random(seed)
    done: list[Step] = []
    with stage_of(shape) as stage:
        try:
            for _ in range(count):
                done.append(draw(stage, chance))
                do(stage, done[-1])
                if chance.random() < 0.01:
                    done.append(Step("heal", 0))
                    heal(stage)
            heal(stage)
        except Exception as error:
            return len(done), Failure(steps=tuple(done), error=error)
    return len(done), None


def replay(shape: str, steps: Iterable[Step | tuple[str, int]]) -> None:
    """Play told steps, then let everybody exchange and look at everything."""
    with stage_of(shape) as stage:
        for step in steps:
            name, seed = step if isinstance(step, tuple) else (step.name, step.seed)
            heal(stage) if name == "heal" else do(stage, Step(name, seed))
        heal(stage)


def fails(shape: str, steps: Sequence[Step]) -> BaseException | None:
    """Return what goes wrong with these steps."""
    try:
        replay(shape, steps)
    except Exception as error:
        return error
    return None


def shrink(
    shape: str, failure: Failure, *, goes_on: Callable[[], bool]
) -> tuple[list[Step], BaseException]:
    """Leave out steps as long as the same promise is broken."""
    steps, error = list(failure.steps), failure.error
    size = max(1, len(steps) // 2)
    while goes_on():
        shorter = _without_some(shape, steps, size, _cause(failure.error), goes_on)
        if shorter is not None:
            steps, error = shorter
        elif size == 1:
            break
        else:
            size = max(1, size // 2)
    return steps, error


def _without_some(shape, steps, size, cause, goes_on):
    for start in range(0, len(steps), size):
        if not goes_on():
            return None
        fewer = steps[:start] + steps[start + size :]
        error = fails(shape, fewer)
        if error is not None and _cause(error) == cause:
            return fewer, error
    return None


def _cause(error: BaseException) -> tuple[str, str]:
    return type(error).__name__, str(error).split(":")[0]


def as_script(shape: str, steps: Sequence[Step]) -> str:
    """Write a replay as a Python script."""
    lines = "\n".join(f"        ({step.name!r}, {step.seed})," for step in steps)
    return (
        "from tests.exchange.fuzz.playing import replay\n\n"
        f"replay(\n    {shape!r},\n    [\n{lines}\n    ],\n)\n"
    )
