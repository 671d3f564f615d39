"""The one command refuses in one sentence, with an exit code, and leaves nothing half-made."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import lightgbm as lgb
import numpy as np
import pandas as pd
import pytest
import typer

import sandan
from features.catalogue import CREDIT_FEATURES
from models.registry import Registry
from models.risk_model import Calibration, RiskModel
from storage.engine import connect
from storage.home import Home
from storage.lake import Lake
from storage.laundering import Compartment
from storage.ledger import Ledger
from tests.conftest import lake_table
from tests.scoring_api.conftest import FEBRUARY, FIRST, JANUARY, issue, issue_laundering

# mlflow 3.17 asks sqlalchemy 2.1 for a loader that it will drop
pytestmark = pytest.mark.filterwarnings("ignore:The ``noload`` loader:DeprecationWarning")

AS_OF = "2026-06-30"
KEY = "ab" * 32
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process; gives exit code, output and standard error."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("SANDAN_")]:
        monkeypatch.delenv(name)

    def call(home: Path, *words: str, **variables: str) -> tuple[int, str, str]:
        monkeypatch.setenv("SANDAN_HOME", str(home))
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["sandan", *words])
        with pytest.raises(SystemExit) as ended:
            sandan.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return call


def one_sentence(said: str) -> str:
    """The sentence, if it is one line that a person can read."""
    assert said.endswith("\n")
    line = said.removesuffix("\n")
    assert "\n" not in line
    assert "Traceback" not in line
    assert "<" not in line
    return line


def left_in(home: Path) -> set[str]:
    """Files left behind but empty databases and locks."""
    return {
        str(path.relative_to(home))
        for path in home.rglob("*")
        if path.is_file()
        and path.suffix not in {".db", ".db-wal", ".db-shm", ".lock"}
        and path.name != ".lock"
    }


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("scan", "--as-of", AS_OF), "the zone is empty"),
        (("train", "--cutoff", AS_OF), "the zone is empty"),
        (("promote",), "no version of the model 'credit'"),
        (("report", "--as-of", AS_OF), f"No scan as of {AS_OF} is in the ledger"),
        (("report", "--as-of", AS_OF, "--enterprise", "x"), "No scan as of 2026-06-30 is in"),
        (("evaluate", "--after", AS_OF), "No scan as of any day is in the ledger"),
        (("summary",), "No scan as of any day is in the ledger"),
        (("train", "--cutoff", "2001-01-31"), "No policy was in force on 2001-01-31"),
        (("receive", "nowhere"), "The environment variable SANDAN_PSEUDONYM_KEY is not set"),
    ],
)
def test_an_empty_home_is_refused_in_a_sentence(
    run: Run, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    home = tmp_path / "home"
    code, _, said = run(home, *words)
    assert code == 1
    assert sentence in one_sentence(said)
    assert left_in(home) == set()
    assert not (home / "mlflow").exists()
    assert Ledger(Home(home)).nights() == Compartment(Home(home)).chain.nights() == []


def test_the_process_itself_ends_so(tmp_path: Path) -> None:
    environment = {**os.environ, "SANDAN_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-m", "sandan", "scan", "--as-of", AS_OF],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(Path(sandan.__file__).parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "the zone is empty" in one_sentence(done.stderr)
    assert not (tmp_path / "home" / "ledger").exists()


@pytest.mark.parametrize("bad", ["zz" * 32, "ab" * 16, "ab" * 33, "abc", ""])
@pytest.mark.parametrize("variable", ["SANDAN_PSEUDONYM_KEY", "SANDAN_SEAL_KEY"])
def test_a_bad_key_is_refused_before_anything_is_received(
    run: Run, tmp_path: Path, variable: str, bad: str
) -> None:
    home, drop = tmp_path / "home", tmp_path / "CEB311Message.xml"
    drop.write_text("<CEB311Message/>")
    keys = {"SANDAN_PSEUDONYM_KEY": KEY, "SANDAN_SEAL_KEY": KEY, variable: bad}
    code, _, said = run(home, "receive", str(drop), **keys)
    assert code == 1
    assert f"{variable} is not a key of 64 hexadecimal digits" in one_sentence(said)
    assert not bad or bad not in said
    assert not home.exists()


@pytest.mark.parametrize(
    ("variable", "value"), [("SANDAN_THREADS", "many"), ("SANDAN_MEMORY_LIMIT_MB", "0")]
)
def test_a_bad_setting_is_named(run: Run, tmp_path: Path, variable: str, value: str) -> None:
    code, _, said = run(tmp_path / "home", "summary", **{variable: value})
    assert code == 1
    assert one_sentence(said).startswith(f"The environment variable {variable} cannot be used: ")
    assert not (tmp_path / "home").exists()


def test_new_keys_are_keys_that_receive(run: Run, tmp_path: Path) -> None:
    _, made, _ = run(tmp_path / "home", "keys")
    keys = dict(line.split("=") for line in made.split())
    assert set(keys) == {"SANDAN_PSEUDONYM_KEY", "SANDAN_SEAL_KEY"}
    assert len(set(keys.values())) == 2
    code, _, said = run(tmp_path / "home", "receive", "nowhere", **keys)
    assert (code, one_sentence(said)) == (
        1,
        "nowhere cannot be received: there is no such file or folder.",
    )


def credit_model() -> RiskModel:
    draws = np.random.default_rng(1)
    values = draws.normal(size=(200, len(CREDIT_FEATURES)))
    labels = (values[:, 0] > 0).astype(int)
    data = lgb.Dataset(values, labels, feature_name=list(CREDIT_FEATURES))
    settings = {"objective": "binary", "num_threads": 1, "verbosity": -1, "seed": 1}
    text = lgb.train(settings, data, 2).model_to_string()
    fitted = {"cutoff": "2025-12-31"}
    return RiskModel("credit", CREDIT_FEATURES, text, Calibration(1.0, 0.0, "random"), fitted)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with an enterprise on the roll and a credit champion; tests copy it."""
    home = Home(tmp_path_factory.mktemp("graded"))
    lake = Lake(home, connect(home, threads=1, memory_limit_mb=256))
    begun = date(2026, 1, 1)
    row = {"credit_code": FIRST.code, "name": "x", "registered_on": begun}
    with lake.batch("first") as batch:
        batch.append("enterprises", lake_table("enterprises", [row]))
    registry = Registry(home.mlflow)
    made = registry.client.create_run(registry.experiment())
    model = credit_model()
    golden = pd.DataFrame(0.0, index=range(2), columns=list(model.features))
    registry.set_champion("credit", registry.register(made.info.run_id, model, golden, {}))
    return home


