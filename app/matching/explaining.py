"""Why each structure is proposed, what to check before, and why another one is set aside."""

from collections.abc import Iterator, Sequence

from app.matching.index import Index, Row, ended_on, waiting_days
from app.matching.judging import Judge, Judged
from app.matching.opening import opening_reasons
from app.matching.reasons import Reason, ReasonCode, reason
from app.matching.situation import Candidate, SetAside, Standing
from app.matching.views import Fit, NetworkView, is_of_age, level_fit, months_between
from app.reference.directory import PERMANENCE, ROUND
from app.reference.distance import Distance
from app.reference.networks import EXECUTIVE


def candidate(judge: Judge, one: Judged, former_names: Sequence[str]) -> Candidate:
    """Return a structure to propose, with its reasons in the order they are said.

    Args:
        judge: the judge of the situation.
        one: the row.
        former_names: the structures that followed the person and that this one took over from.
    """
    standing = one.standing or Standing.RECEIVES
    view = judge.views.networks[one.row.network]
    return Candidate(
        structure=one.row.structure,
        service=one.row.service,
        distance=judge.views.distances[one.row.place],
        standing=standing,
        reasons=(
            *_why(judge, standing, former_names),
            *_public(judge, one.row, view, is_known=standing is Standing.FOLLOWS),
            *_competence(judge, one.row, view),
            *opening_reasons(one.row, judge.asked.situation.at),
            *_place(judge, one.row),
            _freshness(judge, one.row),
            *_to_know(judge, one.row),
        ),
    )


def set_aside(judge: Judge, one: Judged, index: Index) -> SetAside:
    """Return a structure that a rule sets aside, with the facts of that rule."""
    code = one.refusal
    if code is None:
        raise AssertionError(one.row.order)
    structure = one.row.structure
    if code is ReasonCode.REFUSED:
        on = judge.refused_on[structure.reference]
        return SetAside(structure=structure, reason=reason(code, on=on.isoformat()))
    return SetAside(structure=structure, reason=_refusal(code, judge, one.row, index))


def _why(judge: Judge, standing: Standing, former_names: Sequence[str]) -> Iterator[Reason]:
    if standing is Standing.FOLLOWS:
        yield reason(ReasonCode.FOLLOWS, formerly=", ".join(former_names))
    elif standing is Standing.LEGAL_DUTY:
        yield reason(ReasonCode.LEGAL_DUTY)
    elif standing in {Standing.FIRST_DOOR, Standing.RECEIVES}:
        is_sought = bool(judge.asked.motives)
        yield reason(ReasonCode.NO_COMPETENT if is_sought else ReasonCode.NO_MOTIVE)


def _public(judge: Judge, row: Row, view: NetworkView, *, is_known: bool) -> Iterator[Reason]:
    """Say whom it receives: what fits first, then what to check.

    `is_known`: it follows the person, so that nothing is to be checked.
    """
    asked, network = judge.asked, view.network
    fit = judge.views.fits[row.audiences]
    audiences = row.service.audiences if row.service is not None else ()
    if network.needs:
        is_executive = EXECUTIVE in network.needs
        yield reason(ReasonCode.EXECUTIVE if is_executive else ReasonCode.DISABILITY)
    matched = [code for code in network.publics if code in asked.statuses]
    if not matched and not network.needs:
        matched = [code for code in audiences if code in asked.audiences]
    differs = _is_for_others(judge, view)
    if matched and not differs:
        yield reason(ReasonCode.RECEIVES, publics=tuple(matched))
    elif fit is Fit.EVERYBODY or network.is_first_door:
        yield reason(ReasonCode.EVERYBODY)
    elif differs and fit in {Fit.SILENT, Fit.MATCH} and not is_known:
        yield reason(ReasonCode.OTHER_PUBLIC, publics=network.publics)
    if fit in {Fit.OTHER, Fit.UNSAID} and not network.is_first_door and not is_known:
        code = ReasonCode.OTHER_PUBLIC if fit is Fit.OTHER else ReasonCode.PUBLIC_UNSAID
        yield reason(code, publics=audiences)
    yield from _ages(judge, view)


def _is_for_others(judge: Judge, view: NetworkView) -> bool:
    """Does a network speak first to people in another situation than this one's?"""
    statuses, network = judge.asked.statuses, view.network
    if not statuses or not network.publics or network.is_open:
        return False
    return statuses.isdisjoint(network.publics)


def _ages(judge: Judge, view: NetworkView) -> Iterator[Reason]:
    ages = view.network.ages
    if ages is None:
        return
    of_age = is_of_age(view.network, judge.asked)
    if of_age is None and not ages.strict:
        return
    last = ages.last_for(disability=judge.asked.disability)
    if of_age is None:
        code = ReasonCode.AGE_UNSAID
    else:
        code = ReasonCode.AGES if of_age else ReasonCode.OTHER_AGES
    yield reason(code, first=ages.first, last=last)


