// The learning rule on one weight: w + or - (count >> SHIFT), held inside the range of the weight.
//
// If the position was too high, weights to outputs above it go down and those to outputs below it go up; if it was too
// low, the other way round. Purely combinational.
`default_nettype none

module learning_rule #(
    parameter COUNT_BITS = 8,
    parameter WEIGHT_BITS = 8,
    parameter OUT_BITS = 2,
    parameter FRACTION = 6,
    parameter SHIFT = 4
) (
    input  wire                                too_high,
    input  wire                                too_low,
    input  wire        [OUT_BITS+FRACTION-1:0] position,
    input  wire        [OUT_BITS-1:0]          row,
    input  wire        [COUNT_BITS-1:0]        count,
    input  wire signed [WEIGHT_BITS-1:0]       old_weight,
    output wire signed [WEIGHT_BITS-1:0]       new_weight,
    output wire                                concerned   // this weight may change: read it
);
    localparam WIDE = (COUNT_BITS > WEIGHT_BITS ? COUNT_BITS : WEIGHT_BITS) + 2;
    localparam signed [WEIGHT_BITS-1:0] HIGHEST = {1'b0, {(WEIGHT_BITS - 1){1'b1}}};
    localparam signed [WEIGHT_BITS-1:0] LOWEST = {1'b1, {(WEIGHT_BITS - 1){1'b0}}};

    wire [OUT_BITS+FRACTION-1:0] own   = {row, {FRACTION{1'b0}}};
    wire                         above = own > position;
    wire                         below = own < position;
    wire up   = (too_high && below) || (too_low && above);
    wire down = (too_high && above) || (too_low && below);

    wire        [COUNT_BITS-1:0] amount = count >> SHIFT;
    wire signed [WIDE-1:0]       wide   = {{(WIDE - WEIGHT_BITS){old_weight[WEIGHT_BITS-1]}}, old_weight};
    wire signed [WIDE-1:0]       step   = {{(WIDE - COUNT_BITS){1'b0}}, amount};
    wire signed [WIDE-1:0]       moved  = up ? wide + step : wide - step;

    assign concerned  = (up || down) && amount != {COUNT_BITS{1'b0}};
    // It fits if all bits above those of the weight repeat its sign.
    wire fits = moved[WIDE-1:WEIGHT_BITS-1] == {(WIDE - WEIGHT_BITS + 1){moved[WIDE-1]}};
    assign new_weight = !concerned ? old_weight : fits ? moved[WEIGHT_BITS-1:0] : moved[WIDE-1] ? LOWEST : HIGHEST;
endmodule

`default_nettype wire
