#include "curl_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <cstdio>
#include <thread>

namespace callrail {
namespace {

using testing::HasSubstr;

struct Certificate {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  std::unique_ptr<X509, decltype(&X509_free)> cert{X509_new(), X509_free};

  /// For "localhost", signed by itself.
  Certificate() {
    X509_set_version(cert.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(cert.get()), 3600);
    X509_set_pubkey(cert.get(), key.get());
    X509_NAME* const name = X509_get_subject_name(cert.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(cert.get(), name);
    X509_EXTENSION* const names =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost");
    X509_add_ext(cert.get(), names, -1);
    X509_EXTENSION_free(names);
    X509_sign(cert.get(), key.get(), EVP_sha256());
  }

  void write(const std::string& path) const {
    std::FILE* const file = std::fopen(path.c_str(), "w");
    PEM_write_X509(file, cert.get());
    std::fclose(file);
  }
};

class CurlTls : public testing::Test {
 protected:
  void SetUp() override {
    server.new_task_queue = [] { return new httplib::ThreadPool(8); };
    server.Get(".*", [this](const httplib::Request&, httplib::Response& response) {
      ++visits;
      response.set_content("{}", "application/octet-stream");
    });
    port = server.bind_to_any_port("127.0.0.1");
    thread = std::jthread{[this] { server.listen_after_bind(); }};
    while (!server.is_running()) std::this_thread::yield();
  }
  void TearDown() override { server.stop(); }
  std::string url(const std::string& host) const {
    return "https://" + host + ":" + std::to_string(port);
  }

  Certificate certificate;
  httplib::SSLServer server{certificate.cert.get(), certificate.key.get()};
  int port = 0;
  std::atomic<int> visits{0};
  std::jthread thread;
};

TEST_F(CurlTls, RefusesACertificateNobodyVouchesFor) {
  CurlTransport transport{options_for(url("localhost"))};
  const NetworkError error = failure(transport, url("localhost") + "/v3/a.json");
  EXPECT_TRUE(error.final);
  EXPECT_EQ(error.code, Code::try_later);
  EXPECT_THAT(error.what, HasSubstr("the server's certificate was refused: "));
  EXPECT_EQ(visits, 0);
}

/// One answer over the newest version this server may speak.
Finished over_version(int newest, const std::string& name) {
  Certificate certificate;
  httplib::SSLServer old{[&](SSL_CTX& context) {
    SSL_CTX_set_security_level(&context, 0);
    SSL_CTX_set_min_proto_version(&context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(&context, newest);
    return SSL_CTX_use_certificate(&context, certificate.cert.get()) == 1 &&
           SSL_CTX_use_PrivateKey(&context, certificate.key.get()) == 1;
  }};
  old.Get(".*", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("{}", "application/json");
  });
  const int port = old.bind_to_any_port("127.0.0.1");
  std::jthread thread{[&] { old.listen_after_bind(); }};
  while (!old.is_running()) std::this_thread::yield();
  const std::string file = testing::TempDir() + "callrail-tls-" + name + ".pem";
  certificate.write(file);
  CurlOptions options = options_for("https://localhost:" + std::to_string(port));
  options.ca_file = file;
  CurlTransport transport{options};
  Finished finished = fetch(transport, options.base_url + "/v3/a.json");
  old.stop();
  std::remove(file.c_str());
  return finished;
}

TEST(CurlTlsVersion, IsAtLeast12WhateverTheMachineAllows) {
  // Run by ctest with permissive_openssl.cnf, so that OpenSSL itself would speak 1.1.
  EXPECT_TRUE(over_version(TLS1_3_VERSION, "1.3").result);
  EXPECT_TRUE(over_version(TLS1_2_VERSION, "1.2").result);
  for (const int version : {TLS1_1_VERSION, TLS1_VERSION}) {
    const Finished finished = over_version(version, "old");
    ASSERT_FALSE(finished.result) << version;
    EXPECT_THAT(finished.result.error().what, HasSubstr("no secure connection: "));
  }
}

TEST_F(CurlTls, TakesACertificateItWasToldToTrustForItsOwnNameOnly) {
  const std::string file =
      testing::TempDir() + "callrail-tls-test-" + std::to_string(port) + ".pem";
  certificate.write(file);
  CurlOptions options = options_for(url("localhost"));
  options.ca_file = file;
  CurlTransport transport{options};
  const Finished finished = fetch(transport, url("localhost") + "/v3/a.json");
  EXPECT_TRUE(finished.result) << finished.result.error().what;
  EXPECT_EQ(visits, 1);

  options.base_url = url("127.0.0.1");
  CurlTransport wrong_name{options};
  EXPECT_TRUE(failure(wrong_name, url("127.0.0.1") + "/v3/a.json").final);
  EXPECT_EQ(visits, 1);
  std::remove(file.c_str());
}

}  // namespace
}  // namespace callrail
