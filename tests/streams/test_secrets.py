"""Passwords are masked wherever an address is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.secrets import mask_secrets


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("rtsp://admin:s3cret@10.0.0.3/a", "rtsp://admin:***@10.0.0.3/a"),
        ("rtsp://admin:p@ss:w@10.0.0.3:554/a", "rtsp://admin:***@10.0.0.3:554/a"),
        ("'rtsp://:s3cret@cam/a' failed", "'rtsp://:***@cam/a' failed"),
        ("rtsp://cam/a?user=x&password=s3cret&channel=1", "rtsp://cam/a?user=x&password=***&channel=1"),
        ("RTSP://A:B@cam/", "RTSP://A:***@cam/"),
        ("two rtsp://a:b@c/ and http://d:e@f/", "two rtsp://a:***@c/ and http://d:***@f/"),
    ],
)
def test_masks_the_password_and_keeps_the_rest(text: str, masked: str) -> None:
    assert mask_secrets(text) == masked


@pytest.mark.parametrize("text", ["rtsp://10.0.0.3:554/stream1", "no address", "12:34@56", ""])
def test_leaves_alone_what_holds_no_password(text: str) -> None:
    assert mask_secrets(text) == text


@given(st.text(st.characters(blacklist_characters="/?#", blacklist_categories=("Z", "C")), min_size=4))
def test_no_password_survives_whatever_it_is_made_of(password: str) -> None:
    masked = mask_secrets(f"can't open rtsp://admin:{password}@camera-7.example/live")
    assert masked == "can't open rtsp://admin:***@camera-7.example/live"
