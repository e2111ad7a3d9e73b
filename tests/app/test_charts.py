from xml.etree import ElementTree

from zhiyin.app.charts import Bar, Line, bars, lines

SPACE = "{http://www.w3.org/2000/svg}"


def test_the_longest_bar_fills_the_room_and_half_of_it_is_half_as_long():
    picture = ElementTree.fromstring(bars([Bar("a", 10, "10"), Bar("b", 5, "5")], title="t"))
    long, short = (float(bar.get("width", "0")) for bar in picture.iter(f"{SPACE}rect"))
    assert long == 2 * short


def test_names_are_escaped_and_nothing_is_a_picture_too():
    assert "<b>" not in bars([Bar("<b>", 1, "&")], title="t")
    assert ElementTree.fromstring(bars([], title="t")).tag == f"{SPACE}svg"


def test_points_outside_the_frame_are_kept_inside():
    picture = ElementTree.fromstring(lines([Line("a", [(0, 0), (2, -1)])], title="t", across="x", up="y"))
    (line,) = picture.iter(f"{SPACE}polyline")
    assert line.get("points") == "44.0,276.0 276.0,276.0"
