"""What authorities register of an enterprise: existence, people, events, grades, inspections."""

from domain.table import Column, Kind, Personal, Role, Source, Table
from domain.tables.columns import ENTERPRISE_CODE, amount

ENTERPRISES = Table(
    name="enterprises",
    source=Source.MARKET_SUPERVISION,
    meaning="The roll of the zone's enterprises",
    key=("credit_code",),
    happened="registered_on",
    columns=(
        Column("credit_code", Kind.TEXT, "Unified social credit code (GB 32100)", required=True),
        Column("customs_code", Kind.TEXT, "Customs registration code, 10 characters"),
        Column("name", Kind.TEXT, "Registered name", required=True),
        Column("registered_on", Kind.DATE, "Day of registration", required=True),
        Column("dissolved_on", Kind.DATE, "Day of deregistration"),
        amount("paid_in_capital", "Paid-in capital, CNY"),
        Column("industry", Kind.TEXT, "Line of business, GB/T 4754 class"),
        Column("division", Kind.TEXT, "Division of domicile (GB/T 2260)", required=True),
        Column(
            "office_address",
            Kind.TEXT,
            "Registered address to the room",
            personal=Personal.ADDRESS,
        ),
        Column("office_phone", Kind.TEXT, "Registered phone", personal=Personal.PHONE),
        Column("email_account", Kind.TEXT, "Registered e-mail", personal=Personal.ACCOUNT),
        Column(
            "legal_representative_id_number",
            Kind.TEXT,
            "Legal representative's ID number",
            personal=Personal.ID_NUMBER,
        ),
        Column(
            "cluster_registered",
            Kind.FLAG,
            "Lawful shared address of an incubator (集群注册)",
            required=True,
        ),
        Column("is_merchant", Kind.FLAG, "Registered as e-commerce enterprise", required=True),
        Column("is_platform", Kind.FLAG, "Registered as platform", required=True),
        Column("is_agent", Kind.FLAG, "Registered as declaring agent", required=True),
        Column("is_carrier", Kind.FLAG, "Registered as logistics enterprise", required=True),
        Column("is_payment_firm", Kind.FLAG, "Registered as payment firm", required=True),
        Column("is_warehouse", Kind.FLAG, "Registered as in-zone warehouse", required=True),
    ),
)

ALIASES = Table(
    name="aliases",
    source=Source.MARKET_SUPERVISION,
    meaning="Names and codes that enterprises have or had, with their days",
    key=("enterprise_code", "kind", "alias", "valid_from"),
    happened="valid_from",
    subject="enterprise_code",
    columns=(
        ENTERPRISE_CODE,
        Column(
            "kind",
            Kind.TEXT,
            "What the alias is; a credit code that enterprise_code replaced, or a customs code",
            required=True,
            codes=("name", "customs_code", "credit_code"),
        ),
        Column("alias", Kind.TEXT, "The name or code", required=True),
        Column("valid_from", Kind.DATE, "First day", required=True),
        Column("valid_to", Kind.DATE, "Last day; empty while in force"),
    ),
)

RELATIONS = Table(
    name="relations",
    source=Source.MARKET_SUPERVISION,
    meaning="People and enterprises behind an enterprise",
    key=("enterprise_code", "relation_no"),
    happened="valid_from",
    subject="enterprise_code",
    columns=(
        ENTERPRISE_CODE,
        Column("relation_no", Kind.TEXT, "Number of the registry entry", required=True),
        Column(
            "kind",
            Kind.TEXT,
            "What the other is to the enterprise",
            required=True,
            codes=(
                "legal_representative",
                "shareholder",
                "finance_officer",
                "customs_officer",
                "accountant",
                "parent",
            ),
        ),
        Column("person_id_number", Kind.TEXT, "ID number", personal=Personal.ID_NUMBER),
        Column("related_code", Kind.TEXT, "The other enterprise's code", role=Role.ENTERPRISE),
        amount("share", "Share held, percent"),
        Column("valid_from", Kind.DATE, "First day", required=True),
        Column("valid_to", Kind.DATE, "Last day; empty while in force"),
    ),
)

