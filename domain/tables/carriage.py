"""Waybills, their status, arrivals and departures."""

from domain.table import Column, Kind, Role, Source, Table
from domain.tables.columns import (
    BILL_NO,
    CARRIER,
    CONSIGNEE,
    COP_NO,
    CURRENCY,
    CUSTOMS_CODE,
    DIRECTION,
    PRE_NO,
    REPORTED,
    TRANSPORT_MODE,
    WAYBILL_NO,
    amount,
)

_OPERATOR = Column("operator_code", Kind.TEXT, "Site operator (operatorCode)", role=Role.ENTERPRISE)
_OWN_NUMBERS = (COP_NO, PRE_NO)
_PACKAGE = Column("package_no", Kind.TEXT, "Bag, pallet or mailbag (totalPackageNo)")
_SITE = Column("site_no", Kind.TEXT, "Supervised site (loctNo)")

WAYBILLS = Table(
    name="waybills",
    source=Source.LOGISTICS,
    meaning="Parcel waybills (CEB511, CEB505)",
    key=("carrier_code", "waybill_no", "order_no"),
    happened="reported_at",
    subject="carrier_code",
    columns=(
        DIRECTION,
        CARRIER,
        WAYBILL_NO,
        BILL_NO,
        Column("order_no", Kind.TEXT, "Order number, import only (orderNo)"),
        Column(
            "merchant_code",
            Kind.TEXT,
            "Consignor, export only, often empty (ebcCode)",
            role=Role.MERCHANT,
        ),
        amount("freight", "Freight in currency (freight)"),
        amount("insured_fee", "Insurance in currency (insuredFee)"),
        CURRENCY,
        amount("gross_weight", "Gross weight, kg (weight, grossWeight)", required=True),
        Column("pieces", Kind.COUNT, "Pieces (packNo)", required=True),
        Column("goods_info", Kind.TEXT, "Main goods (goodsInfo)"),
        *CONSIGNEE,
        REPORTED,
    ),
)


WAYBILL_STATUS = Table(
    name="waybill_status",
    source=Source.LOGISTICS,
    meaning="Delivery status of import waybills (CEB513)",
    key=("carrier_code", "waybill_no", "status", "status_at"),
    happened="status_at",
    subject="carrier_code",
    columns=(
        CARRIER,
        WAYBILL_NO,
        Column("status", Kind.TEXT, "S signed for, R out, others kept (logisticsStatus)"),
        Column("status_at", Kind.MOMENT, "Time of the status (logisticsTime)", required=True),
        REPORTED,
    ),
)


ARRIVALS = Table(
    name="arrivals",
    source=Source.LOGISTICS,
    meaning="Export parcels arrived at the supervised site (CEB507)",
    key=("carrier_code", "waybill_no"),
    happened="reported_at",
    subject="carrier_code",
    columns=(
        CARRIER,
        WAYBILL_NO,
        BILL_NO,
        CUSTOMS_CODE,
        REPORTED,
        _OPERATOR,
        *_OWN_NUMBERS,
        _PACKAGE,
        _SITE,
    ),
)


IMPORT_ARRIVALS = Table(
    name="import_arrivals",
    source=Source.LOGISTICS,
    meaning="Import parcels unloaded at the supervised site (CEB711)",
    key=("carrier_code", "waybill_no", "bill_no"),
    happened="reported_at",
    subject="carrier_code",
    columns=(
        CARRIER,
        WAYBILL_NO,
        Column("bill_no", Kind.TEXT, "Master bill (billNo)", required=True),
        CUSTOMS_CODE,
        TRANSPORT_MODE,
        _OPERATOR,
        *_OWN_NUMBERS,
        Column("entry_no", Kind.TEXT, "Warehouse entry number (rkdNo)"),
        REPORTED,
    ),
)


DEPARTURES = Table(
    name="departures",
    source=Source.LOGISTICS,
    meaning="Export parcels that left the country (CEB509)",
    key=("carrier_code", "waybill_no"),
    happened="left_at",
    subject="carrier_code",
    columns=(
        CARRIER,
        WAYBILL_NO,
        BILL_NO,
        CUSTOMS_CODE,
        Column("left_at", Kind.MOMENT, "Time of departure (leaveTime)", required=True),
        REPORTED,
        *_OWN_NUMBERS,
        _PACKAGE,
    ),
)


CARRIAGE_TABLES = (WAYBILLS, WAYBILL_STATUS, ARRIVALS, IMPORT_ARRIVALS, DEPARTURES)
