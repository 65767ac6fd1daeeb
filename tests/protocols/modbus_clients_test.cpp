// The server, asked by clients that are not ours, and by the page that describes it.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "fake_meter.hpp"
#include "modbus_client.hpp"
#include "protocols/modbus/server.hpp"
#include "wire/modbus/format.hpp"

namespace polyphase::protocols::modbus {
namespace {

using polyphase::testing::FakeMeter;
using polyphase::testing::from_hex;
using polyphase::testing::ModbusClient;

struct Output {
  int status = -1;
  std::string text;  ///< both streams
};

Output run(const std::string& command) {
  Output output;
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return output;
  char buffer[4'096];
  for (std::size_t got = 0; (got = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    output.text.append(buffer, got);
  output.status = WEXITSTATUS(::pclose(pipe));
  return output;
}

class ModbusClients : public ::testing::Test {
 protected:
  ModbusClients() {
    meter_.module("PM1", "Power Meter");
    meter_.output("Vln a", 230.5);
    meter_.output("kWh del", 1'234'567.5);
    meter_.output("kW tot", -12.5);
    const auto reversed =
        meter_.output("Phase Rev", 1, registers::Cadence::second, registers::RegisterType::boolean);
    meter_.setup("PT Prim", 12, 1, 999'999);
    meter_.setup_text("Owner", "substation 7");
    meter_.module("DM1", "Data Mapping");
    meter_.setup_text("Map",
                      "3028,FLOAT32,Vln a;Vln b\n2700,FLOAT32,kWh del\n3060,FLOAT32,kW tot\n"
                      "3204,INT64,kWh del,1000\n60451,UINT16,Phase Rev\n61001,INT32,kW tot,1000\n");
    meter_.setup_text("Setup Map", "60011,FLOAT32,PM1.PT Prim\n30,UTF8*20,PM1.Owner\n");
    meter_.module("MSR1", "Modbus Slave");
    meter_.input("Source 1", reversed);
    meter_.setup("Format", static_cast<double>(wire::modbus::Format::packed_coils), 0, 10);
    meter_.setup("BaseAddr", 100, 0, 65'535);
    ServerOptions options;
    options.port = 0;
    auto started = Server::start(meter_, options);
    EXPECT_TRUE(started) << started.error().text();
    server_ = std::move(*started);
  }
  std::string port() const { return std::to_string(server_->port()); }

  FakeMeter meter_;
  std::unique_ptr<Server> server_;
};

TEST_F(ModbusClients, SeeWhatTheDocumentationPromises) {
  std::ifstream page(POLYPHASE_SOURCE_DIR "/docs/modbus.md");
  ModbusClient client(server_->port());
  std::string line;
  int answers = 0;
  while (std::getline(page, line)) {
    if (line.starts_with("> ")) {
      client.send(from_hex(line.substr(2)));
    } else if (line.starts_with("< ")) {
      EXPECT_EQ(client.reply(), line.substr(2 + 3 * wire::modbus::header_size)) << line;
      ++answers;
    }
  }
  EXPECT_EQ(answers, 9);
}

// Covers: MOD-001, COV-003
TEST_F(ModbusClients, MbpollReadsFloatsIntegersAndCoils) {
  if (run("mbpoll -V").status == 127) GTEST_SKIP() << "mbpoll is not installed (packages/test.txt)";
  const std::string start = "mbpoll -m tcp -a 1 -1 -q -p " + port() + " ";
  const auto voltage = run(start + "-B -t 4:float -r 3028 -c 1 127.0.0.1");
  EXPECT_EQ(voltage.status, 0) << voltage.text;
  EXPECT_NE(voltage.text.find("[3028]: \t230.5"), std::string::npos) << voltage.text;
  const auto power = run(start + "-B -t 4:int -r 61001 -c 1 127.0.0.1");
  EXPECT_NE(power.text.find("[61001]: \t-12500"), std::string::npos) << power.text;
  const auto coil = run(start + "-t 0 -r 100 -c 1 127.0.0.1");
  EXPECT_NE(coil.text.find("[100]: \t1"), std::string::npos) << coil.text;
  const auto unmapped = run(start + "-t 4:hex -r 5000 -c 2 127.0.0.1");
  EXPECT_NE(unmapped.text.find("[5001]: \t0x8000"), std::string::npos) << unmapped.text;
  const auto half = run(start + "-t 4 -r 3028 -c 1 127.0.0.1");
  EXPECT_NE(half.text.find("Illegal data value"), std::string::npos) << half.text;
  const auto function_4 = run(start + "-t 3 -r 3028 -c 2 127.0.0.1");
  EXPECT_NE(function_4.text.find("Illegal function"), std::string::npos) << function_4.text;
}

TEST_F(ModbusClients, MbpollWritesASetupRegister) {
  if (run("mbpoll -V").status == 127) GTEST_SKIP() << "mbpoll is not installed (packages/test.txt)";
  const auto written =
      run("mbpoll -m tcp -a 1 -q -B -t 4:float -r 60011 -p " + port() + " 127.0.0.1 100");
  EXPECT_EQ(written.status, 0) << written.text;
  const auto changes = meter_.changes();
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].value, "100");
}

constexpr const char* python_client = R"py(
import struct, sys
from pymodbus.client import ModbusTcpClient
from pymodbus.mei_message import ReadDeviceInformationRequest
client = ModbusTcpClient("127.0.0.1", port=int(sys.argv[1]))
assert client.connect()
regs = client.read_holding_registers(3027, 2, slave=1).registers
print("volt", struct.unpack(">f", struct.pack(">2H", *regs))[0])
regs = client.read_holding_registers(3203, 4, slave=255).registers
print("energy", struct.unpack(">q", struct.pack(">4H", *regs))[0])
print("owner", b"".join(struct.pack(">H", r) for r in
                        client.read_holding_registers(29, 20, slave=1).registers).rstrip(b"\0").decode())
print("half", client.read_holding_registers(3027, 1, slave=1).exception_code)
print("input", client.read_input_registers(3027, 2, slave=1).exception_code)
print("coil", client.read_coils(99, 1, slave=1).bits[0])
print("write", client.write_registers(60010, list(struct.unpack(">2H", struct.pack(">f", 100))), slave=1).isError())
print("readonly", client.write_registers(3027, [0, 0], slave=1).exception_code)
info = client.execute(ReadDeviceInformationRequest(1, 0, unit=1)).information
print("vendor", info[0].decode(), info[2].decode())
)py";

// Covers: MOD-019
TEST_F(ModbusClients, PymodbusReadsWritesAndIdentifies) {
  if (run("/usr/bin/python3 -c 'import pymodbus.client'").status != 0)
    GTEST_SKIP() << "python3-pymodbus is not installed (packages/test.txt)";
  const std::string script = ::testing::TempDir() + "modbus_client.py";
  std::ofstream(script) << python_client;
  const auto seen = run("/usr/bin/python3 " + script + " " + port());
  EXPECT_EQ(seen.status, 0) << seen.text;
  EXPECT_EQ(seen.text,
            "volt 230.5\nenergy 1234567500\nowner substation 7\nhalf 3\ninput 1\ncoil True\n"
            "write False\nreadonly 3\nvendor Polyphase 0.0.1\n");
}

}  // namespace
}  // namespace polyphase::protocols::modbus
