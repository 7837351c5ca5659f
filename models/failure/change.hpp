// What a failure source tells a world: which element, what happens to it, and where in the story of one fault that is.
#pragma once

#include <cstdint>

#include "models/failure/mode.hpp"
#include "sim/base/time.hpp"

namespace nines::failure {

// One thing a mode can hit; `a` and `b` index the list of its kind in Site.
struct Element {
  Scope scope = Scope::broker;
  std::uint32_t a = 0;
  std::uint32_t b = 0;  // Pairs only.
  bool operator==(const Element&) const = default;
};

enum class Stage : std::uint8_t {
  announce,  // planned_stop: notice is given; the process may hand over first.
  begin,
  widen,  // cut_out: TCP's answers no longer come through, so the cut is two-way now.
  end,
};

// One step of one fault.
struct Change {
  Instant at = never;
  Element element;
  Effect effect = Effect::stop;
  Stage stage = Stage::begin;
  std::uint16_t mode = 0;   // Into the modes; scripted faults follow after them in their order.
  Duration extra_delay{0};  // slow, slow_disk
  double loss = 0;          // lossy
};

}  // namespace nines::failure
