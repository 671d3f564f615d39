"""Features of the people in import orders: whether buyers are who they are said to be."""

from functools import partial

import ibis
from ibis.expr import types as ir

from domain.officer import Department
from domain.results import Words
from domain.signals import Signals
from domain.table import Role, Source
from features.feature import Feature, Use
from features.ops import after, ratio, share
from features.papers import paid_orders
from features.views import COMMON, recent_orders

VIRTUAL_SEGMENTS = ("162", "165", "167", "170", "171")
NEW_ACCOUNT_DAYS = 7
CROWD = 5
YOUNGEST, OLDEST = 16, 90


def buyers(signals: Signals) -> ir.Table:
    """Import orders of 180 days with how many buyers share their address and phone."""
    orders = recent_orders(signals)
    orders = orders.filter(orders.direction == "I")
    at_address = ["enterprise", "consignee_address_hash"]
    at_phone = ["enterprise", "consignee_phone_hash"]
    addresses = orders.group_by(at_address).agg(
        ids_at_address=orders.buyer_hash.nunique(), orders_at_address=orders.count()
    )
    phones = orders.group_by(at_phone).agg(ids_at_phone=orders.buyer_hash.nunique())
    rows = orders.left_join(addresses, at_address).drop(*[f"{c}_right" for c in at_address])
    rows = rows.left_join(phones, at_phone).drop(*[f"{c}_right" for c in at_phone])
    own = ibis.window(group_by="enterprise")
    age = rows.happened_at.year() - rows.buyer_birth_year
    return rows.select(
        *COMMON,
        "consignee_address_hash",
        "consignee_phone_hash",
        "ids_at_address",
        "ids_at_phone",
        "orders_at_address",
        at_top_address=rows.orders_at_address == rows.orders_at_address.max().over(own),
        at_most_ids=rows.ids_at_address == rows.ids_at_address.max().over(own),
        address_and_id=rows.consignee_address_hash + ibis.literal("|") + rows.buyer_hash,
        phone_and_id=rows.consignee_phone_hash + ibis.literal("|") + rows.buyer_hash,
        invalid_id=~rows.buyer_id_valid,
        implausible_age=(age < YOUNGEST) | (age > OLDEST),
        virtual_phone=rows.buyer_phone_segment.isin(VIRTUAL_SEGMENTS),
    )


def accounts(signals: Signals) -> ir.Table:
    """Import orders of 180 days beside the age of the buyer's account on the platform."""
    orders = recent_orders(signals)
    opened = signals.platform_accounts.group_by("platform_code", "buyer_account_hash").agg(
        opened_at=ibis._.opened_at.min()
    )
    rows = orders.filter(orders.direction == "I").inner_join(
        opened, ["platform_code", "buyer_account_hash"]
    )
    new_until = after(rows.opened_at, days=NEW_ACCOUNT_DAYS)
    return rows.select(*COMMON, by_new_account=rows.happened_at <= new_until)


def ids_at_top_address(buyers: ir.Table) -> ir.Value:
    """Most ID numbers that ordered to one room-level address, import, 180 days (刷单, T1)."""
    return buyers.ids_at_address.max().coalesce(0)


def top_address_share(buyers: ir.Table) -> ir.Value:
    """Share of import orders of 180 days that went to the merchant's busiest address (T1)."""
    return ratio(buyers.orders_at_address.max(), buyers.consignee_address_hash.count())


def ids_per_address(buyers: ir.Table) -> ir.Value:
    """ID numbers per consignee address, mean over addresses, import, 180 days (T1)."""
    return ratio(buyers.address_and_id.nunique(), buyers.consignee_address_hash.nunique())


def ids_per_phone(buyers: ir.Table) -> ir.Value:
    """ID numbers per consignee phone, mean over phones, import, 180 days (T1)."""
    return ratio(buyers.phone_and_id.nunique(), buyers.consignee_phone_hash.nunique())


def payer_not_buyer_share(paid_orders: ir.Table) -> ir.Value:
    """Share of paid import orders of 180 days whose payer is not the buyer (三单 P2; T1)."""
    return share(paid_orders.payer_not_buyer)


def invalid_id_share(buyers: ir.Table) -> ir.Value:
    """Share of import orders of 180 days whose ID number fails GB 11643 (T17)."""
    return share(buyers.invalid_id)


def implausible_age_share(buyers: ir.Table) -> ir.Value:
    """Share of import orders of 180 days by buyers under 16 or over 90 years of age (T17)."""
    return share(buyers.implausible_age)


def virtual_phone_share(buyers: ir.Table) -> ir.Value:
    """Share of import orders of 180 days with a buyer's phone of a virtual operator (T17).

    Segments 162, 165, 167, 170 and 171; the phone must be real (GACC 2018 No. 113).
    """
    return share(buyers.virtual_phone)


def new_account_order_share(accounts: ir.Table) -> ir.Value:
    """Share of import orders of 180 days placed within 7 days of opening the account (T1)."""
    return share(accounts.by_new_account)


_identity = partial(
    Feature,
    role=Role.MERCHANT,
    sources=(Source.CUSTOMS,),
    departments=(Department.CUSTOMS,),
    use=Use.SUSPICION,
    risk="up",
)
_buyers = partial(_identity, view=buyers)

IDENTITY_FEATURES = (
    _buyers(
        ids_at_top_address,
        label=Words(zh="单一地址最多身份证数", en="Most IDs at one address"),
        unit="count",
        evidence=lambda rows: rows.at_most_ids,
    ),
    _buyers(
        top_address_share,
        label=Words(zh="最集中地址订单占比", en="Share of orders to the top address"),
        unit="ratio",
        evidence=lambda rows: rows.at_top_address,
    ),
    _buyers(
        ids_per_address,
        label=Words(zh="每地址身份证数", en="IDs per address"),
        unit="IDs per address",
        evidence=lambda rows: rows.ids_at_address > 1,
    ),
    _buyers(
        ids_per_phone,
        label=Words(zh="每电话身份证数", en="IDs per phone"),
        unit="IDs per phone",
        evidence=lambda rows: rows.ids_at_phone > 1,
    ),
    _identity(
        payer_not_buyer_share,
        view=paid_orders,
        label=Words(zh="支付人与订购人不一致占比", en="Share paid by another than the buyer"),
        unit="ratio",
        sources=(Source.CUSTOMS, Source.PAYMENT),
        departments=(Department.CUSTOMS, Department.PAYMENT),
        evidence=lambda rows: rows.payer_not_buyer,
    ),
    _buyers(
        invalid_id_share,
        label=Words(zh="无效身份证占比", en="Share of invalid ID numbers"),
        unit="ratio",
        evidence=lambda rows: rows.invalid_id,
    ),
    _buyers(
        implausible_age_share,
        label=Words(zh="异常年龄占比", en="Share of implausible ages"),
        unit="ratio",
        evidence=lambda rows: rows.implausible_age,
    ),
    _buyers(
        virtual_phone_share,
        label=Words(zh="虚拟号段占比", en="Share of virtual-operator phones"),
        unit="ratio",
        evidence=lambda rows: rows.virtual_phone,
    ),
    _identity(
        new_account_order_share,
        view=accounts,
        label=Words(zh="新注册账户订单占比", en="Share of orders by new accounts"),
        unit="ratio",
        sources=(Source.CUSTOMS, Source.PLATFORM),
        evidence=lambda rows: rows.by_new_account,
    ),
)
