// The page of the timeline's bench: the real timeline and a canvas with one fillRect a bar, over the same model. It
// times what it is asked for and knows no target.

import { BarKind, type Model } from '../../shared/model/model.ts';
import { metricsFor } from '../../renderer/timeline/layout.ts';
import { trackOf } from '../../renderer/timeline/bars.ts';
import { TimelineView, type ViewState } from '../../renderer/timeline/view.ts';
import { bigModel } from '../renderer/story-fixture.ts';

const WIDTH = 1440;
/** All rows of 41 connections are in view. */
const CONNECTIONS = 41;
const HEIGHT = 28 + 48 + CONNECTIONS * 22;
/** Frames of one round: the figure is their median. */
const FRAMES = 7;

/** Waits for what a canvas was told to draw: reading a pixel back does. */
function flush(canvas: HTMLCanvasElement): void {
  canvas.getContext('2d')!.getImageData(0, 0, 1, 1);
}

function freshCanvas(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  document.body.replaceChildren(canvas);
  return canvas;
}

let model: Model;
let state: ViewState;

/** Milliseconds that a frame takes: what `ask` puts into the next frame, and until it is in the canvas. */
function frameOf(canvas: HTMLCanvasElement, ask: () => void): Promise<number> {
  return new Promise((resolve) => {
    let started = 0;
    // Callbacks of one frame run in the order in which they were asked for: clock, drawing, clock.
    requestAnimationFrame(() => {
      started = performance.now();
    });
    ask();
    requestAnimationFrame(() => {
      flush(canvas);
      resolve(performance.now() - started);
    });
  });
}

async function medianFrame(canvas: HTMLCanvasElement, ask: (frame: number) => void): Promise<number> {
  const costs: number[] = [];
  for (let frame = 0; frame < FRAMES; frame++) costs.push(await frameOf(canvas, () => ask(frame)));
  return costs.sort((one, other) => one - other)[FRAMES >> 1]!;
}

/** A little to and fro, so that no frame can be a copy of the one before. */
function shift(frame: number): number {
  return frame % 2 === 0 ? 3 : -3;
}

function paintedView(canvas: HTMLCanvasElement): TimelineView {
  const nothing = (): void => {};
  const view = new TimelineView(canvas, state, {
    select: nothing,
    cut: nothing,
    follow: nothing,
    hover: nothing,
    point: nothing,
  });
  view.resize(WIDTH, HEIGHT, 1);
  return view;
}

/** The straightforward way: one rectangle a bar, one colour after the other. */
function rectangles(canvas: HTMLCanvasElement, from: number): void {
  const context = canvas.getContext('2d', { alpha: false })!;
  const { bars } = model;
  const metrics = metricsFor(CONNECTIONS);
  const scale = (WIDTH * 0.84) / model.endTime;
  context.fillStyle = '#0f1216';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  for (const [kind, colour] of [
    [BarKind.requestSent, '#5b9cf5'],
    [BarKind.requestReceived, '#2bb5a0'],
    [BarKind.responseSent, '#4cc38a'],
    [BarKind.responseReceived, '#4cc38a'],
  ] as const) {
    context.fillStyle = colour;
    const top = 28 + (trackOf(kind) === 'client' ? metrics.clientTrack : metrics.serverTrack);
    for (let bar = 0; bar < bars.length; bar++) {
      if (bars.kind[bar] !== kind) continue;
      const x = 196 + (bars.start[bar]! - from) * scale;
      const width = Math.max(1, (bars.end[bar]! - bars.start[bar]!) * scale);
      context.fillRect(x, top + (bars.connection[bar]! - 1) * metrics.height, width, metrics.trackHeight);
    }
  }
}

/** What the bench calls. */
const bench = {
  /** Returns how many bars the view covers. */
  load(bars: number): number {
    model = bigModel(bars, CONNECTIONS);
    state = {
      model,
      playhead: Infinity,
      live: false,
      selection: null,
      armed: [],
      filter: null,
      cutKind: 'rst',
      theme: 'dark',
    };
    return model.bars.length;
  },
  async frame(): Promise<number> {
    const canvas = freshCanvas();
    const view = paintedView(canvas);
    const cost = await medianFrame(canvas, (frame) => view.pan(shift(frame), 0));
    view.dispose();
    return cost;
  },
  firstPaint(): number {
    const canvas = freshCanvas();
    const started = performance.now();
    const view = paintedView(canvas);
    flush(canvas);
    const cost = performance.now() - started;
    view.dispose();
    return cost;
  },
  async frameOfRectangles(): Promise<number> {
    const canvas = freshCanvas();
    rectangles(canvas, 0);
    flush(canvas);
    return medianFrame(canvas, (frame) =>
      requestAnimationFrame(() => rectangles(canvas, shift(frame) * 1000)),
    );
  },
  firstPaintOfRectangles(): number {
    const canvas = freshCanvas();
    const started = performance.now();
    rectangles(canvas, 0);
    flush(canvas);
    return performance.now() - started;
  },
  /** How many pixels of the last canvas are not background: proof that something was drawn. */
  drawn(): number {
    const canvas = document.querySelector('canvas')!;
    const { data } = canvas.getContext('2d')!.getImageData(200, 28, WIDTH - 200, HEIGHT - 28 - 48);
    let found = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at + 1]! > 120) found++;
    return found;
  },
};

export type TimelineBench = typeof bench;
Object.assign(window, { timelineBench: bench });
