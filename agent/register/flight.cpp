// SPDX-License-Identifier: Apache-2.0
#include "register/flight.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "register/curl_problem.hpp"
#include "register/http_fields.hpp"

namespace akgate {

namespace {

constexpr std::size_t kMaxHeaderBytes = std::size_t{32} * 1024;

// A connection that lay idle for longer is not used again: what lies between (NAT, the server) may
// have forgotten it.
constexpr long kMaxIdleSeconds = 60;
// Until the kernel first asks an idle peer whether it is still there, and then between questions.
constexpr long kKeepaliveSeconds = 30;

// An option that curl may refuse only for want of memory.
template <typename T>
void set(CURL* handle, CURLoption option, T value) {
  AKGATE_ASSERT(curl_easy_setopt(handle, option, value) == CURLE_OK);
}

// An option that keeps curl from doing what a curl built without it could not do anyway.
template <typename T>
void forbid(CURL* handle, CURLoption option, T value) {
  const CURLcode code = curl_easy_setopt(handle, option, value);
  AKGATE_ASSERT(code == CURLE_OK || code == CURLE_UNKNOWN_OPTION || code == CURLE_NOT_BUILT_IN);
}

constexpr const char* kNone = nullptr;

curl_blob blob_of(std::string_view text) {
  // Curl's field is not const, but curl only reads.
  return {.data = const_cast<char*>(text.data()),  // NOLINT(cppcoreguidelines-pro-type-const-cast)
          .len = text.size(),
          .flags = CURL_BLOB_NOCOPY};
}

// Whom we speak to, and how little of the environment counts.
void set_route(CURL* handle, const RegisterSettings& settings, std::chrono::seconds max_age) {
  set(handle, CURLOPT_PROTOCOLS_STR, settings.url.starts_with("https:") ? "https" : "http");
  set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  forbid(handle, CURLOPT_PROXY, "");
  forbid(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(handle, CURLOPT_NOSIGNAL, 1L);
  // A hanging name service must not hold up the loop when its request is given up.
  set(handle, CURLOPT_QUICK_EXIT, 1L);
  set(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.connect_timeout.count()));
  set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(settings.timeout.count()));
  set(handle, CURLOPT_MAXAGE_CONN, kMaxIdleSeconds);
  set(handle, CURLOPT_MAXLIFETIME_CONN, static_cast<long>(max_age.count()));
  set(handle, CURLOPT_TCP_KEEPALIVE, 1L);
  set(handle, CURLOPT_TCP_KEEPIDLE, kKeepaliveSeconds);
  set(handle, CURLOPT_TCP_KEEPINTVL, kKeepaliveSeconds);
}

void set_tls(CURL* handle, const TlsFiles& tls) {
  set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  // The certificates that are built into curl, or lie in its directory, do not count.
  set(handle, CURLOPT_CAINFO, kNone);
  forbid(handle, CURLOPT_CAPATH, kNone);
  curl_blob roots = blob_of(tls.roots);
  if (!tls.roots.empty()) set(handle, CURLOPT_CAINFO_BLOB, &roots);
  if (tls.certificate.empty()) return;
  curl_blob certificate = blob_of(tls.certificate);
  set(handle, CURLOPT_SSLCERT_BLOB, &certificate);
  // With the NUL behind it, by which Mbed TLS tells PEM.
  curl_blob key = blob_of({tls.key.reveal_c_str(), tls.key.reveal().size() + 1});
  set(handle, CURLOPT_SSLKEY_BLOB, &key);
}

// Grows by hand: a string that grows by itself leaves what it held behind in freed memory.
void append(std::string& text, std::string_view more) {
  if (text.size() + more.size() > text.capacity()) {
    std::string larger;
    larger.reserve(std::max(text.size() + more.size(), 2 * text.capacity()));
    larger = text;
    wipe(text.data(), text.size());
    text = std::move(larger);
  }
  text += more;
}

std::string_view header(CURL* handle, const char* name, std::size_t which = 0) {
  curl_header* found = nullptr;
  const CURLHcode code = curl_easy_header(handle, name, which, CURLH_HEADER, -1, &found);
  return code == CURLHE_OK ? found->value : std::string_view();
}

// The greatest of all Age headers.
std::optional<std::chrono::seconds> cache_age(CURL* handle) {
  std::optional<std::chrono::seconds> greatest;
  for (std::size_t which = 0;; ++which) {
    const auto age = parse_age(header(handle, "Age", which));
    if (!age) return greatest;
    greatest = std::max(greatest.value_or(*age), *age);
  }
}

}  // namespace

Flight::Flight(const RegisterSettings& settings, const TlsFiles& tls, HttpRequest request,
               Transport::OnReply on_reply, std::chrono::seconds max_age)
    : settings_(settings), request_(std::move(request)), on_reply_(std::move(on_reply)) {
  AKGATE_ASSERT(handle_ != nullptr);
  set_route(handle(), settings, max_age);
  set_tls(handle(), tls);
  set_callbacks();
  set_request();
  set_headers();
}