def test_a_day_before_the_first_row_is_refused_with_that_day(
    run: Run, graded: Home, tmp_path: Path
) -> None:
    shutil.copytree(graded.root, tmp_path / "home")
    for words in (("scan", "--as-of", "2025-12-31"), ("train", "--cutoff", "2025-12-31")):
        code, _, said = run(tmp_path / "home", *words)
        assert code == 1
        assert "the first row became known on 2026-01-01" in one_sentence(said)
    assert Ledger(Home(tmp_path / "home")).nights() == []


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def _overwrite(file: Path) -> None:
    file.write_bytes(b"not a database " * 600)


class Harm(NamedTuple):
    """A file of the registry, what is done to it, and what is then said."""

    file: str
    damage: Callable[[Path], object]
    sentence: str


@pytest.mark.parametrize(
    "harm",
    [
        Harm("model.lgb", _cut, "its sha256 is not the one the registry holds"),
        Harm("model.json", Path.unlink, "it is not there"),
        Harm("mlflow.db", _overwrite, "the registry cannot be read"),
    ],
)
def test_a_damaged_champion_issues_nothing(
    run: Run, graded: Home, tmp_path: Path, harm: Harm
) -> None:
    home = tmp_path / "home"
    shutil.copytree(graded.root, home)
    [damaged] = (home / "mlflow").rglob(harm.file)
    harm.damage(damaged)
    before = left_in(home)
    code, _, said = run(home, "scan", "--as-of", "2026-01-31")
    assert code == 1
    assert harm.sentence in one_sentence(said)
    assert left_in(home) == before
    assert not (home / "ledger").exists()
    assert not (home / "laundering").exists()


def test_evaluating_against_truth_that_is_not_there_is_refused_at_once(
    run: Run, graded: Home, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(graded.root, home)
    issue(Home(home))
    truth = tmp_path / "nowhere"
    code, _, said = run(home, "evaluate", "--after", "2025-12-31", "--truth", str(truth))
    assert code == 1
    assert f"No planted truth lies in {truth}" in one_sentence(said)
    assert not (home / "reports").exists()


def test_no_command_tells_what_the_compartment_holds(run: Run, tmp_path: Path) -> None:
    told: list[dict[str, object]] = []
    for name in ("told", "untold"):
        home = Home(tmp_path / name)
        issue(home)
        for night in (JANUARY, FEBRUARY) if name == "told" else ():
            issue_laundering(home, night)
        said = {
            words: run(home.root, *words)
            for words in (
                ("summary",),
                ("verify",),
                ("report", "--as-of", str(FEBRUARY)),
                ("report", "--as-of", str(FEBRUARY), "--enterprise", FIRST.code),
            )
        }
        assert [code for code, _, _ in said.values()] == [0] * len(said)
        pages = {path.name: path.read_bytes() for path in home.reports.iterdir()}
        assert len(pages) == 4
        heard = {words: re.sub(rf"{tmp_path}\S*", "", out) for words, (_, out, _) in said.items()}
        told.append({"said": heard, "pages": pages})
    assert told[0] == told[1]


def test_a_changed_night_is_found_and_said(run: Run, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    issue(home)
    assert run(home.root, "verify")[:2] == (0, "Both chains hold.\n")
    ledger = Ledger(home)
    scan = ledger.scan(JANUARY)
    _cut(ledger.chain.folder(scan.as_of, scan.digest) / "assessments.parquet")
    code, said, _ = run(home.root, "verify")
    assert code == 1
    assert f"The files of scan {scan.scan_id}" in said


def test_every_command_gives_an_example_and_says_what_each_option_means() -> None:
    def leaves(command: object) -> list[object]:
        inner = getattr(command, "commands", {})
        return [leaf for one in inner.values() for leaf in leaves(one)] if inner else [command]

    commands = leaves(typer.main.get_command(sandan.app))
    assert len(commands) > 15
    for command in commands:
        name = getattr(command, "name", "")
        assert "Example: sandan" in getattr(command, "help", ""), name
        for given in getattr(command, "params", ()):
            assert getattr(given, "help", None), (name, given)
