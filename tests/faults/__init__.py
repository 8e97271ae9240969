"""Real workers, broker and database, killed and stopped in the middle of their work."""
