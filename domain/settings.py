"""Settings from the environment, read once at a door and passed down frozen."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a run needs to know of its surroundings; each is `SANDAN_<NAME>`.

    Attributes:
        home: The one folder that holds all state.
        pseudonym_key: Hex key of the identifier hashes; needed to receive.
        seal_key: Hex AES-256 key of sealed bytes; needed to receive.
        threads: Engine threads.
        memory_limit_mb: Engine memory before it spills to disk.
    """

    model_config = SettingsConfigDict(
        env_prefix="SANDAN_", env_file=".env", frozen=True, extra="ignore"
    )

    home: Path = Path("zone")
    pseudonym_key: SecretStr | None = None
    seal_key: SecretStr | None = None
    threads: int = 2
    memory_limit_mb: int = 2048
