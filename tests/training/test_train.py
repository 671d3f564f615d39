"""A challenger's way: trained, logged, promoted only where it is better, compared again."""

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from domain.errors import ModelMissing, NothingKnown
from features.catalogue import CREDIT_FEATURES, FEATURES
from models.labels import Target
from models.registry import Registry, registry_of
from storage.engine import connect
from storage.home import Home
from storage.lake import Lake
from tests.conftest import lake_table
from tests.training.made import CARD, NIGHTS, SPLIT, made_panel, task_for
from training import fit, record
from training import promote as gate
from training.fit import Task
from training.panel import Labelled
from training.promote import promote, promote_all
from training.record import MANIFEST, data_manifest
from training.rival import CHANCE, RIVAL, read_held_out, rival_of
from training.train import APART, Bench, Trained, TrainingResult, train, train_target

# mlflow 3.17 asks sqlalchemy 2.1 for a loader that it will drop
pytestmark = pytest.mark.filterwarnings("ignore:The ``noload`` loader:DeprecationWarning")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(Home(tmp_path_factory.mktemp("zone")), CARD, {"orders/a.parquet": "00"})


def kept(bench: Bench, name: str = "credit") -> Registry:
    return registry_of(bench.home, name)


@pytest.fixture(scope="module")
def trained(bench: Bench, task: Task, panel: Labelled) -> Trained:
    return train_target(bench, task, panel)


