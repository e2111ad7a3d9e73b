from xml.etree import ElementTree

from zhiyin.app.charts import Bar, Line, band, bars, lines, trace

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


def test_a_small_picture_reaches_as_far_as_its_points():
    drawn = trace([Line("steps", [(1, 0.6), (3, 0.2)])], title="t", across="trees", up="loss")
    assert 'points="52.0,28.0 308.0,176.0"' in drawn
    assert ">0.6<" in drawn
    assert ">0.2<" in drawn
    assert "<polyline" not in trace([], title="t", across="x", up="y")
    assert ">0<" in trace([Line("", [(1, -1), (2, 1)])], title="t", across="x", up="y")


def test_what_is_expected_goes_on_from_what_was_within_its_band():
    picture = ElementTree.fromstring(band([10, 20], [(20, 10, 40), (30, 20, 40)], title="<t>", ends=("a", "b")))
    past, ahead = (line.get("points", "").split() for line in picture.iter(f"{SPACE}polyline"))
    assert past[-1] == ahead[0]
    shape = next(picture.iter(f"{SPACE}polygon")).get("points", "").split()
    assert [point.split(",")[1] for point in shape[1:3]] == ["24.0", "24.0"]  # the greatest value lies at the top
    assert ElementTree.fromstring(band([], [(1, 0, 2)], title="t", ends=("a", "b"))).tag == f"{SPACE}svg"
