"""Runs in a process of its own: puts requests into an inbox in a child for each point there is, killing the child at that point.

Points are the start of every SQL statement of the writer, the moments before and after an answer, and every half page of what is
written to the write-ahead log and, by the checkpoint at the end, to the file itself: there the child dies in the middle of a write.
Prints one JSON line a point: what the sender had heard, what was there afterwards, and what was there once it had sent again.
"""

import json
import os
import resource
import shutil
import signal
import sys
from pathlib import Path

from sqlcipher3 import dbapi2

from store.events import NOON, request
from zhiyin.store.inbox import Inbox
from zhiyin.store.keys import derive_keys

KEY = derive_keys(b"k" * 32).inbox
BEFORE = request("a", "b")
SENT = (request("c", "d", "a"), request("e", content="y" * 9000), request("b", content="other"), request(unfit=[(0, "bad", "", b"?")]))
SHORT = 0.002
HALF_PAGE = 2048


def opened(folder):
    return Inbox(folder / "inbox.db", KEY, clock=lambda: NOON)


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def at_statement(number):
    """Kill at the start of the statement with this number, counted over all connections from now on."""
    count = [0]

    def step(_):
        count[0] += 1
        if count[0] == number:
            kill()

    real = dbapi2.connect

    def connect(*arguments, **named):
        connection = real(*arguments, **named)
        connection.set_trace_callback(step)
        return connection

    dbapi2.connect = connect


def at_byte(limit):
    """Kill in the middle of the write that reaches this offset of a file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


def child(folder, what, number):
    """Send everything; the file `heard` holds how many requests were answered."""
    heard = os.open(folder / "heard", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    if what == "statement":
        at_statement(number)
    inbox = opened(folder)
    with inbox.start(queue=100):
        if what == "byte":
            at_byte(number)
        for count, one in enumerate(SENT, 1):
            future = inbox.put(one)
            future.result()
            if what == "answer" and number == 2 * count - 1:
                kill()
            os.write(heard, b".")
            if what == "answer" and number == 2 * count:
                kill()
    inbox.close()
    os._exit(0)


def state(folder):
    """Ids by request, the counts, and whether every page is whole."""
    inbox = opened(folder)
    inbox.verify()
    [count] = inbox.counts()
    bodies = [[body.bytes.decode().split(":")[1], None if body.places is None else sorted(body.places)] for body in inbox.bodies(0)]
    refused = [one.code for one in inbox.refused()]
    inbox.close()
    return {"bodies": bodies, "refused": refused, "counts": list(count[1:5])}


def attempt(start, what, number):
    """One point: whether the child was killed there."""
    folder = start.with_name(f"{what}-{number}")
    shutil.copytree(start, folder)
    process = os.fork()
    if process == 0:
        child(folder, what, number)
    status = os.waitpid(process, 0)[1]
    killed = os.WIFSIGNALED(status)
    assert killed or os.WEXITSTATUS(status) == 0, (what, number, status)
    heard = (folder / "heard").stat().st_size
    after = state(folder)
    inbox = opened(folder)
    with inbox.start(queue=100):
        for one in SENT[heard:]:
            inbox.put(one).result()
    inbox.close()
    line = {"what": what, "number": number, "killed": killed, "heard": heard, "after": after, "healed": state(folder)}
    print(json.dumps(line), flush=True)
    shutil.rmtree(folder)
    return killed


def main(top):
    start = top / "start"
    start.mkdir()
    inbox = opened(start)
    with inbox.start(queue=100):
        inbox.put(BEFORE).result()
    inbox.close()
    number = 1
    while attempt(start, "statement", number):
        number += 1
    for number in range(1, 2 * len(SENT) + 2):
        attempt(start, "answer", number)
    number = HALF_PAGE
    while attempt(start, "byte", number):
        number += HALF_PAGE


if __name__ == "__main__":
    main(Path(sys.argv[1]))
