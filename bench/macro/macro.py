#!/usr/bin/env python3
"""Runs weld and wasm-ld-22 in turns and prints median ratios. Started by run.sh, which prepares the inputs."""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass

FOLDER = os.path.abspath("artifacts/bench/macro")
MEASURE = os.path.join(FOLDER, "measure")
WELD = os.path.abspath(os.environ.get("WELD", "artifacts/bin/weld"))
REFERENCE = shutil.which("wasm-ld-22")
CORPORA = os.path.abspath(os.environ.get("WELD_CORPUS", os.path.expanduser("~/.cache/weld/corpus")))

INPUTS = ["hello-c", "hello-c++", "S", "M", "L"]
QUICK_INPUTS = INPUTS[:-1]

# What is added to the input's own arguments. wasm-ld refuses to shorten code that debug information describes.
OPTION_SETS = {
    "default": [],
    "--threads=1": ["--threads=1"],
    "-O2": ["-O2"],
    "--strip-all": ["--strip-all"],
    "--no-gc-sections": ["--no-gc-sections"],
    "-r": ["-r"],
    "--compress-relocations": ["--compress-relocations", "--strip-debug"],
}
QUICK_OPTION_SETS = ["default", "--threads=1"]

# Rounds of a row without --rounds: what fits into this time, within limits.
SECONDS_PER_ROW = 8
ROUNDS = (7, 41)
QUICK_ROUNDS = (5, 11)


@dataclass
class Goals:
    """Issue 4: the largest ratios to wasm-ld that are good enough."""
    wall: float
    memory: float
    size: float = 1.0


def goals(name, option_set):
    small = name in ("hello-c", "hello-c++", "S")
    one_thread = option_set == "--threads=1"
    if small:
        return Goals(0.35 if one_thread else 0.30, 0.40)
    return Goals(0.45 if one_thread else 0.30, 0.50)


@dataclass
class Run:
    wall: float         # milliseconds
    processor: float    # milliseconds, user and system
    memory: float       # MiB, peak
    faults: int


class Input:
    """A folder with a link.rsp, as gen_corpus.py and run.sh make it."""

    def __init__(self, name):
        self.name = os.path.basename(os.path.normpath(name))
        self.folder = (os.path.join(CORPORA, name) if name in ("S", "M", "L")
                       else os.path.join(FOLDER, name) if name in INPUTS else os.path.abspath(name))
        try:
            with open(os.path.join(self.folder, "link.rsp")) as file:
                self.words = file.read().split()
        except OSError as e:
            sys.exit("error: %s: %s" % (name, e.strerror))
        self.arguments = self.words if len(self.words) < 50 else ["@link.rsp"]
        self.files = self.find_files()
        self.bytes = sum(os.path.getsize(file) for file in self.files)

    def find_files(self):
        folders = [word[2:] for word in self.words if word.startswith("-L")]
        files = []
        for word in self.words:
            candidates = [os.path.join(folder, "lib%s.a" % word[2:]) for folder in folders] if word.startswith("-l") else [word]
            candidates = [os.path.join(self.folder, candidate) for candidate in candidates if not candidate.startswith("-")]
            files += [candidate for candidate in candidates if os.path.isfile(candidate)][:1]
        return files


class LinkFailed(Exception):
    """The message of a linker that did not succeed."""


def measure(command, folder, output):
    """One process, without what an earlier one left behind."""
    if os.path.exists(output):
        os.unlink(output)
    log = os.path.join(FOLDER, "log")
    line = subprocess.run([MEASURE, log, *command], cwd=folder, stdout=subprocess.PIPE, check=True).stdout
    code, wall, processor, memory, faults = map(int, line.split())
    if code != 0:
        with open(log, errors="replace") as file:
            raise LinkFailed("exit code %d: %s" % (code, " ".join(file.read(300).split())))
    return Run(wall / 1e6, processor / 1e3, memory / 1024, faults)


