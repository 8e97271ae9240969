"""A person's hands at the desk: what they click, type and press, counted."""

import time
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

Lap = tuple[int, int, float]


@dataclass
class Hands:
    """What a person does, counted: a paste is two keys."""

    desk: Page
    clicks: int = 0
    keys: int = 0
    laps: list[Lap] = field(default_factory=list)
    _begun: Lap = (0, 0, 0.0)

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1

    def paste(self, target: Locator, text: str) -> None:
        """Into a field that was clicked before, or by its own click."""
        self.click(target)
        target.fill(text)
        self.keys += 2

    def type(self, target: Locator, text: str) -> None:
        self.click(target)
        target.fill(text)
        self.keys += len(text)

    def press(self, *keys: str) -> None:
        """Keys of the keyboard, one after another."""
        for key in keys:
            self.desk.keyboard.press(key)
            self.keys += 1

    def write(self, text: str) -> None:
        """Into whatever has the focus."""
        self.desk.keyboard.type(text)
        self.keys += len(text)

    def begin(self) -> None:
        self._begun = self.clicks, self.keys, time.monotonic()

    def end(self) -> Lap:
        """Clicks, keys and seconds since `begin`."""
        clicks, keys, at = self._begun
        lap = self.clicks - clicks, self.keys - keys, time.monotonic() - at
        self.laps.append(lap)
        return lap
