"""Nights: the days at whose end the zone is graded, or was as it was known then."""

from datetime import date

import pandas as pd


def month_ends(first: date, last: date) -> list[date]:
    """The last days of months from `first` to `last`, both included."""
    return [day.date() for day in pd.date_range(first, last, freq="ME")]
