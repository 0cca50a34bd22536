#!/usr/bin/env python3
"""The twins of the checks that keep rows and files: each takes one check out of the source, and its tests must fail.

put_faults_back.py              builds a copy of the project, once for each fault (ctest --preset long)
put_faults_back.py --check      only looks whether every fault still fits the source
put_faults_back.py WORD...      only the faults whose name holds one of the words
"""
import argparse
import collections
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

# `old` stands once in the file and becomes `new`; then a test of `filter` in `target` has to fail.
Fault = collections.namedtuple("Fault", "name file old new target filter")
FAULTS = [
    Fault("pages need no row in common", "runtime/extract/window_reader.cpp",
          "if (link.linked && !chain_.touches_previous(i)) return bridge(i);", "",
          "extract_test", "WindowReading.*"),
    Fault("totals are not compared", "runtime/extract/window_reader.cpp",
          "const bool agree = chain_.rows() == *total_;", "const bool agree = true;",
          "extract_test", "WindowReading.*"),
    Fault("totals that move are no churn", "runtime/extract/window_reader.cpp",
          "moved_ = moved_ || (total_ && *total_ != now);", "",
          "extract_test", "WindowReading.*"),
    Fault("the oldest reading of a row wins", "runtime/extract/chain.cpp",
          "if (link.read > links[seen.link].read) seen.link = i, seen.row = row;", "",
          "extract_test", "WindowReading.*:Extract*"),
    Fault("a row on the cut of two windows stays twice", "runtime/extract/run_rows.cpp",
          "return keys_.contains(print);", "return false;",
          "extract_test", "Extract*:ARunInTwoParts.*"),
    Fault("a row in the lists of two filters stays twice", "runtime/extract/run_rows.cpp",
          "return !fresh;", "return false;",
          "extract_test", "Extract*:ARunInTwoParts.*"),
    Fault("a list whose windows lack rows is not counted again", "runtime/extract/run_rows.cpp",
          "if (list_ends && !count_list_again(index)) end_list(list);", "if (list_ends) end_list(list);",
          "extract_test", "ARunInTwoParts.*"),
    Fault("the file is shown before the manifest names it", "runtime/sink/file_sink.cpp",
          "if (auto named = sink_.name_in_manifest(table_, finished_, proof); !named) return named;\n    if (made_ == nullptr) return file_->publish();",
          "if (made_ == nullptr) {\n      if (auto shown = file_->publish(); !shown) return shown;\n      return sink_.name_in_manifest(table_, finished_, proof);\n    }",
          "sink_test", "FolderSink.*"),
    Fault("the rows are not synced before the checkpoint", "runtime/sink/atomic_file.cpp",
          "if (sync_file(files_, fd_) != 0)", "if (false)",
          "traps_test", "Trap23.*"),
    Fault("the checkpoint is saved before the rows", "runtime/extract/run_saved.cpp",
          "auto position = writer_->commit();\n    if (!position) return std::unexpected(std::move(position).error());\n"
          "    saved_.position = *std::move(position);",
          "saved_.position.bytes = writer_->bytes();",
          "traps_test", "Trap23.*"),
    Fault("a request is sent before it is booked", "runtime/http/limiter.cpp",
          "if (ledger_->append(open.entry)) open.number = seen_ = ledger_->last();", "",
          "http-test", "SharedLimiter.*"),
    Fault("nobody asks for the lock of a folder", "runtime/state/folder_lock.cpp",
          "if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {", "if (false) {",
          "traps_test", "Trap29.*"),
    Fault("files behind rows are noted after the checkpoint", "runtime/extract/run_saved.cpp",
          "if (auto kept = options_.media->commit(); !kept) return kept;", "(void)options_.media;",
          "extract_test", "MediaOfRows.*"),
    Fault("an address may come back to the API from elsewhere", "runtime/media/fetch_media.cpp",
          "if (at_the_api && outside)", "if (false)",
          "media-test", "FetchMedia.*"),
    Fault("an address may hold the key", "runtime/media/address.cpp",
          "if (!key.empty() && address.find(key) != address.npos)", "if (false)",
          "media-test", "MediaAddress.*:FetchMedia.*"),
    Fault("any answer is a recording", "runtime/media/intake.cpp",
          "if (!refusal_.empty()) return false;", "",
          "media-test", "Intake.*:FetchMedia.*"),
    Fault("an answer may end anywhere", "runtime/media/curl_media_transport.cpp",
          "if (!head.announced && !framed)", "if (false)",
          "curl-media-test", "CurlMediaTransport.*"),
    Fault("a commit whose answer is lost is done twice", "runtime/warehouse/warehouse.cpp",
          "return number != 0 && *commits == number;", "return false;",
          "table_matrix", "Storage/*connection_lost_after*"),
    Fault("rows are committed before their checkpoint", "runtime/warehouse/warehouse.cpp",
          "if (auto status = state.store.save(endpoint, change); !status) return status;",
          "if (auto done = state.db->commit(); !done) return done;\n      if (auto begun = state.db->begin(); !begun) return begun;\n"
          "      if (auto status = state.store.save(endpoint, change); !status) return status;",
          "sink_suite", "Every/Sinks.*"),
    Fault("the cursor passes a window that is not proven", "runtime/warehouse/cursors.cpp",
          "next.stopped = !complete || gap;", "next.stopped = gap || (complete && gap);",
          "table_matrix", "Network/*totals*"),
    Fault("a window that is not proven says what is gone", "runtime/warehouse/loading_removed.cpp",
          "if (!window.complete || window.list.narrowed", "if (window.list.narrowed",
          "table_matrix", "Network/*"),
    Fault("nobody asks who has the table", "runtime/warehouse/history.cpp",
          "if (holder)", "if (false)",
          "sink_suite", "Every/Sinks.Turn*"),
    Fault("a row without its key takes others for gone", "runtime/warehouse/loading_removed.cpp",
          "if (key_text(plan_, batch_.row(row)).empty()) return false;", "",
          "warehouse-test", "*"),
]


