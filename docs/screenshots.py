"""Pictures of the main pages for the documentation, taken from a demonstration that has run for three minutes.

`python docs/screenshots.py http://127.0.0.1:8000 ACCOUNT PASSWORD` writes them into `docs/screenshots/`.
"""

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost"]
CLINIC = "Harborview Regenerative Institute"
CHANGED = "Our stem cell therapy is FDA approved."
PLACE = "12 North Main Street, Suite 4\nMiami, FL 33130\nPhone: 305-555-0101"
LETTERHEAD = f"{CLINIC}\n{PLACE}\nharborview-regen.example/prices"
LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 320, "height": 700}},
}


def take(page: Page, name: str, *, whole: bool = False) -> None:
    """One picture of what the page shows now."""
    page.screenshot(path=FOLDER / f"{name}.png", full_page=whole)


def take_public_pages(browser: Browser, address: str) -> None:
    """Search and a clinic's page: wide in light and dark, and on a phone."""
    for look, options in LOOKS.items():
        page = browser.new_context(base_url=address, **options).new_page()
        page.goto("/")
        take(page, f"search-{look}")
        page.get_by_role("link", name=CLINIC).first.click()
        take(page, f"clinic-{look}", whole=look != "phone")


def take_desk(browser: Browser, address: str, account: str, password: str) -> None:
    """The staff's front page, the list of flags, one flag, one clinic and one claim."""
    page = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}).new_page()
    page.goto("/admin/")
    page.get_by_label("Username").fill(account)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.get_by_text("New here?").wait_for()
    take(page, "desk-front")
    page.goto("/admin/clinics/flag/")
    take(page, "desk-flags")
    page.get_by_role("link", name=CHANGED).click()
    page.get_by_role("button", name="Decide").wait_for()
    take(page, "desk-flag", whole=True)
    page.goto("/admin/clinics/clinic/")
    page.get_by_role("link", name=CLINIC).first.click()
    take(page, "desk-clinic", whole=True)
    page.goto("/admin/clinics/claim/?state__exact=awaiting_second")
    page.locator("#result_list tbody th a").first.click()
    take(page, "desk-claim", whole=True)


def take_entry(browser: Browser, address: str, account: str, password: str) -> None:
    """A pasted letterhead with the clinic it looks like, two records before they are merged, and one's own clinics."""
    page = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}).new_page()
    page.goto("/admin/")
    page.get_by_label("Username").fill(account)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.get_by_text("New here?").wait_for()
    page.goto("/admin/clinics/clinic/add/")
    page.get_by_label("Paste what you have").fill(LETTERHEAD)
    page.get_by_role("button", name="Fill the fields").click()
    page.get_by_role("status").wait_for()
    take(page, "desk-new-clinic")
    page.goto("/admin/clinics/clinic/")
    links = page.locator("#result_list th.field-name a")
    one, other = (str(links.nth(place).get_attribute("href")).split("/")[-3] for place in (0, 1))
    page.goto(f"/admin/clinics/clinic/{one}/merge/?other={other}&keep=this")
    take(page, "desk-merge", whole=True)
    page.goto("/admin/clinics/clinic/mine/")
    take(page, "desk-mine")


def take_triage(browser: Browser, address: str, account: str, password: str) -> None:
    """A dossier, a flag as it is decided by keys, the list on a phone and in the dark, and a history."""
    page = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}).new_page()
    page.goto("/admin/")
    page.get_by_label("Username").fill(account)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.get_by_text("New here?").wait_for()
    page.goto("/admin/clinics/flag/dossiers/")
    page.locator("#content-main tbody th a").first.click()
    page.get_by_role("button", name="Decide the dossier").wait_for()
    page.get_by_label("quote it").first.check()
    take(page, "desk-dossier")
    page.set_viewport_size(LOOKS["phone"]["viewport"])
    page.goto("/admin/clinics/flag/")
    take(page, "desk-flags-phone")
    page.set_viewport_size(LOOKS["dark"]["viewport"])
    page.emulate_media(color_scheme="dark")
    page.goto("/admin/clinics/flag/")
    take(page, "desk-flags-dark")
    page.locator("#result_list tbody th a").first.click()
    page.get_by_role("button", name="Decide and go on").wait_for()
    page.keyboard.press("d")
    page.keyboard.press("4")
    take(page, "desk-keys")
    page.emulate_media(color_scheme="light")
    page.goto("/admin/clinics/clinic/")
    page.get_by_role("link", name=CLINIC).first.click()
    page.get_by_role("link", name="History").click()
    page.get_by_role("heading", name="History").first.wait_for()
    take(page, "desk-history")


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("address", "account", "password"):
        parser.add_argument(name)
    asked = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        take_public_pages(browser, asked.address)
        take_desk(browser, asked.address, asked.account, asked.password)
        take_entry(browser, asked.address, asked.account, asked.password)
        take_triage(browser, asked.address, asked.account, asked.password)
        browser.close()


if __name__ == "__main__":
    main()
