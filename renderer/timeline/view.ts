// The timeline without React: it owns the canvas, the viewport and what is hovered, listens to the model, and draws in
// a frame when one of them changed. It changes nothing but itself; what the user wants goes out through callbacks.

import type { CutKind } from '../../shared/capture/records.ts';
import type { ArmedFault } from '../../shared/contract.ts';
import type { Matcher } from '../../shared/filter/matcher.ts';
import type { Model } from '../../shared/model/model.ts';
import type { Band } from './band.ts';
import { Brush } from './brush.ts';
import { Camera, type Subject } from './camera.ts';
import { clickAction, clickedOn, exchangeAt } from './clicking.ts';
import { count } from './format.ts';
import { frames } from './frames.ts';
import { type Hit, hit } from './hit.ts';
import { type GrowingLayout, GUTTER_WIDTH, RULER_HEIGHT, layoutRows, rowAt } from './layout.ts';
import { Minimap, NOW_AND_THEN } from './minimap.ts';
import { Painter } from './painter.ts';
import { minimapBox, rowsHeight } from './picture.ts';
import { readPalette } from './palette.ts';
import { SessionClock } from './clock.ts';
import { type Places, eventBeside, rowBeside, rowOf } from './selecting.ts';
import { RowsIndex } from './rows.ts';
import { buildScene } from './scene.ts';
import type { Scene } from './shapes.ts';
import { timeLabel, timeStep } from './ticks.ts';
import type { CutTarget, Selection } from './types.ts';
import { stretchOf } from './stretch.ts';
import { type Extent, timeToX, xToTime } from './viewport.ts';

/** What the view is told by its owner. */
export interface ViewState {
  readonly model: Model;
  readonly playhead: number;
  readonly live: boolean;
  readonly selection: Selection | null;
  readonly armed: readonly ArmedFault[];
  readonly cutKind: CutKind;
  readonly filter: Matcher | null;
  readonly theme: string;
}

/** What the pointer is over, and where (CSS pixels from the canvas's corner). */
export interface Hovered {
  readonly hit: Hit;
  readonly x: number;
  readonly y: number;
}

export interface ViewCallbacks {
  readonly select: (selection: Selection | null) => void;
  readonly cut: (target: CutTarget) => void;
  readonly follow: (following: boolean) => void;
  readonly hover: (hovered: Hovered | null) => void;
  /** The pointer came to an exchange, or left it: null. */
  readonly point: (exchange: number | null) => void;
}

/** The axis of a session without events, in nanoseconds. */
const UNUSED = 5e9;
/** A session that began to speak later than this is shown from its first event on, in nanoseconds. */
const LEAD = 1e9;

const CUT_WORDS = { rst: 'RST', fin: 'FIN', stall: 'silence' } as const;

export class TimelineView {
  readonly #canvas: HTMLCanvasElement;
  readonly #callbacks: ViewCallbacks;
  readonly #brush: Brush;
  readonly #painter: Painter;
  readonly #minimap = new Minimap();
  #later: ReturnType<typeof setTimeout> | undefined;
  #state: ViewState;
  #index = new RowsIndex();
  #layout: GrowingLayout;
  #scene: Scene | null = null;
  readonly #camera: Camera;
  #scrollTop = 0;
  #collapsed = new Set<number>();
  #layoutOf = '';
  #layoutFor: Matcher | null = null;
  #pointer: { readonly x: number; readonly y: number; readonly alt: boolean } | null = null;
  #hovered: Hovered | null = null;
  #band: Band | null = null;
  /** The exchange that this view has told that the pointer is on, and the one that is to be lit. */
  #told: number | null = null;
  #lit: number | null = null;
  #clock = new SessionClock();
  #drawnNow = NaN;
  #stale = true;

  constructor(canvas: HTMLCanvasElement, state: ViewState, callbacks: ViewCallbacks) {
    this.#canvas = canvas;
    this.#state = state;
    this.#callbacks = callbacks;
    this.#brush = new Brush(canvas, readPalette(canvas));
    this.#painter = new Painter(this.#brush, this.#minimap);
    this.#layout = layoutRows(state.model, this.#index, this.#collapsed);
    this.#camera = new Camera((following) => callbacks.follow(following));
  }

