"""The audit log: every look at something private, and every change of who may do what."""

from flask.typing import ResponseReturnValue
from sqlalchemy import select

from admin.audit_words import why_in_words
from admin.labels import who_did
from admin.lists import Column, Filter, Listing, When, show
from admin.office import Visit
from admin.pages import Pages
from admin.permissions import Permission
from mentoring.models import AuditEntry


def add_to(pages: Pages) -> None:
    """Add the log."""
    pages.get("/audit", Permission.AUDIT, list_audit)


_FILTERS = (
    Filter("who", "Who", hint="A name of staff."),
    Filter("what", "What", hint="Such as revealed, or closed."),
    Filter("about", "About", hint="A code, a number of an alert, or an address."),
)


def list_audit(visit: Visit) -> ResponseReturnValue:
    """List the log, the newest entry first. Nothing in it can be changed."""
    who, what, about = (each.value() for each in _FILTERS)
    chosen = select(AuditEntry)
    for column, value in ((AuditEntry.actor, who), (AuditEntry.action, what)):
        if value:
            chosen = chosen.where(column.icontains(value, autoescape=True))
    if about:
        chosen = chosen.where(AuditEntry.entity_id.istartswith(about, autoescape=True))
    return show(
        visit,
        Listing(
            title="Audit log",
            lead="Who looked at something private or changed who may do what. Entries stay.",
            statement=chosen,
            order=(AuditEntry.id.desc(),),
            tie=AuditEntry.id,
            filters=_FILTERS,
            empty="Nobody has looked at anything private yet. Each look appears here with its"
            " reason.",
            rows_of=lambda found: [row[0] for row in found],
            columns=(
                Column("When", lambda entry: When(entry.at), AuditEntry.at),
                Column("Who", lambda entry: who_did(entry.actor)),
                Column("What", lambda entry: entry.action),
                Column("About", lambda entry: f"{entry.entity} {entry.entity_id}"),
                Column("Why", lambda entry: why_in_words(entry) or None),
            ),
        ),
    )
