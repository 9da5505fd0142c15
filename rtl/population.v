// The digital part of a population-coding system with its weights: a core, a memory, and a port to load and read words
// while no operation runs. Sizes are parameters; the widths that follow from them are computed here.
`default_nettype none

module population #(
    parameter N_IN = 4,
    parameter N_OUT = 4,
    parameter STEPS = 100,
    parameter SHIFT = 4,
    parameter FRACTION = 6,
    parameter COUNT_BITS = 8,
    parameter WEIGHT_BITS = 8
) (
    input  wire                          clk,
    input  wire                          reset,
    input  wire                          start,
    input  wire                          learn,
    input  wire                          too_high,
    input  wire                          too_low,
    input  wire [N_IN-1:0]               lines,
    input  wire                          host_read,
    input  wire                          host_write,
    input  wire [clog2(N_IN*N_OUT)-1:0]  host_address,
    input  wire [WEIGHT_BITS-1:0]        host_data,
    output wire [WEIGHT_BITS-1:0]        host_q,
    output wire [2:0]                    phase,
    output wire                          ready,
    output wire                          silent,
    output wire                          overflow,
    output wire [clog2(N_OUT)+FRACTION-1:0] position,
    output wire [N_IN*COUNT_BITS-1:0]    counts,
    output reg  [31:0]                   words_read,      // since reset
    output reg  [31:0]                   words_written
);
    `include "clog2.vh"

    localparam ADDRESS_BITS = clog2(N_IN * N_OUT);

    wire                    read, write;
    wire [ADDRESS_BITS-1:0] address;
    wire [WEIGHT_BITS-1:0]  new_weight, weight;
    wire                    host = host_read || host_write;

    population_core #(
        .N_IN(N_IN), .N_OUT(N_OUT), .STEPS(STEPS), .SHIFT(SHIFT), .FRACTION(FRACTION), .COUNT_BITS(COUNT_BITS),
        .WEIGHT_BITS(WEIGHT_BITS), .IN_BITS(clog2(N_IN)), .OUT_BITS(clog2(N_OUT)), .ADDRESS_BITS(ADDRESS_BITS)
    ) core (
        .clk(clk), .reset(reset), .start(start), .learn(learn), .too_high(too_high), .too_low(too_low), .lines(lines),
        .phase(phase), .ready(ready), .silent(silent), .overflow(overflow), .position(position), .counts(counts),
        .read(read), .write(write), .address(address), .new_weight(new_weight), .weight(weight)
    );

    weight_memory #(.WORDS(N_IN * N_OUT), .ADDRESS_BITS(ADDRESS_BITS), .BITS(WEIGHT_BITS)) memory (
        .clk(clk), .read(read || host_read), .write(write || host_write),
        .address(host ? host_address : address), .data(host ? host_data : new_weight), .q(weight)
    );
    assign host_q = weight;

    always @(posedge clk) begin
        if (reset) begin
            words_read    <= 32'd0;
            words_written <= 32'd0;
        end else begin
            words_read    <= words_read + {31'd0, read};
            words_written <= words_written + {31'd0, write};
        end
    end
endmodule

`default_nettype wire
