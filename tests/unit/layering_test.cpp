// SPDX-License-Identifier: Apache-2.0
//
// Keeps the picture of the parts true: reads every #include of the product and fails when one
// follows no arrow of the design. A new part, or a new arrow, is a row here and thereby a decision.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace akgate {
namespace {

using Names = std::vector<std::string_view>;

struct Part {
  std::string_view folder;     ///< From the project root; its last component is the part's name.
  Names knows;                 ///< The parts it may include beside itself and base.
  bool on_libc_alone = false;  ///< For other people's programs: not even base, and no C++.
};

const std::vector<Part> kParts = {
    {"base", {}},
    {"platform", {}},
    {"agent/record", {}},
    {"agent/verdict", {"record"}},
    {"agent/audit", {"record", "verdict", "platform"}},
    {"agent/time", {"record", "platform"}},
    {"cache", {"record", "platform"}},
    {"agent/register", {"record", "platform"}},
    {"agent/refresh", {"record", "verdict", "cache", "register", "time", "platform"}},
    {"agent/gate", {"refresh", "verdict", "record", "platform"}},
    {"agent/config", {"record", "platform"}},
    {"agent/daemon",
     {"record", "verdict", "time", "cache", "register", "refresh", "audit", "gate", "config",
      "platform"}},
    {"agent/client", {}, true},
    {"agent/cli", {"config", "register", "audit", "verdict", "cache", "record", "platform"}},
};

/// A library's headers, by the beginning of their path, and the parts that may include them.
struct Library {
  std::string_view header;
  Names parts;
};

const std::vector<Library> kLibraries = {
    {"curl/", {"register"}},
    {"lmdb.h", {"cache"}},
    {"cjson/", {"record", "register", "config"}},
    {"mbedtls/", {"platform"}},
    {"psa/", {"platform"}},
    {"akgate/", {"client", "cli"}},
    // Heavy, throwing or thread-making parts of the standard library.
    {"iostream", {"platform"}},
    {"fstream", {"platform"}},
    {"sstream", {"platform"}},
    {"regex", {"platform"}},
    {"thread", {"platform"}},
};

/// C headers that say nothing about the operating system. All others are platform's alone, and
/// client's.
constexpr std::array kFreeCHeaders = {
    std::string_view("assert.h"), std::string_view("errno.h"),  std::string_view("inttypes.h"),
    std::string_view("limits.h"), std::string_view("stdarg.h"), std::string_view("stddef.h"),
    std::string_view("stdint.h"), std::string_view("stdio.h"),  std::string_view("stdlib.h"),
    std::string_view("string.h"),
};

struct Include {
  std::string_view path;
  bool quoted;
};

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view name_of(const Part& part) {
  return part.folder.substr(part.folder.find_last_of('/') + 1);
}

const Part* part_of_file(std::string_view file) {
  const auto holds = [&](const Part& part) {
    return file.starts_with(part.folder) && file.substr(part.folder.size()).starts_with('/');
  };
  const auto found = std::find_if(kParts.begin(), kParts.end(), holds);
  return found == kParts.end() ? nullptr : &*found;
}

std::string_view without_leading_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

std::optional<Include> parse_include(std::string_view line) {
  line = without_leading_blanks(line);
  if (!line.starts_with('#')) return std::nullopt;
  line = without_leading_blanks(line.substr(1));
  if (!line.starts_with("include")) return std::nullopt;
  line = without_leading_blanks(line.substr(std::string_view("include").size()));
  const bool quoted = line.starts_with('"');
  const std::size_t end = line.find(quoted ? '"' : '>', 1);
  if (end == std::string_view::npos) return std::nullopt;
  return Include{line.substr(1, end - 1), quoted};
}

/// What is wrong with a part's including a header of ours; empty if nothing.
std::string fault_of_own(const Part& part, std::string_view path) {
  const std::string_view target = path.substr(0, path.find('/'));
  const auto named = [&](const Part& other) { return name_of(other) == target; };
  if (target == path || std::none_of(kParts.begin(), kParts.end(), named)) {
    return "names no part of akgate; write the path from the project root or from agent/";
  }
  if (target == "base" && !part.on_libc_alone) return {};
  if (target == name_of(part) || contains(part.knows, target)) return {};
  return "follows no arrow of the design: " + std::string(name_of(part)) + " may not know " +
         std::string(target);
}

/// What is wrong with a part's including a header of a library or of the system; empty if nothing.
std::string fault_of_foreign(const Part& part, std::string_view path) {
  for (const Library& library : kLibraries) {
    const bool whole_folder = library.header.ends_with('/');
    if (whole_folder ? !path.starts_with(library.header) : path != library.header) continue;
    if (contains(library.parts, name_of(part))) return {};
    std::string owners;
    for (const std::string_view owner : library.parts) owners += " " + std::string(owner);
    return "is not for " + std::string(name_of(part)) + "; it is kept to:" + owners;
  }
  const bool standard_cpp = path.find_first_of("./") == std::string_view::npos;
  if (part.on_libc_alone) return standard_cpp ? "is C++, and this part is C" : "";
  if (standard_cpp || contains(kFreeCHeaders, path) || name_of(part) == "platform") return {};
  return "belongs to the operating system, which only platform may see";
}

/// One sentence, led by file:line, for each include in `text` that crosses a border.
std::vector<std::string> faults_in(const std::string& file, const std::string& text) {
  const Part* part = part_of_file(file);
  if (part == nullptr) return {file + ":1: is in a folder that this test has no row for"};
  std::vector<std::string> faults;
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const std::optional<Include> include = parse_include(line);
    if (!include) continue;
    const std::string fault = include->quoted ? fault_of_own(*part, include->path)
                                              : fault_of_foreign(*part, include->path);
    if (fault.empty()) continue;
    faults.push_back(file + ":" + std::to_string(number) + ": " + std::string(include->path) + " " +
                     fault);
  }
  return faults;
}

