#include "meter/password.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <span>

namespace polyphase::meter {
namespace {

constexpr std::uint64_t cost = 1u << 14, block_size = 8, parallel = 1;
constexpr std::uint64_t memory_max = 64 << 20;
constexpr std::string_view prefix = "scrypt$14$8$1$";
constexpr std::size_t salt_bytes = 16, hash_bytes = 32;
using Hash = std::array<unsigned char, hash_bytes>;

std::string hexadecimal(std::span<const unsigned char> bytes) {
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

bool derive(std::string_view password, std::string_view salt, Hash& hash) {
  return EVP_PBE_scrypt(password.data(), password.size(),
                        reinterpret_cast<const unsigned char*>(salt.data()), salt.size(), cost,
                        block_size, parallel, memory_max, hash.data(), hash.size()) == 1;
}

}  // namespace

Result<void> check_password(std::string_view password, const PasswordRules& rules) {
  const auto refuse = [](std::string text) {
    return fail(ErrorCode::invalid_config, std::move(text));
  };
  if (password.size() > password_size_max)
    return refuse(fmt::format("a password has at most {} characters", password_size_max));
  if (password.size() < rules.size_min)
    return refuse(fmt::format("a password has at least {} characters here", rules.size_min));
  int upper = 0, lower = 0, digit = 0, other = 0;
  for (const char c : password) {
    if (c < ' ' || c > '~')
      return refuse("a password holds letters, digits, signs and spaces of ASCII only");
    if (c >= 'A' && c <= 'Z')
      upper = 1;
    else if (c >= 'a' && c <= 'z')
      lower = 1;
    else if (c >= '0' && c <= '9')
      digit = 1;
    else
      other = 1;
  }
  const int kinds = upper + lower + digit + other;
  using Complexity = PasswordRules::Complexity;
  if (rules.complexity == Complexity::ieee_1686 && kinds < 4)
    return refuse("a password needs an upper and a lower case letter, a digit and a sign");
  if (rules.complexity == Complexity::nerc_cip_007 && kinds < 3)
    return refuse(
        "a password needs three of these: upper case, lower case, digits, other characters");
  return {};
}

Result<std::string> random_token(std::size_t bytes) {
  std::string raw(bytes, '\0');
  auto* data = reinterpret_cast<unsigned char*>(raw.data());
  if (RAND_bytes(data, static_cast<int>(bytes)) != 1)
    return fail(ErrorCode::io, "the system gives no random numbers");
  return hexadecimal({data, bytes});
}

Result<std::string> hash_password(std::string_view password) {
  auto salt = random_token(salt_bytes);
  if (!salt) return salt;
  Hash hash;
  if (!derive(password, *salt, hash))
    return fail(ErrorCode::io, "the password cannot be hashed: is there memory left?");
  return fmt::format("{}{}${}", prefix, *salt, hexadecimal(hash));
}

bool password_matches(std::string_view password, std::string_view hash) {
  const bool ours = hash.starts_with(prefix) &&
                    hash.size() == prefix.size() + 2 * salt_bytes + 1 + 2 * hash_bytes;
  const std::string nobody(2 * salt_bytes, '0');
  const std::string_view salt =
      ours ? hash.substr(prefix.size(), 2 * salt_bytes) : std::string_view(nobody);
  Hash derived;
  if (!derive(password.substr(0, 2 * password_size_max), salt, derived) || !ours) return false;
  const std::string text = hexadecimal(derived);
  return CRYPTO_memcmp(text.data(), hash.data() + hash.size() - text.size(), text.size()) == 0;
}

}  // namespace polyphase::meter
