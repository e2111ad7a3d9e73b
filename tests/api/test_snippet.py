"""`/zhiyin.js` in a real browser: pages of a shop at one address, the server at another."""

import shutil
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from served import SRC, Server, running

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SNIPPET = SRC / "zhiyin/api/static/zhiyin.js"
NODE = SRC.parent / ".venv-node"
SECRET = "13912345678"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs a browser: apt-get install chromium"),
    # Playwright's own event loop leaves its last sockets to the collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

PAGE = """<!doctype html><meta charset="utf-8"><title>shop</title>
<div data-zy-view="P1" data-zy-price="19.95" data-zy-name="红富士苹果"></div>
<button id="more">more</button>
<button id="add" data-zy-add="P1" data-zy-price="19.95" data-zy-quantity="2">add</button>
<button id="drop" data-zy-remove="P1">drop</button>
<button id="like" data-zy-event="Product Shared" data-zy-product="P1">share</button>
<form id="signup" onsubmit="return false"><input name="phone" value="%(secret)s"><input type="submit" id="send"></form>
<a id="next" href="/next?token=%(secret)s">next</a>
%(before)s
<script src="%(server)s/zhiyin.js" data-key="%(key)s" %(more)s></script>"""


class Shop:
    """A web site that shows one page at every path."""

    def __init__(self) -> None:
        self.page = ""
        self.files: dict[str, bytes] = {}
        shop = self

        class Pages(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = shop.files.get(self.path, shop.page.encode())
                self.send_response(200)
                self.send_header("Content-Type", "text/javascript" if self.path in shop.files else "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        self.address = f"http://shop.test:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright comes with the extra dev")
    with playwright.sync_playwright() as started:
        # The names of the two web sites stay on this machine.
        arguments = ["--no-sandbox", "--host-resolver-rules=MAP *.test 127.0.0.1"]
        opened = started.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("served") / "shop") as started:
        yield started


@pytest.fixture
def shop() -> Iterator[Shop]:
    opened = Shop()
    yield opened
    opened.close()


def _named(request: pytest.FixtureRequest) -> str:
    return request.node.name[:60].replace("[", "-").rstrip("]")


@pytest.fixture
def key(server: Server, request: pytest.FixtureRequest) -> str:
    return server.key(_named(request), system="shop")


def _shown(shop: Shop, server: Server, key: str, *, more: str = "", before: str = "") -> None:
    address = f"http://events.test:{server.port}"
    shop.page = PAGE % {"server": address, "key": key, "more": more, "before": before, "secret": SECRET}


def _arrived(server: Server, name: str, wanted: int, *, seconds: float = 15) -> int:
    """How many events of a key are stored, once there are as many as wanted."""
    for _ in range(int(seconds * 5)):
        stored = server.counts().get(name, (0, 0, 0, 0))[1]
        if stored >= wanted:
            return stored
        time.sleep(0.2)
    return server.counts().get(name, (0, 0, 0, 0))[1]


def test_a_visit_becomes_page_click_dwell_form_and_cart_events(browser, server, shop, key, request):
    _shown(shop, server, key, before="<script>window.zhiyin = [['identify', 'u7', { city: '杭州' }]]</script>")
    page = browser.new_page(viewport={"width": 800, "height": 600})
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(f"{shop.address}/apples?utm_source=mail&utm_campaign=spring&token={SECRET}")
    for one in ("#more", "#add", "#drop", "#like", "#send"):
        page.click(one)
    page.evaluate("zhiyin.track('Order Completed', { order_id: 'E1', revenue: 39.9 })")
    page.wait_for_timeout(1200)
    page.evaluate("history.pushState({}, '', '/pears')")
    page.wait_for_timeout(300)
    page.click("#next")
    page.wait_for_timeout(300)
    page.close()
    name = _named(request)
    assert _arrived(server, name, 15) >= 15
    told = [one for one in server.events() if one.properties.get("path", "/") in ("/apples", "/pears", "/next", "/")]
    by = {one.name for one in told}
    assert by >= {"Page Viewed", "Page Left", "Element Clicked", "Product Viewed", "Product Added", "Product Removed", "Product Shared"}
    assert by >= {"Form Submitted", "Order Completed"}
    assert [one.properties["path"] for one in sorted(told, key=lambda one: one.at) if one.kind == "page"] == ["/apples", "/pears", "/next"]
    dwell = {one.properties["path"]: one.properties["seconds"] for one in told if one.name == "Page Left"}
    assert 1 < dwell["/apples"] < 30
    added = next(one for one in told if one.name == "Product Added")
    assert (added.user, added.properties) == ("u7", {"product_id": "P1", "price": "19.95", "quantity": "2"})
    assert next(one for one in told if one.kind == "page").context["page"]["search"] == "utm_source=mail&utm_campaign=spring"
    assert failures == []
    assert not [body for body in server.bodies() if SECRET.encode() in body]  # neither what stands in a form nor in an address
    counters = server.customer("u7")["live"]["counters"]
    assert {name: counters[f"{name}_7d"] for name in ("pages", "carts", "orders", "clicks")} == {
        "pages": 3,
        "carts": 1,
        "orders": 1,
        "clicks": [one.name for one in told].count("Element Clicked"),
    }
    assert counters["seconds_7d"] > 1


def test_nothing_is_sent_or_stored_before_consent(browser, server, shop, key, request):
    name = _named(request)
    _shown(shop, server, key, more='data-consent="required"')
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{shop.address}/quiet")
    page.click("#add")
    page.evaluate("zhiyin.identify('u8', { city: '杭州' })")
    page.wait_for_timeout(1500)
    assert page.evaluate("JSON.stringify(localStorage) + document.cookie") == "{}"
    assert name not in server.counts()
    page.evaluate("zhiyin.consent(true)")
    page.click("#add")
    assert _arrived(server, name, 3) == 3  # the page, its product, and the click after the consent
    page.evaluate("zhiyin.consent(false)")
    assert page.evaluate("JSON.stringify(localStorage)") == "{}"
    page.click("#add")
    page.wait_for_timeout(1500)
    context.close()
    assert server.counts()[name][1] == 3


@pytest.mark.parametrize("signal", ["globalPrivacyControl: true", "doNotTrack: '1'"], ids=["control", "track"])
def test_who_does_not_want_to_be_tracked_is_not(browser, server, shop, key, request, signal):
    _shown(shop, server, key)
    context = browser.new_context()
    name, _, value = signal.partition(": ")
    context.add_init_script(f"Object.defineProperty(navigator, '{name}', {{ value: {value} }})")
    page = context.new_page()
    page.goto(f"{shop.address}/private")
    page.evaluate("zhiyin.consent(true); zhiyin.track('Product Viewed', { product_id: 'P1' })")
    page.click("#add")
    page.wait_for_timeout(1500)
    assert page.evaluate("JSON.stringify(localStorage)") == "{}"
    context.close()
    assert _named(request) not in server.counts()


def test_what_could_not_be_sent_is_sent_later_and_counted_once(browser, tmp_path, shop):
    server = Server(tmp_path / "away")
    key = server.key("web")
    server.start()
    try:
        _shown(shop, server, key, more='data-page="off"')
        page = browser.new_page()
        page.goto(f"{shop.address}/one")
        server.kill()
        page.click("#add")
        page.wait_for_timeout(1500)
        server.start()
        page.goto(f"{shop.address}/two")  # the queue outlives the page
        assert _arrived(server, "web", 1) >= 1
        page.wait_for_timeout(1500)
        assert page.evaluate("localStorage.getItem('zy_q')") is None
        page.close()
        assert [one.name for one in server.events()].count("Product Added") == 1
    finally:
        server.stop()


SENSORS = """<!doctype html><meta charset="utf-8"><title>shop</title><button id="buy">buy</button><script src="/sensors.js"></script>
<script>
var sensors = window['sensorsDataAnalytic201505'];
sensors.init({ server_url: '%(server)s/sa?project=default&token=%(key)s', send_type: '%(way)s', heatmap: { clickmap: 'default' } });
sensors.quick('autoTrack');
sensors.track('ProductViewed', { product_id: 'P1', price: 12.5 });
sensors.login('%(user)s');
sensors.setProfile({ city: '杭州' });
sensors.track('OrderCompleted', { order_id: '%(user)s-1', revenue: 12.5 });
</script>"""


@pytest.mark.parametrize("way", ["beacon", "ajax", "image"])
def test_the_browser_library_of_sensors_works_unchanged(browser, server, shop, key, request, way):
    library = NODE / "node_modules/sa-sdk-javascript/sensorsdata.min.js"
    if not library.is_file():
        pytest.skip("sa-sdk-javascript is not here: `make bench-clients` brings it from npm")
    shop.files["/sensors.js"] = library.read_bytes()
    shop.page = SENSORS % {"server": f"http://events.test:{server.port}", "key": key, "way": way, "user": f"s-{way}"}
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{shop.address}/pears?x=1")
    page.click("#buy")
    page.wait_for_timeout(1200)
    page.goto("about:blank")
    assert _arrived(server, _named(request), 7) >= 7
    context.close()
    (_, _, duplicate, refused) = server.counts()[_named(request)]
    assert (duplicate, refused) == (0, 0)
    live = server.customer(f"s-{way}")["live"]
    assert {name: live["counters"][f"{name}_7d"] for name in ("pages", "views", "orders", "clicks")} == {
        "pages": 1,
        "views": 1,
        "orders": 1,
        "clicks": 1,
    }
    assert live["counters"]["spend_7d"] == 1250


def test_the_snippet_is_small_and_asks_nobody_else():
    text = SNIPPET.read_text("utf-8")
    assert len(text.encode()) < 6 * 1024
    assert "http" not in text.replace("https://", "")
    assert Path(SNIPPET).parent.name == "static"
