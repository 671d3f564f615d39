"""Documents of one trade: order, payment, waybill, declaration, and what customs answers.

Field names in brackets are those of the CEB messages, editions 2018-113 and 202205.
"""

from domain.table import Column, Kind, Personal, Role, Source, Table

_DIRECTION = Column("direction", Kind.TEXT, "I import, E export", required=True, codes=("I", "E"))
_REPORTED = Column("reported_at", Kind.MOMENT, "Report time (appTime)", required=True)
_PLATFORM = Column("platform_code", Kind.TEXT, "E-commerce platform (ebpCode)", role=Role.PLATFORM)
_MERCHANT = Column(
    "merchant_code",
    Kind.TEXT,
    "E-commerce enterprise; export: consignor (ebcCode)",
    required=True,
    role=Role.MERCHANT,
)
_ORDER_NO = Column("order_no", Kind.TEXT, "Order number on the platform (orderNo)", required=True)
_CARRIER = Column(
    "carrier_code",
    Kind.TEXT,
    "Logistics enterprise (logisticsCode)",
    required=True,
    role=Role.CARRIER,
)
_WAYBILL_NO = Column("waybill_no", Kind.TEXT, "Parcel waybill number (logisticsNo)", required=True)
_CURRENCY = Column(
    "currency", Kind.TEXT, "Customs numeric currency code, 142 = CNY (currency)", required=True
)
_LINE_NO = Column("line_no", Kind.COUNT, "Line number from 1 (gnum)", required=True)
_BUYER = (
    Column("buyer_name", Kind.TEXT, "Buyer's name (buyerName)", personal=Personal.NAME),
    Column(
        "buyer_id_number",
        Kind.TEXT,
        "Buyer's ID number (buyerIdNumber)",
        personal=Personal.ID_NUMBER,
    ),
    Column("buyer_phone", Kind.TEXT, "Buyer's phone (buyerTelephone)", personal=Personal.PHONE),
)
_CONSIGNEE = (
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
_COP_NO = Column("cop_no", Kind.TEXT, "Declarant's own number (copNo)")
_PRE_NO = Column("pre_no", Kind.TEXT, "E-port pre-entry number (preNo)")
_DECLARATION_NO = Column("declaration_no", Kind.TEXT, "Inventory number (invtNo)")
_AGENT = Column("agent_code", Kind.TEXT, "Declaring agent (agentCode)", role=Role.AGENT)


def amount(name: str, meaning: str, *, required: bool = False) -> Column:
    """An exact money, weight, quantity or rate column."""
    return Column(name, Kind.AMOUNT, meaning, required=required)


ORDERS = Table(
    name="orders",
    source=Source.CUSTOMS,
    meaning="Orders as reported by merchant or platform (CEB311, CEB303)",
    key=("platform_code", "merchant_code", "order_no"),
    happened="reported_at",
    subject="merchant_code",
    columns=(
        _DIRECTION,
        Column(
            "order_type",
            Kind.TEXT,
            "I import, E B2C export, B B2B export, W overseas-warehouse booking (orderType)",
            required=True,
            codes=("I", "E", "B", "W"),
        ),
        _PLATFORM,
        _MERCHANT,
        _ORDER_NO,
        amount("goods_value", "Price of the goods in currency (goodsValue)", required=True),
        amount("freight", "Freight in currency, 0 if none (freight)", required=True),
        amount("discount", "Non-cash deduction in currency; import only (discount)"),
        amount("tax_total", "Tax withheld in currency; import only (taxTotal)"),
        amount("actual_paid", "Actually paid in currency; import only (acturalPaid)"),
        _CURRENCY,
        Column(
            "buyer_account",
            Kind.TEXT,
            "Buyer's account on the platform (buyerRegNo)",
            personal=Personal.ACCOUNT,
        ),
        *_BUYER,
        Column("payment_firm_code", Kind.TEXT, "Payment firm (payCode)", role=Role.PAYMENT_FIRM),
        Column("transaction_no", Kind.TEXT, "Payment number (payTransactionId)"),
        *_CONSIGNEE,
        Column("consignee_division", Kind.TEXT, "GB/T 2260 code (consigneeDistrict)"),
        _REPORTED,
    ),
)

ORDER_LINES = Table(
    name="order_lines",
    source=Source.CUSTOMS,
    meaning="Goods of an order (OrderList)",
    key=("platform_code", "merchant_code", "order_no", "line_no"),
    happened="reported_at",
    line="line_no",
    subject="merchant_code",
    columns=(
        _PLATFORM,
        _MERCHANT,
        _ORDER_NO,
        _LINE_NO,
        Column("item_no", Kind.TEXT, "Merchant's item number (itemNo)"),
        Column("item_name", Kind.TEXT, "Name on the platform (itemName)", required=True),
        Column("bar_code", Kind.TEXT, "Bar code (barCode)"),
        Column("unit", Kind.TEXT, "Customs unit code (unit)", required=True),
        amount("quantity", "Quantity in unit (qty)", required=True),
        amount("price", "Unit price in currency, gift = 0 (price)", required=True),
        amount("total_price", "Line total in currency (totalPrice)", required=True),
        _CURRENCY,
        Column("country", Kind.TEXT, "Country, customs numeric code (country)"),
        _REPORTED,
    ),
)

PAYMENTS = Table(
    name="payments",
    source=Source.PAYMENT,
    meaning="Import payments (CEB411) and export receipts of money (CEB403)",
    key=("platform_code", "payment_firm_code", "transaction_no", "order_no"),
    happened="paid_at",
    columns=(
        _DIRECTION,
        Column("payment_firm_code", Kind.TEXT, "Payment firm (payCode)", role=Role.PAYMENT_FIRM),
        Column("transaction_no", Kind.TEXT, "Payment number (payTransactionId, payNo)"),
        _ORDER_NO,
        _PLATFORM,
        Column(
            "merchant_code",
            Kind.TEXT,
            "E-commerce enterprise, export receipts only (ebcCode)",
            role=Role.MERCHANT,
        ),
        Column(
            "payer_id_number",
            Kind.TEXT,
            "Payer's ID number, import only (payerIdNumber)",
            personal=Personal.ID_NUMBER,
        ),
        Column("payer_name", Kind.TEXT, "Payer, import only (payerName)", personal=Personal.NAME),
        Column("payer_phone", Kind.TEXT, "Payer's phone (telephone)", personal=Personal.PHONE),
        amount("amount", "Paid or received in currency (amountPaid, charge)", required=True),
        _CURRENCY,
        Column("paid_at", Kind.MOMENT, "Paid or credited (payTime, accountingDate)", required=True),
        _REPORTED,
    ),
)

WAYBILLS = Table(
    name="waybills",
    source=Source.LOGISTICS,
    meaning="Parcel waybills (CEB511, CEB505)",
    key=("carrier_code", "waybill_no", "order_no"),
    happened="reported_at",
    subject="carrier_code",
    columns=(
        _DIRECTION,
        _CARRIER,
        _WAYBILL_NO,
        Column("bill_no", Kind.TEXT, "Master bill (billNo)"),
        Column("order_no", Kind.TEXT, "Order number, import only (orderNo)"),
        Column(
            "merchant_code",
            Kind.TEXT,
            "Consignor, export only, often empty (ebcCode)",
            role=Role.MERCHANT,
        ),
        amount("freight", "Freight in currency (freight)"),
        amount("insured_fee", "Insurance in currency (insuredFee)"),
        _CURRENCY,
        amount("gross_weight", "Gross weight, kg (weight, grossWeight)", required=True),
        Column("pieces", Kind.COUNT, "Pieces (packNo)", required=True),
        Column("goods_info", Kind.TEXT, "Main goods (goodsInfo)"),
        *_CONSIGNEE,
        _REPORTED,
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
        _CARRIER,
        _WAYBILL_NO,
        Column("status", Kind.TEXT, "S signed for, R out, others kept (logisticsStatus)"),
        Column("status_at", Kind.MOMENT, "Time of the status (logisticsTime)", required=True),
        _REPORTED,
    ),
)

DECLARATIONS = Table(
    name="declarations",
    source=Source.CUSTOMS,
    meaning="Import and export lists 清单 (CEB621, CEB603)",
    key=("platform_code", "merchant_code", "order_no", "carrier_code", "waybill_no"),
    happened="reported_at",
    subject="merchant_code",
    columns=(
        _DIRECTION,
        _PLATFORM,
        _MERCHANT,
        _ORDER_NO,
        _CARRIER,
        _WAYBILL_NO,
        _AGENT,
        Column("owner_code", Kind.TEXT, "Producer or seller (ownerCode)", role=Role.OWNER),
        Column("guarantor_code", Kind.TEXT, "Guarantor (assureCode)", role=Role.GUARANTOR),
        Column(
            "warehouse_code",
            Kind.TEXT,
            "In-zone enterprise (areaCode, iacCode)",
            role=Role.WAREHOUSE,
        ),
        _COP_NO,
        _PRE_NO,
        _DECLARATION_NO,
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
        Column("bill_no", Kind.TEXT, "Master bill (billNo)"),
        Column("customs_code", Kind.TEXT, "Declaring customs (customsCode)", required=True),
        Column("port_code", Kind.TEXT, "Port customs (portCode)", required=True),
        Column("country", Kind.TEXT, "Country, customs numeric code (country)", required=True),
        Column("statistics_flag", Kind.TEXT, "A simplified, B summary (statisticsFlag)"),
        amount("freight", "Freight in currency (freight)", required=True),
        amount("insured_fee", "Insurance in currency (insuredFee)", required=True),
        _CURRENCY,
        Column("pieces", Kind.COUNT, "Pieces (packNo)", required=True),
        amount("gross_weight", "Gross weight, kg (grossWeight)", required=True),
        amount("net_weight", "Net weight, kg (netWeight)", required=True),
        *_BUYER,
        _CONSIGNEE[2],
        _REPORTED,
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
        _PLATFORM,
        _MERCHANT,
        _ORDER_NO,
        _CARRIER,
        _WAYBILL_NO,
        _LINE_NO,
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
        _CURRENCY,
        _REPORTED,
    ),
)

CUSTOMS_RETURNS = Table(
    name="customs_returns",
    source=Source.CUSTOMS,
    meaning="Customs' answers to a declaration (CEB622, CEB604)",
    key=("agent_code", "cop_no", "pre_no", "return_status", "returned_at"),
    happened="returned_at",
    columns=(
        _DIRECTION,
        _AGENT,
        Column("merchant_code", Kind.TEXT, "Merchant (ebcCode)", role=Role.MERCHANT),
        _PLATFORM,
        Column("order_no", Kind.TEXT, "Order number, export only (orderNo)"),
        Column("cop_no", Kind.TEXT, "Declarant's own number (copNo)", required=True),
        _PRE_NO,
        _DECLARATION_NO,
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
        _DIRECTION,
        _MERCHANT,
        _AGENT,
        _COP_NO,
        Column("declaration_no", Kind.TEXT, "Inventory number (invtNo)", required=True),
        Column("reason", Kind.TEXT, "Reason (reason)"),
        _REPORTED,
    ),
)

RETURNS = Table(
    name="returns",
    source=Source.CUSTOMS,
    meaning="Applications to return imported goods (CEB625)",
    key=("agent_code", "declaration_no", "reported_at"),
    happened="reported_at",
    subject="merchant_code",
    columns=(
        _PLATFORM,
        _MERCHANT,
        _AGENT,
        _ORDER_NO,
        Column("declaration_no", Kind.TEXT, "Inventory number (invtNo)", required=True),
        Column("reason", Kind.TEXT, "Reason (reason)"),
        _REPORTED,
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
        _MERCHANT,
        Column("tax_no", Kind.TEXT, "Tax bill number (taxNo)", required=True),
        Column("declaration_no", Kind.TEXT, "Inventory number (invtNo)", required=True),
        amount("customs_duty", "Duty, CNY (customsTax)", required=True),
        amount("value_added_tax", "Value-added tax, CNY (valueAddedTax)", required=True),
        amount("consumption_tax", "Consumption tax, CNY (consumptionTax)", required=True),
        Column("status", Kind.TEXT, "1 issued, 2 paid, 3 cancelled (status)", required=True),
        Column("issued_at", Kind.MOMENT, "Time of the bill (returnTime)", required=True),
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
        _CARRIER,
        _WAYBILL_NO,
        Column("bill_no", Kind.TEXT, "Master bill (billNo)"),
        Column("customs_code", Kind.TEXT, "Customs district (customsCode)", required=True),
        _REPORTED,
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
        _CARRIER,
        _WAYBILL_NO,
        Column("bill_no", Kind.TEXT, "Master bill (billNo)"),
        Column("customs_code", Kind.TEXT, "Customs district (customsCode)", required=True),
        Column("left_at", Kind.MOMENT, "Time of departure (leaveTime)", required=True),
        _REPORTED,
    ),
)

TRADE_TABLES = (
    ORDERS,
    ORDER_LINES,
    PAYMENTS,
    WAYBILLS,
    WAYBILL_STATUS,
    DECLARATIONS,
    DECLARATION_LINES,
    CUSTOMS_RETURNS,
    CANCELLATIONS,
    RETURNS,
    TAX_BILLS,
    ARRIVALS,
    DEPARTURES,
)
