"""Each service judged for one situation: what sets it aside, where it stands, what it is worth.

The few rules that set aside are those of the law and of the person's own words. What a structure
says of its public never does, by itself: it moves it back.

A directory holds thousands of rows. What they share is made into tables first, by the numbers that
rows hold, so that a few look-ups and additions are left for each; and rows that answer less, or are
far, are judged only when nobody near answers more.
"""

from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple

from app.matching.asked import Asked
from app.matching.index import Row
from app.matching.reasons import ReasonCode
from app.matching.situation import Standing
from app.matching.views import Fit, NetworkView, Views
from app.reference.distance import Distance
from app.reference.matching_rules import MatchingRules


class Judged(NamedTuple):
    """A row, judged.

    `refusal` is None when no rule sets it aside, `standing` is None when it answers nothing, and
    `worth` is in kilometres.
    """

    row: Row
    refusal: ReasonCode | None
    standing: Standing | None
    worth: float


class _OfNetwork(NamedTuple):
    """A network; `standings` are by `Fit`, as are those of its services that answer by a theme."""

    refusal: ReasonCode | None
    standings: Sequence[Standing | None]
    standings_by_theme: Sequence[Standing | None]
    worth: float
    others: float
    unsaid: float
    is_owed: bool


class _OfThemes(NamedTuple):
    answers: bool
    worth: float
    others: float


class _OfPlace(NamedTuple):
    km: float
    remote_km: float
    is_beyond: bool


