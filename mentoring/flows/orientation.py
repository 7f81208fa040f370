"""The orientation: short lessons, each with a story and a question about it, then a promise (3.5).

Nobody fails. A wrong answer is explained kindly and asked once more; after a second one the lesson
counts as done for going on, and staff talk it over with the person.
"""

from dataclasses import dataclass

from mentoring.flows.steps import Ask, Finish, Flow, Kind, Option, Say, Step, options_of


@dataclass(frozen=True)
class Lesson:
    """One lesson: its key, what it is about in a word for staff, its two answers, the right one."""

    key: str
    topic: str
    answers: tuple[str, str]
    right: str

    @property
    def second_key(self) -> str:
        """The key of the same question when it is asked once more."""
        return f"{self.key}B"


PROTEGE_LESSONS = (
    Lesson("OP1", "what a mentor does", ("ask", "do"), "ask"),
    Lesson("OP2", "asking well", ("short", "full"), "full"),
    Lesson("OP3", "waiting for an answer", ("wait", "more"), "wait"),
    Lesson("OP4", "staying safe", ("tell", "send"), "tell"),
)
MENTOR_LESSONS = (
    Lesson("OM1", "what a mentor does", ("fill", "guide"), "guide"),
    Lesson("OM2", "support in words", ("why", "praise"), "praise"),
    Lesson("OM3", "access", ("wait", "finish"), "wait"),
    Lesson("OM4", "keeping the plan", ("tell", "later"), "tell"),
    Lesson("OM5", "safety and a good end", ("change", "ask"), "ask"),
)
LESSONS = {lesson.key: lesson for lesson in (*PROTEGE_LESSONS, *MENTOR_LESSONS)}


def _steps(lesson: Lesson, following: str) -> tuple[Step, ...]:
    """Return a lesson: the question, twice at most, and what is said after each answer."""
    key, prompt = lesson.key, f"T-{lesson.key}"

    def asked(question: str, if_wrong: str) -> Ask:
        options = tuple(
            Option(answer, f"{key}Y" if answer == lesson.right else if_wrong)
            for answer in lesson.answers
        )
        taught = f"{prompt}L" if question == key else ""
        return Ask(question, prompt, Kind.CHOICE, options, lesson=taught)

    return (
        asked(key, f"{key}N"),
        Say(f"{key}N", f"{prompt}N", lesson.second_key),
        asked(lesson.second_key, f"{key}S"),
        Say(f"{key}S", "T-OSTAFF", following),
        Say(f"{key}Y", "T-ORIGHT", following),
    )


def _orientation(name: str, opening: str, lessons: tuple[Lesson, ...], promise: str) -> Flow:
    following = (*(lesson.key for lesson in lessons[1:]), promise)
    taught = (
        step
        for lesson, then in zip(lessons, following, strict=True)
        for step in _steps(lesson, then)
    )
    return Flow(
        name=name,
        version=1,
        first=opening,
        steps=(
            Ask(
                opening,
                f"T-{opening}",
                Kind.CHOICE,
                (Option("start"), Option("later", "LATER")),
                lessons[0].key,
            ),
            Finish("LATER", "later"),
            *taught,
            Ask(
                promise,
                f"T-{promise}",
                Kind.CHOICE,
                (Option("yes", "PROMISED"), Option("no", "UNSURE")),
                read_back=True,
                timed=True,
            ),
            Finish("PROMISED", "promised"),
            Finish("UNSURE", "unsure"),
        ),
    )


ORIENTATION_PROTEGE = _orientation("orientation_protege", "OP0", PROTEGE_LESSONS, "AG1")
ORIENTATION_MENTOR = _orientation("orientation_mentor", "OM0", MENTOR_LESSONS, "AG2")

# While somebody waits for a mentor: every two weeks, and other words after a month (3.9).
WAITING_UPDATE = Flow(
    name="waiting_update",
    version=1,
    first="W1",
    steps=(
        Ask(
            "W1",
            "T-W1",
            Kind.CHOICE,
            (Option("stay"), Option("group"), Option("open"), Option("leave", "W1L")),
            "ANSWERED",
        ),
        Ask("W1L", "T-W1L", Kind.CHOICE, options_of("leave", "stay"), "ANSWERED"),
        Finish("ANSWERED", "answered"),
    ),
)
WAITING_LONG = Flow(
    name="waiting_long",
    version=1,
    first="W2",
    steps=(
        Ask("W2", "T-W2", Kind.CHOICE, options_of("yes", "no"), "ANSWERED"),
        Finish("ANSWERED", "answered"),
    ),
)
