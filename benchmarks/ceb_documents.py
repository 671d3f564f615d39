"""Customs messages of eight kinds, import and export, as a benchmark's delivery."""

import random
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from domain.identity import credit_code_check_character
from domain.tables import TABLES
from intake.pseudonym import id_check_character

DOCUMENTS = 200_000
PER_FILE = 100
FIRMS = 200
SEED = 7
NAMESPACE = "http://www.chinaport.gov.cn/ceb"

_HEAD = (
    "guid={guid} appType=1 appTime={time} appStatus=2 orderType={type} orderNo={order} "
    "ebpCode={platform} ebpName={platform_name} ebcCode={firm} ebcName={firm_name} "
)
_LINE = "gnum={gnum} itemNo={item} itemName={goods} "
_ROLE = ["is_merchant", "is_platform", "is_agent", "is_carrier", "is_payment_firm", "is_warehouse"]
_BUYER = "buyerName={name} buyerTelephone={phone} buyerIdType=1 buyerIdNumber={id} "
_CONSIGNEE = "consignee={name} consigneeTelephone={phone} consigneeAddress={address} "
_CARRIER = "logisticsNo={waybill} logisticsCode={carrier} logisticsName={carrier_name} "

_KINDS: dict[str, tuple[str, str, str, str, str]] = {
    "CEB311": (
        "Order",
        "OrderHead",
        _HEAD
        + "goodsValue={value} freight=0 discount=0 taxTotal={tax} acturalPaid={paid} currency=142 "
        "buyerRegNo={account} " + _BUYER + "payCode={payer} payName={payer_name} "
        "payTransactionId={transaction} batchNumbers= " + _CONSIGNEE + "consigneeDistrict=320300 "
        "note=",
        "OrderList",
        _LINE + "gmodel={goods}|500g itemDescribe= barCode={bar} unit=011 qty=1 price={price} "
        "totalPrice={price} currency=142 country=116 note=",
    ),
    "CEB411": (
        "Payment",
        "PaymentHead",
        (
            "guid={guid} appType=1 appTime={time} appStatus=2 payCode={payer} payName={payer_name} "
            "payTransactionId={transaction} orderNo={order} ebpCode={platform} "
            "ebpName={platform_name} payerIdType=1 payerIdNumber={id} payerName={name} "
            "telephone={phone} amountPaid={paid} currency=142 payTime={time} note="
        ),
        "",
        "",
    ),
    "CEB511": (
        "Logistics",
        "LogisticsHead",
        "guid={guid} appType=1 appTime={time} appStatus=2 logisticsCode={carrier} "
        "logisticsName={carrier_name} logisticsNo={waybill} billNo={bill} orderNo={order} "
        "freight=0 insuredFee=0 currency=142 weight=1.25 packNo=1 goodsInfo={goods} "
        + _CONSIGNEE
        + "note=",
        "",
        "",
    ),
    "CEB621": (
        "Inventory",
        "InventoryHead",
        _HEAD.replace("orderType={type} ", "") + _CARRIER + "copNo={cop} preNo={pre} "
        "assureCode={agent} emsNo= invtNo={invt} ieFlag=I declTime={day} customsCode=2302 "
        "portCode=2302 ieDate={day} " + _BUYER + "consigneeAddress={address} agentCode={agent} "
        "agentName={agent_name} areaCode= areaName= tradeMode=9610 trafMode=5 trafNo=CA100 "
        "voyageNo=CA100 billNo={bill} loctNo= licenseNo= country=116 freight=0 insuredFee=0 "
        "currency=142 wrapType=2 packNo=1 grossWeight=1.25 netWeight=1.1 note=",
        "InventoryList",
        (
            "gnum={gnum} itemRecordNo= itemNo={item} itemName={goods} gcode=3304990029 "
            "gname={goods} "
            "gmodel={goods}|500g barCode={bar} country=116 tradeCountry=116 currency=142 qty=1 "
            "unit=011 qty1=0.5 unit1=035 qty2=1 unit2=011 price={price} totalPrice={price} note="
        ),
    ),
    "CEB303": (
        "Order",
        "OrderHead",
        _HEAD + "goodsValue={value} freight=0 currency=502 note=",
        "OrderList",
        _LINE + "itemDescribe= barCode={bar} unit=011 currency=502 qty=1 price={price} "
        "totalPrice={price} note=",
    ),
    "CEB403": (
        "Receipts",
        "",
        _HEAD.replace("orderType={type} orderNo={order} ", "") + "orderNo={order} payCode={payer} "
        "payName={payer_name} payNo={transaction} charge={value} currency=502 "
        "accountingDate={time} note=",
        "",
        "",
    ),
    "CEB505": (
        "Logistics",
        "",
        (
            "guid={guid} appType=1 appTime={time} appStatus=2 logisticsCode={carrier} "
            "logisticsName={carrier_name} logisticsNo={waybill} freight=0 insuredFee=0 "
            "currency=502 "
            "grossWeight=1.25 packNo=1 goodsInfo={goods} ebcCode={firm} ebcName={firm_name} "
            "ebcTelephone=0516-80000000 note="
        ),
        "",
        "",
    ),
    "CEB603": (
        "Inventory",
        "InventoryHead",
        (
            "guid={guid} appType=1 appTime={time} appStatus=2 customsCode=2302 ebpCode={platform} "
            "ebpName={platform_name} orderNo={order} logisticsCode={carrier} "
            "logisticsName={carrier_name} logisticsNo={waybill} copNo={cop} preNo={pre} "
            "invtNo={invt} "
            "ieFlag=E portCode=2302 ieDate={day} statisticsFlag=A agentCode={agent} "
            "agentName={agent_name} ebcCode={firm} ebcName={firm_name} ownerCode={firm} "
            "ownerName={firm_name} iacCode= iacName= emsNo= tradeMode=9610 trafMode=5 "
            "trafName=CA100 "
            "voyageNo=CA100 billNo={bill} totalPackageNo= loctNo= licenseNo= country=502 POD=USA "
            "freight=0 fCurrency=502 fFlag=3 insuredFee=0 iCurrency=502 iFlag=3 wrapType=2 "
            "packNo=1 "
            "grossWeight=1.25 netWeight=1.1 note="
        ),
        "InventoryList",
        (
            "gnum={gnum} itemNo={item} itemRecordNo= itemName={goods} gcode=6109100021 "
            "gname={goods} "
            "gmodel={goods}|500g barCode={bar} country=502 currency=502 qty=1 qty1=0.5 qty2= "
            "unit=011 "
            "unit1=035 unit2= price={price} totalPrice={price} note="
        ),
    ),
}
_GOODS = ("婴儿配方奶粉", "面膜", "保健食品 & 维生素", "无线耳机", "棉制针织T恤衫", "化妆水")
_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"


