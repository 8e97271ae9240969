"""Tests: the mirror of the house."""
