// SPDX-License-Identifier: Apache-2.0
#include "cache/keys.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "base/secret.hpp"
#include "base/text.hpp"
#include "platform/file.hpp"

namespace akgate {

namespace {

constexpr std::string_view kFileStart = "akgate-device-key-1 ";
constexpr MaxBytes kMaxFileBytes{.value = 128};
constexpr std::uint32_t kOwnerOnlyFile = 0600;
constexpr std::uint32_t kOwnerOnlyDirectory = 0700;

// One name per use and version: a subkey is never used for two things.
constexpr std::string_view kIndexUse = "akgate index 1";
constexpr std::string_view kSealingUse = "akgate seal 1";
constexpr std::string_view kAuditUse = "akgate audit 1";

std::optional<Key256> parse_key_file(std::string_view line) {
  if (!line.starts_with(kFileStart)) return std::nullopt;
  Key256::Bytes bytes{};
  std::optional<Key256> key;
  if (from_hex(line.substr(kFileStart.size()), bytes)) key.emplace(bytes);
  wipe(bytes.data(), bytes.size());
  return key;
}

Result<Key256> read_key_file(const std::string& path) {
  Result<Secret> line = read_secret_file(path, kMaxFileBytes);
  if (!line) return std::move(line).error();
  std::optional<Key256> key = parse_key_file(line->reveal());
  if (!key) {
    return Error("cannot use the device key in " + path + ": it is not one line of '" +
                 std::string(kFileStart) +
                 "' and 64 hex digits; restore it from a copy, or remove it to start anew with an "
                 "empty cache");
  }
  return *key;
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return path.substr(0, std::max<std::size_t>(slash, 1));
}

/// Leaves a key that somebody else has put there meanwhile as it is.
Status make_key_file(const std::string& path) {
  Status directory = make_directories(directory_of(path), kOwnerOnlyDirectory);
  if (!directory) return directory;
  const Key256 key = random_key();
  const Secret digits(to_hex(key.reveal()));
  std::string line;
  line.reserve(kMaxFileBytes.value);  // never given up for a larger buffer: no copy stays behind
  line.append(kFileStart).append(digits.reveal()).append("\n");
  const Secret content(std::move(line));
  const std::string fresh = path + ".new";
  Status written = write_file_atomically(fresh, content.reveal(), kOwnerOnlyFile);
  if (!written) return written;
  const Status named = rename_aside(fresh, path);
  if (!named) {
    static_cast<void>(std::remove(fresh.c_str()));
    return file_exists(path) ? Status(Done{}) : named;
  }
  return sync_directory(directory_of(path));
}

}  // namespace

std::string IndexKey::fingerprint() const { return "fp_" + to_hex(std::span(bytes).first(8)); }

std::size_t IndexKeyHash::operator()(const IndexKey& key) const noexcept {
  std::size_t hash = 0;
  std::memcpy(&hash, key.bytes.data(), sizeof(hash));
  return hash;
}

Result<DeviceKeys> DeviceKeys::load_or_make(const std::string& path) {
  if (!file_exists(path)) {
    Status made = make_key_file(path);
    if (!made) return std::move(made).error().within("no device key");
  }
  return load(path);
}

Result<DeviceKeys> DeviceKeys::load(const std::string& path) {
  Result<Key256> key = read_key_file(path);
  if (!key) return std::move(key).error();
  return derive(*key);
}

DeviceKeys DeviceKeys::derive(const Key256& device_key) {
  return {derive_key(device_key, kIndexUse), derive_key(device_key, kSealingUse),
          derive_key(device_key, kAuditUse)};
}

IndexKey DeviceKeys::index_of(const AccessKey& key) const { return index(key.reveal_bytes()); }

// A letter before it, so that what is hashed is never the same for two kinds of things.
IndexKey DeviceKeys::binding_index_of(const AccessKey& key) const {
  std::array<std::uint8_t, AccessKey::kBytes + 1> bytes{'B'};
  const auto secret = key.reveal_bytes();
  std::copy(secret.begin(), secret.end(), bytes.begin() + 1);
  const IndexKey made = index(bytes);
  wipe(bytes.data(), bytes.size());
  return made;
}

IndexKey DeviceKeys::index_of(const Duid& duid) const {
  const std::string text = std::string("Data User ").append(duid.text());
  return index({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

IndexKey DeviceKeys::index_of(const Mpxn& mpxn) const {
  const std::string text = "meter point " + std::string(mpxn.text());
  return index({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

IndexKey DeviceKeys::index(std::span<const std::uint8_t> bytes) const {
  const std::array<std::uint8_t, 32> mac = hmac_sha256(index_, bytes);
  IndexKey index;
  std::copy_n(mac.begin(), index.bytes.size(), index.bytes.begin());
  return index;
}

}  // namespace akgate
