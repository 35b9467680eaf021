// SPDX-License-Identifier: Apache-2.0
//
// The main() of a target that is built without a fuzzer: gives it each file of a folder.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "fuzz.hpp"

int main(int count, char** arguments) {
  std::error_code error;
  std::size_t replayed = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(count == 2 ? arguments[1] : "", error)) {
    std::printf("%s\n", file.path().c_str());
    std::fflush(stdout);  // the last one named is the one that fails
    std::ifstream stream(file.path(), std::ios::binary);
    const std::vector<char> read{std::istreambuf_iterator<char>(stream), {}};
    // No byte more than there is, so that the address sanitizer sees who reads behind them.
    const std::vector<std::uint8_t> bytes(read.begin(), read.end());
    akgate::LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    ++replayed;
  }
  if (replayed > 0) return EXIT_SUCCESS;
  std::fputs("usage: fuzz_<target> FOLDER, with files in it\n", stderr);
  return EXIT_FAILURE;
}
