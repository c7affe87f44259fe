"""Reading: published releases on a screen. Knows releases and cards; nothing of Dagster, DuckDB or Great Expectations."""
