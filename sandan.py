"""The one command: `sandan`, a thin typer app over the doors."""

import typer

app = typer.Typer(no_args_is_help=True, help="Credit grades and risk alerts for a pilot zone.")


def main() -> None:
    """Run the command."""
    app()
