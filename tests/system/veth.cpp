#include "system/veth.hpp"

#include <sched.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace polyphase::system_test {

std::string make_network() {
  if (::unshare(CLONE_NEWNET) != 0)
    return std::string("a network namespace needs root: ") + std::strerror(errno);
  for (const char* command :
       {"ip link add name va type veth peer name vb", "ip link set va up", "ip link set vb up"})
    if (std::system(command) != 0)
      return std::string("'") + command + "' does not work here (package iproute2)";
  return {};
}

}  // namespace polyphase::system_test
