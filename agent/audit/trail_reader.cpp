// SPDX-License-Identifier: Apache-2.0
#include "audit/trail_reader.hpp"

#include <algorithm>
#include <utility>

namespace akgate {

namespace {

/// The head of a room's newest file: nothing where there is no file, or no proper head.
std::optional<FileHead> read_file_head(const std::string& directory, AuditRoom room,
                                       std::uint64_t number, const AuditKeys& keys) {
  const auto file = RandomAccessFile::open(directory + "/" + trail_file_name(room, number));
  std::string bytes(kFileHeadBytes, '\0');
  if (!file || !file->read(0, {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()})) {
    return std::nullopt;
  }
  std::optional<FileHead> head = decode_file_head(keys, bytes);
  if (!head || head->room != room || head->number != number) return std::nullopt;
  return head;
}

/// Whether rotation has removed the file by now.
bool is_rotated_away(const std::string& directory, AuditRoom room, std::uint64_t number,
                     const AuditKeys& keys) {
  const auto files = list_trail_files(directory, room);
  if (!files || files->empty()) return false;
  const auto newest = read_file_head(directory, room, files->back(), keys);
  return newest && newest->oldest > number;
}

}  // namespace

Result<TrailReader> TrailReader::open(const std::string& directory, AuditRoom room,
                                      const AuditKeys& keys,
                                      const std::optional<ChainEnd>& expected, From from) {
  Result<std::vector<std::uint64_t>> files = list_trail_files(directory, room);
  if (!files) return std::move(files).error();
  TrailReader reader(directory, room, keys);
  if (expected && expected->sequence > 0) reader.expected_ = expected;
  if (files->empty()) return reader;
  const auto newest = read_file_head(directory, room, files->back(), keys);
  reader.oldest_ = newest ? newest->oldest : files->front();
  // What rotation has not removed yet.
  std::erase_if(*files, [&](std::uint64_t number) { return number < reader.oldest_; });
  const bool whole = from == From::oldest || !newest;
  if (whole && files->front() > reader.oldest_) {
    reader.find(AuditFinding::Kind::missing, 0, reader.oldest_);
  }
  if (!whole) files->erase(files->begin(), files->end() - 1);
  reader.files_ = *std::move(files);
  return reader;
}

std::optional<AuditEntry> TrailReader::next() {
  while (entries_.empty() && !finished_) {
    if (file_) {
      read_next_block();
    } else if (next_file_ < files_.size()) {
      open_next_file();
    } else {
      finish();
    }
  }
  if (entries_.empty()) return std::nullopt;
  AuditEntry entry = std::move(entries_.front());
  entries_.pop_front();
  entry.room = room_;
  return entry;
}

void TrailReader::open_next_file() {
  const std::uint64_t number = files_[next_file_++];
  offset_ = 0;
  if (next_file_ > 1 && number != files_[next_file_ - 2] + 1) {
    find(AuditFinding::Kind::missing, end_.sequence + 1, files_[next_file_ - 2] + 1);
  }
  Result<RandomAccessFile> file =
      RandomAccessFile::open(directory_ + "/" + trail_file_name(room_, number));
  const Result<std::uint64_t> size = file ? file->size() : Result<std::uint64_t>(file.error());
  if (!size) {
    if (is_rotated_away(directory_, room_, number, keys_)) return;
    return find(AuditFinding::Kind::unreadable, in_chain_ ? end_.sequence + 1 : 0, number);
  }
  const auto head = read_file_head(directory_, room_, number, keys_);
  if (!head) return find(AuditFinding::Kind::altered, in_chain_ ? end_.sequence + 1 : 0, number);
  join(*head);
  file_.emplace(std::move(*file));
  file_size_ = *size;
  offset_ = kFileHeadBytes;
}

void TrailReader::join(const FileHead& head) {
  if (in_chain_ && head.before.sequence > end_.sequence) {
    find(AuditFinding::Kind::missing, end_.sequence + 1, head.number - 1);
  } else if (in_chain_ && head.before != end_) {
    find(AuditFinding::Kind::altered, head.before.sequence + 1, head.number);
  }
  end_ = head.before;
  in_chain_ = true;
  // Where rotation took away what was expected, there is nothing to compare.
  if (expected_ && end_.sequence > expected_->sequence) expected_.reset();
  compare_with_expected();
}

void TrailReader::read_next_block() {
  if (offset_ == file_size_) return file_.reset();
  const std::uint64_t rest = file_size_ - offset_;
  auto bytes = read_bytes(kBlockHeadBytes);
  const auto size = bytes ? block_size(keys_, room_, *bytes) : std::nullopt;
  bytes = read_bytes(std::min(size.value_or(kMaxBlockBytes), kMaxBlockBytes));
  if (!bytes) {
    find(AuditFinding::Kind::unreadable, end_.sequence + 1, files_[next_file_ - 1]);
    return file_.reset();
  }
  BlockReading reading = read_block(keys_, room_, end_, *bytes);
  const bool at_end = bytes->size() == rest && next_file_ == files_.size();
  if (reading.fault && reading.fault->at_torn_end && at_end) {
    torn_ = true;
    return file_.reset();
  }
  take(std::move(reading), bytes->size());
}

std::optional<std::string> TrailReader::read_bytes(std::size_t most) const {
  const std::uint64_t rest = file_size_ - offset_;
  std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(most, rest)), '\0');
  const bool read =
      file_->read(offset_, {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  if (!read) return std::nullopt;
  return bytes;
}

void TrailReader::take(BlockReading&& reading, std::size_t size) {
  std::move(reading.entries.begin(), reading.entries.end(), std::back_inserter(entries_));
  if (!reading.fault) {
    end_ = reading.end;
    offset_ += size;
    return compare_with_expected();
  }
  auto kind = AuditFinding::Kind::altered;
  if (reading.fault->kind == BlockFault::Kind::missing) {
    kind = stands_later(reading.fault->sequence) ? AuditFinding::Kind::reordered
                                                 : AuditFinding::Kind::missing;
  } else if (reading.fault->kind == BlockFault::Kind::reordered) {
    kind = AuditFinding::Kind::reordered;
  }
  find(kind, reading.fault->sequence, files_[next_file_ - 1]);
  file_.reset();
}

// Whether the entry, which is not where it should be, is anywhere behind that in the file.
bool TrailReader::stands_later(std::uint64_t sequence) {
  const std::uint64_t start = offset_;
  bool found = false;
  while (!found && offset_ < file_size_) {
    auto bytes = read_bytes(kBlockHeadBytes);
    const auto size = bytes ? block_size(keys_, room_, *bytes) : std::nullopt;
    if (size) bytes = read_bytes(std::min(*size, kMaxBlockBytes));
    if (!size || !bytes) break;
    const BlockReading reading = read_block(keys_, room_, {}, *bytes);
    const auto is_it = [&](const AuditEntry& entry) { return entry.sequence == sequence; };
    found = std::any_of(reading.others.begin(), reading.others.end(), is_it) ||
            std::any_of(reading.entries.begin(), reading.entries.end(), is_it);
    offset_ += bytes->size();
  }
  offset_ = start;
  return found;
}

// The first finding counts; behind any, the chain is joined anew.
void TrailReader::find(AuditFinding::Kind kind, std::uint64_t sequence, std::uint64_t number) {
  in_chain_ = false;
  if (finding_) return;
  finding_ = AuditFinding{
      .kind = kind, .room = room_, .sequence = sequence, .file = trail_file_name(room_, number)};
}

void TrailReader::compare_with_expected() {
  if (!expected_ || end_.sequence < expected_->sequence) return;
  if (end_ != *expected_) {
    find(AuditFinding::Kind::altered, expected_->sequence, files_[next_file_ - 1]);
  }
  expected_.reset();
}

void TrailReader::finish() {
  finished_ = true;
  if (expected_) find(AuditFinding::Kind::missing, end_.sequence + 1, std::max(newest(), oldest_));
}

}  // namespace akgate
