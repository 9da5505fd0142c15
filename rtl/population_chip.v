// The digital part with the pins that a circuit sees: no port for a host, the memory loaded by +weights=HEX.
`default_nettype none

module population_chip #(
    parameter N_IN = 4,
    parameter N_OUT = 4,
    parameter STEPS = 100,
    parameter SHIFT = 4,
    parameter FRACTION = 6,
    parameter COUNT_BITS = 8,
    parameter WEIGHT_BITS = 8
) (
    input  wire            clk,
    input  wire            reset,
    input  wire            start,
    input  wire            learn,
    input  wire            too_high,
    input  wire            too_low,
    input  wire [N_IN-1:0] lines,
    output wire            ready,
    output wire            silent,
    output wire            overflow,
    output wire [clog2(N_OUT)+FRACTION-1:0] position
);
    `include "clog2.vh"

    localparam ADDRESS_BITS = clog2(N_IN * N_OUT);

    // verilator lint_off UNUSED
    wire [2:0]                 phase;
    wire [WEIGHT_BITS-1:0]     host_q;
    wire [N_IN*COUNT_BITS-1:0] counts;
    wire [31:0]                words_read, words_written;
    // verilator lint_on UNUSED

    population #(
        .N_IN(N_IN), .N_OUT(N_OUT), .STEPS(STEPS), .SHIFT(SHIFT), .FRACTION(FRACTION), .COUNT_BITS(COUNT_BITS),
        .WEIGHT_BITS(WEIGHT_BITS)
    ) system (
        .clk(clk), .reset(reset), .start(start), .learn(learn), .too_high(too_high), .too_low(too_low), .lines(lines),
        .host_read(1'b0), .host_write(1'b0), .host_address({ADDRESS_BITS{1'b0}}), .host_data({WEIGHT_BITS{1'b0}}),
        .host_q(host_q), .phase(phase), .ready(ready), .silent(silent), .overflow(overflow), .position(position),
        .counts(counts), .words_read(words_read), .words_written(words_written)
    );
endmodule

`default_nettype wire
