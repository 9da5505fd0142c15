"""Waveforms of digital blocks: the quick reader gives what the package's own does, and says what is damaged."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from vcd import VCDWriter
from vcd.reader import TokenKind, tokenize

from spinspice.engines.vcd import read_vcd
from spinspice.errors import EngineError

HEAD = """$version made by hand $end
$timescale 10ps $end
$scope module TOP $end
$var wire 1 ! clk $end
$scope module chip $end
$var wire 1 ! clk $end
$var wire 8 # count [7:0] $end
$var wire 64 $ wide [63:0] $end
$var real 64 % level $end
$upscope $end
$upscope $end
$enddefinitions $end
"""
BODY = """$dumpvars
0!
b00000011 #
b1 $
r0.5 %
$end
#5
1!
#10
0!
b100 #
"""


def dump(folder: Path, text: str) -> Path:
    path = folder / "dump.vcd"
    path.write_text(text)
    return path


def test_signals_of_the_top_module_with_their_times(tmp_path):
    found = read_vcd(dump(tmp_path, HEAD + BODY), "own")
    assert sorted(found) == ["own.clk", "own.count"]
    assert found["own.clk"].values.tolist() == [0, 1, 0]
    assert found["own.clk"].time.tolist() == pytest.approx([0.0, 5e-11, 1e-10])
    assert found["own.count"].values.tolist() == [3, 4]
    assert found["own.count"].time.tolist() == pytest.approx([0.0, 1e-10])


def test_a_comment_among_the_changes_is_none(tmp_path):
    found = read_vcd(dump(tmp_path, HEAD + BODY + "$comment 1! #9 $end\n#11\n1!\n"), "own")
    assert found["own.clk"].values.tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize("codes", ["!#$", "0b1", ["#0", "$x", "b1"]])
def test_codes_may_look_like_values(tmp_path, codes):
    text = HEAD + BODY
    for old, new in zip("!#$", "\0\1\2", strict=True):
        text = text.replace(f" {old} ", f" {new} ").replace(f" {old}\n", f" {new}\n")
    text = text.replace("0!", "0\0").replace("1!", "1\0")
    for mark, code in zip("\0\1\2", codes, strict=True):
        text = text.replace(mark, code)
    found = read_vcd(dump(tmp_path, text), "own")
    assert found["own.clk"].values.tolist() == [0, 1, 0] and found["own.count"].values.tolist() == [3, 4]


def test_as_the_package_reads_it(tmp_path):
    """Two hundred random changes of five signals, written and read by the package."""
    draw = random.Random(1)
    path = tmp_path / "random.vcd"
    with path.open("w") as stream, VCDWriter(stream, timescale="1 fs", date="today") as writer:
        names = {f"s{size}": size for size in (1, 2, 8, 31, 63)}
        signals = {name: writer.register_var("TOP.chip", name, "wire", size, 0) for name, size in names.items()}
        for time in range(0, 2000, 10):
            name = draw.choice(list(names))
            writer.change(signals[name], time, draw.randrange(2 ** names[name]))
    now, codes, wanted = 0, {}, {}
    with path.open("rb") as stream:
        for token in tokenize(stream):
            if token.kind is TokenKind.VAR:
                codes[token.var.id_code] = token.var.reference
            elif token.kind is TokenKind.CHANGE_TIME:
                now = token.time_change
            elif token.kind in (TokenKind.CHANGE_SCALAR, TokenKind.CHANGE_VECTOR):
                wanted.setdefault(codes[token.data.id_code], []).append((now * 1e-15, int(token.data.value)))
    found = read_vcd(path, "own")
    assert {f"own.{name}" for name in wanted} == set(found)
    for name, changes in wanted.items():
        assert list(zip(found[f"own.{name}"].time, found[f"own.{name}"].values, strict=True)) == changes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD.replace("$enddefinitions $end\n", ""), "ends before its signals are declared"),
        (HEAD + "0&\n", "the code '&' stands for no signal"),
        (HEAD + "b101\n", "the code '' stands for no signal"),
        (HEAD + "x!\n", "invalid literal"),
        (HEAD + "b1x #\n", "invalid literal"),
        (HEAD + "hello\n", "the word 'hello' is no change"),
        (HEAD + "#soon\n", "invalid literal"),
        (HEAD.replace("$scope module TOP", "$scope"), "cannot read"),
        ("", "ends before"),
    ],
)
def test_damaged_files_are_said(tmp_path, text, message):
    with pytest.raises(EngineError, match="cannot read the waveforms") as caught:
        read_vcd(dump(tmp_path, text), "own")
    assert message in str(caught.value)
