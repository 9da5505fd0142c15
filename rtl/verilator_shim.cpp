// Makes a Verilated module usable from outside: by ngspice's d_cosim (Cosim_setup), and cycle by cycle by Python (block_*).
//
// ports.inc, written at build time, lists the ports of the module in order: INPUT(name, width) and OUTPUT(name, width).
// Every instance has its own state, and ports may be of any width. Arguments come in pairs, a name and its value, since
// ngspice takes no "=" in them; the module sees +NAME=VALUE. With the name `vcd` the value is a file for the waveforms of
// all signals, in femtoseconds. Little-endian machines only: bit k of a port is bit k % 8 of its byte k / 8.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "Vblock.h"
#include "verilated.h"
#include "verilated_vcd_c.h"

namespace {

struct Port {
    const char* name;
    unsigned char* data;
    unsigned width;

    bool get(unsigned bit) const { return (data[bit / 8] >> (bit % 8)) & 1; }
    void set(unsigned bit, bool value) {
        const unsigned char mask = static_cast<unsigned char>(1u << (bit % 8));
        data[bit / 8] = static_cast<unsigned char>(value ? data[bit / 8] | mask : data[bit / 8] & ~mask);
    }
    std::size_t words() const { return (width + 31) / 32; }
    // Whole words, as Python counts them; the port itself may be a byte wide only.
    std::size_t bytes() const { return width <= 8 ? 1 : width <= 16 ? 2 : 4 * words(); }
};

class Block {
public:
    Block(int count, const char* const* arguments) {
        std::vector<std::string> texts{"block"};
        for (int n = 0; n + 1 < count; n += 2) {
            texts.push_back(std::string("+") + arguments[n] + "=" + arguments[n + 1]);
            if (!std::strcmp(arguments[n], "vcd")) file_ = arguments[n + 1];
        }
        std::vector<const char*> all;
        for (const std::string& text : texts) all.push_back(text.c_str());
        context_.commandArgs(static_cast<int>(all.size()), all.data());
        context_.timeunit(-15);
        context_.timeprecision(-15);
        context_.traceEverOn(!file_.empty());
        top_ = std::make_unique<Vblock>(&context_);
#define INPUT(port, width) inputs.push_back({#port, reinterpret_cast<unsigned char*>(&top_->port), width});
#define OUTPUT(port, width) outputs.push_back({#port, reinterpret_cast<unsigned char*>(&top_->port), width});
#include "ports.inc"
#undef INPUT
#undef OUTPUT
        if (!file_.empty()) {
            trace_ = std::make_unique<VerilatedVcdC>();
            top_->trace(trace_.get(), 99);
            trace_->set_time_unit("1fs");
            trace_->set_time_resolution("1fs");
            trace_->open(file_.c_str());
        }
        top_->eval();
    }
    ~Block() {
        close();
        top_->final();
    }
    void close() {
        if (trace_) trace_->close();
        trace_.reset();
    }
    // Bring the module to a time [fs] at which inputs have changed. Changes at one instant are written a femtosecond
    // apart, since the format holds one set of values for each time.
    void eval(std::uint64_t time) {
        context_.time(time);
        top_->eval();
        if (trace_) trace_->dump(written_ = time > written_ ? time : written_ + 1);
    }

    std::vector<Port> inputs, outputs;
    std::vector<bool> seen;   // by d_cosim: output bits as it knows them

private:
    VerilatedContext context_;
    std::unique_ptr<Vblock> top_;
    std::unique_ptr<VerilatedVcdC> trace_;
    std::string file_;
    std::uint64_t written_ = 0;
};


}  // namespace

// ---- For Python: a clocked module, many cycles in one call.

static constexpr std::uint64_t CYCLE = 1000000;   // fs

extern "C" const char* block_ports() {
#define INPUT(port, width) "INPUT " #port " " #width "\n"
#define OUTPUT(port, width) "OUTPUT " #port " " #width "\n"
    return
#include "ports.inc"
        "";
#undef INPUT
#undef OUTPUT
}

