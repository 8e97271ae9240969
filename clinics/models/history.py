"""History by database triggers: every row that staff edit leaves an event for each insert, update and delete."""

import pghistory

tracked = pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
