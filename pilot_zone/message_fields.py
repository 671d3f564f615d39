"""Which element of a customs message says what: element and source, in the official order.

A source is a column of our table, or: `=text` a constant, `@column` a moment (`@@` with
milliseconds), `#column` the customs code of an enterprise, `~column` its name, `!guid`,
`!operation`, or empty for nothing.
"""

from dataclasses import dataclass

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One kind of message.

    Attributes:
        code: CEBnnn.
        direction: I or E.
        table: Table its entities come from.
        wrappers: Elements around the entity's fields, outermost first.
        fields: Elements of the entity.
        lines: Table, element name and elements of its lines, if it has any.
        time: Column with the time of the message.
    """

    code: str
    direction: str
    table: str
    wrappers: tuple[str, ...]
    fields: Fields
    lines: tuple[str, str, Fields] | None = None
    time: str = "reported_at"


def _fields(text: str) -> Fields:
    pairs = (word.partition(":") for word in text.split())
    return tuple((element, source) for element, _, source in pairs)


_START = "guid:!guid appType:!operation appTime:@reported_at appStatus:=2 "
_SHOP = (
    "ebpCode:#platform_code ebpName:~platform_code ebcCode:#merchant_code ebcName:~merchant_code "
)
_CARRIER = "logisticsCode:#carrier_code logisticsName:~carrier_code "

_IMPORT_ORDER = _fields(
    _START + "orderType:order_type orderNo:order_no " + _SHOP + "goodsValue:goods_value "
    "freight:freight discount:discount taxTotal:tax_total acturalPaid:actual_paid "
    "currency:currency buyerRegNo:buyer_account buyerName:buyer_name buyerTelephone:buyer_phone "
    "buyerIdType:=1 buyerIdNumber:buyer_id_number payCode:#payment_firm_code "
    "payName:~payment_firm_code payTransactionId:transaction_no batchNumbers: "
    "consignee:consignee_name consigneeTelephone:consignee_phone "
    "consigneeAddress:consignee_address consigneeDistrict:consignee_division note:"
)
_IMPORT_ORDER_LINE = _fields(
    "gnum:line_no itemNo:item_no itemName:item_name gmodel:item_name itemDescribe: "
    "barCode:bar_code unit:unit qty:quantity price:price totalPrice:total_price "
    "currency:currency country:country note:"
)
_IMPORT_PAYMENT = _fields(
    _START + "payCode:#payment_firm_code payName:~payment_firm_code "
    "payTransactionId:transaction_no orderNo:order_no ebpCode:#platform_code "
    "ebpName:~platform_code payerIdType:=1 payerIdNumber:payer_id_number payerName:payer_name "
    "telephone:payer_phone amountPaid:amount currency:currency payTime:@paid_at note:"
)
_IMPORT_WAYBILL = _fields(
    _START + _CARRIER + "logisticsNo:waybill_no billNo:bill_no orderNo:order_no freight:freight "
    "insuredFee:insured_fee currency:currency weight:gross_weight packNo:pieces "
    "goodsInfo:goods_info consignee:consignee_name consigneeAddress:consignee_address "
    "consigneeTelephone:consignee_phone note:"
)
_IMPORT_STATUS = _fields(
    _START
    + _CARRIER
    + "logisticsNo:waybill_no logisticsStatus:status logisticsTime:@status_at note:"
)
_IMPORT_DECLARATION = _fields(
    _START + "orderNo:order_no " + _SHOP + "logisticsNo:waybill_no " + _CARRIER + "copNo:cop_no "
    "preNo:pre_no assureCode:#guarantor_code emsNo:account_book_no invtNo:declaration_no "
    "ieFlag:direction declTime:declared_on customsCode:customs_code portCode:port_code "
    "ieDate:declared_on buyerIdType:=1 buyerIdNumber:buyer_id_number buyerName:buyer_name "
    "buyerTelephone:buyer_phone consigneeAddress:consignee_address agentCode:#agent_code "
    "agentName:~agent_code areaCode:#warehouse_code areaName:~warehouse_code "
    "tradeMode:trade_mode trafMode:transport_mode trafNo: voyageNo: billNo:bill_no loctNo: "
    "licenseNo: country:country freight:freight insuredFee:insured_fee currency:currency "
    "wrapType:=2 packNo:pieces grossWeight:gross_weight netWeight:net_weight note:"
)
_IMPORT_DECLARATION_LINE = _fields(
    "gnum:line_no itemRecordNo:item_record_no itemNo:item_no itemName:goods_name gcode:hs_code "
    "gname:goods_name gmodel:goods_name barCode:bar_code country:country tradeCountry:country "
    "currency:currency qty:quantity unit:unit qty1:legal_quantity unit1:legal_unit qty2: unit2: "
    "price:price totalPrice:total_price note:"
)
_IMPORT_ANSWER = _fields(
    "guid:!guid customsCode:=2311 ebpCode:#platform_code ebcCode:#merchant_code "
    "agentCode:#agent_code copNo:cop_no preNo:pre_no invtNo:declaration_no "
    "returnStatus:return_status returnTime:@@returned_at returnInfo:return_info"
)
_EXPORT_ORDER = _fields(
    _START + "orderType:order_type orderNo:order_no " + _SHOP + "goodsValue:goods_value "
    "freight:freight currency:currency note:"
)
_EXPORT_ORDER_LINE = _fields(
    "gnum:line_no itemNo:item_no itemName:item_name itemDescribe: barCode:bar_code unit:unit "
    "currency:currency qty:quantity price:price totalPrice:total_price note:"
)
_EXPORT_RECEIPT = _fields(
    _START + _SHOP + "orderNo:order_no payCode:#payment_firm_code payName:~payment_firm_code "
    "payNo:transaction_no charge:amount currency:currency accountingDate:@paid_at note:"
)
_EXPORT_WAYBILL = _fields(
    _START + _CARRIER + "logisticsNo:waybill_no freight:freight insuredFee:insured_fee "
    "currency:currency grossWeight:gross_weight packNo:pieces goodsInfo:goods_info "
    "ebcCode:#merchant_code ebcName:~merchant_code ebcTelephone: note:"
)
_EXPORT_DECLARATION = _fields(
    _START + "customsCode:customs_code ebpCode:#platform_code ebpName:~platform_code "
    "orderNo:order_no " + _CARRIER + "logisticsNo:waybill_no copNo:cop_no preNo:pre_no "
    "invtNo:declaration_no ieFlag:direction portCode:port_code ieDate:declared_on "
    "statisticsFlag:statistics_flag agentCode:#agent_code agentName:~agent_code "
    "ebcCode:#merchant_code ebcName:~merchant_code ownerCode:#owner_code ownerName:~owner_code "
    "iacCode:#warehouse_code iacName:~warehouse_code emsNo:account_book_no tradeMode:trade_mode "
    "trafMode:transport_mode trafName: voyageNo: billNo:bill_no totalPackageNo: loctNo: "
    "licenseNo: country:country POD:country freight:freight fCurrency:currency fFlag:=3 "
    "insuredFee:insured_fee iCurrency:currency iFlag:=3 wrapType:=2 packNo:pieces "
    "grossWeight:gross_weight netWeight:net_weight note:"
)
_EXPORT_DECLARATION_LINE = _fields(
    "gnum:line_no itemNo:item_no itemRecordNo:item_record_no itemName:goods_name gcode:hs_code "
    "gname:goods_name gmodel:goods_name barCode:bar_code country:country currency:currency "
    "qty:quantity qty1:legal_quantity qty2: unit:unit unit1:legal_unit unit2: price:price "
    "totalPrice:total_price note:"
)
_EXPORT_ANSWER = _fields(
    "guid:!guid agentCode:#agent_code copNo:cop_no preNo:pre_no invtNo:declaration_no "
    "ebcCode:#merchant_code ebpCode:#platform_code orderNo:order_no statisticsFlag:=A "
    "returnStatus:return_status returnTime:@@returned_at returnInfo:return_info"
)

MESSAGES: tuple[Message, ...] = (
    Message(
        "CEB311",
        "I",
        "orders",
        ("Order", "OrderHead"),
        _IMPORT_ORDER,
        ("order_lines", "OrderList", _IMPORT_ORDER_LINE),
    ),
    Message("CEB411", "I", "payments", ("Payment", "PaymentHead"), _IMPORT_PAYMENT),
    Message("CEB511", "I", "waybills", ("Logistics", "LogisticsHead"), _IMPORT_WAYBILL),
    Message("CEB513", "I", "waybill_status", ("LogisticsStatus",), _IMPORT_STATUS),
    Message(
        "CEB621",
        "I",
        "declarations",
        ("Inventory", "InventoryHead"),
        _IMPORT_DECLARATION,
        ("declaration_lines", "InventoryList", _IMPORT_DECLARATION_LINE),
    ),
    Message(
        "CEB622", "I", "customs_returns", ("InventoryReturn",), _IMPORT_ANSWER, time="returned_at"
    ),
    Message(
        "CEB303",
        "E",
        "orders",
        ("Order", "OrderHead"),
        _EXPORT_ORDER,
        ("order_lines", "OrderList", _EXPORT_ORDER_LINE),
    ),
    Message("CEB403", "E", "payments", ("Receipts",), _EXPORT_RECEIPT),
    Message("CEB505", "E", "waybills", ("Logistics",), _EXPORT_WAYBILL),
    Message(
        "CEB603",
        "E",
        "declarations",
        ("Inventory", "InventoryHead"),
        _EXPORT_DECLARATION,
        ("declaration_lines", "InventoryList", _EXPORT_DECLARATION_LINE),
    ),
    Message(
        "CEB604", "E", "customs_returns", ("InventoryReturn",), _EXPORT_ANSWER, time="returned_at"
    ),
)
