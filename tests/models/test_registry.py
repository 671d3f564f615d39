import json
import shutil
from dataclasses import replace
from pathlib import Path

import mlflow.lightgbm
import pandas as pd
import pytest

from domain.errors import ModelDamaged, ModelMismatch, ModelMissing
from models.model import NightModels
from models.model_files import FACTS, TREES, check_golden, digests, write_model
from models.registry import Registry, load, night_models, open_models, registry_of, self_test
from models.risk_model import RiskModel
from models.scorecard import Scorecard, ScorecardFeature
from storage.home import Home

# mlflow 3.17 asks sqlalchemy 2.1 for a loader that it will drop
pytestmark = pytest.mark.filterwarnings("ignore:The ``noload`` loader:DeprecationWarning")

_CARD = Scorecard(-2.0, (ScorecardFeature("worse", (0.0,), (0.0, 1.0), 0.0),))


@pytest.fixture(scope="module")
def zone(
    tmp_path_factory: pytest.TempPathFactory, model: RiskModel, values: pd.DataFrame
) -> Registry:
    """A registry whose credit champion is `model`; never changed by a test."""
    registry = registry_of(Home(tmp_path_factory.mktemp("zone")), "credit")
    run = registry.client.create_run(registry.experiment())
    version = registry.register(run.info.run_id, model, values.head(6), {"why": "test"})
    registry.set_champion("credit", version)
    return registry


@pytest.fixture
def folder(tmp_path: Path, model: RiskModel, values: pd.DataFrame) -> Path:
    write_model(tmp_path / "credit", model, values.head(6))
    return tmp_path / "credit"


def test_the_champion_scores_as_what_was_registered(
    zone: Registry, model: RiskModel, values: pd.DataFrame
) -> None:
    loaded = zone.champion("credit", model.features)
    assert loaded == model
    assert loaded.version == model.version
    assert loaded.score(values).margin.tolist() == model.score(values).margin.tolist()
    assert zone.champion_version("credit").tags["why"] == "test"


def test_a_home_that_was_moved_scores_on_and_logs_in_its_new_place(
    zone: Registry, tmp_path: Path, model: RiskModel, values: pd.DataFrame
) -> None:
    shutil.copytree(zone.folder, tmp_path / "elsewhere" / "mlflow")
    moved = Registry(tmp_path / "elsewhere" / "mlflow")
    before = sorted(path for path in zone.folder.rglob("*") if path.is_file())
    assert moved.champion("credit", model.features) == model
    run = moved.client.create_run(moved.experiment())
    version = moved.register(run.info.run_id, model, values.head(6), {})
    assert version == "2"
    assert moved.experiment() == moved.experiment()
    moved.set_champion("credit", version)
    assert moved.artifacts(moved.champion_version("credit")).is_relative_to(tmp_path)
    assert moved.champion("credit", model.features) == model
    assert sorted(path for path in zone.folder.rglob("*") if path.is_file()) == before


def test_the_logged_model_is_text_without_code_that_mlflow_can_load(
    zone: Registry, model: RiskModel
) -> None:
    folder = zone.artifacts(zone.champion_version("credit")) / "credit"
    assert {file.name for file in folder.iterdir()} == {TREES, FACTS, "MLmodel"}
    assert "code: null" in (folder / "MLmodel").read_text()
    assert mlflow.lightgbm.load_model(str(folder)).model_to_string() == model.text


def test_a_moved_home_finds_its_champion(zone: Registry, tmp_path: Path, model: RiskModel) -> None:
    shutil.copytree(zone.folder, tmp_path / "moved")
    moved = Registry(tmp_path / "moved")
    folder = moved.artifacts(moved.champion_version("credit"))
    assert folder.is_relative_to(tmp_path / "moved")
    assert moved.champion("credit", model.features) == model


def test_no_champion_is_said_and_nothing_is_written(tmp_path: Path, zone: Registry) -> None:
    with pytest.raises(ModelMissing, match="'credit'"):
        Registry(tmp_path / "mlflow").champion("credit", [])
    assert not list(tmp_path.iterdir())
    with pytest.raises(ModelMissing, match="'fraud'"):
        zone.champion("fraud", [])
    with pytest.raises(ModelMissing, match="'fraud'"):
        zone.latest_version("fraud")


