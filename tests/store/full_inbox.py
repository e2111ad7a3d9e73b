"""Runs in a process of its own, in which no file may grow beyond a limit: what a full disk does to the inbox. Prints JSON lines."""

import json
import resource
import sys
from pathlib import Path

from store.events import request
from zhiyin.core.errors import ZhiyinError
from zhiyin.store.inbox import Inbox
from zhiyin.store.keys import derive_keys


def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def main(folder):
    inbox = Inbox(folder / "inbox.db", derive_keys(b"k" * 32).inbox)

    def sent(at, number):
        try:
            told = {"stored": inbox.put(request(str(number), content="13812345678" * 2000)).result().stored}
        except ZhiyinError as problem:
            told = {"error": type(problem).__name__, "words": str(problem)}
        print(json.dumps({"at": at, "number": number, **told, "alive": inbox.alive()}), flush=True)

    with inbox.start(queue=1000):
        sent("before", 0)
        limit(150_000)
        for number in range(1, 12):
            sent("full", number)
        limit(resource.RLIM_INFINITY)
        for number in range(12):
            sent("again", number)
    inbox.verify()
    [count] = inbox.counts()
    inbox.close()
    print(json.dumps({"at": "end", "counts": list(count[1:5])}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
