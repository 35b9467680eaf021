// SPDX-License-Identifier: Apache-2.0
//
// A configuration: it is whole and possible, or the error says in which line of which file it is
// not, in sentences for a person's terminal.

#include "config/config.hpp"

#include <cmath>

#include "base/text.hpp"
#include "config/address.hpp"
#include "config/duration.hpp"
#include "fuzz.hpp"

namespace akgate {

namespace {

constexpr std::string_view kFile = "akgated.json";

void look_at(const Config& config) {
  AKGATE_ASSERT(is_register_url(config.register_.url));
  AKGATE_ASSERT(config.register_.client_cert_file.empty() ==
                config.register_.client_key_file.empty());
  for (const std::string& path : {config.cache.directory, config.gate.socket, config.control.socket,
                                  config.audit.directory, config.cache.device_key_file}) {
    const bool named = path.starts_with('/') || path.starts_with("$CREDENTIALS_DIRECTORY/");
    AKGATE_ASSERT(named && !has_control_character(path));
  }
  AKGATE_ASSERT(config.gate.socket != config.control.socket && (config.control.mode & 07U) == 0);
  AKGATE_ASSERT(config.cache.max_records > 0 && config.gate.max_connections > 0);
  AKGATE_ASSERT(config.freshness.fresh_for.count() > 0 && config.freshness.grace.count() >= 0);
  AKGATE_ASSERT(!is_loopback_address(config.http.listen) || config.http.allow_any_local_user);
  const RequestNeed need = worst_requests_per_second(config);
  AKGATE_ASSERT(std::isfinite(need.per_second) && need.per_second >= 0 && !need.sentence.empty());
  for (const auto duration : {config.freshness.fresh_for, config.freshness.grace,
                              config.gate.check_timeout, config.audit.sync}) {
    AKGATE_ASSERT(parse_duration(format_duration(duration)) == duration);
  }
}

/// `file:line: …` for each fault; `file: line 7: …` for what is no JSON; `file: it is …` for what
/// is no text of a sensible size.
void look_at(std::string_view error) {
  AKGATE_ASSERT(!error.empty() && is_utf8(error));
  while (!error.empty()) {
    const std::string_view line = error.substr(0, error.find('\n'));
    AKGATE_ASSERT(!has_control_character(line));
    const bool named = line.starts_with(kFile);
    const std::string_view rest = named ? line.substr(kFile.size()) : "";
    const bool counted = rest.size() > 2 && rest[0] == ':' && rest[1] >= '1' && rest[1] <= '9';
    AKGATE_ASSERT(counted || rest.starts_with(": line ") || rest.starts_with(": it is ") ||
                  line.starts_with("and "));
    error.remove_prefix(std::min(line.size() + 1, error.size()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto config = parse_config(as_text(data, size), kFile, Credentials::where_there);
  if (config) look_at(*config);
  if (!config) look_at(config.error().what());
  return 0;
}

}  // namespace akgate
