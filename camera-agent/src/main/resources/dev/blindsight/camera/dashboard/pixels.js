// Draws readouts: kept channels at their places on the sensor, and wire bytes in their order.
// Nothing is filled in: a place that was not kept shows the plate's dotted ground.

/** Smallest cell side, in screen pixels, that is drawn with a gap, a dot and an outline. */
const ROOMY = 5;

export function decode(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function decodeInt32(base64) {
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

function layer(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

/**
 * A grid of square cells on a canvas: an image of one pixel a cell, enlarged without smoothing.
 * Roomy cells are a whole number of screen pixels wide, so that all are alike. Below and above the
 * image lie two layers that change only with size and colours.
 */
class Grid {
  /**
   * @param canvas the canvas, alone in its plate
   * @param columns cells in a row
   * @param rows rows
   * @param occupied the indices of the cells that ever hold a value
   * @param dotted whether an empty cell shows a dot
   */
  constructor(canvas, columns, rows, occupied, dotted) {
    this.canvas = canvas;
    this.plate = canvas.parentElement;
    this.columns = columns;
    this.rows = rows;
    this.occupied = occupied;
    this.dotted = dotted;
    this.context = canvas.getContext("2d");
    this.image = new ImageData(columns, rows);
    this.small = layer(columns, rows);
    this.plate.style.aspectRatio = `${columns} / ${rows}`;
    this.fit();
  }

  /** Takes size and colours anew from the page. */
  fit() {
    const { canvas, columns, rows } = this;
    const available = Math.floor(this.plate.clientWidth * devicePixelRatio);
    const cell = Math.floor(available / columns);
    this.cell = cell < ROOMY ? 0 : cell;
    // More cells than screen pixels: every cell is drawn, and the browser blends what falls together.
    canvas.width = this.cell > 0 ? columns * cell : Math.max(columns, available);
    canvas.height = Math.round((canvas.width * rows) / columns);
    canvas.style.width = `${Math.min(canvas.width, available) / devicePixelRatio}px`;
    this.ground = this.drawGround();
    this.rim = this.drawRim();
    this.paint();
  }

  paint() {
    const { context, canvas, small } = this;
    small.getContext("2d").putImageData(this.image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.ground, 0, 0);
    context.drawImage(small, 0, 0, canvas.width, canvas.height);
    context.drawImage(this.rim, 0, 0);
  }

  drawGround() {
    const { canvas, cell, columns, rows } = this;
    const ground = layer(canvas.width, canvas.height);
    const context = ground.getContext("2d");
    context.fillStyle = colour(canvas, "--empty");
    context.fillRect(0, 0, ground.width, ground.height);
    if (this.dotted && cell > 0) {
      const side = Math.max(1, Math.round(cell / 5));
      const inset = Math.floor((cell - side) / 2);
      context.fillStyle = colour(canvas, "--empty-dot");
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          context.fillRect(column * cell + inset, row * cell + inset, side, side);
        }
      }
    }
    return ground;
  }

  /** What sets a cell off from its neighbours: a gap on two sides and a thin outline. */
  drawRim() {
    const { canvas, cell, columns } = this;
    const rim = layer(canvas.width, canvas.height);
    if (cell === 0) {
      return rim;
    }
    const context = rim.getContext("2d");
    const gap = Math.max(1, Math.round(cell / 16));
    const line = Math.max(1, Math.round(cell / 20));
    context.lineWidth = line;
    context.strokeStyle = colour(canvas, "--cell-rim");
    context.fillStyle = colour(canvas, "--empty");
    for (const index of this.occupied) {
      const x = (index % columns) * cell;
      const y = Math.floor(index / columns) * cell;
      const side = cell - gap;
      context.fillRect(x + side, y, gap, cell);
      context.fillRect(x, y + side, cell, gap);
      context.strokeRect(x + line / 2, y + line / 2, side - line, side - line);
    }
    return rim;
  }
}

/** The sensor's plate. */
export class SensorView {
  constructor(canvas) {
    this.canvas = canvas;
  }

  /** @param layout the layout event: geometry and places */
  arrange(layout) {
    this.channels = layout.channels;
    this.places = decodeInt32(layout.places);
    const occupied = new Set(Array.from(this.places, (place) => Math.floor(place / this.channels)));
    this.grid = new Grid(this.canvas, layout.width, layout.height, occupied, true);
  }

  fit() {
    this.grid?.fit();
  }

  /** @param values one byte for each place */
  draw(values) {
    const { data } = this.grid.image;
    data.fill(0);
    this.places.forEach((place, slot) => {
      const pixel = 4 * Math.floor(place / this.channels);
      if (this.channels < 3) {
        data.fill(values[slot], pixel, pixel + 3);
      } else {
        // A pixel of which only red was kept shows red alone; a fourth channel has no colour.
        data[pixel + Math.min(place % this.channels, 2)] = values[slot];
      }
      data[pixel + 3] = 255;
    });
    this.grid.paint();
  }
}

/** The bytes as they travel, in reading order; the colour is the byte's value, not a picture's. */
export class WireView {
  constructor(canvas) {
    this.canvas = canvas;
  }

  arrange(length) {
    const columns = columnsFor(length);
    const rows = Math.ceil(length / columns);
    this.grid = new Grid(this.canvas, columns, rows, [...Array(length).keys()], false);
    this.recolour();
  }

  fit() {
    if (this.grid) {
      this.recolour();
      this.grid.fit();
    }
  }

  recolour() {
    this.low = rgb(colour(this.canvas, "--wire-low"));
    this.high = rgb(colour(this.canvas, "--wire-high"));
  }

  draw(values) {
    const { data } = this.grid.image;
    data.fill(0);
    values.forEach((value, slot) => {
      for (let part = 0; part < 3; part++) {
        data[4 * slot + part] = this.low[part] + ((this.high[part] - this.low[part]) * value) / 255;
      }
      data[4 * slot + 3] = 255;
    });
    this.grid.paint();
  }
}

/** Wide and low, about nine columns to a row, with the fewest cells left over. */
function columnsFor(length) {
  const ideal = Math.max(1, Math.round(Math.sqrt(9 * length)));
  let best = ideal;
  let fewest = Infinity;
  for (let columns = Math.max(1, Math.ceil(0.8 * ideal)); columns <= 1.2 * ideal + 1; columns++) {
    const leftOver = Math.ceil(length / columns) * columns - length;
    if (leftOver < fewest) {
      best = columns;
      fewest = leftOver;
    }
  }
  return Math.min(best, length);
}
