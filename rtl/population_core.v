// All digital parts but the memory: from the comparators of N_IN junctions to the position that N_OUT outputs encode.
//
// Ports to the memory: `read` asks for a word that comes back in the next cycle, `write` changes one. A word whose count
// is 0 adds nothing and is not read; while learning, a word is written only if it changes (read before write).
`default_nettype none

module population_core #(
    parameter N_IN = 4,
    parameter N_OUT = 4,
    parameter STEPS = 100,      // samples of the comparators in an observation, after the first
    parameter SHIFT = 4,        // learning rate 2^-SHIFT
    parameter FRACTION = 6,     // bits of the position below one output
    parameter COUNT_BITS = 8,
    parameter WEIGHT_BITS = 8,
    parameter IN_BITS = 2,      // clog2(N_IN)
    parameter OUT_BITS = 2,     // clog2(N_OUT)
    parameter ADDRESS_BITS = 4  // clog2(N_IN N_OUT)
) (
    input  wire                             clk,
    input  wire                             reset,
    input  wire                             start,
    input  wire                             learn,
    input  wire                             too_high,
    input  wire                             too_low,
    input  wire        [N_IN-1:0]           lines,
    output wire        [2:0]                phase,
    output wire                             ready,
    output wire                             silent,
    output wire                             overflow,
    output wire        [OUT_BITS+FRACTION-1:0] position,
    output wire        [N_IN*COUNT_BITS-1:0] counts,
    output wire                             read,
    output wire                             write,
    output wire        [ADDRESS_BITS-1:0]   address,
    output wire signed [WEIGHT_BITS-1:0]    new_weight,
    input  wire signed [WEIGHT_BITS-1:0]    weight
);
    localparam SUM_BITS = COUNT_BITS + WEIGHT_BITS + IN_BITS;
    localparam [31:0] STRIDE = N_IN;

    wire clear, observing, computing, decoding, learning, beat, last_column, done, concerned;
    wire [N_IN-1:0]              switched, overflows;
    wire [OUT_BITS-1:0]          row, sum_row;
    wire [IN_BITS-1:0]           column;
    wire signed [SUM_BITS-1:0]   sum;
    wire [COUNT_BITS-1:0]        count = counts[column*COUNT_BITS +: COUNT_BITS];
    reg                          was_high, was_low;   // the verdict, held while learning

    always @(posedge clk) begin
        if (ready) begin
            was_high <= too_high;
            was_low  <= too_low;
        end
    end

    sequencer #(
        .N_IN(N_IN), .N_OUT(N_OUT), .STEPS(STEPS), .QUOTIENT_BITS(OUT_BITS + FRACTION),
        .IN_BITS(IN_BITS), .OUT_BITS(OUT_BITS)
    ) sequence_of_phases (
        .clk(clk), .reset(reset), .start(start), .learn(learn), .phase(phase), .clear(clear), .observing(observing),
        .computing(computing), .decoding(decoding), .learning(learning), .beat(beat), .ready(ready), .row(row),
        .column(column), .last_column(last_column)
    );

    edge_detector #(.N(N_IN)) detector (.clk(clk), .enable(clear || observing), .lines(lines), .switched(switched));

    genvar i;
    generate
        for (i = 0; i < N_IN; i = i + 1) begin : junction
            switch_counter #(.BITS(COUNT_BITS)) counter (
                .clk(clk), .clear(clear), .up(observing && switched[i]),
                .count(counts[i*COUNT_BITS +: COUNT_BITS]), .overflow(overflows[i])
            );
        end
    endgenerate
    assign overflow = |overflows;

    multiply_accumulate #(
        .COUNT_BITS(COUNT_BITS), .WEIGHT_BITS(WEIGHT_BITS), .SUM_BITS(SUM_BITS), .OUT_BITS(OUT_BITS)
    ) products (
        .clk(clk), .reset(reset || clear), .ask(computing), .count(count), .last(last_column), .row(row),
        .weight(weight), .done(done), .sum(sum), .sum_row(sum_row)
    );

    decoder #(.N_OUT(N_OUT), .OUT_BITS(OUT_BITS), .SUM_BITS(SUM_BITS), .FRACTION(FRACTION)) decode (
        .clk(clk), .clear(clear), .add(done), .sum(sum), .row(sum_row), .divide(decoding), .position(position),
        .silent(silent)
    );

    learning_rule #(
        .COUNT_BITS(COUNT_BITS), .WEIGHT_BITS(WEIGHT_BITS), .OUT_BITS(OUT_BITS), .FRACTION(FRACTION), .SHIFT(SHIFT)
    ) rule (
        .too_high(was_high), .too_low(was_low), .position(position), .row(row), .count(count), .old_weight(weight),
        .new_weight(new_weight), .concerned(concerned)
    );

    wire [31:0] word = {{(32 - OUT_BITS){1'b0}}, row} * STRIDE + {{(32 - IN_BITS){1'b0}}, column};
    assign address = word[ADDRESS_BITS-1:0];
    assign read    = (computing && count != {COUNT_BITS{1'b0}}) || (learning && !beat && concerned);
    assign write   = learning && beat && concerned && new_weight != weight;

    // verilator lint_off UNUSED
    wire [31:ADDRESS_BITS] unused = word[31:ADDRESS_BITS];
    // verilator lint_on UNUSED
endmodule

`default_nettype wire
