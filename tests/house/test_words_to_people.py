"""What callers hear and texters read stands in the prompts, and never in the code."""

import ast
import re
from collections.abc import Iterator

from tests.tree import files, name_of, parsed

# What brings words to somebody who is no member of staff, and which of its arguments they are.
TELLING = {"queue_text": 1, "keep_written": 1, "message": 0, "say": 0}
A_SENTENCE = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,}")


def told_in_code() -> Iterator[str]:
    for room in ("mentoring", "sms", "telephony", "scheduling"):
        for file in files(".py", under=room):
            # The emulator is the carrier, which has words of its own.
            for node in ast.walk(parsed(file)) if "emulator" not in file.parts else ():
                if isinstance(node, ast.Call) and (words := _words_of(node)):
                    yield f"{name_of(file)}:{node.lineno}: {words}"


def _words_of(call: ast.Call) -> str:
    """Return the sentence that a call tells, or the empty string."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    name = call.func.id if isinstance(call.func, ast.Name) else name
    place = TELLING.get(name)
    if place is None or place >= len(call.args):
        return ""
    parts = [each.value for each in ast.walk(call.args[place]) if isinstance(each, ast.Constant)]
    return next((p for p in parts if isinstance(p, str) and A_SENTENCE.search(p)), "")


def test_no_sentence_for_a_caller_or_texter_stands_in_the_code() -> None:
    assert list(told_in_code()) == []


def test_a_sentence_in_the_code_would_be_found() -> None:
    call = ast.parse('queue_text(session, f"{name} (voice note, typed by staff): {words}")')
    assert isinstance(call.body[0], ast.Expr)
    assert isinstance(call.body[0].value, ast.Call)
    assert _words_of(call.body[0].value)
