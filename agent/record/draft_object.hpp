// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/access_record.hpp"
#include "record/draft_rules.hpp"
#include "record/json.hpp"

namespace akgate {

/// One object of a draft, which knows its path and where to note what is wrong with it. For the
/// rules of drafts only. The names that it is made with live as long as the program.
class DraftObject {
 public:
  using Names = std::initializer_list<std::string_view>;

  /// Notes a name that stands twice, and one that differs from one of `names` in case only: such an
  /// object means different things to different readers. An empty path is the record itself.
  DraftObject(JsonView view, std::string path, Names names, std::vector<DraftFault>& faults);

  /// The object under that name; nothing, which is noted, where something else stands there.
  [[nodiscard]] std::optional<DraftObject> object(const char* name, Names names) const;
  /// The same for something that may be left out, which is not noted.
  [[nodiscard]] std::optional<DraftObject> object_if_there(const char* name, Names names) const;
  /// The objects of the list under that name; what else stands in it is noted.
  [[nodiscard]] std::vector<DraftObject> objects(const char* name, Names names) const;

  [[nodiscard]] JsonView operator[](const char* name) const { return view_[name]; }
  /// Empty where there is no text.
  [[nodiscard]] std::string_view text(const char* name) const;

  /// Notes a fault of what stands under that name, unless `right` holds.
  void expect(bool right, std::string_view name, std::string remedy) const;
  /// The register sets it, so it must not be there.
  void expect_unset(const char* name) const;
  void expect_text(const char* name) const;
  void expect_text_if_there(const char* name) const;
  /// An address on the web.
  void expect_url(const char* name) const;
  void expect_url_if_there(const char* name) const;

 private:
  [[nodiscard]] std::string path_of(std::string_view name) const;

  JsonView view_;
  std::string path_;
  std::vector<DraftFault>* faults_;
};

/// A consent basis: there must be a notice and a consent.
[[nodiscard]] bool is_consent(std::optional<LegalBasis> basis);

// The parts of check_draft() that have files of their own. An unknown basis is noted elsewhere and
// demands nothing.
void check_draft_arrangement(const DraftObject& metadata, std::optional<LegalBasis> basis);
void check_draft_notice(const DraftObject& record, std::optional<LegalBasis> basis);
void check_draft_consent(const DraftObject& event, std::optional<LegalBasis> basis);

}  // namespace akgate
