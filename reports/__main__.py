"""Write the catalogue pages into the folder named as argument: `python -m reports docs`."""

import sys
from pathlib import Path

from reports.catalogue import write_catalogue

write_catalogue(Path(sys.argv[1]))
