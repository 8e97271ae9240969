"""Proof: what was read, kept so that a later change to it shows."""
