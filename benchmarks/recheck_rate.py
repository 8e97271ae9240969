"""Pages a second, and processor time a page, of one reader over all that a re-check does, on one local site.

    python benchmarks/recheck_rate.py [--pages 300] [--rounds 4] [--profile]

The pages of local_site.py are served by a process of its own; database and broker are new ones in a temporary folder,
with fsync as in production. The first round reads every page for the first time; after it the pages' text is unchanged,
in every third round with other tokens in the markup. Three pages a host, no delay. Ends by itself.
"""

import argparse
import cProfile
import json
import os
import platform
import pstats
import tempfile
from pathlib import Path

from local_site import MOST_PAGES, Show, local_site
from own_reader import own_servers, read_all, record

MOST_ROUNDS = 10


def main() -> None:
    """Print each round as a line of JSON; with --profile what the rounds after the first spent their time on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--profile", action="store_true")
    chosen = parser.parse_args()
    count = min(chosen.pages, MOST_PAGES)
    with tempfile.TemporaryDirectory(prefix="rate-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with local_site(count, folder) as doors, own_servers(folder, doors.ports[False, 0.0]):
            record(count)
            for number in range(min(chosen.rounds, MOST_ROUNDS)):
                doors.show(Show(draw=(number + 1) // 3))
                kind = "same text, other tokens" if number % 3 == 2 else "same document" if number else "first reading"
                profile = cProfile.Profile()
                if chosen.profile and number:
                    profile.enable()
                print(json.dumps({"round": number + 1, "pages": kind, **read_all()}), flush=True)
                if chosen.profile and number:
                    profile.disable()
                    pstats.Stats(profile).sort_stats("tottime").print_stats(40)
            print(f"python {platform.python_version()}, {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
