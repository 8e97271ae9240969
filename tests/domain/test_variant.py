import pytest

from clinics.domain.variant import but_for_numbers


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Only $4,900 until May 3!", "Only $5,200 until June 3!", False),
        ("Only $4,900 until May 3!", "Only $5,200 until May 17!", True),
        ("Over 1,200 patients treated.", "Over 1,350 patients treated.", True),
        ("We treat arthritis.", "WE TREAT ARTHRITIS", True),
        ("Our cells are FDA approved.", "Our cells are not FDA approved.", False),
        ("This may help 3 of 4 patients.", "This will help 3 of 4 patients.", False),
        ("Guaranteed results?", "Guaranteed results.", False),
    ],
)
def test_only_an_edited_number_is_a_variant(one, other, same):
    assert (but_for_numbers(one) == but_for_numbers(other)) is same
