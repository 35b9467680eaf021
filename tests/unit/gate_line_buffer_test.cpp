// SPDX-License-Identifier: Apache-2.0
#include "gate/line_buffer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace akgate {
namespace {

using Kind = LineBuffer::Cut::Kind;

/// Feeds a stream in pieces of at most `piece` bytes and gathers the lines; "<too long>" ends it.
std::vector<std::string> lines_of(std::string_view stream, std::size_t piece) {
  LineBuffer buffer;
  std::vector<std::string> lines;
  while (true) {
    const LineBuffer::Cut cut = buffer.next();
    if (cut.kind == Kind::line) {
      lines.emplace_back(cut.text);
      continue;
    }
    if (cut.kind == Kind::too_long) {
      lines.emplace_back("<too long>");
      return lines;
    }
    if (stream.empty()) return lines;
    const std::span<char> room = buffer.room();
    const std::size_t count = std::min({piece, room.size(), stream.size()});
    EXPECT_GT(count, 0U);
    std::copy_n(stream.begin(), count, room.begin());
    buffer.received(count);
    stream.remove_prefix(count);
  }
}

TEST(GateLineBuffer, cuts_the_same_lines_however_they_arrive) {
  const std::string stream = "PING\r\n\nHELLO\n \r\n\r\r\n" + std::string(700, 'x') + "\n" +
                             std::string(900, 'y') + "\nlast\nunfinished";
  const std::vector<std::string> lines = {
      "PING", "", "HELLO", " ", "\r", std::string(700, 'x'), std::string(900, 'y'), "last"};
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U, 1024U, 4095U, 4096U, 100000U}) {
    EXPECT_EQ(lines_of(stream, piece), lines) << piece;
  }
}

TEST(GateLineBuffer, a_line_has_at_most_1024_bytes_with_its_end) {
  struct Row {
    std::size_t characters;
    const char* end;
    bool fits;
  };
  for (const Row& row : {Row{1023, "\n", true}, Row{1024, "\n", false}, Row{1022, "\r\n", true},
                         Row{1023, "\r\n", false}, Row{1023, "", true}, Row{1024, "", false}}) {
    const std::string line(row.characters, 'x');
    std::vector<std::string> expected;
    if (!row.fits) {
      expected = {"<too long>"};
    } else if (*row.end != '\0') {
      expected = {line};
    }
    for (const std::size_t piece : {1U, 1000U, 4096U}) {
      EXPECT_EQ(lines_of(line + row.end, piece), expected) << row.characters << " " << piece;
    }
  }
}

TEST(GateLineBuffer, many_lines_at_their_longest) {
  const std::string line(1023, 'x');
  std::string stream;
  for (int i = 0; i < 20; ++i) stream += line + "\n";
  EXPECT_EQ(lines_of(stream, 4096), std::vector<std::string>(20, line));
}

}  // namespace
}  // namespace akgate
