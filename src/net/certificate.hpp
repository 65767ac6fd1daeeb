#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace polyphase::net {

inline constexpr int certificate_days = 730;       ///< that a certificate of ours is valid
inline constexpr int certificate_renew_days = 30;  ///< before its end it is made anew

/// What a server shows, and proves with the key.
struct Certificate {
  std::string chain_pem, key_pem;
  bool self_signed = true;  ///< ours; false: the one that the operator put there
  Instant valid_until;
  std::string sha256;  ///< fingerprint of the leaf, "AB:CD:…"
};

/// Whom a certificate of ours names.
struct CertificateSubject {
  std::string common_name;                    ///< of the meter
  std::vector<std::string> names, addresses;  ///< "localhost" and 127.0.0.1, ::1 are always there
};

/// The operator's `custom.pem` (chain, leaf first, and private key in one file) when it is in
/// `folder`; else the self-signed one there (`self-signed.pem`, key 0600), made when there is none
/// or when it is near its end. A new one makes browsers ask again, so other names alone do not make
/// it anew: remove the file for that.
///
/// errors  io: the folder cannot be written; invalid_config: custom.pem does not hold both
Result<Certificate> load_or_make_certificate(const std::filesystem::path& folder,
                                             const CertificateSubject& subject, Instant now);

}  // namespace polyphase::net
