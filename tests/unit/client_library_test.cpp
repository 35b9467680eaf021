// SPDX-License-Identifier: Apache-2.0
// What is handed to other people: the header, and what the shared library shows and needs.
#include <akgate/akgate.h>
#include <gtest/gtest.h>
#include <stdio.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace akgate {
namespace {

std::vector<std::string> lines_of(std::istream& text) {
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> output_of(const std::string& command) {
  FILE* const pipe = popen(command.c_str(), "r");
  std::string output;
  for (int c = fgetc(pipe); c != EOF; c = fgetc(pipe)) output.push_back(static_cast<char>(c));
  EXPECT_EQ(pclose(pipe), 0) << command;
  std::istringstream text(output);
  return lines_of(text);
}

TEST(Library, the_header_is_short) {
  std::ifstream header(AKGATE_SOURCE_DIR "/agent/client/include/akgate/akgate.h");
  const std::size_t lines = lines_of(header).size();
  EXPECT_GT(lines, 0U);
  EXPECT_LT(lines, 150U);
}

TEST(Library, tells_its_version) { EXPECT_STREQ(akgate_version(), AKGATE_VERSION); }

TEST(Library, shows_its_four_functions_under_a_version_and_nothing_else) {
  std::vector<std::string> shown;
  for (const std::string& line : output_of("nm -D --defined-only " AKGATE_SHARED_LIBRARY)) {
    if (line.find(" A ") == std::string::npos) shown.push_back(line.substr(line.rfind(' ') + 1));
  }
  std::sort(shown.begin(), shown.end());
  EXPECT_EQ(shown, (std::vector<std::string>{"akgate_check@@AKGATE_1", "akgate_close@@AKGATE_1",
                                             "akgate_open@@AKGATE_1", "akgate_version@@AKGATE_1"}));
}

TEST(Library, has_a_name_of_its_own_and_needs_libc_alone) {
  std::vector<std::string> needed;
  std::string name;
  for (const std::string& line : output_of("readelf -dW " AKGATE_SHARED_LIBRARY)) {
    const std::size_t bracket = line.find('[');
    if (bracket == std::string::npos) continue;
    const std::string value = line.substr(bracket + 1, line.find(']') - bracket - 1);
    // The loader is a part of libc; some processors' stack protector names it.
    const bool is_loader = value.starts_with("ld-linux");
    if (line.find("(NEEDED)") != std::string::npos && !is_loader) needed.push_back(value);
    if (line.find("(SONAME)") != std::string::npos) name = value;
  }
  EXPECT_EQ(name, "libakgate.so.1");
#if !defined(AKGATE_SANITIZED)
  EXPECT_EQ(needed, std::vector<std::string>{"libc.so.6"});
#endif
}

}  // namespace
}  // namespace akgate
