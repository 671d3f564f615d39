"""All features in one tuple, and how late their sources may be."""

import hashlib
import json

from features.authority_grades import AUTHORITY_GRADE_FEATURES
from features.customs import CUSTOMS_FEATURES
from features.feature import Feature, Use
from features.identity import IDENTITY_FEATURES
from features.logistics import LOGISTICS_FEATURES
from features.market_supervision import MARKET_SUPERVISION_FEATURES
from features.network import NETWORK_FEATURES
from features.orders import ORDER_FEATURES
from features.payment import PAYMENT_FEATURES
from features.price import PRICE_FEATURES
from features.reconciliation import RECONCILIATION_FEATURES
from features.tax import TAX_FEATURES

FEATURES: tuple[Feature, ...] = (
    *CUSTOMS_FEATURES,
    *ORDER_FEATURES,
    *IDENTITY_FEATURES,
    *PRICE_FEATURES,
    *RECONCILIATION_FEATURES,
    *LOGISTICS_FEATURES,
    *PAYMENT_FEATURES,
    *TAX_FEATURES,
    *MARKET_SUPERVISION_FEATURES,
    *AUTHORITY_GRADE_FEATURES,
    *NETWORK_FEATURES,
)
FEATURE: dict[str, Feature] = {feature.name: feature for feature in FEATURES}
CREDIT_FEATURES = tuple(f.name for f in FEATURES if f.use is Use.CREDIT)
SUSPICION_FEATURES = tuple(f.name for f in FEATURES if f.use is Use.SUSPICION)


def catalogue_digest() -> str:
    """Digest of what the features mean; two nights compare only if it is equal."""
    meanings = [
        [f.name, f.meaning, f.unit, f.role, f.use, f.risk, list(f.sources), f.level]
        for f in FEATURES
    ]
    return hashlib.sha256(json.dumps(meanings, ensure_ascii=False).encode()).hexdigest()
