// SPDX-License-Identifier: Apache-2.0
#include "cache/sealing.hpp"

#include "base/secret.hpp"
#include "base/text.hpp"
#include "cache/codec.hpp"

namespace akgate {

namespace {

/// Associated data: what the value is, the version of its form and, for a record, whose it is.
std::string place(char kind, std::string_view whose = {}) {
  std::string bytes = {kind, static_cast<char>(kFormatVersion)};
  return bytes.append(whose);
}

std::string place(char kind, const IndexKey& index) {
  return place(kind, std::string_view(reinterpret_cast<const char*>(index.bytes.data()),
                                      index.bytes.size()));
}

}  // namespace

std::string Sealer::seal(const IndexKey& index, const StoredRecord& record) {
  return aead_.seal(encode_record(record).reveal(), place('R', index));
}

std::optional<StoredRecord> Sealer::open(const IndexKey& index, std::string_view sealed) {
  std::string bytes;
  const bool opened = aead_.open(sealed, place('R', index), bytes);
  const Secret plain(std::move(bytes));  // wiped whatever happens
  if (!opened) return std::nullopt;
  std::optional<StoredRecord> record = decode_record(plain.reveal());
  if (!record || keys_.index_of(record->key) != index) return std::nullopt;
  return record;
}

std::string Sealer::seal(const IndexKey& index, const StoredDataUser& data_user) {
  return aead_.seal(encode_data_user(data_user), place('D', index));
}

std::optional<StoredDataUser> Sealer::open_data_user(const IndexKey& index,
                                                     std::string_view sealed) {
  std::string plain;
  if (!aead_.open(sealed, place('D', index), plain)) return std::nullopt;
  std::optional<StoredDataUser> data_user = decode_data_user(plain);
  if (!data_user || keys_.index_of(data_user->duid) != index) return std::nullopt;
  return data_user;
}

std::string Sealer::seal_mark(const TimeMark& mark) {
  return aead_.seal(encode_time_mark(mark), place('M'));
}

std::optional<TimeMark> Sealer::open_mark(std::string_view sealed) {
  const std::optional<std::string> plain = open_plain(sealed, 'M');
  return plain ? decode_time_mark(*plain) : std::nullopt;
}

std::string Sealer::seal_ledger(std::string_view plain) { return aead_.seal(plain, place('L')); }

std::optional<std::string> Sealer::open_ledger(std::string_view sealed) {
  return open_plain(sealed, 'L');
}

std::string Sealer::seal_blocks(std::string_view plain) { return aead_.seal(plain, place('B')); }

std::optional<std::string> Sealer::open_blocks(std::string_view sealed) {
  return open_plain(sealed, 'B');
}

std::string Sealer::seal_audit_head(std::string_view plain) {
  return aead_.seal(plain, place('A'));
}

std::optional<std::string> Sealer::open_audit_head(std::string_view sealed) {
  return open_plain(sealed, 'A');
}

std::optional<std::string> Sealer::open_plain(std::string_view sealed, char kind) {
  std::string plain;
  if (!aead_.open(sealed, place(kind), plain)) return std::nullopt;
  return plain;
}

std::string Sealer::seal_transaction(std::uint64_t transaction) {
  return aead_.seal(std::to_string(transaction), place('T'));
}

std::optional<std::uint64_t> Sealer::open_transaction(std::string_view sealed) {
  const std::optional<std::string> plain = open_plain(sealed, 'T');
  return plain ? parse_number(*plain) : std::nullopt;
}

}  // namespace akgate
