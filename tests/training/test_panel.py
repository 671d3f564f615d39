from datetime import date

import pandas as pd

from models.labels import Outcomes, Target
from training.panel import Panel, with_labels

JANUARY, JUNE = date(2025, 1, 31), date(2025, 6, 30)


def test_every_row_is_labelled_or_counted() -> None:
    index = pd.MultiIndex.from_product(
        [[JANUARY, JUNE], ["A", "B", "C"]], names=["as_of", "enterprise"]
    )
    panel = Panel(pd.DataFrame({"order_count": range(6)}, index=index), {"dissolved": 4})
    findings = pd.DataFrame(
        {
            "enterprise": ["A", "B"],
            "found_by": ["random", "targeted"],
            "adverse": [False, True],
            "act": [None, "splitting"],
            "inspected_on": pd.to_datetime(["2025-03-01", "2025-03-01"]),
            "acts_from": pd.to_datetime(["2025-03-01", "2025-02-01"]),
            "acts_to": pd.to_datetime(["2025-03-01", "2025-02-20"]),
        }
    )
    events = pd.DataFrame({"enterprise": [], "decided_on": pd.to_datetime([])})
    outcomes = Outcomes(date(2025, 9, 30), date(2025, 9, 30), findings, events)
    made = with_labels(panel, outcomes, Target.FRAUD)
    assert made.labels["label"].to_dict() == {(JANUARY, "A"): 0, (JANUARY, "B"): 1}
    assert made.values["order_count"].tolist() == [0, 1]
    assert made.dropped == {
        "dissolved": 4,
        "other_act": 0,
        "not_inspected": 1,
        "horizon_still_open": 3,
    }
    assert len(made.labels) + sum(made.dropped.values()) == len(panel.values) + 4
