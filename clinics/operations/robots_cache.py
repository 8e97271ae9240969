"""robots.txt as it was last read, kept with the host."""

from collections.abc import Iterable

from clinics.models import Host
from clinics.web.guest import StoredRobots


class DatabaseRobots:
    """The fetcher's robots cache, in the Host rows. Those of hosts that the caller holds are not asked for again."""

    def __init__(self, held: Iterable[Host] = ()) -> None:
        self._held = {host.name: host for host in held}

    def get(self, host: str) -> StoredRobots | None:
        """The last reading, however old; the fetcher judges how long it counts."""
        row = self._held.get(host) or Host.objects.filter(name=host).first()
        if row is None or row.robots_status is None or row.robots_read_at is None:
            return None
        return StoredRobots(text=row.robots_text, status=row.robots_status, read_at=row.robots_read_at)

    def put(self, host: str, stored: StoredRobots) -> None:
        """Keep what was read just now."""
        self._held.pop(host, None)
        facts = {
            "robots_text": stored.text.replace("\x00", ""),
            "robots_status": stored.status,
            "robots_read_at": stored.read_at,
        }
        Host.objects.update_or_create(name=host, defaults=facts, create_defaults={**facts, "free_at": stored.read_at})
