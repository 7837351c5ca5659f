// Values as one text that names them completely: equal texts, equal values, bit by bit.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "models/topology/topology.hpp"
#include "sim/base/id.hpp"
#include "sim/base/law.hpp"
#include "sim/base/time.hpp"

namespace nines::analysis {

// Numbers and texts one after the other, each with its length where it has one. `Self` derives from this and adds put() for its own structs. It takes a
// struct apart by naming all of its fields, so that one more does not compile before somebody has said what becomes of it.
template <class Self>
class Content {
 public:
  template <class... T>
  Self& add(const T&... values) {
    (self().put(values), ...);
    return self();
  }
  std::string take() { return std::move(text_); }

  template <class T>
  requires(std::is_arithmetic_v<T> || std::is_enum_v<T>) void put(const T& value) {
    text_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  void put(const std::string& text) {
    put(text.size());
    text_ += text;
  }
  void put(const Duration& duration) { put(duration.count()); }
  template <class Tag>
  void put(const Id<Tag>& id) {
    put(id.value);
  }
  template <class T>
  void put(const std::vector<T>& values) {
    put(values.size());
    for (const T& value : values) self().put(value);
  }
  template <class T>
  void put(const std::optional<T>& value) {
    put(value.has_value());
    if (value) self().put(*value);
  }
  void put(const Law& law) {
    const auto& [kind, a, b, minimum, maximum, points] = law;
    add(kind, a, b, minimum, maximum, points);
  }
  void put(const topology::LinkLaw& law) {
    const auto& [minimum, jitter_median, jitter_sigma, maximum, loss, bandwidth] = law;
    add(minimum, jitter_median, jitter_sigma, maximum, loss, bandwidth);
  }

 private:
  Self& self() { return static_cast<Self&>(*this); }

  std::string text_;
};

}  // namespace nines::analysis
