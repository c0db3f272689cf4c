"""Posts JSON to a receiver on the web, by an address that was looked at before, and follows it nowhere else."""

import ipaddress
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import certifi
import httpx

from service.notices.addresses import allowed_address
from service.notices.sending import TIMEOUT_S, SendFailed
from streams.secrets import mask_secrets

MOST_READ = 64 * 1024
"""Bytes of an answer; more is of no interest."""
_PORTS = {"http": 80, "https": 443}


def trusted_certificates() -> ssl.SSLContext:
    """Return what tells that a server is itself: the system's authorities, those of SSL_CERT_FILE, and certifi's."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


@dataclass(frozen=True)
class Answer:
    """What the receiver said; `body` is cut at `MOST_READ` bytes."""

    status: int
    body: bytes


class HttpPost:
    """Posts to receivers; safe from any thread."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        # No proxy and nothing else of the environment: both would connect to what nobody looked at.
        self._client = httpx.Client(
            timeout=TIMEOUT_S, trust_env=False, follow_redirects=False, verify=trusted_certificates()
        )

    def post(self, url: str, body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
        """Post the JSON and return the answer, whatever its status. Raises SendFailed, which never tells the URL."""
        address = httpx.URL(url)
        port = address.port or _PORTS[address.scheme]
        pinned = address.copy_with(host=allowed_address(address.host, port, allow_private=self._allow_private))
        headers = {
            **(headers or {}),
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
            "Host": address.netloc.decode("ascii"),
        }
        extensions = {} if _is_address(address.host) else {"sni_hostname": address.raw_host.decode("ascii")}
        request = self._client.build_request("POST", pinned, content=body, headers=headers, extensions=extensions)
        try:
            answer = self._client.send(request, stream=True)
            try:
                return Answer(answer.status_code, _beginning(answer))
            finally:
                answer.close()
        except httpx.TimeoutException:
            raise SendFailed(f"the receiver did not answer within {TIMEOUT_S:.0f} s") from None
        except httpx.HTTPError as error:
            raise SendFailed(f"the receiver can't be reached: {mask_secrets(str(error))}") from None


def _beginning(answer: httpx.Response) -> bytes:
    read = bytearray()
    for part in answer.iter_raw():
        read += part
        if len(read) >= MOST_READ:
            break
    return bytes(read[:MOST_READ])


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
