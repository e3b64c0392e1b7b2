// Draws readouts: kept channels at their places on the sensor, and wire bytes in their order.
// Nothing is filled in: a place that was not kept shows the plate's dotted ground.

/** Smallest cell side, in canvas pixels, that is drawn with a gap and a dot. */
const ROOMY = 5;

/** The canvas's own resolution: about twice what a card shows, in whole cells. */
const TARGET = 840;

export function decode(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

export function decodeInt32(base64) {
  const bytes = decode(base64);
  const view = new DataView(bytes.buffer);
  return Int32Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i, true));
}

function colour(element, name) {
  return getComputedStyle(element).getPropertyValue(name).trim();
}

function rgb(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

/** A grid of square cells on a canvas: an image of one pixel a cell, enlarged without smoothing. */
class Grid {
  constructor(canvas, columns, rows) {
    this.canvas = canvas;
    this.columns = columns;
    this.rows = rows;
    this.cell = Math.max(1, Math.floor(TARGET / columns));
    canvas.width = columns * this.cell;
    canvas.height = rows * this.cell;
    canvas.style.aspectRatio = `${columns} / ${rows}`;
    this.context = canvas.getContext("2d");
    this.image = new ImageData(columns, rows);
    this.small = document.createElement("canvas");
    this.small.width = columns;
    this.small.height = rows;
  }

  paint(ground) {
    const { context, canvas, small } = this;
    small.getContext("2d").putImageData(this.image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(ground, 0, 0);
    context.drawImage(small, 0, 0, canvas.width, canvas.height);
    if (this.cell >= ROOMY) {
      this.gaps();
    }
  }

  gaps() {
    const { context, canvas, cell, columns, rows } = this;
    const width = Math.max(1, Math.round(cell / 15));
    context.fillStyle = colour(canvas, "--empty");
    for (let column = 0; column <= columns; column++) {
      context.fillRect(column * cell - width / 2, 0, width, canvas.height);
    }
    for (let row = 0; row <= rows; row++) {
      context.fillRect(0, row * cell - width / 2, canvas.width, width);
    }
  }

  /** The ground under the cells: plain, or with a dot in the middle of every cell. */
  ground(dotted) {
    const { canvas, cell, columns, rows } = this;
    const ground = document.createElement("canvas");
    ground.width = canvas.width;
    ground.height = canvas.height;
    const context = ground.getContext("2d");
    context.fillStyle = colour(canvas, "--empty");
    context.fillRect(0, 0, ground.width, ground.height);
    if (dotted && cell >= ROOMY) {
      context.fillStyle = colour(canvas, "--empty-dot");
      const radius = cell / 9;
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          context.beginPath();
          context.arc((column + 0.5) * cell, (row + 0.5) * cell, radius, 0, 2 * Math.PI);
          context.fill();
        }
      }
    }
    return ground;
  }
}

/** The sensor's plate. */
export class SensorView {
  constructor(canvas) {
    this.canvas = canvas;
  }

  /** @param layout the layout event: geometry and places */
  arrange(layout) {
    this.layout = layout;
    this.places = decodeInt32(layout.places);
    this.grid = new Grid(this.canvas, layout.width, layout.height);
    this.recolour();
  }

  /** Takes the page's colours anew, as after a change between light and dark. */
  recolour() {
    if (!this.grid) {
      return;
    }
    this.ground = this.grid.ground(true);
    this.draw(null);
  }

  /** @param values one byte for each place, or null for an exposure still to come */
  draw(values) {
    const { data } = this.grid.image;
    const { channels } = this.layout;
    data.fill(0);
    if (values) {
      this.places.forEach((place, slot) => {
        const pixel = 4 * Math.floor(place / channels);
        if (channels < 3) {
          data.fill(values[slot], pixel, pixel + 3);
        } else {
          // A pixel of which only red was kept shows red alone; a fourth channel has no colour.
          data[pixel + Math.min(place % channels, 2)] = values[slot];
        }
        data[pixel + 3] = 255;
      });
    }
    this.grid.paint(this.ground);
  }
}

/** The bytes as they travel, in reading order; the colour is the byte's value, not a picture's. */
export class WireView {
  constructor(canvas) {
    this.canvas = canvas;
  }

  arrange(length) {
    // Wide and low, whatever the length: about thirteen columns to a row.
    const columns = Math.max(1, Math.min(length, Math.ceil(Math.sqrt(13 * length))));
    this.length = length;
    this.grid = new Grid(this.canvas, columns, Math.ceil(length / columns));
    this.recolour();
  }

  recolour() {
    if (!this.grid) {
      return;
    }
    this.ground = this.grid.ground(false);
    this.low = rgb(colour(this.canvas, "--wire-low"));
    this.high = rgb(colour(this.canvas, "--wire-high"));
    this.draw(null);
  }

  draw(values) {
    const { data } = this.grid.image;
    data.fill(0);
    for (let slot = 0; values && slot < this.length; slot++) {
      for (let part = 0; part < 3; part++) {
        const range = this.high[part] - this.low[part];
        data[4 * slot + part] = this.low[part] + (range * values[slot]) / 255;
      }
      data[4 * slot + 3] = 255;
    }
    this.grid.paint(this.ground);
  }
}
