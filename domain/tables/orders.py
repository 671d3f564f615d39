"""Orders, their lines, and what was paid for them."""

from domain.table import Column, Kind, Personal, Role, Source, Table
from domain.tables.columns import (
    BUYER,
    CONSIGNEE,
    CURRENCY,
    DIRECTION,
    LINE_NO,
    MERCHANT,
    ORDER_NO,
    PAYMENT_FIRM,
    PLATFORM,
    REPORTED,
    amount,
)

ORDERS = Table(
    name="orders",
    source=Source.CUSTOMS,
    meaning="Orders as reported by merchant or platform (CEB311, CEB303)",
    key=("platform_code", "merchant_code", "order_no"),
    happened="reported_at",
    subject="merchant_code",
    columns=(
        DIRECTION,
        Column(
            "order_type",
            Kind.TEXT,
            "I import, E B2C export, B B2B export, W overseas-warehouse booking (orderType)",
            required=True,
            codes=("I", "E", "B", "W"),
        ),
        PLATFORM,
        MERCHANT,
        ORDER_NO,
        amount("goods_value", "Price of the goods in currency (goodsValue)", required=True),
        amount("freight", "Freight in currency, 0 if none (freight)", required=True),
        amount("discount", "Non-cash deduction in currency; import only (discount)"),
        amount("tax_total", "Tax withheld in currency; import only (taxTotal)"),
        amount("actual_paid", "Actually paid in currency; import only (acturalPaid)"),
        CURRENCY,
        Column(
            "buyer_account",
            Kind.TEXT,
            "Buyer's account on the platform (buyerRegNo)",
            personal=Personal.ACCOUNT,
        ),
        *BUYER,
        PAYMENT_FIRM,
        Column("transaction_no", Kind.TEXT, "Payment number (payTransactionId)"),
        *CONSIGNEE,
        Column("consignee_division", Kind.TEXT, "GB/T 2260 code (consigneeDistrict)"),
        REPORTED,
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
        PLATFORM,
        MERCHANT,
        ORDER_NO,
        LINE_NO,
        Column("item_no", Kind.TEXT, "Merchant's item number (itemNo)"),
        Column("item_name", Kind.TEXT, "Name on the platform (itemName)", required=True),
        Column("bar_code", Kind.TEXT, "Bar code (barCode)"),
        Column("unit", Kind.TEXT, "Customs unit code (unit)", required=True),
        amount("quantity", "Quantity in unit (qty)", required=True),
        amount("price", "Unit price in currency, gift = 0 (price)", required=True),
        amount("total_price", "Line total in currency (totalPrice)", required=True),
        CURRENCY,
        Column("country", Kind.TEXT, "Country, customs numeric code (country)"),
        REPORTED,
    ),
)


PAYMENTS = Table(
    name="payments",
    source=Source.PAYMENT,
    meaning="Import payments (CEB411) and export receipts of money (CEB403)",
    key=("platform_code", "payment_firm_code", "transaction_no", "order_no"),
    happened="paid_at",
    columns=(
        DIRECTION,
        PAYMENT_FIRM,
        Column("transaction_no", Kind.TEXT, "Payment number (payTransactionId, payNo)"),
        ORDER_NO,
        PLATFORM,
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
        CURRENCY,
        Column("paid_at", Kind.MOMENT, "Paid or credited (payTime, accountingDate)", required=True),
        REPORTED,
    ),
)


ORDER_TABLES = (ORDERS, ORDER_LINES, PAYMENTS)
