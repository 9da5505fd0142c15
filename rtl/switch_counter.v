// Counts the switches of one junction, and stays at its highest value instead of wrapping.
`default_nettype none

module switch_counter #(
    parameter BITS = 8
) (
    input  wire            clk,
    input  wire            clear,
    input  wire            up,
    output reg  [BITS-1:0] count,
    output reg             overflow   // since the last clear, a switch was not counted
);
    wire full = &count;

    always @(posedge clk) begin
        if (clear) begin
            count    <= {BITS{1'b0}};
            overflow <= 1'b0;
        end else if (up) begin
            count    <= full ? count : count + 1'b1;
            overflow <= overflow | full;
        end
    end
endmodule

`default_nettype wire
