"""Models that judge a feature row, and what training, scan and API need of them.

Nothing is ever reported to MLflow's makers; the variable must be set before MLflow is imported.
"""

import os

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
