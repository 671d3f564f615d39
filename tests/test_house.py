"""The house's own rules that no linter holds."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
ROOMS = tuple(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
PRODUCT_FILES = sorted(
    [ROOT / "sandan.py", *(file for room in ROOMS for file in (ROOT / room).rglob("*.py"))]
)
MOST_FUNCTION_LINES = 40
MOST_FILE_LINES = 300
MOST_PARAMETERS = 5


def _functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = function.body[0]
    documented = ast.get_docstring(function) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def test_no_file_is_over_300_lines() -> None:
    files = [*PRODUCT_FILES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").glob("*.py")]
    lines = {file: len(file.read_text().splitlines()) for file in files}
    long = {str(file.relative_to(ROOT)): n for file, n in lines.items() if n > MOST_FILE_LINES}
    assert not long


def test_no_function_is_over_40_lines() -> None:
    long = [
        f"{file.relative_to(ROOT)}:{function.lineno} {function.name}"
        for file in PRODUCT_FILES
        for function in _functions(file)
        if _body_lines(function) > MOST_FUNCTION_LINES
    ]
    assert not long


def test_every_room_stands_on_a_floor() -> None:
    layers = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    placed = {room.strip() for layer in layers for room in layer.split("|")}
    folders = {init.parent.name for init in ROOT.glob("*/__init__.py")}
    assert placed == folders == set(ROOMS)


def test_architecture_names_every_folder() -> None:
    table = (ROOT / "docs/architecture.md").read_text()
    named = set(re.findall(r"^\| `([a-z_]+)/` \|", table, flags=re.MULTILINE))
    assert named == set(ROOMS)


def test_changelog_has_the_version() -> None:
    version = PROJECT["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text()


def test_no_other_distribution_ships_our_names() -> None:
    owners = metadata.packages_distributions()
    foreign = {room: owners[room] for room in ROOMS if set(owners.get(room, [])) - {"sandan"}}
    assert not foreign


@pytest.mark.parametrize("name", ["requirements.lock"])
def test_lock_is_hashed_and_holds_no_address(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    assert not [line for line in lines if "://" in line]
    pins = [i for i, line in enumerate(lines) if "==" in line]
    assert all("--hash=sha256:" in lines[i + 1] for i in pins)


def test_readme_gives_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "make demo" in readme
    assert "make test" in readme
