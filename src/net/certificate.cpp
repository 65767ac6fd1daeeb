#include "net/certificate.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <system_error>

namespace polyphase::net {
namespace {

constexpr std::size_t name_bytes_max = 64;  // of a common name, X.520
constexpr std::size_t pem_bytes_max = 256 * 1024;
constexpr std::int64_t day_s = 86'400;

template <auto free>
struct Free {
  template <class T>
  void operator()(T* pointer) const {
    free(pointer);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using X509Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free_all>>;

std::string pem_of(const auto& write) {
  const Memory memory(BIO_new(BIO_s_mem()));
  if (!memory || write(memory.get()) != 1) return {};
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

/// Never asks the terminal for a pass phrase.
int no_pass_phrase(char*, int, int, void*) { return 0; }

Key key_of(const std::string& pem) {
  const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Key(PEM_read_bio_PrivateKey(memory.get(), nullptr, no_pass_phrase, nullptr));
}

X509Certificate leaf_of(const std::string& pem) {
  const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return X509Certificate(PEM_read_bio_X509(memory.get(), nullptr, no_pass_phrase, nullptr));
}

Instant instant_of_asn1(const ASN1_TIME* time) {
  std::tm broken{};
  if (ASN1_TIME_to_tm(time, &broken) != 1) return {};
  const auto instant = instant_of({broken.tm_year + 1900, broken.tm_mon + 1, broken.tm_mday,
                                   broken.tm_hour, broken.tm_min, broken.tm_sec, 0});
  return instant ? *instant : Instant{};
}

std::string fingerprint(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{}{:02X}", i == 0 ? "" : ":", digest[i]);
  return text;
}

/// A certificate and the key that belongs to it; nothing: one is missing or they do not.
std::optional<Certificate> checked(std::string chain, std::string key) {
  const X509Certificate leaf = leaf_of(chain);
  const Key private_key = key_of(key);
  if (!leaf || !private_key || X509_check_private_key(leaf.get(), private_key.get()) != 1)
    return std::nullopt;
  Certificate certificate;
  certificate.valid_until = instant_of_asn1(X509_get0_notAfter(leaf.get()));
  certificate.sha256 = fingerprint(leaf.get());
  certificate.chain_pem = std::move(chain);
  certificate.key_pem = std::move(key);
  return certificate;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text(pem_bytes_max, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

/// All of it or nothing, readable by its owner alone.
Result<void> write_file(const std::filesystem::path& path, std::string_view text) {
  const std::string fresh = path.string() + ".new";
  const auto trouble = [&] {
    const int error = errno;
    ::unlink(fresh.c_str());
    return fail(ErrorCode::io, fmt::format("cannot write {}: {}", path.string(),
                                           std::system_category().message(error)));
  };
  ::unlink(fresh.c_str());
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return trouble();
  const bool written =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::fsync(file) == 0;
  if (::close(file) != 0 || !written || ::rename(fresh.c_str(), path.c_str()) != 0)
    return trouble();
  return {};
}

bool add_extension(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

/// A host name as it may stand in a certificate: nothing that would begin another entry there.
bool is_host_name(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  for (const char c : name)
    if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' &&
        c != '.')
      return false;
  return true;
}

bool is_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return ::inet_pton(AF_INET, text.c_str(), ignored.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), ignored.data()) == 1;
}

std::string alternative_names(const CertificateSubject& subject) {
  std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
  for (const std::string& name : subject.names)
    if (is_host_name(name) && name != "localhost") names += ",DNS:" + name;
  for (const std::string& address : subject.addresses)
    if (is_address(address) && address != "127.0.0.1" && address != "::1")
      names += ",IP:" + address;
  return names;
}

bool fill(X509* certificate, EVP_PKEY* key, const CertificateSubject& subject, Instant now) {
  std::array<unsigned char, 16> serial{};
  if (RAND_bytes(serial.data(), static_cast<int>(serial.size())) != 1) return false;
  serial[0] = static_cast<unsigned char>((serial[0] & 0x3fu) | 0x40u);  // positive, never short
  const std::unique_ptr<BIGNUM, Free<BN_free>> number(
      BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  const std::time_t begin = static_cast<std::time_t>(now.ns / 1'000'000'000 - day_s);
  const std::time_t end = begin + (certificate_days + 1) * day_s;
  const std::string name = subject.common_name.substr(0, name_bytes_max);
  X509_NAME* who = X509_get_subject_name(certificate);
  return number &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr &&
         X509_set_version(certificate, X509_VERSION_3) == 1 &&
         ASN1_TIME_set(X509_getm_notBefore(certificate), begin) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), end) != nullptr &&
         X509_NAME_add_entry_by_txt(
             who, "CN", MBSTRING_UTF8,
             reinterpret_cast<const unsigned char*>(name.empty() ? "Polyphase" : name.c_str()), -1,
             -1, 0) == 1 &&
         X509_set_issuer_name(certificate, who) == 1 && X509_set_pubkey(certificate, key) == 1 &&
         add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
         add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
         add_extension(certificate, NID_ext_key_usage, "serverAuth") &&
         add_extension(certificate, NID_subject_key_identifier, "hash") &&
         add_extension(certificate, NID_subject_alt_name, alternative_names(subject)) &&
         X509_sign(certificate, key, EVP_sha256()) > 0;
}

Result<Certificate> make(const CertificateSubject& subject, Instant now) {
  const Key key(EVP_EC_gen("P-256"));
  const X509Certificate certificate(X509_new());
  if (key && certificate && fill(certificate.get(), key.get(), subject, now)) {
    auto made = checked(
        pem_of([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); }),
        pem_of([&](BIO* out) {
          return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        }));
    if (made) return std::move(*made);
  }
  return fail(ErrorCode::invalid_config,
              fmt::format("cannot make a certificate for '{}': the name must be UTF-8",
                          subject.common_name.substr(0, name_bytes_max)));
}

}  // namespace

Result<Certificate> load_or_make_certificate(const std::filesystem::path& folder,
                                             const CertificateSubject& subject, Instant now) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    return fail(ErrorCode::io, fmt::format("cannot make {}: {}", folder.string(), error.message()));
  if (const auto custom = folder / "custom.pem"; std::filesystem::exists(custom, error)) {
    const std::string pem = read_file(custom);
    auto certificate = checked(pem, pem);
    if (!certificate)
      return fail(ErrorCode::invalid_config,
                  custom.string() +
                      " must hold a certificate and its private key as PEM, without a pass phrase; "
                      "put them there, or remove the file for a self-signed one");
    certificate->self_signed = false;
    return std::move(*certificate);
  }
  const auto ours = folder / "self-signed.pem";
  const std::string pem = read_file(ours);
  if (auto certificate = checked(pem, pem);
      certificate && certificate->valid_until > now.plus_s(double{certificate_renew_days} * day_s))
    return std::move(*certificate);
  auto made = make(subject, now);
  if (!made) return made;
  if (auto written = write_file(ours, made->key_pem + made->chain_pem); !written)
    return tl::unexpected(written.error());
  return made;
}

}  // namespace polyphase::net
