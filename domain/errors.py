"""Refusals: one class per kind, each saying what was wrong, where, and what would be right."""

from collections.abc import Iterable, Mapping, Sequence


class Refusal(Exception):
    """Base of all refusals. The message is a whole sentence for the person who asked."""


class UnknownEnterprise(Refusal):
    """No enterprise of that code has been graded."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"No enterprise with the code {code!r} is on the roll; "
            "search by name, or check the 18-character unified social credit code."
        )


class BadCode(Refusal):
    """A text that cannot be an enterprise code."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"{code!r} is not a unified social credit code (18 characters, last one a check "
            "character) nor a customs registration code (10 letters and digits)."
        )


class NothingKnown(Refusal):
    """An as_of day before the first known row, or an empty home."""

    def __init__(self, as_of: object, first: object | None) -> None:
        known = f"the first row became known on {first}" if first else "the zone is empty"
        super().__init__(
            f"Nothing was known on {as_of}: {known}. Receive data first, or choose a later day."
        )


class DayNotOver(Refusal):
    """An as_of day ahead of the door's clock: what it will know is not known yet."""

    def __init__(self, as_of: object, today: object) -> None:
        super().__init__(
            f"The night of {as_of} lies ahead: today is {today}. Choose today or an earlier day."
        )


class NoNight(Refusal):
    """No scan of that day is in the ledger."""

    def __init__(self, as_of: object) -> None:
        super().__init__(f"No scan as of {as_of} is in the ledger; run `sandan scan` for it.")


class ModelMissing(Refusal):
    """The registry holds no model of that name, or none that is in force."""

    def __init__(self, name: str, lacking: str = "champion") -> None:
        super().__init__(
            f"The registry holds no {lacking} of the model '{name}'; "
            "run `sandan train` and `sandan promote`, or check the home folder."
        )


class ModelDamaged(Refusal):
    """A model file that is not what the registry says it is."""

    def __init__(self, where: object, why: str) -> None:
        super().__init__(
            f"The model file {where} cannot be trusted: {why}. Restore it from a copy or train "
            "again; nothing was scored with it."
        )


class ModelMismatch(Refusal):
    """A model that was trained on features the catalogue lacks."""

    def __init__(self, name: str, lacking: list[str]) -> None:
        super().__init__(
            f"The model {name!r} needs features that the catalogue lacks: {', '.join(lacking)}. "
            "Retrain it on this version."
        )


class SourceStale(Refusal):
    """A source whose data ends too long before the day asked for."""

    def __init__(self, stale: Mapping[str, object]) -> None:
        listed = ", ".join(
            f"{source} ({'silent' if day is None else f'covered to {day}'})"
            for source, day in stale.items()
        )
        super().__init__(
            f"Stale or silent sources: {listed}. Grades that need them are provisional; "
            "`sandan sources` says what is lacking."
        )


class RightMissing(Refusal):
    """The officer lacks the right that the request needs."""

    def __init__(self, right: str) -> None:
        super().__init__(f"This needs the right '{right}'; ask the zone office to grant it.")


class BadSetting(Refusal):
    """An environment variable that does not hold what it must."""

    def __init__(self, variable: str, why: str) -> None:
        super().__init__(f"The environment variable {variable} cannot be used: {why}.")


class KeyMissing(Refusal):
    """A secret that must be in the environment is not."""

    def __init__(self, variable: str) -> None:
        super().__init__(
            f"The environment variable {variable} is not set; make a key with `sandan keys` "
            "and set it before receiving data."
        )


class KeyUnusable(Refusal):
    """A secret that is not what `sandan keys` makes."""

    def __init__(self, variable: str, digits: int) -> None:
        super().__init__(
            f"The environment variable {variable} is not a key of {digits} hexadecimal digits; "
            "set the one that earlier data was received with, or for a new zone make one with "
            "`sandan keys`."
        )


