"""A mentor has said what others may hear of them (mentoring/flows/about_me.py).

The permission holds at once. A line in their own words is read by staff before anybody hears it:
they write it down on the page of the mentor (mentoring/applications/own_line.py).
"""

from mentoring.effects import Ended, Goodbye, Sequel
from mentoring.flows.about_me import DESCRIBED_ASKED
from mentoring.proposals.browsing import DESCRIBED
from mentoring.tasks import open_task


def after_about_me(ended: Ended) -> Sequel:
    """Keep the permission, and ask staff to look at the line if there is one."""
    person = ended.person
    person.profile = {**person.profile, DESCRIBED: ended.answers[DESCRIBED_ASKED]}
    if ended.outcome == "skipped":
        return Sequel(("T-OWNSKIP",), effect=Goodbye())
    open_task(
        ended.session,
        rule="own line",
        words=f"{person.code} has said a line of their own. Look at it in what they told us, and"
        " write it down among their details if others may hear it.",
        key=f"own line:{ended.proof}",
        person=person,
        recording_id=ended.conversation.recording_id,
        now=ended.now,
    )
    return Sequel(("T-OWNOK",), effect=Goodbye())
