"""Overlaps in partitions: the same pairs and sums as in one go, whatever dies or is stopped on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from distributed import KilledWorker
from ground import EAST, NORTH, bow_tie, grid
from typer.testing import CliRunner

from gis import overlap
from gis.errors import CrsError, DataError, GeometryError, GuatuError, SettingsError
from guatu.cli import app
from guatu.files.reading import read
from guatu.files.stream import stream
from guatu.partitions import manifest, tally
from guatu.partitions.run import Request, _done, overlap_in_parts, workers
from guatu.partitions.side import side_in
from guatu.partitions.survey import divided, survey

PARCELS, BLOBS = 900, 120
NOWHERE = shapely.transform(shapely.box(0, 0, 1, 1), lambda xy: np.where([[0], [1], [0], [0], [0]], np.nan, xy))
SMALL_GIB = 0.008  # parts of 4 000 vertices: some 190 parcels


@pytest.fixture(scope="module")
def client() -> Iterator[object]:
    with workers(2, 1.0) as started:
        yield started


def frame(shapes: object, ids: list | None = None, crs: object = 4549) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({} if ids is None else {"id": ids}, geometry=gpd.GeoSeries(shapes, crs=crs))


@pytest.fixture(scope="module")
def ground(tmp_path_factory) -> tuple[Path, Path]:
    """Touching squares in no order, and blobs across them: some within a square, one over all, a river, a bow-tie."""
    folder = tmp_path_factory.mktemp("ground")
    random = np.random.default_rng(11)
    squares = grid(30, 30, 33)
    at = random.permutation(PARCELS)
    middles = shapely.points(random.uniform(0, 1000, (BLOBS, 2)) + np.array([EAST, NORTH]))
    blobs = shapely.buffer(middles, random.uniform(1, 40, BLOBS))
    everywhere = shapely.box(EAST + 1, NORTH + 1, EAST + 999, NORTH + 999)
    river = shapely.buffer(shapely.LineString([(EAST, NORTH), (EAST + 1000, NORTH + 1000)]), 15)
    frame(np.asarray(squares)[at], [f"P{i}" for i in at]).to_parquet(folder / "parcels.parquet")
    over = [*blobs, everywhere, river, bow_tie(), shapely.Polygon(), None]
    frame(over, list(range(len(over)))).to_crs(4490).to_file(folder / "blobs.gpkg")
    return folder / "parcels.parquet", folder / "blobs.gpkg"


def request(sides: tuple[Path, Path], out: Path, **options: object) -> Request:
    standard = {"least_m2": 0.01, "memory_gib": SMALL_GIB}
    return Request(left=stream(sides[0]), right=stream(sides[1]), out=out, **{**standard, **options})


def done(asked: Request, client: object) -> manifest.Manifest:
    return overlap_in_parts(asked, client, lambda _: None)


def pairs_of(found: manifest.Manifest, out: Path) -> pd.DataFrame:
    every = pd.concat([pd.read_parquet(file) for file in found.files(out)])
    return every.sort_values(["left", "right"], ignore_index=True)


def in_one_go(sides: tuple[Path, Path]) -> tuple[gpd.GeoSeries, gpd.GeoSeries, pd.DataFrame]:
    left, right = (read(side).pipe(lambda one: one.set_index(one["id"].astype(str))).geometry for side in sides)
    return left, right, overlap.overlaps(left, right)


def test_pairs_sums_and_cover_are_those_of_one_go(ground, tmp_path, client):
    found = done(request(ground, tmp_path / "out"), client)
    left, right, direct = in_one_go(ground)
    listed = direct[direct["area_m2"] >= 0.01].sort_values(["left", "right"], ignore_index=True)
    assert found.partitions > 4
    pd.testing.assert_frame_equal(pairs_of(found, tmp_path / "out"), listed, rtol=1e-9, atol=1e-9)
    assert found.unlisted == len(direct) - len(listed)
    assert found.sum_m2 == pytest.approx(direct["area_m2"].sum(), rel=1e-12)
    assert found.cover_m2 == pytest.approx(overlap.cover(left, right).sum(), rel=1e-12)
    assert found.cover_m2 == pytest.approx(overlap.union_m2(left, right), rel=1e-9)


def test_sides_swapped_share_the_same(ground, tmp_path, client):
    found = done(request(ground[::-1], tmp_path / "out"), client)
    _, _, direct = in_one_go(ground)
    assert found.partitions > 1
    assert found.pairs + found.unlisted == len(direct)
    assert found.sum_m2 == pytest.approx(direct["area_m2"].sum(), rel=1e-9)


def test_a_side_against_itself_counts_each_pair_once(ground, tmp_path, client):
    found = done(request((ground[1], ground[1]), tmp_path / "out"), client)
    left, _, _ = in_one_go(ground[::-1])
    direct = overlap.self_overlaps(left)
    ours = {frozenset(pair) for pair in pairs_of(found, tmp_path / "out")[["left", "right"]].itertuples(index=False)}
    assert found.partitions > 1
    assert found.pairs + found.unlisted == len(direct)
    assert ours == {frozenset(pair) for pair in direct.loc[direct["area_m2"] >= 0.01, ["left", "right"]].to_numpy()}
    assert found.sum_m2 == pytest.approx(direct["area_m2"].sum(), rel=1e-9)
    assert found.cover_m2 is None


def test_every_feature_with_a_shape_belongs_to_exactly_one_part(ground):
    of = survey(stream(ground[1]))
    part, _ = divided(of, 1_000)
    sizes = np.bincount(part[part >= 0], of.weight[part >= 0])
    assert (part < 0).sum() == 2
    assert sizes.sum() == of.weight[part >= 0].sum()
    assert len(sizes) == part.max() + 1 > 4
    assert sizes.min() > 0


def test_shared_shapes_are_written_in_the_system_of_the_left_side(ground, tmp_path, client):
    found = done(request(ground[::-1], tmp_path / "out", shapes=True), client)
    shapes = pd.concat([gpd.read_parquet(file) for file in found.files(tmp_path / "out")])
    assert shapes.crs == 4490
    assert shapes.to_crs(4549).area.sum() == pytest.approx(shapes["area_m2"].sum(), rel=1e-4)
    assert len(shapes) == found.pairs


def test_a_killed_worker_is_replaced_and_nothing_counts_twice(ground, tmp_path, client):
    killed: list[int] = []

    def kill(now: manifest.Manifest) -> None:
        if len(now.tallies) == 1 and not killed:
            killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    found = overlap_in_parts(request(ground, tmp_path / "out"), client, kill)
    _, _, direct = in_one_go(ground)
    client.wait_for_workers(2, timeout=30)
    assert killed
    assert killed[0] not in client.run(os.getpid).values()
    assert found.pairs + found.unlisted == len(direct)
    assert found.sum_m2 == pytest.approx(direct["area_m2"].sum(), rel=1e-12)
    assert len(pairs_of(found, tmp_path / "out")) == found.pairs


def test_a_partition_done_twice_is_the_same_partition(ground, tmp_path, client):
    stopped_after(2, request(ground, tmp_path / "out"), client)
    work = tmp_path / "out" / "work"
    left, right = side_in(work / "left"), side_in(work / "right")
    task = tally.Task(
        number=0, left=left.parts[0], right=right, same=False, least_m2=0.01, shapes_crs=None,
        file=tmp_path / "out" / "pairs-00000.parquet",
    )  # fmt: skip
    once, first = tally.share(task), task.file.read_bytes()
    assert tally.share(task) == once
    assert task.file.read_bytes() == first
    assert not list((tmp_path / "out").glob(".pairs*"))


def stopped_after(parts: int, asked: Request, client: object) -> None:
    def stop(now: manifest.Manifest) -> None:
        if len(now.tallies) == parts:
            raise KeyboardInterrupt

    with pytest.raises(GuatuError, match=rf"Stopped: {parts} of \d+ partitions .* --resume"):
        overlap_in_parts(asked, client, stop)


def test_a_stopped_run_goes_on_where_it_stopped(ground, tmp_path, client):
    out = tmp_path / "out"
    stopped_after(2, request(ground, out), client)
    written = {file: file.stat().st_mtime_ns for file in manifest.read(out).files(out)}
    found = done(request(ground, out, resume=True), client)
    _, _, direct = in_one_go(ground)
    assert len(written) == 2
    assert {file: file.stat().st_mtime_ns for file in written} == written
    assert found.sum_m2 == pytest.approx(direct["area_m2"].sum(), rel=1e-12)
    assert not (out / "work").exists()
    assert done(request(ground, out, resume=True), client) == found


def test_a_run_stopped_while_the_sides_were_cut_goes_on(ground, tmp_path, client):
    out = tmp_path / "out"
    stopped_after(0, request(ground, out), client)
    (out / "work" / "right" / "side.json").unlink()
    found = done(request(ground, out, resume=True), client)
    assert found.sum_m2 == pytest.approx(in_one_go(ground)[2]["area_m2"].sum(), rel=1e-12)


def test_a_partition_whose_file_is_gone_is_done_again(ground, tmp_path, client):
    out = tmp_path / "out"
    found = done(request(ground, out), client)
    found.files(out)[1].unlink()
    assert done(request(ground, out, resume=True), client) == found
    assert all(file.exists() for file in found.files(out))


def test_a_folder_with_a_run_is_refused_unless_it_is_resumed(ground, tmp_path, client):
    stopped_after(1, request(ground, tmp_path), client)
    with pytest.raises(DataError, match=r"holds 1 of \d+ partitions of this run. Add --resume"):
        done(request(ground, tmp_path), client)


def test_a_folder_of_another_run_is_refused(ground, tmp_path, client):
    stopped_after(1, request(ground, tmp_path), client)
    with pytest.raises(DataError, match="holds another run"):
        done(request(ground, tmp_path, resume=True, least_m2=5.0), client)


def test_data_that_have_changed_are_another_run(ground, tmp_path, client):
    copy = tmp_path / "parcels.parquet"
    copy.write_bytes(ground[0].read_bytes())
    stopped_after(1, request((copy, ground[1]), tmp_path / "out"), client)
    gpd.read_parquet(copy)[1:].to_parquet(copy)
    with pytest.raises(DataError, match="holds another run"):
        done(request((copy, ground[1]), tmp_path / "out", resume=True), client)


def test_a_folder_of_something_else_and_a_file_are_refused(ground, tmp_path, client):
    (tmp_path / "letter.txt").write_text("dear office", encoding="utf-8")
    with pytest.raises(DataError, match="isn't empty and holds no run"):
        done(request(ground, tmp_path, resume=True), client)
    with pytest.raises(DataError, match="is a file, no folder"):
        done(request(ground, tmp_path / "letter.txt"), client)


def test_a_broken_manifest_is_told(ground, tmp_path, client):
    (tmp_path / manifest.NAME).write_text('{"run": {}', encoding="utf-8")
    with pytest.raises(DataError, match=r"manifest\.json is broken"):
        done(request(ground, tmp_path, resume=True), client)


@pytest.mark.parametrize(
    ("shapes", "crs", "error", "says"),
    [
        ([shapely.box(0, 0, 1, 1)], None, CrsError, "no coordinate system"),
        ([shapely.box(0, 0, 1, 1), shapely.Point(0, 0)], 4490, GeometryError, "Feature 1 is no polygon"),
        ([NOWHERE], 4490, GeometryError, "Feature 0 .* not a finite number"),
        ([shapely.box(3_521_000, 0, 3_521_100, 100)], 4490, CrsError, "wrong.parquet: "),
    ],
)
def test_a_side_that_cannot_be_measured_is_named(shapes, crs, error, says, ground, tmp_path, client):
    frame(shapes, crs=crs).to_parquet(tmp_path / "wrong.parquet")
    with pytest.raises(error, match=rf"wrong.parquet: .*{says}|{says}") as caught:
        done(request((ground[0], tmp_path / "wrong.parquet"), tmp_path / "out"), client)
    assert "wrong.parquet" in caught.value.says.en


def test_datums_without_a_published_shift_are_refused_with_the_name_of_the_file(ground, tmp_path, client):
    frame([shapely.box(EAST, NORTH, EAST + 1000, NORTH + 1000)], crs=2437).to_parquet(tmp_path / "old.parquet")
    with pytest.raises(CrsError, match=r"old.parquet: .*different datums"):
        done(request((ground[0], tmp_path / "old.parquet"), tmp_path / "out"), client)


@pytest.mark.parametrize("side", [0, 1])
def test_an_empty_side_shares_nothing(side, ground, tmp_path, client):
    frame([], []).to_parquet(tmp_path / "empty.parquet")
    sides = list(ground)
    sides[side] = tmp_path / "empty.parquet"
    found = done(request(tuple(sides), tmp_path / "out"), client)
    assert (found.pairs, found.sum_m2, found.cover_m2) == (0, 0.0, 0.0)
    assert found.done


def test_features_go_by_row_where_ids_are_not_unique(ground, tmp_path, client):
    frame([shapely.box(EAST, NORTH, EAST + 60, NORTH + 10)] * 2, ["a", "a"]).to_parquet(tmp_path / "twins.parquet")
    found = done(request((tmp_path / "twins.parquet", ground[0]), tmp_path / "out"), client)
    assert sorted(pairs_of(found, tmp_path / "out")["left"]) == [0, 0, 1, 1]


def test_a_folder_of_parts_and_geoarrow_layouts_read_like_one_file(ground, tmp_path, client):
    whole = gpd.read_parquet(ground[0])
    (tmp_path / "parts").mkdir()
    whole[:400].to_parquet(tmp_path / "parts" / "a.parquet", index=False)
    whole[400:].to_parquet(tmp_path / "parts" / "b.parquet", index=False, geometry_encoding="geoarrow")
    found = done(request((tmp_path / "parts", ground[1]), tmp_path / "out"), client)
    assert found.sum_m2 == pytest.approx(in_one_go(ground)[2]["area_m2"].sum(), rel=1e-12)
    pd.testing.assert_frame_equal(read(tmp_path / "parts"), read(ground[0]))


def test_parts_in_different_systems_are_refused(tmp_path):
    frame([shapely.box(EAST, NORTH, EAST + 1, NORTH + 1)]).to_parquet(tmp_path / "a.parquet")
    frame([shapely.box(120, 31, 121, 32)], crs=4490).to_parquet(tmp_path / "b.parquet")
    with pytest.raises(CrsError, match=r"b.parquet and .*a.parquet have different coordinate systems"):
        stream(tmp_path)


def test_longitude_and_latitude_use_the_plane_of_the_whole_side(tmp_path, client):
    """Cut in parts, the eastern parts alone would lie in the next 3-degree zone."""
    west, south = (each.ravel() for each in np.meshgrid(np.arange(120, 122, 0.04), np.arange(31, 31.4, 0.04)))
    frame(shapely.box(west, south, west + 0.03, south + 0.03), crs=4490).to_parquet(tmp_path / "a.parquet")
    frame(shapely.box(west + 0.01, south, west + 0.04, south + 0.03), crs=4490).to_parquet(tmp_path / "b.parquet")
    sides = (tmp_path / "a.parquet", tmp_path / "b.parquet")
    found = done(request(sides, tmp_path / "out", memory_gib=0.002), client)
    direct = overlap.overlaps(*(gpd.read_parquet(side).geometry for side in sides))
    assert found.partitions > 4
    assert found.sum_m2 == pytest.approx(direct["area_m2"].sum(), rel=1e-12)


def test_a_partition_that_brings_every_worker_down_is_told(client):
    with pytest.raises(GuatuError, match="brought down its worker 3 times"):
        list(_done(client, _bring_down, [()]))


def _bring_down() -> None:
    raise KilledWorker("partition", SimpleNamespace(address="here"), 2)


def run(*arguments: object):
    return CliRunner().invoke(app, ["overlap", *map(str, arguments), "--lang", "en"])


def test_the_command_line_runs_in_partitions_and_answers_with_sums_and_files(ground, tmp_path):
    answer = run(*ground, "--workers", 1, "--memory", 1, "--out", tmp_path / "out", "--json")
    said = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert said["sum_m2"] == pytest.approx(in_one_go(ground)[2]["area_m2"].sum(), rel=1e-12)
    assert sum(len(pd.read_parquet(file)) for file in said["files"]) == said["pairs"]
    again = run(*ground, "--memory", 1, "--out", tmp_path / "out", "--resume")
    assert again.exit_code == 0
    assert f"{said['pairs']:,} pairs" in again.stdout
    assert "counted once in each" in again.stdout


def test_partitions_without_a_folder_for_the_result_are_refused(ground):
    answer = run(*ground, "--workers", 2)
    assert answer.exit_code == 2
    assert "give --out" in answer.stderr


def test_files_larger_than_memory_go_in_partitions(ground, monkeypatch):
    monkeypatch.setattr("guatu.partitions.run.machine_memory", lambda: 1000)
    assert "more data than memory" in run(*ground).stderr


def test_a_layer_of_the_room_can_be_a_side(ground, tmp_path, client, monkeypatch):
    monkeypatch.setattr("guatu.partitions.run.workers", lambda *_: nullcontext(client))
    answer = run("revitalised_parcels", "zone:river_management", "--out", tmp_path / "out", "--json")
    direct = json.loads(run("revitalised_parcels", "zone:river_management", "--json").stdout)
    assert json.loads(answer.stdout)["sum_m2"] == pytest.approx(direct["sum_m2"], rel=1e-9)


@pytest.mark.parametrize(("count", "memory"), [(0, 1.0), (2, 0.0)])
def test_no_workers_and_no_memory_are_refused(count, memory):
    with pytest.raises(SettingsError, match="must be more than zero"), workers(count, memory):
        pass


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SettingsError, match="need the extra `scale`"), workers(1, 1.0):
        pass


def test_ctrl_c_stops_with_a_sentence(ground, tmp_path):
    """A real SIGINT for every process of the terminal, as Ctrl-C sends it."""
    out = tmp_path / "out"
    command = [sys.executable, "-c", "from guatu.cli import main; main()", "overlap", *ground, "--out", out]
    options = ["--workers", "1", "--memory", str(SMALL_GIB), "--lang", "en"]
    started = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 60
    while not (out / manifest.NAME).exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(started.pid, signal.SIGINT)
    _, says = started.communicate(timeout=30)
    assert started.returncode == 2
    assert "partitions are done and kept in" in says
    assert "Traceback" not in says
