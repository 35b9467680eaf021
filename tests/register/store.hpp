// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "tests/register/clock.hpp"
#include "tests/register/files.hpp"
#include "tests/register/json.hpp"

namespace akgate::sandbox {

/// An access record as it is kept: the document that verify hands out, and what only the register
/// knows of it.
struct AccessRecord {
  std::string ak = {};
  std::string duid = {};  ///< empty for one that the DCC discovered
  std::string mpxn = {};
  std::uint64_t number = 0;   ///< order of creation, given by the store
  std::string document = {};  ///< JSON of the `access-record`
  std::string discovered =
      {};  ///< JSON of the `discovered-access`; empty but for DISCOVERED records

  // Read from the document when it is stored.
  std::string state = {};
  std::string legal_basis = {};
};

struct IdentityRecord {
  std::string ir = {};
  std::string duid = {};
  std::string mpxn = {};
  std::string document = {};  ///< JSON, as it was sent
  std::uint64_t number = 0;
};

/// A customer asked to prove to be at a meter point, for one Data User or portal.
struct Reidentification {
  std::string token_ref = {};
  std::string duid = {};  ///< who asked
  std::string mpxn = {};
  std::string method = {};
  std::int64_t issued_at = 0;     ///< seconds since 1970
  std::int64_t confirmed_at = 0;  ///< 0: not yet
  bool used = false;
};

/// What the register remembers, in memory and, where it has a directory, in one file a record.
/// Not locked: the router lets in one operation that changes things, or any number that only read.
class Store {
 public:
  /// An empty directory path keeps everything in memory only.
  [[nodiscard]] static Result<Store> open(const std::filesystem::path& directory);

  [[nodiscard]] const AccessRecord* access_record(std::string_view ak) const;
  /// In order of creation.
  [[nodiscard]] std::vector<const AccessRecord*> access_records_of_meter_point(
      std::string_view mpxn) const;
  [[nodiscard]] std::vector<const AccessRecord*> access_records_of_data_user(
      std::string_view duid) const;
  /// Adds the record, or puts it in place of the one with its `ak`.
  [[nodiscard]] Status save(AccessRecord record);

  [[nodiscard]] const IdentityRecord* identity_record(std::string_view ir) const;
  /// The newest of any Data User for that meter point.
  [[nodiscard]] const IdentityRecord* newest_identity_record(std::string_view mpxn) const;
  [[nodiscard]] Status save(IdentityRecord record);

  [[nodiscard]] const Reidentification* reidentification(std::string_view token_ref) const;
  [[nodiscard]] Status save(Reidentification reidentification);

 private:
  using Numbers = std::map<std::string, std::set<std::uint64_t>, std::less<>>;

  Store(Folder access, Folder identity, Folder reidentification)
      : access_folder_(std::move(access)),
        identity_folder_(std::move(identity)),
        reidentification_folder_(std::move(reidentification)) {}
  Status load();
  void index(AccessRecord record);
  [[nodiscard]] std::vector<const AccessRecord*> listed(const Numbers& by,
                                                        std::string_view key) const;

  Folder access_folder_;
  Folder identity_folder_;
  Folder reidentification_folder_;
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, AccessRecord> records_;
  std::map<std::string, std::uint64_t, std::less<>> by_key_;
  Numbers by_meter_point_;
  Numbers by_data_user_;
  std::map<std::string, IdentityRecord, std::less<>> identities_;
  std::map<std::string, Reidentification, std::less<>> reidentifications_;
};

}  // namespace akgate::sandbox
