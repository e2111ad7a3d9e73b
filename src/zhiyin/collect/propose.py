"""Which column is probably which field, by its header and by what its values look like?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from zhiyin.collect.guards import without_guards
from zhiyin.collect.opened import Opened
from zhiyin.collect.sniff import DateOrder, date_order, fits, look
from zhiyin.core.fields import ATTRIBUTE, CONSENT, KINDS

__all__ = ["Guess", "likely_kind", "proposed", "sampled"]

SAMPLE = 2000  # rows that a proposal looks at

# Headers of declared properties of a person, and of consents: the name that they get.
_ATTRIBUTES = {
    "country": "country", "国家": "country", "province": "province", "state": "province", "省份": "province", "省": "province",
    "收货人省份": "province", "city": "city", "城市": "city", "市": "city", "gender": "gender", "sex": "gender", "性别": "gender",
    "age": "age", "年龄": "age", "birthday": "birthday", "生日": "birthday", "level": "level", "tier": "level", "等级": "level",
    "会员等级": "level", "客户等级": "level", "industry": "industry", "行业": "industry", "income": "income", "收入": "income",
    "occupation": "occupation", "职业": "occupation", "tags": "tags", "标签": "tags", "company": "company", "公司": "company",
    "default address city": "city", "default address province code": "province", "default address country code": "country",
    "default address company": "company",
}  # fmt: skip
_CONSENTS = {
    "accepts email marketing": "email", "accepts marketing": "email", "accepts sms marketing": "sms", "email consent": "email",
    "sms consent": "sms", "phone consent": "phone", "同意短信": "sms", "允许短信": "sms", "接收短信": "sms", "同意邮件": "email",
    "同意电话": "phone", "允许电话": "phone", "同意微信": "wechat", "同意营销": "any", "同意联系": "any",
}  # fmt: skip
# Headers of declared properties of a product: goods first, then courses, trips and homes.
_OF_PRODUCTS = {
    "colour": "colour", "color": "colour", "颜色": "colour", "size": "size", "尺寸": "size", "尺码": "size", "规格": "specification",
    "specification": "specification", "型号": "model", "material": "material", "材质": "material", "features": "features", "卖点": "features",
    "功能": "features", "flavour": "flavour", "口味": "flavour", "产地": "origin", "origin": "origin", "适用人群": "suits", "suits": "suits",
    "难度": "level", "level": "level", "课时": "lessons", "lessons": "lessons", "讲师": "teacher", "teacher": "teacher",
    "目的地": "destination", "destination": "destination", "天数": "days", "days": "days", "出发地": "departure", "departure": "departure",
    "户型": "layout", "layout": "layout", "面积": "area", "area": "area", "朝向": "facing", "楼层": "floor", "floor": "floor",
}  # fmt: skip
_MORE_HEADERS = {"default address phone": "phone", "default address address1": "address"}


# Exports that use a common word in a sense of their own: a header that gives them away -> field -> its header.
_DIALECTS = {"lineitem name": {"order_id": "name"}}  # Shopify calls the order number "Name"


class Guess(NamedTuple):
    """A column that may hold a field, how sure (0 to 1), and the order of its dates."""

    column: str
    confidence: float
    dates: DateOrder = "auto"


Sample = dict[str, list[str]]


def sampled(opened: Opened) -> Sample:
    """Column -> the text of its first values."""
    names = [name for name in opened.header if name]
    first = next(iter(opened.read(names)), None)
    if first is None:
        return {name: [] for name in names}
    columns = first.columns.slice(0, SAMPLE)
    return {name: [_shown(value) for value in without_guards(columns[name]).to_pylist()] for name in names}


def likely_kind(sample: Sample) -> str:
    """The kind whose needed fields are all there, and that explains most columns."""

    def score(kind: str) -> tuple[bool, int]:
        found = proposed(kind, sample)
        whole = all(name in found for name, field in KINDS[kind].items() if field.needed)
        return whole, len({guess.column for guess in found.values()})

    return max(KINDS, key=score)


def proposed(kind: str, sample: Sample) -> dict[str, Guess]:
    """Field -> guess, in the order of `core/fields.py`: by header first, then by the values of what is left."""
    found = _by_header(kind, sample)
    found = _by_values(kind, sample, found)
    found = _stand_ins(kind, sample, found)
    if kind == "orders":
        found = _without_order_totals(sample, found)
    taken = {guess.column for guess in found.values()}
    if "customer" in KINDS[kind]:
        found |= _properties(sample, _ATTRIBUTES, consents=_CONSENTS, taken=taken)
    elif kind == "products":
        found |= _properties(sample, _OF_PRODUCTS, consents={}, taken=taken)
    return found


def _by_header(kind: str, sample: Sample) -> dict[str, Guess]:
    headers = {_plain(column): column for column in reversed(sample)}
    found: dict[str, Guess] = {}
    for marker, names in _DIALECTS.items():
        if _plain(marker) in headers:
            found |= {name: Guess(headers[header], 1.0) for name, header in names.items() if name in KINDS[kind] and header in headers}
    for name, field in KINDS[kind].items():
        if name in found:
            continue
        more = tuple(header for header, target in _MORE_HEADERS.items() if target == name)
        for header in (*field.headers, *more):
            column = headers.get(_plain(header))
            if column is None or any(guess.column == column for guess in found.values()):
                continue
            if fits(sample[column], field.type, name=name):
                found[name] = Guess(column, 1.0 if any(sample[column]) else 0.6, date_order(sample[column]))
                break
    return found


def _by_values(kind: str, sample: Sample, found: dict[str, Guess]) -> dict[str, Guess]:
    """A column of phones, mails or days that no header gave away."""
    taken = {guess.column for guess in found.values()}
    looks = {column: look(values) for column, values in sample.items() if column not in taken}
    for name, field in KINDS[kind].items():
        wanted = name if name in ("phone", "email", "id_number") else "time" if field.type == "time" and field.needed else ""
        fitting = [column for column, seen in looks.items() if seen == wanted]
        if name not in found and len(fitting) == 1:
            found[name] = Guess(fitting[0], 0.7, date_order(sample[fitting[0]]))
            looks.pop(fitting[0])
    return {name: found[name] for name in KINDS[kind] if name in found}


def _stand_ins(kind: str, sample: Sample, found: dict[str, Guess]) -> dict[str, Guess]:
    """Without a customer id, the openid, phone or mail that is told most often says who it is; without a name, the description what."""
    if kind == "products" and "product" not in found and "description" in found:
        found = {"product" if name == "description" else name: guess for name, guess in found.items()}
    told = {name: sum(map(bool, sample[found[name].column])) for name in ("openid", "phone", "email") if name in found}
    if "customer" not in KINDS[kind] or "customer" in found or not told:
        return found
    instead = found[max(told, key=lambda name: told[name])]
    return {"customer": instead._replace(confidence=0.6), **found}


def _without_order_totals(sample: Sample, found: dict[str, Guess]) -> dict[str, Guess]:
    """Leave out money that stands once an order, where every line has its own price."""
    if not {"order_id", "price", "quantity"} <= found.keys():
        return found
    orders = sample[found["order_id"].column]
    repeats = [at for at in range(1, len(orders)) if orders[at] == orders[at - 1]]

    def once(name: str) -> bool:
        values = sample[found[name].column]
        return bool(repeats) and not any(values[at] for at in repeats) and any(values)

    whole_order = {name for name in ("amount", "discount", "coupon") if name in found and once(name)}
    by_line = "lineitem" in _plain(found["price"].column)
    whole_order |= {name for name in ("amount", "discount") if name in found and by_line and "lineitem" not in _plain(found[name].column)}
    return {name: guess for name, guess in found.items() if name not in whole_order}


def _properties(sample: Sample, names: Mapping[str, str], *, consents: Mapping[str, str], taken: set[str]) -> dict[str, Guess]:
    """Declared properties and consents among the columns that are left."""
    found: dict[str, Guess] = {}
    for column, values in sample.items():
        header = " ".join(column.lower().replace("_", " ").split())
        name = CONSENT + consents[header] if header in consents else ATTRIBUTE + names.get(header, "")
        if column not in taken and name != ATTRIBUTE and name not in found:
            found[name] = Guess(column, 0.9 if any(values) else 0.5)
    return found


def _plain(header: str) -> str:
    return "".join(character for character in header.lower() if character not in " _-.\t\u3000")


def _shown(value: object) -> str:
    return "" if value is None else str(value)
