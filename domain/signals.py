"""All tables as they were known at the end of one day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import ibis


@dataclass(frozen=True, slots=True)
class Signals:
    """Every table of the zone, one row per document, as known on `as_of`.

    Made by `storage.lake.read_signals` alone, the one place that cuts time. The fields are
    lazy Ibis tables in lake shape (`domain.tables`), of the same names.

    Attributes:
        as_of: Everything known by the end of this day, China time, is in; nothing later.
        covered: Source name -> last day to which that source's data is complete, without a gap
            in the year before; a source that never spoke is absent. "Nothing is not missing"
            rests on it.
        keep: Reckons rows now; the engine holds them as long as these signals live.
    """

    as_of: date
    covered: dict[str, date]
    keep: Callable[[ibis.Table], ibis.Table]
    enterprises: ibis.Table
    aliases: ibis.Table
    relations: ibis.Table
    complaints: ibis.Table
    registry_events: ibis.Table
    authority_grades: ibis.Table
    findings: ibis.Table
    trade_measures: ibis.Table
    interface_events: ibis.Table
    coverage: ibis.Table
    orders: ibis.Table
    order_lines: ibis.Table
    payments: ibis.Table
    waybills: ibis.Table
    waybill_status: ibis.Table
    declarations: ibis.Table
    declaration_lines: ibis.Table
    customs_returns: ibis.Table
    cancellations: ibis.Table
    returns: ibis.Table
    return_lines: ibis.Table
    export_returns: ibis.Table
    export_return_lines: ibis.Table
    export_return_arrivals: ibis.Table
    tax_bills: ibis.Table
    tax_bill_lines: ibis.Table
    tax_bill_status: ibis.Table
    customs_receipts: ibis.Table
    arrivals: ibis.Table
    import_arrivals: ibis.Table
    manifests: ibis.Table
    summary_applications: ibis.Table
    summary_results: ibis.Table
    departures: ibis.Table
    bank_flows: ibis.Table
    tax_filings: ibis.Table
    rebates: ibis.Table
    invoices: ibis.Table
    capacity: ibis.Table
    subsidies: ibis.Table
    bonded_stock: ibis.Table
    exchange_rates: ibis.Table
    platform_payments: ibis.Table
    platform_accounts: ibis.Table
    platform_income: ibis.Table
    flags: ibis.Table
    _kept: dict[Callable[["Signals"], ibis.Table], ibis.Table] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def once(self, view: Callable[["Signals"], ibis.Table]) -> ibis.Table:
        """The rows of `view(self)`, reckoned once however many read them."""
        if view not in self._kept:
            self._kept[view] = self.keep(view(self))
        return self._kept[view]
