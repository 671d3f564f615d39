"""Bank, tax, platform and stock data of an enterprise."""

from domain.table import Column, Kind, Personal, Role, Source, Table
from domain.tables.columns import ENTERPRISE_CODE, amount

_MONTH = Column("month", Kind.DATE, "First day of the month reported", required=True)

BANK_FLOWS = Table(
    name="bank_flows",
    source=Source.PAYMENT,
    meaning="Bank receipts and payments of an enterprise",
    key=("enterprise_code", "flow_no"),
    happened="booked_at",
    subject="enterprise_code",
    columns=(
        ENTERPRISE_CODE,
        Column("flow_no", Kind.TEXT, "Bank's number", required=True),
        Column("direction", Kind.TEXT, "in or out", required=True, codes=("in", "out")),
        Column("own_account", Kind.TEXT, "Own account", personal=Personal.ACCOUNT),
        Column("counterparty_account", Kind.TEXT, "Other account", personal=Personal.ACCOUNT),
        Column(
            "counterparty_code",
            Kind.TEXT,
            "The other side, where an enterprise of the roll",
            role=Role.ENTERPRISE,
        ),
        Column("country", Kind.TEXT, "Other side's country, customs numeric", required=True),
        amount("amount_cny", "Amount, CNY", required=True),
        Column(
            "purpose",
            Kind.TEXT,
            "Purpose stated",
            required=True,
            codes=("goods", "service", "refund", "settlement", "loan", "other"),
        ),
        Column("booked_at", Kind.MOMENT, "Booking time", required=True),
    ),
)

TAX_FILINGS = Table(
    name="tax_filings",
    source=Source.TAX,
    meaning="Monthly value-added-tax filings",
    key=("enterprise_code", "month"),
    happened="month",
    subject="enterprise_code",
    columns=(
        ENTERPRISE_CODE,
        _MONTH,
        amount("declared_revenue", "Revenue declared, CNY", required=True),
        amount("vat_payable", "Value-added tax payable, CNY", required=True),
        amount("vat_paid", "Value-added tax paid, CNY", required=True),
        Column("due_on", Kind.DATE, "Due day", required=True),
        Column("filed_on", Kind.DATE, "Day filed; empty if not filed"),
    ),
)

REBATES = Table(
    name="rebates",
    source=Source.TAX,
    meaning="Export-rebate applications",
    key=("enterprise_code", "rebate_no"),
    happened="applied_on",
    subject="enterprise_code",
    columns=(
        ENTERPRISE_CODE,
        Column("rebate_no", Kind.TEXT, "Number", required=True),
        amount("export_value", "Export value claimed, CNY", required=True),
        amount("purchase_cost", "Purchase cost by invoices, CNY", required=True),
        amount("rebate_amount", "Rebate claimed, CNY", required=True),
        Column("applied_on", Kind.DATE, "Day", required=True),
    ),
)

INVOICES = Table(
    name="invoices",
    source=Source.TAX,
    meaning="Value-added-tax invoices received by an enterprise",
    key=("invoice_no",),
    happened="issued_on",
    subject="buyer_code",
    columns=(
        Column("invoice_no", Kind.TEXT, "Number", required=True),
        Column("buyer_code", Kind.TEXT, "Buyer", required=True, role=Role.ENTERPRISE),
        Column("seller_code", Kind.TEXT, "Seller's credit code", required=True),
        Column("seller_registered_on", Kind.DATE, "Seller's day of registration"),
        Column("seller_division", Kind.TEXT, "Seller's division"),
        Column("seller_abnormal", Kind.FLAG, "Seller is 非正常户 or tax class D", required=True),
        amount("amount", "Amount without tax, CNY", required=True),
        Column("issued_on", Kind.DATE, "Day", required=True),
    ),
)

CAPACITY = Table(
    name="capacity",
    source=Source.TAX,
    meaning="Monthly payroll and capacity of an enterprise",
    key=("enterprise_code", "month"),
    happened="month",
    subject="enterprise_code",
    columns=(
        ENTERPRISE_CODE,
        _MONTH,
        Column("insured_staff", Kind.COUNT, "Staff with social insurance", required=True),
        amount("payroll", "Wages paid, CNY", required=True),
        amount("power_kwh", "Electricity, kWh", required=True),
        amount("net_assets", "Net assets at month end, CNY"),
    ),
)

SUBSIDIES = Table(
    name="subsidies",
    source=Source.TAX,
    meaning="Subsidies paid for trade",
    key=("enterprise_code", "subsidy_no"),
    happened="paid_on",
    subject="enterprise_code",
    columns=(
        ENTERPRISE_CODE,
        Column("subsidy_no", Kind.TEXT, "Number", required=True),
        Column("programme", Kind.TEXT, "Programme", required=True),
        amount("amount", "Amount, CNY", required=True),
        Column("paid_on", Kind.DATE, "Day", required=True),
    ),
)