  dispose(): void {
    frames.cancel(this.#draw);
    clearTimeout(this.#later);
  }

  update(state: ViewState): void {
    const before = this.#state;
    this.#state = state;
    if (state.model !== before.model) this.#restart();
    if (state.theme !== before.theme) this.#brush.repaint(readPalette(this.#canvas));
    if (state.selection !== before.selection && state.selection !== null) this.#show(state.selection);
    this.changed();
  }

  /** There is more to draw: the model was folded, or a prop changed. */
  changed(): void {
    this.#stale = true;
    frames.request(this.#draw);
  }

  resize(width: number, height: number, ratio: number): void {
    this.#brush.resize(width, height, ratio);
    this.#camera.resize(this.#brush.width - GUTTER_WIDTH);
    // A resized canvas is blank: it is drawn before the page is.
    this.#stale = true;
    this.#draw();
  }

  get following(): boolean {
    return this.#camera.following;
  }

  /** About `x` of the plot, in CSS pixels; its middle without. */
  zoom(factor: number, x = this.#camera.viewport.width / 2): void {
    this.#camera.zoom(factor, x, this.#subject());
    this.changed();
  }

  fit(): void {
    this.#camera.mode = 'fit';
    this.changed();
  }

  follow(on: boolean): void {
    this.#camera.mode = on ? 'follow' : 'free';
    this.changed();
  }

  /** Selects the next (1) or previous (−1) event of the selected row; without one, a row. */
  step(by: 1 | -1): void {
    const next = eventBeside(this.#places(), this.#state.selection, by, this.#state.playhead);
    if (next === 'no row') this.row(by);
    else if (next !== null) this.#callbacks.select(next);
  }

  /** Selects the row below (1) or above (−1). */
  row(by: 1 | -1): void {
    const next = rowBeside(this.#places(), this.#state.selection, by);
    if (next !== null) this.#callbacks.select(next);
  }

  /** Hides or shows the rows of the selected operation. */
  toggle(operation: number): void {
    if (!this.#collapsed.delete(operation)) this.#collapsed.add(operation);
    this.#layoutOf = '';
    this.changed();
  }

  /** The pointer moved; null: it left. CSS pixels from the canvas's corner. */
  point(pointer: { readonly x: number; readonly y: number; readonly alt: boolean } | null): void {
    this.#pointer = pointer;
    const before = this.#hovered;
    this.#rehover();
    // The scissors are drawn, so they move with the pointer.
    if (before?.hit.kind === 'live' || this.#hovered?.hit.kind === 'live') this.changed();
  }

  /** Lights an exchange that is pointed at, here or elsewhere; null: none. */
  light(exchange: number | null): void {
    if (exchange === this.#lit) return;
    this.#lit = exchange;
    this.changed();
  }

  /** What is at a point. */
  at(x: number, y: number): Hit {
    const inRows = y - RULER_HEIGHT;
    if (this.#scene === null || inRows < 0 || inRows > rowsHeight(this.#brush.height))
      return { kind: 'nothing' };
    if (x < GUTTER_WIDTH) {
      const row = this.#layout.rows[rowAt(this.#layout, inRows + this.#scrollTop)];
      return row === undefined || row.top > inRows + this.#scrollTop
        ? { kind: 'nothing' }
        : { kind: 'row', row };
    }
    return hit(
      {
        scene: this.#scene,
        model: this.#state.model,
        index: this.#index,
        viewport: this.#camera.viewport,
        metrics: this.#layout.metrics,
      },
      x - GUTTER_WIDTH,
      inRows,
    );
  }

  /** A click: what it means is decided in clicking.ts. */
  click(found: Hit, x: number, alt: boolean): void {
    const action = clickAction(this.#state.model, found, {
      inGutter: x < GUTTER_WIDTH,
      onChevron: x < 24,
      alt,
    });
    switch (action.kind) {
      case 'cut':
        this.#callbacks.cut(action.target);
        return;
      case 'select':
        this.#callbacks.select(action.selection);
        return;
      case 'toggle':
        this.toggle(action.operation);
        return;
      case 'nothing':
        return;
    }
  }

  /** A double click shows what it is on as wide as it fits; on the time axis, all there is. */
  enlarge(found: Hit, y: number): void {
    const target = clickedOn(this.#state.model, found);
    if (target !== null) this.#enlarge(target);
    else if (y < RULER_HEIGHT) this.fit();
  }

  zoomToSelection(): boolean {
    const { selection } = this.#state;
    return selection !== null && this.#enlarge(selection);
  }

  #enlarge(selection: Selection): boolean {
    const stretch = stretchOf(this.#state.model, selection, this.#now());
    if (stretch === null) return false;
    this.#show(selection);
    this.#camera.enlarge(stretch, this.#extent());
    this.changed();
    return true;
  }

  /** The band that a drag has drawn so far; CSS pixels from the canvas's corner. */
  band(band: { readonly from: number; readonly to: number } | null): void {
    const { viewport } = this.#camera;
    const within = (x: number): number => Math.min(Math.max(x - GUTTER_WIDTH, 0), viewport.width);
    if (band === null) this.#band = null;
    else {
      const [from, to] = [within(band.from), within(band.to)];
      this.#band = { from, to, nanoseconds: (Math.abs(to - from) / viewport.width) * viewport.span };
    }
    this.changed();
  }

  /** Shows the time that the band covers, and nothing else. */
  zoomToBand(): void {
    const band = this.#band;
    if (band === null) return;
    this.#band = null;
    const { viewport } = this.#camera;
    const first = xToTime(viewport, Math.min(band.from, band.to));
    this.#camera.show({ first, last: first + band.nanoseconds }, this.#extent());
    this.changed();
  }

  /** Moves what is shown, in CSS pixels: right and down are positive. */
  pan(dx: number, dy: number): void {
    if (dx !== 0) this.#camera.pan(dx, this.#extent());
    this.#scrollTop += dy;
    this.changed();
  }

  /** There are more rows than fit. */
  get scrolls(): boolean {
    return this.#layout.height > rowsHeight(this.#brush.height);
  }

  inMinimap(x: number, y: number): boolean {
    const box = minimapBox(this.#brush.width, this.#brush.height);
    return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
  }

  /** Centres the view on a place of the minimap. */
  moveTo(x: number): void {
    const box = minimapBox(this.#brush.width, this.#brush.height);
    const extent = this.#extent();
    const share = (x - box.x - 4) / (box.width - 8);
    this.#camera.centre(extent.first + share * (extent.last - extent.first), extent);
    this.changed();
  }

  zoomAt(factor: number, x: number): void {
    this.zoom(factor, x - GUTTER_WIDTH);
  }

  readonly #draw = (): void => {
    if (this.#brush.width <= 1) return;
    const { model, playhead, live } = this.#state;
    const now = this.#now();
    const moving = this.#clock.moving(model, live && playhead === Infinity);
    // Between events only the line of the present moves: draw when it has come half a pixel further.
    const shift = Math.abs(
      timeToX(this.#camera.viewport, now) - timeToX(this.#camera.viewport, this.#drawnNow),
    );
    if (!this.#stale && shift < 0.5) {
      if (moving) frames.request(this.#draw);
      return;
    }
    this.#stale = false;
    this.#drawnNow = now;
    this.#index.update(model);
    this.#relayout();
    this.#camera.advance(this.#subject());
    const view = rowsHeight(this.#brush.height);
    this.#scrollTop = Math.min(Math.max(this.#scrollTop, 0), Math.max(0, this.#layout.height - view));
    const scene = buildScene({
      model,
      index: this.#index,
      layout: this.#layout,
      viewport: this.#camera.viewport,
      scrollTop: this.#scrollTop,
      height: view,
      time: playhead,
      now,
      live: this.#state.live,
      selection: this.#state.selection,
      pointed: this.#lit,
      armed: this.#state.armed,
      filter: this.#state.filter,
      measure: (text, font) => this.#brush.measure(text, font === 'ui' ? 'strong' : 'mono'),
    });
    this.#scene = scene;
    this.#rehover();
    this.#paint(scene, now);
    if (moving) frames.request(this.#draw);
    if (this.#minimap.stale)
      this.#later ??= setTimeout(
        () => {
          this.#later = undefined;
          this.changed();
        },
        this.#minimap.made ? NOW_AND_THEN : 0,
      );
  };

  #paint(scene: Scene, now: number): void {
    const { model, playhead, live, selection, cutKind } = this.#state;
    const hovered = this.#hovered;
    const cutting = hovered?.hit.kind === 'live' && this.#pointer?.alt === false ? hovered.hit.zone : null;
    const tag =
      playhead === Infinity
        ? live
          ? 'live'
          : ''
        : timeLabel(
            playhead,
            timeStep(this.#camera.viewport, 8),
            this.#camera.viewport.from + this.#camera.viewport.span,
          );
    this.#painter.paint({
      model,
      filter: this.#state.filter,
      layout: this.#layout,
      scene,
      viewport: this.#camera.viewport,
      extent: this.#extent(),
      scrollTop: this.#scrollTop,
      time: playhead,
      now,
      tag: model.folded === 0 ? '' : tag,
      selection,
      scissors:
        cutting === null || hovered === null
          ? null
          : {
              x: hovered.x - GUTTER_WIDTH,
              y: hovered.y - RULER_HEIGHT,
              words: `${CUT_WORDS[cutKind]} at byte ${count(cutting.at)}`,
            },
      band: this.#band,
      clock: performance.now(),
    });
  }

  /** Another session: nothing of the old one is kept. */
  #restart(): void {
    this.#index = new RowsIndex();
    this.#collapsed = new Set();
    this.#layoutOf = '';
    this.#scrollTop = 0;
    this.#clock = new SessionClock();
    this.#hovered = null;
    this.#band = null;
    this.#scene = null;
    this.#camera.restart();
  }

  #relayout(): void {
    const { model, filter } = this.#state;
    const wanted = `${this.#index.version}|${model.operations.length}|${filter?.rowsVersion}`;
    if (wanted === this.#layoutOf && filter === this.#layoutFor) return;
    const isOfThis = this.#layoutOf !== '' && filter === this.#layoutFor;
    this.#layoutOf = wanted;
    this.#layoutFor = filter;
    const view = rowsHeight(this.#brush.height);
    const atBottom = this.#scrollTop >= this.#layout.height - view - 4;
    if (!isOfThis || !this.#layout.extend(model, this.#index))
      this.#layout = layoutRows(model, this.#index, this.#collapsed, filter);
    // Whoever looks at the newest row goes on looking at it.
    if (atBottom && this.following && this.#state.live) this.#scrollTop = this.#layout.height;
  }

  #extent(): Extent {
    const { model, live } = this.#state;
    // Before anything happened the axis shows what a short session takes.
    if (model.folded === 0) return { first: 0, last: UNUSED };
    // What the session says of itself comes before anything that is drawn.
    const spoke = Math.min(
      model.connections[0]?.openedAt ?? Infinity,
      model.operations[0]?.startedAt ?? Infinity,
    );
    const first = spoke > LEAD && spoke < Infinity ? spoke : 0;
    return { first, last: Math.max(model.endTime, live ? this.#now() : 0, first + 1000) };
  }

  #subject(): Subject {
    const { model, live, playhead } = this.#state;
    return {
      extent: this.#extent(),
      now: this.#now(),
      live,
      moving: this.#clock.moving(model, live && playhead === Infinity),
      newest: model.operations.at(-1)?.startedAt ?? 0,
    };
  }

  #now(): number {
    const { model, live, playhead } = this.#state;
    return playhead === Infinity ? this.#clock.now(model, live) : playhead;
  }

  #places(): Places {
    const { model, filter } = this.#state;
    return { model, index: this.#index, layout: this.#layout, filter };
  }

  /** Brings what another panel selected into view, without zooming. */
  #show(selection: Selection): void {
    const { model } = this.#state;
    const row = rowOf(this.#places(), selection);
    if (row !== undefined) {
      const view = rowsHeight(this.#brush.height);
      if (row.top < this.#scrollTop) this.#scrollTop = row.top;
      else if (row.top + row.height > this.#scrollTop + view) this.#scrollTop = row.top + row.height - view;
    }
    const time =
      selection.kind === 'event'
        ? model.events.columns.time[selection.id]
        : selection.kind === 'exchange'
          ? model.exchanges[selection.id]?.startedAt
          : undefined;
    if (time !== undefined) this.#camera.reveal(time, this.#extent());
  }

  #rehover(): void {
    const pointer = this.#pointer;
    const found = pointer === null ? null : this.at(pointer.x, pointer.y);
    const next = found === null || pointer === null ? null : { hit: found, x: pointer.x, y: pointer.y };
    this.#hovered = next;
    this.#callbacks.hover(next);
    const exchange = found === null ? null : exchangeAt(this.#state.model, found);
    if (exchange === this.#told) return;
    this.#told = exchange;
    this.#callbacks.point(exchange);
  }
}
