"""What the first page holds for each of its readers: leaders read, analysts compare, auditors chase. A question a module."""
