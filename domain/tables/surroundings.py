"""What surrounds trade: measures, interfaces, and for which days a source is complete."""

from domain.table import Column, Kind, Role, Source, Table

TRADE_MEASURES = Table(
    name="trade_measures",
    source=Source.CUSTOMS,
    meaning="Trade measures by HS code and country",
    key=("measure_no",),
    happened="valid_from",
    columns=(
        Column("measure_no", Kind.TEXT, "Number of the notice", required=True),
        Column("hs_prefix", Kind.TEXT, "First digits of the HS code", required=True),
        Column("country", Kind.TEXT, "Country, customs numeric code", required=True),
        Column(
            "kind",
            Kind.TEXT,
            "Kind of measure",
            required=True,
            codes=("anti_dumping", "licence", "ban", "extra_duty"),
        ),
        Column("valid_from", Kind.DATE, "First day", required=True),
        Column("valid_to", Kind.DATE, "Last day; empty while in force"),
        Column("reference", Kind.TEXT, "Legal basis"),
    ),
)


INTERFACE_EVENTS = Table(
    name="interface_events",
    source=Source.PLATFORM,
    meaning="Outages and batch resends of a sender's interface",
    key=("sender_code", "started_at"),
    happened="started_at",
    columns=(
        Column("sender_code", Kind.TEXT, "Sender", required=True, role=Role.ENTERPRISE),
        Column(
            "kind",
            Kind.TEXT,
            "What happened",
            required=True,
            codes=("outage", "batch_resend", "code_table_change"),
        ),
        Column("started_at", Kind.MOMENT, "Start", required=True),
        Column("ended_at", Kind.MOMENT, "End"),
    ),
)


COVERAGE = Table(
    name="coverage",
    source=Source.PLATFORM,
    meaning="For which days a source's data is complete, so that nothing means none",
    key=("source", "covered_to"),
    happened="covered_to",
    columns=(
        Column(
            "source",
            Kind.TEXT,
            "The source that speaks",
            required=True,
            codes=tuple(Source),
        ),
        Column("covered_from", Kind.DATE, "First day covered", required=True),
        Column("covered_to", Kind.DATE, "Last day covered", required=True),
    ),
)


SURROUNDING_TABLES = (TRADE_MEASURES, INTERFACE_EVENTS, COVERAGE)
