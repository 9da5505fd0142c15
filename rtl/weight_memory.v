// The memory of the weights as the digital part sees it: one word a cycle, read data in the cycle after.
//
// Stands for the ST-MRAM array with its sense amplifiers and write drivers; not synthesised. In a simulation its first
// contents may come with it: +weights=HEX, all words in one number, word 0 in the lowest bits.
`default_nettype none

module weight_memory #(
    parameter WORDS = 16,
    parameter ADDRESS_BITS = 4,
    parameter BITS = 8
) (
    input  wire                    clk,
    input  wire                    read,
    input  wire                    write,
    input  wire [ADDRESS_BITS-1:0] address,
    input  wire [BITS-1:0]         data,
    output reg  [BITS-1:0]         q
);
    reg [BITS-1:0] words [0:WORDS-1];

`ifndef SYNTHESIS
    reg [WORDS*BITS-1:0] first;
    integer n;
    initial begin
        if ($value$plusargs("weights=%h", first)) begin
            for (n = 0; n < WORDS; n = n + 1)
                words[n] = first[n*BITS +: BITS];
        end
    end
`endif

    always @(posedge clk) begin
        if (write)
            words[address] <= data;
        if (read)
            q <= words[address];
    end
endmodule

`default_nettype wire