extern "C" void* block_new(int count, const char* const* arguments) { return new Block(count, arguments); }
extern "C" void block_free(void* block) { delete static_cast<Block*>(block); }

// Row by row: set all inputs but the clock, give `repeat` clock cycles, read all outputs. Each port takes whole 32-bit
// words, in the order of the ports. A cycle is 1 ns of the waveforms, with the rising edge in its middle.
extern "C" void block_run(void* handle, const std::uint32_t* in, const std::uint64_t* repeat, std::size_t rows,
                          std::uint32_t* out, std::uint64_t first_cycle) {
    Block& block = *static_cast<Block*>(handle);
    std::uint64_t cycle = first_cycle;
    Port* clock = nullptr;
    for (Port& port : block.inputs)
        if (!std::strcmp(port.name, "clk")) clock = &port;
    for (std::size_t row = 0; row < rows; ++row) {
        for (Port& port : block.inputs) {
            if (&port == clock) continue;
            std::memcpy(port.data, in, port.bytes());
            in += port.words();
        }
        for (std::uint64_t n = 0; n < repeat[row]; ++n, ++cycle) {
            if (clock) clock->set(0, false);
            block.eval(CYCLE * cycle);
            if (clock) clock->set(0, true);
            block.eval(CYCLE * cycle + CYCLE / 2);
        }
        for (const Port& port : block.outputs) {
            std::memset(out, 0, 4 * port.words());
            std::memcpy(out, port.data, port.bytes());
            out += port.words();
        }
    }
}

// ---- For ngspice: events at times of its choice. Bits of a port count from the highest, as in ngspice's own script.

#ifdef WITH_NGSPICE
#include "ngspice/cmtypes.h"
#include "ngspice/cosim.h"

namespace {

std::set<Block*> alive;

// Blocks that ngspice did not free before its process ends still have to complete their waveforms.
void finish() {
    for (Block* block : alive) block->close();
    alive.clear();
}

void give(co_info* info, unsigned index, Digital_t* value) {
    if (value->state == UNKNOWN) return;   // Verilator knows two states
    for (Port& port : static_cast<Block*>(info->handle)->inputs) {
        if (index < port.width) {
            port.set(port.width - 1 - index, value->state == ONE);
            return;
        }
        index -= port.width;
    }
}

void step(co_info* info) {
    Block& block = *static_cast<Block*>(info->handle);
    block.eval(static_cast<std::uint64_t>(std::llround(info->vtime * 1e15)));
    unsigned index = 0;
    for (const Port& port : block.outputs)
        for (unsigned bit = port.width; bit-- > 0; ++index)
            if (port.get(bit) != block.seen[index]) {
                block.seen[index] = port.get(bit);
                Digital_t value = {port.get(bit) ? ONE : ZERO, STRONG};
                info->out_fn(info, index, &value);
            }
}

void cleanup(co_info* info) {
    Block* block = static_cast<Block*>(info->handle);
    if (alive.erase(block)) delete block;
    info->handle = nullptr;
}

}  // namespace

extern "C" void Cosim_setup(co_info* info) {
    // Registered late, so that it runs before the destructors of Verilator's own static objects.
    static const bool registered = std::atexit(finish) == 0;
    static_cast<void>(registered);
    Block* block = new Block(static_cast<int>(info->sim_argc), info->sim_argv);
    alive.insert(block);
    info->handle = block;
    for (const Port& port : block->inputs) info->in_count += port.width;
    for (const Port& port : block->outputs) info->out_count += port.width;
    block->seen.assign(info->out_count, false);
    info->inout_count = 0;
    info->in_fn = give;
    info->step = step;
    info->cleanup = cleanup;
    info->method = After_input;   // nothing happens in the module without a change of an input
}
#endif
