"""Sends notices by e-mail."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime

from service.clock import Clock
from service.notices.config import MailChannel, MailEncryption
from service.notices.http_post import trusted_certificates
from service.notices.links import Links
from service.notices.notice import Notice
from service.notices.sending import TIMEOUT_S, SendFailed
from service.notices.wording import message_of
from service.texts.catalogue import Texts


class MailSender:
    """Sends to the addresses of one channel, in one message."""

    def __init__(self, channel: MailChannel, links: Links, clock: Clock, texts: Texts) -> None:
        self._channel, self._links, self._clock, self._texts = channel, links, clock, texts

    def send(self, notice: Notice, delivery: str) -> None:
        """Hand the message over to the mail server; its Message-ID is made of `delivery`. Raises SendFailed."""
        mail = self._mail(notice, delivery)
        try:
            with self._connect() as server:
                if self._channel.encryption is MailEncryption.STARTTLS:
                    server.starttls(context=trusted_certificates())
                if self._channel.user and self._channel.password:
                    server.login(self._channel.user, self._channel.password.get_secret_value())
                refused = server.send_message(mail)
        except smtplib.SMTPRecipientsRefused:
            raise SendFailed("the mail server refused every recipient") from None
        except smtplib.SMTPAuthenticationError as error:
            raise SendFailed(f"the mail server refused user and password ({error.smtp_code})") from None
        except UnicodeError:
            raise SendFailed("user and password have to be ASCII") from None
        except smtplib.SMTPResponseException as error:
            raise SendFailed(f"the mail server answered {error.smtp_code}") from None
        except ssl.SSLError as error:
            raise SendFailed(f"no secure connection to the mail server: {error.reason}") from None
        except (OSError, smtplib.SMTPException) as error:
            raise SendFailed(f"the mail server can't be used: {error}") from None
        if refused:
            raise SendFailed(f"the mail server refused {len(refused)} of {len(self._channel.recipients)} recipients")

    def _connect(self) -> smtplib.SMTP:
        host, port = self._channel.host, self._channel.port
        if self._channel.encryption is MailEncryption.TLS:
            return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=trusted_certificates())
        return smtplib.SMTP(host, port, timeout=TIMEOUT_S)

    def _mail(self, notice: Notice, delivery: str) -> EmailMessage:
        message = message_of(notice, self._links, self._texts)
        mail = EmailMessage()
        mail["Subject"] = message.headline
        mail["From"] = self._channel.sender
        mail["To"] = ", ".join(self._channel.recipients)
        mail["Date"] = format_datetime(self._clock())
        mail["Message-ID"] = f"<{delivery}@dustwatch>"
        mail["Auto-Submitted"] = "auto-generated"
        lines = [f"{label}：{value}" for label, value in message.lines]
        mail.set_content("\n".join([message.headline, "", *lines, *(["", message.url] if message.url else [])]) + "\n")
        return mail
