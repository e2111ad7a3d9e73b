"""`zhiyin serve` as a user starts it, and the commands around it."""

import base64
import http.client
import json
import signal
import subprocess
import sys

import pytest

from zhiyin.app.home import create_home

pytestmark = pytest.mark.slow


@pytest.fixture
def workspace(tmp_path):
    create_home(tmp_path)
    return tmp_path


@pytest.fixture
def serve(workspace):
    """Start `zhiyin serve` at a free port: the process and what it said once it listened."""
    started = []

    def start(*words):
        told = ["zhiyin", "serve", "-w", str(workspace), "--port", "0", *words]
        code = f"import sys; sys.path[:0] = {sys.path!r}; sys.argv = {told!r}; from zhiyin.cli.main import main; main()"
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def listening(process):
    """The address, from the JSON that is printed when it listens."""
    said = ""
    while "}" not in said:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        said += line
    return json.loads(said)["listening"]


def post(address, key, body):
    line = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    login = base64.b64encode(f"{key}:".encode()).decode()
    line.request("POST", "/v1/batch?strict=1", json.dumps(body), {"Authorization": f"Basic {login}"})
    answer = json.loads(line.getresponse().read())
    line.close()
    return answer


def test_from_a_key_to_an_event_and_its_refusal(workspace, serve, zhiyin_says, tmp_path):
    key = zhiyin_says("key", "add", "web", "--system", "shop", "-w", workspace, "--json").json()["key"]
    process = serve("--json")
    address = listening(process)
    event = {"type": "track", "userId": "13812345678", "event": "E", "messageId": "1"}
    assert post(address, key, {"batch": [event]})["success"]
    assert not post(address, key, {"batch": [event | {"event": "F"}]})["success"]
    rows = zhiyin_says("refused", "-w", workspace, "--json").json()
    assert [(row["source"], row["code"], row["count"]) for row in rows] == [("web", "id_conflict", 1)]
    assert "13812345678" not in json.dumps(rows)
    assert zhiyin_says("replay", "--code", "id_conflict", "-w", workspace, "--json").json() == {"tried": 1, "taken": 1, "refused": 0}
    file = tmp_path / "out.parquet"
    assert zhiyin_says("export-events", file, "--reason", "test", "-w", workspace, "--json").json()["events"] == 2
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate()
    assert (process.returncode, out, "Traceback" in err) == (0, "", False)
    assert "acknowledged is on the disk" in err


def test_a_second_server_is_refused_with_a_sentence(workspace, serve, zhiyin_says):
    first = serve("--json")
    listening(first)
    said = zhiyin_says("serve", "--port", "0", "-w", workspace, "--lang", "zh")
    assert (said.code, said.out) == (4, "")
    assert f"另一个知音正在接收事件，同一时间只能有一个。看到的是：pid {first.pid}。" in said.err
    first.send_signal(signal.SIGINT)
    assert first.wait() == 0


def test_a_port_that_is_taken_is_named(workspace, serve, zhiyin_says, tmp_path_factory):
    port = listening(serve("--json")).rpartition(":")[2]
    other = tmp_path_factory.mktemp("other")
    create_home(other)
    said = zhiyin_says("serve", "--port", port, "-w", other, "--lang", "en")
    assert said.code == 4
    assert f"This address cannot be listened at. Got 127.0.0.1:{port} (EADDRINUSE)." in said.err
    assert zhiyin_says("serve", "--port", "99999", "-w", other).code == 3


def test_a_first_visitor_is_told_how_to_try(workspace, serve):
    process = serve("--lang", "zh")
    lines = [process.stdout.readline() for _ in range(3)]
    assert "正在接收事件：http://127.0.0.1:" in lines[0]
    assert "还没有写入密钥" in lines[1]
    assert "试一试" in lines[2]


def test_keys_are_made_listed_and_taken_back(workspace, zhiyin_says):
    made = zhiyin_says("key", "add", "web", "--system", "shop", "-w", workspace, "--lang", "en")
    key = made.out.splitlines()[0]
    assert key.startswith("zyw_")
    assert "Keep it now" in made.out
    listed = zhiyin_says("key", "list", "-w", workspace, "--json")
    [row] = listed.json()
    assert (row["name"], row["system"], row["revoked_at"], key in listed.out) == ("web", "shop", None, False)
    assert zhiyin_says("key", "revoke", "web", "-w", workspace, "--json").json() == {"revoked": 1}
    again = zhiyin_says("key", "revoke", "web", "-w", workspace, "--lang", "en")
    assert (again.code, "There is no such write key." in again.err) == (4, True)
    assert "Taken back" in zhiyin_says("key", "list", "-w", workspace, "--lang", "en").out


def test_what_goes_wrong_is_a_sentence(workspace, zhiyin_says):
    assert zhiyin_says("refused", "-w", workspace, "--lang", "zh").out.strip() == "没有被拒收的事件。"
    assert "Tried 0: 0 taken" in zhiyin_says("replay", "-w", workspace, "--lang", "en").out
    said = zhiyin_says("export-events", "x.parquet", "-w", workspace, "--lang", "en")
    assert (said.code, "It was not said why" in said.err) == (2, True)
    (workspace / "zhiyin.toml").write_text('[[user]]\nid = "wang"\nrole = "rep"\n')
    for words in (("refused",), ("replay",), ("key", "list"), ("serve",), ("export-events", "x", "--reason", "y")):
        assert zhiyin_says(*words, "-w", workspace, "--as", "wang").code == 5
