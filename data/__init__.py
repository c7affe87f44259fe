"""Floor 1: what there is and where it lies. Cards (contracts/), code lists (codes/), defaults (reference/), and the readers of these; nothing here computes."""
