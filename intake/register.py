"""Which enterprise a code speaks of: credit codes and customs codes, resolved to credit codes.

A customs code may pass from one enterprise to another, so it is resolved by the day on which the
document happened. A credit code that was replaced stays as it is in what is kept, because the
keys of documents must not change; readers meet its documents under the new one.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from domain.identity import normal_code
from intake.offered import Mask, Values
from intake.typed import mask_of

_NOBODY = "无"
ROLL_COLUMNS = ("credit_code", "customs_code", "known_at")
ALIAS_COLUMNS = ("enterprise_code", "kind", "alias", "valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class Resolved:
    """Codes after resolving.

    Attributes:
        codes: Credit codes; a code that nobody on the roll holds stays as it was given.
        unknown: Rows whose code nobody on the roll holds.
    """

    codes: Values
    unknown: Mask


@dataclass(slots=True)
class _Holders:
    """Who held a customs code, by the roll and by dated aliases.

    Attributes:
        first_days: First day of each holder on the roll, in order.
        codes: Their credit codes.
        aliases: First day, last day and credit code where the register states them.
    """

    first_days: list[date]
    codes: list[str]
    aliases: list[tuple[date, date, str]]

    def one(self) -> str | None:
        """The only holder there ever was; None where the day decides."""
        every = {*self.codes, *(code for _, _, code in self.aliases)}
        return next(iter(every)) if len(every) == 1 else None

    def on(self, day: date | None) -> str:
        """The holder on a day; the latest where no day is known, the nearest outside all."""
        day = day or date.max
        for first, last, code in self.aliases:
            if first <= day <= last:
                return code
        if self.codes:
            return self.codes[max(bisect_right(self.first_days, day) - 1, 0)]
        return min(self.aliases, key=lambda alias: abs(alias[0] - day))[2]


class Register:
    """Every code of every enterprise on the roll, as accepted so far."""

    def __init__(self) -> None:
        self._credit_codes: set[str] = set()
        self._replaced: set[str] = set()
        self._holders: dict[str, _Holders] = {}

    def enter(self, rows: pa.Table) -> None:
        """Enter versions of the roll, `ROLL_COLUMNS`, in the order in which they became known."""
        columns: list[Values] = [rows[name].to_pylist() for name in ROLL_COLUMNS]
        for credit, customs, known_at in zip(*columns, strict=True):
            self._credit_codes.add(credit)
            if customs is None:
                continue
            held = self._held(customs)
            if not held.codes:
                held.first_days, held.codes = [date.min], [credit]
            elif held.codes[-1] != credit:
                held.first_days.append(max(known_at.date(), held.first_days[-1]))
                held.codes.append(credit)

    def enter_aliases(self, rows: pa.Table) -> None:
        """Enter all aliases that stand, `ALIAS_COLUMNS`; of several for a day the first holds.

        Those entered before hold no longer.
        """
        self._replaced = set()
        self._holders = {code: held for code, held in self._holders.items() if held.codes}
        for held in self._holders.values():
            held.aliases.clear()
        columns: list[Values] = [rows[name].to_pylist() for name in ALIAS_COLUMNS]
        for credit, kind, alias, first, last in zip(*columns, strict=True):
            if kind == "credit_code":
                self._replaced.add(alias)
            if kind == "customs_code":
                self._held(alias).aliases.append((first, last or date.max, credit))

    def holds(self, code: str) -> bool:
        """Whether an enterprise on the roll has, or had, this code."""
        return code in self._credit_codes or code in self._replaced or code in self._holders

    def resolve(self, codes: Values, happened: Values) -> Resolved:
        """Resolve a column of codes; 无, which a foreign platform may write, becomes null.

        Args:
            codes: Codes of either kind.
            happened: When each document happened, a date or moment.
        """
        encoded = codes.combine_chunks().dictionary_encode()
        distinct = [normal_code(code) for code in encoded.dictionary.to_pylist()]
        given = [None if code == _NOBODY else code for code in distinct]
        credit = [code and self._always(code) for code in given]
        unknown = pa.array(
            [code is not None and not self.holds(code) for code in given], pa.bool_()
        )
        resolved: Values = pa.array(credit, pa.string()).take(encoded.indices)
        passed_on = [
            one is None and code is not None for code, one in zip(given, credit, strict=True)
        ]
        if any(passed_on):
            rows = mask_of(pa.array(passed_on, pa.bool_()).take(encoded.indices))
            resolved = self._by_day(resolved, rows, pa.array(given).take(encoded.indices), happened)
        return Resolved(resolved, mask_of(unknown.take(encoded.indices)))

    def _by_day(self, resolved: Values, rows: Mask, codes: Values, happened: Values) -> Values:
        places: Values = pa.array(rows)
        days = happened.cast(pa.date32()).filter(places).to_pylist()
        held = codes.filter(places).to_pylist()
        holders = [self._holders[code].on(day) for code, day in zip(held, days, strict=True)]
        return pc.replace_with_mask(resolved, places, pa.array(holders, pa.string()))

    def _always(self, code: str) -> str | None:
        """What a code leads to on any day; None where the day decides."""
        return self._holders[code].one() if code in self._holders else code

    def _held(self, customs_code: str) -> _Holders:
        return self._holders.setdefault(customs_code, _Holders([], [], []))