def mistakes():
    for fault in FAULTS:
        count = (ROOT / fault.file).read_text(encoding="utf-8").count(fault.old)
        if count != 1:
            yield f"{fault.name}: what it changes stands {count} times in {fault.file}"


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


class Copy:
    """Of the project, built once and then again and again with a fault in it."""

    def __init__(self, folder, targets):
        self.source, self.build = folder / "project", folder / "project/build/faults"
        shutil.copytree(ROOT, self.source, ignore=shutil.ignore_patterns("build", ".git", "logs"))
        self.must("cmake", "-S", self.source, "-B", self.build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                  "-DCMAKE_CXX_FLAGS=-Wno-unused -Wno-unused-parameter", "-DCALLRAIL_REGENERATE=OFF")
        self.must("cmake", "--build", self.build, "--parallel", "2", "--target", *targets)

    def must(self, *command):
        done = run(*map(str, command))
        if done.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))}\n{done.stdout[-5000:]}")

    def passes(self, target, tests):
        self.must("cmake", "--build", self.build, "--parallel", "2", "--target", target)
        program = next(path for path in self.build.rglob(target) if path.is_file() and os.access(path, os.X_OK))
        # A fault may also make a test run for ever.
        try:
            return subprocess.run([program, "--gtest_brief=1", f"--gtest_filter={tests}"], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, timeout=300).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def passes_with(self, fault):
        path = self.source / fault.file
        whole = path.read_text(encoding="utf-8")
        path.write_text(whole.replace(fault.old, fault.new), encoding="utf-8")
        try:
            return self.passes(fault.target, fault.filter)
        finally:
            path.write_text(whole, encoding="utf-8")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--check", action="store_true")
    arguments.add_argument("words", nargs="*")
    arguments = arguments.parse_args()
    wrong = list(mistakes())
    if arguments.check or wrong:
        print("\n".join(wrong) or f"ok: {len(FAULTS)} faults fit the source")
        return 1 if wrong else 0
    chosen = [fault for fault in FAULTS if not arguments.words or any(word in fault.name for word in arguments.words)]
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(pathlib.Path(folder), sorted({fault.target for fault in chosen}))
        for target, tests in sorted({(fault.target, fault.filter) for fault in chosen}):
            if not copy.passes(target, tests):
                sys.exit(f"{target} {tests} fails without any fault")
        for fault in chosen:
            noticed = not copy.passes_with(fault)
            print(f"{'noticed' if noticed else 'NOT NOTICED'}: {fault.name}", flush=True)
            if not noticed:
                wrong.append(fault.name)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
