#include "sim/base/law.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>

#include <boost/math/special_functions/gamma.hpp>

#include "sim/base/check.hpp"

namespace nines {
namespace {

constexpr double z99 = 2.3263478740408408;  // The standard normal quantile of 0.99.

// A hopeless argument gives an infinity or a NaN, never an exception through our layers.
using Quiet =
    boost::math::policies::policy<boost::math::policies::domain_error<boost::math::policies::ignore_error>, boost::math::policies::pole_error<boost::math::policies::ignore_error>,
                                  boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
                                  boost::math::policies::evaluation_error<boost::math::policies::ignore_error>, boost::math::policies::promote_double<false>>;

double gamma_cdf(double shape, double x) {
  if (!(x > 0)) return 0;
  return std::isinf(x) ? 1 : boost::math::gamma_p(shape, x, Quiet());
}

// The upper half goes through the complement: 1 - p is exact there.
double gamma_quantile(double shape, double p) {
  if (p <= 0) return 0;
  if (p >= 1) return infinity;
  return p <= 0.5 ? boost::math::gamma_p_inv(shape, p, Quiet()) : boost::math::gamma_q_inv(shape, 1 - p, Quiet());
}

double normal_cdf(double z) { return 0.5 * std::erfc(-z * 0.70710678118654752440); }

template <std::size_t n>
double polynomial(const double (&c)[n], double x) {
  double sum = c[n - 1];
  for (std::size_t i = n - 1; i-- > 0;) sum = sum * x + c[i];
  return sum;
}

// Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37(3), 1988, PPND16:
// about 1e-16 relative error. Three rational functions: the centre, the tails and the far tails.
double normal_quantile(double p) {
  static constexpr double a[] = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                 4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3};
  static constexpr double b[] = {
      1.0, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3, 2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3};
  static constexpr double c[] = {1.42343711074968357734e0, 4.63033784615654529590e0,  5.76949722146069140550e0,  3.64784832476320460504e0,
                                 1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static constexpr double d[] = {
      1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9};
  static constexpr double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,  2.96560571828504891230e-1,
                                 2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr double f[] = {
      1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15};
  if (p <= 0) return -infinity;
  if (p >= 1) return infinity;
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(a, r) / polynomial(b, r);
  }
  const double r = std::sqrt(-std::log(q < 0 ? p : 1 - p));
  const double z = r <= 5 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6) : polynomial(e, r - 5) / polynomial(f, r - 5);
  return q < 0 ? -z : z;
}

std::string text_of_seconds(double s) {
  struct Unit {
    double seconds;
    const char* name;
  };
  static constexpr Unit units[] = {{31557600, "year"}, {86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}, {1e-3, "ms"}, {1e-6, "us"}};
  Unit unit{1e-9, "ns"};
  if (s == 0) unit = {1, "s"};
  for (const Unit& candidate : units) {
    if (std::abs(s) >= candidate.seconds * (1 - 1e-12)) {
      unit = candidate;
      break;
    }
  }
  char buffer[48];
  std::snprintf(buffer, sizeof buffer, "%.6g", s / unit.seconds);
  const std::string number = buffer;
  const bool plural = unit.name == std::string_view("year") && number != "1";
  return number + ' ' + unit.name + (plural ? "s" : "");
}

std::string text_of_number(double x) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.6g", x);
  return buffer;
}

// P(X <= x) of the untruncated law.
double cdf(const Law& law, double x) {
  switch (law.kind) {
    case Law::Kind::fixed: return x >= law.a ? 1 : 0;
    case Law::Kind::exponential: return x <= 0 ? 0 : -std::expm1(-x / law.a);
    case Law::Kind::weibull: return x <= 0 ? 0 : -std::expm1(-std::pow(x / law.a, law.b));
    case Law::Kind::lognormal: return x <= 0 ? 0 : (law.b == 0 ? (x >= law.a ? 1 : 0) : normal_cdf(std::log(x / law.a) / law.b));
    case Law::Kind::uniform: return law.b == law.a ? (x >= law.a ? 1 : 0) : std::clamp((x - law.a) / (law.b - law.a), 0.0, 1.0);
    case Law::Kind::gamma: return gamma_cdf(law.b, x * law.b / law.a);
    case Law::Kind::pareto: return x <= law.a ? 0 : -std::expm1(law.b * std::log(law.a / x));
    case Law::Kind::empirical: break;
  }
  const auto& points = law.points;
  if (x < points.front()) return 0;
  if (x >= points.back()) return 1;
  const auto above = static_cast<std::size_t>(std::upper_bound(points.begin(), points.end(), x) - points.begin());
  const double width = points[above] - points[above - 1];
  return (static_cast<double>(above - 1) + (x - points[above - 1]) / width) / static_cast<double>(points.size() - 1);
}

