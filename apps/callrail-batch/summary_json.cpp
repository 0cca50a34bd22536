#include "json_writer.hpp"
#include "summary.hpp"

#include <fmt/format.h>

#include <array>

namespace callrail::cli {
namespace {

class SummaryWriter {
 public:
  SummaryWriter(const Clean& clean, const AllRemarks& remarks) : clean_{clean}, remarks_{remarks} {}

  std::string write(const Summary& summary, const RunFacts& facts) && {
    json_.open('{');
    text("program", "callrail-batch");
    text("version", facts.version);
    number("exit_code", static_cast<std::uint64_t>(facts.exit_code));
    text("error", facts.error);
    json_.key("dry_run").raw(facts.dry_run ? "true" : "false");
    seconds("seconds", summary.took);
    totals(summary);
    if (summary.media)
      media(*summary.media);
    else
      json_.key("recordings").raw("null");
    stored(stored_totals(summary));
    texts("warning_texts", summary.warnings);
    json_.key("endpoints").open('[');
    for (const EndpointSummary& each : summary.endpoints) endpoint(each);
    json_.close(']');
    json_.close('}');
    return std::move(json_).take();
  }

 private:
  void totals(const Summary& summary) {
    const Totals totals = totals_of(summary);
    const ClientStats& traffic = summary.traffic;
    number("endpoints_ok", totals.complete);
    number("endpoints_failed", totals.failed);
    number("endpoints_skipped", totals.skipped);
    number("errors", totals.failed + totals.skipped);
    number("rows", totals.rows);
    number("repeated", totals.repeated);
    number("rejected", totals.rejected);
    number("warnings", totals.warnings);
    number("requests", traffic.requests);
    number("retries", traffic.retries);
    number("refused_429", traffic.refused_429);
    seconds("waited_seconds", traffic.waited_for_limits + traffic.waited_for_retries);
    seconds("waited_for_limits_seconds", traffic.waited_for_limits);
    seconds("waited_for_retries_seconds", traffic.waited_for_retries);
    number("bytes", totals.bytes);
    number("received_bytes", traffic.wire_bytes);
  }

  void endpoint(const EndpointSummary& each) {
    constexpr std::array states{"complete", "failed", "skipped"};
    json_.open('{');
    text("name", each.name);
    text("state", states[static_cast<std::size_t>(each.outcome)]);
    text("reason", each.reason);
    number("rows", each.rows);
    if (each.counted)
      number("announced", each.announced);
    else
      json_.key("announced").raw("null");
    text("proof", each.proof ? to_text(*each.proof) : Text{});
    json_.key("count_differs")
        .raw(each.proof && !is_complete(*each.proof) && each.counted && each.announced != each.rows
                 ? "true"
                 : "false");
    json_.key("resumed").raw(each.resumed ? "true" : "false");
    number("repeated", each.repeated);
    number("requests", each.requests);
    number("retries", each.retries);
    seconds("seconds", each.took);
    number("bytes", each.bytes);
    text("file", each.file);
    text("window", each.window);
    windows(each.windows);
    if (each.sum) sum(*each.sum);
    stored(each.stored);
    texts("warnings", each.warnings);
    const auto found = remarks_.find(each.name);
    drift(each.drift, found == remarks_.end() ? Remarks{} : found->second);
    json_.close('}');
  }

  void media(const MediaSummary& media) {
    json_.key("recordings").open('{');
    text("folder", media.where);
    json_.key("tried").raw(media.tried ? "true" : "false");
    number("fetched", media.fetched);
    number("bytes", media.bytes);
    number("here", media.here);
    number("missing", media.missing);
    number("failed", media.failed);
    number("left", media.left);
    number("requests", media.requests);
    seconds("seconds", media.took);
    text("used_up", media.used_up);
    texts("failures", media.failures);
    json_.close('}');
  }

  void stored(const std::vector<StoredRows>& databases) {
    json_.key("stored").open('[');
    for (const auto& [where, counts] : databases) {
      json_.open('{');
      text("database", where);
      number("created", counts.created);
      number("updated", counts.updated);
      number("unchanged", counts.unchanged);
      number("rejected", counts.rejected);
      number("removed", counts.removed);
      number("returned", counts.returned);
      number("warnings", counts.warnings);
      json_.close('}');
    }
    json_.close(']');
  }

  void sum(const ListSum& sum) {
    json_.key("sum").open('{');
    number("lists", sum.lists);
    number("rows", sum.rows);
    for (std::size_t i = 0; i < sum.windows.size(); ++i)
      number(to_text(static_cast<Proof>(i)), sum.windows[i]);
    number("unread", sum.unread);
    number("unknown", sum.unknown);
    number("left_out", sum.left_out);
    number("doubtful", sum.doubtful);
    json_.close('}');
  }

  void windows(const std::vector<WindowProof>& windows) {
    json_.key("windows").open('[');
    for (const WindowProof& window : windows) {
      json_.open('{');
      text("scope", window.scope);
      text("from", window.from);
      text("to", window.to);
      number("rows", window.rows);
      if (window.announced)
        number("announced", *window.announced);
      else
        json_.key("announced").raw("null");
      text("proof", window.proof ? to_text(*window.proof) : Text{});
      text("why", window.why);
      json_.close('}');
    }
    json_.close(']');
  }

  void drift(const Drift& drift, const Remarks& remarks) {
    json_.key("drift").open('{');
    findings("unknown_fields", drift.unknown_fields);
    findings("missing_fields", drift.missing_fields);
    findings("unknown_values", drift.unknown_values);
    findings("changed_types", drift.changed_types);
    findings("broken_formats", drift.broken_formats);
    findings("repeated_fields", drift.repeated_fields);
    findings("withheld", drift.withheld);
    json_.key("null_since").open('{');
    for (const NullSince& null : remarks.null_since) {
      json_.key(clean_(null.field)).open('{');
      text("since", null.day);
      number("rows", null.rows);
      json_.close('}');
    }
    json_.close('}');
    json_.key("id_forms").open('{');
    for (const IdForm& id : remarks.id_forms) {
      json_.key(clean_(id.field)).open('{');
      text("now", id.now);
      text("was", id.was);
      number("rows", id.rows);
      number("of_rows", id.of_rows);
      json_.close('}');
    }
    json_.close('}');
    json_.close('}');
  }

  void findings(std::string_view name, const Drift::Findings& findings) {
    json_.key(name).open('{');
    for (const auto& [path, finding] : findings) {
      json_.key(clean_(path)).open('{');
      number("count", finding.count);
      text("example", finding.example);
      json_.close('}');
    }
    json_.close('}');
  }

  void texts(std::string_view name, const std::vector<std::string>& values) {
    json_.key(name).open('[');
    for (const std::string& value : values) json_.text(clean_(value));
    json_.close(']');
  }
  void text(std::string_view name, std::string_view value) {
    json_.key(name).text_or_null(clean_(value));
  }
  void number(std::string_view name, std::uint64_t value) { json_.key(name).number(value); }
  void seconds(std::string_view name, std::chrono::milliseconds time) {
    json_.key(name).raw(fmt::format("{:.3f}", static_cast<double>(time.count()) / 1000));
  }

  const Clean& clean_;
  const AllRemarks& remarks_;
  JsonWriter json_;
};

}  // namespace

std::string summary_json(const Summary& summary, const RunFacts& facts, const Clean& clean,
                         const AllRemarks& remarks) {
  return SummaryWriter{clean, remarks}.write(summary, facts);
}

}  // namespace callrail::cli
