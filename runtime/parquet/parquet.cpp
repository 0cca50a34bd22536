#include "duckdb_library.hpp"
#include "parquet_column.hpp"
#include "row_lines.hpp"

#include <callrail/parquet.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <filesystem>
#include <io.hpp>
#include <json_text.hpp>
#include <optional>
#include <sys/stat.h>
#include <utility>

namespace callrail {

namespace {

/// Bytes of JSON lines that make a row group. Until a group is written DuckDB holds it in about
/// four times the room; of each that is written it keeps 0.17 MB to the end (70 columns of 2.4 kB).
/// This is where both together are least, as long as groups are not too small to be read fast.
std::uint64_t bytes_a_group(std::uint64_t bytes_of_file) {
  constexpr std::uint64_t least = 4 << 20, kept = 170'000, room = 4;
  const double best = std::sqrt(static_cast<double>(bytes_of_file) * kept / room);
  return std::max(least, static_cast<std::uint64_t>(best));
}

/// Bytes of rows handed over at once; rows may be large.
constexpr std::uint64_t chunk_bytes = 1 << 20;
/// What DuckDB may take. The second one is for rows of many megabytes, of which a few are more than
/// the first; the bytes of the file are the same.
constexpr const char* memory_limits[] = {"128MiB", "2GiB"};

/// One column of the file. The last one has no other side in the table if that keeps no unknown
/// members.
struct FileColumn {
  std::string name;
  ParquetType type = ParquetType::text;
};

struct Layout {
  std::vector<FileColumn> columns;
  std::size_t extra = 0;
};

Layout layout_of(const Table& table) {
  Layout layout;
  for (const Column& column : table.columns)
    layout.columns.push_back({column.name, parquet_type(column)});
  const bool keeps_unknown = !table.columns.empty() && table.columns.back().facts == nullptr;
  if (!keeps_unknown) {
    std::string name{extra_column};
    const auto taken = [&](const Column& column) { return column.name == name; };
    for (int n = 2; std::ranges::any_of(table.columns, taken); ++n)
      name = fmt::format("{}_{}", extra_column, n);
    layout.columns.push_back({std::move(name), ParquetType::json});
  }
  layout.extra = layout.columns.size() - 1;
  return layout;
}

/// The rows of a file on their way into one of DuckDB's chunks.
class Feed {
 public:
  Feed(const DuckDbLibrary& duckdb, const Layout& layout, RowsOnDisk rows)
      : duckdb_{duckdb}, layout_{layout}, rows_{std::move(rows)}, at_(layout.columns.size()) {}

  const Layout& layout() const { return layout_; }
  const std::optional<Error>& error() const { return error_; }

  duckdb_logical_type type_of(ParquetType type) const {
    switch (type) {
      case ParquetType::integer: return duckdb_.create_logical_type(DUCKDB_TYPE_BIGINT);
      case ParquetType::decimal: return duckdb_.create_decimal_type(decimal_digits, decimal_places);
      case ParquetType::boolean: return duckdb_.create_logical_type(DUCKDB_TYPE_BOOLEAN);
      case ParquetType::instant: return duckdb_.create_logical_type(DUCKDB_TYPE_TIMESTAMP_TZ);
      case ParquetType::text:
      case ParquetType::json: break;
    }
    return duckdb_.create_logical_type(DUCKDB_TYPE_VARCHAR);
  }

  void bind(duckdb_bind_info info) const {
    for (const FileColumn& column : layout_.columns) {
      duckdb_logical_type type = type_of(column.type);
      duckdb_.bind_add_result_column(info, column.name.c_str(), type);
      duckdb_.destroy_logical_type(&type);
    }
  }

