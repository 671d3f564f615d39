"""The registries of trained models: MLflow in the home folder, and the way back out of it.

The laundering model has a registry of its own in its compartment; no other says that it exists.

A registered model is LightGBM's text and our JSON; it holds no code. Loading trusts nothing: the
files must have the digests that the registry keeps apart from them, and pass a self-test in a
process of their own.
"""

import logging
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlparse

import lightgbm as lgb
import pandas as pd
from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.models import Model as MlflowModel
from mlflow.models import ModelSignature
from mlflow.models.model import MLMODEL_FILE_NAME
from mlflow.types import ColSpec, Schema
from sqlalchemy.exc import SQLAlchemyError

from domain.errors import ModelDamaged, ModelMissing
from models.labels import Target
from models.model import Model, NightModels
from models.model_files import TREES, check_digests, check_features, read_model, write_model
from models.risk_model import RiskModel
from storage.home import Home

CHAMPION = "champion"
EXPERIMENT = "sandan"
SELF_TEST_SECONDS = 60.0
VERSION = "sandan.version"
_FOLDER = "sandan.folder"
_NONE_THERE = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")
"""What MLflow answers for a name, and for an alias, that it does not hold."""

logging.getLogger("mlflow").setLevel(logging.WARNING)
logging.getLogger("alembic").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Registry:
    """MLflow's tracking store and model registry in one folder; runs nothing in the background.

    Attributes:
        folder: Where both lie. Model files are found relative to it, so it may be moved.
    """

    folder: Path

    @property
    def database(self) -> Path:
        """MLflow's one SQLite file."""
        return self.folder / "mlflow.db"

    @cached_property
    def client(self) -> MlflowClient:
        """MLflow's client on this store, whatever the environment says."""
        for folder in (self.folder.parent, self.folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        address = f"sqlite:///{self.database.resolve()}"
        return MlflowClient(tracking_uri=address, registry_uri=address)

    def experiment(self) -> str:
        """Id of the one experiment; made with its artifacts beside it if it is not there.

        MLflow keeps where artifacts lie as a whole path. In a home that was moved the earlier
        experiment is put aside under another name, so that nothing is logged to the old place.
        """
        artifacts = (self.folder / "artifacts").resolve().as_uri()
        found = self.client.get_experiment_by_name(EXPERIMENT)
        if found is not None and found.artifact_location == artifacts:
            return str(found.experiment_id)
        if found is not None:
            aside = f"{EXPERIMENT} {found.experiment_id}, before the home was moved"
            self.client.rename_experiment(found.experiment_id, aside)
        return str(self.client.create_experiment(EXPERIMENT, artifact_location=artifacts))

    def register(
        self, run_id: str, model: RiskModel, golden: pd.DataFrame, tags: Mapping[str, str]
    ) -> str:
        """Log the model with its run and make it a version under its name.

        Args:
            run_id: The run that trained it.
            model: What to register.
            golden: A few feature rows for the self-test.
            tags: What else the version shall say of itself.

        Returns:
            The version number that MLflow gave.
        """
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / model.name
            sums = write_model(folder, model, golden)
            _mlflow_model(model).save(str(folder / MLMODEL_FILE_NAME))
            self.client.log_artifacts(run_id, str(folder), model.name)
        own = {f"sha256.{file}": digest for file, digest in sums.items()}
        own |= {_FOLDER: self._folder(run_id, model.name), VERSION: model.version}
        if not self.client.search_registered_models(f"name = '{model.name}'"):
            self.client.create_registered_model(model.name)
        source = f"runs:/{run_id}/{model.name}"
        made = self.client.create_model_version(model.name, source, run_id, tags={**own, **tags})
        return str(made.version)

    def set_champion(self, name: str, version: str) -> None:
        """Put the version in force from the next scan on."""
        self.client.set_registered_model_alias(name, CHAMPION, version)

    def champion_version(self, name: str) -> ModelVersion:
        """MLflow's record of the champion.

        Raises:
            ModelMissing: No version of that name is in force, or there is no registry yet.
            ModelDamaged: The registry cannot be read; that is not the same as an empty one.
        """
        if not self.database.is_file():
            raise ModelMissing(name)
        with self._readable():
            try:
                return self.client.get_model_version_by_alias(name, CHAMPION)
            except MlflowException as error:
                if error.error_code not in _NONE_THERE:
                    raise
                raise ModelMissing(name) from error

    def latest_version(self, name: str) -> ModelVersion:
        """MLflow's record of the version registered last.

        Raises:
            ModelMissing: Nothing of that name was ever registered.
            ModelDamaged: The registry cannot be read.
        """
        if not self.database.is_file():
            raise ModelMissing(name, "version")
        with self._readable():
            found = self.client.search_model_versions(f"name = '{name}'")
        if not found:
            raise ModelMissing(name, "version")
        return max(found, key=lambda version: int(version.version))

    def artifacts(self, version: ModelVersion) -> Path:
        """The folder of what the version's run logged."""
        return (self.folder / version.tags[_FOLDER]).parent

    def champion(self, name: str, catalogue: Collection[str]) -> RiskModel:
        """The verified champion of that name.

        Args:
            name: "credit", "fraud" or "laundering".
            catalogue: The features that this version makes.

        Raises:
            ModelMissing: None is in force.
            ModelDamaged: Its files are not what the registry says, or fail the self-test.
            ModelMismatch: It reads features that the catalogue lacks.
        """
        found = self.champion_version(name)
        if _FOLDER not in found.tags:
            strange = f"of {name} version {found.version}"
            raise ModelDamaged(strange, "`sandan train` did not make it")
        folder = self.folder / found.tags[_FOLDER]
        return load(folder, _sums(found.tags), catalogue)

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except (MlflowException, SQLAlchemyError) as error:
            why = f"the registry cannot be read ({str(error).splitlines()[0]})"
            raise ModelDamaged(self.database, why) from error

    def _folder(self, run_id: str, name: str) -> str:
        address = self.client.get_run(run_id).info.artifact_uri
        artifacts = Path(unquote(urlparse(address).path))
        return str((artifacts / name).relative_to(self.folder.resolve()))


def registry_of(home: Home, name: str) -> Registry:
    """Where the models of that name are kept."""
    return Registry(home.laundering / "mlflow" if name == Target.LAUNDERING else home.mlflow)


def load(folder: Path, sums: Mapping[str, str], catalogue: Collection[str]) -> RiskModel:
    """Verify, self-test, then parse one model folder.

    Args:
        folder: Where the files lie.
        sums: File name -> sha256 that they must have.
        catalogue: The features that this version makes.

    Raises:
        ModelDamaged: A file is missing or differs, or the self-test fails.
        ModelMismatch: The model reads features that the catalogue lacks.
    """
    check_digests(folder, sums)
    check_features(folder, catalogue)
    self_test(folder, SELF_TEST_SECONDS)
    return read_model(folder)


def self_test(folder: Path, seconds: float) -> None:
    """Parse the model and score its golden rows in a process of its own.

    Raises:
        ModelDamaged: The process refused, died, or did not end within `seconds`.
    """
    command = [sys.executable, "-m", "models.self_test", str(folder)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            command, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise ModelDamaged(folder / TREES, f"no self-test within {seconds:g} s") from late
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        raise ModelDamaged(folder / TREES, f"its self-test failed ({last})")


def open_models(home: Home, scorecard: Model, catalogue: Collection[str]) -> NightModels:
    """The models in force outside the compartment, which is not looked into.

    Where there is no champion the scorecard is in force, or nothing.

    Raises:
        ModelDamaged: A champion cannot be trusted.
        ModelMismatch: A champion reads features that the catalogue lacks.
    """
    credit, fraud = (_champion(home, name, catalogue) for name in (Target.CREDIT, Target.FRAUD))
    return NightModels(credit or scorecard, fraud, laundering=None)


def night_models(home: Home, scorecard: Model, catalogue: Collection[str]) -> NightModels:
    """All models in force, the compartment's too; raises as `open_models` does."""
    laundering = _champion(home, Target.LAUNDERING, catalogue)
    return replace(open_models(home, scorecard, catalogue), laundering=laundering)


def _champion(home: Home, name: str, catalogue: Collection[str]) -> RiskModel | None:
    try:
        return registry_of(home, name).champion(name, catalogue)
    except ModelMissing:
        return None


def _mlflow_model(model: RiskModel) -> MlflowModel:
    """What MLflow needs to load the trees by itself: their raw probability, without calibration."""
    inputs = Schema([ColSpec("double", feature) for feature in model.features])
    made = MlflowModel(signature=ModelSignature(inputs, Schema([ColSpec("double")])))
    made.add_flavor(
        "lightgbm",
        lgb_version=lgb.__version__,
        data=TREES,
        model_class="lightgbm.basic.Booster",
        code=None,
    )
    made.add_flavor("python_function", loader_module="mlflow.lightgbm", data=TREES)
    return made


def _sums(tags: Mapping[str, str]) -> dict[str, str]:
    prefix = "sha256."
    return {key.removeprefix(prefix): tag for key, tag in tags.items() if key.startswith(prefix)}
