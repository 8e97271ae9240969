"""What axe finds wrong on a page that a browser shows."""

import json
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Style sheets are fetched anew only for a rule that is off (css-orientation-lock); without it axe takes half the time.
OPTIONS: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
OF_COLOURS = {**OPTIONS, "runOnly": ["color-contrast", "link-in-text-block"]}
SCRIPT = Axe().axe_script
STOCK = (".tabular th",)  # the stock admin leaves the heads of its button columns empty
COLOURS_FADE_AT_ONCE = "document.getAnimations().forEach(each => each.finish())"


def faults(page: Page, options: dict[str, Any] = OPTIONS, *, but: tuple[str, ...] = ()) -> list[str]:
    """A line for each element that breaks a rule; `but` are selectors of what is looked at elsewhere."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT)
    where = json.dumps({"exclude": [[selector] for selector in (*STOCK, *but)]})
    found = page.evaluate(f"axe.run({where}, {json.dumps(options)}).then(results => results.violations)")
    return [
        f"{page.url}: {each['id']}: {node['html'][:120]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for each in found
        for node in each["nodes"]
    ]


def faults_in_both_schemes(page: Page, *, but: tuple[str, ...] = ()) -> list[str]:
    """Every rule in light colours, and in dark ones the rules on which they bear."""
    found = faults(page, but=but)
    page.emulate_media(color_scheme="dark")
    page.evaluate(COLOURS_FADE_AT_ONCE)
    found += [f"dark: {fault}" for fault in faults(page, OF_COLOURS, but=but)]
    page.emulate_media(color_scheme="light")
    return found
