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
        ("A success rate of 90 %.", "A success rate of 97 %.", True),
        ("A success rate of 97 %.", "A success rate of 100 %.", False),
        ("It helps 80 percent of patients.", "It helps 100 percent of patients.", False),
        ("El 90 por ciento mejora.", "El 100 por ciento mejora.", False),
        ("Only $100 today.", "Only $150 today.", True),
        ("Over 1,100 patients.", "Over 2,100 patients.", True),
        ("Guaranteed results?", "Guaranteed results.", False),
    ],
)
def test_only_an_edited_number_is_a_variant(one, other, same):
    assert (but_for_numbers(one) == but_for_numbers(other)) is same
