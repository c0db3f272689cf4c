"""The checksum is the standard's, and finds every single changed byte."""

from hypothesis import given
from hypothesis import strategies as st

from service.dust.hj212.checksum import checksum


def test_it_is_the_one_of_the_standards_example():
    segment = b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&"
    assert checksum(segment) == 0x1C80


@given(st.binary(min_size=1, max_size=200), st.data())
def test_one_changed_byte_changes_it(segment, data):
    at = data.draw(st.integers(0, len(segment) - 1))
    change = data.draw(st.integers(1, 255))
    changed = bytes([*segment[:at], segment[at] ^ change, *segment[at + 1 :]])
    assert checksum(changed) != checksum(segment)
