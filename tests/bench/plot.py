# SPDX-License-Identifier: Apache-2.0
"""A plot of rates and latencies as SVG, one row of two panels for each shape of load."""
import html
import math

WIDTH = 1180
LABELS = 220  # Room for the servers' names.
RATES = (LABELS, 640)  # Left and right of the panel.
LATENCIES = (700, WIDTH - 30)
BAR = 20
ABOVE, BELOW = 34, 50  # Of a row's bars: its title; its axes.

AKGATE, PEER = "#1b6e8c", "#b9bec4"
LATENCY_MARKS = [("p50", "#1b6e8c"), ("p99", "#e08a1e"), ("p999", "#b3261e")]


def text(x, y, words, anchor="start", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>{html.escape(words)}</text>'


def line(x1, y1, x2, y2, color="#d9dcdf", width=1):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}" stroke-width="{width}"/>'


def short(number):
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if number >= size:
            return f"{number / size:.3g} {unit}"
    return f"{number:.3g}"


def linear_ticks(most):
    """Round steps, four to eight of them."""
    step = 10 ** math.floor(math.log10(most))
    for part in (1, 0.5, 0.2):
        if most / (step * part) >= 4:
            break
    return [step * part * i for i in range(int(most / (step * part)) + 1)]


def rates_panel(top, servers):
    left, right = RATES
    bottom = top + BAR * len(servers)
    most = max(figures["rate"] for figures in servers.values())
    scale = (right - left - 60) / most
    out = []
    for tick in linear_ticks(most):
        out += [line(left + tick * scale, top, left + tick * scale, bottom),
                text(left + tick * scale, bottom + 15, short(tick), "middle")]
    out.append(text((left + right) / 2, bottom + 31, "answers per second", "middle", 'class="axis"'))
    for i, (name, figures) in enumerate(servers.items()):
        y = top + BAR * i
        color = AKGATE if name.startswith("akgate") else PEER
        wide = figures["rate"] * scale
        out += [text(left - 8, y + 14, name, "end"),
                f'<rect x="{left}" y="{y + 3}" width="{wide:.1f}" height="{BAR - 6}" fill="{color}"/>',
                text(left + wide + 5, y + 14, short(figures["rate"]))]
    return out + [line(left, top, left, bottom, "#555")]


def latencies_panel(top, servers):
    left, right = LATENCIES
    bottom = top + BAR * len(servers)
    all_figures = [figures[name] for figures in servers.values() for name, _ in LATENCY_MARKS]
    least, most = (math.log10(f(all_figures)) for f in (min, max))
    low, high = math.floor(least * 3) / 3, math.ceil(most * 3) / 3

    def place(microseconds):
        return left + (math.log10(microseconds) - low) / (high - low) * (right - left)

    out = []
    for power in range(math.floor(low), math.ceil(high) + 1):
        for digit in (1, 2, 5):
            tick = digit * 10.0 ** power
            if left <= place(tick) <= right:
                out += [line(place(tick), top, place(tick), bottom), text(place(tick), bottom + 15, short(tick), "middle")]
    out.append(text((left + right) / 2, bottom + 31, "latency, µs (logarithmic)", "middle", 'class="axis"'))
    for i, figures in enumerate(servers.values()):
        y = top + BAR * i + BAR / 2
        out.append(line(place(figures["p50"]), y, place(figures["p999"]), y, "#8a9096", 2))
        out += [f'<circle cx="{place(figures[name]):.1f}" cy="{y:.1f}" r="4.5" fill="{color}"/>' for name, color in LATENCY_MARKS]
    return out


def legend(y):
    out, x = [], LABELS
    for words, color in (("akgate", AKGATE), ("others", PEER)):
        out += [f'<rect x="{x}" y="{y - 10}" width="12" height="12" fill="{color}"/>', text(x + 18, y, words)]
        x += 90
    x = LATENCIES[0]
    for name, color in LATENCY_MARKS:
        words = name.replace("999", "99.9")
        out += [f'<circle cx="{x + 5}" cy="{y - 4}" r="4.5" fill="{color}"/>', text(x + 15, y, words)]
        x += 80
    return out


def draw(heading, shapes, medians):
    out = [text(20, 28, heading, more='class="title"')] + legend(54)
    y = 70
    for shape, words in shapes.items():
        servers = medians[shape]
        out.append(text(20, y + 20, f"{shape}: {words}", more='class="row"'))
        out += rates_panel(y + ABOVE, servers) + latencies_panel(y + ABOVE, servers)
        y += ABOVE + BAR * len(servers) + BELOW
    style = ("text { font: 12px sans-serif; fill: #222 } .title { font-size: 16px; font-weight: bold } "
             ".row { font-size: 13px; font-weight: bold } .axis { fill: #555 }")
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}">\n'
            f'<style>{style}</style>\n<rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join(out) + "\n</svg>\n")
