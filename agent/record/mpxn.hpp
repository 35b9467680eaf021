// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace akgate {

/// A meter point number: MPAN (electricity) or MPRN (gas). Personal data: not for logs.
class Mpxn {
 public:
  /// Takes the register's published pattern `^(?:[0-9A-HJ-NPR-Z]{2}[0-9]{8,10}|[0-9]{10})$` or 6 to
  /// 13 digits: the published pattern refuses the published 13-digit example and every real MPAN
  /// core. The MPAN's check digit is not enforced, since that example fails it. What is kept out is
  /// rubbish and anything that could change a URL.
  [[nodiscard]] static std::optional<Mpxn> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool operator==(const Mpxn&) const = default;

 private:
  explicit Mpxn(std::string_view text) : text_(text) {}
  std::string text_;
};

}  // namespace akgate
