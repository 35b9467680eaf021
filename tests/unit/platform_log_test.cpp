// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include "platform/fd.hpp"
#include "platform/log.hpp"

namespace akgate {
namespace {

/// Where a log writes to: a pipe in packet mode, which gives back one write() a read().
class Sink {
 public:
  Sink() {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC | O_DIRECT | O_NONBLOCK), 0);
    out_ = Fd(ends[0]);
    in_ = Fd(ends[1]);
  }

  [[nodiscard]] int fd() const { return in_.get(); }

  [[nodiscard]] std::vector<std::string> writes() const {
    std::vector<std::string> all;
    std::array<char, 4096> buffer{};
    for (;;) {
      const ssize_t got = read(out_.get(), buffer.data(), buffer.size());
      if (got <= 0) return all;
      all.emplace_back(buffer.data(), static_cast<std::size_t>(got));
    }
  }

 private:
  Fd out_;
  Fd in_;
};

std::string line_of(LogFormat format, std::string_view text) {
  const Sink sink;
  Log(LogLevel::debug, format, sink.fd()).warning(text);
  const std::vector<std::string> writes = sink.writes();
  EXPECT_EQ(writes.size(), 1U) << "a line is one write";
  return writes.empty() ? "" : writes.front();
}

std::string message_of(std::string_view text) {
  const std::string line = line_of(LogFormat::journald, text);
  EXPECT_TRUE(line.starts_with("<4>") && line.ends_with('\n')) << line;
  return line.substr(3, line.size() - 4);
}

TEST(Log, says_what_the_level_lets_through) {
  const Sink sink;
  const Log log(LogLevel::warning, LogFormat::journald, sink.fd());
  log.error("a");
  log.warning("b");
  log.info("c");
  log.debug("d");
  EXPECT_EQ(sink.writes(), (std::vector<std::string>{"<3>a\n", "<4>b\n"}));
  const Log all(LogLevel::debug, LogFormat::journald, sink.fd());
  all.info("c");
  all.debug("d");
  EXPECT_EQ(sink.writes(), (std::vector<std::string>{"<6>c\n", "<7>d\n"}));
}

TEST(Log, text_has_time_and_level) {
  const std::string line = line_of(LogFormat::text, "register is silent");
  const std::string form = "2026-11-22T10:05:00Z";
  ASSERT_GT(line.size(), form.size());
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool digit = form[i] >= '0' && form[i] <= '9';
    EXPECT_TRUE(digit ? line[i] >= '0' && line[i] <= '9' : line[i] == form[i]) << line;
  }
  EXPECT_EQ(line.substr(form.size()), " warning register is silent\n");
}

TEST(Log, json_is_one_object_with_its_strings_escaped) {
  const std::string line = line_of(LogFormat::json, R"(a "b" \ c)");
  EXPECT_TRUE(line.starts_with(R"({"time":")")) << line;
  EXPECT_TRUE(line.ends_with(R"(Z","level":"warning","message":"a \"b\" \\ c"})"
                             "\n"))
      << line;
}

TEST(Log, no_text_can_fake_a_line_or_drive_a_terminal) {
  EXPECT_EQ(message_of("one\ntwo\r\ttwo\x1b[2J\x7f"), "one?two??two?[2J?");
  EXPECT_EQ(message_of("c1 \xc2\x9b stays a question"), "c1 ? stays a question");
  EXPECT_EQ(message_of(std::string_view("nul\0here", 8)), "nul?here");
  EXPECT_NE(line_of(LogFormat::json, "a\nb").find("a?b"), std::string::npos);
}

TEST(Log, what_is_no_utf8_is_replaced) {
  EXPECT_EQ(message_of("£ and \xff and \xe2\x82"), "£ and \ufffd and \ufffd\ufffd");
  EXPECT_EQ(message_of("\xc2\xa0"), "\xc2\xa0") << "the first that is no control character";
}

class LogBound : public testing::TestWithParam<LogFormat> {};

TEST_P(LogBound, cuts_a_long_text_between_characters) {
  // Each of these ends on another byte of a character, or of an escape, at the bound.
  for (std::size_t shift = 0; shift < 4; ++shift) {
    for (const std::string_view unit : {"x", "€", "\"", "𝄞"}) {
      std::string text(shift, 'y');
      while (text.size() < 2 * Log::kMaxLine) text += unit;
      const std::string line = line_of(GetParam(), text);
      EXPECT_LE(line.size(), Log::kMaxLine);
      EXPECT_GT(line.size(), Log::kMaxLine - 8) << "cut more than it had to";
      const std::string end = GetParam() == LogFormat::json ? "…\"}\n" : "…\n";
      EXPECT_TRUE(line.ends_with(end)) << line;
      EXPECT_EQ(line.find("\ufffd"), std::string::npos) << "cut within a character";
    }
  }
}

TEST_P(LogBound, leaves_alone_what_just_fits) {
  const std::size_t frame = line_of(GetParam(), "").size();
  const std::string text(Log::kMaxLine - frame, 'x');
  EXPECT_NE(line_of(GetParam(), text).find(text), std::string::npos);
  EXPECT_EQ(line_of(GetParam(), text).size(), Log::kMaxLine);
}

INSTANTIATE_TEST_SUITE_P(Formats, LogBound,
                         testing::Values(LogFormat::text, LogFormat::journald, LogFormat::json));

TEST(Log, survives_a_reader_that_is_gone_or_full) {
  const Sink sink;
  const Log log(LogLevel::info, LogFormat::text, sink.fd());
  for (int i = 0; i < 1000; ++i) log.info(std::string(1000, 'x'));  // more than a pipe takes
  EXPECT_FALSE(sink.writes().empty());
  Log(LogLevel::info, LogFormat::text, -1).info("nowhere");
}

TEST(LogFormatDetection, takes_the_journal_only_where_stderr_is_its_stream) {
  struct stat facts {};
  ASSERT_EQ(fstat(STDERR_FILENO, &facts), 0);
  const std::string ours = std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
  ASSERT_EQ(setenv("JOURNAL_STREAM", ours.c_str(), 1), 0);
  EXPECT_EQ(detect_log_format(), LogFormat::journald);
  ASSERT_EQ(setenv("JOURNAL_STREAM", (ours + "0").c_str(), 1), 0);
  EXPECT_EQ(detect_log_format(), LogFormat::text);
  ASSERT_EQ(unsetenv("JOURNAL_STREAM"), 0);
  EXPECT_EQ(detect_log_format(), LogFormat::text);
}

}  // namespace
}  // namespace akgate
