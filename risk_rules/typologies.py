"""The ways of cheating that alerts speak of, with who leads and what looks alike innocently."""

from dataclasses import dataclass
from typing import Literal

from domain.officer import Department
from domain.results import Words

Family = Literal["economic", "technical", "transaction"]

FAMILIES: dict[Family, Words] = {
    "economic": Words(zh="经济风险", en="Economic risk"),
    "technical": Words(zh="技术风险", en="Technical risk"),
    "transaction": Words(zh="交易风险", en="Transaction risk"),
}
"""The three risk families of the pilot zones' risk prevention systems."""


@dataclass(frozen=True, slots=True)
class Typology:
    """One way of cheating.

    Attributes:
        code: T1 to T20.
        label: What it is, in words.
        family: Which of the three families it belongs to.
        departments: Who leads the check; the first one first.
        lookalikes: Innocent explanations to rule out.
        laundering: Whether it belongs to the laundering compartment.
    """

    code: str
    label: Words
    family: Family
    departments: tuple[Department, ...]
    lookalikes: tuple[Words, ...]
    laundering: bool = False


def _words(*pairs: tuple[str, str]) -> tuple[Words, ...]:
    return tuple(Words(zh=zh, en=en) for zh, en in pairs)


TYPOLOGIES: tuple[Typology, ...] = (
    Typology(
        "T1",
        Words(zh="冒用他人身份刷单", en="Fake orders with other people's identities"),
        "transaction",
        (Department.CUSTOMS,),
        _words(
            (
                "家庭、宿舍、办公地址或驿站自提点",
                "Family, dormitory, office address or pick-up point",
            ),
            ("父母为子女下单、代收", "Parents buying for children, parcels taken in for others"),
        ),
    ),
    Typology(
        "T2",
        Words(zh="推单（站外成交、虚推三单）", en="Orders made elsewhere and pushed in"),
        "technical",
        (Department.CUSTOMS, Department.PAYMENT),
        _words(
            ("大促零点、直播集中下单", "Flash sales and live-stream drops"),
            ("接口中断后的批量补传", "Batch resending after an outage"),
        ),
    ),
    Typology(
        "T3",
        Words(zh="化整为零、蚂蚁搬家", en="Splitting under limits"),
        "transaction",
        (Department.CUSTOMS, Department.PAYMENT),
        _words(
            ("奶粉等日用品囤货", "Stocking up on formula milk and the like"),
            ("接近限额的习惯定价", "Price points just below the limit"),
        ),
    ),
    Typology(
        "T4",
        Words(zh="低报或高报价格", en="Under- or over-valuation"),
        "transaction",
        (Department.CUSTOMS, Department.TAX),
        _words(
            ("促销、赠品、临期商品、优惠券", "Promotions, gifts, near-expiry goods, coupons"),
            ("独家品牌无可比价", "Exclusive brands without a comparable price"),
        ),
    ),
    Typology(
        "T5",
        Words(zh="伪报品名、归类或原产地", en="Misdeclared name, HS code or origin"),
        "transaction",
        (Department.CUSTOMS, Department.MARKET_SUPERVISION),
        _words(
            ("新品、组合装", "New items and set packs"),
            ("税则年度调整", "Yearly change of the tariff"),
        ),
    ),
    Typology(
        "T6",
        Words(zh="虚假、循环贸易与买单出口", en="Fake or circular trade, bought export papers"),
        "economic",
        (Department.ZONE_OFFICE, Department.CUSTOMS, Department.TAX),
        _words(
            ("真实维修、退运、展品", "True repair or return trade, exhibition goods"),
            ("已披露委托方的外综服企业", "Export service firms that disclose the owners"),
        ),
    ),
    Typology(
        "T7",
        Words(zh="骗取出口退税", en="Export-rebate fraud"),
        "economic",
        (Department.TAX, Department.CUSTOMS),
        _words(
            ("备案合规的外综服企业", "Export service firms with proper filing"),
            ("季节性企业、新产品线", "Seasonal firms and new lines of goods"),
        ),
    ),
    Typology(
        "T8",
        Words(zh="无真实贸易背景的资金往来", en="Money without real trade behind it"),
        "economic",
        (Department.PAYMENT,),
        _words(
            ("集团资金池", "Group treasury centres"),
            ("寄售、一件代发", "Consignment and drop-shipping"),
        ),
        laundering=True,
    ),
    Typology(
        "T9",
        Words(zh="地下钱庄与支付通道洗钱", en="Underground banking, laundering through payments"),
        "economic",
        (Department.PAYMENT,),
        _words(
            ("支付机构归集清算", "Settlement by payment aggregators"),
            ("平台周期性放款", "Periodic pay-outs of platforms"),
        ),
        laundering=True,
    ),
    Typology(
        "T10",
        Words(zh="收付汇与报关偏离", en="Money and goods do not match"),
        "economic",
        (Department.PAYMENT,),
        _words(
            ("海外仓出口收款滞后", "Overseas-warehouse exports are paid long after"),
            ("平台轧差结算、扣除费用", "Netting by platforms, fees deducted"),
        ),
    ),
    Typology(
        "T11",
        Words(zh="关联空壳企业群", en="Cluster of shell firms"),
        "economic",
        (Department.MARKET_SUPERVISION, Department.TAX),
        _words(
            ("孵化器、集群注册", "Incubators and lawful cluster registration"),
            ("代账会计的联系电话", "Phone number of a shared accountant"),
        ),
    ),
    Typology(
        "T12",
        Words(zh="物流异常", en="Abnormal logistics"),
        "transaction",
        (Department.LOGISTICS, Department.CUSTOMS),
        _words(
            ("集运、自提", "Consolidated delivery and pick-up"),
            ("丢件、漏传签收", "Lost parcels, sign-offs not sent"),
        ),
    ),
    Typology(
        "T13",
        Words(zh="反复退货、撤单", en="Repeated returns and cancellations"),
        "transaction",
        (Department.CUSTOMS,),
        _words(
            ("服装类退货率本来就高", "Apparel is returned often by nature"),
            ("次品批次、节后退货", "A faulty batch, returns after a holiday"),
        ),
    ),
    Typology(
        "T14",
        Words(zh="休眠或新设企业突然放量", en="Dormant or new firm bursts"),
        "transaction",
        (Department.TAX, Department.CUSTOMS),
        _words(
            ("季节性经营", "Seasonal business"),
            ("新品上市、促销", "A new product, a promotion"),
        ),
    ),
    Typology(
        "T15",
        Words(zh="时间规律异常", en="Unnatural times of day"),
        "transaction",
        (Department.CUSTOMS,),
        _words(
            ("跨时区销售", "Selling over time zones"),
            ("零点促销、预售批次", "Midnight sales, pre-sale batches"),
        ),
    ),
    Typology(
        "T16",
        Words(zh="保税账册与库存不符", en="Bonded stock does not match"),
        "transaction",
        (Department.CUSTOMS,),
        _words(("盘点时差、自然损耗", "Counting lag, natural loss")),
    ),
    Typology(
        "T17",
        Words(zh="身份信息质量差", en="Poor identities"),
        "transaction",
        (Department.CUSTOMS,),
        _words(
            ("生僻字、少数民族姓名", "Rare characters, minority names"),
            ("新签发证件", "Newly issued ID cards"),
        ),
    ),
    Typology(
        "T18",
        Words(zh="海关回执异常", en="Abnormal customs receipts"),
        "technical",
        (Department.CUSTOMS,),
        _words(
            ("接口程序错误", "An interface bug"),
            ("代码表更新", "A new code table"),
        ),
    ),
    Typology(
        "T19",
        Words(zh="空心或失联企业", en="Thin or unreachable firm"),
        "transaction",
        (Department.MARKET_SUPERVISION, Department.TAX),
        _words(("小微卖家、居家经营", "Micro sellers, home-based firms")),
    ),
    Typology(
        "T20",
        Words(zh="数据不实、少报收入", en="Untrue data, income under-reported"),
        "technical",
        (Department.TAX, Department.MARKET_SUPERVISION),
        _words(("统计时点、汇率、退款差异", "Timing, exchange rates, refunds")),
    ),
)

TYPOLOGY: dict[str, Typology] = {typology.code: typology for typology in TYPOLOGIES}
