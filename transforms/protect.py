"""What leaves the office holds no row a member: what is taken out of a finding on its way into a file.

What belongs here: pure functions over values as published. Who may see what on a page is applied where a release is opened.
"""

import json

WITHHELD = "x"  # as everywhere: suppressed
MEMBERS = "member"


def evidence(text: str) -> str:
    """A finding's evidence for a file: rows of the member list keep their source, file and line, and what they say is withheld."""
    if f'"{MEMBERS}"' not in text:
        return text
    found = json.loads(text)
    found["rows"] = [row | {"values": {}} if row["source"] == MEMBERS and "values" in row else row for row in found["rows"]]
    return json.dumps(found, ensure_ascii=False)
