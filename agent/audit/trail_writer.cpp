// SPDX-License-Identifier: Apache-2.0
#include "audit/trail_writer.hpp"

#include <algorithm>

#include "audit/block.hpp"
#include "platform/directory.hpp"
#include "platform/file.hpp"

namespace akgate {

namespace {

constexpr std::uint32_t kOwnerOnly = 0600;

// What a crash in the midst of beginning a file left behind.
void remove_left_behind(const std::string& directory, AuditRoom room) {
  const Result<std::vector<std::string>> names = list_directory(directory);
  if (!names) return;
  for (const std::string& name : *names) {
    if (!name.starts_with(to_string(room)) || name.find(".tmp-") == std::string::npos) continue;
    static_cast<void>(remove_file(directory + "/" + name));
  }
}

std::string describe(const AuditFinding& finding) {
  return finding.file + " entry " + std::to_string(finding.sequence);
}

}  // namespace

Result<TrailWriter> TrailWriter::open(Settings settings, const AuditKeys& keys,
                                      const std::optional<ChainEnd>& expected, Timestamp now) {
  TrailWriter writer(std::move(settings), keys);
  Status recovered = writer.recover(expected, now);
  if (!recovered) return std::move(recovered).error();
  return writer;
}

Status TrailWriter::recover(const std::optional<ChainEnd>& expected, Timestamp now) {
  remove_left_behind(settings_.directory, settings_.room);
  Result<TrailReader> reader = TrailReader::open(settings_.directory, settings_.room, keys_,
                                                 expected, TrailReader::From::newest);
  if (!reader) return std::move(reader).error();
  while (reader->next()) continue;
  end_ = reader->end();
  newest_ = reader->newest();
  oldest_ = reader->oldest();
  if (reader->finding()) {
    // No number is given twice, as far as is known.
    if (expected && expected->sequence > end_.sequence) end_ = *expected;
    finding_ = describe(*reader->finding());
    return note(AuditKind::broken, finding_, now);
  }
  return newest_ == 0 ? Status(Done{}) : go_on_in_newest(*reader, now);
}

Status TrailWriter::go_on_in_newest(const TrailReader& reader, Timestamp now) {
  Result<WritableFile> file = WritableFile::open(path_of(newest_));
  if (!file) return std::move(file).error();
  file_.emplace(std::move(*file));
  size_ = reader.end_offset();
  if (!reader.torn()) return Done{};
  Status cut = file_->cut(size_);
  if (!cut) return cut;
  return note(AuditKind::cut, "the end was torn, as by a power cut", now);
}

Status TrailWriter::note(AuditKind kind, std::string detail, Timestamp now) {
  AuditEntry entry;
  entry.kind = kind;
  entry.at = now;
  entry.last = now;
  entry.detail = std::move(detail);
  AuditBatch batch(max_batch_bytes(settings_.room, settings_.max_bytes));
  batch.add(entry);
  return append(batch);
}

Status TrailWriter::append(const AuditBatch& batch) {
  ChainEnd end = end_;
  const std::string block = seal_block(keys_, settings_.room, batch, end);
  const RoomBounds bounds = bounds_of(settings_.room, settings_.max_bytes);
  if (!file_ || size_ + block.size() > bounds.file_bytes) {
    Status begun = begin_file();
    if (!begun) return begun;
  }
  bytes_written_ += block.size();
  Status written = file_->write(size_, block);
  if (written) written = file_->sync();
  if (!written) return written;
  size_ += block.size();
  end_ = end;
  return Done{};
}

// The old file is whole by now, and the new one durable before the oldest goes.
Status TrailWriter::begin_file() {
  const std::uint64_t files = bounds_of(settings_.room, settings_.max_bytes).files;
  const std::uint64_t number = newest_ + 1;
  const FileHead head{.room = settings_.room,
                      .number = number,
                      .oldest = number > files ? std::max(oldest_, number - files + 1) : oldest_,
                      .before = end_};
  bytes_written_ += kFileHeadBytes;
  Status made = write_file_atomically(path_of(number), encode_file_head(keys_, head), kOwnerOnly);
  if (!made) return made;
  Result<WritableFile> file = WritableFile::open(path_of(number));
  if (!file) return std::move(file).error();
  file_.emplace(std::move(*file));
  size_ = kFileHeadBytes;
  newest_ = number;
  oldest_ = head.oldest;
  remove_oldest();
  return Done{};
}

// What cannot be removed now is with the next file.
void TrailWriter::remove_oldest() const {
  const auto files = list_trail_files(settings_.directory, settings_.room);
  if (!files) return;
  for (const std::uint64_t number : *files) {
    if (number < oldest_) static_cast<void>(remove_file(path_of(number)));
  }
}

std::string TrailWriter::path_of(std::uint64_t number) const {
  return settings_.directory + "/" + trail_file_name(settings_.room, number);
}

}  // namespace akgate
