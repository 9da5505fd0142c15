"""Presets: complete, sourced, and with the numbers of their sources."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest

from spinspice.errors import UsageError
from spinspice.presets import list_presets, load_preset

ALL = list_presets()


@pytest.mark.parametrize("preset", ALL, ids=lambda preset: preset.name)
def test_every_parameter_is_either_published_or_chosen(preset):
    fields = {field.name for field in dataclasses.fields(preset.device)}
    assert set(preset.published) | set(preset.chosen) == fields
    assert not set(preset.published) & set(preset.chosen)
    assert all(len(reason) > 3 for reason in (*preset.published.values(), *preset.chosen.values()))


@pytest.mark.parametrize("preset", ALL, ids=lambda preset: preset.name)
def test_every_preset_is_plain_data_with_a_source(preset):
    data = json.loads(json.dumps(preset.to_dict()))
    assert data["parameters"] == preset.device.parameters()
    assert len(preset.source) > 20
    assert 0.5 <= preset.cell["vdd"] <= 1.2


def test_names_are_unique_and_complete():
    names = [preset.name for preset in ALL]
    assert len(names) == len(set(names)) == 26
    assert {"mizrahi2018-fig1", "mizrahi2018-scaled", "ganguly2018", "faria2021", "lopez2024", "sttmram"} <= set(names)


def test_an_unknown_name_gets_a_hint():
    with pytest.raises(UsageError, match=r"unknown preset 'gangully2018'\. Did you mean ganguly2018\?"):
        load_preset("gangully2018")


@pytest.mark.parametrize(
    ("name", "rate"),  # rounded in the paper and its notes to the digits given
    [("mizrahi2018-2", 70.3e3), ("mizrahi2018-6", 3.9), ("mizrahi2018-scaled", 1.239e6), ("mizrahi2018-fig1", 1.13e3)],
)
def test_natural_rates_of_mizrahi(name, rate):
    assert load_preset(name).device.natural_rate == pytest.approx(rate, rel=1e-2)


def test_widths_of_the_nine_tuning_curves_add_up():
    # Half width at half height: acosh(2) I_c / Delta; sum of the full widths 582 uA over a range of 600 uA.
    nine = [load_preset(f"mizrahi2018-{number}").device for number in range(1, 10)]
    widths = [2 * math.acosh(2) * junction.I_c / junction.delta for junction in nine]
    assert sum(widths) == pytest.approx(582e-6, rel=1e-3)


def test_resistance_of_ganguly_follows_from_its_area():
    resistance = load_preset("ganguly2018").device.R_P
    assert resistance == pytest.approx(12732.4, rel=1e-5)


def test_moment_and_variance_of_faria():
    device = load_preset("faria2021").device
    assert device.moment == pytest.approx(8.3629e-19, rel=1e-4)  # reference numbers, Sec. 5.3
    assert device.easy_plane_variance == pytest.approx(0.0035830, rel=1e-3)
    assert device.delta < 0.02  # 1 Oe: the plane is practically isotropic


def test_critical_current_of_the_memory_junction():
    device = load_preset("sttmram").device
    assert device.delta == pytest.approx(60.0, rel=1e-12)
    assert device.I_c0 == pytest.approx(25.171e-6, rel=1e-4)  # reference numbers, Sec. 5.4


def test_lopez_is_bistable_under_its_field():
    device = load_preset("lopez2024").device
    assert math.isclose(device.R_AP, 2420.0, rel_tol=1e-12)
    # Barrier out of the state against the field: Delta (1 - B / B_k)^2; the network keeps its state for minutes.
    assert device.replace(Bx=0.0).delta == pytest.approx(60.0, rel=1e-12)
    assert device.delta == pytest.approx(60.0 * (1.0 - abs(device.Bx) / device.B_k) ** 2, rel=1e-9)
    assert device.delta > 25.0
