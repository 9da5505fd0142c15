// The position that the outputs encode: their numbers weighted by their sums, a negative sum counting as 0,
//
//   position = floor(2^FRACTION sum_j j s_j / sum_j s_j),
//
// in units of 2^-FRACTION of an output. Both sums grow while the rows are computed; then one bit of the quotient a cycle
// by restoring division. With no positive sum the position is the middle of the range, and `silent` says so.
`default_nettype none

module decoder #(
    parameter N_OUT = 4,
    parameter OUT_BITS = 2,
    parameter SUM_BITS = 18,
    parameter FRACTION = 6
) (
    input  wire                                clk,
    input  wire                                clear,
    input  wire                                add,        // a row is complete
    input  wire signed [SUM_BITS-1:0]          sum,
    input  wire        [OUT_BITS-1:0]          row,
    input  wire                                divide,     // one bit of the quotient
    output wire        [OUT_BITS+FRACTION-1:0] position,
    output wire                                silent
);
    localparam TOTAL_BITS = SUM_BITS - 1 + OUT_BITS;
    localparam MOMENT_BITS = TOTAL_BITS + OUT_BITS;
    localparam QUOTIENT_BITS = OUT_BITS + FRACTION;
    localparam [31:0] MIDDLE = ((N_OUT - 1) << FRACTION) >> 1;

    reg [TOTAL_BITS-1:0]    total;
    reg [MOMENT_BITS-1:0]   rest;       // first the moment, then the remainder
    reg [QUOTIENT_BITS-1:0] quotient;

    wire [SUM_BITS-2:0]    positive = sum[SUM_BITS-1] ? {(SUM_BITS - 1){1'b0}} : sum[SUM_BITS-2:0];
    wire [MOMENT_BITS-1:0] moment   = {{(MOMENT_BITS - SUM_BITS + 1){1'b0}}, positive}
                                    * {{(MOMENT_BITS - OUT_BITS){1'b0}}, row};
    // The divisor stands under the highest bit of the quotient; the remainder moves up instead of it moving down.
    wire [MOMENT_BITS:0] divisor = {{(OUT_BITS + 1){1'b0}}, total} << (OUT_BITS - 1);
    wire                 fits    = {1'b0, rest} >= divisor;
    wire [MOMENT_BITS-2:0] difference = rest[MOMENT_BITS-2:0] - divisor[MOMENT_BITS-2:0];   // used if it fits

    always @(posedge clk) begin
        if (clear) begin
            total    <= {TOTAL_BITS{1'b0}};
            rest     <= {MOMENT_BITS{1'b0}};
            quotient <= {QUOTIENT_BITS{1'b0}};
        end else if (add) begin
            total <= total + {{(TOTAL_BITS - SUM_BITS + 1){1'b0}}, positive};
            rest  <= rest + moment;
        end else if (divide) begin
            quotient <= {quotient[QUOTIENT_BITS-2:0], fits};
            rest     <= {fits ? difference : rest[MOMENT_BITS-2:0], 1'b0};
        end
    end

    assign silent   = total == {TOTAL_BITS{1'b0}};
    assign position = silent ? MIDDLE[QUOTIENT_BITS-1:0] : quotient;
endmodule

`default_nettype wire
