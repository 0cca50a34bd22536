// The predicting readers against the general one: the same rows, lines, drift and errors. Byte 0
// chooses the endpoint, byte 1 the fields that are wanted and whether unknown ones are kept, byte 2
// those that become lines.
#include "fuzz.hpp"
#include "odd_pages.hpp"

#include <callrail/api.hpp>
#include <callrail/page.hpp>
#include <callrail/table.hpp>
#include <callrail/text_format.hpp>

#include <algorithm>
#include <random>

using namespace callrail;
using fuzz::require;

namespace {

const Api& the_api() { return api::description(); }

Selection random_selection(const Endpoint& endpoint, std::uint8_t seed) {
  std::mt19937 random{seed};
  Selection some;
  for (std::size_t i = 0; i < endpoint.fields.size(); ++i)
    if (seed == 0 || random() % 3 == 0) some.add(i);
  return some;
}

bool same(const Drift::Findings& a, const Drift::Findings& b) {
  return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
    return x.first == y.first && x.second.count == y.second.count &&
           x.second.example == y.second.example;
  });
}

bool same(const Drift& a, const Drift& b) {
  return same(a.unknown_fields, b.unknown_fields) && same(a.missing_fields, b.missing_fields) &&
         same(a.unknown_values, b.unknown_values) && same(a.changed_types, b.changed_types) &&
         same(a.broken_formats, b.broken_formats) && same(a.repeated_fields, b.repeated_fields) &&
         same(a.withheld, b.withheld);
}

bool same(const Envelope& a, const Envelope& b) {
  return a.page == b.page && a.pages == b.pages && a.total == b.total && a.next == b.next &&
         a.more == b.more;
}

/// The page behind which vector code may read, but no byte farther.
struct Padded {
  explicit Padded(Text text) : body{text} {
    if (text.empty()) body.append(std::string_view{" "}), body.clear();
    body.shrink();
  }
  Text text() const { return body.text(); }
  Body body;
};

}  // namespace

std::vector<std::string> callrail::fuzz::seeds() {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < the_api().endpoints.size(); ++i) {
    const Endpoint& endpoint = *the_api().endpoints[i];
    const auto add = [&](std::uint8_t wanted, std::uint8_t lines, const std::string& page) {
      out.push_back(
          std::string{static_cast<char>(i), static_cast<char>(wanted), static_cast<char>(lines)} +
          page);
    };
    for (const std::string& page : files("tests/data/" + std::string{endpoint.name}, ".json")) {
      add(0, 0, page);
      for (const std::string& odd : test::odd_pages(page, endpoint.rows)) {
        add(0, 0, odd);
        add(static_cast<std::uint8_t>(out.size()), static_cast<std::uint8_t>(out.size() / 7), odd);
      }
    }
    const std::string first{endpoint.fields[0].name};
    for (const std::string& value : test::odd_values())
      add(0, 0,
          "{\"" + std::string{endpoint.rows} + "\":[{\"" + first + "\":" + value +
              ",\"new\":" + value + "},{\"" + first + "\":" + value + ",\"new\":" + value +
              "},{},{\"" + first + "\":" + value + "}],\"beside\":" + value + "}");
  }
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input in{data, size};
  const auto& endpoints = the_api().endpoints;
  const Endpoint& endpoint = *endpoints[in.byte() % endpoints.size()];
  const std::uint8_t seed = in.byte();
  const Selection wanted = random_selection(endpoint, seed);
  const Selection spelled = random_selection(endpoint, in.byte());
  const Padded page{in.rest()};
  const PageTask cells{endpoint, the_api().paging, wanted, wanted, nullptr, seed % 2 == 0};

  static PageDecoder general{Reader::general};
  Page expected, spelled_page;
  Drift drift, spelled_drift;
  const Status status = general.read(cells, page.text(), expected, drift);

  const Table table = table_of(endpoint, spelled, Nested::json);
  for (const Reader which : {Reader::predicting, Reader::avx2, Reader::portable}) {
    PageDecoder reader{which};
    Page got;
    // The first reading learns how the rows look, the second one predicts.
    for (int reading = 0; reading < 2; ++reading) {
      Drift noted;
      const Status read = reader.read(cells, page.text(), got, noted);
      require(read.has_value() == status.has_value(), "both readers take a page or refuse it",
              page.text());
      if (!status) {
        require(read.error().what == status.error().what, "both say the same of it",
                read.error().what + " / " + status.error().what);
        continue;
      }
      require(same(got.envelope, expected.envelope), "what stands beside the rows is the same",
              page.text());
      require(got.size() == expected.size(), "there are as many rows", page.text());
      for (std::size_t r = 0; r < expected.size(); ++r)
        for (std::size_t f = 0; f < cells.width(); ++f)
          require(got.rows().at(r, f) == expected.rows().at(r, f), "the cells are the same",
                  page.text());
      require(same(noted, drift), "the drift is the same", page.text());
    }
  }

  for (const FileFormat form : {FileFormat::csv, FileFormat::jsonl}) {
    const auto format = make_text_format({.format = form});
    std::string header;
    format->begin(table, header);
    const auto lines = format->lines(table);
    require(lines.has_value(), "plain columns can be spelled by a reader");
    const Selection key = random_selection(endpoint, 200);
    const PageTask asked{endpoint, the_api().paging, key, wanted, &*lines};
    Selection both = key;
    for (const std::size_t field : spelled.order()) both.add(field);
    const PageTask wide{endpoint, the_api().paging, both, wanted, nullptr};
    Page rows;
    Drift noted;
    const Status reference = general.read(wide, page.text(), rows, noted);
    std::string text;
    if (reference) format->rows(table, rows.rows(), text);
    for (const Reader which : {Reader::predicting, Reader::avx2, Reader::portable, Reader::general}) {
      PageDecoder reader{which};
      Page got;
      for (int reading = 0; reading < 2; ++reading) {
        Drift also;
        const Status read = reader.read(asked, page.text(), got, also);
        require(read.has_value() == reference.has_value(), "lines are read or refused like cells",
                page.text());
        if (!read) {
          require(read.error().what == reference.error().what, "both say the same of it",
                  read.error().what + " / " + reference.error().what);
          continue;
        }
        std::string spelled_text;
        format->rows(table, got.rows(), spelled_text);
        const auto [x, y] = std::ranges::mismatch(spelled_text, text);
        require(spelled_text == text, "lines are what the format spells of the cells",
                "…" + std::string{std::max(spelled_text.data(), &*x - 60), &*x} + "[" +
                    std::string{x, spelled_text.end()}.substr(0, 60) + "] instead of [" +
                    std::string{y, text.end()}.substr(0, 60) + "] for " + std::string{page.text()});
        require(same(also, noted), "lines come with the same drift", page.text());
        for (std::size_t r = 0; r < got.size(); ++r)
          for (std::size_t k = 0; k < key.order().size(); ++k)
            require(got.rows().at(r, k) == rows.rows().at(r, key.order()[k]),
                    "cells beside lines are the same", page.text());
      }
    }
  }
  return 0;
}
