"""What makes checkpoints: somebody asks for them, months pass, a desk falls silent and is back."""

import random

from tests.exchange.checkpointing import ask
from tests.exchange.fuzz.actions import Action, pick
from tests.exchange.fuzz.link_actions import exchange
from tests.exchange.fuzz.stage import Stage

MOST_DAYS = 900
"""Beyond, what the Region certified once and for all would end."""

QUARTER_DAYS = 92


class AskCheckpoint:
    """Somebody asks for a checkpoint by hand."""

    weight = 6

    def possible(self, stage: Stage) -> bool:
        return not stage.may_clone

    def run(self, stage: Stage, chance: random.Random) -> None:
        ask(stage.world[pick(chance, stage.active)])


class DaysPass:
    """Days or months pass for everybody."""

    weight = 3
    days = (1, 8, 31, QUARTER_DAYS)

    def possible(self, stage: Stage) -> bool:
        return stage.days < MOST_DAYS

    def run(self, stage: Stage, chance: random.Random) -> None:
        stage.pass_days(chance.choice(self.days))


class QuarterWithoutOne:
    """A desk is not switched on for a quarter, or several; the others go on."""

    weight = 3

    def possible(self, stage: Stage) -> bool:
        return not stage.may_clone and stage.days < MOST_DAYS and len(stage.active) > 1

    def run(self, stage: Stage, chance: random.Random) -> None:
        silent = pick(chance, stage.active)
        others = [name for name in stage.active if name != silent]
        for _ in range(chance.choice([1, 2, 3])):
            stage.pass_days(QUARTER_DAYS)
            ask(stage.world[chance.choice(others)])
            for name in others * 2:
                exchange(stage, name)


CHECKPOINTS: dict[str, Action] = {
    "ask_checkpoint": AskCheckpoint(),
    "days_pass": DaysPass(),
    "quarter_without_one": QuarterWithoutOne(),
}
