import json
import mailbox
from collections import defaultdict
from contextlib import closing

import pytest

from sandbox.lived import exported, months
from zhiyin.sandbox.scenarios.registry import SCENARIOS


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_a_conversation_goes_on_in_time_with_both_sides(scenario):
    talks = defaultdict(list)
    for row in months(exported(scenario), "企业微信_聊天记录_"):
        talks[row["会话编号"]].append(row)
    assert len(talks) > 20
    for rows in talks.values():
        rows.sort(key=lambda row: row["消息编号"])
        times = [row["消息时间"] for row in rows]
        assert times == sorted(times)
        assert len({row["外部联系人"] for row in rows}) == 1
        assert all(row["消息内容"] and "{" not in row["消息内容"] for row in rows)
    assert all({row["发送方"] for row in rows} == {"客户", "员工"} for rows in talks.values() if len(rows) > 1)


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_turns_of_a_call_follow_each_other_and_sound_like_voices(scenario):
    files = exported(scenario)
    calls = [json.loads(line) for name in files if name.startswith("通话录音转写_") for line in files[name].decode().splitlines()]
    assert len(calls) > 5
    for call in calls:
        ends = [0, *(turn["end_ms"] for turn in call["turns"])]
        assert all(end < turn["start_ms"] < turn["end_ms"] for end, turn in zip(ends, call["turns"], strict=False))
        assert abs(call["seconds"] * 1000 - ends[-1]) < 2000
        for turn in call["turns"]:
            assert turn["text"]
            assert (100 < turn["pitch_hz"] < 280, 3 < turn["chars_per_s"] < 7, 0.8 < turn["asr_confidence"] < 1) == (True, True, True)


def test_mails_are_read_by_a_mail_program(tmp_path):
    files = exported("saas", customers=2000)
    for name in files:
        if name.startswith("客服邮箱_"):
            (tmp_path / name).write_bytes(files[name])
            with closing(mailbox.mbox(tmp_path / name, create=False)) as box:
                read = list(box)
            assert read
            for message in read:
                assert message["From"].isascii()
                assert message.get_payload(decode=True).decode("utf-8").strip()
            assert len({message["Message-ID"] for message in read}) == len(read)


def test_reviews_are_in_the_order_of_time_with_one_to_five_stars():
    rows = months(exported(customers=2000), "商品评价_", encoding="gb18030")
    assert [row["评价时间"] for row in rows] == sorted(row["评价时间"] for row in rows)
    assert {row["评分"] for row in rows} == {"1", "2", "3", "4", "5"}
    assert all("*" in row["买家昵称"] for row in rows)
