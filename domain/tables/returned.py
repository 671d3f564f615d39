"""Goods that come back: applications with their goods, and arrivals of returned exports."""

from domain.table import Column, Kind, Role, Source, Table
from domain.tables.columns import (
    AGENT,
    BILL_NO,
    BUYER,
    CARRIER,
    COP_NO,
    LINE_NO,
    MERCHANT,
    ORDER_NO,
    PLATFORM,
    PRE_NO,
    REPORTED,
    SITE_NO,
    TRANSPORT_MODE,
    WAYBILL_NO,
    amount,
)

_DECLARATION = Column("declaration_no", Kind.TEXT, "Inventory number (invtNo)", required=True)
_REASON = Column("reason", Kind.TEXT, "Reason (reason)")
_CUSTOMS = Column("customs_code", Kind.TEXT, "Customs district (customsCode)")
_CARRIER = Column("carrier_code", Kind.TEXT, "Carrier (logisticsCode)", role=Role.CARRIER)
_WAYBILL = Column("waybill_no", Kind.TEXT, "Parcel waybill number (logisticsNo)")
_RETURN_NO = Column("return_no", Kind.TEXT, "Export return number (coElNo)", required=True)
_GOODS = (
    Column("hs_code", Kind.TEXT, "HS code, 10 digits (gcode)", required=True),
    Column("goods_name", Kind.TEXT, "Name for customs (gname)", required=True),
    amount("quantity", "Quantity in unit (qty)", required=True),
    Column("unit", Kind.TEXT, "Customs unit code (unit)", required=True),
)

RETURNS = Table(
    name="returns",
    source=Source.CUSTOMS,
    meaning="Applications to return imported goods (CEB625)",
    key=("agent_code", "declaration_no", "reported_at"),
    happened="reported_at",
    subject="merchant_code",
    columns=(
        PLATFORM,
        MERCHANT,
        AGENT,
        ORDER_NO,
        _DECLARATION,
        _REASON,
        REPORTED,
        _CUSTOMS,
        _CARRIER,
        _WAYBILL,
        COP_NO,
        PRE_NO,
        *BUYER,
    ),
)


RETURN_LINES = Table(
    name="return_lines",
    source=Source.CUSTOMS,
    meaning="Goods of a return of imported goods (InvtRefundList)",
    key=("agent_code", "declaration_no", "reported_at", "line_no"),
    happened="reported_at",
    line="line_no",
    columns=(AGENT, _DECLARATION, REPORTED, LINE_NO, *_GOODS),
)


EXPORT_RETURNS = Table(
    name="export_returns",
    source=Source.CUSTOMS,
    meaning="Applications to return exported goods (CEB213)",
    key=("agent_code", "return_no"),
    happened="reported_at",
    subject="merchant_code",
    columns=(
        PLATFORM,
        MERCHANT,
        AGENT,
        CARRIER,
        WAYBILL_NO,
        _RETURN_NO,
        PRE_NO,
        _DECLARATION,
        _CUSTOMS,
        Column("port_code", Kind.TEXT, "Port customs (portCode)"),
        SITE_NO,
        Column("trade_mode", Kind.TEXT, "Supervision mode (tradeMode)"),
        TRANSPORT_MODE,
        BILL_NO,
        Column("country", Kind.TEXT, "Country, customs numeric code (country)"),
        _REASON,
        REPORTED,
    ),
)


EXPORT_RETURN_LINES = Table(
    name="export_return_lines",
    source=Source.CUSTOMS,
    meaning="Goods of a return of exported goods (InvtRefundList)",
    key=("agent_code", "return_no", "line_no"),
    happened="reported_at",
    line="line_no",
    columns=(
        AGENT,
        _RETURN_NO,
        LINE_NO,
        *_GOODS,
        amount("legal_quantity", "Legal quantity in legal_unit (qty1)", required=True),
        Column("legal_unit", Kind.TEXT, "Legal unit code (unit1)", required=True),
        REPORTED,
    ),
)


EXPORT_RETURN_ARRIVALS = Table(
    name="export_return_arrivals",
    source=Source.LOGISTICS,
    meaning="Returned export parcels arrived at the supervised site (CEB215)",
    key=("carrier_code", "waybill_no", "return_no"),
    happened="reported_at",
    subject="carrier_code",
    columns=(
        Column("operator_code", Kind.TEXT, "Site operator (operatorCode)", role=Role.ENTERPRISE),
        CARRIER,
        WAYBILL_NO,
        _RETURN_NO,
        PRE_NO,
        Column("declaration_no", Kind.TEXT, "Inventory number (invtNo)"),
        _CUSTOMS,
        TRANSPORT_MODE,
        BILL_NO,
        REPORTED,
    ),
)


RETURN_TABLES = (
    RETURNS,
    RETURN_LINES,
    EXPORT_RETURNS,
    EXPORT_RETURN_LINES,
    EXPORT_RETURN_ARRIVALS,
)
