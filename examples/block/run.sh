#!/usr/bin/env bash
# Exports the neuron and runs it as a block of a Verilog simulation: needs iverilog, and spicebind from pip.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
rm -rf deck
spinspice export bsn --dialect ngspice --out deck
iverilog -g2012 -o neuron.vvp neuron.v
SPICE_NETLIST=$PWD/block.cir HDL_INSTANCE=top.dut VCC=0.8 vvp -M "$(spicebind-vpi-path)" -m spicebind_vpi neuron.vvp
