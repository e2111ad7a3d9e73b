import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import DataError, MissingColumns, TooLittleData, UsageError
from zhiyin.unify.linking.frames import sides


def _frame(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"id": np.arange(len(next(iter(columns.values())))), **columns})


CHINESE = _frame(
    姓名=["王丽", "李雷", "欧阳娜", "张三"],
    手机=["13812345678", "138 1234 5679", None, "15912345678"],
    邮箱=["a@b.cn", None, "c@d.cn", "e@f.cn"],
    身份证号=["310101199001011234", "31010119900101123x", None, "310101199001011236"],
    地址=["上海市浦东新区世纪大道1号", "北京市海淀区中关村大街2号", "杭州市西湖区文三路3号", None],
    生日=["1990-01-01", "1990年2月3日", "1991/3/4", None],
)
MANY = pd.DataFrame(
    {
        "id": range(200),
        "a": [surname + given for surname in "王李张刘陈杨黄赵吴周" for given in "丽强敏静磊军洋勇艳娟涛明超霞平刚桂鹏飞红"],
        "b": ["male", "female"] * 100,
        "c": [f"{x}{y}ton" for x in "abcdefghij" for y in ["or", "el", "in", "ap", "us", "ark", "em", "ol", "ir", "ut"] * 2],
        "d": [str(number * 7 % 97) for number in range(200)],
    }
)
ENGLISH = _frame(
    given_name=["anna", "ben", "carla"],
    date_of_birth=["19810203", "19790405", "19601112"],
    postcode=["2600", "2611", "2612"],
    soc_sec_id=["7535316", "7535317", "7535318"],
    description=["a small red bicycle with bell", "an old green car", "a very large blue boat"],
    price=["$12.50", "13.99", "1,200.00"],
)


@pytest.mark.parametrize(
    ("frame", "kinds"),
    [
        (CHINESE, ["name", "phone", "email", "code", "address", "date"]),
        (CHINESE.set_axis(["id", *"abcdef"], axis=1), ["name", "phone", "email", "code", "address", "date"]),
        (MANY, ["name", "category", "word", "number"]),
        (ENGLISH, ["name", "date", "postcode", "code", "text", "price"]),
        (ENGLISH.set_axis(["id", *"abcdef"], axis=1)[["id", "b", "e", "f"]], ["date", "text", "price"]),
    ],
)
def test_columns_are_known_by_their_header_or_their_cells(frame, kinds):
    assert [column.kind for column in sides(frame).columns] == kinds


def test_the_id_is_the_column_called_id_or_the_first_one():
    frame = pd.DataFrame({"name": ["anna lee", "anna lee"], "ID": ["x", "y"]})
    assert sides(frame).left_id.tolist() == ["x", "y"]
    assert [column.name for column in sides(frame).columns] == ["name"]
    assert sides(frame.rename(columns={"ID": "b", "name": "a"}).assign(a=["p", "q"])).left_id.tolist() == ["p", "q"]


def test_two_tables_meet_in_columns_of_the_same_name_whatever_its_spelling():
    left = pd.DataFrame({"id": [1], "First_Name": ["anna"], "only here": ["x"]})
    right = pd.DataFrame({"id": [1], "first name": ["Anna"], "only there": ["y"]})
    found = sides(left, right)
    assert [(column.name, column.right) for column in found.columns] == [("First_Name", "first name")]
    assert found.right is not None and found.right["First_Name"].tolist() == ["anna"]


@pytest.mark.parametrize(
    ("left", "right", "error", "message"),
    [
        ([1, 2], None, UsageError, "left is no data frame. Got list."),
        (pd.DataFrame({"id": []}), None, TooLittleData, "left has nothing in it. Got 0 x 1."),
        (ENGLISH, ENGLISH.head(0), TooLittleData, "right has nothing in it. Got 0 x 7."),
        (_frame(name=["a", "b"]).assign(id=1), None, DataError, "must hold an id of its own in every row. Got 0 missing, 1 repeated."),
        (_frame(name=["a", "b"]).assign(id=[None, 1]), None, DataError, "Got 1 missing, 0 repeated."),
        (pd.DataFrame([[1, 2, 3]], columns=["id", "a", "a"]), None, DataError, "two columns of the same name. Got a."),
        (_frame(a=["x"]), _frame(b=["x"]), MissingColumns, "no column to compare. Got a | b."),
        (pd.DataFrame({"id": [1, 2]}), None, MissingColumns, "no column to compare."),
        (_frame(a=[None, "-"]), None, MissingColumns, "All columns that could be compared are empty. Got a."),
    ],
)
def test_tables_that_cannot_be_linked_are_refused(left, right, error, message):
    with pytest.raises(error) as caught:
        sides(left, right)
    assert message in str(caught.value)


def test_columns_that_were_learned_from_must_be_there():
    with pytest.raises(MissingColumns, match="Columns that were learned from are missing: phone. Got given_name"):
        sides(ENGLISH, kinds={"given_name": "name", "phone": "phone"})
    assert [column.name for column in sides(ENGLISH, kinds={"given_name": "name"}).columns] == ["given_name"]