def _xml(fields: str) -> str:
    parts = (word.partition("=") for word in fields.split(" ") if word)
    return "".join(f"<ceb:{name}>{value}</ceb:{name}>" for name, _, value in parts)


def _trades(rng: random.Random, letter: str, count: int) -> Iterator[dict[str, str]]:
    """What the documents of one order have in common."""
    buyers = max(1, count * 2 // 3)
    for number in range(count):
        firm, carrier, buyer = (rng.randrange(FIRMS), rng.randrange(5), rng.randrange(buyers))
        at = f"202605{rng.randrange(1, 32):02d}{rng.randrange(24):02d}{rng.randrange(60):02d}"
        price = rng.randrange(1_000, 90_000)
        lines = 1 + rng.randrange(3)
        who = random.Random(buyer)  # noqa: S311 - chance, not secrecy
        body = f"999999{who.randrange(1950, 2005)}0{who.randrange(1, 10)}1{who.randrange(9)}"
        body += f"{buyer % 1000:03d}"
        yield {
            "guid": str(uuid.UUID(int=rng.getrandbits(128))).upper(),
            "time": f"{at}{rng.randrange(60):02d}",
            "day": at[:8],
            "type": letter,
            "order": f"{letter}{rng.getrandbits(40):013d}{number:06d}",
            "platform": f"32039600{firm % 7:02d}",
            "platform_name": f"测试平台{firm % 7}",
            "firm": f"3203960{firm:03d}",
            "firm_name": f"徐州测试电子商务有限公司{firm}",
            "carrier": f"3203980{carrier:03d}",
            "carrier_name": f"测试物流企业{carrier}",
            "payer": "4403169D3W",
            "payer_name": "测试支付企业",
            "agent": f"3203960{firm % 20:03d}",
            "agent_name": f"测试报关企业{firm % 20}",
            "waybill": f"L{letter}{rng.getrandbits(36):011d}{number:06d}",
            "transaction": f"P{letter}{rng.getrandbits(44):014d}{number:06d}",
            "bill": f"999-{rng.randrange(10**8):08d}",
            "cop": f"C{letter}{number:015d}",
            "pre": f"B{letter}{number:016d}",
            "invt": f"23022026{letter}{number:09d}",
            "account": f"u{buyer:09d}",
            "name": who.choice(_SURNAMES) + who.choice(_GIVEN) + who.choice(_GIVEN),
            "phone": f"1{who.randrange(30, 100)}{who.randrange(10**8):08d}",
            "id": body + id_check_character(body),
            "address": f"江苏省徐州市云龙区测试路{who.randrange(1, 999)}号{who.randrange(1, 30)}-"
            f"{who.randrange(1, 9)}0{who.randrange(1, 4)}室",
            "lines": str(lines),
            "price": _amount(price),
            "value": _amount(price * lines),
            "tax": _amount(price * lines // 10),
            "paid": _amount(price * lines + price * lines // 10),
        }


def _amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _entity(kind: str, rng: random.Random, trade: dict[str, str]) -> str:
    entity, (head, head_xml, part, part_xml) = _KINDS[kind][0], _TEMPLATES[kind]
    body = head_xml.format_map({**trade, "goods": _GOODS[0]})
    body = f"<ceb:{head}>{body}</ceb:{head}>" if head else body
    for number in range(1, int(trade["lines"]) + 1 if part else 1):
        goods = rng.randrange(len(_GOODS))
        item = {"gnum": str(number), "item": f"SKU{goods:06d}", "bar": f"69{goods:011d}"}
        text = part_xml.format_map({**trade, **item, "goods": _GOODS[goods].replace("&", "&amp;")})
        body += f"<ceb:{part}>{text}</ceb:{part}>"
    return f"<ceb:{entity}>{body}</ceb:{entity}>"


_TEMPLATES = {
    kind: (head, _xml(fields), part, _xml(lines))
    for kind, (_, head, fields, part, lines) in _KINDS.items()
}
_TAIL = (
    "<ceb:BaseTransfer>"
    + _xml("copCode=3203960000 copName=测试企业 dxpMode=DXP dxpId=DXPENT0000000001 note=")
    + "</ceb:BaseTransfer>"
)


def make(folder: Path) -> tuple[int, int]:
    """Write the roll and the messages; how many documents and bytes of messages."""
    rng = random.Random(SEED)  # noqa: S311 - chance, not secrecy
    folder.mkdir()
    _write_roll(folder / "enterprises.parquet")
    per_kind = DOCUMENTS // len(_KINDS)
    documents = size = 0
    for letter, kinds in (("I", list(_KINDS)[:4]), ("E", list(_KINDS)[4:])):
        trades = list(_trades(rng, letter, per_kind))
        for kind in kinds:
            for first in range(0, per_kind, PER_FILE):
                its = trades[first : first + PER_FILE]
                entities = "\n".join(_entity(kind, rng, trade) for trade in its)
                text = (
                    f'<?xml version="1.0" encoding="UTF-8"?>\n<ceb:{kind}Message guid="'
                    f'{its[0]["guid"]}" version="1.0" xmlns:ceb="{NAMESPACE}">\n{entities}\n'
                    f"{_TAIL}</ceb:{kind}Message>"
                )
                path = folder / f"{kind}-{first // PER_FILE:05d}.xml"
                size += path.write_bytes(text.encode())
                documents += len(its)
    return documents, size


def _write_roll(path: Path) -> None:
    codes = [f"32039600{n:02d}" for n in range(7)] + [f"3203960{n:03d}" for n in range(FIRMS)]
    codes += [f"3203980{n:03d}" for n in range(5)] + ["4403169D3W"]
    rows = [
        {
            "credit_code": body + credit_code_check_character(body),
            "customs_code": code,
            "name": f"测试企业{number}",
            "registered_on": date(2015, 1, 1),
            "division": "320300",
            "cluster_registered": False,
            **dict.fromkeys(_ROLE, True),
        }
        for number, code in enumerate(dict.fromkeys(codes))
        for body in (f"91999999MA{number:07d}",)
    ]
    pq.write_table(pa.Table.from_pylist(rows, TABLES["enterprises"].offered_schema()), path)