def test_a_registry_that_cannot_be_read_is_not_an_empty_one(zone: Registry, tmp_path: Path) -> None:
    home = Home(tmp_path / "zone")
    shutil.copytree(zone.folder.parent, home.root)
    opened = Registry(home.mlflow)
    assert opened.champion_version("credit")
    opened.database.write_bytes(b"not a database " * 1000)
    for registry in (opened, Registry(home.mlflow)):
        for ask in (registry.champion_version, registry.latest_version):
            with pytest.raises(ModelDamaged, match="the registry cannot be read"):
                ask("credit")
        with pytest.raises(ModelDamaged):
            night_models(home, _CARD, [])


def test_a_champion_that_training_did_not_register_is_refused(
    zone: Registry, tmp_path: Path, model: RiskModel
) -> None:
    shutil.copytree(zone.folder, tmp_path / "mlflow")
    registry = Registry(tmp_path / "mlflow")
    made = registry.client.create_model_version("credit", "runs:/by/hand")
    registry.set_champion("credit", made.version)
    with pytest.raises(ModelDamaged, match="did not make it"):
        registry.champion("credit", model.features)


def test_the_night_takes_champions_and_falls_back_on_the_scorecard(
    zone: Registry, tmp_path: Path, model: RiskModel
) -> None:
    models = night_models(Home(zone.folder.parent), _CARD, model.features)
    assert (models.credit, models.fraud, models.laundering) == (model, None, None)
    assert night_models(Home(tmp_path), _CARD, []).credit == _CARD


def test_the_laundering_champion_lies_in_its_compartment_and_is_opened_by_the_night_alone(
    tmp_path: Path, model: RiskModel, values: pd.DataFrame
) -> None:
    home = Home(tmp_path / "zone")
    apart = registry_of(home, "laundering")
    assert apart.folder.parent == home.laundering
    run = apart.client.create_run(apart.experiment())
    own = replace(model, name="laundering")
    version = apart.register(run.info.run_id, own, values.head(6), {})
    apart.set_champion("laundering", version)
    assert home.laundering.stat().st_mode & 0o077 == 0
    assert not home.mlflow.exists()
    assert night_models(home, _CARD, model.features).laundering == own
    apart.database.write_bytes(b"not a database " * 1000)
    assert open_models(home, _CARD, model.features) == NightModels(_CARD, None, None)


def test_a_model_that_reads_what_the_catalogue_lacks_is_refused(zone: Registry) -> None:
    with pytest.raises(ModelMismatch, match="better"):
        zone.champion("credit", ["worse", "free"])


def test_a_same_length_edit_is_refused(folder: Path, model: RiskModel) -> None:
    sums = digests(folder)
    text = (folder / TREES).read_text()
    edited = text.replace("leaf_value=-", "leaf_value=+", 1)
    (folder / TREES).write_text(edited)
    assert len(edited) == len(text)
    with pytest.raises(ModelDamaged, match="sha256"):
        load(folder, sums, model.features)


@pytest.mark.parametrize("name", [TREES, FACTS])
def test_a_missing_file_is_refused(folder: Path, model: RiskModel, name: str) -> None:
    sums = digests(folder)
    (folder / name).unlink()
    with pytest.raises(ModelDamaged, match=f"{name}.*not there"):
        load(folder, sums, model.features)


def test_a_file_that_aborts_lightgbm_only_costs_a_process(folder: Path) -> None:
    whole = (folder / TREES).read_text()
    (folder / TREES).write_text(whole.replace("num_leaves=15", "num_leaves=99", 1))
    with pytest.raises(ModelDamaged, match="self-test failed"):
        self_test(folder, 60)


def test_loading_self_tests_files_whose_digests_hold(folder: Path, model: RiskModel) -> None:
    facts = json.loads((folder / FACTS).read_text())
    facts["golden"]["margins"][0] += 1e-6
    (folder / FACTS).write_text(json.dumps(facts))
    with pytest.raises(ModelDamaged, match="golden rows do not come out"):
        load(folder, digests(folder), model.features)


def test_a_self_test_without_end_is_ended(folder: Path) -> None:
    with pytest.raises(ModelDamaged, match="no self-test within"):
        self_test(folder, 0.01)


def test_golden_rows_notice_other_trees(folder: Path, values: pd.DataFrame) -> None:
    check_golden(folder)
    facts = json.loads((folder / FACTS).read_text())
    facts["golden"]["margins"][0] += 1e-12
    (folder / FACTS).write_text(json.dumps(facts))
    with pytest.raises(ModelDamaged, match="golden rows"):
        check_golden(folder)
    assert values.head(6).isna().to_numpy().any()
