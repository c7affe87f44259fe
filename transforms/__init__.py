"""Floor 3: pure functions, frames in, frames out. No file, clock, database or scheduler is touched here."""
