"""What nobody would read for its wording, beside the pages that resemble it."""

import pytest

from clinics.domain.no_page import is_no_page, is_platform

NO_PAGES = [
    "/logo.PNG",
    "/files/forms.docx",
    "/all.zip",
    "/feed/",
    "/conditions/knee/feed",
    "/calendar.ics",
    "/wp-admin/",
    "/wp-login.php",
    "/wp-content/uploads/2024/knee.jpg",
    "/wp-json/wp/v2/pages",
    "/login",
    "/patient-portal/",
    "/es/iniciar-sesion",
    "/cart/",
    "/shop/checkout",
    "/mi-cuenta/",
    "/tag/knee",
    "/blog/category/cells/",
    "/author/dr-example",
    "/blog/page/2",
    "/blog/page-3/",
    "/noticias/pagina/4",
    "/2024/",
    "/2024/05/",
    "/blog/2024/05/17/",
    "/events/2026-11-25",
    "/knee/?replytocom=15",
    "/knee/?print=1",
    "/knee/?share=facebook",
    "/?s=cells",
    "/shop?add-to-cart=9",
    "/shop?filter_color=red",
    "/shop?sort[]=price",
    "/events/?ical=1",
    "/events/?tribe-bar-date=2026-11",
    "/blog?paged=2",
    "/a/b/a/b/a/b",
    "/a/b/c/d/e/f/g/h/i",
    "/knee/print/",
    "/knee/amp/",
]
PAGES = [
    "/",
    "/conditions/knee",
    "/treatments/stem-cells.html",
    "/treatments.php",
    "/index.php?id=12",
    "/?page_id=12",
    "/wp-content/uploads/2024/05/brochure.pdf",
    "/category-of-one",
    "/login-free-advice",
    "/taglines",
    "/cartilage",
    "/blog/2024/05/17/stem-cells-for-knees",
    "/blog/stem-cells-in-2024",
    "/page-of-questions",
    "/carritos-de-rodilla",
    "/es/tratamientos/células-madre",
    "/es/tratamientos/c%C3%A9lulas-madre",
    "/printers-who-were-healed",
    "/dr.example",
    "/knee/knee",
    "/360",
]


@pytest.mark.parametrize("path", NO_PAGES)
def test_this_is_no_page(path: str) -> None:
    assert is_no_page(f"https://knees.example{path}")


@pytest.mark.parametrize("path", PAGES)
def test_this_is_a_page(path: str) -> None:
    assert not is_no_page(f"https://knees.example{path}")


@pytest.mark.parametrize(
    ("url", "shared"),
    [
        ("https://www.facebook.com/kneehouse", True),
        ("https://m.youtube.com/@kneehouse", True),
        ("https://kneehouse.example/facebook.com", False),
        ("https://facebook.com.kneehouse.example/", False),
        ("https://kneehouse.wixsite.com/home", False),
    ],
)
def test_a_site_that_many_strangers_share(url: str, shared: bool) -> None:
    assert is_platform(url) is shared
