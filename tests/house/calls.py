"""What may be called where: execution, clock, environment, chance, files, and what is never called."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from house.source import DOORS, STAGES, Finding, Source, dotted, rule

UNSAFE = {"pickle", "joblib", "dill", "cloudpickle", "shelve", "marshal"}
CLOCKS = {
    "datetime.utcnow",
    "date.today",
    "datetime.today",
    "Timestamp.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
}
TIMERS = {"time.perf_counter", "time.perf_counter_ns", "time.monotonic", "time.monotonic_ns", "time.process_time"}
FILES = {"read_text", "read_bytes", "write_text", "write_bytes", "unlink", "mkdir", "rmdir", "touch", "rglob", "iterdir"}
SEEDED = {
    "default_rng",
    "Generator",
    "SeedSequence",
    "Random",
    "RandomState",
    "PCG64",
    "SystemRandom",
    "seed",
    "getstate",
    "setstate",
    "get_state",
    "set_state",
}


@rule
def execution(source: Source) -> Iterator[Finding]:
    """Only the store executes relations; SQL statements (`execute` with arguments) stay out of stages and doors too."""
    if source.place != "src" or source.room == "store":
        return
    for call in source.calls:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        statement = name == "execute" and bool(call.args) and source.room in ("guard", "app")  # rows of the ledger
        if (name == "execute" and not statement) or name in ("to_pandas", "to_pyarrow", "to_pyarrow_batches"):
            yield Finding(call.lineno, name, "only the store executes")


@rule
def environment(source: Source) -> Iterator[Finding]:
    """Settings are read once, in core/settings.py."""
    if source.place != "src" or source.path.endswith("core/settings.py"):
        return
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and dotted(node) in ("os.environ", "os.getenv", "os.environb", "os.putenv"):
            yield Finding(node.lineno, node.attr, "the environment is read by core/settings.py only")
    for line, name in source.imports:
        if name in ("os.environ", "os.getenv", "os.environb"):
            yield Finding(line, name, "the environment is read by core/settings.py only")


@rule
def clock(source: Source) -> Iterator[Finding]:
    """The time is given, not asked; tests never look at a watch."""
    if source.place == "benchmarks" or source.path.endswith(("core/clock.py", "core/log.py")):
        return
    forbidden = CLOCKS | TIMERS if source.place == "tests" else CLOCKS
    for call in source.calls:
        name = ".".join(dotted(call.func).split(".")[-2:])
        if name in forbidden or (name.endswith(".now") and isinstance(call.func, ast.Attribute)):
            yield Finding(call.lineno, name, "the clock is asked in core/clock.py only")
    for line, name in source.imports:
        if name in forbidden:
            yield Finding(line, name, "the clock is asked in core/clock.py only")


@rule
def chance(source: Source) -> Iterator[Finding]:
    """Everything random has a seed."""
    modules = {name for _, name in source.imports}
    for call in source.calls:
        name = dotted(call.func)
        last = name.rpartition(".")[2]
        drawn = name.startswith(("np.random.", "numpy.random.")) or (name.startswith("random.") and "random" in modules)
        unseeded = last in ("default_rng", "RandomState", "Random") and not (call.args or call.keywords)
        if (drawn and last not in SEEDED) or unseeded:
            yield Finding(call.lineno, name, "random without a seed")


@rule
def safe_formats(source: Source) -> Iterator[Finding]:
    """Nothing that runs code when it is loaded; a test may try whether it would."""
    if source.place == "tests":
        return
    for line, name in source.imports:
        if name.split(".")[0] in UNSAFE:
            yield Finding(line, name, "runs code when loaded")
    for call in source.calls:
        allowed = [key for key in call.keywords if key.arg == "allow_pickle" and getattr(key.value, "value", None) is not False]
        if allowed or dotted(call.func).endswith((".read_pickle", ".to_pickle")):
            yield Finding(call.lineno, "pickle", "runs code when loaded")


@rule
def printing(source: Source) -> Iterator[Finding]:
    """Doors speak through their console, everybody else through the log."""
    if source.place != "src":
        return
    for call in source.calls:
        if isinstance(call.func, ast.Name) and call.func.id in ("print", "breakpoint"):
            yield Finding(call.lineno, call.func.id, "say it through the door's console or the log")


@rule
def broad_except(source: Source) -> Iterator[Finding]:
    """Only a door catches everything; cleaning up after everything raises it again."""
    if source.place != "src" or source.room in DOORS:
        return
    for node in source.nodes:
        if not isinstance(node, ast.ExceptHandler):
            continue
        names = {dotted(part) for part in ast.walk(node.type)} if node.type else {"everything"}
        again = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
        if "Exception" in names or (names & {"BaseException", "everything"} and not again):
            yield Finding(node.lineno, "except", "name what can go wrong")


@rule
def pure_stages(source: Source) -> Iterator[Finding]:
    """A stage takes tables and returns tables: no files. Connectors read what they are given."""
    if source.room not in STAGES or source.room == "collect":
        return
    for call in source.calls:
        attribute = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if (isinstance(call.func, ast.Name) and call.func.id == "open") or attribute in FILES:
            yield Finding(call.lineno, attribute or "open", "a stage touches no files")
