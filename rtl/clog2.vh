// Number of bits that tell n values apart, at least 1: a constant function, since Verilog-2001 has no $clog2.
function integer clog2;
    input integer n;
    integer rest;
    begin
        clog2 = 1;
        for (rest = (n - 1) >> 1; rest > 0; rest = rest >> 1)
            clog2 = clog2 + 1;
    end
endfunction