// E[X; X <= x] of the untruncated law: what the samples up to x contribute to the mean. This is the length-biased distribution
// function times the mean, and every law here has it in closed form.
double partial_mean(const Law& law, double x) {
  switch (law.kind) {
    case Law::Kind::fixed: return x >= law.a ? law.a : 0;
    case Law::Kind::exponential: return law.a * gamma_cdf(2, x / law.a);
    case Law::Kind::weibull: return x <= 0 ? 0 : law.mean_s() * gamma_cdf(1 + 1 / law.b, std::pow(x / law.a, law.b));
    case Law::Kind::lognormal:
      if (x <= 0) return 0;
      return law.b == 0 ? (x >= law.a ? law.a : 0) : law.mean_s() * normal_cdf(std::log(x / law.a) / law.b - law.b);
    case Law::Kind::uniform: {
      if (law.b == law.a) return x >= law.a ? law.a : 0;
      const double top = std::clamp(x, law.a, law.b);
      return 0.5 * (top - law.a) * (top + law.a) / (law.b - law.a);
    }
    case Law::Kind::gamma: return law.a * gamma_cdf(law.b + 1, x * law.b / law.a);
    case Law::Kind::pareto: {
      if (x <= law.a) return 0;
      const double log_ratio = std::log(x / law.a);
      if (law.b == 1) return law.a * log_ratio;
      return law.a * law.b * std::expm1((1 - law.b) * log_ratio) / (1 - law.b);
    }
    case Law::Kind::empirical: break;
  }
  const auto& points = law.points;
  if (points.size() == 1) return x >= points[0] ? points[0] : 0;
  double sum = 0;
  for (std::size_t i = 0; i + 1 < points.size() && points[i] <= x; ++i) {
    const double width = points[i + 1] - points[i];
    const double top = std::min(x, points[i + 1]);
    sum += width > 0 ? 0.5 * (top - points[i]) * (top + points[i]) / width : points[i];
  }
  return sum / static_cast<double>(points.size() - 1);
}

// The x with partial_mean(law, x) == y.
double partial_mean_inverse(const Law& law, double y) {
  switch (law.kind) {
    case Law::Kind::fixed: return law.a;
    case Law::Kind::exponential: return law.a * gamma_quantile(2, y / law.a);
    case Law::Kind::weibull: return law.a * std::pow(gamma_quantile(1 + 1 / law.b, y / law.mean_s()), 1 / law.b);
    case Law::Kind::lognormal: return law.b == 0 ? law.a : law.a * std::exp(law.b * (normal_quantile(y / law.mean_s()) + law.b));
    case Law::Kind::uniform: return std::sqrt(law.a * law.a + 2 * y * (law.b - law.a));
    case Law::Kind::gamma: return law.a / law.b * gamma_quantile(law.b + 1, y / law.a);
    case Law::Kind::pareto:
      if (law.b == 1) return law.a * std::exp(y / law.a);
      return law.a * std::exp(std::log1p(y * (1 - law.b) / (law.a * law.b)) / (1 - law.b));
    case Law::Kind::empirical: break;
  }
  const auto& points = law.points;
  if (points.size() == 1) return points[0];
  double left = y * static_cast<double>(points.size() - 1);
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const double segment = 0.5 * (points[i] + points[i + 1]);
    if (left <= segment) {
      const double square = points[i] * points[i] + 2 * left * (points[i + 1] - points[i]);
      return std::min(std::sqrt(square), points[i + 1]);
    }
    left -= segment;
  }
  return points.back();
}

struct Bounds {
  double low, high;
};
Bounds bounds_of(const Law& law) { return {std::max(0.0, seconds(law.minimum)), law.maximum == Duration::max() ? infinity : seconds(law.maximum)}; }

}  // namespace

Law Law::fixed(Duration value) { return Law{.kind = Kind::fixed, .a = seconds(value), .points = {}}; }

Law Law::exponential(Duration mean) {
  SIM_CHECK(mean > Duration{0}, "an exponential law needs a positive mean");
  return Law{.kind = Kind::exponential, .a = seconds(mean), .points = {}};
}

Law Law::weibull(Duration scale, double shape) {
  SIM_CHECK(scale > Duration{0} && shape > 0, "a Weibull law needs a positive scale and shape");
  return Law{.kind = Kind::weibull, .a = seconds(scale), .b = shape, .points = {}};
}

