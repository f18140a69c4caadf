"""A mistyped name is answered with those that it may have been meant for."""

from hashwalk.suggestion import did_you_mean

KNOWN = ("phash", "phashf", "phashu8", "dhash", "wavelethash")


def test_close_names_are_put_as_they_are_to_be_written() -> None:
    assert did_you_mean("dhahs", KNOWN[3:], before="a:", after="@1") == "; did you mean a:dhash@1?"


def test_up_to_three_names_are_given_whatever_the_case() -> None:
    assert did_you_mean("PHASH", KNOWN).count(" or ") == 2


def test_of_a_name_like_no_other_nothing_is_said() -> None:
    assert did_you_mean("xyz", KNOWN) == ""
