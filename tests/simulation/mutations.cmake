# SPDX-License-Identifier: Apache-2.0
#
# Proof that the simulator's oracle sees: deliberate bugs of the real code, each of which it must find within 400 seeds.
#
#   akgate_mutation(<name> FILE <path> FROM <text> TO <text> FINDS <invariants>)
#
# makes a copy of one source file in which TO stands for FROM, which must occur exactly once in it, links it before the
# libraries into akgate_simulate_<name>, and adds the test simulation.finds_<name>: one of FINDS must be found violated.
# No hook in the product. They are no part of `all`: the target `mutations` builds them, and so does CTest before it
# runs the first of them.

add_custom_target(mutations)
add_test(NAME simulation.mutations COMMAND ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR} --target mutations)
set_tests_properties(simulation.mutations PROPERTIES FIXTURES_SETUP mutations RUN_SERIAL ON TIMEOUT 1200)

function(akgate_mutation name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FILE;FROM;TO" "FINDS")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${arg_FILE})
  file(READ ${PROJECT_SOURCE_DIR}/${arg_FILE} original)
  string(FIND "${original}" "${arg_FROM}" first)
  string(FIND "${original}" "${arg_FROM}" last REVERSE)
  if(first EQUAL -1 OR NOT first EQUAL last)
    message(FATAL_ERROR "Mutation ${name}: this must stand exactly once in ${arg_FILE}, which has changed; "
      "give akgate_mutation() in tests/simulation/mutations.cmake what stands there now: ${arg_FROM}")
  endif()
  string(REPLACE "${arg_FROM}" "${arg_TO}" mutated "${original}")
  set(copy ${CMAKE_CURRENT_BINARY_DIR}/mutated/${name}.cpp)
  set(stands "")
  if(EXISTS ${copy})
    file(READ ${copy} stands)
  endif()
  if(NOT stands STREQUAL mutated)
    file(WRITE ${copy} "${mutated}")
  endif()
  set(target akgate_simulate_${name})
  add_executable(${target} EXCLUDE_FROM_ALL ${copy})
  target_compile_options(${target} PRIVATE -fno-exceptions)
  target_link_libraries(${target} PRIVATE akgate_simulation deps::lmdb)
  add_dependencies(mutations ${target})
  list(JOIN arg_FINDS "," finds)
  add_test(NAME simulation.finds_${name} COMMAND ${target} --seeds 1..400 --expect ${finds})
  set_tests_properties(simulation.finds_${name} PROPERTIES FIXTURES_REQUIRED mutations TIMEOUT 300)
endfunction()

# --- the rule ---

akgate_mutation(ignores_expiry FILE agent/refresh/register_clerk.cpp
  FROM "knowledge.record = std::move(outcome.record)"
  TO "(knowledge.record = std::move(outcome.record))->expiry = Expiry::never()"
  FINDS I2)
akgate_mutation(ignores_hidden_time FILE agent/verdict/judge.cpp
  FROM "expiry.passed(present.now + present.unaccounted)" TO "expiry.passed(present.now)"
  FINDS I2)
akgate_mutation(grace_off_by_a_day FILE agent/verdict/age.cpp
  FROM "age < terms.grace" TO "age < terms.grace + std::chrono::hours(24)"
  FINDS I4)
akgate_mutation(no_grace_is_for_ever FILE agent/verdict/age.cpp
  FROM "age < terms.grace" TO "age < terms.grace || terms.grace == milliseconds(0)"
  FINDS I4)
akgate_mutation(stale_is_fresh FILE agent/verdict/age.cpp
  FROM "age < terms.lifetime" TO "age < 2 * terms.lifetime"
  FINDS I3)
akgate_mutation(rubbish_opens_grace FILE agent/verdict/age.cpp
  FROM "denials.add(reasons.malformed)" TO "if (life == Life::over) denials.add(reasons.malformed)"
  FINDS I3)
akgate_mutation(refusal_opens_grace FILE agent/verdict/age.cpp
  FROM "denials.add(reasons.refused)" TO "if (life == Life::over) denials.add(reasons.refused)"
  FINDS I3)
akgate_mutation(consent_need_not_be_explicit FILE agent/verdict/checklist.cpp
  FROM "denials.add(Reason::explicit_consent_required)" TO ""
  FINDS I1)
akgate_mutation(any_meter_point_will_do FILE agent/verdict/proofs.cpp
  FROM "if (!same) return denials.add(Reason::mpxn_mismatch)" TO ""
  FINDS I1)
akgate_mutation(identity_is_not_compared FILE agent/verdict/proofs.cpp
  FROM "binding.identity_record_ref == record.identity_record_ref" TO "binding.identity_record_ref.has_value()"
  FINDS I5)
akgate_mutation(suspension_is_ignored FILE agent/verdict/proofs.cpp
  FROM "return Reason::data_user_suspended" TO "return Reason::active"
  FINDS I1)

# --- knowledge ---

akgate_mutation(active_replaces_revoked FILE agent/record/knowledge.cpp
  FROM "!is_revoked(*known)" TO "known->record"
  FINDS I5)
akgate_mutation(narrowing_is_good_news FILE agent/record/knowledge.cpp
  FROM "return !(was == *adopted.record)" TO "return false"
  FINDS I5)
akgate_mutation(earlier_end_is_good_news FILE agent/record/knowledge.cpp
  FROM "if (ends_earlier(was.expiry, adopted.record->expiry)) return true;" TO "static_cast<void>(ends_earlier);"
  FINDS I5)
akgate_mutation(denial_is_not_written FILE agent/refresh/register_clerk.cpp
  FROM "return write_held() ? OnDisk::up_to_date : OnDisk::lacks_bad" TO "return OnDisk::up_to_date"
  FINDS I5)
akgate_mutation(denial_is_written_later FILE agent/refresh/register_clerk.cpp
  FROM "if (bad_news) {" TO "if (bad_news && held_.size() > 1000) {"
  FINDS I5)
akgate_mutation(dated_by_arrival FILE agent/refresh/register_clerk.cpp
  FROM "(reading.boot - sent_at)" TO "((reading.boot - sent_at) * 0)"
  FINDS I3)
akgate_mutation(unbind_is_not_written FILE agent/refresh/clerk_orders.cpp
  FROM "written = parts_.store.unbind(index)" TO "written = Done{}"
  FINDS I5)
akgate_mutation(forgotten_stays_on_disk FILE agent/refresh/clerk_orders.cpp
  FROM "erased = parts_.store.erase(index)" TO "erased = Done{}"
  FINDS I5)
akgate_mutation(answer_under_way_outlives_forgetting FILE agent/refresh/forgetting.cpp
  FROM "!found->second.sent) continue;" TO "found->second.sent) continue;"
  FINDS I5)
akgate_mutation(blocks_are_not_written FILE agent/refresh/clerk_orders.cpp
  FROM "parts_.store.put_blocks(*blocks_)" TO "Done{}"
  FINDS blocked)

# --- at rest ---

akgate_mutation(disk_is_not_synced FILE cache/environment.cpp
  FROM "MDB_NOLOCK | MDB_NORDAHEAD" TO "MDB_NOLOCK | MDB_NORDAHEAD | MDB_NOSYNC"
  FINDS I5 I6)
akgate_mutation(ledger_confirms_any_record FILE cache/ledger_row.cpp
  FROM "std::memcpy(&id, sealed.data(), sizeof(id))" TO "id = 1"
  FINDS I1 I3 I4 I5 I7)

# --- time ---

akgate_mutation(mark_is_ignored FILE agent/time/trusted_time.cpp
  FROM "std::max(mark->at, kEarliest) + since_boot(reading)" TO "kEarliest"
  FINDS I2 I4 I8)
akgate_mutation(any_clock_is_trusted FILE agent/time/trusted_time.cpp
  FROM "trusted_ = reading.wall >=" TO "trusted_ = true || reading.wall >="
  FINDS I8)
akgate_mutation(time_goes_back FILE agent/time/trusted_time.cpp
  FROM "if (to > anchored(reading)) {" TO "{"
  FINDS I2 I3 I4 I8)
akgate_mutation(boots_cost_nothing FILE agent/time/trusted_time.cpp
  FROM "mark->unaccounted + settings.unvouched_boot_costs" TO "mark->unaccounted + 0 * settings.unvouched_boot_costs"
  FINDS I2 I3 I4)

# --- questions and requests ---

akgate_mutation(timeout_is_forgotten FILE agent/refresh/desk.cpp
  FROM "{ give_up(ticket); }" TO "{ static_cast<void>(ticket); }"
  FINDS I10)
akgate_mutation(answered_twice FILE agent/refresh/desk.cpp
  FROM "waiter.on_settled(settled);" TO "waiter.on_settled(settled), waiter.on_settled(settled);"
  FINDS I10)
akgate_mutation(fresh_joins_an_earlier_flight FILE agent/refresh/desk.cpp
  FROM "question.mode == Mode::fresh && flight->sent" TO "question.mode == Mode::fresh && !flight->sent && flight->slow"
  FINDS I3)
akgate_mutation(old_answer_passes_for_new FILE agent/refresh/gathering.cpp
  FROM "(!has_waited ||" TO "(has_waited || !has_waited ||"
  FINDS I3 I4)
akgate_mutation(grace_while_the_disk_owes FILE agent/refresh/gathering.cpp
  FROM "disk_owes_ ||" TO ""
  FINDS I5)
akgate_mutation(two_flights_a_key FILE agent/refresh/ahead.cpp
  FROM "if (remembered != nullptr && remembered->in_flight) continue;" TO "if (remembered != nullptr && remembered->in_flight) {}"
  FINDS I11)
akgate_mutation(requests_are_not_paced FILE agent/refresh/flights.cpp
  FROM "pacer_.sent(now)" TO "static_cast<void>(now)"
  FINDS I11)
akgate_mutation(no_back_off FILE agent/refresh/breaker.cpp
  FROM "now >= *retry_at_ && under_way_ == 0" TO "now >= BootTime() && under_way_ == 0"
  FINDS I11)
akgate_mutation(retry_after_is_ignored FILE agent/refresh/breaker.cpp
  FROM "std::max(milliseconds(jitter(random_)), at_least)" TO "std::max(milliseconds(jitter(random_)), at_least * 0)"
  FINDS I11)

# --- answers that hold ---

akgate_mutation(holds_whatever_is_learnt FILE agent/refresh/knowledge_rooms.cpp
  FROM "note_change(*remembered);\n  const Number hand" TO "const Number hand"
  FINDS I5)
akgate_mutation(holds_into_grace FILE agent/verdict/judge.cpp
  FROM "return life == Life::ageing ? terms.grace : terms.lifetime" TO "return life == Life::over ? terms.lifetime : terms.grace"
  FINDS I5)
akgate_mutation(holds_whatever_is_blocked FILE agent/refresh/blocking.cpp
  FROM "++changes_;\n  // Those" TO "// Those"
  FINDS I5)