  /// No rows: there are no more, or there is an `error`.
  void fill(duckdb_data_chunk chunk) {
    for (std::size_t i = 0; i < at_.size(); ++i) {
      duckdb_vector vector = duckdb_.data_chunk_get_vector(chunk, i);
      duckdb_.vector_ensure_validity_writable(vector);
      at_[i] = {vector, duckdb_.vector_get_data(vector), duckdb_.vector_get_validity(vector)};
    }
    const std::uint64_t begin = rows_.bytes();
    const std::size_t most = duckdb_.vector_size();
    std::size_t row = 0;
    while (row < most && rows_.bytes() - begin < chunk_bytes) {
      const auto cells = rows_.next();
      if (!cells) {
        error_ = cells.error();
        row = 0;
        break;
      }
      if (cells->empty()) break;
      put_row(row++, *cells);
    }
    duckdb_.data_chunk_set_size(chunk, row);
  }

 private:
  struct Target {
    duckdb_vector vector = nullptr;
    void* data = nullptr;
    std::uint64_t* validity = nullptr;
  };

  void put_row(std::size_t row, std::span<const Cell> cells) {
    misfits_.clear();
    for (std::size_t i = 0; i < layout_.extra; ++i) {
      const Cell& cell = cells[i];
      if (cell.has_value() && put(i, row, cell)) continue;
      put_null(i, row);
      if (!cell.has_value()) continue;
      misfits_ += misfits_.empty() ? '{' : ',';
      append_json_string(layout_.columns[i].name, misfits_);
      misfits_ += ':';
      append_json(cell, misfits_);
    }
    const Cell unknown = cells.size() > layout_.extra ? cells[layout_.extra] : Cell{};
    Text members = unknown.kind == Kind::json ? unknown.text() : Text{};
    if (!misfits_.empty()) {
      const bool more = members.size() > 2;
      misfits_ += more ? ',' : '}';
      if (more) misfits_ += members.substr(1);
      members = misfits_;
    }
    if (members.empty())
      put_null(layout_.extra, row);
    else
      put_text(layout_.extra, row, members);
  }

  template <class T>
  bool put_value(std::size_t column, std::size_t row, std::optional<T> value) {
    if (value) static_cast<T*>(at_[column].data)[row] = *value;
    return value.has_value();
  }
  bool put_text(std::size_t column, std::size_t row, Text text) {
    duckdb_.vector_assign_string_element_len(at_[column].vector, row, text.data(), text.size());
    return true;
  }
  void put_null(std::size_t column, std::size_t row) {
    at_[column].validity[row / 64] &= ~(std::uint64_t{1} << row % 64);
  }

  /// False: the column cannot hold this.
  bool put(std::size_t column, std::size_t row, const Cell& cell) {
    switch (layout_.columns[column].type) {
      case ParquetType::text:
        return cell.kind != Kind::json &&
               put_text(column, row, cell.size != 0 ? cell.text() : Text{""});
      case ParquetType::integer: return put_value(column, row, integer_of(cell));
      case ParquetType::decimal: {
        std::optional<Int128> number;
        if (cell.kind == Kind::number || cell.kind == Kind::text) number = decimal_of(cell.text());
        std::optional<duckdb_hugeint> halves;
        if (number)
          halves = duckdb_hugeint{static_cast<std::uint64_t>(*number),
                                  static_cast<std::int64_t>(*number >> 64)};
        return put_value(column, row, halves);
      }
      case ParquetType::boolean: {
        bool is = false;
        return put_value(column, row, read(cell, is) ? std::optional{is} : std::nullopt);
      }
      case ParquetType::instant: return put_value(column, row, microseconds_of(cell));
      case ParquetType::json: break;
    }
    if (cell.kind != Kind::text) return put_text(column, row, cell.text());
    json_.clear();
    append_json_string(cell.text(), json_);
    return put_text(column, row, json_);
  }

  static void append_json(const Cell& cell, std::string& out) {
    if (cell.kind == Kind::text)
      append_json_string(cell.text(), out);
    else
      out += cell.text();
  }

  const DuckDbLibrary& duckdb_;
  const Layout& layout_;
  RowsOnDisk rows_;
  std::vector<Target> at_;
  std::string misfits_, json_;
  std::optional<Error> error_;
};

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += c;
    out += c;
  }
  return out + '\'';
}

