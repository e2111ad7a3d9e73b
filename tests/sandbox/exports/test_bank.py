from sandbox.lived import exported, months


def test_stolen_money_goes_at_night_to_somebody_new():
    rows = months(exported("finance"), "账户流水_", encoding="gb18030")
    new = [row for row in rows if row["是否首次收款人"] == "是"]
    assert 0 < len(new) < 0.05 * len(rows)
    assert {row["交易时间"][11:13] for row in new} == {"02"}
    assert min(float(row["金额"]) for row in new) > max(float(row["金额"]) for row in rows if row["是否首次收款人"] == "否")
    assert len({row["交易流水号"] for row in rows}) == len(rows)
