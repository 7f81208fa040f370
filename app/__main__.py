"""`python -m app`: the command line. Nothing that it loads is garbage, so none is looked for."""

import gc
import sys

# Before the imports, of which it takes a fifth.
gc.disable()

from app.cli import main  # noqa: E402
from app.memory import pass_over_the_start  # noqa: E402

if __name__ == "__main__":
    pass_over_the_start()
    gc.enable()
    sys.exit(main())
