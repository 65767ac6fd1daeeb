#include "net/certificate.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "temporary_folder.hpp"

namespace polyphase::net {
namespace {

constexpr Instant now{1'790'000'000'000'000'000};  // September 2026
constexpr double day_s = 86'400;

class CertificateOfAMeter : public ::testing::Test {
 protected:
  Certificate load(Instant at = now) {
    auto certificate = load_or_make_certificate(
        folder_.path() / "tls", {"Feeder 7", {"meter.example", "bad,DNS:name"}, {"192.0.2.7", "x"}},
        at);
    EXPECT_TRUE(certificate) << certificate.error().text();
    return certificate ? *certificate : Certificate{};
  }
  /// What openssl says of it.
  std::string shown(const std::string& options) {
    const std::string pem = folder_.path() / "tls" / "self-signed.pem", out = folder_.file("out");
    const std::string command = "openssl x509 -noout " + options + " -in " + pem + " >" + out;
    EXPECT_EQ(std::system(command.c_str()), 0);
    std::ifstream stream(out);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  testing::TemporaryFolder folder_;
};

// Covers: HTTPS-005
TEST_F(CertificateOfAMeter, IsSelfSignedAndNamesIt) {
  const Certificate certificate = load();
  EXPECT_TRUE(certificate.self_signed);
  const std::string subject = shown("-subject -issuer -nameopt RFC2253");
  EXPECT_EQ(subject, "subject=CN=Feeder 7\nissuer=CN=Feeder 7\n");
  const std::string names = shown("-ext subjectAltName");
  EXPECT_NE(names.find("DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, "
                       "DNS:meter.example, IP Address:192.0.2.7\n"),
            std::string::npos)
      << names;
  EXPECT_NE(shown("-text").find("NIST CURVE: P-256"), std::string::npos);
}

TEST_F(CertificateOfAMeter, IsKeptWithAKeyForItsOwnerAlone) {
  const Certificate first = load(), second = load();
  EXPECT_EQ(first.sha256, second.sha256);
  EXPECT_EQ(first.sha256.size(), 95u);
  struct stat about {};
  ASSERT_EQ(::stat((folder_.path() / "tls" / "self-signed.pem").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777u, 0600u);
}

TEST_F(CertificateOfAMeter, IsMadeAnewNearItsEnd) {
  const Certificate first = load();
  const double good_days = certificate_days - certificate_renew_days - 1;
  EXPECT_EQ(load(now.plus_s(good_days * day_s)).sha256, first.sha256);
  const Certificate fresh = load(now.plus_s((good_days + 2) * day_s));
  EXPECT_NE(fresh.sha256, first.sha256);
  EXPECT_GT(fresh.valid_until, first.valid_until);
}

TEST_F(CertificateOfAMeter, IsMadeAnewWhenItsFileIsDamaged) {
  const Certificate first = load();
  std::ofstream(folder_.path() / "tls" / "self-signed.pem") << "damaged";
  EXPECT_NE(load().sha256, first.sha256);
}

TEST_F(CertificateOfAMeter, IsTheOperatorsWhenHeGivesOne) {
  const Certificate ours = load();
  std::ofstream(folder_.path() / "tls" / "custom.pem") << ours.key_pem << ours.chain_pem;
  const Certificate custom = load();
  EXPECT_FALSE(custom.self_signed);
  EXPECT_EQ(custom.sha256, ours.sha256);
}

TEST_F(CertificateOfAMeter, OfTheOperatorWithoutItsKeyIsRefused) {
  const Certificate ours = load();
  std::ofstream(folder_.path() / "tls" / "custom.pem") << ours.chain_pem;
  const auto custom = load_or_make_certificate(folder_.path() / "tls", {}, now);
  ASSERT_FALSE(custom);
  EXPECT_EQ(custom.error().code, ErrorCode::invalid_config);
}

TEST_F(CertificateOfAMeter, WithoutAFolderToKeepItInIsRefused) {
  std::ofstream(folder_.file("file")) << "a file";
  const auto certificate = load_or_make_certificate(folder_.file("file"), {}, now);
  ASSERT_FALSE(certificate);
  EXPECT_EQ(certificate.error().code, ErrorCode::io);
}

}  // namespace
}  // namespace polyphase::net