@pytest.fixture
def unpictured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes most of a small run; one test looks at the pictures. Few trees will do."""
    monkeypatch.setattr(fit, "MOST_TREES", 30)
    monkeypatch.setattr(record, "summary_pictures", lambda *_: {})
    monkeypatch.setattr(record, "pictures", lambda *_: {})


def test_the_run_holds_parameters_figures_pictures_manifest_and_model(
    bench: Bench, trained: Trained
) -> None:
    run = kept(bench).client.get_run(trained.run_id)
    assert run.info.status == "FINISHED"
    assert run.data.params["num_leaves"] == "15"
    assert run.data.params["dropped.dissolved"] == "3"
    assert run.data.params["cutoff"] == "2024-08-31"
    assert run.data.metrics["model_auc_random"] > 0.8
    assert run.data.metrics["model_auc_random_low"] < run.data.metrics["model_auc_random"]
    assert run.data.metrics["scorecard_auc_random_rows"] > 100
    assert 0 < run.data.metrics["log_loss"] < 0.69
    assert 0 <= run.data.metrics["margin_psi"] < 0.25  # the made world does not drift
    assert run.data.metrics["precision_at_budget"] > 0.6
    assert 0 < run.data.metrics["recall_at_budget"] < 0.5
    folder = kept(bench).artifacts(kept(bench).latest_version("credit"))
    names = {path.name for path in folder.iterdir()}
    pictures = {f"{stem}.png" for stem in ("roc", "ks", "calibration", "shap_bar", "shap_beeswarm")}
    assert names == {"held_out.parquet", MANIFEST, "credit", *pictures}
    assert json.loads((folder / MANIFEST).read_text()) == bench.manifest


def test_the_held_out_rows_lie_beside_scorecard_and_rival(bench: Bench, trained: Trained) -> None:
    rows = read_held_out(kept(bench).artifacts(kept(bench).latest_version("credit")))
    assert set(rows.index.get_level_values("as_of")) == set(SPLIT.late)
    assert rows["rival"].tolist() == rows["scorecard"].tolist()
    assert trained.figures["rival_auc_all"] == trained.figures["scorecard_auc_all"]
    assert trained.found_by == {"register": len(NIGHTS) * 160}


def test_nothing_trained_cannot_be_promoted(bench: Bench) -> None:
    with pytest.raises(ModelMissing, match="'laundering'"):
        promote(kept(bench, "laundering"), "laundering")


@pytest.mark.usefixtures("trained")
def test_a_challenger_as_good_as_what_is_in_force_is_not_promoted(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def equal(folder: Path) -> pd.DataFrame:
        rows = read_held_out(folder)
        return rows.assign(rival=rows["margin"])

    monkeypatch.setattr(gate, "read_held_out", equal)
    shut = promote(kept(bench), "credit")
    assert (shut.promoted, shut.gain.value) == (False, 0)
    assert shut.why.startswith("It does not beat")


@pytest.mark.usefixtures("trained", "unpictured")
def test_a_better_challenger_is_promoted_and_its_twin_compared_with_its_own_held_out_rows(
    bench: Bench, task: Task, panel: Labelled
) -> None:
    assert Registry(bench.home.mlflow).latest_version("credit").tags[RIVAL] == CARD.version
    first = promote(kept(bench), "credit")
    assert first.promoted
    assert (first.gain.value or 0) > 0.05
    assert kept(bench).champion("credit", CREDIT_FEATURES).name == "credit"
    assert promote(kept(bench), "credit").why == "It is the champion already."

    late = panel.values.loc[panel.labels.index.get_level_values("as_of").isin(SPLIT.late)]
    rival = rival_of(kept(bench), Target.CREDIT, late, CARD)
    rows = read_held_out(kept(bench).artifacts(kept(bench).champion_version("credit")))
    assert rival.margins.reindex(rows.index).tolist() == rows["margin"].tolist()

    # nights after the champion's horizons are scored by the champion itself
    last = NIGHTS[-1]
    for days, scored in ((182, False), (183, True)):
        later = panel.values.xs(last, level="as_of")
        later = pd.concat({last + timedelta(days=days): later}, names=["as_of", "enterprise"])
        margins = rival_of(kept(bench), Target.CREDIT, later, CARD).margins
        assert margins.notna().all() == scored
        assert margins.isna().all() != scored

    blind = panel.values.assign(penalty_count_3y=np.nan, late_filing_count=np.nan)
    train_target(bench, task, replace(panel, values=blind))
    second = promote(kept(bench), "credit")
    champion = kept(bench).champion_version("credit")
    assert not second.promoted
    assert second.why.startswith("It does not beat")
    assert str(champion.version) == first.registered


@pytest.mark.usefixtures("trained", "unpictured")
def test_a_comparison_with_what_is_no_longer_in_force_is_void(bench: Bench, task: Task) -> None:
    kept(bench).set_champion("credit", "1")
    other = made_panel(160, seed=10, signal={"penalty_count_3y": 2.5})
    train_target(bench, task, other)
    kept(bench).set_champion("credit", kept(bench).latest_version("credit").version)
    train_target(bench, task, made_panel(160, seed=11, signal={"penalty_count_3y": 2.5}))
    kept(bench).set_champion("credit", "1")
    void = promote(kept(bench), "credit")
    assert not void.promoted
    assert "train again" in void.why


@pytest.mark.usefixtures("unpictured")
def test_a_first_model_must_surely_beat_chance(bench: Bench) -> None:
    foretold = made_panel(60, seed=3, signal={FEATURES[0].name: 3.0})
    late = foretold.labels.index.get_level_values("as_of").isin(SPLIT.late)
    tossed = np.random.default_rng(1).random(len(late)) < 0.47
    doubtful = foretold.labels["label"].where(~(late & tossed), 1 - foretold.labels["label"])
    data = replace(foretold, labels=foretold.labels.assign(label=doubtful))
    train_target(bench, task_for(Target.FRAUD, data), data)
    shut = promote(kept(bench, "fraud"), "fraud")
    assert (shut.challenger.value or 0) > 0.5 > (shut.challenger.low or 1)
    assert not shut.promoted


@pytest.mark.usefixtures("unpictured")
def test_a_first_model_must_beat_chance(bench: Bench) -> None:
    foretold = made_panel(100, seed=3, signal={FEATURES[0].name: 3.0})
    late = foretold.labels.index.get_level_values("as_of").isin(SPLIT.late)
    turned = foretold.labels["label"].where(~late, 1 - foretold.labels["label"])
    misled = replace(foretold, labels=foretold.labels.assign(label=turned))
    train_target(bench, task_for(Target.FRAUD, misled), misled)
    assert kept(bench, "fraud").latest_version("fraud").tags[RIVAL] == CHANCE
    shut = promote(kept(bench, "fraud"), "fraud")
    assert shut.why.startswith("It does not beat chance on the random stream: AUC 0.")
    assert (shut.challenger.value or 0) < 0.5
    train_target(bench, task_for(Target.FRAUD, foretold), foretold)
    assert promote(kept(bench, "fraud"), "fraud").promoted


@pytest.mark.usefixtures("trained", "unpictured")
def test_a_damaged_champion_can_be_replaced(bench: Bench, task: Task) -> None:
    kept(bench).set_champion("credit", "1")
    folder = kept(bench).artifacts(kept(bench).champion_version("credit"))
    trees = folder / "credit" / "model.lgb"
    whole = trees.read_bytes()
    trees.write_bytes(whole[:-1])
    try:
        train_target(bench, task, made_panel(160, seed=12, signal={"penalty_count_3y": 2.5}))
        assert kept(bench).latest_version("credit").tags[RIVAL] == CARD.version
        assert promote(kept(bench), "credit").promoted
    finally:
        trees.write_bytes(whole)


@pytest.mark.usefixtures("unpictured")
def test_a_thin_random_stream_judges_nobody(bench: Bench, panel: Labelled) -> None:
    drawn = panel.labels["random"] & (panel.labels["label"] == 0)
    thin = replace(panel, labels=panel.labels.assign(random=drawn))
    train_target(bench, task_for(Target.LAUNDERING, panel), thin)
    shut = promote(kept(bench, "laundering"), "laundering")
    assert "0 adverse" in shut.why
    assert not shut.promoted


@pytest.mark.usefixtures("unpictured")
def test_the_compartment_alone_keeps_and_tells_of_its_model(
    tmp_path: Path, panel: Labelled
) -> None:
    bench = Bench(Home(tmp_path), CARD, {})
    trained = [
        train_target(bench, task_for(target, panel), panel)
        for target in (Target.FRAUD, Target.LAUNDERING)
    ]
    aside = bench.home.mlflow.rename(tmp_path / "aside")
    with pytest.raises(ModelMissing, match="'credit'"):
        list(promote_all(bench.home, laundering=False))
    assert str(kept(bench, "laundering").champion_version("laundering").version) == "1"
    aside.rename(bench.home.mlflow)
    result = TrainingResult(date(2024, 8, 31), (), 0, tuple(trained), {})
    known = [*result.lines(laundering=True), *promote_all(bench.home, laundering=True)]
    told = [*result.lines(laundering=False), *promote_all(bench.home, laundering=False)]
    assert sum(line.startswith("laundering version 1") for line in known) == 2
    assert [line for line in told if "laundering" in line] == [APART, APART]
    assert set(result.lines(laundering=False)) - {APART} < set(result.lines(laundering=True))
    refused = replace(result, trained=(trained[0],), refused={"laundering": "too few"})
    assert list(refused.lines(laundering=False)) == list(result.lines(laundering=False))
    assert "laundering: too few" in refused.lines(laundering=True)
    apart = bench.home.laundering
    outside = [each for each in tmp_path.rglob("*") if each.is_file() and apart not in each.parents]
    assert outside
    assert not [each for each in outside if b"laundering" in each.read_bytes()]
    for name in ("fraud", "laundering"):
        held = kept(bench, name).client.search_registered_models()
        assert [model.name for model in held] == [name]


def _lake(folder: Path) -> Lake:
    home = Home(folder)
    lake = Lake(home, connect(home, threads=1, memory_limit_mb=256))
    begun = date(2024, 1, 1)
    roll = [{"credit_code": f"E{n}", "registered_on": begun, "name": f"E{n}"} for n in range(3)]
    roll.append({"credit_code": "E9", "registered_on": begun, "dissolved_on": date(2024, 7, 31)})
    with lake.batch("first") as batch:
        batch.append("enterprises", lake_table("enterprises", roll))
    return lake


def test_training_reads_nothing_after_the_cut_off_and_says_why_it_trained_nothing(
    tmp_path: Path,
) -> None:
    lake, said = _lake(tmp_path), list[tuple[str, float]]()
    cutoff = date(2025, 3, 31)
    result = train(lake, CARD, cutoff, lambda what, share: said.append((what, share)))
    assert result.nights == (date(2024, 7, 31), date(2024, 8, 31))
    assert result.rows == 2 * 3  # the dissolved one is left out
    assert result.trained == ()
    assert set(result.refused) == {"credit", "fraud", "laundering"}
    assert "too few to learn from" in result.refused["credit"]
    assert ("features as of 2024-08-31", 0.5) in said


def test_an_empty_zone_cannot_train(tmp_path: Path) -> None:
    home = Home(tmp_path)
    lake = Lake(home, connect(home, threads=1, memory_limit_mb=256))
    with pytest.raises(NothingKnown, match="the zone is empty"):
        train(lake, CARD, date(2025, 3, 31), lambda *_: None)
    assert not home.mlflow.exists()


def test_the_manifest_names_every_lake_file_by_its_bytes(tmp_path: Path) -> None:
    lake = _lake(tmp_path)
    [(name, digest)] = data_manifest(lake).items()
    assert name == "enterprises/first-00000.parquet"
    assert digest == hashlib.sha256((lake.home.lake / name).read_bytes()).hexdigest()
