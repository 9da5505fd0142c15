// Finds the switching events of junctions in their sampled comparator outputs.
//
// Two samples are kept of each line; they differ in the cycle after a switch was seen. Two switches between two samples
// cancel: the clock has to be fast against the junctions.
`default_nettype none

module edge_detector #(
    parameter N = 4
) (
    input  wire         clk,
    input  wire         enable,    // samples are taken: the clock of the registers can rest otherwise
    input  wire [N-1:0] lines,     // outputs of the comparators, sampled at the rising edge
    output wire [N-1:0] switched   // the two latest samples differ
);
    reg [N-1:0] now;
    reg [N-1:0] earlier;

    always @(posedge clk) begin
        if (enable) begin
            now     <= lines;
            earlier <= now;
        end
    end

    assign switched = now ^ earlier;
endmodule

`default_nettype wire
