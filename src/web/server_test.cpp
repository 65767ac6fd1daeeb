// The server as a whole: TLS, headers, the page, what it tells the meter.
#include <gtest/gtest.h>

#include "https_site.hpp"
#include "web/embedded.hpp"

namespace polyphase::web {
namespace {

using control::ServiceStatus;
using testing::Answer;

class WebServer : public testing::Site {
 protected:
  std::string plain_url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + path;
  }
};

// Covers: OVR-034, HTTPS-001, WEB-006
TEST_F(WebServer, ServesAPageWithoutASession) {
  start();
  const Answer page = curl("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_NE(page.body.find("<html"), std::string::npos);
  EXPECT_EQ(page.header("Cache-Control"), "no-cache");
  EXPECT_EQ(curl("/none.js").status, 404);
}

// Covers: HTTPS-003, DFL-001
TEST_F(WebServer, SendsPlainHttpOfTheSamePortToHttps) {
  start();
  const Answer answer = curl_url(plain_url("/some?page=1"), {"-X", "POST", "-d", "a"});
  EXPECT_EQ(answer.status, 308);
  EXPECT_EQ(answer.header("Location"), url("/some?page=1"));
  EXPECT_EQ(curl_url(plain_url("/"), {"-L"}).status, 200);
}

TEST_F(WebServer, SaysWithEachAnswerWhatABrowserMayDo) {
  start();
  for (const char* path : {"/", "/none", "/api/v1/session", "/api/v1/openapi.json"}) {
    const Answer answer = curl(path);
    EXPECT_NE(answer.header("Content-Security-Policy").find("default-src 'self'"),
              std::string::npos);
    EXPECT_NE(answer.header("Content-Security-Policy").find("frame-ancestors 'none'"),
              std::string::npos);
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(answer.header("Strict-Transport-Security"), "") << "with a certificate of our own";
  }
  EXPECT_EQ(curl("/api/v1/session").header("Cache-Control"), "no-store");
}

TEST_F(WebServer, AsksForHttpsAloneWithACertificateOfTheOperator) {
  start();
  std::filesystem::rename(folder_.path() / "tls" / "self-signed.pem",
                          folder_.path() / "tls" / "custom.pem");
  start();
  EXPECT_EQ(curl("/").header("Strict-Transport-Security"), "max-age=15552000");
}

// Covers: SEC-061
TEST_F(WebServer, SpeaksTls12And13WithStrongCiphersOnly) {
  start();
  EXPECT_EQ(curl("/", {"--tls-max", "1.2"}).status, 200);
  EXPECT_EQ(curl("/", {"--tlsv1.3"}).status, 200);
  EXPECT_EQ(curl("/", {"--tls-max", "1.1", "--ciphers", "ALL:@SECLEVEL=0"}).status, 0);
  for (const char* weak : {"AES128-SHA", "AES256-GCM-SHA384", "ECDHE-ECDSA-AES256-SHA384"})
    EXPECT_EQ(curl("/", {"--tls-max", "1.2", "--ciphers", weak}).status, 0) << weak;
}

// Another implementation of TLS than curl's, version by version. Covers: SEC-061
TEST_F(WebServer, RefusesOldVersionsOfTlsFromWhoeverOffersThem) {
  start();
  const std::string client =
      "openssl s_client -connect 127.0.0.1:" + std::to_string(server_->port()) + " ";
  for (const char* refused :
       {"-tls1 -cipher ALL:@SECLEVEL=0", "-tls1_1 -cipher ALL:@SECLEVEL=0",
        "-tls1_2 -cipher AES128-SHA", "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA",
        "-tls1_2 -cipher eNULL:aNULL:@SECLEVEL=0"}) {
    const auto seen = testing::run(client + refused + " </dev/null");
    EXPECT_NE(seen.status, 0) << refused;
    EXPECT_NE(seen.text.find("alert"), std::string::npos) << refused << ": " << seen.text;
  }
  for (const auto& [taken, version] : {std::pair{"-tls1_2", "TLSv1.2"}, {"-tls1_3", "TLSv1.3"}}) {
    const auto seen = testing::run(client + taken + " </dev/null");
    EXPECT_EQ(seen.status, 0) << seen.text;
    EXPECT_NE(seen.text.find(version), std::string::npos) << seen.text;
  }
}

TEST_F(WebServer, HasACertificateOfAServerAndNothingElse) {
  start();
  const auto seen =
      testing::run("openssl s_client -connect 127.0.0.1:" + std::to_string(server_->port()) +
                   " </dev/null 2>/dev/null | openssl x509 -noout -text");
  for (const char* field :
       {"DNS:localhost", "DNS:meter.example", "IP Address:127.0.0.1",
        "TLS Web Server Authentication", "CA:FALSE", "Digital Signature", "ecdsa-with-SHA256"})
    EXPECT_NE(seen.text.find(field), std::string::npos) << field << seen.text;
}

TEST_F(WebServer, ShowsACertificateThatNamesTheHost) {
  start();
  const std::string pem = folder_.path() / "tls" / "self-signed.pem";
  const std::string port = std::to_string(server_->port());
  const auto trusted = testing::run("curl -s --cacert " + pem + " --resolve meter.example:" + port +
                                    ":127.0.0.1 https://meter.example:" + port + "/");
  EXPECT_EQ(trusted.status, 0) << trusted.text;
}

TEST_F(WebServer, TellsTheMeterWhereItListens) {
  start();
  const ServiceStatus service = meter_.service(service_name);
  EXPECT_EQ(service.state, ServiceStatus::State::up);
  EXPECT_EQ(service.address, "127.0.0.1:" + std::to_string(server_->port()));
  EXPECT_NE(service.reason.find(server_->certificate_sha256()), std::string::npos);
  EXPECT_NE(service.reason.find("this machine only"), std::string::npos);
  server_.reset();
  EXPECT_EQ(meter_.service(service_name).state, ServiceStatus::State::off);
}

TEST_F(WebServer, TellsTheMeterWhyItCannotListen) {
  start();
  ServerOptions options;
  options.certificate_folder = folder_.path() / "tls";
  options.port = server_->port();
  const auto second = Server::start(meter_, options);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::io);
  EXPECT_EQ(meter_.service(service_name).state, ServiceStatus::State::failed);
  EXPECT_NE(meter_.service(service_name).reason.find("free the port"), std::string::npos);
}

TEST_F(WebServer, ListensOnThisMachineAloneUntilThePasswordIsChanged) {
  start();
  EXPECT_EQ(server_->address().substr(0, 10), "127.0.0.1:");
  meter_.restrict_to_loopback(false);
  start();
  EXPECT_NE(server_->address().substr(0, 10), "127.0.0.1:");
  EXPECT_EQ(curl("/").status, 200);
}

// Covers: HTTPS-004
TEST_F(WebServer, ListensOnThePortThatItIsGiven) {
  start();
  ServerOptions options;
  options.port = server_->port();
  server_.reset();
  start(options);
  EXPECT_EQ(server_->port(), options.port);
}

TEST_F(WebServer, GivesFilesOfAFolderWithTheirTypes) {
  const auto site = folder_.path() / "site";
  std::filesystem::create_directories(site / "assets");
  std::ofstream(site / "index.html") << "page";
  std::ofstream(site / "assets" / "a.js") << "code";
  ServerOptions options;
  options.static_folder = site;
  start(options);
  EXPECT_EQ(curl("/").body, "page");
  const Answer code = curl("/assets/a.js");
  EXPECT_EQ(code.body, "code");
  EXPECT_EQ(code.header("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(curl("/assets/a.js", {"-I"}).header("Content-Length"), "4");
}

/// The page may have been built into this program or not.
TEST_F(WebServer, GivesBuiltInFilesCompressedToWhoTakesIt) {
  start();
  for (const embedded::EmbeddedFile& file : embedded::ui_files()) {
    const std::string path(file.path);
    EXPECT_EQ(curl(path).body, file.bytes) << path;
    const Answer compressed = curl(path, {"--compressed"});
    EXPECT_EQ(compressed.body, file.bytes) << path;
    EXPECT_EQ(compressed.header("Content-Encoding") == "gzip",
              file.gzip.size() < file.bytes.size());
    EXPECT_EQ(compressed.header("Cache-Control"),
              path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
  }
}

}  // namespace
}  // namespace polyphase::web
