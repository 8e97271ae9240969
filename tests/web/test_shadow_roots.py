"""Shadow roots become part of the document; other templates stay what they are."""

import pytest

from clinics.web.shadow_roots import with_shadow_roots


@pytest.mark.parametrize(
    ("html", "made"),
    [
        (
            '<x-y><template shadowrootmode="open"><p>In</p></template>Out</x-y>',
            "<x-y><div><p>In</p></div>Out</x-y>",
        ),
        (
            '<x-y><template shadowrootmode="closed"><x-z><template shadowrootmode="open">deep</template></x-z>'
            "<template><p>not shown</p></template></template></x-y>",
            "<x-y><div><x-z><div>deep</div></x-z><template><p>not shown</p></template></div></x-y>",
        ),
        ("<template><p>not shown</p></template>", "<template><p>not shown</p></template>"),
        ('</template><template shadowrootmode="open">', "</template><div>"),
    ],
)
def test_only_shadow_roots_are_set_down(html: str, made: str) -> None:
    assert with_shadow_roots(html) == made
