// Switching vector of 3 junctions under 2 inputs -> category.
// Made by spinspice.networks.chain.lut: change the cells there, not this file.
module classifier_lut (
    input  wire [5:0] switched, // bit 3*j + i: junction i under input j
    output reg  [2:0] category,
    output reg  assigned
);
    wire [1:0] count_0 = switched[0] + switched[1] + switched[2];
    wire [1:0] count_1 = switched[3] + switched[4] + switched[5];
    always @* begin
        assigned = 1'b1;
        case ({count_0, count_1})
            {2'd0, 2'd0}: category = 3'd0;
            {2'd0, 2'd1}: category = 3'd1;
            {2'd0, 2'd2}: category = 3'd2;
            {2'd1, 2'd0}: category = 3'd4;
            {2'd1, 2'd1}: category = 3'd3;
            {2'd1, 2'd2}: category = 3'd6;
            {2'd2, 2'd0}: category = 3'd5;
            default: begin category = 3'd0; assigned = 1'b0; end
        endcase
    end
endmodule
