"""Writes sky.svg, the sprites of images/sky.png: nine pictures of 128 by 128 side by side."""

CLOUD = "M36 100a22 22 0 0 1-2-43.9A30 30 0 0 1 91 60a20.200 20.200 0 0 1-1 40z"
HIGH = '<g transform="translate(0 -14)">{}</g>'
white = f'<path d="{CLOUD}" fill="#fff"/>'
grey = f'<path d="{CLOUD}" fill="#d3e0ee"/>'


def sun(angles, transform=""):
    rays = "".join(f'<path d="M64 14v12" transform="rotate({angle} 64 64)"/>' for angle in angles)
    return (
        f'<g transform="{transform}"><circle cx="64" cy="64" r="26" fill="#ffc83d"/>'
        f'<g stroke="#ffc83d" stroke-width="8" stroke-linecap="round">{rays}</g></g>'
    )


def moon(transform=""):
    return f'<path d="M74 26A38 38 0 1 0 102 82A32 32 0 0 1 74 26z" fill="#ffe6a3" transform="{transform}"/>'


def strokes(paths, colour):
    return f'<g stroke="{colour}" stroke-width="8" stroke-linecap="round">{paths}</g>'


flakes = "".join(f'<circle cx="{x}" cy="{y}" r="5.5" fill="#fff"/>' for x, y in ((42, 102), (64, 112), (86, 102)))
pictures = [
    sun(range(0, 360, 45)),
    sun((-90, -45, 0, 45, 90), "translate(20 -6) scale(.82)") + f'<path d="{CLOUD}" fill="#fff"/>',
    f'<g transform="translate(24 -20) scale(.86)"><path d="{CLOUD}" fill="#9dbbd9"/></g>' + white,
    HIGH.format(grey).replace("-14", "-22") + strokes('<path d="M26 94h76M40 112h52"/>', "#d3e0ee"),
    HIGH.format(white) + strokes('<path d="M44 98l-6 16M66 98l-6 16M88 98l-6 16"/>', "#7cc4ff"),
    HIGH.format(white) + flakes,
    HIGH.format(grey) + '<path d="M68 78L48 104h14l-6 20 24-28H66l8-18z" fill="#ffc83d"/>',
    moon(),
    moon("translate(38 -10) scale(.72)") + white,
]
body = "".join(f'<g transform="translate({128 * place} 0)">{picture}</g>' for place, picture in enumerate(pictures))
print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {128 * len(pictures)} 128">{body}</svg>')
