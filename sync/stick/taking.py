"""Taking the bundles of a stick, file by file; memory holds one file at a time."""

from collections.abc import Callable, Collection, Sequence

from app.changes import Changes
from app.domain.identifiers import BundleName
from app.ports import StickPort
from sync.canonical import FormatError
from sync.registry import Registry
from sync.settlement import Outcome, Settlement
from sync.stick.findings import Found
from sync.stick.learning import StickFiles
from sync.stick.manifest import FileKind
from sync.stick.packs import bundles_of
from sync.stick.watch import StickProgress, StickStep, Watch
from sync.wire import ParsedBundle, parse_bundle, verify_bundle_signature


class Taking:
    """Settles what the files of a stick hold, and skips what is here.

    Attributes:
        records: how many events were new.
        bundles: how many bundles were new and settled; `known` ones were here already.
        is_cut: whether somebody made it stop before the end.
    """

    def __init__(
        self,
        sticks: StickPort,
        registry: Registry,
        settlement: Settlement,
        watch: Watch,
        changed: Callable[[Changes], None],
    ) -> None:
        self.records = self.bundles = self.known = 0
        self.is_cut = False
        self._sticks = sticks
        self._registry = registry
        self._settlement = settlement
        self._watch = watch
        self._changed = changed

    def take(self, files: StickFiles, found: Sequence[Found], spaces: Collection[bytes]) -> None:
        """Take the bundles of some spaces, then what waited for them.

        Raises:
            StickRemovedError: the stick went away; what was settled is kept.
        """
        wanted = [
            (one, file)
            for one in found
            for file in one.manifest.files
            if file.kind is FileKind.BUNDLES and file.audience in spaces
        ]
        total, done = sum(file.size for _, file in wanted), 0
        for one, file in wanted:
            self._watch.progress(StickProgress(step=StickStep.READING, done=done, total=total))
            self._take_file(*files.read(one, file), spaces)
            done += file.size
            if self.is_cut:
                return
        self._watch.progress(StickProgress(step=StickStep.READING, done=done, total=total))
        for outcome in self._settlement.retry():
            self._count(outcome)

    def _take_file(self, data: bytes, is_whole: bool, spaces: Collection[bytes]) -> None:  # noqa: FBT001
        bundles = [
            (name, bundle)
            for name, bundle in bundles_of(data)
            if self._is_wanted(bundle, spaces, is_whole=is_whole)
        ]
        held = self._sticks.held([BundleName(name) for name, _ in bundles])
        self.known += len(held)
        for name, bundle in bundles:
            if self._watch.cancelled():
                self.is_cut = True
                return
            if name not in held:
                self._count(self._settlement.settle(name, bundle))

    def _is_wanted(self, data: bytes, spaces: Collection[bytes], *, is_whole: bool) -> bool:
        """Is a bundle well formed, and of one of our spaces?

        Of a damaged file, which nobody answers for, only what a known machine really signed is
        taken: nothing else may fill the quarantine.
        """
        try:
            parsed = parse_bundle(data)
        except FormatError:
            return False
        return parsed.header.space in spaces and (is_whole or self._is_signed(parsed))

    def _is_signed(self, parsed: ParsedBundle) -> bool:
        machine = self._registry.incarnations.get(parsed.header.incarnation)
        if machine is None:
            return False
        try:
            verify_bundle_signature(parsed, self._registry.machines[machine].sign)
        except FormatError:
            return False
        return True

    def _count(self, outcome: Outcome) -> None:
        if outcome.settled is not None:
            self.bundles += 1
            self.records += outcome.settled.applied
            self._changed(outcome.settled.changes)
