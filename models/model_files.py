"""A model on disk: `model.lgb`, LightGBM's own text, and `model.json` with all else.

`model.json` carries golden rows: values and the margins that the trees gave for them when they
were written. Reading checks the digests; `models.self_test` parses and checks the golden rows in
a process of its own.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from domain.errors import ModelDamaged, ModelMismatch
from models.risk_model import ADDITIVITY, Calibration, RiskModel

TREES = "model.lgb"
FACTS = "model.json"


def write_model(folder: Path, model: RiskModel, golden: pd.DataFrame) -> dict[str, str]:
    """Write the model's two files into `folder`.

    Args:
        folder: Is made if it is not there.
        model: What to write.
        golden: A few feature rows, missing values among them.

    Returns:
        File name -> sha256, which the registry keeps apart from the files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    values = golden[list(model.features)].astype(float)
    facts = model.facts() | {
        "version": model.version,
        "golden": {
            "values": values.astype(object).where(values.notna(), None).to_numpy().tolist(),
            "margins": model.margin(values).tolist(),
        },
    }
    (folder / TREES).write_text(model.text, encoding="utf-8", newline="")
    text = json.dumps(facts, ensure_ascii=False, indent=1, allow_nan=False)
    (folder / FACTS).write_text(text + "\n", encoding="utf-8")
    return digests(folder)


def digests(folder: Path) -> dict[str, str]:
    """File name -> sha256 of the two files as they lie there.

    Raises:
        ModelDamaged: One of them is not there.
    """
    lacking = [name for name in (TREES, FACTS) if not (folder / name).is_file()]
    if lacking:
        raise ModelDamaged(folder / lacking[0], "it is not there")
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (TREES, FACTS)
    }


def check_digests(folder: Path, expected: Mapping[str, str]) -> None:
    """Compare the files with what the registry says of them.

    Raises:
        ModelDamaged: A file is not there, or differs by a single byte.
    """
    for name, digest in digests(folder).items():
        if digest != expected.get(name):
            raise ModelDamaged(folder / name, "its sha256 is not the one the registry holds")


def check_features(folder: Path, catalogue: Collection[str]) -> None:
    """Refuse a model trained on features that this version no longer makes.

    Raises:
        ModelMismatch: Naming them.
    """
    facts = _facts(folder)
    lacking = [feature for feature in facts["features"] if feature not in catalogue]
    if lacking:
        raise ModelMismatch(facts["name"], lacking)


def read_model(folder: Path) -> RiskModel:
    """Parse the model. Only on files whose digests hold and whose self-test passed."""
    facts = _facts(folder)
    return RiskModel(
        name=facts["name"],
        features=tuple(facts["features"]),
        text=(folder / TREES).read_text(encoding="utf-8"),
        calibration=Calibration(**facts["calibration"]),
        fitted=facts["fitted"],
    )


def check_golden(folder: Path) -> None:
    """Score the golden rows again: same margins to the bit, and contributions that add up.

    Raises:
        ModelDamaged: They do not, or the trees are not those the facts speak of.
    """
    model, facts = read_model(folder), _facts(folder)
    golden = facts["golden"]
    values = pd.DataFrame(golden["values"], columns=facts["features"], dtype=float)
    scores = model.score(values)
    if model.version != facts["version"] or scores.margin.tolist() != golden["margins"]:
        raise ModelDamaged(folder / TREES, "the golden rows do not come out as written")
    total = scores.base + scores.contributions.sum(axis=1)
    if not np.allclose(total, scores.margin, rtol=0, atol=ADDITIVITY):
        raise ModelDamaged(folder / TREES, "its contributions do not add up to the margin")


def _facts(folder: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    return facts
