"""Declarations, what customs answers, what is cancelled, and the tax."""

from domain.table import Column, Kind, Role, Source, Table
from domain.tables.columns import (
    AGENT,
    BILL_NO,
    BUYER,
    CARRIER,
    CONSIGNEE,
    COP_NO,
    CURRENCY,
    DECLARATION_NO,
    DECLARED_NO,
    DIRECTION,
    GUARANTOR,
    LINE_NO,
    MERCHANT,
    ORDER_NO,
    PLATFORM,
    PRE_NO,
    REPORTED,
    TAX_NO,
    WAYBILL_NO,
    amount,
)

_CARRIER = Column("carrier_code", Kind.TEXT, "Carrier (logisticsCode)", role=Role.CARRIER)
_CUSTOMS = Column("customs_code", Kind.TEXT, "Customs district (customsCode)")

DECLARATIONS = Table(
    name="declarations",
    source=Source.CUSTOMS,
    meaning="Import and export lists 清单 (CEB621, CEB603)",
    key=("platform_code", "merchant_code", "order_no", "carrier_code", "waybill_no"),
    happened="reported_at",
    subject="merchant_code",
    columns=(
        DIRECTION,
        PLATFORM,
        MERCHANT,
        ORDER_NO,
        CARRIER,
        WAYBILL_NO,
        AGENT,
        Column("owner_code", Kind.TEXT, "Producer or seller (ownerCode)", role=Role.OWNER),
        GUARANTOR,
        Column(
            "warehouse_code",
            Kind.TEXT,
            "In-zone enterprise (areaCode, iacCode)",
            role=Role.WAREHOUSE,
        ),
        COP_NO,
        PRE_NO,
        DECLARATION_NO,
        Column("account_book_no", Kind.TEXT, "Bonded account book (emsNo)"),
        Column("declared_on", Kind.DATE, "Declaration day (declTime, ieDate)", required=True),
        Column(
            "trade_mode",
            Kind.TEXT,
            "Supervision mode (tradeMode)",
            required=True,
            codes=("9610", "1210", "1239", "9710", "9810"),
        ),
        Column("transport_mode", Kind.TEXT, "Transport mode (trafMode)", required=True),
        BILL_NO,
        Column("customs_code", Kind.TEXT, "Declaring customs (customsCode)", required=True),
        Column("port_code", Kind.TEXT, "Port customs (portCode)", required=True),
        Column("country", Kind.TEXT, "Country, customs numeric code (country)", required=True),
        Column("statistics_flag", Kind.TEXT, "A simplified, B summary (statisticsFlag)"),
        amount("freight", "Freight in currency (freight)", required=True),
        amount("insured_fee", "Insurance in currency (insuredFee)", required=True),
        CURRENCY,
        Column("pieces", Kind.COUNT, "Pieces (packNo)", required=True),
        amount("gross_weight", "Gross weight, kg (grossWeight)", required=True),
        amount("net_weight", "Net weight, kg (netWeight)", required=True),
        *BUYER,
        CONSIGNEE[2],
        REPORTED,
    ),
)


DECLARATION_LINES = Table(
    name="declaration_lines",
    source=Source.CUSTOMS,
    meaning="Goods of a declaration (InventoryList)",
    key=(
        "platform_code",
        "merchant_code",
        "order_no",
        "carrier_code",
        "waybill_no",
        "line_no",
    ),
    happened="reported_at",
    line="line_no",
    subject="merchant_code",
    columns=(
        PLATFORM,
        MERCHANT,
        ORDER_NO,
        CARRIER,
        WAYBILL_NO,
        LINE_NO,
        Column("item_no", Kind.TEXT, "Merchant's item number (itemNo)"),
        Column("item_record_no", Kind.TEXT, "Account-book item (itemRecordNo)"),
        Column("bar_code", Kind.TEXT, "Bar code, 无 if none (barCode)"),
        Column("hs_code", Kind.TEXT, "HS code, 10 digits (gcode)", required=True),
        Column("goods_name", Kind.TEXT, "Name for customs (gname)", required=True),
        Column("country", Kind.TEXT, "Origin or destination (country)", required=True),
        amount("quantity", "Quantity in unit (qty)", required=True),
        Column("unit", Kind.TEXT, "Customs unit code (unit)", required=True),
        amount("legal_quantity", "Legal quantity in legal_unit (qty1)", required=True),
        Column("legal_unit", Kind.TEXT, "Legal unit code (unit1)", required=True),
        amount("price", "Unit price in currency, gift = 0 (price)", required=True),
        amount("total_price", "Line total in currency (totalPrice)", required=True),
        CURRENCY,
        REPORTED,
    ),
)


