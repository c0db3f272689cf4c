"""Waits for a service that was started to answer."""

import time

import httpx


def wait_until_answers(url: str, within_s: float) -> None:
    """Return once the address answers with success; after `within_s` seconds raise what it failed by (HTTPError)."""
    deadline = time.monotonic() + within_s
    while True:
        try:
            httpx.get(url, timeout=5).raise_for_status()
            return
        except httpx.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
