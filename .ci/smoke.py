#!/usr/bin/env python3
"""Uses the product as a person would, through ./blindsight, and judges what it prints.

Needs a Python 3 and nothing else. Ends with exit code 1 at the first thing that is not as it should be.
"""

import gzip
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
VECTORS = ROOT / "protocol/src/test/resources/dev/blindsight/protocol/readout/corenet-masks.json"
PERMUTATION = ROOT / "camera-agent/src/test/resources/dev/blindsight/camera/cli/corenet-permutation.json"
PICTURES = ROOT / "camera-agent/src/main/resources/dev/blindsight/camera/demo/first-400-images-idx3-ubyte.gz"
REFERENCE = ROOT / "trainer/src/test/resources/reference/small_k4_w16_h2"
SIDE = 28
LONGEST_RUN_SECONDS = 300


def blindsight(*arguments):
    return subprocess.run(
        [str(ROOT / "blindsight"), *map(str, arguments)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LONGEST_RUN_SECONDS)


def expect(condition, what):
    if not condition:
        sys.exit(f"smoke test: {what}")


def answer(*arguments):
    """The JSON of the last line on standard output of a command that succeeds."""
    run = blindsight(*arguments)
    expect(run.returncode == 0, f"{arguments} exited {run.returncode}: {run.stderr[-2000:]}")
    return json.loads(run.stdout.splitlines()[-1])


def refusal(*arguments):
    """The one line on standard error of a command that refuses its input."""
    run = blindsight(*arguments)
    lines = run.stderr.splitlines()
    expect(run.returncode == 2, f"{arguments} exited {run.returncode}, not 2: {run.stderr[-2000:]}")
    expect(len(lines) == 1 and not run.stdout, f"{arguments} said more than one line: {run.stdout}{run.stderr}")
    return lines[0]


def check_help():
    overview = blindsight("--help").stdout
    commands = [line.split()[0] for line in overview.splitlines() if line.startswith("  ") and "--help" not in line]
    expect(len(commands) >= 10, f"--help lists {commands}")
    for command in commands:
        run = blindsight(command, "--help")
        expect(run.returncode == 0 and command in run.stdout, f"{command} --help: {run.stdout}{run.stderr}")
    return f"{len(commands)} commands explain themselves"


def check_masks():
    vectors = json.loads(VECTORS.read_text())["masks"]
    for vector in vectors:
        mask = answer("mask", "--elements", vector["elements"], "--keep", vector["keep"], "--json")
        expected = {key: vector[key] for key in ("elements", "kept", "sha256")}
        expect(mask == expected, f"mask is {mask}, the reference is {expected}")
    expect(answer("permutation", "--json") == json.loads(PERMUTATION.read_text()), "permutation differs from the reference")
    return f"{len(vectors)} masks and the permutation equal the reference"


def check_demo():
    score = answer("demo", "--headless", "--readouts", 400, "--port", 0, "--json")
    for key in ("readouts", "answered", "local", "remote", "lost", "duplicated", "accuracy", "p50_ms", "p99_ms"):
        expect(key in score, f"demo's last line has no {key}: {score}")
    expect(score["answered"] == 400 and score["lost"] == 0, f"demo lost readouts: {score}")
    expect(score["local"] > 0 and score["remote"] > 0, f"demo used one route only: {score}")
    expect(score["accuracy"] >= 0.78, f"demo recognises too little: {score}")
    return f"demo: {json.dumps(score)}"


def pictures(count):
    with gzip.open(PICTURES) as idx:
        idx.read(16)
        return [idx.read(SIDE * SIDE) for _ in range(count)]


def png(picture):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + picture[row * SIDE:(row + 1) * SIDE] for row in range(SIDE))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def check_classify(folder):
    channels_file = folder / "kept.i32le"
    answer("mask", "--elements", SIDE * SIDE, "--keep", 0.1, "--out", channels_file, "--json")
    channels = [position for (position,) in struct.iter_unpack("<i", channels_file.read_bytes())]
    table = answer("permutation", "--json")["table"]
    for number, picture in enumerate(pictures(3)):
        readout, image = folder / f"{number}.readout", folder / f"{number}.png"
        readout.write_bytes(bytes(table[picture[channel]] for channel in channels))
        image.write_bytes(png(picture))
        by_readout = answer("classify", "--model", "bundled", "--readout", readout, "--json")
        by_image = answer("classify", "--model", "bundled", "--image", image, "--json")
        expect(by_readout == by_image, f"picture {number} and its readout disagree: {by_image} {by_readout}")
        probabilities = [candidate["probability"] for candidate in by_image["top"]]
        expect(probabilities == sorted(probabilities, reverse=True), f"top is not in order: {by_image}")
    return "a picture and its readout get the same answer"


