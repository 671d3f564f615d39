"""One made-up panel and the task on it."""

import pytest

from models.labels import Target
from tests.training.made import made_panel, task_for
from training.fit import Task
from training.panel import Labelled


@pytest.fixture(scope="session")
def panel() -> Labelled:
    return made_panel(160, seed=1, signal={"penalty_count_3y": 1.5, "late_filing_count": 1.0})


@pytest.fixture(scope="session")
def task(panel: Labelled) -> Task:
    return task_for(Target.CREDIT, panel)
