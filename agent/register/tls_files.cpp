// SPDX-License-Identifier: Apache-2.0
#include "register/tls_files.hpp"

#include <string_view>
#include <utility>

#include "platform/file.hpp"

namespace akgate {

namespace {

constexpr MaxBytes kMaxRoots{1024 * 1024};  // Debian's bundle of all public roots has 220 KiB.
constexpr MaxBytes kMaxOwn{64 * 1024};

constexpr std::string_view kCertificate = "-----BEGIN CERTIFICATE-----";

Result<std::string> read_certificates(const std::string& path, MaxBytes at_most) {
  Result<std::string> text = read_trusted_file(path, at_most);
  if (text && text->find(kCertificate) == std::string::npos) {
    return Error(path + " holds no certificate in PEM form (\"" + std::string(kCertificate) +
                 "\"); convert it to PEM");
  }
  return text;
}

Result<Secret> read_key(const std::string& path) {
  Result<Secret> text = read_secret_file(path, kMaxOwn);
  if (!text) return text;
  const std::string_view pem = text->reveal();
  if (pem.find("ENCRYPTED") != std::string_view::npos) {
    return Error(path +
                 " holds a key under a passphrase, which nobody could type; write it without one");
  }
  if (pem.find("PRIVATE KEY-----") == std::string_view::npos) {
    return Error(
        path +
        " holds no private key in PEM form (\"-----BEGIN PRIVATE KEY-----\"); convert it to PEM");
  }
  return text;
}

}  // namespace

Result<TlsFiles> read_tls_files(const RegisterSettings& settings) {
  auto roots = read_certificates(settings.ca_file, kMaxRoots);
  if (!roots) return std::move(roots).error().within("register.ca-file");
  TlsFiles files{.roots = std::move(*roots), .certificate = {}, .key = {}};
  if (settings.client_cert_file.empty() != settings.client_key_file.empty()) {
    return Error(
        "register.client-cert-file and register.client-key-file go together; name both or neither");
  }
  if (settings.client_cert_file.empty()) return files;

  auto certificate = read_certificates(settings.client_cert_file, kMaxOwn);
  if (!certificate) return std::move(certificate).error().within("register.client-cert-file");
  files.certificate = std::move(*certificate);
  auto key = read_key(settings.client_key_file);
  if (!key) return std::move(key).error().within("register.client-key-file");
  files.key = std::move(*key);
  return files;
}

}  // namespace akgate
