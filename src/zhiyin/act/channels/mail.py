"""A message as a mail, through the SMTP server of the company."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from typing import TYPE_CHECKING

from zhiyin.act.channels.answer import Answer

if TYPE_CHECKING:
    from zhiyin.core.settings_parts import AlertSettings

__all__ = ["letter", "send"]

TIMEOUT_SECONDS = 20.0
_PERMANENT = 500  # from this code on the server says that trying again is of no use


def letter(*, sender: str, to: str, subject: str, text: str, message_id: str) -> EmailMessage:
    """The mail: plain text, with an id by which the other side knows one that comes twice."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, " ".join(subject.split())
    made["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2]}>"
    made.set_content(text)
    return made


def send(made: EmailMessage, settings: AlertSettings, *, timeout: float = TIMEOUT_SECONDS) -> Answer:
    """Hand it to the server; what the server calls temporary is tried again."""
    opened = smtplib.SMTP_SSL if settings.mail_security == "tls" else smtplib.SMTP
    try:
        with opened(settings.mail_host, settings.mail_port, timeout=timeout) as server:
            if settings.mail_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.mail_user:
                server.login(settings.mail_user, settings.mail_password.get_secret_value() if settings.mail_password else "")
            server.send_message(made)
        return Answer(True, False, "SMTP 250")
    except smtplib.SMTPResponseException as refused:
        return Answer(False, refused.smtp_code < _PERMANENT, f"SMTP {refused.smtp_code}")
    except smtplib.SMTPRecipientsRefused as refused:
        code = max((code for code, _ in refused.recipients.values()), default=_PERMANENT)
        return Answer(False, code < _PERMANENT, f"SMTP {code}")
    except (smtplib.SMTPException, OSError) as lost:
        return Answer(False, True, type(lost).__name__)
