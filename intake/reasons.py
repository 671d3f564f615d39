"""Why a row is refused, in words, and what would be right."""

from enum import StrEnum
from typing import Final

from domain.results import Words
from domain.table import Column, Kind


class Reason(StrEnum):
    """The kinds of refusal; each is counted in the receipt under its name."""

    MISSING = "missing"
    WRONG_TYPE = "wrong_type"
    OUT_OF_RANGE = "out_of_range"
    IMPOSSIBLE_DATE = "impossible_date"
    UNKNOWN_CODE = "unknown_code"
    DUPLICATE = "duplicate"
    OUT_OF_ORDER = "out_of_order"
    UNKNOWN_DOCUMENT = "unknown_document"
    PART_REFUSED = "part_refused"
    UNKNOWN_ENTERPRISE = "unknown_enterprise"
    NAMED_TWICE = "named_twice"
    NO_ENTITY = "no_entity"
    WRONG_ENCODING = "wrong_encoding"
    MALFORMED = "malformed"


REASON_WORDS: Final = {
    Reason.MISSING: Words(zh="必填项缺失", en="a mandatory field is missing"),
    Reason.WRONG_TYPE: Words(zh="类型不符", en="wrong type"),
    Reason.OUT_OF_RANGE: Words(zh="数值超限", en="out of range"),
    Reason.IMPOSSIBLE_DATE: Words(zh="日期不可能", en="impossible date"),
    Reason.UNKNOWN_CODE: Words(zh="代码不在代码表", en="code not in the code table"),
    Reason.DUPLICATE: Words(zh="批次内主键重复", en="key twice in a batch"),
    Reason.OUT_OF_ORDER: Words(zh="知悉时间倒置", en="history out of order"),
    Reason.UNKNOWN_DOCUMENT: Words(zh="更改的单证未曾接收", en="document never received"),
    Reason.PART_REFUSED: Words(
        zh="同一单证其他部分被隔离", en="another part of the document was refused"
    ),
    Reason.UNKNOWN_ENTERPRISE: Words(zh="企业不在名册", en="enterprise not on the roll"),
    Reason.NAMED_TWICE: Words(zh="键或列名重复", en="key or column named twice"),
    Reason.NO_ENTITY: Words(zh="报文内无业务实体", en="no business entity in a message"),
    Reason.WRONG_ENCODING: Words(zh="文字编码与声明不符", en="wrong text encoding"),
    Reason.MALFORMED: Words(zh="文件残缺或格式错误", en="malformed file"),
}

HEALABLE = frozenset({Reason.UNKNOWN_ENTERPRISE})
"""Refusals that may pass when the same file is received again: the enterprise had to come first."""

_TYPES: dict[Kind, Words] = {
    Kind.TEXT: Words(zh="UTF-8 文本", en="a text in UTF-8"),
    Kind.AMOUNT: Words(zh="数字, 如 12.5", en="a number such as 12.5"),
    Kind.COUNT: Words(zh="整数", en="a whole number"),
    Kind.DATE: Words(zh="日期 YYYYMMDD 或 YYYY-MM-DD", en="a day, YYYYMMDD or YYYY-MM-DD"),
    Kind.MOMENT: Words(
        zh="时间 YYYYMMDDhhmmss 或 YYYY-MM-DD hh:mm:ss",
        en="a time, YYYYMMDDhhmmss or YYYY-MM-DD hh:mm:ss",
    ),
    Kind.FLAG: Words(zh="true 或 false", en="true or false"),
}
_RIGHT: dict[Reason, Words] = {
    Reason.MISSING: Words(zh="必填项不得为空", en="a value; the field is mandatory"),
    Reason.OUT_OF_RANGE: Words(
        zh="整数部分至多 13 位, 小数至多 5 位; 整数至多 18 位; 文本至多 65536 字节",
        en="at most 13 digits before the point and 5 after it; 18 digits for a whole number; "
        "65,536 bytes for a text",
    ),
    Reason.IMPOSSIBLE_DATE: Words(
        zh="日历中存在的日期, 不早于 1990 年, 不晚于接收后一日",
        en="a day of the calendar, not before 1990 nor later than a day after receipt",
    ),
    Reason.DUPLICATE: Words(
        zh="同一批次内业务主键不得重复; 更改请用操作 2",
        en="each business key once in a batch; send a change as operation 2",
    ),
    Reason.OUT_OF_ORDER: Words(
        zh="历史数据须按知悉时间先后接收", en="history in the order in which it became known"
    ),
    Reason.UNKNOWN_DOCUMENT: Words(
        zh="被删除的单证须先已接收", en="a document that was accepted before; only then delete it"
    ),
    Reason.PART_REFUSED: Words(
        zh="同一单证的其他部分须先更正", en="the refused part of the same document put right"
    ),
    Reason.UNKNOWN_ENTERPRISE: Words(
        zh="企业名录中的统一社会信用代码或海关编码; 请先报送企业信息",
        en="a credit code or customs code of an enterprise on the roll; send that enterprise first",
    ),
    Reason.NAMED_TWICE: Words(
        zh="同一 JSON 对象的键、同一表格的列名各只出现一次",
        en="each key once in a JSON object, each column once in a table",
    ),
    Reason.NO_ENTITY: Words(
        zh="至少一个业务实体, 元素名称和命名空间与报文规范一致",
        en="at least one business entity, named and in the namespace as the message has it",
    ),
    Reason.WRONG_ENCODING: Words(
        zh="与声明一致的文字编码: XML 以首行为准, CSV 以映射文件的 encoding 为准, JSON 为 UTF-8",
        en="text in the encoding it names: XML in its first line, CSV in the mapping file's "
        "`encoding`, JSON always UTF-8",
    ),
    Reason.MALFORMED: Words(
        zh="完整、格式正确的文件, 无文档类型声明, 表头写明该表的栏目, 每行列数与表头一致",
        en="a whole, well-formed file without a document type declaration; in a table, a "
        "head that names its columns, and as many fields in each row",
    ),
}


def what_would_be_right(reason: Reason, column: Column | None) -> Words:
    """What the sender should hand in instead; never repeats what was handed in."""
    if reason is Reason.WRONG_TYPE and column is not None:
        return _TYPES[column.kind]
    if reason is Reason.UNKNOWN_CODE and column is not None:
        codes = ", ".join(column.codes)
        return Words(zh=f"下列之一: {codes}", en=f"one of: {codes}")
    return _RIGHT.get(reason, _TYPES[Kind.TEXT])