def check_import(folder):
    """A published checkpoint becomes models that answer, and bench sets them side by side."""
    readout = REFERENCE / "input_307.u8.bin"
    cases = json.loads((REFERENCE / "expected.json").read_text())["cases"]
    expected = next(case["logits_fp64"] for case in cases if case["input"] == readout.name)
    models = {}
    for name, options in {"fp32": [], "naive": ["--graph", "naive"], "int8": ["--precision", "int8"]}.items():
        models[name] = folder / f"imported-{name}.onnx"
        answer("import-corenet", "--checkpoint", REFERENCE / "checkpoint.pt", "--heads", 2, "--window", 16,
               "--shifts", "0,8,0,8", "--length", 307, *options, "--out", models[name], "--json")
        logits = answer("classify", "--model", models[name], "--readout", readout, "--json")["logits"]
        farthest = max(abs(a - b) for a, b in zip(logits, expected, strict=True))
        expect(farthest < (0.5 if name == "int8" else 1e-4), f"{name} logits differ by {farthest}")
    run = blindsight("bench", "--model", models["fp32"], models["int8"], "--baseline", models["naive"],
                     "--seconds", 1, "--json")
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    expect(run.returncode == 0 and len(lines) == 3, f"bench printed {run.stdout}{run.stderr}")
    expect([line["precision"] for line in lines] == ["fp32", "int8", "fp32"], f"bench compared {lines}")
    expect(lines[2]["ratio_to_baseline"] == 1, f"the baseline's ratio is {lines[2]}")
    return "an imported checkpoint gives the reference's logits, and bench compares it"


def check_remote(folder):
    """A secret, a worker's grant of it, and a short soak on the embedded broker with a kill of each."""
    secret, devices = folder / "hall.secret", folder / "devices"
    expect(blindsight("provision", "secret", "--out", secret).returncode == 0, "no secret was made")
    answer("provision", "grant", "--secret", secret, "--site", "home", "--device", "hall", "--out", devices, "--json")
    grant = json.loads((devices / "home" / "hall.json").read_text())
    expect(secret.read_text().strip() not in json.dumps(grant), "the grant holds the device's secret")
    account = answer("soak", "--broker", "embedded", "--readouts", 90, "--cameras", 3, "--rate", 30,
                     "--kill-broker", 1, "--kill-worker", 1, "--kill-agent", 1, "--json")
    kept = [account[key] for key in ("readouts", "answered", "lost", "wrong", "refused")]
    expect(kept == [90, 90, 0, 0, 0], f"the soak's account is {account}")
    return "a device is provisioned, and a soak with kills loses nothing"


def check_sensors(folder):
    kinds = [json.loads(line) for line in blindsight("sensor", "list", "--json").stdout.splitlines()]
    levels = {kind["name"]: kind["guarantee"] for kind in kinds}
    expect(levels.get("mlx90640") == "addressed" and levels.get("replay") == "frame_in_driver", f"sensor list: {levels}")
    video = folder / "scene.mkv"
    subprocess.run(
        ["ffmpeg", "-hide_banner", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=20",
         "-c:v", "mjpeg", str(video)], check=True)
    played = answer("demo", "--source", video, "--headless", "--readouts", "200", "--json")
    expect(played["answered"] == 200 and played["lost"] == 0, f"demo of a video: {played}")
    config = folder / "camera.yaml"
    config.write_text(
        "site: home\ndevice: hall\nbroker: mqtt://127.0.0.1:1883\nmodel: bundled\n"
        f'sensor: {{source: "replay:{video}?loop=true"}}\n')
    checked = answer("sensor", "check", "--config", config, "--seconds", "2", "--json")
    expect(checked["heap"]["verdict"] == "no_frame", f"sensor check: {checked}")
    config.write_text(config.read_text().replace('"}', '", minimum_guarantee: undriven}'))
    line = refusal("sensor", "check", "--config", config)
    expect("minimum_guarantee" in line and "frame_in_driver" in line, f"below the minimum: {line}")
    return f"{len(kinds)} kinds of sensors; a video at {checked['exposures_per_second']:.0f} exposures a second leaves no frame in the heap"


def check_refusals(folder):
    short = folder / "short.readout"
    short.write_bytes(bytes(77))
    corrupt = folder / "corrupt.onnx"
    corrupt.write_bytes(b"not a model")
    mistakes = [
        (("classify", "--model", "bundled", "--readout", short, "--json"), "77"),
        (("classify", "--model", corrupt, "--readout", short, "--json"), corrupt.name),
        (("classify", "--model", "bundled", "--image", corrupt, "--json"), corrupt.name),
        (("mask", "--elements", 784, "--keep", 0), "keep"),
        (("mask", "--elements", 784, "--keep", 1.5), "keep"),
        (("train", "--recipe", folder / "absent.yaml", "--out", folder / "run"), "absent.yaml"),
    ]
    for arguments, named in mistakes:
        line = refusal(*arguments)
        expect(named in line, f"{arguments} does not name {named}: {line}")
    return f"{len(mistakes)} mistakes are refused in one line each"


def main():
    print("smoke test:", check_help(), flush=True)
    print("smoke test:", check_masks(), flush=True)
    print("smoke test:", check_demo(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        print("smoke test:", check_classify(pathlib.Path(folder)), flush=True)
        print("smoke test:", check_import(pathlib.Path(folder)), flush=True)
        print("smoke test:", check_remote(pathlib.Path(folder)), flush=True)
        print("smoke test:", check_sensors(pathlib.Path(folder)), flush=True)
        print("smoke test:", check_refusals(pathlib.Path(folder)), flush=True)


if __name__ == "__main__":
    main()
