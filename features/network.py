"""Features of an enterprise among others: shared identities, circling money and goods."""

from functools import partial

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
from ibis.expr import types as ir

from domain.officer import Department
from domain.results import Words
from domain.signals import Signals
from domain.table import Role, Source
from features.feature import Feature, Use
from features.kernels import Flags, Indexes, clusters, on_short_cycle
from features.ops import (
    after,
    first_of,
    found,
    ratio,
    share,
    share_of,
    total,
    trailing,
)
from features.views import COMMON, WINDOW, declared, directed_lines, speaking

COMMON_VALUE = 15  # holders; an incubator's or an accountant's, not a tie (T11)
TOGETHER = 30  # days
REIMPORT_DAYS = 90
_OWN = {
    "person": "legal_representative_hash",
    "address": "office_address_hash",
    "phone": "office_phone_hash",
    "email": "email_account_hash",
}
_TIES: dict[str, pa.DataType] = {
    "enterprise": pa.string(),
    "table": pa.string(),
    "document_key": pa.string(),
    "happened_at": pa.timestamp("us"),
    "speaks": pa.bool_(),
    "rarity_e5": pa.int64(),
    "cluster_size": pa.int64(),
    "others_dissolved": pa.int64(),
    "others_together": pa.int64(),
}


def ties(signals: Signals) -> ir.Table:
    """Identities of each enterprise with their number of holders and the cluster they make.

    Enterprises are in one cluster that hold an identity in common, directly or through others.
    An identity of more than 15 holders, or a lawful shared address (集群注册), ties nobody.
    """
    firms = signals.enterprises.select("registered_on", "dissolved_on", firm="credit_code")
    roll = firms.to_pyarrow().to_pandas().sort_values("firm", ignore_index=True)
    held = held_identities(signals).to_pyarrow().to_pandas()
    held = held.sort_values(["enterprise", "identity", "table", "document_key"])
    held = held.drop_duplicates(["enterprise", "identity"], ignore_index=True)
    held = held[held.enterprise.isin(roll.firm)]
    holders = held.groupby("identity").enterprise.transform("size").to_numpy()
    tied = (holders > 1) & (holders <= COMMON_VALUE)
    rarity = np.where(tied, -np.log(holders / len(roll)), 0.0)
    firm = pd.Index(roll.firm).get_indexer(held.enterprise)
    value = held.identity.factorize(sort=True)[0]
    found_in = clusters(firm[tied], value[tied], len(roll))
    dissolved = roll.dissolved_on.notna() & (roll.dissolved_on <= signals.as_of)
    told = held[tied].duplicated(["enterprise", "table", "document_key"])
    described = held.assign(
        speaks=tied & ~told.reindex(held.index, fill_value=False),
        rarity_e5=np.rint(rarity * 100_000).astype(np.int64),
        **_among_others(found_in, dissolved.to_numpy(), roll.registered_on, firm),
    )
    return ibis.memtable(pa.Table.from_pandas(described, pa.schema(_TIES), preserve_index=False))


def held_identities(signals: Signals) -> ir.Table:
    """Pairs of enterprise and identity: representative, room, phone, e-mail, people behind."""
    firms = speaking(signals.enterprises, "enterprises", "credit_code")
    own = [
        firms.drop_null(column).select(*COMMON, identity=ibis.literal(f"{kind}:") + firms[column])
        for kind, column in _OWN.items()
        if kind != "address"
    ]
    rooms = firms.filter(~firms.cluster_registered).drop_null("office_address_hash")
    own.append(rooms.select(*COMMON, identity=ibis.literal("address:") + rooms.office_address_hash))
    behind = speaking(signals.relations, "relations", "enterprise_code")
    today = ibis.literal(signals.as_of)
    behind = behind.filter(behind.valid_from <= today, behind.valid_to.coalesce(today) >= today)
    persons = behind.drop_null("person_hash")
    parents = behind.drop_null("related_code")
    return ibis.union(
        *own,
        persons.select(*COMMON, identity=ibis.literal("person:") + persons.person_hash),
        parents.select(*COMMON, identity=ibis.literal("firm:") + parents.related_code),
        firms.select(*COMMON, identity=ibis.literal("firm:") + firms.enterprise),
    )


