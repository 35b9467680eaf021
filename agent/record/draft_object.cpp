// SPDX-License-Identifier: Apache-2.0
#include "record/draft_object.hpp"

#include <algorithm>
#include <utility>

namespace akgate {

namespace {

constexpr std::string_view kTheRecord = "the record";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool differ_in_case_only(std::string_view a, std::string_view b) {
  return a != b && std::equal(a.begin(), a.end(), b.begin(), b.end(),
                              [](char x, char y) { return lower(x) == lower(y); });
}

bool is_url(std::string_view text) {
  constexpr std::string_view kHttps = "https://";
  constexpr std::string_view kHttp = "http://";
  return (text.starts_with(kHttps) && text.size() > kHttps.size()) ||
         (text.starts_with(kHttp) && text.size() > kHttp.size());
}

}  // namespace

DraftObject::DraftObject(JsonView view, std::string path, Names names,
                         std::vector<DraftFault>& faults)
    : view_(view), path_(std::move(path)), faults_(&faults) {
  if (view_.ambiguous()) {
    faults_->push_back({.path = path_.empty() ? std::string(kTheRecord) : path_,
                        .remedy = "must not have two names that are equal but for case"});
    return;
  }
  for (JsonView member = view_.first_child(); !member.missing(); member = member.next()) {
    for (const std::string_view name : names) {
      expect(!differ_in_case_only(name, member.name()), member.name(),
             "is not read: write it " + std::string(name));
    }
  }
}

std::optional<DraftObject> DraftObject::object(const char* name, Names names) const {
  if (view_[name].is_object()) return DraftObject(view_[name], path_of(name), names, *faults_);
  expect(false, name, "must be an object");
  return std::nullopt;
}

std::optional<DraftObject> DraftObject::object_if_there(const char* name, Names names) const {
  return view_[name].absent() ? std::nullopt : object(name, names);
}

std::vector<DraftObject> DraftObject::objects(const char* name, Names names) const {
  std::vector<DraftObject> objects;
  std::size_t place = 0;
  for (JsonView entry = view_[name].first_child(); !entry.missing(); entry = entry.next()) {
    const std::string path = std::string(name) + "[" + std::to_string(place++) + "]";
    expect(entry.is_object(), path, "must be an object");
    if (entry.is_object()) objects.emplace_back(entry, path_of(path), names, *faults_);
  }
  return objects;
}

std::string_view DraftObject::text(const char* name) const {
  return view_[name].string().value_or("");
}

void DraftObject::expect(bool right, std::string_view name, std::string remedy) const {
  if (!right) faults_->push_back({.path = path_of(name), .remedy = std::move(remedy)});
}

void DraftObject::expect_unset(const char* name) const {
  expect(view_[name].absent(), name, "is set by the register: leave it out");
}

void DraftObject::expect_text(const char* name) const {
  expect(!text(name).empty(), name, "must be a text that is not empty");
}

void DraftObject::expect_text_if_there(const char* name) const {
  expect(view_[name].absent() || view_[name].string(), name, "must be a text, or left out");
}

void DraftObject::expect_url(const char* name) const {
  expect(is_url(text(name)), name, "must be an address that begins with https:// (or http://)");
}

void DraftObject::expect_url_if_there(const char* name) const {
  if (!view_[name].absent()) expect_url(name);
}

std::string DraftObject::path_of(std::string_view name) const {
  return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

bool is_consent(std::optional<LegalBasis> basis) {
  return basis == LegalBasis::uk_consent || basis == LegalBasis::uk_explicit_consent;
}

}  // namespace akgate
