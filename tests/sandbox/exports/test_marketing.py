from sandbox.lived import exported, months, rows_of


def test_who_is_held_back_is_not_told_apart_before_it():
    rows = months(exported(customers=4000), "营销_触达_")
    held = [row for row in rows if row["是否对照"] == "是"]
    assert 0.07 < len(held) / len(rows) < 0.13
    assert {row["触达概率"] for row in rows} == {"0.25", "0.40", "0.55"}
    assert len({row["触达概率"] for row in held}) > 1


def test_a_coupon_is_used_while_the_campaign_runs_and_by_those_who_were_invited():
    files = exported(customers=4000)
    campaigns = {row["活动编号"]: row for row in rows_of(files["营销_活动.csv"])}
    invited = {(row["会员编号"], row["活动编号"]) for row in months(files, "营销_触达_") if row["是否对照"] == "否"}
    used = months(files, "营销_核销_")
    assert used
    for row in used:
        campaign = campaigns[row["活动编号"]]
        assert campaign["开始日期"] <= row["核销时间"][:10] <= campaign["结束日期"]
        assert (row["会员编号"], row["活动编号"]) in invited
    assert {row["优惠券编号"] for row in used} <= {row["优惠券编号"] for row in rows_of(files["营销_优惠券.csv"])}


def test_reps_note_more_than_one_sentence_an_outcome():
    rows = months(exported(), "CRM_跟进记录_", encoding="gb18030")
    words = {result: {row["备注"] for row in rows if row["结果"] == result} for result in {row["结果"] for row in rows}}
    assert set(words) == {"已接通", "无需求", "无人接听", "勿扰"}
    assert all(len(notes) > 3 for notes in words.values())
    every = [note for notes in words.values() for note in notes]
    assert len(set(every)) == len(every)
