"""What a fit says, writes and refuses."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.integrate import quad
from synthetic_sets import TRUTH, dwells, missed, rates, trace

from spinspice.cli import run
from spinspice.devices import Macrospin, Telegraph
from spinspice.devices.laws.temperature import TemperatureLaw, at_temperature
from spinspice.errors import ResultError, UsageError
from spinspice.fitting import fit_data, fit_file
from spinspice.fitting.apparent import log_density, log_survival, resolved
from spinspice.fitting.law import Conditions
from spinspice.presets import load_preset


@pytest.mark.parametrize(("a", "b", "dead"), [(1.0, 1.0, 0.1), (2.0, 0.5, 0.3), (0.5, 3.0, 0.3), (1.0, 1.0, 0.5)])
def test_density_of_apparent_stays_is_that_of_a_process_seen_through_a_dead_time(a, b, dead):
    """Against 100,000 apparent stays of a simulated process: Kolmogorov-Smirnov at 1e-4; and its integral is 1."""

    def density(x):
        return float(np.exp(log_density([x], a, b, dead)[0]))

    pieces = [(dead, 2 * dead), (2 * dead, 3 * dead), (3 * dead, 300.0)]
    assert sum(quad(density, low, high, limit=200)[0] for low, high in pieces) == pytest.approx(1.0, abs=1e-5)
    rng = np.random.default_rng(3)
    lengths = rng.exponential(1.0, 200_000) / np.tile([a, b], 100_000)
    times = np.cumsum(lengths)
    (stays, _), _ = resolved(times[:-1], 0, float(times[-1]), dead)
    stays = np.sort(stays)[:: max(1, stays.size // 20_000)]
    law = 1.0 - np.exp(log_survival(stays, a, b, dead))
    steps = (np.arange(stays.size) + 0.5) / stays.size
    assert np.max(np.abs(law - steps)) * np.sqrt(stays.size) < 2.23


def test_a_dead_time_that_is_left_out_of_account_shows():
    """The naive rates are off by many standard errors where those of the corrected likelihood are not."""
    right, naive, errors = [], [], []
    for seed in range(1, 6):
        columns, truth, settings = missed(seed)
        result = fit_data(columns, "trace", check=False, intervals=False, **settings)
        means = [float(stays.mean()) for stays in result.data.runs[0].stays]
        value, stderr, _ = result.parameters["delta"]
        right.append(value - truth["delta"])
        # ln(phi0 tau), with the field's share of it as the fit has it.
        naive.append(
            np.log(TRUTH.phi0 * np.sqrt(means[0] * means[1])) / (1.0 + result.values["field"] ** 2) - truth["delta"]
        )
        errors.append(stderr)
    error = float(np.sqrt(np.mean(np.square(errors)) / len(errors)))
    assert abs(np.mean(right)) < 4.0 * error
    assert np.mean(naive) > 4.0 * error


def test_rates_are_those_of_the_junction():
    conditions = Conditions(bias=np.array([-0.05, 0.0, 0.07]), temperature=np.array([280.0, 300.0, 330.0]))
    ours = conditions.escape_rates(TRUTH.parameters())
    for k, (bias, T) in enumerate(zip(conditions.bias, conditions.temperature, strict=True)):
        theirs = TRUTH.replace(T=T).escape_rates(bias / TRUTH.V_c)
        assert [float(rate[k]) for rate in ours] == pytest.approx([float(rate) for rate in theirs], rel=1e-12)


def test_the_check_finds_a_law_that_does_not_hold():
    """Stays of two barriers mixed are not exponential; those of one are."""
    rng = np.random.default_rng(1)
    stays = np.concatenate([rng.exponential(1e-6, 300), rng.exponential(1e-4, 300)])
    mixed = fit_data({"dwell": rng.permutation(stays), "state": np.tile([0.0, 1.0], 300)}, "dwells")
    assert mixed.check.p_value <= 0.02
    assert any("does not describe" in note for note in mixed.notes())
    columns, _, _ = dwells(1)
    assert fit_data(columns, "dwells").check.p_value > 0.02


def test_a_preset_file_goes_round_and_every_command_takes_it(tmp_path, capsys):
    columns, _, _ = rates(2)
    result = fit_data(columns, "rates", base="mizrahi2018-scaled", check=False)
    path = result.write(tmp_path / "mine.toml")
    preset = load_preset(str(path))
    assert preset.device == result.device
    assert preset.device.delta == result.values["delta"]
    assert "fitted" in preset.published["delta"] and "base junction" in preset.chosen["R_P"]
    assert run(["presets", str(path)]) == 0
    assert "fitted" in capsys.readouterr().out
    out = tmp_path / "deck"
    assert run(["export", "bsn", "--preset", str(path), "--out", str(out)]) == 0
    assert f"delta={preset.device.delta!r}" in "".join(file.read_text() for file in out.glob("*.lib"))


def test_command_line(tmp_path, capsys):
    columns, _, _ = rates(2)
    table = tmp_path / "tester.csv"
    rows = zip(*(np.asarray(columns[name]) for name in ("bias", "tau_P", "tau_AP", "n_P", "n_AP")), strict=True)
    lines = ["# tester 7", "Bias (mV);tau_P [us];tau_AP [us];n_P;n_AP"]
    lines += [f"{b * 1e3!r};{p * 1e6!r};{a * 1e6!r};{n};{m}".replace(".", ",") for b, p, a, n, m in rows]
    table.write_text(
        "\n".join(line.replace("np,float64(", "").replace(")", "") if k > 1 else line for k, line in enumerate(lines))
    )
    toml, png = tmp_path / "mine.toml", tmp_path / "mine.png"
    assert run(["fit", "rates", str(table), "--json", "--out", str(toml), "--plot", str(png)]) == 0
    said = json.loads(capsys.readouterr().out)
    ours = fit_data(columns, "rates", check=False)
    for name, (value, stderr, _) in ours.parameters.items():
        assert said["parameters"][name]["value"] == pytest.approx(value, abs=1e-3 * stderr)
    assert run(["fit", "rates", str(table), "--set", "seed=3"]) == 2
    assert "rates data take no seed" in capsys.readouterr().err
    assert png.read_bytes()[:4] == b"\x89PNG" and "[stderr]" in toml.read_text()


def test_what_the_data_do_not_tell_is_named():
    columns, _, _ = rates(1)
    with pytest.raises(ResultError, match=r"do not tell .*delta and .*apart|do not tell .*phi0"):
        fit_data({"dwell": [1e-6, 2e-6] * 20, "state": [0.0, 1.0] * 20}, "dwells", free=("delta", "phi0"), check=False)
    with pytest.raises(ResultError, match="cannot tell 4 parameters"):
        fit_data({"bias": [0.0, 0.1], "tau_P": [1e-6, 2e-6], "tau_AP": [2e-6, 1e-6]}, "rates")
    with pytest.raises(UsageError, match="to be fitted and held"):
        fit_data(columns, "rates", free=("delta",), fix={"delta": 8.0})
    with pytest.raises(UsageError, match="Did you mean delta"):
        fit_data(columns, "rates", fix={"delta_": 8.0})
    with pytest.raises(UsageError, match="junction with two states"):
        fit_data(columns, "rates", base=Macrospin())


def test_a_trace_of_one_level_or_of_noise_is_refused():
    time = np.arange(1000) * 1e-9
    with pytest.raises(ResultError, match="one level"):
        fit_data({"time": time, "signal": np.ones(1000)}, "trace")
    columns, _, _ = trace(1, noise=0.4)
    with pytest.raises(ResultError, match="would be noise"):
        fit_data(columns, "trace")
    with pytest.raises(UsageError, match="swapped"):
        fit_data({"time": np.sin(time * 1e9), "signal": time}, "trace")


def test_temperature_laws():
    law = TemperatureLaw(1000.0, 3.0)
    assert law.magnetisation(300.0) == pytest.approx(1.0)
    assert law.magnetisation(0.0) == pytest.approx(1.0 / (1.0 - 0.3**1.5))
    assert law.anisotropy(400.0) == pytest.approx(((1.0 - 0.4**1.5) / (1.0 - 0.3**1.5)) ** 3)
    hot = at_temperature(Macrospin(B_k=0.05), 400.0, law)
    # Energy density K = Ms B_k / 2 falls as the cube of Ms.
    assert hot.Ms * hot.B_k / (1.1e6 * 0.05) == pytest.approx(float(law.anisotropy(400.0)))
    assert at_temperature(Telegraph(delta=20.0), 400.0, law).barrier == pytest.approx(
        15.0 * float(law.anisotropy(400.0))
    )
    with pytest.raises(UsageError, match="ends at"):
        law.magnetisation(1000.0)


def test_a_temperature_law_in_a_fit():
    """Rates of a barrier that falls by Bloch's law give the barrier back with the law, and not without."""
    law = TemperatureLaw(1100.0)
    T = np.repeat([260.0, 300.0, 340.0, 380.0], 3)
    bias = np.tile([-0.05, 0.0, 0.05], 4)
    device = Telegraph(delta=12.0, V_c=0.3, phi0=1e9)
    pairs = [at_temperature(device.replace(T=t), t, law).escape_rates(v / 0.3) for t, v in zip(T, bias, strict=True)]
    columns = {
        "bias": bias,
        "T (K)": T,
        "rate_P": [float(p) for p, _ in pairs],
        "rate_AP": [float(a) for _, a in pairs],
    }
    columns |= {"err_P": np.full(12, 0.02), "err_AP": np.full(12, 0.02)}
    right = fit_data(columns, "rates", law=law, check=False).parameters
    assert right["delta"][0] == pytest.approx(12.0, rel=1e-4)
    wrong = fit_data(columns, "rates", check=False).parameters
    assert abs(wrong["delta"][0] - 12.0) > 5.0 * wrong["delta"][1]


def test_several_files_are_one_set(tmp_path):
    columns, _, _ = rates(4)
    names = list(columns)
    rows = np.column_stack([columns[name] for name in names])
    for k, part in enumerate((rows[:3], rows[3:])):
        (tmp_path / f"{k}.csv").write_text(
            ",".join(names) + "\n" + "\n".join(",".join(repr(float(v)) for v in r) for r in part)
        )
    both = fit_file([tmp_path / "0.csv", tmp_path / "1.csv"], "rates", check=False)
    assert both.values["delta"] == pytest.approx(fit_data(columns, "rates", check=False).values["delta"], rel=1e-6)
