#pragma once

#include "scratch_folder.hpp"
#include "small_run.hpp"
#include "unfinished.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

/// The small extraction as the program makes it: into a folder on the disk that it holds, with its
/// checkpoint. Only the network and time are made up.
namespace callrail::trust {

class RealRun : public SmallRun {
 public:
  explicit RealRun(const Setting& setting) : SmallRun{setting} {
    config.output.folder = folder_ / sim::folder;
    config.extract.endpoints = job.endpoints;
    config.run_options = {{"endpoints", std::string{list}}};
    std::filesystem::create_directory(config.output.folder);
    std::ofstream{file(), std::ios::binary} << old_file;
  }

  cli::Config config;

  /// Fails if the folder or its checkpoint cannot be had: then nothing was requested.
  Result<sim::Report> go() {
    auto held = hold(config);
    if (!held) return std::unexpected(std::move(held).error());
    return write_into(held->checkpoint.get(), config.extract.began);
  }

  /// As the program takes the folder before it asks for anything.
  Result<cli::HeldFolder> hold(cli::Config& with, bool may_go_on = true) {
    return cli::hold_folder(with, api_, api->options().key, clock, may_go_on);
  }

  /// What somebody does who takes no heed of others.
  sim::Report write_into(SqliteCheckpoint* saved, std::optional<Clock::Wall> began) {
    test::FakeTransport transport{clock, *api, {.key = api->options().key}};
    FolderSink sink{config.output.folder.string(), {.format = job.format}};
    const auto report = sim::run(api_, job, clock, transport, sink, saved, began, stop);
    requests = transport.sent.size();
    if (saved != nullptr && !report.resumable) (void)saved->remove();
    return report;
  }

  std::string output() const {
    return (std::ostringstream{} << std::ifstream{file(), std::ios::binary}.rdbuf()).str();
  }
  /// What lies in the folder, but for the file and its manifest.
  std::vector<std::string> leftovers() const {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator{config.output.folder})
      if (entry.path() != file() && entry.path().filename() != Manifest::name)
        out.push_back(entry.path().filename());
    return out;
  }
  std::size_t requests = 0;  ///< of the last run

 private:
  std::filesystem::path file() const {
    return config.output.folder / (std::string{list} + std::string{file_extension(job.format)});
  }
  ScratchFolder folder_;
};

}  // namespace callrail::trust
