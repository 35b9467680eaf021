// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cache/stored_record.hpp"

namespace akgate {

/// Whether what stands on disk says all that was said now, and is not dated later, so that the
/// ledger can hold its new date. Records are compared by what would be written: of a monster that
/// is not all that was said (codec.hpp).
[[nodiscard]] bool confirms(StoredRecord said, StoredRecord stands);
[[nodiscard]] bool confirms(const StoredDataUser& said, const StoredDataUser& stands);

}  // namespace akgate
