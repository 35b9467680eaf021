// SPDX-License-Identifier: Apache-2.0
#include "register/operations.hpp"

#include <initializer_list>
#include <utility>

#include "record/read_answer.hpp"
#include "record/read_data_user.hpp"
#include "record/read_listing.hpp"
#include "register/reply.hpp"

namespace akgate {

namespace {

constexpr std::string_view kRefused = "the register refused a request that carried our token";

struct Parameter {
  std::string_view name;
  std::string_view value;
};

// RFC 3986, section 2.3: what never means anything in a URL.
bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

void append_encoded(std::string& text, std::string_view value) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : value) {
    if (is_unreserved(c)) {
      text += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    text += '%';
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0x0fU];
  }
}

// The path with those of the parameters that have a value. Reserved in one piece: nothing of a
// token is left behind by growing.
Secret with_query(std::string_view path, std::initializer_list<Parameter> parameters) {
  std::size_t longest = path.size();
  for (const auto& [name, value] : parameters) longest += 2 + name.size() + 3 * value.size();
  std::string text;
  text.reserve(longest);
  text += path;
  char before = '?';
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    text += std::exchange(before, '&');
    text += name;
    text += '=';
    append_encoded(text, value);
  }
  return Secret(std::move(text));
}

Secret path_of(const AccessKey& key) {
  return Secret::joined({"/access-records/", key.reveal().reveal()});
}

HttpRequest request(Method method, Secret path, std::string body = {}) {
  return {.method = method, .path = std::move(path), .authorization = {}, .body = std::move(body)};
}

VerifyOutcome read_record_answer(const HttpReply& reply, const AccessKey& asked) {
  auto answer = read_verify_answer(reply.body, asked);
  if (!answer) return {malformed(answer.error().what()), {}};
  const std::optional<Timestamp> now = clock_of(answer->envelope, reply);
  // What denies needs no completeness; what allows needs everything (I1).
  if (!answer->record.complete &&
      !denies_by_itself(answer->record, now.value_or(Timestamp::min()))) {
    return {malformed("the register's record is incomplete: " + answer->missing), {}};
  }
  return {answered(Outcome::found, answer->envelope, reply), std::move(answer->record)};
}

}  // namespace

HttpRequest verify_request(const AccessKey& key) { return request(Method::get, path_of(key)); }

HttpRequest meter_point_request(const Mpxn& mpxn, const MeterPointFilter& filter) {
  HttpRequest list =
      request(Method::get,
              with_query("/meter-points/" + mpxn.text() + "/access-records",
                         {{"state", filter.state},
                          {"legal-basis", filter.legal_basis},
                          {"reidentification-token", filter.reidentification_token.reveal()}}));
  list.max_body = kMaxListBytes;
  return list;
}

HttpRequest list_request(const ListFilter& filter) {
  const std::string limit = filter.limit ? std::to_string(*filter.limit) : std::string();
  HttpRequest list = request(
      Method::get,
      with_query("/records",
                 {{"state", filter.state}, {"legal-basis", filter.legal_basis}, {"limit", limit}}));
  list.max_body = kMaxListBytes;
  return list;
}

HttpRequest create_request(std::string record) {
  return request(Method::post, Secret::copy_of("/access-records"), std::move(record));
}

HttpRequest replace_request(const AccessKey& key, std::string record) {
  return request(Method::put, path_of(key), std::move(record));
}

HttpRequest revoke_request(const AccessKey& key, std::string_view reason) {
  return request(Method::delete_, with_query(path_of(key).reveal(), {{"reason", reason}}));
}

HttpRequest data_user_request(const Duid& duid) {
  return request(Method::get, Secret::joined({"/data-users/", duid.text()}));
}

VerifyOutcome read_verify_reply(const HttpReply& reply, const AccessKey& asked) {
  auto end = read_without_answer(
      reply,
      "the register refused a request that needs no credentials; check register.url, and whether a "
      "gateway wants a client certificate");
  if (end) return {*std::move(end), {}};
  if (reply.status == 404) return {read_404(reply), {}};
  return read_record_answer(reply, asked);
}

ListingOutcome read_meter_point_reply(const HttpReply& reply, const AccessKey& asked,
                                      const Mpxn& mpxn, std::string_view role) {
  auto end = read_without_answer(
      reply, reply.status == 403 ? explain_meter_point_refusal(role) : std::string(kRefused));
  if (end) return {*std::move(end), false};
  if (reply.status == 404) {
    Ending unknown = read_404(reply);
    if (unknown.outcome == Outcome::not_found) unknown.outcome = Outcome::found;
    return {std::move(unknown), false};
  }
  const auto listing = read_listing(reply.body, asked, mpxn);
  if (!listing) return {malformed(listing.error().what()), false};
  return {answered(Outcome::found, listing->envelope, reply), listing->listed};
}

DataUserOutcome read_data_user_reply(const HttpReply& reply, const Duid& asked,
                                     std::string_view role) {
  auto end = read_without_answer(
      reply, reply.status == 403 ? explain_data_user_refusal(role) : std::string(kRefused));
  if (end) return {*std::move(end), DataUserStatus::other};
  if (reply.status == 404) return {read_404(reply), DataUserStatus::unknown};
  const auto answer = read_data_user_answer(reply.body, asked);
  if (!answer) return {malformed(answer.error().what()), DataUserStatus::other};
  return {answered(Outcome::found, answer->envelope, reply), answer->status};
}

std::string explain_meter_point_refusal(std::string_view role) {
  if (role == "portal") {
    return "operation 4 takes a confirmed reidentification-token for the meter point where the "
           "account is of the role portal";
  }
  std::string text =
      "operation 4 is for data_user accounts that registered a record for the meter point";
  if (role == "data_user") text += "; ours registered none";
  if (!role.empty() && role != "data_user") text.append("; ours is ").append(role);
  return text + ": bind keys with akgate bind";
}

std::string explain_data_user_refusal(std::string_view role) {
  std::string text = "the directory of Data Users is for data_provider and data_user accounts";
  if (!role.empty()) text.append("; ours is ").append(role);
  return text;
}

}  // namespace akgate
