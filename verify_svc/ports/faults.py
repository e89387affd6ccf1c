"""What a port can raise beside its own answers."""


class StaleVersion(Exception):
    """A compare-and-set lost: somebody else saved the row since it was read. Read again and retry."""


class Taken(Exception):
    """A row with that unique key is there already."""


class Passing(Exception):
    """A fault of an outside service that may be gone at the next try (time-out, 5xx, connection refused)."""


class Unusable(Exception):
    """Something set for this installation can't be used; the message is one line, names it and holds no secret."""


class Permanent(Exception):
    """A fault of an outside service that a retry won't mend."""
