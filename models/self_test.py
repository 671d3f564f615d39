"""`python -m models.self_test FOLDER...`: parse models and score their golden rows.

Runs apart from whoever wants to load them: LightGBM aborts or hangs on some damaged files.
"""

import sys
from pathlib import Path

from domain.errors import ModelDamaged
from models.model_files import check_golden


def main(folders: list[str]) -> None:
    """Test every folder; the first that fails ends the process with its sentence."""
    for folder in folders:
        try:
            check_golden(Path(folder))
        except ModelDamaged as damaged:
            sys.exit(str(damaged))


if __name__ == "__main__":
    main(sys.argv[1:])
