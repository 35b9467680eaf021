// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "platform/crypto.hpp"
#include "record/access_key.hpp"
#include "record/duid.hpp"
#include "record/mpxn.hpp"

namespace akgate {

/// Under which name a record is kept: HMAC-SHA256 of the access key, cut to 16 bytes. Without the
/// device key it tells nothing about the access key (I9), and nobody can choose keys that collide.
struct IndexKey {
  std::array<std::uint8_t, 16> bytes{};
  [[nodiscard]] auto operator<=>(const IndexKey&) const = default;
  [[nodiscard]] std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  /// `fp_` and 16 hex digits: how logs and operators name a record.
  [[nodiscard]] std::string fingerprint() const;
};

/// For hash tables: the bytes are a keyed hash already.
struct IndexKeyHash {
  [[nodiscard]] std::size_t operator()(const IndexKey& key) const noexcept;
};

/// The keys of this device, one per use, derived from the device key. Copies may go to other
/// threads.
///
/// The device key's file is one line of text, `akgate-device-key-1` and 64 hex digits, so that
/// whoever comes across it sees what it is.
class DeviceKeys {
 public:
  /// Reads the device key, or makes one (mode 0600, durable, in a directory of mode 0700) where the
  /// file does not exist yet. A file that is damaged or that others may read is refused: a new key
  /// would orphan everything sealed under the old.
  [[nodiscard]] static Result<DeviceKeys> load_or_make(const std::string& path);
  /// The same, but an error where there is no file: for who reads what others wrote.
  [[nodiscard]] static Result<DeviceKeys> load(const std::string& path);
  [[nodiscard]] static DeviceKeys derive(const Key256& device_key);

  [[nodiscard]] IndexKey index_of(const AccessKey& key) const;
  /// What ties the key to a meter point has a name of its own beside the record's.
  [[nodiscard]] IndexKey binding_index_of(const AccessKey& key) const;
  [[nodiscard]] IndexKey index_of(const Duid& duid) const;
  [[nodiscard]] IndexKey index_of(const Mpxn& mpxn) const;
  /// The key under which values in the cache are sealed.
  [[nodiscard]] const Key256& sealing() const { return sealing_; }
  /// What the trail of decisions derives its own keys from.
  [[nodiscard]] const Key256& audit() const { return audit_; }

 private:
  [[nodiscard]] IndexKey index(std::span<const std::uint8_t> bytes) const;

  DeviceKeys(const Key256& index, const Key256& sealing, const Key256& audit)
      : index_(index), sealing_(sealing), audit_(audit) {}
  Key256 index_;
  Key256 sealing_;
  Key256 audit_;
};

}  // namespace akgate
