"""Settings from the environment, read once at a door and passed down frozen."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.errors import BadSetting, KeyMissing, KeyUnusable

KEY_BYTES = 32


class Settings(BaseSettings):
    """What a run needs to know of its surroundings; each is `SANDAN_<NAME>`.

    Attributes:
        home: The one folder that holds all state.
        pseudonym_key: Hex key of the identifier hashes; needed to receive.
        seal_key: Hex AES-256 key of sealed bytes; needed to receive.
        api_key: API key of the officer who gives a command that only some may give.
        threads: Engine threads.
        memory_limit_mb: Engine memory before it spills to disk.
    """

    model_config = SettingsConfigDict(
        env_prefix="SANDAN_", env_file=".env", frozen=True, extra="ignore"
    )

    home: Path = Path("zone")
    pseudonym_key: SecretStr | None = None
    seal_key: SecretStr | None = None
    api_key: SecretStr | None = None
    threads: int = Field(default=2, ge=1)
    memory_limit_mb: int = Field(default=2048, ge=64)

    @classmethod
    def read(cls) -> "Settings":
        """The settings of this environment.

        Raises:
            BadSetting: A variable does not hold what it must.
        """
        try:
            return cls()
        except ValidationError as wrong:
            first = wrong.errors(include_input=False)[0]
            variable = "_".join(("sandan", *map(str, first["loc"]))).upper()
            raise BadSetting(variable, first["msg"].lower()) from None

    def keys(self) -> tuple[bytes, bytes]:
        """The pseudonym key and the seal key, `KEY_BYTES` each.

        Raises:
            KeyMissing: One of them is not set.
            KeyUnusable: One of them is not the hex of so many bytes.
        """
        pseudonym = _key("SANDAN_PSEUDONYM_KEY", self.pseudonym_key)
        return pseudonym, _key("SANDAN_SEAL_KEY", self.seal_key)

    def officers_key(self) -> str:
        """The API key of the officer who gives a command.

        Raises:
            BadSetting: It is not set.
        """
        if self.api_key is None:
            why = "it is not set; set it to the key that `sandan officer` printed"
            raise BadSetting("SANDAN_API_KEY", why)
        return self.api_key.get_secret_value()


def _key(variable: str, secret: SecretStr | None) -> bytes:
    if secret is None:
        raise KeyMissing(variable)
    try:
        key = bytes.fromhex(secret.get_secret_value())
    except ValueError:
        raise KeyUnusable(variable, 2 * KEY_BYTES) from None
    if len(key) != KEY_BYTES:
        raise KeyUnusable(variable, 2 * KEY_BYTES)
    return key
