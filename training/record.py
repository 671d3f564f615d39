"""Log a trained model: an MLflow run with parameters, figures, pictures, data manifest, model."""

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from mlflow.entities import Metric, Param

from models.metrics import Figure
from models.registry import Registry
from models.shap_pictures import summary_pictures
from storage.lake import Lake
from training.figures import at_budget, calibration_loss, margin_shift, pictures
from training.fit import TREES, Fitted
from training.rival import HELD_OUT, Rival

MANIFEST = "data_manifest.json"
_PICTURED = 2000


@dataclass(frozen=True, slots=True)
class Work:
    """Everything of one target that a run keeps.

    Attributes:
        fitted: The model, its held-out rows and golden rows.
        held_out: Those rows with `scorecard` and `rival` margins beside.
        figures: Name -> figure.
        rival: What the challenger is compared with.
        dropped: Reason -> rows without a label.
        values: Feature rows for the pictures.
        manifest: Lake file -> sha256.
    """

    fitted: Fitted
    held_out: pd.DataFrame
    figures: Mapping[str, Figure]
    rival: Rival
    dropped: Mapping[str, int]
    values: pd.DataFrame
    manifest: Mapping[str, str]


def data_manifest(lake: Lake) -> dict[str, str]:
    """Lake file, relative to the lake -> sha256 of its bytes; of those that count."""
    folder = lake.home.lake
    counted = (path for paths in lake.journal.files().values() for path in paths)
    files = sorted(path for path in counted if path.is_relative_to(folder))
    return {str(file.relative_to(folder)): _sha256(file) for file in files}


def record(registry: Registry, work: Work) -> tuple[str, str]:
    """Log the run and register the model.

    Returns:
        Run id, and the version number in the registry.
    """
    model = work.fitted.model
    with _run(registry, model.name, work.rival) as run_id, tempfile.TemporaryDirectory() as scratch:
        registry.client.log_batch(run_id, metrics=_metrics(work), params=_params(work))
        _write(Path(scratch), work)
        registry.client.log_artifacts(run_id, scratch)
        golden, tags = work.fitted.golden, work.rival.tags()
        return run_id, registry.register(run_id, model, golden, tags)


@contextmanager
def _run(registry: Registry, name: str, rival: Rival) -> Iterator[str]:
    """A run of our own store; a run that `mlflow run` opened elsewhere is left alone."""
    tags = {"sandan.target": name, **rival.tags()}
    made = registry.client.create_run(registry.experiment(), run_name=f"train {name}", tags=tags)
    status = "FAILED"
    try:
        yield made.info.run_id
        status = "FINISHED"
    finally:
        registry.client.set_terminated(made.info.run_id, status)


def _metrics(work: Work) -> list[Metric]:
    values = {
        "log_loss": calibration_loss(work.held_out, work.fitted.model.calibration),
        "margin_psi": margin_shift(work.fitted.model, work.values),
        **at_budget(work.held_out),
    }
    for name, each in work.figures.items():
        whole = {"": each.value, "_low": each.low, "_high": each.high}
        values |= {f"{name}{end}": value for end, value in whole.items() if value is not None}
        values |= {f"{name}_rows": each.rows, f"{name}_positives": each.positives}
    return [Metric(name, float(value), 0, 0) for name, value in values.items()]


def _params(work: Work) -> list[Param]:
    model = work.fitted.model
    labelled = {f"dropped.{reason}": rows for reason, rows in work.dropped.items()}
    digest = hashlib.sha256(json.dumps(work.manifest, sort_keys=True).encode()).hexdigest()
    facts = {
        **TREES,
        **model.fitted,
        **labelled,
        "features": len(model.features),
        "calibrated_on": model.calibration.judged_on,
        "data_digest": digest,
    }
    return [Param(name, str(value)) for name, value in facts.items()]


def _write(folder: Path, work: Work) -> None:
    work.held_out.reset_index().to_parquet(folder / HELD_OUT, index=False)
    text = json.dumps(work.manifest, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    shown = work.values.tail(_PICTURED)
    drawn = pictures(work.held_out, work.fitted.model.calibration)
    for stem, picture in (drawn | summary_pictures(work.fitted.model, shown)).items():
        picture.savefig(folder / f"{stem}.png", dpi=110)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