class NoPolicy(Refusal):
    """A day before the first policy."""

    def __init__(self, as_of: object, first: object) -> None:
        super().__init__(
            f"No policy was in force on {as_of}; the first one is of {first}. Choose a later day."
        )


class NoTruth(Refusal):
    """A folder that does not hold the planted truth of a simulated zone."""

    def __init__(self, file: object) -> None:
        super().__init__(
            f"No planted truth lies in {file}; give the folder truth/ that `sandan simulate` made."
        )


class BadDelivery(Refusal):
    """A file or folder that cannot be received at all."""

    def __init__(self, where: object, why: str) -> None:
        super().__init__(f"{where} cannot be received: {why}")


class TooFewLabels(Refusal):
    """Not enough confirmed outcomes to train a model."""

    def __init__(self, name: str, positives: int, negatives: int) -> None:
        super().__init__(
            f"The model {name!r} has {positives} adverse and {negatives} clean labels in the "
            "training period, too few to learn from; what is in force stays in force."
        )


class SealBroken(Refusal):
    """Sealed bytes that cannot be opened: another key, another label, or changed bytes."""

    def __init__(self, where: object) -> None:
        super().__init__(
            f"The sealed bytes {where} cannot be opened: they were changed, or sealed with "
            "another key. Check SANDAN_SEAL_KEY, or restore the file from a copy."
        )


class BadDate(Refusal):
    """A text that cannot be a day."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is not a day of the calendar written as 2026-01-31.")


class KeyUnknown(Refusal):
    """A request without an officer's API key."""

    def __init__(self) -> None:
        super().__init__(
            "No officer holds the API key of this request; send one in the header X-API-Key, "
            "or sign in at the console."
        )


class NotScored(Refusal):
    """A model that said nothing of an enterprise on that night."""

    def __init__(self, code: str, model: str, as_of: object) -> None:
        super().__init__(
            f"The model {model!r} did not score {code} on {as_of}: the enterprise was unrated, "
            "or no such model was in force."
        )


class UnknownFeature(Refusal):
    """Numbers under names that the catalogue does not have."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            f"The catalogue has no feature named {', '.join(names)}; "
            "the reasons of any assessment name the features there are."
        )


class NoEntry(Refusal):
    """A name that no quarantined entry has."""

    def __init__(self, entry_id: str) -> None:
        super().__init__(
            f"No quarantined entry is named {entry_id!r}; list the entries for their names."
        )


class EntryAmbiguous(Refusal):
    """A beginning that the names of several quarantined entries share."""

    def __init__(self, beginning: str, names: Sequence[str]) -> None:
        super().__init__(
            f"Several quarantined entries have names that begin with {beginning!r}, among them "
            f"{' and '.join(names[:2])}; give more of the name."
        )


class NoSuchChoice(Refusal):
    """A word that is none of those that can be asked for."""

    def __init__(self, what: str, word: str, known: Iterable[str]) -> None:
        super().__init__(f"There is no {what} named {word!r}; there are: {', '.join(known)}.")


class NotWritten(Refusal):
    """A file that cannot be written."""

    def __init__(self, where: object, why: str) -> None:
        super().__init__(
            f"{where} cannot be written: {why}. Give a new file in a folder that you may write to."
        )


class EntryClosed(Refusal):
    """A quarantined entry that was dealt with before."""

    def __init__(self, entry_id: str, state: str) -> None:
        super().__init__(
            f"The quarantined entry {entry_id} was {state} before; what was decided stays."
        )


class WhyMissing(Refusal):
    """Something that may only be done for a reason, without one."""

    def __init__(self) -> None:
        super().__init__("Say why in a few words; the reason is kept with your name.")


class ReceiptUnderWay(Refusal):
    """A day of which something is still being received."""

    def __init__(self, as_of: object, began: object) -> None:
        super().__init__(
            f"A receipt that began on {began} is under way; what it brings will have been known "
            f"on {as_of}. Scan that day when the receipt has ended."
        )
