// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "platform/log.hpp"
#include "record/access_record.hpp"
#include "record/data_types.hpp"

namespace akgate {

/// The configuration file, read: a struct a section, a member a key, under the file's own names.
/// The initialisers are the one place where defaults stand. Paths are absolute.
struct Config {
  using Milliseconds = std::chrono::milliseconds;

  /// `"off"`, `"when-given"`, `"required"`.
  enum class Check : std::uint8_t { off, when_given, required };

  struct Register {
    std::string url;  ///< The one key without a default.
    std::string ca_file = "/etc/ssl/certs/ca-certificates.crt";
    std::string account_id;  ///< Empty: none, and no operation that needs a bearer token.
    std::string secret_key_file = "/etc/akgate/secret-key";
    std::string client_cert_file;  ///< Empty: none. Set together with the next, or neither is.
    std::string client_key_file;
    Milliseconds connect_timeout = std::chrono::seconds(3);
    Milliseconds timeout = std::chrono::seconds(10);
    std::uint32_t max_requests_per_second = 20;
    std::uint32_t max_in_flight = 8;

    [[nodiscard]] bool operator==(const Register&) const = default;
  };

  struct Cache {
    std::string directory = "/var/lib/akgate";
    std::uint32_t max_records = 100'000;
    /// Of how many keys, meter points and Data Users all that is known is at hand; of the others
    /// the disk is read when they are asked for. Nothing: of all.
    std::optional<std::uint32_t> max_in_memory = 2'048;
    std::string device_key_file = "/var/lib/akgate/device.key";

    [[nodiscard]] bool operator==(const Cache&) const = default;
  };

  struct Freshness {
    Milliseconds fresh_for = std::chrono::minutes(15);
    Milliseconds grace = std::chrono::hours(24);  ///< Zero: none.
    /// In place of `grace` where set; indexed by LegalBasis. What the file sets is added to the
    /// defaults, and a default that the file does not name never outlasts the file's `grace`: who
    /// shortens that shortens all.
    std::array<std::optional<Milliseconds>, 8> grace_by_legal_basis = consent_grace();
    Milliseconds not_found_for = std::chrono::minutes(1);
    Milliseconds denied_for = std::chrono::hours(1);
    bool keep_warm = true;

    [[nodiscard]] bool operator==(const Freshness&) const = default;
  };

  struct Policy {
    bool require_data_type = true;
    std::vector<std::string> controllers;  ///< Empty: any.
    std::vector<LegalBasis> legal_bases;   ///< Empty: all six.
    DataTypes explicit_consent_data_types;
    Check mpxn = Check::when_given;
    Check data_user = Check::when_given;

    [[nodiscard]] bool operator==(const Policy&) const = default;
  };

  struct Gate {
    std::string socket = "/run/akgate/gate.sock";
    std::uint32_t mode = 0660;
    std::string group = "akgate";
    bool group_was_set = false;  ///< By the file: then the group must exist.
    std::uint32_t max_connections = 256;
    std::optional<std::uint32_t> max_connections_per_uid;  ///< Nothing: no cap but the fair share.
    /// Of those whom the mode lets in, who may ask. Both empty: all of them.
    std::vector<std::uint32_t> allow_uids;
    std::vector<std::uint32_t> allow_gids;
    std::uint32_t max_pending = 128;          ///< A connection's lines without a reply.
    std::uint32_t max_queued_bytes = 65'536;  ///< Replies that a connection has not taken.
    std::uint32_t max_waiting = 4'096;        ///< Questions that wait for the register, of all.
    std::uint32_t max_watches = 2'048;        ///< Of all; one user has half of them at most.
    std::uint32_t answers_at_hand =
        1'024;  ///< Replies kept to be given again, some 1200 bytes each.
    Milliseconds check_timeout = std::chrono::seconds(2);

    [[nodiscard]] bool operator==(const Gate&) const = default;
  };

  struct Control {
    std::string socket = "/run/akgate/control.sock";
    std::uint32_t mode = 0600;

    [[nodiscard]] bool operator==(const Control&) const = default;
  };

  struct Http {
    std::string listen;  ///< Empty: off. `unix:/…`, or a loopback address and port.
    std::vector<std::string>
        required_headers;  ///< Of the five question headers, in their canonical spelling.
    bool allow_any_local_user = false;

    [[nodiscard]] bool operator==(const Http&) const = default;
  };

  struct Audit {
    std::string directory = "/var/lib/akgate/audit";
    std::uint64_t max_bytes = 64ULL * 1024 * 1024;
    Milliseconds sync = std::chrono::seconds(5);
    bool required = false;

    [[nodiscard]] bool operator==(const Audit&) const = default;
  };

  struct Time {
    bool rtc = false;
    Milliseconds unvouched_boot_costs = std::chrono::hours(2);

    [[nodiscard]] bool operator==(const Time&) const = default;
  };

  struct Log {
    LogLevel level = LogLevel::info;
    std::optional<LogFormat> format;  ///< Nothing: `"auto"`.

    [[nodiscard]] bool operator==(const Log&) const = default;
  };

  Register register_;
  Cache cache;
  Freshness freshness;
  Policy policy;
  Gate gate;
  Control control;
  Http http;
  Audit audit;
  Time time;
  Log log;

  [[nodiscard]] bool operator==(const Config&) const = default;

 private:
  static constexpr std::array<std::optional<Milliseconds>, 8> consent_grace() {
    std::array<std::optional<Milliseconds>, 8> grace;
    grace[static_cast<std::size_t>(LegalBasis::uk_consent)] = std::chrono::hours(6);
    grace[static_cast<std::size_t>(LegalBasis::uk_explicit_consent)] = std::chrono::hours(6);
    return grace;
  }
};

/// A configuration and the SHA-256 of the text that it was read from, `sha256:…`, by which the
/// trail of decisions tells one from another.
struct LoadedConfig {
  Config config;
  std::string digest;
};

/// Where the agent, and the command line with it, looks for its configuration.
inline constexpr const char* kDefaultConfigFile = "/etc/akgate/akgated.json";

/// What becomes of a path that begins with `$CREDENTIALS_DIRECTORY/` where that variable is not
/// set.
enum class Credentials : std::uint8_t {
  required,     ///< An error that tells the remedy: for the agent, whose service manager sets it.
  where_there,  ///< The path stays as it is written: for a command line, which no service manager
                ///< starts.
};

/// Reads a configuration file, which only its owner may be able to write. The error holds a line
/// for each fault found (20 at most): `file:line: section.key: what would be right`; never a value,
/// for it may be a secret in the wrong place (I9).
[[nodiscard]] Result<Config> read_config(const std::string& path, Credentials credentials);
[[nodiscard]] Result<LoadedConfig> load_config(const std::string& path, Credentials credentials);

/// The same for a text; `file_name` is for the errors.
[[nodiscard]] Result<Config> parse_config(std::string_view text, std::string_view file_name,
                                          Credentials credentials);

/// What it would take to keep the whole cache fresh.
struct RequestNeed {
  double per_second = 0;
  std::string sentence;  ///< The figure, how it comes about, and what is allowed.
};

/// How many requests a second to the register `cache.max-records` and `freshness.fresh-for` need at
/// worst, that is with every record in use: each is then asked for anew when four fifths of
/// `fresh-for` are over.
[[nodiscard]] RequestNeed worst_requests_per_second(const Config& config);

}  // namespace akgate
