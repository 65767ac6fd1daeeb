#include "system/veth.hpp"

#include <sched.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace polyphase::system_test {

std::string make_network() {
  if (::unshare(CLONE_NEWNET) != 0)
    return std::string("a network namespace needs root: ") + std::strerror(errno);
  // Servers of the programs that are started here listen on it.
  if (std::system("ip link set lo up") != 0) return "'ip' does not work here (package iproute2)";
  return make_wire();
}

std::string make_wire() {
  for (const char* command :
       {"ip link add name va type veth peer name vb", "ip link set va up", "ip link set vb up"})
    if (std::system(command) != 0)
      return std::string("'") + command + "' does not work here (package iproute2)";
  return {};
}

bool remove_wire() { return std::system("ip link del va") == 0; }

}  // namespace polyphase::system_test
