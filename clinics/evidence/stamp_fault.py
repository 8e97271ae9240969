"""What is raised over time-stamps, apart from the libraries that read them: few processes need those."""


class StampFault(Exception):
    """An answer is no time-stamp of what was asked, or of nobody that is trusted. The message is for staff."""
