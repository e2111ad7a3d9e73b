from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import MissingColumns
from zhiyin.predict.risk import PIECES, PRIOR, Weights, cases, evidence, log_odds, looked_at

BEGINS = datetime(2026, 3, 2, 14)  # noqa: DTZ001 - local time


def _act(number, who, at, **told):
    plain = {"kind": "order", "place": "mall", "amount": 5000.0, "saved": 0.0, "payee": "", "new_payee": None, "known_days": 100.0}
    return {"fact_id": str(number), "customer_id": who, "at": at} | plain | told


def _shop(people=40, weeks=20):
    """Everybody orders for 50 yuan on one afternoon a week."""
    return [
        _act(f"{who}-{week}", f"c{who}", BEGINS + timedelta(days=7 * week, minutes=5 * who))
        for who in range(people)
        for week in range(weeks)
    ]


def _odds(rows):
    judged = evidence(pd.DataFrame(rows))
    return judged.assign(odds=log_odds(judged)).set_index("fact_id")


def test_a_burst_at_night_with_coupons_stands_out_on_every_night_it_comes():
    night = datetime(2026, 7, 6, 2)  # noqa: DTZ001 - local time
    stolen = [_act(f"x{day}{n}", "c7", night + timedelta(days=day, minutes=n), saved=0.4) for day in range(3) for n in range(5)]
    odds = _odds([*_shop(), *stolen])["odds"].sort_values(ascending=False)
    assert set(odds.index[:15]) == {row["fact_id"] for row in stolen}
    assert odds.iloc[14] > 0 > PRIOR > odds.iloc[15]  # more likely fraud than not; all others less likely than the prior


def test_what_a_customer_has_always_done_is_no_surprise():
    rows = _shop()
    nightly = [_act(f"n{week}", "owl", datetime(2026, 3, 2, 2) + timedelta(days=7 * week)) for week in range(20)]  # noqa: DTZ001
    found = _odds([*rows, *nightly])["nats_hour"]
    assert found["n0"] > 1  # the first night: nobody does that
    assert found["n19"] < 0  # the twentieth: this one does


def test_confirmed_fraud_is_no_habit():
    rows = [*_shop(), *[_act(f"n{week}", "owl", datetime(2026, 3, 2, 2) + timedelta(days=7 * week)) for week in range(20)]]  # noqa: DTZ001
    judged = evidence(pd.DataFrame(rows), not_habit=frozenset(f"n{week}" for week in range(19))).set_index("fact_id")
    assert judged["nats_hour"]["n19"] > 1


def test_a_large_transfer_to_a_new_account_is_rarer_than_either():
    usual = [
        _act(f"{who}-{week}", f"c{who}", BEGINS + timedelta(days=7 * week), kind="transfer", payee=f"a{who}", known_days=np.nan)
        for who in range(30) for week in range(10)
    ]  # fmt: skip
    last = BEGINS + timedelta(days=80)
    told = {"kind": "transfer", "known_days": np.nan}
    new, large = _act("new", "c1", last, payee="b", **told), _act("large", "c2", last, payee="a2", amount=9e6, **told)
    both = _act("both", "c3", last, payee="d", amount=9e6, **told)
    odds = _odds([*usual, new, large, both])["odds"]
    assert odds["both"] > max(odds["new"], odds["large"]) > min(odds["new"], odds["large"]) > odds.drop(["new", "large", "both"]).max()


def test_what_the_bank_says_of_the_account_goes_before_what_the_acts_show():
    told = {"kind": "transfer", "payee": "a"}
    rows = [_act(n, "c1", BEGINS + timedelta(days=n), **told, new_payee=float(n == 5)) for n in range(6)]
    assert list(evidence(pd.DataFrame(rows))["is_new"]) == [0, 0, 0, 0, 0, 1]
    unsaid = evidence(pd.DataFrame([row | {"new_payee": None} for row in rows]))
    assert list(unsaid["is_new"].fillna(-1)) == [-1, 0, 0, 0, 0, 0]  # the first of all tells nothing


def test_many_customers_who_send_to_one_account_are_a_crowd():
    rows = [_act(f"{who}", f"c{who}", BEGINS + timedelta(hours=who), kind="transfer", payee=f"a{who}") for who in range(60)]
    rows += [_act(f"m{who}", f"c{who}", BEGINS + timedelta(days=1, hours=who), kind="transfer", payee="mule") for who in range(4)]
    judged = evidence(pd.DataFrame(rows)).set_index("fact_id")
    assert judged["senders"]["m0"] == 3
    assert judged["nats_crowd"]["m0"] > judged["nats_crowd"]["5"]


def test_a_system_that_tells_only_days_says_nothing_of_the_night():
    rows = [_act(n, f"c{n}", datetime(2026, 3, 2) + timedelta(days=n), place="crm") for n in range(20)]  # noqa: DTZ001 - local
    rows += [_act(f"again{n}", "c3", datetime(2026, 3, 5), place="crm") for n in range(3)]  # noqa: DTZ001 - local
    judged = evidence(pd.DataFrame(rows)).set_index("fact_id")
    assert set(judged["part"]) == {-1}
    assert set(judged["nats_hour"]) == {0.0}
    assert judged["near"]["again0"] == 3  # of the same day


def test_the_pieces_add_up_to_the_log_odds():
    judged = evidence(pd.DataFrame(_shop(people=5, weeks=5)))
    pieces = judged[[f"nats_{name}" for name in PIECES]].sum(axis=1)
    assert log_odds(judged) == pytest.approx(PRIOR + pieces)
    half = Weights((0.5,) * len(PIECES), -1.0, 20)
    assert log_odds(judged, half) == pytest.approx(PRIOR - 1 + pieces / 2)


def test_acts_close_together_are_one_case_called_after_the_first():
    days = [0, 1, 2, 9, 9]
    judged = pd.DataFrame({"fact_id": list("abcde"), "place": "mall", "customer_id": ["x", "x", "x", "x", "y"],
                           "at": [BEGINS + timedelta(days=day) for day in days]})  # fmt: skip
    found = list(cases(judged))
    assert found[0] == found[1] == found[2]
    assert len({found[0], found[3], found[4]}) == 3
    assert list(cases(judged.iloc[:1])) == found[:1]  # a later act does not rename it


def test_what_is_odd_in_the_night_of_a_case_is_looked_at_too():
    judged = pd.DataFrame({"customer_id": ["x", "x", "x", "y"], "at": [BEGINS, BEGINS, BEGINS + timedelta(days=5), BEGINS]})
    odds = np.array([1.0, PRIOR + 1, PRIOR + 1, PRIOR + 1])
    assert list(looked_at(judged, odds, least=-3.0)) == [True, True, False, False]
    assert not looked_at(judged, odds - 2, least=-0.5).any()


def test_frames_without_rows_or_columns():
    with pytest.raises(MissingColumns, match=r"Columns are missing: kind, place"):
        evidence(pd.DataFrame({"fact_id": []}))
    empty = evidence(pd.DataFrame(columns=list(_act(0, "", BEGINS))))
    assert len(log_odds(empty)) == 0
    one = evidence(pd.DataFrame([_act(0, "c", BEGINS)]))
    assert log_odds(one)[0] < 0  # one act alone is no reason for suspicion
