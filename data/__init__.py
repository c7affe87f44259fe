"""Floor 1: what there is and where it lies. Cards, code lists, defaults, and the readers of these; nothing here computes."""
