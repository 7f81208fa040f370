"""A file can be read in one sitting, or there is a reason why not."""

from tests.tree import files, name_of

LONGEST = 400
REASONS = {
    "mentoring/migrations/versions/0001_the_first_records.py": "one step of history, made by tool",
}


def test_a_long_file_has_a_reason_and_only_a_long_file_has_one() -> None:
    long = {
        name_of(path)
        for path in files(".py", ".js", ".css", ".html")
        if len(path.read_text().splitlines()) > LONGEST
    }

    assert long == set(REASONS)
