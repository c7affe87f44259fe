"""Floor 4, production: files in, releases and briefings out. The only floor that writes."""
