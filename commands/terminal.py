"""What every command shares: the clock, the screen, the progress bar and the lake."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from typer.models import OptionInfo

from domain.progress import Progress as Tell
from domain.settings import Settings
from storage.home import Home

if TYPE_CHECKING:
    from storage.lake import Lake

SCREEN: Final = Console()


def day(what: str) -> OptionInfo:
    """An option that takes a day, as 2026-06-30, and what it means."""
    option: OptionInfo = typer.Option(formats=["%Y-%m-%d"], help=what)
    return option


def now() -> datetime:
    """The door's clock: China wall-clock time without a zone."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None)


def plain(text: str) -> str:
    """A text from outside without what could move the cursor or change the screen."""
    return "".join(c if c.isprintable() else "�" for c in text)


@contextmanager
def progress_bar() -> Iterator[Tell]:
    """A bar on the screen while the block runs; the block tells it what it does and how far."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=SCREEN) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda what, part: bar.update(task, description=what, completed=part)


def open_lake() -> "Lake":
    """The lake of the home folder that the environment names."""
    from storage.engine import connect
    from storage.lake import Lake

    settings = Settings.read()
    home = Home(settings.home)
    engine = connect(home, threads=settings.threads, memory_limit_mb=settings.memory_limit_mb)
    return Lake(home, engine)
