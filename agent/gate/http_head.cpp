// SPDX-License-Identifier: Apache-2.0
#include "gate/http_head.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace akgate {

namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kBlanks = " \t";

constexpr HttpFault bad(std::string_view why) { return {.status = 400, .why = why}; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view kTokenCharacters =
      "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return !text.empty() && text.find_first_not_of(kTokenCharacters) == std::string_view::npos;
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

/// A tab is the one control character a value may hold. This also finds a CR without its LF.
bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
  });
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

/// Takes the text before the separator off the front of `rest`, and the separator with it; all of
/// it where there is none.
std::string_view take_until(std::string_view& rest, std::string_view separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + separator.size());
  return taken;
}

/// Whether a comma list in lines of that name holds the word, in any case.
bool lists(const HttpHead& head, std::string_view name, std::string_view word) {
  for (const HttpField& field : head.fields) {
    if (!is_same_header(field.name, name)) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      if (is_same_header(trimmed(take_until(rest, ",")), word)) return true;
    }
  }
  return false;
}

/// The path of a target (RFC 9112, section 3.2): of a path with a query, of a whole URL, or `*`.
std::string_view path_of(std::string_view target) {
  constexpr std::string_view kScheme = "http://";
  if (target == "*") return target;
  if (target.starts_with(kScheme)) {
    target.remove_prefix(std::min(target.find_first_of("/?#", kScheme.size()), target.size()));
    if (!target.starts_with('/')) return "/";
  }
  return target.starts_with('/') ? target.substr(0, target.find_first_of("?#")) : "";
}

std::optional<HttpFault> read_request_line(std::string_view line, HttpHead& head, char& minor) {
  head.method = take_until(line, " ");
  const std::string_view target = take_until(line, " ");
  const std::string_view version = line;
  if (!is_token(head.method) || target.empty() || !is_printable(target))
    return bad("the first line must be a method, a path and HTTP/1.1, one space between them");
  constexpr std::string_view kVersion = "HTTP/d.d";
  const auto digit = [&](std::size_t at) { return version[at] >= '0' && version[at] <= '9'; };
  if (version.size() != kVersion.size() || !version.starts_with("HTTP/") || version[6] != '.' ||
      !digit(5) || !digit(7))
    return bad("the first line must end with HTTP/1.1");
  if (version[5] != '1') return HttpFault{.status = 505, .why = "only HTTP/1.1 is spoken here"};
  minor = version[7];
  head.path = path_of(target);
  // CONNECT has a host and a port there, and would take a 200 for a tunnel.
  if (head.path.empty() || head.method == "CONNECT")
    return bad("the first line must name a path here, such as /check");
  return std::nullopt;
}

std::optional<HttpFault> read_field(std::string_view line, HttpHead& head) {
  if (head.fields.size() == kMaxHttpFields)
    return HttpFault{.status = 431, .why = "more than 64 header lines"};
  static_assert(kMaxHttpFields == 64, "the text says so");
  const std::size_t colon = line.find(':');
  // Also what begins with a blank, which once continued the line before, and a blank before the
  // colon: readers differ about both (RFC 9112, sections 5.1 and 5.2).
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return bad("a header line must be a name, a colon right behind it, and a value");
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (!is_field_value(value)) return bad("a header holds a control character");
  head.fields.push_back({.name = line.substr(0, colon), .value = value});
  return std::nullopt;
}

/// Where the request ends, on which all readers of a connection must agree (RFC 9112, section 6).
std::optional<HttpFault> read_framing(HttpHead& head, bool is_1_0) {
  const std::size_t hosts = head.count("Host");
  if (hosts > 1 || (hosts == 0 && !is_1_0)) return bad("there must be one Host header");
  const HttpField* const length = head.find("Content-Length");
  const HttpField* const coding = head.find("Transfer-Encoding");
  if (coding != nullptr) {
    if (length != nullptr) return bad("Content-Length and Transfer-Encoding exclude each other");
    if (is_1_0) return bad("HTTP/1.0 has no Transfer-Encoding");
    if (head.count("Transfer-Encoding") > 1 || !is_same_header(coding->value, "chunked"))
      return bad("the one Transfer-Encoding known here is chunked");
    head.has_body = true;
  }
  if (length != nullptr) {
    const std::optional<std::uint64_t> bytes = parse_number(length->value);
    if (head.count("Content-Length") > 1 || !bytes) return bad("Content-Length must be one number");
    head.has_body = *bytes > 0;
  }
  head.keep_alive =
      !lists(head, "Connection", "close") && (!is_1_0 || lists(head, "Connection", "keep-alive"));
  return std::nullopt;
}

}  // namespace

bool is_same_header(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

const HttpField* HttpHead::find(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [name](const HttpField& field) {
    return is_same_header(field.name, name);
  });
  return found == fields.end() ? nullptr : &*found;
}

std::size_t HttpHead::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(fields.begin(), fields.end(),
                    [name](const HttpField& field) { return is_same_header(field.name, name); }));
}

std::size_t http_head_size(std::string_view bytes) {
  std::size_t line = 0;
  for (;;) {
    const std::size_t newline = bytes.find('\n', line);
    if (newline == std::string_view::npos) return 0;
    const bool ends_well = newline > line && bytes[newline - 1] == '\r';
    if (!ends_well || newline == line + 1) return newline + 1;
    line = newline + 1;
  }
}

std::variant<HttpHead, HttpFault> parse_http_head(std::string_view head) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  if (head.size() > kMaxHttpHeadBytes) return kHttpHeadTooLong;
  if (!head.ends_with(kEnd)) return bad("every line must end with a carriage return and a newline");
  head.remove_suffix(kLineEnd.size());

  HttpHead read;
  char minor = '1';
  if (auto fault = read_request_line(take_until(head, kLineEnd), read, minor)) return *fault;
  while (!head.empty()) {
    if (auto fault = read_field(take_until(head, kLineEnd), read)) return *fault;
  }
  if (auto fault = read_framing(read, minor == '0')) return *fault;
  return read;
}

}  // namespace akgate
