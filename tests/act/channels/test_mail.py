"""Against a real peer: a mail server of a few lines on this machine."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading

import pytest
from pydantic import SecretStr

from zhiyin.act.channels.mail import letter, send
from zhiyin.core.settings_parts import AlertSettings


class _Server(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs to hand over one mail (RFC 5321)."""

    def handle(self):
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip():
            word = line.split()[0].upper().decode()
            if word == "DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part)
                self.server.got.append(b"".join(lines))
            code = self.server.answers.get(word, 221 if word == "QUIT" else 250)
            self.wfile.write(f"{code} {word}\r\n".encode())
            if word == "QUIT":
                return


@pytest.fixture
def peer():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Server) as server:
        server.daemon_threads = True
        server.got, server.answers = [], {}
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _send(peer, **told):
    settings = AlertSettings(mail_host="127.0.0.1", mail_port=peer.server_address[1], mail_security="none", **told)
    made = letter(
        sender="zhiyin@shop.example", to="stock@shop.example", subject="需求激增：\nmall 茶", text="30 人\n30 people\n", message_id="w1"
    )
    return send(made, settings)


def test_a_mail_arrives_with_its_words(peer):
    assert _send(peer) == (True, False, "SMTP 250", None)
    made = email.message_from_bytes(peer.got[0], policy=email.policy.default)
    assert (made["From"], made["To"]) == ("zhiyin@shop.example", "stock@shop.example")
    assert made["Subject"] == "需求激增： mall 茶"  # no line break that could add a header
    assert made["Message-ID"] == "<w1@shop.example>"
    assert made.get_content().replace("\r\n", "\n") == "30 人\n30 people\n"


@pytest.mark.parametrize(
    ("answers", "answer"),
    [
        ({"RCPT": 550}, (False, False, "SMTP 550", None)),
        ({"RCPT": 450}, (False, True, "SMTP 450", None)),
        ({"DATA": 451}, (False, True, "SMTP 451", None)),
        ({"MAIL": 552}, (False, False, "SMTP 552", None)),
    ],
)
def test_what_the_server_calls_temporary_is_tried_again(peer, answers, answer):
    peer.answers = answers
    assert _send(peer) == answer


def test_a_server_without_passwords_or_protection_is_not_trusted_with_one(peer):
    assert _send(peer, mail_user="u", mail_password=SecretStr("secret")).said == "SMTPNotSupportedError"
    settings = AlertSettings(mail_host="127.0.0.1", mail_port=peer.server_address[1])
    made = letter(sender="a@b.example", to="c@d.example", subject="s", text="t", message_id="w2")
    assert send(made, settings).said == "SMTPNotSupportedError"  # starttls is asked for, and not offered
    assert peer.got == []


def test_nobody_there_is_tried_again(peer):
    settings = AlertSettings(mail_host="127.0.0.1", mail_port=1, mail_security="none")
    made = letter(sender="a@b.example", to="c@d.example", subject="s", text="t", message_id="w3")
    assert send(made, settings) == (False, True, "ConnectionRefusedError", None)