def outflows(signals: Signals) -> ir.Table:
    """Bank payments of 180 days; `circling` lie on a cycle of two to four on the roll."""
    rows = trailing(signals.bank_flows, signals.as_of, WINDOW)
    rows = speaking(rows, "bank_flows", "enterprise_code")
    rows = rows.filter(rows.direction == "out")
    roll = signals.enterprises.select(counterparty_code="credit_code")
    edges = rows.semi_join(roll, "counterparty_code")
    edges = edges.select("enterprise", "counterparty_code").distinct()
    pairs = edges.to_pyarrow()
    names, index = np.unique(
        np.concatenate([column.to_numpy() for column in pairs.columns]).astype(str),
        return_inverse=True,
    )
    payers, payees = index.reshape(2, -1)
    circling = pairs.filter(pa.array(on_short_cycle(payers, payees, len(names))))
    cycles = ibis.memtable(circling).mutate(circling=ibis.literal(value=True))
    rows = rows.left_join(cycles, ["enterprise", "counterparty_code"])
    return rows.select(*COMMON, "amount_cny", circling=found(rows.circling))


def owned_exports(signals: Signals) -> ir.Table:
    """Export declarations of 180 days beside their owner (生产销售单位)."""
    heads = declared(signals, WINDOW)
    heads = heads.filter(heads.direction == "E").drop_null("owner_code")
    roll = signals.enterprises.select(owner_code="credit_code", known=ibis.literal(value=True))
    rows = heads.left_join(roll, "owner_code")
    unseen = (rows.owner_code != rows.enterprise) & ~found(rows.known)
    return rows.select(*COMMON, unseen=unseen)


def exported_lines(signals: Signals) -> ir.Table:
    """Export lines of 180 days; per item, once, the quantity that came back."""
    lines = directed_lines(signals)
    lines = lines.drop_null("item_no")
    item = ["enterprise", "item_no"]
    out = lines.filter(lines.direction == "E")
    sent = out.group_by(item).agg(
        exported=out.quantity.sum(), first_at=out.happened_at.min(), last_at=out.happened_at.max()
    )
    back = lines.filter(lines.direction == "I").inner_join(sent, item)
    until = after(back.last_at, days=REIMPORT_DAYS)
    back = back.filter((back.happened_at > back.first_at) & (back.happened_at < until))
    returned = back.group_by(item).agg(returned=back.quantity.sum())
    rows = out.left_join(sent, item).drop("enterprise_right", "item_no_right")
    rows = rows.left_join(returned, item)
    matched = ibis.least(rows.exported, rows.returned.coalesce(0))
    return rows.select(
        *COMMON,
        "quantity",
        came_back=rows.returned > 0,
        matched=ibis.ifelse(first_of(*item), matched, None),
    )


def shared_identity_cluster_size(ties: ir.Table) -> ir.Value:
    """Enterprises in the cluster tied by shared identities, itself counted (关联空壳, T11).

    Legal representative, room-level address, phone, e-mail, and the people and firms behind.
    """
    return ties.cluster_size.max()


def shared_identity_weight(ties: ir.Table) -> ir.Value:
    """Sum over shared identities of -ln(share of the roll that holds it): rare ties weigh (T11)."""
    return ratio(total(ties.rarity_e5), ibis.literal(100_000))


def cluster_dissolved_share(ties: ir.Table) -> ir.Value:
    """Share of the others in the cluster that are deregistered; 0 when alone (T6, T11)."""
    return ratio(ties.others_dissolved.max(), ibis.greatest(ties.cluster_size.max() - 1, 1))


def cluster_registered_together_share(ties: ir.Table) -> ir.Value:
    """Share of the others in the cluster registered within 30 days; 0 when alone (T11)."""
    return ratio(ties.others_together.max(), ibis.greatest(ties.cluster_size.max() - 1, 1))


