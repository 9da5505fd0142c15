// A neuron that SPICE simulates inside a Verilog simulation (docs/own_deck.md). Its body is block.cir.
`timescale 1ps / 1ps
module neuron (input real vin, output wire out);
endmodule

module top;
  real vin = 0.0;
  wire out;
  integer samples = 0, ones = 0, changes = 0;
  reg last = 0;

  neuron dut (.vin(vin), .out(out));

  // SpiceBind hands over changes: a value from the start would not reach the circuit.
  initial #1000 vin = 0.4;

  initial begin
    repeat (150) begin
      #200 samples = samples + 1;
      if (out === 1'b1) ones = ones + 1;
      if (out !== last) changes = changes + 1;
      last = out;
    end
    $display("%0d samples, %0d ones, %0d changes", samples, ones, changes);
    $finish;
  end
endmodule