class Row:
    """One input with one set of options, by both linkers."""

    def __init__(self, source, option_set):
        self.source = source
        self.option_set = option_set
        self.runs = {"weld": [], "wasm-ld": [], "floor": []}
        self.sizes = {}
        self.problem = None

    def output(self, who):
        # The module's name in the name section is the name of this file, so it must be as long for both.
        return os.path.join(FOLDER, "out", who, "out.wasm")

    def run(self, who):
        if who == "floor":
            command = [MEASURE, "--floor", self.list_of_files(), self.output(who), str(self.sizes["weld"])]
        else:
            linker = WELD if who == "weld" else REFERENCE
            command = [linker, *self.source.arguments, *OPTION_SETS[self.option_set], "-o", self.output(who)]
        return measure(command, self.source.folder, self.output(who))

    def list_of_files(self):
        path = os.path.join(FOLDER, "files")
        with open(path, "w") as file:
            file.writelines(name + "\n" for name in self.source.files)
        return path

    def measure(self, rounds, limits):
        for who in ("weld", "wasm-ld", "floor"):
            os.makedirs(os.path.dirname(self.output(who)), exist_ok=True)
        try:
            warm = 0.0
            for who in ("wasm-ld", "weld"):
                warm += self.run(who).wall
                self.sizes[who] = os.path.getsize(self.output(who))
            self.check()
            # The floor does not depend on the options.
            order = ["weld", "wasm-ld"] + (["floor"] if self.option_set == "default" else [])
            rounds = rounds or max(limits[0], min(limits[1], int(SECONDS_PER_ROW * 1000 / warm)))
            for number in range(rounds):
                shift = number % len(order)
                for who in order[shift:] + order[:shift]:
                    self.runs[who].append(self.run(who))
        except LinkFailed as e:
            self.problem = "%s fails: %s" % (who, e)
        return self

    def check(self):
        """Both outputs must be valid, and programs must do the same."""
        action = "validate" if self.option_set == "-r" else "run"
        result = subprocess.run(["node", "--no-warnings", "bench/macro/check.mjs", action, self.output("weld"), self.output("wasm-ld")],
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        lines = result.stdout.splitlines()
        if result.returncode != 0 or len(lines) != 2:
            self.problem = "output is not valid: " + " ".join(result.stdout.split())[:300]
        elif lines[0] != lines[1]:
            self.problem = "programs differ: %s and %s" % (lines[0][:100], lines[1][:100])

    def median(self, who, field):
        return statistics.median(getattr(run, field) for run in self.runs[who])

    def ratios(self, field):
        """First quartile, median, and third quartile, of the ratios round by round."""
        values = [getattr(a, field) / max(getattr(b, field), 1e-9) for a, b in zip(self.runs["weld"], self.runs["wasm-ld"])]
        return statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3

    def size_ratio(self):
        return self.sizes["weld"] / self.sizes["wasm-ld"]

    def missed(self):
        goal = goals(self.source.name, self.option_set)
        found = [("time", self.ratios("wall")[1], goal.wall), ("memory", self.ratios("memory")[1], goal.memory), ("size", self.size_ratio(), goal.size)]
        # Goals have two digits, so what is rounded to them counts.
        return ["%s > %.2f" % (name, limit) for name, value, limit in found if (value > 1.0 if name == "size" else round(value, 2) > limit)]


HEADER = """\
| input | options | weld ms | wasm-ld ms | time | processor | weld MiB | wasm-ld MiB | memory | size | rounds | missed |
|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|"""


def number(value):
    return "%.1f" % value if value < 100 else "%.0f" % value


def spread(quartiles):
    return "%.2f (%.2f–%.2f)" % (quartiles[1], quartiles[0], quartiles[2])


def print_row(row):
    start = "| %s | %s | " % (row.source.name, row.option_set if row.option_set == "default" else "`%s`" % row.option_set)
    if not row.runs["weld"]:
        return start + "| " * 9 + "| **%s** |" % row.problem
    missed = row.missed() + ([row.problem] if row.problem else [])
    cells = [number(row.median("weld", "wall")), number(row.median("wasm-ld", "wall")), spread(row.ratios("wall")),
             spread(row.ratios("processor")), number(row.median("weld", "memory")), number(row.median("wasm-ld", "memory")),
             "%.2f" % row.ratios("memory")[1], "%.3f" % row.size_ratio(), str(len(row.runs["weld"])),
             "**%s**" % "; ".join(missed) if missed else ""]
    return start + " | ".join(cells) + " |"


def print_floor(rows):
    yield "| input | in MB | out MB | read and write, ms | weld, times that | wasm-ld, times that | weld ns per byte | wasm-ld ns per byte |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    for row in rows:
        floor, weld, reference = (row.median(who, "wall") for who in ("floor", "weld", "wasm-ld"))
        yield "| %s | %.1f | %.1f | %s | %.1f | %.1f | %.2f | %.2f |" % (
            row.source.name, row.source.bytes / 1e6, row.sizes["weld"] / 1e6, number(floor), weld / floor, reference / floor,
            weld * 1e6 / row.source.bytes, reference * 1e6 / row.source.bytes)


def print_growth(rows):
    """Linear growth or better: a byte of L must not take longer than one of S."""
    by_name = {row.source.name: row.median("weld", "wall") / row.source.bytes for row in rows}
    steps = [(a, b) for a, b in (("S", "M"), ("M", "L"), ("S", "L")) if a in by_name and b in by_name]
    for a, b in steps:
        growth = by_name[b] / by_name[a]
        yield "Time per input byte, %s to %s: times %.2f%s" % (a, b, growth, " **(missed: more than linear)**" if growth > 1.0 and (a, b) == ("S", "L") else "")


def read_line(command, default="unknown"):
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.splitlines()[0].strip()
    except (OSError, IndexError):
        return default


def describe_machine():
    processor = platform.machine()
    with open("/proc/cpuinfo") as file:
        processor = next((line.split(": ")[1].strip() for line in file if line.startswith("model name")), processor)
    with open("/proc/loadavg") as file:
        load = file.read().split()[0]
    choice = read_line(["cat", "artifacts/native/choice"])
    yield "* machine: %d cores, %s, Linux %s, load %s when it began" % (os.cpu_count(), processor, platform.release(), load)
    yield "* weld: %s, %s" % (read_line(["git", "describe", "--always", "--dirty"]), choice if WELD.endswith("artifacts/bin/weld") else WELD)
    yield "* wasm-ld: %s" % read_line([REFERENCE, "--version"])


class Report:
    """Standard output and results.md, line by line, so that a run that is stopped leaves what it has."""

    def __init__(self, path):
        self._file = open(path, "w")

    def write(self, *lines):
        for line in lines:
            print(line, flush=True)
            print(line, file=self._file, flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(prog="bench/macro/run.sh", description="Measures weld against wasm-ld-22 on whole links.")
    parser.add_argument("inputs", nargs="*", metavar="INPUT", help="hello-c, hello-c++, S, M, L or a folder with a link.rsp (default: these five)")
    parser.add_argument("--quick", action="store_true", help="few rounds, no L, only default options and --threads=1")
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds of each row (default: by time, %d to %d)" % ROUNDS)
    parser.add_argument("--options", action="append", choices=OPTION_SETS, metavar="NAME", help="only these options, such as default or -O2 (as --options=-O2)")
    parser.add_argument("--json", metavar="FILE", help="write every single run as well")
    parser.add_argument("--list-inputs", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.inputs = arguments.inputs or (QUICK_INPUTS if arguments.quick else INPUTS)
    arguments.options = arguments.options or (QUICK_OPTION_SETS if arguments.quick else list(OPTION_SETS))
    return arguments


def main():
    arguments = parse_arguments()
    if arguments.list_inputs:
        print("\n".join(arguments.inputs))
        return 0
    report = Report(os.path.join(FOLDER, "results.md"))
    report.write(*describe_machine(), "* command: bench/macro/run.sh %s" % " ".join(sys.argv[1:]), "", HEADER)
    rows = []
    for name in arguments.inputs:
        source = Input(name)
        for option_set in arguments.options:
            row = Row(source, option_set).measure(arguments.rounds, QUICK_ROUNDS if arguments.quick else ROUNDS)
            report.write(print_row(row))
            rows.append(row)
    with_floor = [row for row in rows if row.runs["floor"]]
    if with_floor:
        report.write("", *print_floor(with_floor))
        report.write("", *print_growth(with_floor))
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump([dict(input=row.source.name, options=row.option_set, input_bytes=row.source.bytes, sizes=row.sizes, problem=row.problem,
                            runs={who: [vars(run) for run in runs] for who, runs in row.runs.items()}) for row in rows], file)
    shutil.rmtree(os.path.join(FOLDER, "out"), ignore_errors=True)
    return 1 if any(row.problem for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
