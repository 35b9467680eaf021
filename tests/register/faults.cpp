// SPDX-License-Identifier: Apache-2.0
#include "tests/register/faults.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "tests/register/words.hpp"

namespace akgate::sandbox {
namespace {

constexpr double kMostTimes = 1e9;
constexpr double kMostRepeats = 1 << 26;
constexpr std::size_t kMostBodyBytes = std::size_t{1} << 26;

/// A whole number between two bounds.
bool is_whole(const cJSON* item, double least, double most) {
  if (cJSON_IsNumber(item) == 0) {
    return false;
  }
  const double value = item->valuedouble;
  return value >= least && value <= most && std::floor(value) == value;
}

Error wrong(const cJSON* item, const char* right) {
  return Error(std::string("a fault's \"") + item->string + "\" must be " + right);
}

Status read_delivery(const cJSON* item, Delivery kind, Fault& fault) {
  if (cJSON_IsBool(item) == 0) {
    return wrong(item, "true or false");
  }
  if (cJSON_IsTrue(item) != 0) {
    if (fault.delivery != Delivery::whole) {
      return Error("a fault has at most one of \"cut\", \"drop\" and \"hang\"");
    }
    fault.delivery = kind;
  }
  return Done{};
}

Status read_headers(const cJSON* item, Fault& fault) {
  const cJSON* header = nullptr;
  if (cJSON_IsObject(item) == 0) {
    return wrong(item, "an object of header names and values");
  }
  cJSON_ArrayForEach(header, item) {
    if (cJSON_IsString(header) == 0) {
      return wrong(header, "a string, as every header's value");
    }
    fault.headers.emplace_back(header->string, header->valuestring);
  }
  return Done{};
}

struct Member {
  std::string_view name;
  Status (*read)(const cJSON* item, Fault& fault);
};

// What a fault can say. `repeat` is only checked here: it is carried out when the body is known.
constexpr std::array<Member, 13> kMembers{{
    {"path",
     [](const cJSON* item, Fault& fault) -> Status {
       fault.path = text_of(item);
       return fault.path.starts_with('/') ? Status(Done{})
                                          : wrong(item, "a path prefix like \"/v1/records\"");
     }},
    {"method",
     [](const cJSON* item, Fault& fault) -> Status {
       fault.method = text_of(item);
       return fault.method.empty() ? wrong(item, "a method like \"GET\"") : Status(Done{});
     }},
    {"status",
     [](const cJSON* item, Fault& fault) -> Status {
       if (!is_whole(item, 200, 599)) {
         return wrong(item, "a status between 200 and 599");
       }
       fault.status = item->valueint;
       return Done{};
     }},
    {"body",
     [](const cJSON* item, Fault& fault) -> Status {
       if (cJSON_IsString(item) == 0) {
         return wrong(item, "a string");
       }
       fault.body = text_of(item);
       return Done{};
     }},
    {"repeat",
     [](const cJSON* item, Fault&) -> Status {
       return is_whole(item, 1, kMostRepeats) ? Status(Done{})
                                              : wrong(item, "a number from 1 to 67108864");
     }},
    {"content-type",
     [](const cJSON* item, Fault& fault) -> Status {
       if (cJSON_IsString(item) == 0) {
         return wrong(item, "a string");
       }
       fault.headers.emplace_back("Content-Type", item->valuestring);
       return Done{};
     }},
    {"headers", read_headers},
    {"retry-after",
     [](const cJSON* item, Fault& fault) -> Status {
       if (!is_whole(item, 0, 1e6)) {
         return wrong(item, "a number of seconds");
       }
       fault.headers.emplace_back("Retry-After", std::to_string(item->valueint));
       return Done{};
     }},
    {"delay",
     [](const cJSON* item, Fault& fault) -> Status {
       const auto delay = parse_duration(text_of(item));
       fault.delay = delay.value_or(std::chrono::milliseconds(0));
       return delay ? Status(Done{}) : wrong(item, "a duration like \"500ms\"");
     }},
    {"times",
     [](const cJSON* item, Fault& fault) -> Status {
       if (!is_whole(item, 1, kMostTimes)) {
         return wrong(item, "a number from 1 on");
       }
       fault.times_left = static_cast<std::uint64_t>(item->valuedouble);
       return Done{};
     }},
    {"cut",
     [](const cJSON* item, Fault& fault) { return read_delivery(item, Delivery::cut, fault); }},
    {"drop",
     [](const cJSON* item, Fault& fault) { return read_delivery(item, Delivery::drop, fault); }},
    {"hang",
     [](const cJSON* item, Fault& fault) { return read_delivery(item, Delivery::hang, fault); }},
}};

Status read_member(const cJSON* item, Fault& fault) {
  const std::string_view name = item->string;
  const auto known = std::find_if(kMembers.begin(), kMembers.end(),
                                  [&](const Member& m) { return m.name == name; });
  if (known == kMembers.end()) {
    return Error("a fault has no member \"" + std::string(name) +
                 "\"; akregister --help lists them");
  }
  return known->read(item, fault);
}

Result<Fault> with_repeated_body(Fault fault, std::size_t times) {
  const std::string once = fault.body.value_or("");
  if (once.size() * times > kMostBodyBytes) {
    return Error("a fault's body must not be longer than 64 MiB");
  }
  std::string whole;
  whole.reserve(once.size() * times);
  for (std::size_t i = 0; i < times; ++i) {
    whole += once;
  }
  fault.body = std::move(whole);
  return fault;
}

Result<Fault> read_fault(const cJSON* json) {
  if (cJSON_IsObject(json) == 0) {
    return Error("a fault must be a JSON object");
  }
  Fault fault{.path = "/"};
  const cJSON* item = nullptr;
  cJSON_ArrayForEach(item, json) {
    if (auto read = read_member(item, fault); !read) {
      return std::move(read).error();
    }
  }
  if (const cJSON* repeat = member(json, "repeat"); repeat != nullptr) {
    return with_repeated_body(std::move(fault), static_cast<std::size_t>(repeat->valuedouble));
  }
  return fault;
}

}  // namespace

Result<std::vector<Fault>> read_faults(const cJSON* json) {
  std::vector<Fault> faults;
  if (cJSON_IsArray(json) == 0) {
    auto fault = read_fault(json);
    if (!fault) {
      return std::move(fault).error();
    }
    faults.push_back(std::move(fault).value());
    return faults;
  }
  const cJSON* item = nullptr;
  cJSON_ArrayForEach(item, json) {
    auto fault = read_fault(item);
    if (!fault) {
      return std::move(fault).error();
    }
    faults.push_back(std::move(fault).value());
  }
  return faults;
}

void FaultTable::replace(std::vector<Fault> faults) {
  const std::lock_guard lock(mutex_);
  faults_ = std::move(faults);
}

std::optional<Fault> FaultTable::take(std::string_view method, std::string_view path) {
  const std::lock_guard lock(mutex_);
  const auto match = std::find_if(faults_.begin(), faults_.end(), [&](const Fault& fault) {
    return path.starts_with(fault.path) && (fault.method.empty() || fault.method == method);
  });
  if (match == faults_.end()) {
    return std::nullopt;
  }
  Fault fault = *match;
  if (match->times_left == 1) {
    faults_.erase(match);
  } else if (match->times_left > 1) {
    --match->times_left;
  }
  return fault;
}

Response fault_answer(const Fault& fault) {
  Response response;
  response.status = fault.status.value_or(200);
  response.body = fault.body.value_or("");
  if (fault.body) {
    response.headers.emplace_back("Content-Type", "application/json");
  }
  return response;
}

void apply(const Fault& fault, Response& response) {
  response.delay = fault.delay;
  response.delivery = fault.delivery;
  for (const auto& added : fault.headers) {
    std::erase_if(response.headers,
                  [&](const auto& header) { return header.first == added.first; });
    response.headers.push_back(added);
  }
}

}  // namespace akgate::sandbox
