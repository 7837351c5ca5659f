// Laws of durations as a scenario writes them: `10min`, {exponential: {mean: 15min}}, {lognormal: {median: 2.5h, sigma: 1.2}, max: 2days}.
#include <optional>
#include <string>
#include <vector>

#include "scenarios/schema/decode.hpp"

namespace nines::scenarios {

namespace {

using Shape = Real<50, 20'000>;  // Below 0.05 a Weibull or gamma law has no use but overflow.
using Sigma = Real<0, 5'000>;
using Tail = Real<100, 100'000>;

struct ExponentialText {
  Written<Duration> mean;
};
struct LognormalText {
  Written<Duration> median, mean, p99;
  Written<double> sigma;
};
struct WeibullText {
  Written<Duration> scale, mean;
  Written<double> shape;
};
struct UniformText {
  Written<Duration> low, high;
};
struct GammaText {
  Written<Duration> mean;
  Written<double> shape;
};
struct ParetoText {
  Written<Duration> least;
  Written<double> tail;
};
struct LawDocument {
  Written<Duration> fixed, min, max;
  std::optional<ExponentialText> exponential;
  std::optional<LognormalText> lognormal;
  std::optional<WeibullText> weibull;
  std::optional<UniformText> uniform;
  std::optional<GammaText> gamma;
  std::optional<ParetoText> pareto;
};

}  // namespace

template <>
struct Table<ExponentialText> {
  static const char* name() { return "exponential"; }
  static const std::vector<Field<ExponentialText>>& fields() {
    static const std::vector<Field<ExponentialText>> all{required<PositiveTime, &ExponentialText::mean>("mean", "The mean.")};
    return all;
  }
};

template <>
struct Table<LognormalText> {
  static const char* name() { return "lognormal"; }
  static const std::vector<Field<LognormalText>>& fields() {
    static const std::vector<Field<LognormalText>> all{
        optional_field<PositiveTime, &LognormalText::median>("median", "The median; with sigma."),
        optional_field<Sigma, &LognormalText::sigma>("sigma", "Standard deviation of the logarithm; with median."),
        optional_field<PositiveTime, &LognormalText::mean>("mean", "The mean; with p99."),
        optional_field<PositiveTime, &LognormalText::p99>("p99", "The 99th percentile; with mean."),
    };
    return all;
  }
};

template <>
struct Table<WeibullText> {
  static const char* name() { return "weibull"; }
  static const std::vector<Field<WeibullText>>& fields() {
    static const std::vector<Field<WeibullText>> all{
        optional_field<PositiveTime, &WeibullText::scale>("scale", "The 63rd percentile; or mean."),
        optional_field<PositiveTime, &WeibullText::mean>("mean", "The mean; or scale."),
        required<Shape, &WeibullText::shape>("shape", "Below 1 failures cluster, at 1 it is exponential, above 1 things wear out."),
    };
    return all;
  }
};

template <>
struct Table<UniformText> {
  static const char* name() { return "uniform"; }
  static const std::vector<Field<UniformText>>& fields() {
    static const std::vector<Field<UniformText>> all{
        required<AnyTime, &UniformText::low>("low", "The shortest."),
        required<PositiveTime, &UniformText::high>("high", "The longest."),
    };
    return all;
  }
};

template <>
struct Table<GammaText> {
  static const char* name() { return "gamma"; }
  static const std::vector<Field<GammaText>>& fields() {
    static const std::vector<Field<GammaText>> all{
        required<PositiveTime, &GammaText::mean>("mean", "The mean."),
        required<Shape, &GammaText::shape>("shape", "The shape; at 1 it is exponential."),
    };
    return all;
  }
};

template <>
struct Table<ParetoText> {
  static const char* name() { return "pareto"; }
  static const std::vector<Field<ParetoText>>& fields() {
    static const std::vector<Field<ParetoText>> all{
        required<PositiveTime, &ParetoText::least>("least", "The shortest."),
        required<Tail, &ParetoText::tail>("tail", "The tail index; at 1 and below there is no mean."),
    };
    return all;
  }
};

template <>
struct Table<LawDocument> {
  static const char* name() { return "lawByName"; }
  static const std::vector<Field<LawDocument>>& fields() {
    static const std::vector<Field<LawDocument>> all{
        optional_field<AnyTime, &LawDocument::fixed>("fixed", "Always this long."),
        optional_field<Object<ExponentialText>, &LawDocument::exponential>("exponential", "Memoryless, by its mean."),
        optional_field<Object<LognormalText>, &LawDocument::lognormal>("lognormal", "By median and sigma, or by mean and p99."),
        optional_field<Object<WeibullText>, &LawDocument::weibull>("weibull", "By scale (or mean) and shape."),
        optional_field<Object<UniformText>, &LawDocument::uniform>("uniform", "Between low and high."),
        optional_field<Object<GammaText>, &LawDocument::gamma>("gamma", "By mean and shape."),
        optional_field<Object<ParetoText>, &LawDocument::pareto>("pareto", "By the shortest and the tail index."),
        optional_field<AnyTime, &LawDocument::min>("min", "No sample is shorter."),
        optional_field<PositiveTime, &LawDocument::max>("max", "No sample is longer."),
    };
    return all;
  }
};

namespace {

bool to_law(const LognormalText& text, const Node& node, Law& out, Context& context) {
  if (text.median.given && text.sigma.given && !text.mean.given && !text.p99.given) {
    out = Law::lognormal(*text.median, *text.sigma);
    return true;
  }
  if (text.mean.given && text.p99.given && !text.median.given && !text.sigma.given) {
    // A lognormal's 99th percentile is at most exp(z^2/2) = 14.97 times its mean, z = 2.3263.
    if (*text.p99 < *text.mean) return context.error(text.p99.place, "p99 is below the mean");
    if (seconds(*text.p99) > 14.9 * seconds(*text.mean))
      return context.error(text.p99.place, "no lognormal law has a p99 of more than 14.9 times its mean; give median and sigma");
    out = Law::lognormal_with_mean_and_p99(*text.mean, *text.p99);
    return true;
  }
  return context.error(node.place, "a lognormal law is given by median and sigma, or by mean and p99");
}

bool to_law(const WeibullText& text, const Node& node, Law& out, Context& context) {
  if (text.scale.given == text.mean.given) return context.error(node.place, "a weibull law is given by shape and either scale or mean");
  out = text.scale.given ? Law::weibull(*text.scale, *text.shape) : Law::weibull_with_mean(*text.mean, *text.shape);
  return true;
}

bool to_law(const LawDocument& text, const Node& node, Law& out, Context& context) {
  const int laws = (text.fixed.given ? 1 : 0) + (text.exponential ? 1 : 0) + (text.lognormal ? 1 : 0) + (text.weibull ? 1 : 0) +
                   (text.uniform ? 1 : 0) + (text.gamma ? 1 : 0) + (text.pareto ? 1 : 0);
  if (laws != 1) return context.error(node.place, "expected exactly one law: fixed, exponential, lognormal, weibull, uniform, gamma or pareto");
  if (text.fixed.given) out = Law::fixed(*text.fixed);
  if (text.exponential) out = Law::exponential(*text.exponential->mean);
  if (text.lognormal && !to_law(*text.lognormal, *node.find("lognormal"), out, context)) return false;
  if (text.weibull && !to_law(*text.weibull, *node.find("weibull"), out, context)) return false;
  if (text.uniform) {
    if (*text.uniform->low > *text.uniform->high) return context.error(text.uniform->low.place, "low is above high");
    out = Law::uniform(*text.uniform->low, *text.uniform->high);
  }
  if (text.gamma) out = Law::gamma(*text.gamma->mean, *text.gamma->shape);
  if (text.pareto) out = Law::pareto(*text.pareto->least, *text.pareto->tail);
  if (text.min.given && text.max.given && *text.min > *text.max) return context.error(text.min.place, "min is above max");
  if (text.min.given || text.max.given) out = out.truncated(text.min.given ? *text.min : Duration{0}, text.max.given ? *text.max : Duration::max());
  return true;
}

}  // namespace

bool LawText::read(const Node& node, Law& out, Context& context) {
  const Context::OneValue whole(context, node, node.kind == Node::Kind::map);
  if (node.kind == Node::Kind::map) {
    LawDocument document;
    return Object<LawDocument>::read(node, document, context) && to_law(document, node, out, context);
  }
  if (node.kind == Node::Kind::list)
    return context.error(node.place, "expected a duration such as '10min' or a law such as {exponential: {mean: 15min}}, not a list");
  Duration fixed{0};
  if (!AnyTime::read(node, fixed, context)) return false;
  out = Law::fixed(fixed);
  return true;
}

std::string LawText::schema(Definitions& definitions) {
  if (!definitions.contains("law")) {
    definitions["law"] = "";
    definitions["law"] = "{\"anyOf\": [" + duration_schema() + ", " + Object<LawDocument>::schema(definitions) + "]}";
  }
  return "{\"$ref\": \"#/$defs/law\"}";
}

}  // namespace nines::scenarios
