"""Why was an event refused, in a sentence for the one who sends it?"""

from __future__ import annotations

from zhiyin.core.words import Say

__all__ = ["CODES", "why"]

CODES = {
    "not_json": Say("这一行不是 JSON", "the line is not JSON"),
    "not_an_object": Say("事件应当是 JSON 对象", "an event must be a JSON object"),
    "too_deep": Say("嵌套超过 64 层", "nested in more than 64 layers"),
    "event_too_large": Say("事件太大（Segment 32 KB，其他 64 KB）", "too large (Segment 32 KB, others 64 KB)"),
    "id_conflict": Say("同一个编号先前来过，内容不同", "the same id came before with other content"),
    "unknown_type": Say("不认识这种类型（type）", "this `type` is not known"),
    "message_id_too_long": Say("messageId 不能超过 99 个字符", "messageId may have at most 99 characters"),
    "no_user_anon_id": Say("既没有 userId 也没有 anonymousId", "neither userId nor anonymousId"),
    "no_event_name": Say("没有事件名（event）", "no event name"),
    "no_group_id": Say("没有 groupId", "no groupId"),
    "no_previous_id": Say("没有 previousId", "no previousId"),
    "no_distinct_id": Say("没有 distinct_id", "no distinct_id"),
    "distinct_id_too_long": Say("distinct_id 超过 255 个字符", "distinct_id has more than 255 characters"),
    "no_item_id": Say("没有 item_id", "no item_id"),
    "unknown_specversion": Say("CloudEvents 的 specversion 应为 1.0", "specversion of a CloudEvent must be 1.0"),
    "no_id": Say("CloudEvents 没有 id", "a CloudEvent without id"),
    "no_source": Say("CloudEvents 没有 source", "a CloudEvent without source"),
    "no_type": Say("CloudEvents 没有 type", "a CloudEvent without type"),
    "data_twice": Say("data 和 data_base64 只能有一个", "data and data_base64 exclude each other"),
}


def why(code: str) -> Say:
    """The sentence of a code; the code itself where none is known."""
    return CODES.get(code, Say(code, code))