std::string read_file(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(Layering, every_include_follows_an_arrow) {
  const std::filesystem::path root = AKGATE_SOURCE_DIR;
  for (const char* top : {"base", "platform", "cache", "agent"}) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / top)) {
      const std::filesystem::path extension = entry.path().extension();
      if (extension != ".hpp" && extension != ".cpp" && extension != ".h" && extension != ".c") {
        continue;
      }
      ++files;
      const std::string file = std::filesystem::relative(entry.path(), root).generic_string();
      for (const std::string& fault : faults_in(file, read_file(entry.path()))) {
        ADD_FAILURE() << fault;
      }
    }
    EXPECT_GT(files, 0U) << "nothing was read in " << top;
  }
}

struct Case {
  const char* file;
  const char* line;
  const char* fault;  ///< Part of the sentence expected, or nullptr where the include is right.
};

const std::vector<Case> kCases = {
    {"agent/verdict/a.hpp", "#include \"record/mpxn.hpp\"", nullptr},
    {"agent/verdict/a.hpp", "#include \"base/result.hpp\"", nullptr},
    {"agent/verdict/a.cpp", "#include \"verdict/a.hpp\"", nullptr},
    {"agent/verdict/a.hpp", "#include \"platform/clock.hpp\"", "verdict may not know"},
    {"agent/record/a.cpp", "  #  include \"verdict/a.hpp\"", "record may not know verdict"},
    {"platform/linux/a.cpp", "#include \"record/mpxn.hpp\"", "platform may not know"},
    {"base/a.hpp", "#include \"platform/clock.hpp\"", "base may not know platform"},
    {"agent/cli/a.cpp", "#include \"gate/protocol.hpp\"", "cli may not know gate"},
    {"agent/gate/a.cpp", "#include \"protocol.hpp\"", "names no part"},
    {"agent/gate/a.cpp", "#include \"tests/unit/a.hpp\"", "names no part"},
    {"agent/register/a.cpp", "#include <curl/curl.h>", nullptr},
    {"agent/refresh/a.cpp", "#include <curl/curl.h>", "kept to: register"},
    {"cache/a.cpp", "#include <lmdb.h>", nullptr},
    {"agent/daemon/a.cpp", "#include <lmdb.h>", "kept to: cache"},
    {"agent/config/a.cpp", "#include <cjson/cJSON.h>", nullptr},
    {"agent/gate/a.cpp", "#include <cjson/cJSON.h>", "kept to: record register config"},
    {"platform/crypto.cpp", "#include <mbedtls/gcm.h>", nullptr},
    {"cache/a.cpp", "#include <mbedtls/gcm.h>", "kept to: platform"},
    {"platform/linux/a.cpp", "#include <sys/epoll.h>", nullptr},
    {"agent/gate/a.cpp", "#include <sys/socket.h>", "only platform"},
    {"agent/daemon/a.cpp", "#include <unistd.h>", "only platform"},
    {"agent/gate/a.cpp", "#include <errno.h>", nullptr},
    {"agent/gate/a.cpp", "#include <string>", nullptr},
    {"agent/gate/a.cpp", "#include <thread>", "kept to: platform"},
    {"agent/config/a.cpp", "#include <fstream>", "kept to: platform"},
    {"agent/gate/a.cpp", "// #include <unistd.h>", nullptr},
    {"agent/client/a.c", "#include <unistd.h>", nullptr},
    {"agent/client/a.c", "#include \"client/line.h\"", nullptr},
    {"agent/client/a.c", "#include \"base/text.hpp\"", "client may not know base"},
    {"agent/client/a.c", "#include \"gate/protocol.hpp\"", "client may not know gate"},
    {"agent/client/a.c", "#include <string>", "is C++"},
    {"agent/client/a.c", "#include <mbedtls/gcm.h>", "kept to: platform"},
    {"agent/gate/a.cpp", "#include <akgate/akgate.h>", "kept to: client cli"},
    {"agent/cli/a.cpp", "#include <akgate/akgate.h>", nullptr},
    {"agent/cli/a.cpp", "#include \"client/line.h\"", "cli may not know client"},
};

TEST(Layering, each_kind_of_crossing_is_found_with_its_line) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(std::string(c.file) + ": " + c.line);
    const std::vector<std::string> faults =
        faults_in(c.file, std::string("#pragma once\n\n") + c.line + "\nint x;\n");
    if (c.fault == nullptr) {
      EXPECT_EQ(faults, std::vector<std::string>{});
      continue;
    }
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_TRUE(faults[0].starts_with(std::string(c.file) + ":3: ")) << faults[0];
    EXPECT_NE(faults[0].find(c.fault), std::string::npos) << faults[0];
  }
}

TEST(Layering, a_folder_without_a_row_is_a_fault) {
  EXPECT_EQ(faults_in("agent/novelty/a.cpp", "int x;\n").size(), 1U);
}

}  // namespace
}  // namespace akgate
