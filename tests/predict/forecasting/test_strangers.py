import pandas as pd

from zhiyin.predict.forecasting.strangers import of_strangers


def test_a_stranger_is_expected_to_do_what_the_known_ones_do_then():
    known = pd.DataFrame({"series": list("abc") * 2, "at": [1] * 3 + [2] * 3, "value": [1.0, 2.0, 9.0, 3.0, 4.0, 5.0]})
    asked = pd.DataFrame({"series": ["new", "new"], "at": [2, 7]}, index=[5, 8])
    said = of_strangers(asked, known.assign(low=0.0, high=9.0))
    assert list(said.columns) == ["series", "at", "value", "low", "high"]
    assert said["value"].tolist() == [4.0, 3.5]  # nobody is asked about time 7: all times together
    assert said.loc[5, ["low", "high"]].tolist() == [3.2, 4.8]
    assert said.index.tolist() == [5, 8]
