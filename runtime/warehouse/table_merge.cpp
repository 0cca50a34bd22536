#include "merge_postgresql.hpp"
#include "merge_sqlite.hpp"

namespace callrail {

std::unique_ptr<TableMerge> make_table_merge(const TablePlan& plan, Dialect dialect) {
  if (dialect == Dialect::sqlite) return std::make_unique<SqliteMerge>(plan);
  return std::make_unique<PostgresqlMerge>(plan);
}

}  // namespace callrail
