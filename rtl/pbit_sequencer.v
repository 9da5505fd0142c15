// Clocks of p-bits in turns: while clk is high, the latches of one group are open; as it falls, the next group's turn comes.
//
// The turn is one bit that goes round, and it moves only while every output is low: no latch opens for a moment.
`default_nettype none

module pbit_sequencer #(
    parameter TURNS = 2
) (
    input  wire             clk,
    input  wire             reset,     // the first group is next
    output wire [TURNS-1:0] ck         // latch of each group open
);
    localparam [TURNS-1:0] FIRST = 1;

    reg [TURNS-1:0] turn = FIRST;

    always @(negedge clk or posedge reset)
        if (reset) turn <= FIRST;
        else       turn <= (turn << 1) | (turn >> (TURNS - 1));

    assign ck = turn & {TURNS{clk & ~reset}};
endmodule

`default_nettype wire
