// One camera's card. Events only mark what is new; the drawing happens once a frame.

import { SensorView, WireView, decode } from "/pixels.js";

const NARROW_SPACE = "\u202f";
/** More than a line holds; what does not fit is cut between two bytes. */
const HEX_SHOWN = 64;
const SPEC_DIGITS = 12;
/** As many labels as the agent tells. */
const BARS = 5;

const STATES = {
  starting: "Starting",
  running: "Running",
  degraded: "Degraded",
  stopped: "Stopped",
};

function percent(fraction) {
  return `${(100 * fraction).toFixed(1)}${NARROW_SPACE}%`;
}

function whole(number) {
  return number.toLocaleString("en");
}

function milliseconds(value) {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(1)}${NARROW_SPACE}ms`;
}

function hex(bytes) {
  const shown = Array.from(bytes.subarray(0, HEX_SHOWN), (byte) => byte.toString(16).padStart(2, "0"));
  return shown.join(" ");
}

export class CameraCard {
  constructor(device) {
    this.device = device;
    const template = document.getElementById("camera").content.cloneNode(true);
    this.element = template.firstElementChild;
    this.parts = {};
    for (const part of this.element.querySelectorAll("[data-part]")) {
      this.parts[part.dataset.part] = part;
    }
    this.parts.device.textContent = device;
    this.element.dataset.device = device;
    this.element.setAttribute("aria-label", `Camera ${device}`);
    this.sensor = new SensorView(this.parts.sensor);
    this.wire = new WireView(this.parts.wire);
    this.bars = Array.from({ length: BARS }, () => this.addBar());
    this.resized = new ResizeObserver(() => this.fit());
    this.resized.observe(this.parts.sensor.parentElement);
  }

  showState({ state, detail }) {
    this.parts.state.textContent = STATES[state] ?? state;
    this.parts.state.dataset.state = state;
    this.parts.detail.textContent = detail;
    this.parts.detail.hidden = detail === "";
  }

  showLayout(layout) {
    const { parts } = this;
    this.layout = layout;
    this.answer = null;
    this.sensor.arrange(layout);
    this.wire.arrange(layout.kept);
    parts.share.textContent =
      `${whole(layout.kept)} of ${whole(layout.elements)} channels, ` +
      percent(layout.kept / layout.elements);
    parts.spec.textContent = layout.spec ? layout.spec.slice(0, SPEC_DIGITS) : "–";
    parts.spec.title = layout.spec ?? "";
    const { grade, level, meaning, caveat } = layout.guarantee;
    parts.grade.textContent = grade;
    parts.guarantee.dataset.grade = grade;
    parts.level.textContent = `Guarantee level ${grade}: ${level.replaceAll("_", " ")}`;
    parts.meaning.textContent = meaning;
    parts.caveat.textContent = caveat;
  }

  showAnswer(answer) {
    if (!this.layout || answer.layout !== this.layout.layout) {
      return;
    }
    this.answer = answer;
    this.element.dataset.waiting = "false";
    this.element.dataset.sequence = answer.sequence;
    this.drawPixels();
    this.writeLabel(answer);
    this.writeBars(answer.labels);
    this.writeRoute(answer.route);
    this.parts.latency.textContent = milliseconds(answer.latency_ms);
    this.parts.sequence.textContent = whole(answer.sequence);
    this.writeAccuracy(answer);
  }

  remove() {
    this.resized.disconnect();
    this.element.remove();
  }

  /** Takes sizes and colours anew from the page. */
  fit() {
    this.sensor.fit();
    this.wire.fit();
    if (this.answer) {
      this.drawPixels();
    }
  }

  drawPixels() {
    const { parts, answer } = this;
    const wire = decode(answer.wire);
    this.sensor.draw(decode(answer.kept));
    this.wire.draw(wire);
    parts.hex.textContent = hex(wire);
    parts.sensor.setAttribute(
      "aria-label",
      `Exposure ${answer.sequence}: ${parts.share.textContent}, drawn at their places; the rest is empty`,
    );
    parts.wire.setAttribute("aria-label", `${wire.length} permuted bytes`);
  }

  writeLabel({ labels, expected }) {
    const { label, truth } = this.parts;
    label.textContent = labels[0].label;
    label.title = labels[0].label;
    if (expected === undefined) {
      truth.dataset.verdict = "unknown";
      truth.textContent = "true label not known";
      return;
    }
    const right = expected === labels[0].label;
    truth.dataset.verdict = right ? "right" : "wrong";
    const verdict = document.createElement("b");
    verdict.textContent = right ? "✓ right" : "✗ wrong";
    truth.replaceChildren(verdict, `, true label ${expected}`);
  }

  writeBars(labels) {
    this.bars.forEach((bar, place) => {
      const { label = "", probability = 0 } = labels[place] ?? {};
      bar.item.classList.toggle("unused", label === "");
      bar.name.textContent = label;
      bar.percent.textContent = label === "" ? "" : percent(probability);
      bar.fill.style.width = `${100 * probability}%`;
    });
  }

  addBar() {
    const item = document.createElement("li");
    const [name, share, track, fill] = ["span", "span", "div", "div"].map((tag) =>
      document.createElement(tag),
    );
    name.className = "name";
    // Holds the line's height until there is a name.
    name.textContent = "\u00a0";
    share.className = "percent";
    track.className = "track";
    track.ariaHidden = "true";
    fill.className = "fill";
    track.append(fill);
    item.className = "unused";
    item.append(name, share, track);
    this.parts.bars.append(item);
    return { item, name, percent: share, fill };
  }

  writeRoute(route) {
    this.parts.route.dataset.route = route;
    this.parts.route.textContent = route;
    const bytes = `${whole(this.layout.kept)} permuted bytes`;
    const sent = route === "remote";
    this.parts["wire-figure"].dataset.sent = sent;
    this.parts["wire-note"].textContent = sent ? `${bytes}, sent to a worker` : `${bytes}, not sent`;
  }

  writeAccuracy({ answered, correct, expected }) {
    if (expected === undefined || answered === 0) {
      this.parts.accuracy.textContent = "not known";
      return;
    }
    const counts = document.createElement("small");
    counts.textContent = `${whole(correct)}/${whole(answered)}`;
    this.parts.accuracy.replaceChildren(`${percent(correct / answered)} `, counts);
  }
}
