// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "register/verifier.hpp"
#include "tests/simulation/statement.hpp"
#include "tests/simulation/truth.hpp"
#include "tests/simulation/weather.hpp"
#include "tests/support/simulated_loop.hpp"

namespace akgate {

/// True time: what no clock of the device need show.
class TrueTime {
 public:
  TrueTime(const SimulatedLoop& loop, Timestamp begin)
      : loop_(loop), begin_(begin - since_start(loop)) {}
  [[nodiscard]] Timestamp now() const { return begin_ + since_start(loop_); }

 private:
  static std::chrono::milliseconds since_start(const SimulatedLoop& loop) {
    return std::chrono::floor<std::chrono::milliseconds>(loop.now().time_since_epoch());
  }
  const SimulatedLoop& loop_;
  Timestamp begin_;
};

/// Who is told of everything that passes between agent and register, before the agent is.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void request_sent(std::uint64_t request, const Topic& topic) = 0;
  /// `statement` is what the register said about the topic, if the end is such.
  virtual void request_ended(std::uint64_t request, const Ending& ending,
                             const std::optional<Statement>& statement) = 0;
};

/// The register and the link to it, in place of the network: it has a truth of its own, replicas
/// that lag behind it, and all kinds of weather.
class World final : public Verifier {
 public:
  struct Character {
    Climate climate;
    Dice::Span pace{0};                 ///< Of what happens to records; 0: each its own.
    Dice::Span most_lag{0};             ///< Of the replicas.
    bool loses_some = false;            ///< A request now and then, in the best of weather.
    bool keeps_time_to_itself = false;  ///< Sometimes it does not say what time it is.
  };

  World(SimulatedLoop& loop, const TrueTime& time, Dice dice, const Character& character,
        Dice::Span how_long);

  void verify(const AccessKey& key, OnEnd<VerifyOutcome> on_end) override;
  void verify_meter_point(const AccessKey& key, const Mpxn& mpxn,
                          OnEnd<ListingOutcome> on_end) override;
  void verify_data_user(const Duid& duid, OnEnd<DataUserOutcome> on_end) override;

  Listener* listener = nullptr;
  /// Called when the register says something, and when the agent has dealt with it.
  std::function<void(const Statement&)> on_said;
  std::function<void(const Statement&)> on_heard;

  [[nodiscard]] const Truth& truth() const { return truth_; }
  [[nodiscard]] const Weather& weather() const { return weather_.at(time_.now()); }
  /// From now on no connection for so long, whatever the weather.
  void cut_link(Dice::Span how_long) { cut_until_ = time_.now() + how_long; }
  /// Whether nothing has been wrong with anything for so long.
  [[nodiscard]] bool calm_for(Dice::Span how_long) const;

 private:
  template <typename End>
  void begin(const Topic& topic, OnEnd<End> on_end);
  [[nodiscard]] Weather::Mood mood_towards(const Topic& topic);
  void say(const Topic& topic, Timestamp as_of, VerifyOutcome& end, Statement& statement) const;
  void say(const Topic& topic, Timestamp as_of, ListingOutcome& end, Statement& statement) const;
  void say(const Topic& topic, Timestamp as_of, DataUserOutcome& end, Statement& statement) const;

  SimulatedLoop& loop_;
  const TrueTime& time_;
  Dice dice_;
  const Character character_;
  Truth truth_;
  Timeline<Weather> weather_;
  Timestamp cut_until_{};
  std::vector<Timeline<std::optional<Weather::Mood>>> troubles_;  ///< By key, then one for proofs.
  std::uint64_t requests_ = 0;
  std::uint64_t transactions_ = 0;
};

}  // namespace akgate
