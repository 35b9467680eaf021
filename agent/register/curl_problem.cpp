// SPDX-License-Identifier: Apache-2.0
#include "register/curl_problem.hpp"

#include <algorithm>
#include <chrono>

namespace akgate {

namespace {

// Names in a server's certificate are anybody's text.
std::string printable(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

std::string in_milliseconds(std::chrono::milliseconds time) {
  return std::to_string(time.count()) + " ms";
}

}  // namespace

bool is_silence(const CurlFailure& failure) {
  if (!failure.sent) return true;
  switch (failure.code) {
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    // With TLS 1.3 a server looks at our certificate only after we began to send.
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CLIENTCERT:
      return true;
    default:
      return false;
  }
}

std::string explain(const CurlFailure& failure, const RegisterSettings& settings) {
  const bool plain = failure.sent || failure.details.empty();
  const std::string words =
      " (" + printable(plain ? curl_easy_strerror(failure.code) : failure.details) + ")";
  switch (failure.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return "the register's name was not found" + words +
             "; check register.url and the name service";
    case CURLE_COULDNT_CONNECT:
      return "no connection to the register" + words +
             "; check register.url, the link and the firewall";
    case CURLE_OPERATION_TIMEDOUT:
      if (failure.sent) {
        return "the register did not answer within " + in_milliseconds(settings.timeout);
      }
      return "no connection to the register within " +
             in_milliseconds(std::min(settings.connect_timeout, settings.timeout));
    case CURLE_PEER_FAILED_VERIFICATION:
      return "the register's certificate was refused" + words +
             "; check register.ca-file, the name in register.url and the clock";
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CLIENTCERT:
      return "a certificate or key of ours is unusable" + words +
             "; check register.ca-file, client-cert-file and client-key-file";
    case CURLE_SSL_CONNECT_ERROR:
      return "no TLS connection to the register" + words +
             "; check that register.url names a TLS server";
    case CURLE_FILESIZE_EXCEEDED:
    case CURLE_WRITE_ERROR:    // our own callbacks refused more
    case CURLE_OUT_OF_MEMORY:  // how older curls end a header line without end
      return "the answer is too large to be the register's; check register.url";
    default:
      if (is_silence(failure)) return "the connection to the register broke off" + words;
      return "what answered does not speak HTTP as the register does" + words +
             "; check register.url";
  }
}

}  // namespace akgate
