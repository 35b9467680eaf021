// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "base/result.hpp"
#include "cli/register_rows.hpp"
#include "register/operations.hpp"

namespace akgate {

/// What a Data User registered, as far as the register lets it be known.
struct OwnRecords {
  RegisterRows rows;
  bool complete = false;  ///< Known to be all that was asked for.
};

/// Asks for one list; the error says why there is none.
using AskForRows = std::function<Result<RegisterRows>(const ListFilter&)>;

/// Gathers own records. The list has no paging, its limit may cut before its filters choose, its
/// `total` counts the rows sent: only an unfiltered answer with fewer rows than its limit proves
/// that it is complete. So that is asked for first, whatever is wanted; it may settle everything,
/// the filters being ours to apply. Only where it was cut, more is asked for: what is wanted with
/// the register's own filters, or, where that is everything, each state and each legal basis. That
/// finds more rows, and proves nothing. The first error ends it.
[[nodiscard]] Result<OwnRecords> gather_own_records(const ListFilter& wanted,
                                                    const AskForRows& ask);

}  // namespace akgate
