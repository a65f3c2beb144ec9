"""What is lost, put back and copied: disks, relays, whole machines."""

import random
import shutil

from tests.exchange.fuzz.actions import Action, pick
from tests.exchange.fuzz.holding import (
    erased_elsewhere,
    given_back,
    held_elsewhere,
    is_told_of_life,
    marks_carried,
    recount,
)
from tests.exchange.fuzz.screens import marks_at, unsealed_marks
from tests.exchange.fuzz.stage import Stage, erased_at

MOST_DOORS = 6


class SaveDesk:
    """The folder of a desk is copied, to be found again one day."""

    weight = 3

    def possible(self, stage: Stage) -> bool:
        return len(stage.saved) < 4

    def run(self, stage: Stage, chance: random.Random) -> None:
        stage.save(pick(chance, stage.active))


class PutDeskBack:
    """A desk finds its folder, or the whole disk, as it was copied."""

    weight = 3

    def possible(self, stage: Stage) -> bool:
        return any(one.door in stage.active for one in stage.saved)

    def run(self, stage: Stage, chance: random.Random) -> None:
        saved = chance.choice([one for one in stage.saved if one.door in stage.active])
        name, truth = saved.door, stage.truth
        before, erased = marks_at(stage.world[name]), erased_at(stage.world[name])
        unsealed = unsealed_marks(stage.world[name])
        stage.put_back(saved, with_markers=chance.random() < 0.4 and is_told_of_life(stage, name))
        elsewhere, here = held_elsewhere(stage, but=name), marks_at(stage.world[name])
        truth.doubt(before - here - elsewhere)
        truth.doubt_overtaken(name, before - here | elsewhere)
        # What it had sealed and only sticks carried, it writes again under another name.
        truth.doubt((unsealed_marks(stage.world[name]) - unsealed) & marks_carried(stage))
        truth.doubt((truth.released & before) - elsewhere)
        if erased - erased_at(stage.world[name]) - erased_elsewhere(stage, but=name):
            truth.doubt_erasures_of(name)
        recount(stage)


class CloneDesk:
    """A copy of a desk is opened elsewhere; people work at both from then on."""

    weight = 3

    def possible(self, stage: Stage) -> bool:
        return stage.may_clone and len(stage.doors) < MOST_DOORS

    def run(self, stage: Stage, chance: random.Random) -> None:
        name, truth = pick(chance, stage.active), stage.truth
        clone = f"{name}-{len(stage.doors)}"
        alone = marks_at(stage.world[name]) - held_elsewhere(stage, but=name)
        truth.copy_desk(name, clone)
        truth.doubt(alone)  # each of the two will send them
        if erased_at(stage.world[name]) - erased_elsewhere(stage, but=name):
            truth.doubt_erasures_of(name)
        folder = stage.world.folder
        stage.reopen(name, lambda: shutil.copytree(folder / name, folder / clone))
        stage.world.keys[clone] = stage.world.keys[name]
        stage.open(clone)
        stage.take(clone, truth.structure_of[name])


class SaveRelay:
    """The operator makes a backup of the relay."""

    weight = 3

    def possible(self, stage: Stage) -> bool:
        return len(stage.relays) < 4

    def run(self, stage: Stage, chance: random.Random) -> None:
        stage.opened()  # later some keys may be gone
        stage.relays.append(stage.relay.backup())


class PutRelayBack:
    """The relay is restored from a backup."""

    weight = 3

    def possible(self, stage: Stage) -> bool:
        return bool(stage.relays) and not stage.whole  # two disks of one life: nobody could tell

    def run(self, stage: Stage, chance: random.Random) -> None:
        opened = given_back(stage)
        before = frozenset().union(*(one.marks for one in opened))
        erased = frozenset().union(*(one.erased for one in opened))
        stage.relay.restore(chance.choice(stage.relays))
        stage.was_relay_put_back = True
        stage.truth.doubt(before - held_elsewhere(stage))
        if erased - erased_elsewhere(stage):
            for name in stage.doors:
                stage.truth.doubt_erasures_of(name)
        recount(stage)


LOSSES: dict[str, Action] = {
    "save_desk": SaveDesk(),
    "put_desk_back": PutDeskBack(),
    "clone_desk": CloneDesk(),
    "save_relay": SaveRelay(),
    "put_relay_back": PutRelayBack(),
}
