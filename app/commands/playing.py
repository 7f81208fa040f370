"""`bridgeline talk`, `demo`, `rehearse`, `simulate` and `bench`: to try the line, not to run it."""

from argparse import Namespace

from app import bench, demo, rehearse
from app.commands.desk import Desk
from app.commands.menu import Menu
from app.simulation import simulate
from app.talk import talk
from mentoring.flows import FLOWS
from mentoring.flows.steps import TEXT, VOICE
from mentoring.languages import LANGUAGES, staff_named
from mentoring.models import Role


def add_to(menu: Menu) -> None:
    """Add the five commands."""
    talking = menu.command("talk", "walk a conversation in this terminal", walk)
    talking.add_argument("flow", metavar="FLOW", choices=sorted(FLOWS), help=", ".join(FLOWS))
    talking.add_argument("--text", action="store_true", help="as texts, not as a phone call")
    talking.add_argument(
        "--role", choices=[role.value for role in Role], default="protege", help="who is asked"
    )
    talking.add_argument("--language", choices=list(LANGUAGES), default="en", help="in which one")
    menu.programme("demo", "the whole line on this machine, with phones in the browser", demo.run)
    menu.programme("rehearse", "the demo under your own name, hours and settings", rehearse.run)
    menu.programme("simulate", "a year of the programme in a minute, checked daily", simulate.run)
    menu.programme("bench", "requests per second beside the smallest honest app", bench.run)


def walk(desk: Desk, args: Namespace) -> None:
    """Play one conversation: what is typed is what is pressed, said or texted."""
    in_danger = desk.settings.programme().crisis_numbers_for("")
    talk(
        args.flow,
        channel=TEXT if args.text else VOICE,
        read=input,
        write=print,
        params={
            "org": desk.settings.ORG_NAME,
            "staff": staff_named(desk.settings.STAFF_NAME),
            "emergency": in_danger.emergency,
            "crisis": in_danger.crisis_line,
            "role": args.role,
        },
        language=args.language,
    )