Law Law::weibull_with_mean(Duration mean, double shape) {
  SIM_CHECK(mean > Duration{0} && shape > 0, "a Weibull law needs a positive mean and shape");
  return Law{.kind = Kind::weibull, .a = seconds(mean) / std::tgamma(1 + 1 / shape), .b = shape, .points = {}};
}

Law Law::lognormal(Duration median, double sigma) {
  SIM_CHECK(median > Duration{0} && sigma >= 0, "a lognormal law needs a positive median and a sigma that is not negative");
  return Law{.kind = Kind::lognormal, .a = seconds(median), .b = sigma, .points = {}};
}

// mean = median exp(sigma^2 / 2) and p99 = median exp(z sigma) give sigma^2 / 2 - z sigma + ln(p99 / mean) = 0.
Law Law::lognormal_with_mean_and_p99(Duration mean, Duration p99) {
  SIM_CHECK(mean > Duration{0} && p99 >= mean, "a lognormal law with a p99 below its mean is not meant here");
  const double discriminant = z99 * z99 - 2 * std::log(seconds(p99) / seconds(mean));
  SIM_CHECK(discriminant >= 0, "no lognormal law has a p99 of more than 14.97 times its mean");
  const double sigma = z99 - std::sqrt(discriminant);
  return Law{.kind = Kind::lognormal, .a = seconds(mean) * std::exp(-0.5 * sigma * sigma), .b = sigma, .points = {}};
}

Law Law::uniform(Duration low, Duration high) {
  SIM_CHECK(low <= high, "a uniform law needs low <= high");
  return Law{.kind = Kind::uniform, .a = seconds(low), .b = seconds(high), .points = {}};
}

Law Law::gamma(Duration mean, double shape) {
  SIM_CHECK(mean > Duration{0} && shape > 0, "a gamma law needs a positive mean and shape");
  return Law{.kind = Kind::gamma, .a = seconds(mean), .b = shape, .points = {}};
}

Law Law::pareto(Duration least, double tail_index) {
  SIM_CHECK(least > Duration{0} && tail_index > 0, "a Pareto law needs a positive least value and tail index");
  return Law{.kind = Kind::pareto, .a = seconds(least), .b = tail_index, .points = {}};
}

Law Law::empirical(std::vector<double> samples_s) {
  SIM_CHECK(!samples_s.empty(), "an empirical law needs at least one sample");
  std::sort(samples_s.begin(), samples_s.end());
  SIM_CHECK(samples_s.front() >= 0, "an empirical law's samples cannot be negative");
  return Law{.kind = Kind::empirical, .points = std::move(samples_s)};
}

Law Law::truncated(Duration low, Duration high) const {
  SIM_CHECK(low <= high, "a law is truncated to an interval that is not empty");
  Law law = *this;
  law.minimum = low;
  law.maximum = high;
  return law;
}

Law Law::stretched(double by) const {
  Law result = *this;
  result.a *= by;
  if (kind == Kind::uniform) result.b *= by;
  for (double& point : result.points) point *= by;
  return result;
}

double Law::mean_s() const {
  switch (kind) {
    case Kind::fixed:
    case Kind::exponential:
    case Kind::gamma: return a;
    case Kind::weibull: return a * std::tgamma(1 + 1 / b);
    case Kind::lognormal: return a * std::exp(0.5 * b * b);
    case Kind::uniform: return 0.5 * (a + b);
    case Kind::pareto: return b > 1 ? a * b / (b - 1) : infinity;
    case Kind::empirical: break;
  }
  if (points.size() == 1) return points[0];
  double sum = 0;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) sum += 0.5 * (points[i] + points[i + 1]);
  return sum / static_cast<double>(points.size() - 1);
}

double Law::mean_square_s2() const {
  switch (kind) {
    case Kind::fixed: return a * a;
    case Kind::exponential: return 2 * a * a;
    case Kind::gamma: return a * a * (1 + 1 / b);
    case Kind::weibull: return a * a * std::tgamma(1 + 2 / b);
    case Kind::lognormal: return a * a * std::exp(2 * b * b);
    case Kind::uniform: return (a * a + a * b + b * b) / 3;
    case Kind::pareto: return b > 2 ? a * a * b / (b - 2) : infinity;
    case Kind::empirical: break;
  }
  if (points.size() == 1) return points[0] * points[0];
  double sum = 0;  // Uniform between neighbours.
  for (std::size_t i = 0; i + 1 < points.size(); ++i) sum += (points[i] * points[i] + points[i] * points[i + 1] + points[i + 1] * points[i + 1]) / 3;
  return sum / static_cast<double>(points.size() - 1);
}

