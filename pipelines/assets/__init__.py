"""Dagster assets, thin: each reads, calls work.py, and attaches metadata. No figure is computed here."""
