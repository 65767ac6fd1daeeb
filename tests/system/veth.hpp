#pragma once

#include <string>

namespace polyphase::system_test {

/// A network of this thread alone (and of the threads and programs that it starts): two interfaces,
/// `va` and `vb`, joined by a wire. Needs root, and `ip` of iproute2.
/// Returns why there is none; empty: it is there.
std::string make_network();

/// Takes the two interfaces away, and makes two of the same names again, in that network.
bool remove_wire();
std::string make_wire();

}  // namespace polyphase::system_test
