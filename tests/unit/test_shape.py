"""The shape of the project: lengths, names, sentences of refusals, nothing of one machine."""

import ast
import importlib
import pkgutil
import re
import subprocess
import tomllib
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "ui", "sync", "resources")
TOP_LEVEL_FOLDERS = {*PACKAGES, "tests", "docs", "deploy", ".ci"}
SCRIPTS = ("__main__", ".migrations.env")  # they act when they are imported
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
NAMES_THAT_SAY_NOTHING = {"util", "utils", "helper", "helpers", "common", "manager", "base", "misc"}

# Written in pieces, so that this file does not hold what it forbids.
HOSTS_AND_MACHINE_PATHS = re.compile(
    "|".join(
        (
            r"pypi\." + r"org",
            r"python" + r"hosted",
            r"(?<![\w./-])/opt/" + r"(pypi|wheels)",
            r"(?<![\w./-])/(work|farm)/" + r"\w",
            r"(?<![\w./-])/(root|home/\w+|Users/\w+)/" + r"\w",
            r"[A-Z]:\\Users\\" + r"\w",
            r"--(extra-)?index-" + r"url[ =]\S*//",
        )
    )
)


@cache
def project_files() -> tuple[Path, ...]:
    """Every file of the repository, or about to enter it."""
    # A container often runs as another user than the owner of the checkout: git may read it still.
    git = ["git", "-c", f"safe.directory={ROOT}"]
    listing = subprocess.run(
        [*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode != 0:
        pytest.skip("not a git checkout, or no git here")
    files = (ROOT / name for name in listing.stdout.split("\0") if name)
    return tuple(sorted(path for path in files if path.is_file()))


def python_files() -> list[Path]:
    return [path for path in project_files() if path.suffix == ".py"]


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_python_file_is_longer_than_400_lines():
    lengths = {place(path): len(path.read_text("utf-8").splitlines()) for path in python_files()}
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE} == {}


def test_no_function_is_longer_than_40_lines():
    too_long = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    too_long.append(f"{place(path)}: {node.name} has {lines} lines")
    assert too_long == []


def test_every_module_says_what_it_is_for():
    silent = [
        place(path)
        for path in python_files()
        if not ast.get_docstring(ast.parse(path.read_bytes()))
    ]
    assert silent == []


def test_folders_and_modules_have_names_that_say_something():
    named_for_nothing = {
        place(path)
        for path in project_files()
        for part in (*path.relative_to(ROOT).parts[:-1], path.stem if path.suffix == ".py" else "")
        if part.lower().strip("_") in NAMES_THAT_SAY_NOTHING
    }
    assert named_for_nothing == set()


def test_no_new_folder_joins_the_top_level():
    folders = {path.relative_to(ROOT).parts[0] for path in project_files() if path.parent != ROOT}
    assert folders <= TOP_LEVEL_FOLDERS


def test_folders_of_tests_do_not_shadow_the_packages():
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()}
    assert folders.isdisjoint(PACKAGES)


def test_no_file_names_a_registry_or_a_place_on_one_machine():
    found = []
    for path in project_files():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{place(path)}: {hit.group()}" for hit in HOSTS_AND_MACHINE_PATHS.finditer(text)]
    assert found == []


def test_changelog_and_metadata_agree_on_the_version():
    changelog = ROOT / "CHANGELOG.md"
    if not changelog.exists():
        pytest.skip("CHANGELOG.md is not written yet")
    versions = re.findall(r"^## \[?v?(\d+\.\d+\.\d+)", changelog.read_text("utf-8"), re.MULTILINE)
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert versions[:1] == [metadata["project"]["version"]]


@cache
def refusals() -> tuple[type[Exception], ...]:
    """Every refusal of the program: classes below AppError that are raised as they are."""
    if find_spec("app.domain.errors") is None:
        pytest.skip("app.domain.errors is not written yet")
    for package in PACKAGES:
        for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if not module.name.endswith(SCRIPTS):
                importlib.import_module(module.name)
    root = importlib.import_module("app.domain.errors").AppError
    return tuple(_concrete(root))


def _concrete(family: type[Exception]) -> list[type[Exception]]:
    below = family.__subclasses__()
    inherited = [found for child in below for found in _concrete(child)]
    is_raised = family.__module__.startswith(PACKAGES) and (not below or "code" in vars(family))
    # AppError itself declares `code` and is never raised.
    return inherited + ([family] if is_raised and getattr(family, "code", "") else [])


def test_every_refusal_has_a_code_of_its_own():
    codes = Counter(refusal.code for refusal in refusals())
    assert {code: times for code, times in codes.items() if times > 1} == {}


def test_a_refusal_without_refusals_below_declares_its_code():
    root = importlib.import_module("app.domain.errors").AppError if refusals() else None
    unnamed = []
    families = [root] if root else []
    while families:
        family = families.pop()
        below = family.__subclasses__()
        families += below
        if not below and not vars(family).get("code") and family.__module__.startswith(PACKAGES):
            unnamed.append(f"{family.__module__}.{family.__name__}")
    assert unnamed == []


def test_every_refusal_has_a_french_sentence():
    if find_spec("ui.texts") is None:
        pytest.skip("ui.texts is not written yet")
    sentence = importlib.import_module("ui.texts").sentence
    mute = []
    for refusal in refusals():
        try:
            said = sentence(refusal.code)
        except LookupError:
            said = ""
        if len(said.split()) < 2:
            mute.append(refusal.code)
    assert mute == []
