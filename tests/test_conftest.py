import os
import socket

import pytest


def test_no_test_leaves_the_machine():
    with pytest.raises(AssertionError, match="tests stay on this machine"), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))
    with pytest.raises(AssertionError, match="tests stay on this machine"), socket.socket(socket.AF_INET6) as outside:
        outside.connect_ex(("2001:db8::1", 80))


def test_the_machine_itself_may_be_reached():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())


def test_settings_of_the_machine_are_not_seen():
    assert not [name for name in os.environ if name.startswith("ZHIYIN_")]
