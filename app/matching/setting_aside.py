"""Of all those whom a rule sets aside, the few whom somebody would have expected."""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date
from typing import Final

from app.matching.index import ended_on
from app.matching.judging import Judge, Judged
from app.matching.reasons import ReasonCode
from app.matching.situation import Standing
from app.matching.views import months_between
from app.reference.directory import NO_NETWORK

_OF_EXECUTIVES: Final = {ReasonCode.NOT_EXECUTIVE, ReasonCode.EXECUTIVE_UNSAID}


def expected_elsewhere(
    judge: Judge, judged: Iterable[Judged], chosen: Sequence[Judged], following: Set[str]
) -> list[Judged]:
    """Return rows of structures set aside, those one would have expected first coming first.

    One expects whoever followed the person, and whoever answers the motive near enough: one
    structure for each rule and network, and none of a network that is proposed when the structure
    proposed is worth more anyway. A structure stands when one of its services does.

    Args:
        judge: the judge of the situation.
        judged: every row.
        chosen: those proposed.
        following: references of the structures that followed the person.
    """
    rows = list(judged)
    stands = {one.row.order[0] for one in rows if one.refusal is None}
    stands.update(one.row.order[0] for one in chosen)
    orders = {one.row.order for one in chosen}
    # As judged, before their hours were read: those of the others are not.
    proposed = sorted((one.worth, one.row.network) for one in rows if one.row.order in orders)
    worth_of_chosen = {network: worth for worth, network in proposed}
    refused = [
        one
        for one in rows
        if one.refusal is not None
        and one.row.order[0] not in stands
        and (one.row.order[0] in following or _is_expected(judge, one, worth_of_chosen))
    ]
    refused.sort(key=lambda one: (one.row.order[0] not in following, -one.worth, one.row.order))
    of_structure: dict[str, Judged] = {}
    for one in refused:
        of_structure.setdefault(one.row.order[0], one)
    of_kind: dict[object, Judged] = {}
    for one in of_structure.values():
        of_kind.setdefault(_kind(judge, one, following), one)
    return list(of_kind.values())[: judge.rules.most["set_aside"]]


def _is_expected(judge: Judge, one: Judged, worth_of_chosen: Mapping[int, float]) -> bool:
    km = judge.km(one.row)
    if km is None or km > judge.rules.usual_reach_km:
        return False
    if _goes_without_saying(judge, one):
        return False
    is_first = worth_of_chosen.get(one.row.network, one.worth) <= one.worth
    return is_first and one.standing in {Standing.COMPETENT, Standing.FAR}


def _goes_without_saying(judge: Judge, one: Judged) -> bool:
    """Would nobody think of a structure, for another reason than the rule that sets it aside?"""
    if one.refusal is ReasonCode.ENDED:
        last = ended_on(one.row.structure, one.row.service) or date.min
        return months_between(last, judge.asked.day) > judge.rules.fresh_months
    if one.refusal in _OF_EXECUTIVES and not judge.asked.may_be_counselled:
        return True
    is_elsewhere = not judge.views.in_area[one.row.areas]
    return is_elsewhere and one.refusal is not ReasonCode.OUT_OF_AREA


def _kind(judge: Judge, one: Judged, following: Set[str]) -> object:
    """Return what several structures set aside share, so that one of them is told."""
    network = judge.views.networks[one.row.network].network.code
    if network == NO_NETWORK or one.row.order[0] in following:
        return one.row.order[0]
    return network, one.refusal