CUSTOMS_RETURNS = Table(
    name="customs_returns",
    source=Source.CUSTOMS,
    meaning="Customs' answers to a declaration (CEB622, CEB604)",
    key=("agent_code", "cop_no", "pre_no", "return_status", "returned_at"),
    happened="returned_at",
    columns=(
        DIRECTION,
        AGENT,
        Column("merchant_code", Kind.TEXT, "Merchant (ebcCode)", role=Role.MERCHANT),
        PLATFORM,
        Column("order_no", Kind.TEXT, "Order number, export only (orderNo)"),
        Column("cop_no", Kind.TEXT, "Declarant's own number (copNo)", required=True),
        PRE_NO,
        DECLARATION_NO,
        Column(
            "return_status",
            Kind.TEXT,
            "100 rejected, 120 stored, 300 manual, 399 concluded, 500 inspected, 501-503 and "
            "599 detained, 700 returned, 800 released, 899 closed (returnStatus)",
            required=True,
        ),
        Column("returned_at", Kind.MOMENT, "Time of the answer (returnTime)", required=True),
        Column("return_info", Kind.TEXT, "Answer in words (returnInfo)"),
    ),
)


CANCELLATIONS = Table(
    name="cancellations",
    source=Source.CUSTOMS,
    meaning="Applications to cancel a declaration (CEB623, CEB605)",
    key=("agent_code", "declaration_no"),
    happened="reported_at",
    subject="merchant_code",
    columns=(
        DIRECTION,
        MERCHANT,
        AGENT,
        COP_NO,
        DECLARED_NO,
        Column("reason", Kind.TEXT, "Reason (reason)"),
        REPORTED,
        PLATFORM,
        Column("order_no", Kind.TEXT, "Order number, import only (orderNo)"),
        _CARRIER,
        Column("waybill_no", Kind.TEXT, "Parcel waybill number, import only (logisticsNo)"),
        PRE_NO,
        _CUSTOMS,
        *BUYER,
    ),
)


TAX_BILLS = Table(
    name="tax_bills",
    source=Source.CUSTOMS,
    meaning="Electronic tax bills of imports (CEB816)",
    key=("tax_no",),
    happened="issued_at",
    subject="merchant_code",
    columns=(
        Column("merchant_code", Kind.TEXT, "Merchant, often empty (ebcCode)", role=Role.MERCHANT),
        TAX_NO,
        DECLARED_NO,
        amount("customs_duty", "Duty, CNY (customsTax)", required=True),
        amount("value_added_tax", "Value-added tax, CNY (valueAddedTax)", required=True),
        amount("consumption_tax", "Consumption tax, CNY (consumptionTax)", required=True),
        Column("status", Kind.TEXT, "1 issued, 2 paid, 3 cancelled (status)", required=True),
        Column("issued_at", Kind.MOMENT, "Time of the bill (returnTime)", required=True),
        GUARANTOR,
        AGENT,
        _CARRIER,
        _CUSTOMS,
        Column("summary_tax_no", Kind.TEXT, "Number of the summary tax bill (entDutyNo)"),
    ),
)


TAX_BILL_LINES = Table(
    name="tax_bill_lines",
    source=Source.CUSTOMS,
    meaning="Tax by goods of a bill (TaxListRd)",
    key=("tax_no", "line_no"),
    happened="issued_at",
    line="line_no",
    columns=(
        TAX_NO,
        LINE_NO,
        Column("hs_code", Kind.TEXT, "HS code, 10 digits (gcode)", required=True),
        amount("dutiable_value", "Dutiable value, CNY (taxPrice)", required=True),
        amount("customs_duty", "Duty, CNY (customsTax)", required=True),
        amount("value_added_tax", "Value-added tax, CNY (valueAddedTax)", required=True),
        amount("consumption_tax", "Consumption tax, CNY (consumptionTax)", required=True),
        Column("issued_at", Kind.MOMENT, "Time of the bill (returnTime)", required=True),
    ),
)


DECLARATION_TABLES = (
    DECLARATIONS,
    DECLARATION_LINES,
    CUSTOMS_RETURNS,
    CANCELLATIONS,
    TAX_BILLS,
    TAX_BILL_LINES,
)
