"""A moment that another machine wrote wrong never stops a list from being read."""

from ui.moments import utc_text


def test_moment_out_of_any_calendar_is_still_written():
    assert isinstance(utc_text(2**53 - 1), str)
    assert isinstance(utc_text(-(2**53) + 1), str)