/// A database in memory that keeps to itself: no network, no home, one thread, nothing on disk but
/// what it is told to write.
class Session {
 public:
  explicit Session(const DuckDbLibrary& duckdb) : duckdb_{duckdb} {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    if (connection_ != nullptr) duckdb_.disconnect(&connection_);
    if (database_ != nullptr) duckdb_.close(&database_);
  }

  /// `spill`: a folder for what does not fit into memory.
  Status open(const std::string& spill, const char* memory) {
    const std::pair<const char*, std::string> settings[] = {
        {"threads", "1"},
        {"memory_limit", memory},
        {"preserve_insertion_order", "true"},
        {"temp_directory", spill},
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"allow_community_extensions", "false"},
    };
    duckdb_config config = nullptr;
    if (duckdb_.create_config(&config) == DuckDBError) return trouble("no memory");
    const char* refused = nullptr;
    for (const auto& [name, value] : settings)
      if (duckdb_.set_config(config, name, value.c_str()) == DuckDBError) refused = name;
    if (refused != nullptr) {
      duckdb_.destroy_config(&config);
      return trouble(fmt::format("it does not know the setting {}", refused));
    }
    char* why = nullptr;
    const auto opened = duckdb_.open_ext(nullptr, &database_, config, &why);
    duckdb_.destroy_config(&config);
    if (opened == DuckDBError) {
      const std::string text = why != nullptr ? why : "it does not start";
      duckdb_.free(why);
      return trouble(text);
    }
    if (duckdb_.connect(database_, &connection_) == DuckDBError) return trouble("no connection");
    return {};
  }

  /// `SELECT * FROM rows()` gives what `feed` has.
  Status offer(Feed& feed) {
    duckdb_table_function function = duckdb_.create_table_function();
    struct Source {
      const DuckDbLibrary* duckdb;
      Feed* feed;
    };
    auto* const source = new Source{&duckdb_, &feed};
    // Whoever loads the library has no other way to its functions than through this.
    static const DuckDbLibrary* library = nullptr;
    library = &duckdb_;
    duckdb_.table_function_set_name(function, "rows");
    duckdb_.table_function_set_extra_info(function, source,
                                          [](void* it) { delete static_cast<Source*>(it); });
    duckdb_.table_function_set_bind(function, [](duckdb_bind_info info) {
      static_cast<Source*>(library->bind_get_extra_info(info))->feed->bind(info);
    });
    duckdb_.table_function_set_init(function, [](duckdb_init_info) {});
    duckdb_.table_function_set_function(
        function, [](duckdb_function_info info, duckdb_data_chunk chunk) {
          Feed& from = *static_cast<Source*>(library->function_get_extra_info(info))->feed;
          try {
            from.fill(chunk);
            if (from.error()) library->function_set_error(info, from.error()->what.c_str());
          } catch (const std::exception& error) {
            library->function_set_error(info, error.what());
          }
        });
    const auto registered = duckdb_.register_table_function(connection_, function);
    duckdb_.destroy_table_function(&function);
    if (registered == DuckDBError) return trouble("it does not take the rows");
    return {};
  }

  Status run(const std::string& sql) {
    return query(sql, [](duckdb_result&) {});
  }

  Result<std::int64_t> number(const std::string& sql) {
    std::optional<std::int64_t> number;
    const auto asked = query(sql, [&](duckdb_result& result) {
      duckdb_data_chunk chunk = duckdb_.fetch_chunk(result);
      if (chunk == nullptr) return;
      if (duckdb_.data_chunk_get_size(chunk) == 1)
        number = *static_cast<const std::int64_t*>(
            duckdb_.vector_get_data(duckdb_.data_chunk_get_vector(chunk, 0)));
      duckdb_.destroy_data_chunk(&chunk);
    });
    if (!asked) return std::unexpected(asked.error());
    if (!number) return std::unexpected(trouble("no answer").error());
    return *number;
  }

 private:
  static Status trouble(const std::string& why) {
    return fail(Code::sink_failed, "DuckDB: " + why.substr(0, why.find('\n')));
  }

  template <class Use>
  Status query(const std::string& sql, Use use) {
    duckdb_result result{};
    const auto done = duckdb_.query(connection_, sql.c_str(), &result);
    Status status;
    if (done == DuckDBError) {
      const char* const why = duckdb_.result_error(&result);
      status = trouble(why != nullptr ? why : "it does not say why");
    } else {
      use(result);
    }
    duckdb_.destroy_result(&result);
    return status;
  }

  const DuckDbLibrary& duckdb_;
  duckdb_database database_ = nullptr;
  duckdb_connection connection_ = nullptr;
};

