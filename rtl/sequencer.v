// The phases of an operation: observe the junctions, compute the outputs, decode them, learn when asked.
//
//   idle/ready --start--> arm (2 cycles) -> observe (STEPS) -> compute (N_IN N_OUT) -> drain (2) -> decode (QUOTIENT_BITS)
//   ready --learn--> learn (2 N_IN N_OUT) -> idle
//
// Words are visited output by output, input by input; learning spends two cycles on each, one to read and one to write.
`default_nettype none

module sequencer #(
    parameter N_IN = 4,
    parameter N_OUT = 4,
    parameter STEPS = 100,
    parameter QUOTIENT_BITS = 8,
    parameter IN_BITS = 2,
    parameter OUT_BITS = 2
) (
    input  wire                clk,
    input  wire                reset,
    input  wire                start,
    input  wire                learn,
    output reg  [2:0]          phase,
    output wire                clear,       // forget the operation before
    output wire                observing,   // count switches
    output wire                computing,   // the word at (row, column) is asked for
    output wire                decoding,    // one bit of the quotient
    output wire                learning,    // the word at (row, column) is updated
    output reg                 beat,        // while learning: 0 read, 1 write
    output wire                ready,       // the decoded position is valid
    output reg  [OUT_BITS-1:0] row,
    output reg  [IN_BITS-1:0]  column,
    output wire                last_column
);
    `include "clog2.vh"

    localparam [2:0] IDLE = 3'd0, ARM = 3'd1, OBSERVE = 3'd2, COMPUTE = 3'd3;
    localparam [2:0] DRAIN = 3'd4, DECODE = 3'd5, READY = 3'd6, LEARN = 3'd7;
    localparam LONGEST = STEPS > QUOTIENT_BITS ? STEPS : QUOTIENT_BITS;
    localparam TIMER_BITS = clog2(LONGEST > 2 ? LONGEST : 2);
    // The highest values, in the widths of their registers.
    localparam [31:0] STEPS_LESS = STEPS - 1, QUOTIENT_LESS = QUOTIENT_BITS - 1;
    localparam [31:0] IN_LESS = N_IN - 1, OUT_LESS = N_OUT - 1;
    localparam [TIMER_BITS-1:0] ONE = 1;
    localparam [TIMER_BITS-1:0] LAST_STEP = STEPS_LESS[TIMER_BITS-1:0];
    localparam [TIMER_BITS-1:0] LAST_BIT = QUOTIENT_LESS[TIMER_BITS-1:0];
    localparam [IN_BITS-1:0] LAST_COLUMN = IN_LESS[IN_BITS-1:0];
    localparam [OUT_BITS-1:0] LAST_ROW = OUT_LESS[OUT_BITS-1:0];

    reg [TIMER_BITS-1:0] timer;   // cycles left in this phase

    wire last_word = last_column && row == LAST_ROW;
    wire next_word = computing || (learning && beat);

    assign clear       = phase == ARM;
    assign observing   = phase == OBSERVE;
    assign computing   = phase == COMPUTE;
    assign decoding    = phase == DECODE;
    assign ready       = phase == READY;
    assign learning    = phase == LEARN;
    assign last_column = column == LAST_COLUMN;

    always @(posedge clk) begin
        if (reset) begin
            phase <= IDLE;
        end else begin
            case (phase)
                IDLE:    if (start) phase <= ARM;
                ARM:     if (timer == 0) phase <= OBSERVE;
                OBSERVE: if (timer == 0) phase <= COMPUTE;
                COMPUTE: if (last_word) phase <= DRAIN;
                DRAIN:   if (timer == 0) phase <= DECODE;
                DECODE:  if (timer == 0) phase <= READY;
                READY:   if (learn) phase <= LEARN; else if (start) phase <= ARM;
                LEARN:   if (beat && last_word) phase <= IDLE;
            endcase
        end
    end

    always @(posedge clk) begin
        if (timer != 0)
            timer <= timer - 1'b1;
        else begin
            case (phase)
                ARM:     timer <= LAST_STEP;
                OBSERVE: timer <= ONE;        // waits through COMPUTE, below
                DRAIN:   timer <= LAST_BIT;
                default: timer <= ONE;
            endcase
        end
        // These phases are as long as others say; the timer stands ready for the one that follows.
        if (reset || phase == IDLE || phase == COMPUTE || phase == READY || phase == LEARN)
            timer <= ONE;
    end

    always @(posedge clk) begin
        beat <= learning && !beat;
        if (phase == ARM || phase == READY) begin
            row    <= {OUT_BITS{1'b0}};
            column <= {IN_BITS{1'b0}};
        end else if (next_word) begin
            column <= last_column ? {IN_BITS{1'b0}} : column + 1'b1;
            if (last_column)
                row <= last_word ? {OUT_BITS{1'b0}} : row + 1'b1;
        end
    end
endmodule

`default_nettype wire
