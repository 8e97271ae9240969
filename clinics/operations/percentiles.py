"""The value below which a part of the rows lies, worked out by the database."""

from django.db.models import Aggregate


class Percentile(Aggregate):
    """The first value, in order, that so great a part of the rows does not exceed; of anything that can be ordered."""

    function = "percentile_disc"
    template = "%(function)s(%(part)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: object, part: float) -> None:
        super().__init__(expression, part=float(part))
