"""The error that staff can cause: its message is a sentence that says what to do."""


class ProgrammeError(ValueError):
    """Something asked of the programme cannot be done; the message is a sentence for staff."""
