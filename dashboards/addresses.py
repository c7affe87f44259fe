"""The pages' addresses, by the groups of the side bar. The first is also the one that `/` opens; each is a module of screens/."""

GROUPS = {
    "standing": ("overview", "briefings", "districts", "parks", "trends", "heat", "funnel", "place"),
    "doubling": ("doubling", "targets", "base_numbers"),
    "work": ("worklist", "weak_orgs", "survey", "means", "unit"),
    "audit": ("findings", "finding", "quality", "returns"),
    "evidence": ("definitions", "deliveries", "revisions", "figure", "checks", "audit_log"),
}
PAGES = tuple(name for names in GROUPS.values() for name in names)