def money_cycle_share(outflows: ir.Table) -> ir.Value:
    """Share of bank payments of 180 days that flow round two to four enterprises (对敲; T6, T8).

    By amount; a cycle leads from payer to payee over enterprises of the roll and back.
    """
    return share_of(outflows.amount_cny, outflows.circling)


def unseen_owner_share(owned_exports: ir.Table) -> ir.Value:
    """Share of exports of 180 days owned by another that is not on the roll (买单出口; T6, T7)."""
    return share(owned_exports.unseen)


def reimport_match_share(exported_lines: ir.Table) -> ir.Value:
    """Share of the exported quantity of 180 days that came back within 90 days (循环出口, T6).

    Matched by merchant and item number.
    """
    return ratio(total(exported_lines.matched), total(exported_lines.quantity))


_network = partial(
    Feature,
    role=Role.ENTERPRISE,
    unit="ratio",
    use=Use.SUSPICION,
    risk="up",
    sources=(Source.MARKET_SUPERVISION,),
    departments=(Department.MARKET_SUPERVISION,),
)
_ties = partial(_network, view=ties, evidence=lambda rows: rows.speaks)
_goods = partial(
    _network,
    role=Role.MERCHANT,
    sources=(Source.CUSTOMS,),
    departments=(Department.CUSTOMS,),
)

NETWORK_FEATURES = (
    _ties(
        shared_identity_cluster_size,
        label=Words(zh="关联企业群规模", en="Size of the shared-identity cluster"),
        unit="count",
    ),
    _ties(
        shared_identity_weight,
        label=Words(zh="关联强度", en="Weight of shared identities"),
        unit="weight",
    ),
    _ties(
        cluster_dissolved_share,
        label=Words(zh="关联企业注销占比", en="Share of the cluster deregistered"),
    ),
    _ties(
        cluster_registered_together_share,
        label=Words(zh="关联企业集中注册占比", en="Share of the cluster registered together"),
    ),
    _network(
        money_cycle_share,
        view=outflows,
        label=Words(zh="资金回流占比", en="Share of money that circles"),
        sources=(Source.PAYMENT,),
        departments=(Department.PAYMENT,),
        evidence=lambda rows: rows.circling,
    ),
    _goods(
        unseen_owner_share,
        view=owned_exports,
        label=Words(zh="货主不明出口占比", en="Share of exports of unseen owners"),
        evidence=lambda rows: rows.unseen,
    ),
    _goods(
        reimport_match_share,
        view=exported_lines,
        label=Words(zh="出口复进口占比", en="Share of exports that came back"),
        evidence=lambda rows: rows.came_back,
    ),
)


def _among_others(
    clusters: Indexes, dissolved: Flags, registered: pd.Series, firm: Indexes
) -> dict[str, Indexes]:
    """For each held identity's firm: size of its cluster, and what the others in it are."""
    frame = pd.DataFrame({"cluster": clusters, "dissolved": dissolved})
    grouped = frame.groupby("cluster").dissolved
    others = grouped.transform("sum") - frame.dissolved
    together = _registered_together(clusters, registered)
    return {
        "cluster_size": grouped.transform("size").to_numpy()[firm],
        "others_dissolved": others.to_numpy(np.int64)[firm],
        "others_together": together[firm],
    }


def _registered_together(clusters: Indexes, registered: pd.Series) -> Indexes:
    """Others of the same cluster registered within 30 days of each enterprise."""
    days = pd.to_datetime(registered).to_numpy().astype("datetime64[D]").astype(np.int64)
    line = clusters * 10_000_000 + days  # clusters lie far apart on one line
    ordered = np.sort(line)
    low = np.searchsorted(ordered, line - TOGETHER, side="left")
    high = np.searchsorted(ordered, line + TOGETHER, side="right")
    return np.asarray(high - low - 1, np.int64)
