// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/simulation/dice.hpp"

namespace akgate {

/// The disk below one directory, as a power cut sees it. The C library's calls that write, sync and
/// name files go through it (disk_calls.cpp), for LMDB and the agent alike: the files always hold
/// what was written, and beside them it remembers, by sectors, what is durable. A sync takes no
/// time. One at a time in a process.
class Disk {
 public:
  Disk(std::string root, Dice dice);
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  /// The one there is; null where there is none.
  static Disk* mounted();

  // --- what the simulation does to it ---

  /// At the n-th operation from now the process dies: from that one on nothing happens any more.
  void die_at(std::uint64_t operation) { dies_in_ = operation; }
  void die() { dead_ = true; }
  [[nodiscard]] bool dead() const { return dead_; }
  /// A full or failing disk: nothing can be written.
  void fail(int error) { error_ = error; }
  [[nodiscard]] bool fails() const { return error_ != 0; }
  /// The process is gone, its files are closed; what it wrote is there.
  void process_ended();
  /// The same, and the machine's memory is gone too: of what was not synced each sector and each
  /// name is there or not.
  void power_cut();

  // --- what the calls ask of it. True or 0: go on; else an error number ---

  [[nodiscard]] bool covers(const char* path) const;
  void opened(int fd, const char* path, bool syncs_each_write, bool made);
  void closed(int fd) { open_.erase(fd); }
  [[nodiscard]] bool knows(int fd) const { return open_.contains(fd); }
  /// Before any operation: 0, or the error that it fails with.
  [[nodiscard]] int begin_operation(bool writes);
  void before_write(int fd, std::uint64_t offset, std::uint64_t size);
  void after_write(int fd, std::uint64_t offset, std::uint64_t size);
  void synced(int fd);
  void renaming(const std::string& from, const std::string& to);
  void removing(const std::string& path);
  void made_directory(const std::string& path);

 private:
  static constexpr std::uint64_t kSector = 512;
  using Sector = std::array<char, kSector>;
  struct File {
    std::string path;
    std::uint64_t durable_size = 0;
    std::map<std::uint64_t, Sector> unsynced;  ///< Number → what is durable there.
  };
  struct Open {
    std::shared_ptr<File> file;  ///< Null for a directory.
    std::string path;
    bool syncs_each_write = false;
  };
  /// A change of names that is not durable yet, and how to take it back.
  struct Renaming {
    std::string directory;
    std::function<void()> undo;
  };

  std::shared_ptr<File> file_at(const std::string& path);
  void remember_sectors(File& file, std::uint64_t offset, std::uint64_t size) const;
  void lose_some(File& file);
  [[nodiscard]] std::string set_by(const std::string& path);

  const std::string root_;
  Dice dice_;
  std::uint64_t dies_in_ = 0;
  bool dead_ = false;
  int error_ = 0;
  std::map<int, Open> open_;
  std::map<std::string, std::shared_ptr<File>> files_;
  std::vector<Renaming> names_;
  std::uint64_t set_by_ = 0;
};

}  // namespace akgate