class Judge:
    """Judges rows for one situation."""

    def __init__(self, asked: Asked, rules: MatchingRules, views: Views) -> None:
        self.asked = asked
        self.rules = rules
        self.views = views
        self._networks = [self._of_network(view) for view in views.networks]
        self._subjects = [self._of_themes(answered) for answered in views.motives]
        self._fits = [self._worth_of_fit(fit) for fit in views.fits]
        self._spoken = [rules.weights.language if spoken else 0.0 for spoken in views.spoken]
        self._modes = [self._refusal_of_modes(modes) for modes in views.modes]
        self._remote = [self._is_remote(modes) for modes in views.modes]
        self._areas = [None if inside else ReasonCode.OUT_OF_AREA for inside in views.in_area]
        self._far = [self._is_far(distance) for distance in views.distances]
        self._places: dict[int, _OfPlace] = {}
        self.refused_on = dict(asked.situation.refused_by)
        self._counselling = None if asked.may_be_counselled else ReasonCode.NO_COUNSELLING

    def judged(self, rows: Iterable[Row], followers: Set[str]) -> list[Judged]:
        """Return the rows that may be proposed or told of, judged, in no order.

        Whatever they answer, the rows of `followers` (references) and of the network that the law
        wants asked first are among them.
        """
        kept: list[Judged] = []
        waiting: dict[Standing | None, list[Row]] = {one: [] for one in (None, *Standing)}
        for row in rows:
            standing = self._standing(row)
            if self._networks[row.network].is_owed or row.order[0] in followers:
                kept.append(self._judge(row, standing))
            else:
                waiting[standing].append(row)
        # In turn, and the standing that makes the next round useless.
        for standings, enough in (
            ((Standing.COMPETENT,), Standing.COMPETENT),
            ((Standing.FAR, Standing.FIRST_DOOR), Standing.FAR),
            ((Standing.RECEIVES,), Standing.RECEIVES),
        ):
            kept += [self._judge(row, one) for one in standings for row in waiting[one]]
            if any(one.refusal is None and (one.standing or 0) >= enough for one in kept):
                break
        return kept

    def km(self, row: Row) -> float | None:
        """Return how far a row is, None when its place is unknown."""
        distance = self.views.distances[row.place]
        return None if distance is None else distance.km

    def is_remote(self, row: Row) -> bool:
        """Is the service given at a distance, and may it be for this person?"""
        return self._remote[row.modes]

    def _standing(self, row: Row) -> Standing | None:
        network = self._networks[row.network]
        by_theme = self._subjects[row.subjects].answers
        standings = network.standings_by_theme if by_theme else network.standings
        standing = standings[self.views.fits[row.audiences]]
        if standing is Standing.COMPETENT and self._far[row.place] and not self._remote[row.modes]:
            return Standing.FAR
        return standing

    def _judge(self, row: Row, standing: Standing | None) -> Judged:
        place = self._place(row.place)
        is_remote = self._remote[row.modes]
        worth = self._worth(row) - (place.remote_km if is_remote else place.km)
        return Judged(row, self._refusal(row, place), standing, worth)

    def _refusal(self, row: Row, place: _OfPlace) -> ReasonCode | None:
        if row.order[0] in self.refused_on:
            return ReasonCode.REFUSED
        network = self._networks[row.network]
        refusal = (
            self.views.ended[row.life]
            or network.refusal
            or (self._counselling if row.is_counselling else None)
            or self._areas[row.areas]
            or self._modes[row.modes]
        )
        if refusal or not place.is_beyond or self._remote[row.modes]:
            return refusal
        # The network that the law wants asked first comes to those who cannot travel.
        return None if network.is_owed else ReasonCode.OUT_OF_REACH

    def _worth(self, row: Row) -> float:
        """Return what a row is worth, its distance left out."""
        network, themes = self._networks[row.network], self._subjects[row.subjects]
        return (
            row.worth
            + network.worth
            + themes.worth
            + max(network.others, themes.others)
            + self._fits[row.audiences]
            + self._spoken[row.languages]
            + self.views.belonging[row.life]
            + self.views.freshness[row.checked]
            + (network.unsaid if row.service is None else 0.0)
        )

    def _of_network(self, view: NetworkView) -> _OfNetwork:
        return _OfNetwork(
            refusal=view.refusal,
            standings=[self._standing_of(view, fit, answers=False) for fit in Fit],
            standings_by_theme=[self._standing_of(view, fit, answers=True) for fit in Fit],
            worth=view.worth,
            others=self._worth_of_others(view.answers),
            unsaid=self.rules.weights.service_unsaid if self._is_main(view.answers) else 0.0,
            is_owed=view.network.code == self.asked.first_network,
        )

    def _standing_of(self, view: NetworkView, fit: Fit, *, answers: bool) -> Standing | None:
        """Return where a service stands that speaks to such a public.

        A partner made for others, by its network and by its service, comes after the first doors,
        which are for all.

        Args:
            view: its network.
            fit: whether the person is of its public.
            answers: does one of its themes answer a motive?
        """
        answers = view.answers != frozenset() or (answers and not view.network.only_its_motives)
        if view.network.is_first_door:
            return Standing.COMPETENT if answers else Standing.FIRST_DOOR
        if fit is view.fit is Fit.OTHER and view.refusal is None:
            return Standing.RECEIVES if answers else None
        if answers or (not self.asked.motives and self._is_for_them(view, fit)):
            return Standing.COMPETENT
        if fit is Fit.EVERYBODY:
            return Standing.FIRST_DOOR
        is_theirs = fit is Fit.MATCH or Fit.OTHER not in {fit, view.fit}
        return Standing.RECEIVES if is_theirs else None

    def _is_for_them(self, view: NetworkView, fit: Fit) -> bool:
        """Without a motive, is it at least made for such people?"""
        return view.refusal is None and Fit.MATCH in {view.fit, fit}

    def _of_themes(self, answered: frozenset[str]) -> _OfThemes:
        is_main = self._is_main(answered)
        return _OfThemes(
            answers=bool(answered),
            worth=self.rules.weights.motive_of_service if is_main else 0.0,
            others=self._worth_of_others(answered),
        )

    def _is_main(self, answered: frozenset[str]) -> bool:
        return not answered.isdisjoint(self.asked.motives[:1])

    def _worth_of_others(self, answered: frozenset[str]) -> float:
        others = len(answered.intersection(self.asked.motives[1:]))
        return self.rules.weights.other_motive * min(others, self.rules.most["other_motives"])

    def _worth_of_fit(self, fit: Fit) -> float:
        weights = self.rules.weights
        return {
            Fit.MATCH: weights.public_of_service,
            Fit.EVERYBODY: weights.everybody,
            Fit.SILENT: 0.0,
            Fit.UNSAID: weights.unsaid_public_of_service,
            Fit.OTHER: weights.other_public_of_service,
        }[fit]

    def _refusal_of_modes(self, modes: frozenset[str]) -> ReasonCode | None:
        wanted = self.asked.mode
        return ReasonCode.OTHER_MODE if wanted and modes and wanted not in modes else None

    def _is_remote(self, modes: frozenset[str]) -> bool:
        return self.rules.remote in modes and self.asked.mode in {"", self.rules.remote}

    def _is_far(self, distance: Distance | None) -> bool:
        """Is a place farther than people go, usually or by what this one said?"""
        reach = max(self.rules.usual_reach_km, self.asked.situation.can_travel_km or 0)
        return distance is not None and distance.km > reach

    def _remote_km(self, km: float) -> float:
        """Return what a distance counts for when one need not go; the nearest still comes first."""
        beyond = max(0.0, km - self.rules.remote_counts_as_km)
        return km - beyond + beyond * self.rules.remote_share

    def _place(self, number: int) -> _OfPlace:
        """Look at a place once; an unknown one counts as being as far as people usually go."""
        place = self._places.get(number)
        if place is None:
            distance, limit = self.views.distances[number], self.asked.situation.can_travel_km
            km = self.rules.usual_reach_km if distance is None else distance.km
            place = self._places[number] = _OfPlace(
                km=km,
                remote_km=self._remote_km(km),
                is_beyond=limit is not None and distance is not None and km > limit,
            )
        return place
