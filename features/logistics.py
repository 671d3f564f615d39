"""Features of waybills, parcels and departures (CEB511/505, 513, 509)."""

from functools import partial

from ibis.expr import types as ir

from domain.officer import Department
from domain.results import Words
from domain.table import Role, Source
from features.feature import Feature, Use
from features.ops import count_where, share
from features.papers import parcels


def unsigned_waybill_share(parcels: ir.Table) -> ir.Value:
    """Share of import waybills not signed for 15 days after the waybill, 180 days (T12)."""
    return share(parcels.unsigned)


def reused_waybill_count(parcels: ir.Table) -> ir.Value:
    """Declarations of 180 days whose waybill number another declaration has too (T12).

    A number must not be reused within six months (message specification, logisticsNo).
    """
    return count_where(parcels.reused)


def signed_before_release_share(parcels: ir.Table) -> ir.Value:
    """Share of signed imports of 180 days signed for before customs released them (T12)."""
    return share(parcels.signed_early)


def identical_weight_share(parcels: ir.Table) -> ir.Value:
    """Share of waybills of 180 days with a weight of two more, of goods of other value (T12)."""
    return share(parcels.same_weight)


def undeparted_export_share(parcels: ir.Table) -> ir.Value:
    """Share of exports released over 15 days ago that never left the country, 180 days (T6)."""
    return share(parcels.undeparted)


_parcel = partial(
    Feature,
    view=parcels,
    unit="ratio",
    role=Role.MERCHANT,
    sources=(Source.CUSTOMS, Source.LOGISTICS),
    departments=(Department.LOGISTICS,),
    use=Use.SUSPICION,
    risk="up",
)

LOGISTICS_FEATURES = (
    _parcel(
        unsigned_waybill_share,
        label=Words(zh="未签收运单占比", en="Share of waybills not signed for"),
        evidence=lambda rows: rows.unsigned,
    ),
    _parcel(
        reused_waybill_count,
        label=Words(zh="重复使用运单数", en="Reused waybill numbers"),
        unit="count",
        evidence=lambda rows: rows.reused,
    ),
    _parcel(
        signed_before_release_share,
        label=Words(zh="放行前签收占比", en="Share signed for before release"),
        departments=(Department.CUSTOMS, Department.LOGISTICS),
        evidence=lambda rows: rows.signed_early,
    ),
    _parcel(
        identical_weight_share,
        label=Words(zh="重量雷同占比", en="Share of identical weights"),
        evidence=lambda rows: rows.same_weight,
    ),
    _parcel(
        undeparted_export_share,
        label=Words(zh="未离境出口占比", en="Share of exports that never left"),
        departments=(Department.CUSTOMS, Department.LOGISTICS),
        evidence=lambda rows: rows.undeparted,
    ),
)
