"""Measurements, run by hand (python -m bench.month, …). No test times anything; the figures stand in docs/performance.md."""
