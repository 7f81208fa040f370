"""Who may import whom is checked by import-linter; here stand the contracts themselves."""

import ast
import subprocess
import sys
import tomllib

import pytest

from tests.tree import PACKAGES, ROOT, files, name_of, parsed

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS = {contract["name"]: contract for contract in SETTINGS["contracts"]}

FORBIDDEN = {
    "The programme knows no web, no queue and no carrier": ("mentoring", {"flask", "celery"}),
    "Only telephony knows the carrier's library": ("mentoring", {"twilio"}),
    "Only scheduling and the worker know Celery": ("telephony", {"celery"}),
    "The emulator knows only the wire": ("telephony.emulator", {"mentoring", "sqlalchemy"}),
}

# Import-linter cannot tell a package from what surrounds it, so these are read from the files.
KNOWN_ONLY_IN = {
    "telephony.emulator": ("app/", "telephony/emulator/"),
    "celery": ("scheduling/", "app/worker.py", "app/wsgi.py"),
}

# NumPy, SciPy, Alembic and the driver of PostgreSQL take a second to load, for which every command
# would wait.
HEAVY = ("mentoring/matching/board.py", "mentoring/db.py", "mentoring/migrations/__init__.py")


def test_every_package_of_ours_is_under_the_contracts() -> None:
    assert set(SETTINGS["root_packages"]) == set(PACKAGES)


def test_packages_know_only_those_below_them() -> None:
    contract = CONTRACTS["Packages know only those below them"]

    assert contract["type"] == "layers"
    assert contract["layers"] == ["app", "admin | scheduling", "sms", "telephony", "mentoring"]


@pytest.mark.parametrize("name", FORBIDDEN)
def test_the_forbidden_imports_stand_in_their_contract(name: str) -> None:
    source, forbidden = FORBIDDEN[name]
    contract = CONTRACTS[name]

    assert contract["type"] == "forbidden"
    assert source in contract["source_modules"]
    assert forbidden <= set(contract["forbidden_modules"])


def imported(tree: ast.Module) -> set[str]:
    """Return the modules that a file imports, with the names that it takes out of them."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def is_part_of(module: str, package: str) -> bool:
    return f"{module}.".startswith(f"{package}.")


@pytest.mark.parametrize(("package", "rooms"), KNOWN_ONLY_IN.items())
def test_what_only_some_rooms_may_know_is_known_in_no_other(
    package: str, rooms: tuple[str, ...]
) -> None:
    found = {
        name_of(path)
        for path in files(".py")
        if any(is_part_of(module, package) for module in imported(parsed(path)))
    }

    assert found
    assert {name for name in found if not name.startswith((*rooms, "tests/"))} == set()


def test_the_emulator_imports_nothing_of_ours_but_itself() -> None:
    rooms = [path for path in files(".py") if name_of(path).startswith("telephony/emulator/")]
    found = {module for path in rooms for module in imported(parsed(path))}
    ours = {module for module in found if any(is_part_of(module, package) for package in PACKAGES)}

    assert "telephony.emulator.engine" in ours
    assert {module for module in ours if not is_part_of(module, "telephony.emulator")} == set()


def test_no_contract_has_an_exception() -> None:
    assert not [name for name, contract in CONTRACTS.items() if "ignore_imports" in contract]


def hidden_imports(tree: ast.Module) -> set[int]:
    """Return the lines of the imports that stand inside a function."""
    return {
        node.lineno
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }


def test_an_import_inside_a_function_would_be_found() -> None:
    planted = "import a\ndef f():\n    if b:\n        from c import d\n"

    assert hidden_imports(ast.parse(planted)) == {4}


def test_nothing_is_imported_inside_a_function() -> None:
    found = [
        f"{name_of(p)}:{line}"
        for p in files(".py")
        if name_of(p) not in HEAVY
        for line in hidden_imports(parsed(p))
    ]

    assert found == []


def test_what_takes_long_to_load_is_loaded_by_whoever_plans_and_not_by_every_command() -> None:
    assert all(hidden_imports(parsed(ROOT / name)) for name in HEAVY)
    heavy = "{'alembic', 'numpy', 'scipy', 'psycopg'}"
    told = f"import sys, app.cli; print(sorted({heavy} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
