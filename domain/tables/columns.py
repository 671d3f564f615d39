"""Columns that several documents of a trade have in common.

Field names in brackets are those of the CEB messages, editions 2018-113 and 202205.
"""

from domain.table import Column, Kind, Personal, Role

DIRECTION = Column("direction", Kind.TEXT, "I import, E export", required=True, codes=("I", "E"))
REPORTED = Column("reported_at", Kind.MOMENT, "Report time (appTime)", required=True)
PLATFORM = Column("platform_code", Kind.TEXT, "E-commerce platform (ebpCode)", role=Role.PLATFORM)
MERCHANT = Column(
    "merchant_code",
    Kind.TEXT,
    "E-commerce enterprise; export: consignor (ebcCode)",
    required=True,
    role=Role.MERCHANT,
)
ORDER_NO = Column("order_no", Kind.TEXT, "Order number on the platform (orderNo)", required=True)
CARRIER = Column(
    "carrier_code",
    Kind.TEXT,
    "Logistics enterprise (logisticsCode)",
    required=True,
    role=Role.CARRIER,
)
WAYBILL_NO = Column("waybill_no", Kind.TEXT, "Parcel waybill number (logisticsNo)", required=True)
CURRENCY = Column(
    "currency", Kind.TEXT, "Customs numeric currency code, 142 = CNY (currency)", required=True
)
LINE_NO = Column("line_no", Kind.COUNT, "Line number from 1 (gnum)", required=True)
BUYER = (
    Column("buyer_name", Kind.TEXT, "Buyer's name (buyerName)", personal=Personal.NAME),
    Column(
        "buyer_id_number",
        Kind.TEXT,
        "Buyer's ID number (buyerIdNumber)",
        personal=Personal.ID_NUMBER,
    ),
    Column("buyer_phone", Kind.TEXT, "Buyer's phone (buyerTelephone)", personal=Personal.PHONE),
)
CONSIGNEE = (
    Column("consignee_name", Kind.TEXT, "Consignee (consignee)", personal=Personal.NAME),
    Column(
        "consignee_phone",
        Kind.TEXT,
        "Consignee's phone (consigneeTelephone)",
        personal=Personal.PHONE,
    ),
    Column(
        "consignee_address",
        Kind.TEXT,
        "Consignee's address (consigneeAddress)",
        personal=Personal.ADDRESS,
    ),
)
COP_NO = Column("cop_no", Kind.TEXT, "Declarant's own number (copNo)")
PRE_NO = Column("pre_no", Kind.TEXT, "E-port pre-entry number (preNo)")
DECLARATION_NO = Column("declaration_no", Kind.TEXT, "Inventory number (invtNo)")
AGENT = Column("agent_code", Kind.TEXT, "Declaring agent (agentCode)", role=Role.AGENT)
BILL_NO = Column("bill_no", Kind.TEXT, "Master bill (billNo)")
TRANSPORT_MODE = Column("transport_mode", Kind.TEXT, "Transport mode (trafMode)")
TAX_NO = Column("tax_no", Kind.TEXT, "Tax bill number (taxNo)", required=True)
SITE_NO = Column("site_no", Kind.TEXT, "Supervised site (loctNo)")
GUARANTOR = Column("guarantor_code", Kind.TEXT, "Guarantor (assureCode)", role=Role.GUARANTOR)
DECLARED_NO = Column("declaration_no", Kind.TEXT, "Inventory number (invtNo)", required=True)
CUSTOMS_CODE = Column("customs_code", Kind.TEXT, "Customs district (customsCode)", required=True)
PAYMENT_FIRM = Column(
    "payment_firm_code", Kind.TEXT, "Payment firm (payCode)", role=Role.PAYMENT_FIRM
)
ENTERPRISE_CODE = Column(
    "enterprise_code",
    Kind.TEXT,
    "Unified social credit code or customs code",
    required=True,
    role=Role.ENTERPRISE,
)


def amount(name: str, meaning: str, *, required: bool = False) -> Column:
    """An exact money, weight, quantity or rate column."""
    return Column(name, Kind.AMOUNT, meaning, required=required)
