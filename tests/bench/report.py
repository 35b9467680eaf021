# SPDX-License-Identifier: Apache-2.0
"""What toolchains/bench.sh measured, as a table beside its targets and as a plot.

    python3 tests/bench/report.py FOLDER

reads what bench.sh left there (turns, trail, start, heading), prints, and writes FOLDER/report.txt and FOLDER/report.svg.
"""
import collections
import pathlib
import statistics
import sys

import plot

SHAPES = {
    "8x1": "8 connections, one question each at a time",
    "50x1": "50 connections, one question each at a time",
    "8x16": "8 connections, 16 questions each at a time",
    "1x1": "1 connection, one question at a time, client and server on the same core",
}
NAMES = {
    "echo": "bare echo",
    "akgate": "akgate",
    "hanging": "akgate, register hanging",
    "dead": "akgate, register dead",
    "redis": "Redis GET",
    "memcached": "memcached get",
    "akgate-http": "akgate's HTTP front",
    "nginx": "nginx proxy_cache",
}
# Whose figure, beside whose, in which shapes, and how their ratio is to be.
TARGETS = [
    ("akgate", "echo", "rate", ["8x1", "50x1"], ">=", 0.9),
    ("akgate", "echo", "rate", ["8x16"], ">=", 0.5),
    ("akgate", "echo", "p99", ["8x1", "50x1", "8x16"], "<=", 1.3),
    ("akgate", "echo", "p50", ["1x1"], "<=", 1.15),
    ("akgate", "redis", "rate", ["8x1", "50x1"], ">=", 1.3),
    ("akgate", "redis", "rate", ["8x16"], ">=", 2),
    ("hanging", "akgate", "rate", list(SHAPES), ">=", 0.95),
    ("dead", "akgate", "rate", list(SHAPES), ">=", 0.95),
    ("akgate-http", "nginx", "rate", ["8x1", "50x1", "8x16"], ">=", 3),
    ("refreshing", "quiet", "p99", ["polite"], "<=", 2),
]


def read_figures(words):
    return {name: float(value) for name, value in (word.split("=") for word in words)}


def read_turns(path):
    """By shape and server, the figures of each round."""
    turns = collections.defaultdict(lambda: collections.defaultdict(list))
    for line in path.read_text().splitlines():
        _, shape, server, *figures = line.split()
        turns[shape][server].append(read_figures(figures))
    return turns


def median(rounds, figure):
    return statistics.median(figures[figure] for figures in rounds)


def ratio(turns, shape, server, peer, figure):
    """The median of the rounds' own ratios: what slowed a whole round down falls out."""
    pairs = zip(turns[shape][server], turns[shape][peer], strict=True)
    return statistics.median(ours[figure] / theirs[figure] for ours, theirs in pairs)


def figures_of(turns, shape):
    lines = [f"{SHAPES[shape]} ({shape})",
             f"  {'':32}{'answers/s':>10} {'of echo':>8} {'p50':>8} {'p99':>8} {'p99.9':>8} {'max':>9} {'server':>8} {'client':>7}"]
    for server, name in NAMES.items():
        rounds = turns[shape][server]
        of_echo = ratio(turns, shape, server, "echo", "rate")
        p50, p99, p999, most, cpu, client = (median(rounds, f) for f in ("p50", "p99", "p999", "max", "cpu", "client"))
        lines.append(f"  {name:32}{median(rounds, 'rate'):10,.0f} {of_echo:8.2f} {p50:8.1f} {p99:8.1f} {p999:8.1f} {most:9.0f} {cpu:8.2f} {client:7.2f}")
    return lines


def polite_figures(turns):
    lines = ["asked 5,000 times a second, beside a mass refresh of 10,000 records over TLS",
             f"  {'':43} {'p50':>16} {'p99':>8} {'p99.9':>8} {'max':>9}"]
    for server in ("quiet", "refreshing"):
        p50, p99, p999, most = (median(turns["polite"][server], f) for f in ("p50", "p99", "p999", "max"))
        lines.append(f"  {server:43} {p50:16.1f} {p99:8.1f} {p999:8.1f} {most:9.0f}")
    took = median(turns["polite"]["refreshing"], "took")
    return lines + [f"  each mass refresh took {took / 1000:.1f} s"]


def trail_figures(trail):
    return [f"akgate's trail of decisions, which the others do not have: {trail['losses']:,.0f} of {trail['allows']:,.0f} ALLOWs lost to it"]


def verdict(what, value, sense, bound, limit=None):
    """`limit`: what a bare echo server reaches in the same place, which does nothing but read and write."""
    reached = value >= bound if sense == ">=" else value <= bound
    sign = {">=": "≥", "<=": "≤"}[sense]
    word = "reached" if reached else "NOT REACHED"
    if limit is not None and not reached:
        word += f"; bare echo: {limit:.2f}"
    return f"  {what:58} {value:8.2f}   {sign} {bound:<6} {word}"


def targets_of(turns, start):
    lines = ["ratios (medians over rounds) and their targets"]
    for server, peer, figure, shapes, sense, bound in TARGETS:
        for shape in shapes:
            what = f"{figure} {shape}: {NAMES.get(server, server)} / {NAMES.get(peer, peer)}"
            limit = ratio(turns, shape, "echo", peer, figure) if peer in ("redis", "nginx") else None
            lines.append(verdict(what, ratio(turns, shape, server, peer, figure), sense, bound, limit))
    what = f"ms from start to first answer, {start['records']:,.0f} records"
    return lines + [verdict(what, start["median"], "<=", start["target"])]


def main(folder):
    turns = read_turns(folder / "turns.txt")
    start = read_figures((folder / "start.txt").read_text().split())
    sections = [figures_of(turns, shape) for shape in SHAPES]
    trail = read_figures((folder / "trail.txt").read_text().split())
    sections += [polite_figures(turns), trail_figures(trail), targets_of(turns, start)]
    heading = (folder / "heading.txt").read_text()
    text = heading + "\n" + "\n\n".join("\n".join(section) for section in sections) + "\n"
    (folder / "report.txt").write_text(text)
    print(text)
    medians = {shape: {NAMES[server]: {f: median(turns[shape][server], f) for f in ("rate", "p50", "p99", "p999")}
                       for server in NAMES} for shape in SHAPES}
    (folder / "report.svg").write_text(plot.draw(heading.splitlines()[0], SHAPES, medians))
    print(f"table and plot: {folder}/report.txt, {folder}/report.svg")


main(pathlib.Path(sys.argv[1]))