COMPLAINTS = Table(
    name="complaints",
    source=Source.MARKET_SUPERVISION,
    meaning="Complaints and disputes against a merchant",
    key=("complaint_no",),
    happened="raised_at",
    subject="merchant_code",
    columns=(
        Column("complaint_no", Kind.TEXT, "Number", required=True),
        Column("merchant_code", Kind.TEXT, "Merchant", required=True, role=Role.MERCHANT),
        Column(
            "kind",
            Kind.TEXT,
            "What is complained of; identity_used: someone's quota was used by others",
            required=True,
            codes=("quality", "not_received", "identity_used", "counterfeit", "refund"),
        ),
        Column("order_no", Kind.TEXT, "Order number"),
        Column("upheld", Kind.FLAG, "Decided for the complainant; empty while open"),
        Column("raised_at", Kind.MOMENT, "Time", required=True),
    ),
)

REGISTRY_EVENTS = Table(
    name="registry_events",
    source=Source.MARKET_SUPERVISION,
    meaning="Lists, penalties, samplings, debts, and their repairs, of any authority",
    key=("event_no",),
    happened="decided_on",
    subject="enterprise_code",
    columns=(
        Column("event_no", Kind.TEXT, "Number of the decision", required=True),
        ENTERPRISE_CODE,
        Column(
            "kind",
            Kind.TEXT,
            "What was decided; a repair ends the event named in repairs_no",
            required=True,
            codes=(
                "abnormal_list",
                "serious_list",
                "penalty",
                "sampling_failed",
                "sampling_passed",
                "annual_report_late",
                "address_unreachable",
                "tax_debt",
                "tax_abnormal",
                "court_default",
                "representative_changed",
                "repair",
            ),
        ),
        Column(
            "authority",
            Kind.TEXT,
            "Who decided",
            required=True,
            codes=("customs", "tax", "market_supervision", "safe", "court", "public_credit"),
        ),
        Column(
            "severity",
            Kind.TEXT,
            "NDRC Decree 36 grade",
            codes=("minor", "general", "serious"),
        ),
        amount("penalty_amount", "Penalty or debt, CNY"),
        Column("decided_on", Kind.DATE, "Day of the decision", required=True),
        Column("ends_on", Kind.DATE, "Last day of display; empty if open"),
        Column("repairs_no", Kind.TEXT, "event_no that a repair ends"),
        Column("reference", Kind.TEXT, "Legal basis"),
    ),
)

AUTHORITY_GRADES = Table(
    name="authority_grades",
    source=Source.MARKET_SUPERVISION,
    meaning="Grades of other authorities, each on its own scale",
    key=("enterprise_code", "scheme", "valid_from"),
    happened="valid_from",
    subject="enterprise_code",
    columns=(
        ENTERPRISE_CODE,
        Column(
            "scheme",
            Kind.TEXT,
            "customs (Decree 282), tax (STA 2025/12), samr (2022/6), rebate, safe, ndrc",
            required=True,
            codes=("customs", "tax", "samr", "rebate", "safe", "ndrc"),
        ),
        Column("grade", Kind.TEXT, "Grade in the scheme's own letters", required=True),
        Column("valid_from", Kind.DATE, "First day", required=True),
        Column("valid_to", Kind.DATE, "Last day; empty while in force"),
        Column("document_no", Kind.TEXT, "Number of the decision"),
    ),
)

FINDINGS = Table(
    name="findings",
    source=Source.CUSTOMS,
    meaning="Outcomes of inspections and audits, clean ones too",
    key=("finding_no",),
    happened="inspected_on",
    subject="enterprise_code",
    columns=(
        Column("finding_no", Kind.TEXT, "Number", required=True),
        ENTERPRISE_CODE,
        Column(
            "found_by",
            Kind.TEXT,
            "How the enterprise came to be inspected",
            required=True,
            codes=("random", "targeted", "complaint"),
        ),
        Column("adverse", Kind.FLAG, "An adverse act was confirmed", required=True),
        Column(
            "act",
            Kind.TEXT,
            "What was confirmed; empty when clean",
            codes=(
                "identity_misuse",
                "splitting",
                "valuation",
                "false_trade",
                "rebate_fraud",
                "laundering",
                "logistics_fraud",
                "fx_mismatch",
                "quality",
                "filing",
            ),
        ),
        amount("amount", "Value involved, CNY"),
        Column("inspected_on", Kind.DATE, "Day the inspection began", required=True),
        Column("acts_from", Kind.DATE, "First day of the acts found"),
        Column("acts_to", Kind.DATE, "Last day of the acts found"),
    ),
)


REGISTRY_TABLES = (
    ENTERPRISES,
    ALIASES,
    RELATIONS,
    COMPLAINTS,
    REGISTRY_EVENTS,
    AUTHORITY_GRADES,
    FINDINGS,
)
