"""Draws the screenshots of the samples from their own documents.

    python3 tools/screenshots.py            from assets/samples; needs lua5.4, chromium, pngquant and the Inter font
    python3 tools/screenshots.py note       only the scenes of that name

Those of a package lie in its folder; those that the store shows besides lie in listings/.

Each app is run with a scene of state.lua; what it put on the screen is filled into its RML, which chromium shows with the
app's RCSS. RCSS is near enough to CSS for that: dp become px, and an image decorator becomes a background.
"""

import html
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

samples = Path(__file__).resolve().parent.parent
width, height, scale = 360, 720, 2
scenes = [
    ("calculator", "brackets"),
    ("calculator", "percent-de"),
    ("calculator-update", "roots"),
    ("calculator-update", "percent-de"),
    ("notes", "list"),
    ("notes", "note-de"),
    ("weather", "today"),
    ("weather", "offline-de"),
    ("calculator-update", "percent", "listings/calculator"),
    ("notes", "note", "listings/notes"),
    ("weather", "offline", "listings/weather"),
]
reset = "html,body,div,span{margin:0;padding:0;border:0 solid}button,input,textarea{font:inherit;margin:0;border:0 solid;padding:0;outline:0;resize:none}::placeholder{color:inherit;opacity:.62}html{height:100%}"


def css_of(rcss: str, folder: Path) -> str:
    sprites = {}
    sheet = re.search(r"@spritesheet \w+ \{(.*?)\}", rcss, re.S)
    if sheet:
        image = (folder / re.search(r"src: (\S+);", sheet[1])[1]).resolve()
        for name, left in re.findall(r"([\w-]+): (\d+)px 0px 128px 128px;", sheet[1]):
            sprites[name] = f"background:url({image.as_uri()}) {int(left) // 128 * 100 / 8}% 0/900% 100%"
        rcss = rcss.replace(sheet[0], "")
    rcss = re.sub(r"decorator: image\(([\w-]+)\)", lambda found: sprites[found[1]], rcss)
    return re.sub(r"(\d)dp\b", r"\1px", rcss).replace("sans-serif", "Inter")


def filled(rml: str, lines: list[str]) -> str:
    for line in lines:
        name, what, value = line.split("\t", 2)
        opening = re.search(rf'<(\w+) id="{re.escape(name)}"[^>]*?(/?)>', rml)
        if not opening:
            continue
        tag = opening[0]
        if what == "text":
            end = rml.index(f"</{opening[1]}>", opening.end())
            rml = rml[: opening.end()] + html.escape(value) + rml[end:]
            continue
        changed = re.sub(rf' {what}="[^"]*"', "", tag)
        attribute = f' {what}="{html.escape(value)}"'
        rml = rml.replace(tag, re.sub(r"(/?)>$", lambda found: attribute + found[1] + ">", changed), 1)
    return rml


for app, scene, *elsewhere in scenes:
    if sys.argv[1:] and scene not in sys.argv[1:]:
        continue
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary) / "app"
        shutil.copytree(samples / app.removesuffix("-update"), work)
        if app.endswith("-update"):
            shutil.copytree(samples / app, work, dirs_exist_ok=True)
        state = subprocess.run(
            ["lua5.4", samples / "tools/state.lua", scene], cwd=work, check=True, capture_output=True, text=True
        ).stdout.splitlines()
        document = work / state[0]
        rml = filled(document.read_text(), state[1:])
        link = re.search(r'href="([^"]+)"', rml)[1]
        css = css_of((document.parent / link).read_text(), document.parent)
        body = re.search(r"<body>.*</body>", rml, re.S)[0]
        body = re.sub(r">\s+<", "><", body)
        page = work / "page.html"
        page.write_text(f"<!doctype html><meta charset=utf-8><style>{reset}{css}</style>{body}")
        target = samples / (elsewhere[0] if elsewhere else f"{app}/screenshots") / f"{scene}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        raw = work / "raw.png"
        subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files",
             f"--force-device-scale-factor={scale}", f"--window-size={width},{height}", f"--screenshot={raw}", page.as_uri()],
            check=True, capture_output=True,
        )
        subprocess.run(["pngquant", "--force", "--strip", "--quality=85-100", "--output", target, raw], check=True)
        print(target.relative_to(samples), target.stat().st_size)
