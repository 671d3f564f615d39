"""Refused rows from the command line: looked at by all, opened and closed by name only."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import sandan
from intake.entries import Act, Entry, State, Wanted
from intake.listing import Listing
from intake.reasons import REASON_WORDS, Reason
from tests.commands.conftest import SECRETS, Run
from tests.intake.made import Zone, message, order, order_entity

Environment = dict[str, str]
ROOT = str(Path(sandan.__file__).parent)
WHY = ("--why", "correcting")


def held(zone: Zone, reason: str) -> Entry:
    """The first entry of a reason, however it stands."""
    return Listing(zone.lake).entries(Wanted(reason=reason, state=None))[0]


def acts(zone: Zone, entry: Entry) -> list[tuple[Act, str | None, str | None]]:
    done = Listing(zone.lake).done(entry.entry_id)
    return [(each.act, each.officer, each.why) for each in done]


def right_order(zone: Zone) -> Path:
    return zone.message(message(order_entity("O5", (1,))))


def test_entries_are_listed_without_an_officer_and_filtered(run: Run, zone: Zone) -> None:
    listed = run("quarantine", "list")
    assert listed.code == 0
    odd = held(zone, "unknown_code")
    assert odd.entry_id[:10] in listed.out
    assert "orders.parquet" in listed.out
    assert "one of: I, E" in listed.out
    assert "下列之一: I, E" in listed.out
    only = run("quarantine", "list", "--reason", "unknown_code", "--day", "2026-06-01").out
    assert odd.entry_id[:10] in only
    assert held(zone, "wrong_type").entry_id[:10] not in only
    assert run("quarantine", "list", "--day", "2026-05-31").out == "There is no such entry.\n"
    assert run("quarantine", "list", "--source", "tax").out == "There is no such entry.\n"
    assert "more than these 2;" in run("quarantine", "list", "--limit", "2").out
    assert "more than" not in run("quarantine", "list", "--limit", "5").out


@pytest.mark.parametrize("what", ["source", "reason", "state"])
def test_what_does_not_exist_is_answered_with_what_does(run: Run, what: str) -> None:
    known = {"source": "customs", "reason": "wrong_type", "state": "discarded"}
    said = run("quarantine", "list", f"--{what}", "nonsense")
    assert said.code == 1
    assert said.sentence.startswith(f"There is no {what} named 'nonsense'; there are: ")
    assert known[what] in said.sentence


def test_counts_agree_with_the_receipts_or_say_that_they_do_not(run: Run, zone: Zone) -> None:
    counted = run("quarantine", "counts")
    assert counted.code == 0
    assert "unknown_enterprise 企业不在名册" in counted.out
    assert "offered 8 = accepted 3 + unchanged 0 + quarantined 5 rows." in counted.out
    (file, *_) = sorted(zone.home.quarantine.iterdir())
    with zone.lake.journal.engine.begin() as connection:
        where = file.relative_to(zone.home.root).as_posix()
        connection.exec_driver_sql("DELETE FROM files WHERE path = ?", (where,))
    lost = run("quarantine", "counts")
    assert lost.code == 1
    assert "But 2 entries are held" in lost.sentence


def test_an_entry_is_shown_with_what_was_done(run: Run, zone: Zone, li: Environment) -> None:
    entry = held(zone, "unknown_code")
    run("quarantine", "discard", entry.entry_id, "--why", "test data", **li)
    shown = run("quarantine", "show", entry.entry_id[:6]).out
    assert "orders.parquet, number 3 (orders), field direction" in shown
    assert "第 3 条 (orders): 字段 direction, 代码不在代码表; 应为: 下列之一: I, E" in shown
    assert "state 状态: discarded 已作废" in shown
    assert "2026-06-01 12:00:00 discarded 作废 by 李: test data" in shown


def test_a_beginning_must_mean_one_entry(run: Run, zone: Zone, li: Environment) -> None:
    entries = Listing(zone.lake).entries(Wanted())
    for beginning in ("", "zz", f"{entries[0].entry_id}0", "%"):
        said = run("quarantine", "show", beginning)
        assert said.code == 1
        assert said.sentence.startswith(f"No quarantined entry is named {beginning!r}")
    names = sorted(entry.entry_id for entry in entries)
    assert Listing(zone.lake).named([name[:31] for name in names[:2]] + names[:1]) == names[:2]
    done = run("quarantine", "discard", names[0][:12], names[0], "--why", "twice named", **li)
    assert done.out.startswith("1 entry is discarded")


def test_a_beginning_of_several_is_refused_with_their_names(
    run: Run, zone: Zone, li: Environment
) -> None:
    many = zone.extract("orders", [order(f"P{n}", direction="X") for n in range(17)])
    zone.receive(many)
    names = [entry.entry_id for entry in Listing(zone.lake).entries(Wanted())]
    (shared, *_) = [one for one in "0123456789abcdef" if sum(n[0] == one for n in names) > 1]
    said = run("quarantine", "discard", shared, "--why", "test", **li)
    assert said.code == 1
    assert f"begin with {shared!r}" in said.sentence
    assert sum(name in said.sentence for name in names) == 2
    assert {entry.state for entry in Listing(zone.lake).entries(Wanted(state=None))} == {State.OPEN}


def test_opening_is_logged_and_gives_a_file_for_its_owner_alone(
    run: Run, zone: Zone, li: Environment, tmp_path: Path
) -> None:
    entry, out = held(zone, "wrong_type"), tmp_path / "order.xml"
    done = run("quarantine", "open", entry.entry_id[:8], *WHY, "--out", str(out), **li)
    assert done.code == 0
    assert b"goodsValue>x<" in out.read_bytes()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "goodsValue" not in done.out
    assert acts(zone, entry) == [(Act.OPENED, "李", "correcting")]
    before = out.read_bytes()
    again = run("quarantine", "open", entry.entry_id[:8], *WHY, "--out", str(out), **li)
    assert again.code == 1
    assert "order.xml cannot be written: file exists" in again.sentence
    assert out.read_bytes() == before
    assert len(acts(zone, entry)) == 1


def test_piped_the_clear_bytes_are_all_that_is_said(
    run: Run, zone: Zone, li: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = held(zone, "wrong_type")
    piped = run("quarantine", "open", entry.entry_id, *WHY, **li)
    assert piped.out.startswith("<?xml")
    assert piped.out.endswith("</ceb:CEB311Message>")
    assert piped.out.endswith(">")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    on_screen = run("quarantine", "open", entry.entry_id, *WHY, **li)
    assert (on_screen.code, on_screen.out) == (2, "")
    assert len(acts(zone, entry)) == 1


def test_opening_is_logged_even_when_the_output_fails(
    run: Run, zone: Zone, li: Environment, tmp_path: Path
) -> None:
    entry, out = held(zone, "wrong_type"), tmp_path / "order.xml"
    other = li | {"SANDAN_SEAL_KEY": "ab" * 32}
    broken = run("quarantine", "open", entry.entry_id, *WHY, "--out", str(out), **other)
    assert broken.code == 1
    assert "cannot be opened" in broken.sentence
    assert not out.exists()
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sandan", "quarantine", "open", entry.entry_id, *WHY],
            cwd=tmp_path,
            env={**os.environ, **li, "SANDAN_HOME": str(zone.home.root), "PYTHONPATH": ROOT},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("The output cannot be written: no space left on device.")
    assert len(done.stderr.splitlines()) == 1
    assert acts(zone, entry) == [(Act.OPENED, "李", "correcting")] * 2


def test_a_folder_that_is_not_there_is_refused_before_anything_is_opened(
    run: Run, zone: Zone, li: Environment
) -> None:
    entry = held(zone, "wrong_type")
    said = run("quarantine", "open", entry.entry_id, *WHY, "--out", "nowhere/order.xml", **li)
    assert "nowhere/order.xml cannot be written: no such file" in said.sentence
    assert acts(zone, entry) == []


def test_of_a_file_that_breaks_off_the_whole_is_opened(
    run: Run, zone: Zone, li: Environment
) -> None:
    whole = right_order(zone)
    cut = zone.folder / "cut.xml"
    cut.write_bytes(whole.read_bytes()[:-40])
    zone.receive(cut)
    entry = held(zone, "malformed")
    assert run("quarantine", "open", entry.entry_id, *WHY, **li).out == cut.read_text()
    for kept in zone.home.evidence.rglob("*.sealed"):
        kept.unlink()
    lost = run("quarantine", "open", entry.entry_id, *WHY, "--out", "lost.xml", **li)
    assert "cannot be opened: they were changed" in lost.sentence
    assert not Path("lost.xml").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("open", "ID", *WHY),
        ("open", "ID", *WHY, "--out", "order.xml"),
        ("discard", "ID", *WHY),
        ("correct", "ID", "--with", "FILE"),
    ],
)
def test_only_a_known_officer_with_the_right_may_do_anything(
    run: Run, zone: Zone, reader: Environment, words: tuple[str, ...]
) -> None:
    entry = held(zone, "wrong_type")
    places = {"ID": entry.entry_id, "FILE": str(right_order(zone))}
    given = ("quarantine", *(places.get(word, word) for word in words))
    before = zone.listing()
    asked = {
        "needs the right 'unseal'": reader,
        "SANDAN_API_KEY cannot be used: it is not set": SECRETS,
        "SANDAN_API_KEY cannot be used: no officer": {**SECRETS, "SANDAN_API_KEY": "wrong"},
        "SANDAN_PSEUDONYM_KEY is not set": {"SANDAN_API_KEY": reader["SANDAN_API_KEY"]},
    }
    for sentence, environment in asked.items():
        said = run(*given, **environment)
        assert (said.code, said.out) == (1, "")
        assert sentence in said.sentence
        assert environment.get("SANDAN_API_KEY", "?") not in said.err
    assert acts(zone, entry) == []
    assert zone.listing() == before
    assert not Path("order.xml").exists()


def test_a_correction_closes_and_half_a_correction_does_not(
    run: Run, zone: Zone, li: Environment
) -> None:
    first, part = held(zone, "wrong_type"), held(zone, "part_refused")
    names = [entry.entry_id[:10] for entry in (first, part)]
    entities = order_entity("O5", (1,)), order_entity("O6", (1,), goodsValue="y")
    partly = zone.message(message(*entities))
    half = run("quarantine", "correct", *names, "--with", str(partly), **li)
    assert half.code == 0
    assert "2 entries are still open: part of the corrected files was refused" in half.out
    assert held(zone, "part_refused").state is State.OPEN
    same = zone.message(message(order_entity("O5", (1,)), order_entity("O7", (1,))))
    zone.receive(same)
    seen = run("quarantine", "correct", *names, "--with", str(same), **li)
    assert "still open: message.xml had been received before as it is" in seen.out
    other = zone.message(message(order_entity("O5", (1,)), order_entity("O8", (1,))))
    whole = run("quarantine", "correct", *names, "--with", str(other), **li)
    assert "2 entries are closed with receipt 00000" in whole.out
    assert "orders" in whole.out
    listing = Listing(zone.lake)
    assert {listing.entry(e.entry_id).state for e in (first, part)} == {State.RESUBMITTED}
    again = run("quarantine", "discard", names[0], *WHY, **li)
    assert "was resubmitted before" in again.sentence


def test_discarding_wants_a_reason(run: Run, zone: Zone, li: Environment) -> None:
    entry = held(zone, "unknown_code")
    blank = run("quarantine", "discard", entry.entry_id, "--why", "  ", **li)
    assert (blank.code, blank.sentence) == (
        1,
        "Say why in a few words; the reason is kept with your name.",
    )
    assert run("quarantine", "discard", entry.entry_id, **li).code == 2
    assert held(zone, "unknown_code").state is State.OPEN
    run("quarantine", "discard", entry.entry_id, "--why", "test data", **li)
    assert "There is no such" in run("quarantine", "list", "--reason", "unknown_code").out
    closed = run("quarantine", "list", "--reason", "unknown_code", "--state", "discarded").out
    assert entry.entry_id[:10] in closed
    assert entry.entry_id[:10] in run("quarantine", "list", "--state", "any").out


def test_nothing_of_a_person_and_nothing_of_a_terminal_is_shown(run: Run, zone: Zone) -> None:
    clear = {
        "buyer_name": "赵钱孙",
        "buyer_id_number": "11010519491231002X",
        "buyer_phone": "13912345678",
        "consignee_address": "徐州市云龙区和平路1号",
    }
    sent = zone.extract("orders", [order("O\x1b[31m9", direction="X", **clear)])
    path = sent.with_name("orders.parquet")
    zone.receive(path)
    (entry, *_) = Listing(zone.lake).entries(Wanted(reason="unknown_code"))
    said = run("quarantine", "list").out + run("quarantine", "show", entry.entry_id).out
    assert "O�[31m9" in said
    assert "\x1b" not in said
    for text in clear.values():
        assert text not in said


def test_every_reason_has_its_words() -> None:
    assert set(REASON_WORDS) == set(Reason)
    assert all(words.zh and words.en for words in REASON_WORDS.values())
