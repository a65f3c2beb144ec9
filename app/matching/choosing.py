"""From judged services to one first choice and its fallbacks, one service a structure.

Whoever already follows the person comes first, then the network that the law wants asked first,
then by standing and by worth. Fallbacks are of other networks while some are worth it: the same
network elsewhere would refuse for the same reason.

The opening hours of those that could be chosen are read last: they are the slowest thing to read,
and count for little.
"""

from collections.abc import Callable, Iterable, Sequence, Set

from app.matching.judging import Judge, Judged
from app.matching.reasons import ReasonCode
from app.matching.situation import Standing
from app.reference.directory import NO_NETWORK

OpeningWorth = Callable[[Judged], float]
"""What being open then is worth, in kilometres; never negative."""


def chosen(
    judge: Judge, judged: Sequence[Judged], followers: Set[str], opening: OpeningWorth
) -> list[Judged]:
    """Return the rows to propose, the first choice first, each of another structure.

    Args:
        judge: the judge, for its rules.
        judged: every row.
        followers: references of the structures that already follow the person.
        opening: what being open is worth.
    """
    choice = _Choice(judge, opening)
    follow = [one for one in judged if followers and _follows(one, followers)]
    choice.take(_raised(follow, Standing.FOLLOWS), most=choice.most)
    free = [one for one in judged if one.refusal is None]
    if judge.asked.first_network:
        owed = [one for one in free if choice.network(one) == judge.asked.first_network]
        choice.take(_raised(owed, Standing.LEGAL_DUTY), most=1)
    standing = sorted((one for one in free if one.standing is not None), key=_order)
    choice.take(standing, most=1 - len(choice.found))
    if choice.found:
        choice.add_fallbacks(standing)
    return choice.found


class _Choice:
    """What was chosen so far, and how the next one is."""

    def __init__(self, judge: Judge, opening: OpeningWorth) -> None:
        self.found: list[Judged] = []
        self.most = 1 + judge.rules.most["fallbacks"]
        self._judge = judge
        self._opening = opening
        self._opened: dict[tuple[str, str], Judged] = {}

    def network(self, one: Judged) -> str:
        """Return the code of the network of a row, as it stands on the day."""
        return self._judge.views.networks[one.row.network].network.code

    def take(self, rows: Sequence[Judged], *, most: int) -> None:
        """Choose the best rows of structures not chosen yet, at most so many.

        Args:
            rows: the rows, the best first before their hours are read.
            most: how many.
        """
        for _ in range(min(most, self.most - len(self.found))):
            structures = {one.row.order[0] for one in self.found}
            best = self._best(one for one in rows if one.row.order[0] not in structures)
            if best is None:
                return
            self.found.append(best)

    def add_fallbacks(self, rows: Sequence[Judged]) -> None:
        """Choose fallbacks, of other networks first."""
        fit = [one for one in rows if self._goes_with(one, self.found[0])]
        if self.found[0].standing is Standing.FIRST_DOOR:
            # Beside it, a competent partner farther than usual says more than another first door.
            fit.sort(key=lambda one: one.standing is not Standing.FAR)
        while len(self.found) < self.most:
            present, known = len(self.found), {self.network(one) for one in self.found}
            known.discard(NO_NETWORK)
            self.take([one for one in fit if self.network(one) not in known], most=1)
            if len(self.found) == present:
                break
        self.take(fit, most=self.most)

    def _best(self, rows: Iterable[Judged]) -> Judged | None:
        """Return the best row once hours are read: only of those that they could bring first."""
        largest = self._judge.rules.weights.open_at
        contenders: list[Judged] = []
        for one in rows:
            if contenders and (
                one.standing is not contenders[0].standing
                or one.worth + largest < contenders[0].worth
            ):
                break
            contenders.append(one)
        return min(map(self._with_hours, contenders), key=_order, default=None)

    def _with_hours(self, one: Judged) -> Judged:
        opened = self._opened.get(one.row.order)
        if opened is None or opened.standing is not one.standing:
            opened = one._replace(worth=one.worth + self._opening(one))
            self._opened[one.row.order] = opened
        return opened

    def _goes_with(self, one: Judged, first: Judged) -> bool:
        """Is a fallback worth proposing beside a first choice?

        Beside a competent partner, a first door would only be one more interlocutor.
        """
        rules = self._judge.rules
        standing, first_standing = one.standing or 0, first.standing or 0
        least = rules.least_fallback_km
        if standing is Standing.FAR:
            least -= rules.usual_reach_km
        enough = min(first_standing, Standing.COMPETENT)
        if first_standing is Standing.FIRST_DOOR:
            enough = Standing.FAR
        return standing >= enough and one.worth >= least


def _follows(one: Judged, followers: Set[str]) -> bool:
    """Does a structure follow the person still? It knows them: only its end sets it aside."""
    return one.row.order[0] in followers and one.refusal is not ReasonCode.ENDED


def _raised(rows: Iterable[Judged], standing: Standing) -> list[Judged]:
    return sorted((one._replace(standing=standing) for one in rows), key=_order)


def _order(one: Judged) -> tuple[int, float, tuple[str, str]]:
    return -(one.standing or 0), -one.worth, one.row.order
