// Sums of counts times weights, one product a cycle: sum_j = sum_i w_ji n_i, with unsigned counts and signed weights.
//
// The weight comes from the memory one cycle after it was asked for, so its count waits for it in a register. SUM_BITS =
// COUNT_BITS + WEIGHT_BITS + clog2(N_IN) holds every sum: no product reaches 2^(COUNT_BITS + WEIGHT_BITS - 1).
`default_nettype none

module multiply_accumulate #(
    parameter COUNT_BITS = 8,
    parameter WEIGHT_BITS = 8,
    parameter SUM_BITS = 18,
    parameter OUT_BITS = 2
) (
    input  wire                          clk,
    input  wire                          reset,
    input  wire                          ask,      // a weight is asked for, for the count beside
    input  wire        [COUNT_BITS-1:0]  count,
    input  wire                          last,     // of its row
    input  wire        [OUT_BITS-1:0]    row,
    input  wire signed [WEIGHT_BITS-1:0] weight,   // the one asked for in the cycle before
    output reg                           done,     // a sum is complete
    output reg  signed [SUM_BITS-1:0]    sum,
    output reg         [OUT_BITS-1:0]    sum_row
);
    localparam PRODUCT_BITS = COUNT_BITS + WEIGHT_BITS;

    reg                  waiting;
    reg                  waiting_last;
    reg [OUT_BITS-1:0]   waiting_row;
    reg [COUNT_BITS-1:0] waiting_count;
    reg                  fresh;   // the next product starts a row

    wire signed [COUNT_BITS:0]     factor  = {1'b0, waiting_count};
    wire signed [PRODUCT_BITS:0]   product = factor * weight;
    wire signed [SUM_BITS-1:0]     so_far  = fresh ? {SUM_BITS{1'b0}} : sum;

    always @(posedge clk) begin
        waiting       <= ask && !reset;
        waiting_last  <= last;
        waiting_row   <= row;
        waiting_count <= count;
        done          <= waiting && waiting_last && !reset;
        if (reset)
            fresh <= 1'b1;
        else if (waiting) begin
            sum     <= so_far + {{(SUM_BITS - PRODUCT_BITS){product[PRODUCT_BITS]}}, product[PRODUCT_BITS-1:0]};
            sum_row <= waiting_row;
            fresh   <= waiting_last;
        end
    end
endmodule

`default_nettype wire
