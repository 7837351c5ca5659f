#include "scenarios/cli/log.hpp"

#include <cstdio>
#include <memory>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace nines::scenarios {

void start_log(Loudness loudness) {
  auto logger = std::make_shared<spdlog::logger>("nines", std::make_shared<spdlog::sinks::stderr_sink_st>());
  logger->set_pattern("%n: %l: %v");
  logger->set_level(loudness == Loudness::errors_only ? spdlog::level::err : spdlog::level::info);
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
}

void log_error(const std::string& message) { spdlog::error("{}", message); }

void log_errors(const Errors& errors) {
  for (const Error& error : errors) log_error(error.what);
}

void log_warning(const std::string& message) { spdlog::warn("{}", message); }

void log_plain(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace nines::scenarios
