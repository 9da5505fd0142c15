"""What :mod:`benchmarks.against` runs in either tree: each benchmark, shortened to a few seconds.

Programs as text: they run with the package of another commit, and take from the benchmarks beside it what those define.
"""

from __future__ import annotations

import textwrap

_PROGRAMS = {
    "help": """
        import sys
        from spinspice.cli import main
        sys.argv = ["spinspice", "--help"]
        main()
        """,
    "macrospin": """
        from benchmarks import bench_macrospin as b
        from spinspice.engines import get_engine
        for name in ("ngspice", "ngspice-process"):
            get_engine(name).run(b.testbench(b.DURATION / 2))
        """,
    "realisations": """
        from benchmarks import bench_realisations as b
        from spinspice.engines import get_engine
        for name, model in b.REALISATIONS:
            get_engine(name, model=model).run(b.bench(50e-9))
        """,
    "cells": """
        from benchmarks import bench_cells as b
        from spinspice.engines import get_engine
        for count in (1, 16):
            get_engine("ngspice").run(b.testbench(count))
        """,
    "characterize": """
        from spinspice.characterize import characterize
        characterize("bsn", "faria2021", vin="-30m:30m:8", trials=1, duration=10e-9, workers=1, engine="ngspice")
        """,
    "characterize-va": """
        from spinspice.characterize import characterize
        characterize("bsn", "faria2021", vin="-30m:30m:8", trials=1, duration=5e-9, workers=1, engine="vacask")
        """,
    "telegraph": """
        from benchmarks import bench_telegraph as b
        from spinspice.engines import get_engine
        for name in ("ngspice", "vacask"):
            get_engine(name, model="verilog-a").run(b.bench(1e6))
        """,
    "vacask": """
        from benchmarks import bench_vacask as b
        from spinspice.engines import get_engine
        for case, bench in b.cases().items():
            if "16" not in case and "200 ns" not in case:
                get_engine("vacask", model="verilog-a").run(bench)
        """,
    "reference": """
        from benchmarks import bench_reference as b
        b.numba.set_num_threads(1)
        b.ours(1, b.STEPS)
        b.ours(2000, 500)
        """,
    "population": """
        from benchmarks import bench_population as b
        b.train_gripper(1, steps=b.LESSONS)
        """,
    "population-deck": """
        from benchmarks import bench_population_deck as b
        for name, size in (("ngspice-process", 16), ("vacask", 16)):
            deck = b.PopulationDeck(population=b.scaled(size), stimuli=(b.STIMULUS,), dt=b.DT, steps=40, seed=b.SEED)
            b.timed(b.get_engine(name, model="verilog-a"), deck)
        cell = b.ReadOut(b.scaled(1).nominal)
        deck = b.PopulationDeck(
            population=b.scaled(4), stimuli=(b.STIMULUS,), dt=b.DT, steps=3, seed=b.SEED, readout=cell
        )
        b.timed(b.get_engine("ngspice-process"), deck)
        """,
    "chain": """
        from benchmarks import bench_chain as b
        from spinspice.engines import get_engine
        reader, engine = b.SpiceChain(b.JUNCTIONS, b.PULSES), get_engine("ngspice", model="verilog-a")
        for number in range(8):
            inputs, controls = b.step_inputs(number)
            bench = b.chain_testbench(b.JUNCTIONS, b.PULSES, controls, seed=number)
            values = dict(zip(b.PULSES.inputs, map(float, inputs), strict=True)) | b.seeds(number, 3)
            reader.read(engine.run(bench.with_parameters(**values)))
        with b.SpiceChain(b.JUNCTIONS, b.PULSES, engine=engine) as chain:
            for number in range(8):
                chain.switched(*b.step_inputs(number), number)
        """,
    "memory": """
        from benchmarks import bench_memory as b
        b.readings(100)
        """,
    "cosimulation": """
        from benchmarks import bench_cosimulation as b
        b.OPERATIONS = 3
        b.get_engine("ngspice-process").run(b.mixed().testbench())
        """,
    "workers": """
        from benchmarks import bench_workers as b
        b.seconds([b.testbench(b.DURATION)] * 6, 2)
        b.seconds([b.Testbench(circuit="V1 a 0 1\\nR1 a 0 1k\\n", stop=1e-6, step=1e-7, save=("v(a)",))] * 100, 1)
        """,
    "throughput": """
        from benchmarks import bench_throughput as b
        b.RESISTANCES = b.RESISTANCES[::5]
        b.with_spinspice()
        """,
    "studies": """
        from benchmarks import bench_studies as b
        b.study(1)
        """,
    "sweep": """
        import tempfile
        from spinspice.sweep import Study, run_study
        grid = {"device.R_P": [12000.0 + 10 * k for k in range(40)]}
        study = Study.from_dict({"cell": "bsn", "measure": {"duration": "4n"}, "grid": grid})
        run_study(study, tempfile.mkdtemp() + "/out", workers=1)
        """,
}
#: Name -> program.
WORKLOADS = {name: textwrap.dedent(text) for name, text in _PROGRAMS.items()}
