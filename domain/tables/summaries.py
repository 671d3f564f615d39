"""Parcels joined: under a master bill, and into a summary declaration."""

from domain.table import Column, Kind, Role, Source, Table
from domain.tables.columns import (
    AGENT,
    CARRIER,
    DECLARATION_NO,
    MERCHANT,
    PRE_NO,
    REPORTED,
    SITE_NO,
    TRANSPORT_MODE,
    WAYBILL_NO,
)

_COP_NO = Column("cop_no", Kind.TEXT, "Declarant's own number (copNo)", required=True)
_CUSTOMS = Column("customs_code", Kind.TEXT, "Customs district (customsCode)", required=True)
_DECLARANT = Column(
    "declarant_code", Kind.TEXT, "Declarant of the summary (declAgentCode)", role=Role.AGENT
)
_PART_NO = Column("part_no", Kind.COUNT, "Number of the part of a split message (msgSeqNo)")
_PARTS = Column("parts", Kind.COUNT, "Parts of the split message (msgCount)")

MANIFESTS = Table(
    name="manifests",
    source=Source.LOGISTICS,
    meaning="Which export parcels go under which master bill (CEB607)",
    key=("agent_code", "cop_no", "part_no", "waybill_no"),
    happened="reported_at",
    subject="agent_code",
    columns=(
        AGENT,
        _COP_NO,
        PRE_NO,
        _CUSTOMS,
        SITE_NO,
        TRANSPORT_MODE,
        Column("bill_no", Kind.TEXT, "Master bill (billNo)", required=True),
        CARRIER,
        _PARTS,
        _PART_NO,
        WAYBILL_NO,
        Column("package_no", Kind.TEXT, "Bag, pallet or mailbag (totalPackageNo)"),
        DECLARATION_NO,
        REPORTED,
    ),
)


SUMMARY_APPLICATIONS = Table(
    name="summary_applications",
    source=Source.CUSTOMS,
    meaning="Applications to join export lists into a declaration (CEB701)",
    key=("agent_code", "cop_no", "part_no", "declaration_no"),
    happened="reported_at",
    subject="merchant_code",
    columns=(
        AGENT,
        MERCHANT,
        _DECLARANT,
        _COP_NO,
        PRE_NO,
        Column("summary_no", Kind.TEXT, "Summary application number (sumNo)"),
        _CUSTOMS,
        Column("starts_at", Kind.MOMENT, "Lists joined from (startTime)"),
        Column("ends_at", Kind.MOMENT, "Lists joined until (endTime)"),
        SITE_NO,
        Column("summary_flag", Kind.TEXT, "How lists are chosen (summaryFlag)"),
        Column("item_name_flag", Kind.TEXT, "How goods are named (itemNameFlag)"),
        _PARTS,
        _PART_NO,
        DECLARATION_NO,
        REPORTED,
    ),
)


SUMMARY_RESULTS = Table(
    name="summary_results",
    source=Source.CUSTOMS,
    meaning="Declarations made of export lists (CEB792)",
    key=("summary_no", "sequence_no", "part_no", "declaration_no", "line_no"),
    happened="decided_at",
    subject="merchant_code",
    columns=(
        AGENT,
        MERCHANT,
        _DECLARANT,
        _CUSTOMS,
        Column("summary_no", Kind.TEXT, "Summary application number (sumNo)", required=True),
        Column("sequence_no", Kind.TEXT, "Declaration's unified number (declSeqNo)"),
        Column("temporary_no", Kind.TEXT, "Declaration's temporary number (decTmpNo)"),
        Column("pre_no", Kind.TEXT, "Declaration's pre-entry number (decPreNo)"),
        Column("entry_no", Kind.TEXT, "Declaration number 报关单号 (entryId)"),
        Column("state", Kind.TEXT, "State of the declaration (decState)", required=True),
        _PARTS,
        _PART_NO,
        DECLARATION_NO,
        Column("waybill_no", Kind.TEXT, "Parcel waybill number (logisticsNo)"),
        Column("goods_no", Kind.COUNT, "Goods of the declaration (gseqno)"),
        Column("line_no", Kind.COUNT, "Line number of the list (gnum)"),
        Column("hs_code", Kind.TEXT, "HS code, 10 digits (gcode)"),
        Column("decided_at", Kind.MOMENT, "Time of the result (opDate)", required=True),
    ),
)


SUMMARY_TABLES = (MANIFESTS, SUMMARY_APPLICATIONS, SUMMARY_RESULTS)
