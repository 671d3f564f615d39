"""Every rule there is. Adding one is a predicate and a line in its topic's tuple."""

from risk_rules.export import EXPORT_RULES
from risk_rules.identity import IDENTITY_RULES
from risk_rules.logistics import LOGISTICS_RULES
from risk_rules.money import MONEY_RULES
from risk_rules.orders import ORDER_RULES
from risk_rules.price import PRICE_RULES
from risk_rules.rule import Rule
from risk_rules.subject import SUBJECT_RULES

RULES: tuple[Rule, ...] = (
    *IDENTITY_RULES,
    *ORDER_RULES,
    *PRICE_RULES,
    *LOGISTICS_RULES,
    *EXPORT_RULES,
    *MONEY_RULES,
    *SUBJECT_RULES,
)

RULE: dict[str, Rule] = {rule.name: rule for rule in RULES}
