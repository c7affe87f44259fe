"""From landing files to typed rows: every line of every file ends as loaded, rejected with a reason, or skipped and counted."""
