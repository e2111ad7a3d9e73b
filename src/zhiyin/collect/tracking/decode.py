"""Which events stand in the body of a request, whatever it is packed in: JSON, gzip, base64 in a form, or lines of JSON?

The door (which events, ids, digests) and the meaning (what each says) both read a body through here, so that a place in a body is
the same event for both.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import zlib
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qsl

import msgspec

from zhiyin.core.errors import DataError, TooLarge
from zhiyin.core.words import Say

__all__ = ["MOST_BYTES", "Dialect", "Opened", "Unfit", "dialect", "opened", "structured", "whole"]

MOST_BYTES = 64 * 1024 * 1024  # of a body once it is unpacked; a gzip bomb stops here
MOST_DEPTH = 64  # of lists and objects in one another: no client sends more than a dozen, and what follows may walk an event
_MOST_DIGITS = 300  # of a number; longer ones are kept as text
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"

Dialect = Literal["segment", "sensors", "cloudevents"]


class Unfit(NamedTuple):
    """An event that cannot be taken: its place in the body, why (a code), where (a JSON pointer), and the event as it came."""

    place: int
    code: str
    pointer: str
    raw: bytes


class Opened(NamedTuple):
    """What stands in a body: each event with its place, what the body says once for all of them, and what is no event."""

    events: list[tuple[int, dict[str, Any]]]
    shared: dict[str, Any]
    unfit: list[Unfit]


def opened(form: str, body: bytes, *, most: int = MOST_BYTES) -> Opened:
    """The events of a body, in order.

    Args:
        form: `segment:<call>`, `sensors`, `cloudevents:<mode>` or `lines`; the binary mode comes as `structured` made it.
        body: the bytes as they came, or unpacked already.
        most: bytes that it may hold once it is unpacked.

    Raises:
        DataError: when the body as a whole cannot be read.
    """
    text = _unzipped(body, most)
    if form == "lines":
        return _lines(text)
    if form == "sensors":
        return _numbered(_sensors(text, most), {})
    value = whole(text)
    if form in ("segment:batch", "segment:import"):
        return _batch(value)
    if form == "cloudevents:batch" and not isinstance(value, list):
        raise _unreadable(Say("这里应当是一个 JSON 数组。", "A JSON array was expected."), got=_kind(value))
    if form != "cloudevents:batch" and not isinstance(value, dict):
        raise _unreadable(Say("这里应当是一个 JSON 对象。", "A JSON object was expected."), got=_kind(value))
    return _numbered(value if isinstance(value, list) else [value], {})


def dialect(form: str, event: Mapping[str, object]) -> Dialect:
    """In which protocol an event is written; among lines each may be in another."""
    if form != "lines":
        return "segment" if form.startswith("segment") else "sensors" if form == "sensors" else "cloudevents"
    if "specversion" in event:
        return "cloudevents"
    return "sensors" if "distinct_id" in event or str(event.get("type", "")).startswith("item_") else "segment"


def structured(headers: Mapping[str, str], body: bytes) -> bytes:
    """A CloudEvent whose attributes came as `ce-` headers, as one JSON object: its body alone would not say what it is.

    Args:
        headers: of the request; their names in any case.
        body: the data.
    """
    low = {name.lower(): value for name, value in headers.items()}
    event: dict[str, object] = {name.removeprefix("ce-"): value for name, value in low.items() if name.startswith("ce-")}
    kind = low.get("content-type", "")
    if kind:
        event["datacontenttype"] = kind
    if not body:
        return msgspec.json.encode(event)
    if "json" in kind or not kind:
        try:
            return msgspec.json.encode(event | {"data": msgspec.json.decode(body)})
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass
    return msgspec.json.encode(event | {"data_base64": base64.b64encode(body).decode()})


def whole(text: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """The JSON value of a text. What JSON does not know but clients send is read as they mean it: NaN as null, half an emoji as �.

    Raises:
        DataError: when it is no JSON, no UTF-8, or nested too deeply.
    """
    try:
        value = msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        value = _leniently(text)
    except RecursionError as wrong:
        raise _too_deep() from wrong
    return value


def _leniently(text: bytes) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return _mended(_DECODER.decode(text.removeprefix(_BOM).decode("utf-8", "surrogatepass")))
    except RecursionError as wrong:
        raise _too_deep() from wrong
    except UnicodeDecodeError as wrong:
        raise _unreadable(Say("请求内容不是 UTF-8 编码。", "The body is not UTF-8."), got=f"byte {wrong.start}") from wrong
    except json.JSONDecodeError as wrong:
        raise _unreadable(Say("请求内容不是 JSON。", "The body is not JSON."), got=f"line {wrong.lineno}, column {wrong.colno}") from wrong


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def _decimal(digits: str) -> float | str:
    value = float(digits)
    return value if math.isfinite(value) else digits


_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_decimal, parse_constant=lambda _: None, strict=False)


def _mended(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The same value without halves of surrogate pairs, which no other system can store."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mended(one) for one in value]
    if isinstance(value, dict):
        return {_mended(name): _mended(one) for name, one in value.items()}
    return value


def _unzipped(body: bytes, most: int) -> bytes:
    if not body.startswith(_GZIP):
        if len(body) > most:
            raise _too_large(most)
        return body
    texts: list[bytes] = []
    while body:  # gzip may come in several parts
        unpacker = zlib.decompressobj(wbits=31)
        try:
            texts.append(unpacker.decompress(body, most - sum(map(len, texts)) + 1))
        except zlib.error as wrong:
            raise _unreadable(Say("gzip 数据损坏。", "The gzip data are damaged."), got=len(body)) from wrong
        if unpacker.unconsumed_tail or sum(map(len, texts)) > most:
            raise _too_large(most)
        if not unpacker.eof:
            raise _unreadable(Say("gzip 数据不完整。", "The gzip data are cut off."), got=len(body))
        body = unpacker.unused_data
    return b"".join(texts)


def _batch(value: object) -> Opened:
    if isinstance(value, list):  # some clients post the list itself
        return _numbered(value, {})
    listed = value.get("batch") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(listed, list):
        raise _unreadable(Say("batch 应当是事件的数组。", "`batch` must be an array of events."), got=_kind(listed))
    return _numbered(listed, {name: told for name, told in value.items() if name != "batch"})


def _sensors(text: bytes, most: int) -> list[Any]:
    """The events of a form with `data` or `data_list`: JSON in base64, with gzip or without; or the JSON itself."""
    if text.lstrip()[:1] in (b"{", b"["):
        value = whole(text)
        return value if isinstance(value, list) else [value]
    try:
        told = dict(parse_qsl(text.decode("ascii"), keep_blank_values=True, max_num_fields=64))
    except (UnicodeDecodeError, ValueError) as wrong:
        raise _unreadable(Say("请求内容不是表单。", "The body is not a form."), got=len(text)) from wrong
    packed = told.get("data_list") or told.get("data")
    if not packed:
        raise _unreadable(
            Say("表单里没有 data 或 data_list。", "The form has neither `data` nor `data_list`."), got=", ".join(sorted(told)[:5])
        )
    try:
        # A plus that a client did not escape arrives as a blank.
        raw = base64.b64decode(packed.replace(" ", "+"), validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise _unreadable(Say("data 不是 base64。", "`data` is not base64."), got=len(packed)) from wrong
    value = whole(_unzipped(raw, most))
    return value if isinstance(value, list) else [value]


def _lines(text: bytes) -> Opened:
    found = Opened([], {}, [])
    for place, line in enumerate(text.removeprefix(_BOM).splitlines()):
        if not line.strip():
            continue
        try:
            _keep(found, place, whole(line), "", line)
        except DataError:
            found.unfit.append(Unfit(place, "not_json", "", line))
    return found


def _numbered(values: list[Any], shared: dict[str, Any]) -> Opened:
    found = Opened([], shared, [])
    for place, value in enumerate(values):
        _keep(found, place, value, f"/{place}")
    return found


def _keep(found: Opened, place: int, value: object, pointer: str, raw: bytes | None = None) -> None:
    """An object is an event unless it is nested too deeply; anything else is none."""
    code = "not_an_object" if not isinstance(value, dict) else "too_deep" if _is_deep(value) else ""
    if code:
        found.unfit.append(Unfit(place, code, pointer, _encoded(value) if raw is None else raw))
    elif isinstance(value, dict):
        found.events.append((place, value))


def _encoded(value: object) -> bytes:
    try:
        return msgspec.json.encode(value)
    except RecursionError:  # what was just shallow enough to be read
        return b""


def _is_deep(value: object) -> bool:
    """Whether an event is nested too deeply; one with few brackets cannot be (measured: 1 us, to walk it 5 us)."""
    try:
        text = msgspec.json.encode(value)
    except RecursionError:
        return True
    return text.count(b"{") + text.count(b"[") > MOST_DEPTH and _deeper(value, MOST_DEPTH)


def _deeper(value: object, most: int) -> bool:
    layer = [value]
    for _ in range(most):
        layer = [inner for one in layer for inner in _inside(one) if isinstance(inner, (dict, list))]
        if not layer:
            return False
    return True


def _inside(value: Any) -> Any:  # noqa: ANN401 - the values of an object or a list
    return value.values() if isinstance(value, dict) else value


def _kind(value: object) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}
    return "null" if value is None else names[type(value)]


def _too_large(most: int) -> TooLarge:
    return TooLarge(
        Say("请求解压后太大。", "The body is too large once it is unpacked."),
        got=f"> {most} B",
        fix=Say("把事件分成几个请求发送。", "Send the events in several requests."),
    )


def _too_deep() -> DataError:
    return _unreadable(Say("JSON 嵌套太深。", "The JSON is nested too deeply."), got=f"> {MOST_DEPTH}")


def _unreadable(what: Say, *, got: object) -> DataError:
    return DataError(
        what,
        got=got,
        fix=Say(
            "按 docs/intake.md 里的格式发送；原样重发不会成功。", "Send what docs/intake.md shows; the same body again will not be taken."
        ),
    )
