// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/disk.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <utility>

namespace akgate {

namespace {

namespace fs = std::filesystem;

Disk* the_disk = nullptr;

/// While the disk itself is at work its own calls are not its business.
class Unmounted {
 public:
  Unmounted() : disk_(std::exchange(the_disk, nullptr)) {}
  Unmounted(const Unmounted&) = delete;
  Unmounted& operator=(const Unmounted&) = delete;
  ~Unmounted() { the_disk = disk_; }

 private:
  Disk* disk_;
};

std::string parent_of(const std::string& path) { return fs::path(path).parent_path().string(); }

}  // namespace

Disk::Disk(std::string root, Dice dice) : root_(std::move(root)), dice_(dice) {
  fs::create_directories(root_ + "/.set-by");
  the_disk = this;
}

Disk::~Disk() {
  the_disk = nullptr;
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

Disk* Disk::mounted() { return the_disk; }

bool Disk::covers(const char* path) const { return std::string_view(path).starts_with(root_); }

std::shared_ptr<Disk::File> Disk::file_at(const std::string& path) {
  std::shared_ptr<File>& file = files_[path];
  if (!file) {
    file = std::make_shared<File>();
    file->path = path;
    std::error_code missing;
    const auto size = fs::file_size(path, missing);
    file->durable_size = missing ? 0 : size;
  }
  return file;
}

void Disk::opened(int fd, const char* path, bool syncs_each_write, bool made) {
  const Unmounted unmounted;
  const bool directory = fs::is_directory(path);
  open_[fd] = {.file = directory ? nullptr : file_at(path),
               .path = path,
               .syncs_each_write = syncs_each_write};
  if (!made) return;
  names_.push_back({.directory = parent_of(path), .undo = [path = std::string(path)] {
                      std::error_code ignored;
                      fs::remove(path, ignored);
                    }});
}

int Disk::begin_operation(bool writes) {
  if (dead_) return EIO;
  if (dies_in_ > 0 && --dies_in_ == 0) {
    dead_ = true;
    // A write on the way may have reached the system, but nobody hears of it.
    return writes && dice_.percent(50) ? 0 : EIO;
  }
  return writes || error_ == EIO ? error_ : 0;
}

void Disk::remember_sectors(File& file, std::uint64_t offset, std::uint64_t size) const {
  const std::uint64_t first = offset / kSector;
  const std::uint64_t last = (offset + size - 1) / kSector;
  std::ifstream stands(file.path, std::ios::binary);
  for (std::uint64_t number = first; number <= last; ++number) {
    if (file.unsynced.contains(number)) continue;
    Sector sector{};
    stands.clear();
    stands.seekg(static_cast<std::streamoff>(number * kSector));
    stands.read(sector.data(), kSector);
    file.unsynced.emplace(number, sector);
  }
}

void Disk::before_write(int fd, std::uint64_t offset, std::uint64_t size) {
  const Unmounted unmounted;
  const Open& open = open_.at(fd);
  if (open.file && size > 0) remember_sectors(*open.file, offset, size);
}

void Disk::after_write(int fd, std::uint64_t offset, std::uint64_t size) {
  const Open& open = open_.at(fd);
  if (!open.file || !open.syncs_each_write || dead_ || size == 0) return;
  const auto from = open.file->unsynced.lower_bound(offset / kSector);
  const auto to = open.file->unsynced.upper_bound((offset + size - 1) / kSector);
  open.file->unsynced.erase(from, to);
  open.file->durable_size = std::max(open.file->durable_size, offset + size);
}

void Disk::synced(int fd) {
  const Unmounted unmounted;
  const Open& open = open_.at(fd);
  if (open.file) {
    open.file->unsynced.clear();
    std::error_code missing;
    const auto size = fs::file_size(open.file->path, missing);
    if (!missing) open.file->durable_size = size;
  } else {
    std::erase_if(names_, [&](const Renaming& each) { return each.directory == open.path; });
  }
}

// A second name for what is about to lose its own, so that it can have it back.
std::string Disk::set_by(const std::string& path) {
  std::string name = root_ + "/.set-by/" + std::to_string(++set_by_);
  std::error_code missing;
  fs::create_hard_link(path, name, missing);
  return missing ? std::string() : name;
}

void Disk::renaming(const std::string& from, const std::string& to) {
  const Unmounted unmounted;
  const std::string replaced = fs::is_directory(from) ? std::string() : set_by(to);
  std::map<std::string, std::shared_ptr<File>> moved;
  for (auto& [path, file] : files_) {
    const bool below = path == from || path.starts_with(from + "/");
    const std::string now = below ? to + path.substr(from.size()) : path;
    if (!below && path == to) continue;
    file->path = now;
    moved[now] = file;
  }
  files_ = std::move(moved);
  names_.push_back({.directory = parent_of(to), .undo = [from, to, replaced] {
                      std::error_code ignored;
                      fs::rename(to, from, ignored);
                      if (!replaced.empty()) fs::create_hard_link(replaced, to, ignored);
                    }});
}

void Disk::removing(const std::string& path) {
  const Unmounted unmounted;
  if (fs::is_directory(path)) return;  // Only what is set aside, which nobody reads.
  const std::string saved = set_by(path);
  files_.erase(path);
  names_.push_back({.directory = parent_of(path), .undo = [path, saved] {
                      std::error_code ignored;
                      if (!saved.empty()) fs::create_hard_link(saved, path, ignored);
                    }});
}

void Disk::made_directory(const std::string& path) {
  names_.push_back({.directory = parent_of(path), .undo = [path] {
                      std::error_code ignored;
                      fs::remove(path, ignored);
                    }});
}

void Disk::process_ended() {
  dead_ = false;
  dies_in_ = 0;
  error_ = 0;
  open_.clear();
}

void Disk::lose_some(File& file) {
  std::error_code missing;
  const auto size = fs::file_size(file.path, missing);
  if (missing || (file.unsynced.empty() && size == file.durable_size)) return;
  // All, nothing, or by sectors.
  const unsigned lost = dice_.pick({0U, 100U, 50U, 10U, 90U});
  {
    std::fstream out(file.path, std::ios::binary | std::ios::in | std::ios::out);
    for (const auto& [number, durable] : file.unsynced) {
      if (!dice_.percent(lost)) continue;
      const std::uint64_t offset = number * kSector;
      const std::uint64_t length = offset >= size ? 0 : std::min(kSector, size - offset);
      out.seekp(static_cast<std::streamoff>(offset));
      out.write(durable.data(), static_cast<std::streamsize>(length));
    }
  }
  if (dice_.percent(lost)) fs::resize_file(file.path, file.durable_size, missing);
}

void Disk::power_cut() {
  process_ended();
  const Unmounted unmounted;
  for (const auto& [path, file] : files_) lose_some(*file);
  const std::size_t kept = dice_.below(names_.size() + 1);
  while (names_.size() > kept) {
    names_.back().undo();
    names_.pop_back();
  }
  names_.clear();
  files_.clear();
  fs::remove_all(root_ + "/.set-by");
  fs::create_directories(root_ + "/.set-by");
}

}  // namespace akgate
