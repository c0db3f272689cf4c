"""The headers of every answer: what a browser may do with it."""

import asyncio

import httpx
from fastapi import FastAPI
from starlette.responses import HTMLResponse, JSONResponse

from service.api.safe_headers import SafeHeaders, page_policy


async def ask(path):
    app = FastAPI()
    app.add_api_route("/page", lambda: HTMLResponse("<p>"))
    app.add_api_route("/own", lambda: HTMLResponse("<p>", headers={"Content-Security-Policy": "sandbox"}))
    app.add_api_route("/data", lambda: JSONResponse({}))
    app.add_middleware(SafeHeaders, pictures_from=["https://tiles.example"])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client:
        return (await client.get(path)).headers


def asked(path):
    return asyncio.run(ask(path))


def test_a_page_may_load_from_here_alone_and_is_never_framed():
    policy = asked("/page")["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "img-src 'self' data: blob: https://tiles.example;" in policy


def test_an_answer_keeps_the_policy_that_it_brings():
    assert asked("/own")["content-security-policy"] == "sandbox"


def test_no_answer_is_taken_for_something_else_than_it_says():
    headers = asked("/data")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "content-security-policy" not in headers


def test_nothing_comes_from_outside_unless_it_is_set():
    assert "http" not in page_policy()
