// Follows the agent's events and keeps one card for each camera.

import { CameraCard } from "/camera.js";

/** Three missed heartbeats of the agent. */
const SILENCE_MS = 15_000;
const RETRY_MS = 2_000;

const cameras = document.getElementById("cameras");
const nobody = document.getElementById("nobody");
const lost = document.getElementById("lost");
const stream = document.getElementById("stream");
const streamText = document.getElementById("stream-text");
const pause = document.getElementById("pause");

const cards = new Map();
/** Newest events that are not drawn yet: device, then kind of event. */
const pending = new Map();
let paused = false;
let frame = 0;
let source = null;
let silence = 0;

function tellStream(state) {
  if (stream.dataset.state !== state) {
    stream.dataset.state = state;
    streamText.textContent = { connecting: "Connecting", live: "Live", lost: "Connection lost" }[state];
  }
  lost.hidden = state !== "lost";
  document.body.classList.toggle("page-stale", state === "lost");
}

function heard() {
  clearTimeout(silence);
  silence = setTimeout(() => {
    tellStream("lost");
    connect();
  }, SILENCE_MS);
}

function cardOf(device) {
  let card = cards.get(device);
  if (!card) {
    card = new CameraCard(device);
    cards.set(device, card);
    cameras.append(card.element);
    nobody.hidden = true;
  }
  return card;
}

function keepOnly(devices) {
  for (const [device, card] of cards) {
    if (!devices.includes(device)) {
      card.remove();
      cards.delete(device);
      pending.delete(device);
    }
  }
  nobody.hidden = devices.length > 0;
}

function draw() {
  frame = 0;
  for (const [device, news] of pending) {
    const card = cardOf(device);
    if (news.state) {
      card.showState(news.state);
    }
    if (news.layout) {
      card.showLayout(news.layout);
    }
    if (news.answer) {
      card.showAnswer(news.answer);
    }
  }
  pending.clear();
}

function schedule() {
  if (!paused && frame === 0) {
    frame = requestAnimationFrame(draw);
  }
}

function take(kind, message) {
  const news = pending.get(message.device) ?? {};
  news[kind] = message;
  if (kind === "layout") {
    delete news.answer;
  }
  pending.set(message.device, news);
  schedule();
}

function connect() {
  source?.close();
  const opened = new EventSource("/events");
  source = opened;
  heard();
  const on = (kind, action) =>
    opened.addEventListener(kind, (event) => {
      heard();
      tellStream("live");
      action(JSON.parse(event.data));
    });
  on("cameras", ({ devices }) => keepOnly(devices));
  on("heartbeat", () => {});
  for (const kind of ["state", "layout", "answer"]) {
    on(kind, (message) => take(kind, message));
  }
  opened.addEventListener("error", () => {
    if (source !== opened) {
      return;
    }
    tellStream("lost");
    // A refused stream is not retried by the browser; a broken one is.
    if (opened.readyState === EventSource.CLOSED) {
      clearTimeout(silence);
      silence = setTimeout(connect, RETRY_MS);
    }
  });
}

pause.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? "Resume" : "Pause";
  schedule();
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const card of cards.values()) {
    card.fit();
  }
});

connect();
