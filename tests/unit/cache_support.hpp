// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cache/keys.hpp"
#include "cache/store.hpp"
#include "platform/fd.hpp"
#include "platform/log.hpp"

namespace akgate {

/// Compared in tests only: elsewhere an access key is not part of what is compared.
inline bool operator==(const Knowledge& a, const Knowledge& b) {
  return a.record == b.record && a.as_of == b.as_of && a.transaction_id == b.transaction_id;
}
inline bool operator==(const StoredRecord& a, const StoredRecord& b) {
  return a.key == b.key && a.knowledge == b.knowledge && a.binding == b.binding;
}

class TempDirectory {
 public:
  TempDirectory() {
    // In memory where that is to be had: what is tested survives a kill, not a power cut, and the
    // thousands of syncs then cost nothing.
    const bool memory = access("/dev/shm", W_OK) == 0;
    std::string name = std::string(memory ? "/dev/shm" : "/tmp") + "/akgate-cache-XXXXXX";
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::string data_file() const { return path("cache/data.mdb"); }

  /// Names that begin with this, sorted.
  [[nodiscard]] std::vector<std::string> names(std::string_view start = "") const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with(start)) found.push_back(name);
    }
    std::sort(found.begin(), found.end());
    return found;
  }

 private:
  std::filesystem::path path_;
};

inline std::string read_all(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

inline void write_all(const std::string& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

/// A log whose lines can be read.
class LogFile {
 public:
  LogFile() : file_(std::tmpfile()), log_(LogLevel::debug, LogFormat::text, fileno(file_)) {}
  ~LogFile() { static_cast<void>(std::fclose(file_)); }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  [[nodiscard]] const Log& log() const { return log_; }
  [[nodiscard]] std::string text() const {
    return read_all("/proc/self/fd/" + std::to_string(fileno(file_)));
  }

 private:
  std::FILE* file_;
  Log log_;
};

inline DeviceKeys device_keys(std::uint8_t seed = 1) {
  Key256::Bytes bytes{};
  bytes.fill(seed);
  return DeviceKeys::derive(Key256(bytes));
}

/// The same number, the same key; bytes that do not occur by chance.
inline AccessKey access_key(std::uint64_t number) {
  std::mt19937_64 random(number);
  AccessKey::Bytes bytes{};
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return AccessKey::from_bytes(bytes);
}

inline Timestamp minute(std::int64_t number) {
  return Timestamp(std::chrono::seconds(1'790'000'000)) + std::chrono::minutes(number);
}

inline StoredRecord active(std::uint64_t number, Timestamp as_of = minute(0)) {
  StoredRecord stored{.key = access_key(number), .knowledge = Knowledge{}, .binding = {}};
  stored.knowledge->as_of = as_of;
  stored.knowledge->transaction_id = "tid_691df0c788ca043403b7fa90";
  AccessRecord& record = stored.knowledge->record.emplace();
  record.state = State::active;
  record.expiry = Expiry::at_instant(minute(500'000));
  record.legal_basis = LegalBasis::uk_consent;
  record.consent_type = ConsentType::expressed_consent;
  record.arrangement = Arrangement::sole;
  record.controllers = {"Bright Energy Ltd"};
  record.lead = 0;
  EXPECT_TRUE(record.data_types.add("HH-CONSUMPTION"));
  EXPECT_TRUE(record.data_types.add("TARIFF-IMPORT"));
  record.identity_record_ref = "ir_691df0c788ca043403b7fa91";
  record.complete = true;
  return stored;
}

inline StoredRecord revoked(std::uint64_t number, Timestamp as_of = minute(1)) {
  StoredRecord stored = active(number, as_of);
  stored.knowledge->record->state = State::revoked;
  stored.knowledge->record->revoked_at_set = true;
  return stored;
}

inline StoredRecord not_found(std::uint64_t number, Timestamp as_of = minute(1)) {
  return {.key = access_key(number),
          .knowledge = Knowledge{.record = {}, .as_of = as_of, .transaction_id = "tid_none"},
          .binding = {}};
}

inline IndexKey index_of(const AccessKey& key) {
  static const DeviceKeys keys = device_keys();
  return keys.index_of(key);
}

inline IndexKey index_of(std::uint64_t number) { return index_of(access_key(number)); }

inline Store::Entry entry(const StoredRecord& record) {
  return {.index = index_of(record.key), .record = record};
}

inline Status put_one(Store& store, const StoredRecord& record) {
  const std::array entries = {entry(record)};
  return store.put(entries);
}

inline Result<std::unique_ptr<Store>> try_open_store(const TempDirectory& directory,
                                                     const LogFile& log,
                                                     std::size_t max_records = 100'000,
                                                     const DeviceKeys& keys = device_keys()) {
  return Store::open({.directory = directory.path(), .max_records = max_records}, keys, log.log());
}

/// Fails the test where it does not open.
inline std::unique_ptr<Store> open_store(const TempDirectory& directory, const LogFile& log,
                                         std::size_t max_records = 100'000,
                                         const DeviceKeys& keys = device_keys()) {
  Result<std::unique_ptr<Store>> store = try_open_store(directory, log, max_records, keys);
  if (store) return std::move(*store);
  ADD_FAILURE() << store.error().what();
  return nullptr;
}

}  // namespace akgate
