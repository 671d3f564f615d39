"""Commands that belong together, as typer apps that `sandan` mounts; one file per subject."""
