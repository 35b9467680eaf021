// SPDX-License-Identifier: Apache-2.0
#include "cli/inquiry.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/text.hpp"
#include "cli/access_key_argument.hpp"
#include "config/config.hpp"
#include "platform/file.hpp"

namespace akgate {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMaxLineBytes = 1024;  // The gate's, the line end included.
constexpr milliseconds kLongestTimeout(60'000);
constexpr std::array<std::string_view, 3> kModes = {"normal", "cached", "fresh"};

Result<Config::Gate> find_gate(const Options& options) {
  Config::Gate gate;
  const std::string file(options.value("config").value_or(kDefaultConfigFile));
  if (options.has("config") || (!options.has("socket") && file_exists(file))) {
    Result<Config> config = read_config(file, Credentials::where_there);
    if (config) {
      gate = std::move(config->gate);
    } else if (options.has("config")) {
      return std::move(config).error();
    }
    // A default file that is not for this user to read is no reason not to try the default socket.
  }
  if (const auto socket = options.value("socket")) gate.socket = *socket;
  return gate;
}

Result<std::optional<milliseconds>> take_timeout(const Options& options) {
  const auto timeout = options.value("timeout");
  if (!timeout) return std::optional<milliseconds>();
  const std::optional<std::uint64_t> given = parse_number(*timeout);
  if (!given || *given == 0 || *given > static_cast<std::uint64_t>(kLongestTimeout.count())) {
    return Error("--timeout must be a whole number of milliseconds, 1 to " +
                 std::to_string(kLongestTimeout.count()));
  }
  return std::optional(milliseconds(*given));
}

Result<std::string_view> take_mode(const Options& options) {
  const auto* const mode =
      std::find(kModes.begin(), kModes.end(), options.value("mode").value_or(kModes.front()));
  if (mode == kModes.end()) return Error("--mode must be normal, cached or fresh");
  return *mode;
}

std::optional<std::string> text_of(const Options& options, std::string_view name) {
  const auto value = options.value(name);
  return value ? std::optional<std::string>(*value) : std::nullopt;
}

}  // namespace

Result<Inquiry> take_inquiry(const Options& options) {
  Result<Secret> key = take_access_key(options);
  if (!key) return std::move(key).error();
  if (key->empty()) return Error("the access key is empty");
  if (has_control_character(key->reveal())) {
    return Error("what is given as access key holds a control character");
  }
  Result<Config::Gate> gate = find_gate(options);
  if (!gate) return std::move(gate).error();
  const Result<std::optional<milliseconds>> timeout = take_timeout(options);
  if (!timeout) return timeout.error();
  const Result<std::string_view> mode = take_mode(options);
  if (!mode) return mode.error();
  const std::vector<std::string_view> types = options.values("data-type");
  return Inquiry{.socket = std::move(gate->socket),
                 .key = *std::move(key),
                 .data_types = {types.begin(), types.end()},
                 .mpxn = text_of(options, "mpxn"),
                 .controller = text_of(options, "controller"),
                 .duid = text_of(options, "duid"),
                 .mode = *mode,
                 .timeout = *timeout,
                 .agents_timeout = gate->check_timeout};
}

Result<Secret> question_line(std::string_view command, const Inquiry& inquiry,
                             std::string_view id) {
  std::string rest = " id=" + std::string(id);
  const auto add = [&rest](std::string_view name, const std::optional<std::string>& value) {
    if (value) rest.append(" ").append(name).append("=").append(percent_encode(*value));
  };
  for (const std::string& type : inquiry.data_types) add("data-type", type);
  add("mpxn", inquiry.mpxn);
  add("controller", inquiry.controller);
  add("duid", inquiry.duid);
  if (inquiry.timeout) rest += " timeout=" + std::to_string(inquiry.timeout->count());
  if (inquiry.mode != kModes.front()) rest += " mode=" + std::string(inquiry.mode);
  rest += '\n';
  const Secret key(percent_encode(inquiry.key.reveal()));
  Secret line = Secret::joined({command, " ", key.reveal(), rest});
  if (line.reveal().size() > kMaxLineBytes) {
    return Error("the question is longer than the " + std::to_string(kMaxLineBytes) +
                 " bytes that the agent takes: ask in several");
  }
  return line;
}

}  // namespace akgate
