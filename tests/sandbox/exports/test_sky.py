from sandbox.lived import exported, rows_of
from zhiyin.sandbox.places import CITIES


def test_every_city_has_weather_on_every_day_and_every_day_its_kind():
    files = exported()
    sky = rows_of(files["天气.csv"], encoding="utf-8")
    assert len(sky) == 60 * len(CITIES) == len({(row["日期"], row["城市"]) for row in sky})
    assert all(int(row["最高温"]) > int(row["最低温"]) for row in sky)
    days = {row["日期"]: row for row in rows_of(files["节假日.csv"], encoding="utf-8")}
    assert (days["2026-04-05"]["节日"], days["2026-04-05"]["是否休息"], days["2026-03-02"]["星期"]) == ("清明节", "是", "一")
