// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "register/tls_files.hpp"
#include "register/transport.hpp"

namespace akgate {

struct EasyCleanup {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};

/// One request under way: a curl handle with its buffers. Each request has a handle of its own,
/// since one that is kept holds on to the URL, and so to an access key (I9); connections are the
/// multi handle's and outlive it.
class Flight {
 public:
  /// `settings` and `tls` outlive it. A connection is reused only if it is younger than `max_age`.
  Flight(const RegisterSettings& settings, const TlsFiles& tls, HttpRequest request,
         Transport::OnReply on_reply, std::chrono::seconds max_age);
  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;
  ~Flight();

  [[nodiscard]] CURL* handle() { return handle_.get(); }

  /// What came of it. Once, after the end.
  [[nodiscard]] HttpReply take_reply(CURLcode code);
  [[nodiscard]] Transport::OnReply take_on_reply() { return std::move(on_reply_); }

 private:
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  void set_callbacks();
  void set_request();
  void set_headers();
  void read_answer(HttpReply& reply);

  static std::size_t on_body(char* data, std::size_t, std::size_t bytes, void* self);
  static std::size_t on_header(char* data, std::size_t, std::size_t bytes, void* self);

  const RegisterSettings& settings_;
  HttpRequest request_;
  Transport::OnReply on_reply_;
  std::string body_;
  std::size_t header_bytes_ = 0;
  bool header_whole_ = false;
  // What the handle points to goes after it.
  std::array<char, CURL_ERROR_SIZE> details_{};
  std::unique_ptr<curl_slist, FreeList> headers_;
  std::unique_ptr<CURL, EasyCleanup> handle_{curl_easy_init()};
};

/// Whether this libcurl can do what a flight needs of it.
[[nodiscard]] Status check_curl(const TlsFiles& tls);

}  // namespace akgate
