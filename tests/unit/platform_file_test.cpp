// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "platform/directory.hpp"
#include "platform/file.hpp"
#include "platform/random_access_file.hpp"
#include "tests/support/temporary_directory.hpp"

namespace akgate {
namespace {

constexpr MaxBytes kEnough{1000};

void put(const std::string& path, std::string_view content, mode_t mode) {
  std::ofstream(path) << content;
  ASSERT_EQ(chmod(path.c_str(), mode), 0);
}

std::string get(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

mode_t mode_of(const std::string& path) {
  struct stat facts {};
  EXPECT_EQ(stat(path.c_str(), &facts), 0) << path;
  return facts.st_mode & 07777U;
}

std::size_t entries_in(const std::string& path) {
  const std::filesystem::directory_iterator begin(path);
  return static_cast<std::size_t>(std::distance(begin, std::filesystem::directory_iterator()));
}

bool is_root() { return geteuid() == 0; }

class File : public testing::Test {
 protected:
  TemporaryDirectory directory_;
  const std::string path_ = directory_ / "file";
};

TEST_F(File, trusted_one_is_read_whole) {
  const std::string content = std::string("one\0two", 7) + "\n";
  put(path_, content, 0644);
  const auto read = read_trusted_file(path_, MaxBytes{content.size()});
  ASSERT_TRUE(read) << read.error().what();
  EXPECT_EQ(*read, content);
}

TEST_F(File, empty_one_may_be_trusted) {
  put(path_, "", 0600);
  EXPECT_EQ(read_trusted_file(path_, kEnough).value(), "");
}

TEST_F(File, link_to_a_trusted_one_is_trusted) {
  put(path_, "content", 0644);
  const std::string link = directory_ / "link";
  ASSERT_EQ(symlink("file", link.c_str()), 0);
  EXPECT_EQ(read_trusted_file(link, kEnough).value(), "content");
}

TEST_F(File, one_that_others_may_write_is_refused_with_the_remedy) {
  for (const mode_t mode : {0664U, 0646U, 0620U, 0602U}) {
    put(path_, "content", mode);
    const auto read = read_trusted_file(path_, kEnough);
    ASSERT_FALSE(read) << std::oct << mode;
    EXPECT_NE(read.error().what().find("others may write it"), std::string::npos);
    EXPECT_NE(read.error().what().find("run: chmod go-w " + path_), std::string::npos);
  }
}

TEST_F(File, of_another_user_is_refused) {
  if (!is_root()) GTEST_SKIP() << "only root can give a file away";
  put(path_, "content", 0600);
  ASSERT_EQ(chown(path_.c_str(), 65534, 65534), 0);
  EXPECT_EQ(read_trusted_file(path_, kEnough).error().what(),
            "cannot read " + path_ + ": it belongs to uid 65534, who may change it; run: chown 0 " +
                path_);
}

TEST_F(File, longer_than_the_bound_is_refused) {
  put(path_, "12345", 0600);
  EXPECT_TRUE(read_trusted_file(path_, MaxBytes{5}));
  EXPECT_FALSE(read_trusted_file(path_, MaxBytes{4}));
}

TEST_F(File, that_is_not_there_or_no_file_is_refused) {
  const auto missing = read_trusted_file(path_, kEnough);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().what(),
            "cannot read " + path_ + ": it does not exist; create it, or correct the path");
  EXPECT_FALSE(read_trusted_file(directory_.path(), kEnough));
}

TEST_F(File, pipe_in_its_place_does_not_hang) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(read_trusted_file(path_, kEnough).error().what(),
            "cannot read " + path_ + ": it is no regular file; name one");
}

TEST_F(File, secret_loses_its_line_ends_only) {
  put(path_, " s3cret \r\n\n", 0600);
  const auto secret = read_secret_file(path_, kEnough);
  ASSERT_TRUE(secret) << secret.error().what();
  EXPECT_EQ(secret->reveal(), " s3cret ");
}

TEST_F(File, I9_secret_that_others_may_read_is_refused_with_the_remedy) {
  put(path_, "s3cret", 0644);
  EXPECT_EQ(read_secret_file(path_, kEnough).error().what(),
            "cannot read " + path_ + ": others may read it (mode 0644); run: chmod 600 " + path_);
}

// The service manager's credentials look like this: root's, readable for us through an access list.
TEST_F(File, secret_readable_for_the_group_is_taken_from_root_only) {
  put(path_, "s3cret", 0440);
  EXPECT_EQ(read_secret_file(path_, kEnough).ok(), is_root());
}

TEST_F(File, empty_secret_is_refused) {
  put(path_, "\n", 0600);
  EXPECT_FALSE(read_secret_file(path_, kEnough));
}

TEST_F(File, is_written_whole_with_its_mode_and_leaves_nothing_else) {
  const mode_t before = umask(077);
  ASSERT_TRUE(write_file_atomically(path_, "old", 0600));
  ASSERT_TRUE(write_file_atomically(path_, "new content", 0644));
  umask(before);
  EXPECT_EQ(get(path_), "new content");
  EXPECT_EQ(mode_of(path_), 0644U);
  EXPECT_EQ(entries_in(directory_.path()), 1U);
}

TEST_F(File, that_cannot_be_replaced_stays_and_leaves_nothing_else) {
  ASSERT_EQ(mkdir(path_.c_str(), 0700), 0);
  EXPECT_FALSE(write_file_atomically(path_, "content", 0600));
  EXPECT_TRUE(std::filesystem::is_directory(path_));
  EXPECT_EQ(entries_in(directory_.path()), 1U);
}

TEST_F(File, that_cannot_be_written_is_said_under_its_own_name) {
  const std::string path = directory_ / "missing/file";
  EXPECT_EQ(write_file_atomically(path, "content", 0600).error().what(),
            "cannot write " + path + ": it does not exist; create it, or correct the path");
}

TEST_F(File, exists_even_as_a_link_to_nothing) {
  EXPECT_FALSE(file_exists(path_));
  ASSERT_EQ(symlink("nothing", path_.c_str()), 0);
  EXPECT_TRUE(file_exists(path_));
}

TEST_F(File, directories_are_made_with_their_mode_whatever_the_umask) {
  const mode_t before = umask(077);
  const Status made = make_directories(directory_ / "a/b//c/", 0755);
  umask(before);
  ASSERT_TRUE(made) << made.error().what();
  EXPECT_EQ(mode_of(directory_ / "a"), 0755U);
  EXPECT_EQ(mode_of(directory_ / "a/b/c"), 0755U);
}

TEST_F(File, directories_that_exist_keep_their_mode) {
  ASSERT_EQ(mkdir(path_.c_str(), 0700), 0);
  EXPECT_TRUE(make_directories(path_, 0755));
  EXPECT_EQ(mode_of(path_), 0700U);
}

TEST_F(File, directory_cannot_be_where_a_file_is) {
  put(path_, "", 0600);
  EXPECT_EQ(make_directories(path_, 0700).error().what(),
            "cannot use " + path_ + ": it is no directory; move it away, or choose another path");
  EXPECT_FALSE(make_directories(path_ + "/below", 0700));
}

TEST_F(File, directory_that_we_may_not_write_to_is_refused) {
  if (is_root()) GTEST_SKIP() << "root may write anywhere";
  ASSERT_EQ(mkdir(path_.c_str(), 0500), 0);
  EXPECT_FALSE(make_directories(path_, 0700));
}

TEST_F(File, renaming_aside_never_overwrites) {
  const std::string other = directory_ / "other";
  put(path_, "damaged", 0600);
  put(other, "older", 0600);
  EXPECT_FALSE(rename_aside(path_, other));
  EXPECT_EQ(get(other), "older");
  EXPECT_TRUE(rename_aside(path_, directory_ / "free"));
  EXPECT_EQ(get(directory_ / "free"), "damaged");
  EXPECT_FALSE(file_exists(path_));
}

TEST_F(File, directory_is_renamed_aside_with_what_it_holds) {
  ASSERT_TRUE(make_directories(path_, 0700));
  put(path_ + "/data", "damaged", 0600);
  EXPECT_TRUE(rename_aside(path_, directory_ / "free"));
  EXPECT_EQ(get(directory_ / "free/data"), "damaged");
}

TEST_F(File, directory_is_listed_in_order_and_removed_with_its_files) {
  ASSERT_TRUE(make_directories(path_, 0700));
  put(path_ + "/b", "", 0600);
  put(path_ + "/.a", "", 0600);
  EXPECT_EQ(list_directory(path_).value(), (std::vector<std::string>{".a", "b"}));
  EXPECT_TRUE(remove_directory(path_));
  EXPECT_FALSE(file_exists(path_));
  EXPECT_FALSE(list_directory(path_));
}

TEST_F(File, directory_with_another_in_it_is_not_removed) {
  ASSERT_TRUE(make_directories(path_ + "/below", 0700));
  EXPECT_FALSE(remove_directory(path_));
  EXPECT_TRUE(file_exists(path_ + "/below"));
}

TEST_F(File, is_read_at_any_place_and_never_past_its_end) {
  put(path_, "0123456789", 0600);
  const RandomAccessFile file = RandomAccessFile::open(path_).value();
  EXPECT_EQ(file.size().value(), 10U);
  std::array<std::uint8_t, 4> out{};
  EXPECT_TRUE(file.read(6, out));
  EXPECT_EQ(std::string(out.begin(), out.end()), "6789");
  EXPECT_FALSE(file.read(7, out));
  EXPECT_FALSE(file.read(100, out));
}

TEST_F(File, lock_is_exclusive_while_it_is_held) {
  auto first = lock_file(path_);
  ASSERT_TRUE(first) << first.error().what();
  EXPECT_EQ(mode_of(path_), 0600U);
  EXPECT_EQ(lock_file(path_).error().what(),
            "cannot lock " + path_ + ": another process holds it; stop that one first");
  first->close();
  EXPECT_TRUE(lock_file(path_));
}

}  // namespace
}  // namespace akgate
