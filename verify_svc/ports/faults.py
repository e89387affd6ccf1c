"""What a port can raise beside its own answers."""


class StaleVersion(Exception):
    """A compare-and-set lost: somebody else saved the row since it was read. Read again and retry."""


class Taken(Exception):
    """A row with that unique key is there already."""


class Passing(Exception):
    """A fault of an outside service that may be gone at the next try (time-out, 5xx, connection refused)."""


class Permanent(Exception):
    """A fault of an outside service that a retry won't mend."""
