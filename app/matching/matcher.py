"""One first choice, at most two fallbacks, and who was set aside: the question that screens ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.minors import MinorRule
from app.matching.asked import Understanding
from app.matching.choosing import chosen
from app.matching.explaining import candidate, set_aside
from app.matching.index import Index, build_index
from app.matching.judging import Judge
from app.matching.opening import opening_worth
from app.matching.setting_aside import expected_elsewhere
from app.matching.situation import Match, Situation
from app.matching.views import Viewing, distances_from, motives_by_theme, spoken_languages
from app.reference.communes import Communes
from app.reference.directory import Directory
from app.reference.matching_rules import MatchingRules
from app.reference.networks import Networks
from app.reference.vocabulary import Vocabularies


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """A directory made ready to be asked. Long-lived; made by `prepare`, asked from any thread."""

    index: Index
    understanding: Understanding
    viewing: Viewing
    rules: MatchingRules

    def match(self, situation: Situation) -> Match:
        """Return who to propose to somebody, and who not.

        The answer depends on the directory, the rules and the situation alone, not on the order of
        any of them but that of motives.

        Raises:
            UnknownCommuneError: the commune of the situation is in no table.
        """
        asked = self.understanding.of(situation)
        views = self.viewing.of(self.index.columns, asked)
        judge = Judge(asked, self.rules, views)
        followers = self._followers(situation.followed_by, asked.day)
        own = situation.own_reference
        rows = (row for row in self.index.rows if own not in {row.order[0], row.structure.id})
        expected = followers.keys() | judge.refused_on.keys()
        judged = judge.judged(rows if own else self.index.rows, expected)
        picked = chosen(
            judge,
            judged,
            followers.keys(),
            lambda one: opening_worth(one.row, situation, self.rules),
        )
        proposed = [candidate(judge, one, followers.get(one.row.order[0], ())) for one in picked]
        refused = expected_elsewhere(judge, judged, picked, expected)
        return Match(
            first=proposed[0] if proposed else None,
            fallbacks=tuple(proposed[1:]),
            set_aside=tuple(set_aside(judge, one, self.index) for one in refused),
        )

    def _followers(self, names: Iterable[str], day: date) -> dict[str, tuple[str, ...]]:
        """Return those who follow the person: by reference, the names of whom they took over from.

        Whoever took over from a structure that followed the person follows them in its place.
        """
        found: dict[str, tuple[str, ...]] = {}
        for name in names:
            structure = self.index.named.get(name)
            former: tuple[str, ...] = ()
            while structure is not None and structure.reference not in found:
                found[structure.reference] = former
                if not structure.has_ended_on(day):
                    break
                former = (*former, structure.display_name)
                structure = self.index.named.get(structure.replaced_by)
        return found


def prepare(  # noqa: PLR0913  (what an answer depends on, spelt out)
    *,
    directory: Directory,
    communes: Communes,
    vocabularies: Vocabularies,
    networks: Networks,
    rules: MatchingRules,
    minors: MinorRule,
) -> Matcher:
    """Make a directory ready to be asked; done once for each directory."""
    index = build_index(directory, communes, rules)
    themes = {theme for one in index.columns.subjects for theme in one.themes}
    return Matcher(
        index=index,
        understanding=Understanding(
            communes=communes, vocabularies=vocabularies, rules=rules, minors=minors
        ),
        viewing=Viewing(
            networks=networks,
            rules=rules,
            motives_of_theme=motives_by_theme(vocabularies, themes),
            distances=distances_from(index.columns.places),
            languages=spoken_languages(index.columns.languages, vocabularies),
        ),
        rules=rules,
    )