class DuckDbParquet final : public Parquet {
 public:
  explicit DuckDbParquet(const DuckDbLibrary& duckdb) : duckdb_{duckdb} {}

  std::string version() const override {
    return fmt::format("DuckDB {}", duckdb_.library_version());
  }

  Status make(const Table& table, const std::string& rows, const std::string& to) override {
    const Layout layout = layout_of(table);
    const auto size = rows_a_group(table, rows);
    if (!size) return std::unexpected(size.error());
    Status made;
    for (const char* const memory : memory_limits) {
      auto source = RowsOnDisk::open(table, rows);
      if (!source) return std::unexpected(std::move(source).error());
      Feed feed{duckdb_, layout, *std::move(source)};
      made = write(feed, to, *size, memory);
      if (feed.error()) return std::unexpected(*feed.error());
      if (made || made.error().what.find("Out of Memory") == std::string::npos) break;
    }
    return made;
  }

  Result<std::uint64_t> rows_in(const std::string& file) override {
    Session session{duckdb_};
    if (auto opened = session.open({}, memory_limits[0]); !opened)
      return std::unexpected(std::move(opened).error());
    const auto rows =
        session.number(fmt::format("SELECT num_rows FROM parquet_file_metadata({})", quoted(file)));
    if (!rows) return fail(Code::bad_answer, rows.error().what);
    return static_cast<std::uint64_t>(*rows);
  }

 private:
  Status write(Feed& feed, const std::string& to, std::uint64_t rows_a_group, const char* memory) {
    const std::string spill = to + ".spill";
    std::error_code none;
    std::filesystem::remove_all(spill, none);
    // DuckDB would make it for everybody to read, and the folder around it may be older than ours.
    if (::mkdir(spill.c_str(), 0700) != 0) return std::unexpected(file_error(spill, errno));
    Status written;
    {
      Session session{duckdb_};
      written = session.open(spill, memory);
      if (written) written = session.offer(feed);
      if (written)
        written = session.run(fmt::format(
            "COPY (SELECT * FROM rows()) TO {} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE "
            "{}, WRITE_BLOOM_FILTER false, USE_TMP_FILE false)",
            quoted(std::filesystem::absolute(to).string()), rows_a_group));
    }
    std::filesystem::remove_all(spill, none);
    return written;
  }

  /// A row of one endpoint is a hundred times one of another.
  Result<std::uint64_t> rows_a_group(const Table& table, const std::string& path) const {
    auto rows = RowsOnDisk::open(table, path);
    if (!rows) return std::unexpected(std::move(rows).error());
    std::uint64_t count = 0;
    // The first ones are like the others, and reading all would take as long as writing them.
    for (; count < 10'000; ++count) {
      const auto row = rows->next();
      if (!row) return std::unexpected(row.error());
      if (row->empty()) break;
    }
    const std::uint64_t each = count == 0 ? 1 : rows->bytes() / count + 1;
    std::error_code unknown;
    const std::uint64_t size = std::filesystem::file_size(path, unknown);
    if (unknown) return std::unexpected(file_error(path, unknown.value()));
    return std::clamp<std::uint64_t>(bytes_a_group(size) / each, 1, 122'880);
  }

  DuckDbLibrary duckdb_;
};

}  // namespace

Result<std::unique_ptr<Parquet>> Parquet::load(const std::string& library) {
  auto duckdb = DuckDbLibrary::load(library);
  if (!duckdb) return std::unexpected(std::move(duckdb).error());
  return std::make_unique<DuckDbParquet>(*duckdb);
}

bool Parquet::is_built_in() { return true; }

}  // namespace callrail