BONDED_STOCK = Table(
    name="bonded_stock",
    source=Source.CUSTOMS,
    meaning="Monthly stock of a bonded account book",
    key=("warehouse_code", "account_book_no", "item_record_no", "month"),
    happened="month",
    subject="warehouse_code",
    columns=(
        Column("warehouse_code", Kind.TEXT, "Warehouse", required=True, role=Role.WAREHOUSE),
        Column("account_book_no", Kind.TEXT, "Account book", required=True),
        Column("item_record_no", Kind.TEXT, "Item", required=True),
        _MONTH,
        amount("opening", "Opening quantity", required=True),
        amount("inbound", "Quantity in", required=True),
        amount("outbound", "Quantity out by lists", required=True),
        amount("counted", "Quantity counted; empty if not counted"),
    ),
)

EXCHANGE_RATES = Table(
    name="exchange_rates",
    source=Source.PAYMENT,
    meaning="Monthly central parity of the renminbi",
    key=("currency", "month"),
    happened="month",
    columns=(
        Column("currency", Kind.TEXT, "Customs numeric currency code", required=True),
        _MONTH,
        amount("cny_per_unit", "CNY for one unit", required=True),
    ),
)

PLATFORM_PAYMENTS = Table(
    name="platform_payments",
    source=Source.PLATFORM,
    meaning="Untouched payment data of an order (GACC 2018 No. 179)",
    key=("platform_code", "order_no", "transaction_no"),
    happened="traded_at",
    subject="platform_code",
    columns=(
        Column("platform_code", Kind.TEXT, "Platform", required=True, role=Role.PLATFORM),
        Column("order_no", Kind.TEXT, "Order number", required=True),
        Column("merchant_code", Kind.TEXT, "Merchant", role=Role.MERCHANT),
        Column("payment_firm_code", Kind.TEXT, "Payment firm", role=Role.PAYMENT_FIRM),
        Column("transaction_no", Kind.TEXT, "payTransactionId", required=True),
        amount("total_amount", "Amount, CNY (totalAmount)", required=True),
        Column("verifying_body", Kind.TEXT, "1 UnionPay, 2 NetsUnion, 3 other (verDept)"),
        Column("payee_account", Kind.TEXT, "recpAccount", personal=Personal.ACCOUNT),
        Column("payee_code", Kind.TEXT, "recpCode", role=Role.ENTERPRISE),
        amount("link_price", "Price at the goods link, CNY (itemLink)"),
        Column("traded_at", Kind.MOMENT, "tradingTime", required=True),
        Column("currency", Kind.TEXT, "Customs numeric currency code; empty: CNY (currency)"),
        Column("payment_type", Kind.TEXT, "1 APP, 2 PC, 3 scan, 4 other (payType)"),
    ),
)

PLATFORM_ACCOUNTS = Table(
    name="platform_accounts",
    source=Source.PLATFORM,
    meaning="Buyers' accounts on a platform",
    key=("platform_code", "account_no"),
    happened="opened_at",
    subject="platform_code",
    columns=(
        Column("platform_code", Kind.TEXT, "Platform", required=True, role=Role.PLATFORM),
        Column(
            "account_no",
            Kind.TEXT,
            "Platform's own number of the account",
            required=True,
            hashed=True,
        ),
        Column("buyer_account", Kind.TEXT, "buyerRegNo", personal=Personal.ACCOUNT),
        Column("login_device", Kind.TEXT, "Device of the login", personal=Personal.DEVICE),
        Column("opened_at", Kind.MOMENT, "Time of registration", required=True),
    ),
)

PLATFORM_INCOME = Table(
    name="platform_income",
    source=Source.PLATFORM,
    meaning="Sellers' quarterly income as platforms report it (State Council Decree 810)",
    key=("platform_code", "merchant_code", "quarter"),
    happened="quarter",
    subject="merchant_code",
    columns=(
        Column("platform_code", Kind.TEXT, "Platform", required=True, role=Role.PLATFORM),
        Column("merchant_code", Kind.TEXT, "Seller", required=True, role=Role.MERCHANT),
        Column("quarter", Kind.DATE, "First day of the quarter", required=True),
        amount("income", "Income, CNY", required=True),
        Column("orders", Kind.COUNT, "Orders", required=True),
    ),
)

MONEY_TABLES = (
    BANK_FLOWS,
    TAX_FILINGS,
    REBATES,
    INVOICES,
    CAPACITY,
    SUBSIDIES,
    BONDED_STOCK,
    EXCHANGE_RATES,
    PLATFORM_PAYMENTS,
    PLATFORM_ACCOUNTS,
    PLATFORM_INCOME,
)
