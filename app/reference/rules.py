"""The rules that the Region may change without a release, read from dated data files."""

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from app.domain.follow_up import FollowUpRule
from app.domain.interlocutors import InterlocutorRule
from app.domain.minors import MinorRule
from app.reference.matching_rules import MatchingRules, read_matching_rules


class Rules:
    """The rules of a folder, each read the first time it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def interlocutors(self) -> InterlocutorRule:
        """How many interlocutors a demand should have, and how they are counted."""
        content = self._read("interlocutors")
        return InterlocutorRule(
            target=content["target"], team_counts_once=content["team_counts_once"]
        )

    @cached_property
    def minors(self) -> MinorRule:
        """From which age somebody agrees alone, and who is proposed what first."""
        content = self._read("minors")
        return MinorRule(
            of_age_at=content["of_age_at"],
            agrees_alone_from=content["agrees_alone_from"],
            training_duty_from=content["training_duty_from"],
            without_activity=tuple(content["without_activity"]),
            first_network=content["first_network"],
        )

    @cached_property
    def follow_up(self) -> FollowUpRule:
        """After how long a referral is looked at again."""
        content = self._read("follow_up")
        return FollowUpRule(
            answer_expected_days=content["answer_expected_days"],
            to_close_days=content["to_close_days"],
        )

    @cached_property
    def asked_by(self) -> Mapping[str, tuple[str, ...]]:
        """By motive, the fields of a reception that it makes worth asking."""
        return self._asks("motive_questions")

    @cached_property
    def asked_by_status(self) -> Mapping[str, tuple[str, ...]]:
        """By situation, or by family of situations, the fields that it makes worth asking."""
        return self._asks("status_questions")

    @cached_property
    def matching(self) -> MatchingRules:
        """By which rules and weights a partner is chosen."""
        return read_matching_rules(self._folder / "matching.json")

    def _asks(self, name: str) -> Mapping[str, tuple[str, ...]]:
        asks = self._read(name)["asks"]
        return {code: tuple(fields) for code, fields in asks.items()}

    def _read(self, name: str) -> Mapping[str, Any]:
        text = (self._folder / f"{name}.json").read_text(encoding="utf-8")
        content: Mapping[str, Any] = json.loads(text)
        return content