double Law::sample_mean_s() const {
  const auto [low, high] = bounds_of(*this);
  if (low <= 0 && std::isinf(high)) return mean_s();
  double mean = partial_mean(*this, high) - partial_mean(*this, low);
  if (low > 0) mean += low * cdf(*this, low);
  if (!std::isinf(high)) mean += high * (1 - cdf(*this, high));
  return mean;
}

double Law::quantile_s(double p) const {
  switch (kind) {
    case Kind::fixed: return a;
    case Kind::exponential: return -a * std::log1p(-p);
    case Kind::weibull: return a * std::pow(-std::log1p(-p), 1 / b);
    case Kind::lognormal: return b == 0 ? a : a * std::exp(b * normal_quantile(p));
    case Kind::uniform: return a + (b - a) * p;
    case Kind::gamma: return a / b * gamma_quantile(b, p);
    case Kind::pareto: return a * std::exp(-std::log1p(-p) / b);
    case Kind::empirical: break;
  }
  const double position = std::clamp(p, 0.0, 1.0) * static_cast<double>(points.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(position), points.size() - 1);
  if (below + 1 == points.size()) return points.back();
  return points[below] + (position - static_cast<double>(below)) * (points[below + 1] - points[below]);
}

double Law::survival(double s) const {
  switch (kind) {
    case Kind::exponential: return s <= 0 ? 1 : std::exp(-s / a);
    case Kind::weibull: return s <= 0 ? 1 : std::exp(-std::pow(s / a, b));
    case Kind::lognormal:
      if (b > 0) return s <= 0 ? 1 : normal_cdf(-std::log(s / a) / b);
      break;
    case Kind::gamma:
      if (s <= 0) return 1;
      return std::isinf(s) ? 0 : boost::math::gamma_q(b, s * b / a, Quiet());
    case Kind::pareto: return s <= a ? 1 : std::exp(b * std::log(a / s));
    case Kind::fixed:
    case Kind::uniform:
    case Kind::empirical: break;
  }
  return 1 - cdf(*this, s);
}

Duration Law::sample(double u) const { return std::clamp(from_seconds(quantile_s(u)), minimum, maximum); }

// The interval that covers a random instant is length-biased, and the instant lies in it uniformly (Cox, Renewal Theory, 1962, 5.4).
// The clamped law has atoms at both bounds; between them its length-biased law is the untruncated one.
Duration Law::sample_residual(double u, double v) const {
  const auto [low, high] = bounds_of(*this);
  if (kind == Kind::exponential && low <= 0 && std::isinf(high)) return sample(u);
  if (kind == Kind::fixed) return from_seconds(v * std::clamp(a, low, high));
  const double mean = sample_mean_s();
  SIM_CHECK(std::isfinite(mean), "a law without a mean has no stationary residual; truncate it");
  const double at_low = low > 0 ? low * cdf(*this, low) : 0;
  const double below = partial_mean(*this, low);
  const double between = partial_mean(*this, high) - below;
  const double y = u * mean;
  double length = high;
  if (y <= at_low) {
    length = low;
  } else if (y - at_low < between || std::isinf(high)) {
    length = std::clamp(partial_mean_inverse(*this, below + (y - at_low)), low, high);
  }
  return from_seconds(v * length);
}

std::string Law::text() const {
  std::string text;
  switch (kind) {
    case Kind::fixed: text = "fixed(" + text_of_seconds(a) + ')'; break;
    case Kind::exponential: text = "exponential(mean " + text_of_seconds(a) + ')'; break;
    case Kind::weibull: text = "weibull(scale " + text_of_seconds(a) + ", shape " + text_of_number(b) + ')'; break;
    case Kind::lognormal: text = "lognormal(median " + text_of_seconds(a) + ", sigma " + text_of_number(b) + ')'; break;
    case Kind::uniform: text = "uniform(" + text_of_seconds(a) + " to " + text_of_seconds(b) + ')'; break;
    case Kind::gamma: text = "gamma(mean " + text_of_seconds(a) + ", shape " + text_of_number(b) + ')'; break;
    case Kind::pareto: text = "pareto(least " + text_of_seconds(a) + ", tail index " + text_of_number(b) + ')'; break;
    case Kind::empirical: text = "empirical(" + std::to_string(points.size()) + " samples, median " + text_of_seconds(quantile_s(0.5)) + ')'; break;
  }
  if (minimum > Duration{0}) text += ", at least " + text_of_seconds(seconds(minimum));
  if (maximum != Duration::max()) text += ", at most " + text_of_seconds(seconds(maximum));
  return text;
}

}  // namespace nines