def _competence(judge: Judge, row: Row, view: NetworkView) -> Iterator[Reason]:
    """Say what it answers, the counselling of the law, the level, the languages."""
    asked = judge.asked
    answers = view.answers | judge.views.motives[row.subjects]
    if answers:
        motives = tuple(code for code in asked.motives if code in answers)
        yield reason(ReasonCode.MOTIVE, motives=motives)
    counselling = view.network.counselling
    if counselling and asked.may_be_counselled and (counselling.only or row.is_counselling):
        yield reason(ReasonCode.COUNSELLING)
    level = level_fit(view.network, asked)
    if level is not Fit.SILENT:
        first, last = view.network.levels
        code = ReasonCode.LEVEL if level is Fit.MATCH else ReasonCode.OTHER_LEVEL
        yield reason(code, first=first or 0, last=last or 0)
    spoken = judge.views.spoken[row.languages]
    for code, languages in (
        (ReasonCode.SPEAKS, spoken),
        (ReasonCode.LANGUAGE_UNSAID, asked.languages - spoken),
    ):
        if languages:
            yield reason(code, languages=tuple(sorted(languages)))


def _place(judge: Judge, row: Row) -> Iterator[Reason]:
    distance = judge.views.distances[row.place]
    limit = judge.asked.situation.can_travel_km
    is_remote = judge.is_remote(row)
    service = row.service
    if service is not None and service.place_kind in {PERMANENCE, ROUND}:
        yield reason(ReasonCode.HELD_AT, how=service.place_kind, commune=service.commune_name)
    if distance is None:
        yield reason(ReasonCode.PLACE_UNKNOWN)
    elif distance.km == 0:
        yield reason(ReasonCode.SAME_COMMUNE)
    else:
        # Who can go farther than people usually do is told of no limit.
        is_kept = limit is not None and distance.km <= limit <= judge.rules.usual_reach_km
        within = {"limit": limit} if limit is not None and is_kept and not is_remote else {}
        yield reason(ReasonCode.DISTANCE, **_distance(distance), **within)
    yield from _mode(judge, row)
    if distance is not None and limit is not None and distance.km > limit and not is_remote:
        yield reason(ReasonCode.BEYOND_REACH, km=distance.km, limit=limit)


def _mode(judge: Judge, row: Row) -> Iterator[Reason]:
    """Say how it receives: at a distance always, as it was wished, or that nobody knows."""
    wanted, modes = judge.asked.mode, judge.views.modes[row.modes]
    if judge.is_remote(row):
        yield reason(ReasonCode.REMOTE, wished=bool(wanted))
    elif wanted and wanted in modes:
        yield reason(ReasonCode.ON_SITE, wished=True)
    elif wanted and not modes:
        yield reason(ReasonCode.MODE_UNSAID)


def _freshness(judge: Judge, row: Row) -> Reason:
    months = months_between(row.checked_on, judge.asked.day)
    if months <= judge.rules.fresh_months:
        return reason(ReasonCode.CHECKED, on=row.checked_on.isoformat())
    return reason(ReasonCode.STALE, on=row.checked_on.isoformat(), months=months)


def _to_know(judge: Judge, row: Row) -> Iterator[Reason]:
    structure, service = row.structure, row.service
    days = waiting_days(structure, service)
    if days is not None:
        yield reason(ReasonCode.WAITING, days=days)
    capacity = (service.capacity if service else "") or structure.capacity
    if capacity:
        yield reason(ReasonCode.CAPACITY, words=capacity)
    if judge.asked.disability and structure.accessibility:
        yield reason(ReasonCode.ACCESSIBLE, how=structure.accessibility)
    if row.is_paid:
        yield reason(ReasonCode.PAID)
    day = judge.asked.day
    if structure.membership_from is not None and not structure.is_member_on(day):
        last = structure.membership_to
        since = last.isoformat() if last is not None and last < day else ""
        yield reason(ReasonCode.NOT_MEMBER, since=since)


def _refusal(code: ReasonCode, judge: Judge, row: Row, index: Index) -> Reason:
    if code is ReasonCode.ENDED:
        successor = index.named.get(row.structure.replaced_by)
        on = ended_on(row.structure, row.service)
        facts = {"on": on.isoformat() if on else ""}
        if row.service is not None and not row.structure.has_ended_on(judge.asked.day):
            return reason(code, **facts, service=row.service.name, successor="")
        return reason(code, **facts, successor=successor.display_name if successor else "")
    if code is ReasonCode.AGE_OUTSIDE:
        ages = judge.views.networks[row.network].network.ages
        last = ages.last_for(disability=judge.asked.disability) if ages else 0
        return reason(code, first=ages.first if ages else 0, last=last)
    if code is ReasonCode.OTHER_MODE:
        return reason(code, mode=judge.asked.mode)
    if code is ReasonCode.OUT_OF_REACH:
        distance = judge.views.distances[row.place]
        limit = judge.asked.situation.can_travel_km or 0
        return reason(code, limit=limit, **(_distance(distance) if distance else {}))
    return reason(code)


def _distance(distance: Distance) -> dict[str, float | bool]:
    return {"km": round(distance.km, 1), "approximate": distance.is_approximate}
