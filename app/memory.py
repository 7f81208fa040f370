"""What a process does about memory once it has loaded everything."""

import gc

# How many new objects bring the collector out, and how often it then looks at the older ones. A
# webhook makes some thousands that are gone, by themselves, with its answer; looking for garbage
# among them ten times took it a twentieth of its time.
_THRESHOLDS = (20_000, 20, 20)


def keep_what_is_loaded() -> None:
    """Let the garbage collector pass over all that was loaded at the start, which stays anyway.

    Going through it again and again took a worker a quarter of its time when much was due. In the
    web server it took a fifth of a second, for which whoever had just asked for a page waited.
    """
    gc.collect()
    pass_over_the_start()


def pass_over_the_start() -> None:
    """Do the same without looking for garbage first: for a process that is only begun."""
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