Flight::~Flight() {
  wipe(body_.data(), body_.size());
  wipe(request_.body.data(), request_.body.size());
}

void Flight::set_callbacks() {
  void* const self = this;
  set(handle(), CURLOPT_ERRORBUFFER, details_.data());
  set(handle(), CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request_.max_body));
  set(handle(), CURLOPT_WRITEFUNCTION, &Flight::on_body);
  set(handle(), CURLOPT_WRITEDATA, self);
  set(handle(), CURLOPT_HEADERFUNCTION, &Flight::on_header);
  set(handle(), CURLOPT_HEADERDATA, self);
}

void Flight::set_request() {
  const std::string_view path = request_.path.reveal();
  AKGATE_ASSERT(path.starts_with('/'));
  set(handle(), CURLOPT_URL, Secret::joined({settings_.url, path}).reveal_c_str());
  if (request_.method == Method::post || request_.method == Method::put) {
    set(handle(), CURLOPT_POST, 1L);
    set(handle(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(handle(), CURLOPT_POSTFIELDS, request_.body.c_str());  // not copied
  }
  if (request_.method == Method::put) set(handle(), CURLOPT_CUSTOMREQUEST, "PUT");
  if (request_.method == Method::delete_) set(handle(), CURLOPT_CUSTOMREQUEST, "DELETE");
}

void Flight::set_headers() {
  const auto add = [&](const char* line) {
    curl_slist* const longer = curl_slist_append(headers_.get(), line);
    AKGATE_ASSERT(longer != nullptr);
    static_cast<void>(headers_.release());
    headers_.reset(longer);
  };
  add("Accept: application/json");
  add("Cache-Control: no-cache");
  if (!request_.body.empty()) {
    add("Content-Type: application/json");
    add("Expect:");  // none: it would cost a round trip
  }
  if (!request_.authorization.empty()) {
    add(Secret::joined({"Authorization: ", request_.authorization.reveal()}).reveal_c_str());
  }
  set(handle(), CURLOPT_HTTPHEADER, headers_.get());
  set(handle(), CURLOPT_USERAGENT, "akgate/" AKGATE_VERSION);
}

std::size_t Flight::on_body(char* data, std::size_t /*always_1*/, std::size_t bytes, void* self) {
  auto& flight = *static_cast<Flight*>(self);
  if (bytes > flight.request_.max_body - flight.body_.size()) return 0;
  append(flight.body_, {data, bytes});
  return bytes;
}

// Looks on only: curl keeps the fields, for read_answer().
std::size_t Flight::on_header(char* data, std::size_t /*always_1*/, std::size_t bytes, void* self) {
  auto& flight = *static_cast<Flight*>(self);
  flight.header_bytes_ += bytes;
  flight.header_whole_ = flight.header_whole_ || std::string_view(data, bytes) == "\r\n";
  return flight.header_bytes_ > kMaxHeaderBytes ? 0 : bytes;
}

void Flight::read_answer(HttpReply& reply) {
  long status = 0;
  AKGATE_ASSERT(curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &status) == CURLE_OK);
  reply.status = static_cast<int>(status);
  reply.date = parse_http_date(header(handle(), "Date"));
  reply.retry_after = parse_retry_after(header(handle(), "Retry-After"), reply.date);
  reply.cache_age = cache_age(handle());
  reply.location = header(handle(), "Location");
}

HttpReply Flight::take_reply(CURLcode code) {
  // Curl is content with a header that breaks off; an answer that does is none.
  if (code == CURLE_OK && !header_whole_) code = CURLE_PARTIAL_FILE;
  curl_off_t sent_after = 0;
  AKGATE_ASSERT(curl_easy_getinfo(handle(), CURLINFO_PRETRANSFER_TIME_T, &sent_after) == CURLE_OK);
  HttpReply reply;
  reply.sent = sent_after > 0;
  if (code == CURLE_OK) {
    read_answer(reply);
    reply.body = std::move(body_);
    return reply;
  }
  const CurlFailure failure{.code = code, .details = details_.data(), .sent = reply.sent};
  reply.problem = explain(failure, settings_);
  reply.garbled = !is_silence(failure);
  if (reply.garbled) read_answer(reply);
  return reply;
}

Status check_curl(const TlsFiles& tls) {
  const std::unique_ptr<CURL, EasyCleanup> handle(curl_easy_init());
  AKGATE_ASSERT(handle != nullptr);
  curl_blob roots = blob_of(tls.roots);
  if (!tls.roots.empty() &&
      curl_easy_setopt(handle.get(), CURLOPT_CAINFO_BLOB, &roots) != CURLE_OK) {
    return Error(
        "this libcurl (" + transport_version() +
        ") does not take certificates from memory; build akgate on one with Mbed TLS or OpenSSL");
  }
  return Done{};
}

}  // namespace akgate
