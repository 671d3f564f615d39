"""What customs and the tax interface say after a document: receipts and states of tax bills."""

from domain.table import Column, Kind, Role, Source, Table
from domain.tables.columns import (
    AGENT,
    BILL_NO,
    COP_NO,
    DECLARATION_NO,
    DECLARED_NO,
    GUARANTOR,
    PAYMENT_FIRM,
    PLATFORM,
    PRE_NO,
    TAX_NO,
)

CUSTOMS_RECEIPTS = Table(
    name="customs_receipts",
    source=Source.CUSTOMS,
    meaning=(
        "Customs' receipts for all documents but declarations (CEB312, 412, 512, 514, 624, 626, "
        "712, 900; 214, 216, 304, 404, 506, 508, 510, 606, 608, 702)"
    ),
    key=(
        "message",
        "platform_code",
        "merchant_code",
        "payment_firm_code",
        "carrier_code",
        "agent_code",
        "operator_code",
        "order_no",
        "transaction_no",
        "waybill_no",
        "cop_no",
        "pre_no",
        "return_no",
        "part_no",
        "message_no",
        "return_status",
        "returned_at",
    ),
    happened="returned_at",
    columns=(
        Column("direction", Kind.TEXT, "I import, E export; empty for CEB900", codes=("I", "E")),
        Column("message", Kind.TEXT, "The message that is answered, CEBnnn", required=True),
        PLATFORM,
        Column("merchant_code", Kind.TEXT, "Merchant (ebcCode)", role=Role.MERCHANT),
        PAYMENT_FIRM,
        Column("carrier_code", Kind.TEXT, "Carrier (logisticsCode)", role=Role.CARRIER),
        AGENT,
        Column("operator_code", Kind.TEXT, "Site operator (operatorCode)", role=Role.ENTERPRISE),
        Column("order_no", Kind.TEXT, "Order number (orderNo)"),
        Column("transaction_no", Kind.TEXT, "Payment number (payTransactionId, payNo)"),
        Column("waybill_no", Kind.TEXT, "Parcel waybill number (logisticsNo)"),
        Column("waybill_status", Kind.TEXT, "Delivery status answered (logisticsStatus)"),
        COP_NO,
        PRE_NO,
        DECLARATION_NO,
        BILL_NO,
        Column("entry_no", Kind.TEXT, "Warehouse entry number (rkdNo)"),
        Column("summary_no", Kind.TEXT, "Summary application number (sumNo)"),
        Column("return_no", Kind.TEXT, "Export return number (coElNo)"),
        Column("part_no", Kind.COUNT, "Number of the part of a split message (msgSeqNo)"),
        Column("message_no", Kind.TEXT, "Sender's number of the message (oriCopMsgId)"),
        Column(
            "return_status",
            Kind.TEXT,
            "As in customs_returns; negative: an error (returnStatus)",
            required=True,
        ),
        Column("returned_at", Kind.MOMENT, "Time of the answer (returnTime)", required=True),
        Column("return_info", Kind.TEXT, "Answer in words; not of CEB900 (returnInfo)"),
    ),
)


TAX_BILL_STATUS = Table(
    name="tax_bill_status",
    source=Source.CUSTOMS,
    meaning="States of electronic tax bills (CEB818)",
    key=("tax_no", "status", "changed_at"),
    happened="changed_at",
    columns=(
        TAX_NO,
        DECLARED_NO,
        Column("status", Kind.TEXT, "1 issued, 2 paid, 3 cancelled (status)", required=True),
        GUARANTOR,
        Column("summary_tax_no", Kind.TEXT, "Number of the summary tax bill (entDutyNo)"),
        Column("changed_at", Kind.MOMENT, "Time of the state (returnTime)", required=True),
    ),
)


ANSWER_TABLES = (CUSTOMS_RECEIPTS, TAX_BILL_STATUS)
