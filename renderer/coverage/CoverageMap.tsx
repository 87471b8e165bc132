// The coverage map as a React component: which operation, the pointer and the keys of its scissors, and what is not
// drawn: title, legend, armed cuts to take back. The picture itself comes from map.ts and painter.ts.

import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { Scissors, X } from 'lucide-react';
import type { ArmedFault } from '../../shared/contract.ts';
import { type Breach, Breaches } from '../../shared/model/breaches.ts';
import { OperationState } from '../../shared/model/events.ts';
import type { Model, Operation } from '../../shared/model/model.ts';
import { markLines } from '../timeline/note-words.ts';
import { breachAt, type BreachMark } from '../timeline/breach-mark.ts';
import { count, shorten } from '../timeline/format.ts';
import type { CoverageMapProps } from '../timeline/types.ts';
import { useCanvas } from '../timeline/useCanvas.ts';
import { BreachButton } from '../ui/BreachButton.tsx';
import { PointedTip } from '../ui/PointedTip.tsx';
import { WholeOperation } from '../ui/WholeOperation.tsx';
import { byteAt, snapStep, writersOf } from './lanes.ts';
import {
  AXIS_HEIGHT,
  type CoveragePlan,
  LABELS_WIDTH,
  type Lane,
  mapped,
  newestMapped,
  planCoverage,
} from './map.ts';
import { type Aim, paintCoverage } from './painter.ts';
import { coverageSummary } from './summary.ts';
import '../ui/map-panel.css';
import './coverage.css';

/** What the pointer is over on a lane. */
interface Pointed {
  readonly writer: number | undefined;
  /** Row of the note that the pointer is on. */
  readonly note?: number;
  readonly lines: readonly string[];
  /** CSS pixels from the window's corner. */
  readonly x: number;
  readonly y: number;
  /** The words stand left of the pointer. */
  readonly left: boolean;
}

export function CoverageMap(props: CoverageMapProps): React.JSX.Element {
  const {
    model,
    operation: wanted,
    armed,
    playhead,
    theme,
    subscribe,
    pointed: shared,
    onArm,
    onDisarm,
  } = props;
  const breaches = useMemo(() => new Breaches(model), [model]);
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const plan = useRef<CoveragePlan>(null);
  const summary = useRef<HTMLSpanElement>(null);
  const [aim, setAim] = useState<Aim | null>(null);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [preferred, prefer] = useState<'upload' | 'download'>('upload');
  const operation = shownOperation(model, wanted);
  const which = operation === null ? null : mapped(operation);
  const download = which === 'download' || (which === 'both' && preferred === 'download');

  const redraw = useCanvas(host, canvas, theme, (brush) => {
    if (operation === null || which === null) {
      plan.current = null;
      if (summary.current !== null) tell(summary.current, '');
      brush.begin('bg1');
      return;
    }
    const made = planCoverage({
      model,
      operation,
      download,
      time: playhead,
      armed,
      pointed: shared.exchange(),
      breaches,
      width: brush.width,
      height: brush.height,
      measure: (text) => brush.measure(text, 'mono'),
    });
    plan.current = made;
    if (summary.current !== null) tell(summary.current, coverageSummary(made.coverage, playhead));
    paintCoverage(
      brush,
      made,
      aim === null ? null : { ...aim, x: (aim.byte / Math.max(1, made.length)) * made.columns },
    );
  });
  useEffect(() => subscribe(redraw), [subscribe, redraw]);
  useEffect(() => shared.subscribe(redraw), [shared, redraw]);
  const point = (next: Pointed | null): void => {
    const box = canvas.current?.getBoundingClientRect();
    setPointed(
      next === null || box === undefined ? null : { ...next, x: next.x + box.left, y: next.y + box.top },
    );
    shared.point(next?.writer ?? null);
  };

  const at = (event: PointerEvent): { x: number; y: number } => {
    const box = canvas.current!.getBoundingClientRect();
    return { x: event.clientX - box.left - LABELS_WIDTH, y: event.clientY - box.top };
  };
  const aimAt = (x: number): Aim | null => {
    const { current } = plan;
    if (current === null || current.length === 0 || current.download) return null;
    return { byte: byteAt(Math.min(Math.max(x, 0), current.columns), current.length, current.columns), x };
  };
  const move = (event: PointerEvent): void => {
    const { current } = plan;
    const { x, y } = at(event);
    if (current === null || x < -8 || x > current.columns + 8) {
      setAim(null);
      point(null);
      return;
    }
    const breach = event.buttons === 1 ? undefined : breachAt(current.breaches, x, y);
    if (breach !== undefined) {
      setAim(null);
      point(noted(model, current, breach));
      return;
    }
    const lane = current.lanes.find((lane) => y >= lane.y - 2 && y <= lane.y + lane.height + 2);
    if (lane === undefined || event.buttons === 1) {
      point(null);
      // Between the lanes nothing is aimed at: only the axis and the strip below cut.
      setAim(event.buttons === 1 || y < AXIS_HEIGHT || y > current.lanesEnd ? aimAt(x) : null);
      return;
    }
    setAim(null);
    const byte = Math.min(
      current.length - 1,
      Math.max(0, Math.floor((x / current.columns) * current.length)),
    );
    point(current.length === 0 ? null : pointedAt(model, current, lane, byte, playhead, x, y));
  };
  const up = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const { x, y } = at(event);
    // A touch, or a click in the frame of the move before it, aims where it is lifted.
    const { current } = plan;
    const outside = current !== null && (y < AXIS_HEIGHT || y > current.lanesEnd);
    const aimed = aim ?? (outside && x >= -8 && x <= current.columns + 8 ? aimAt(x) : null);
    if (aimed !== null) {
      if (aimed.byte > 0) onArm(aimed.byte);
      return;
    }
    if (pointed?.note !== undefined) props.onNote(pointed.note);
    else if (pointed?.writer !== undefined) props.onSelect({ kind: 'exchange', id: pointed.writer });
  };
  const key = (event: KeyboardEvent): void => {
    const { current } = plan;
    if (current === null || current.length === 0 || current.download || event.metaKey) return;
    const byte = movedByte(event, aim?.byte ?? Math.round(current.length / 2), current);
    if (byte !== null) setAim({ byte, x: 0 });
    else if (event.key === 'Enter' && aim !== null && aim.byte > 0) onArm(aim.byte);
    else if (event.key === 'Escape' && aim !== null) setAim(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const length =
    operation === null ? 0 : ((download ? operation.download : operation.upload).lengthAt(playhead) ?? 0);
  return (
    <section className="coverage map-panel" aria-label="Coverage">
      <header>
        <h2>Coverage</h2>
        <span ref={summary} className="map-summary" />
        {which === 'both' && (
          <span className="coverage-which" role="group" aria-label="Which representation">
            {(['upload', 'download'] as const).map((direction) => (
              <button
                key={direction}
                type="button"
                aria-pressed={(direction === 'download') === download}
                onClick={() => prefer(direction)}
              >
                {direction}
              </button>
            ))}
          </span>
        )}
      </header>
      <div ref={host} className="coverage-map">
        <canvas
          ref={canvas}
          aria-hidden="true"
          data-aiming={aim !== null || undefined}
          onPointerMove={move}
          onPointerDown={(event) => {
            if (aim !== null) canvas.current!.setPointerCapture(event.pointerId);
          }}
          onPointerUp={up}
          onPointerLeave={() => {
            setAim(null);
            point(null);
          }}
        />
        {which !== null && !download && (
          <div
            className="coverage-axis"
            role="slider"
            tabIndex={0}
            aria-label="Scissors on the byte axis: arrows move, Shift and Control move further, Enter arms a cut"
            aria-valuemin={0}
            aria-valuemax={length}
            aria-valuenow={aim?.byte ?? 0}
            aria-valuetext={aim === null ? 'not aimed' : `cut at byte ${count(aim.byte)}`}
            onKeyDown={key}
            onBlur={() => setAim(null)}
          />
        )}
        {which === null && <p className="coverage-empty">{emptyWords(model, operation, playhead)}</p>}
        {pointed !== null && (
          <PointedTip lines={pointed.lines} x={pointed.x} y={pointed.y} left={pointed.left} />
        )}
      </div>
      <footer>
        {which !== null && <Legend download={download} />}
        <BreachButton
          count={operation === null || download ? 0 : placed(breaches, operation.id).length}
          onShow={() => {
            const first = operation === null ? undefined : placed(breaches, operation.id)[0];
            if (first !== undefined) props.onNote(first.row);
          }}
        />
        {props.filtered && which !== null && <WholeOperation />}
        <Armed armed={armed} onDisarm={onDisarm} />
      </footer>
    </section>
  );
}

/** Writes a summary of parts in an element, each part whole; nothing when it says so already. */
function tell(element: HTMLElement, words: string): void {
  if (element.title === words) return;
  element.title = words;
  element.replaceChildren(
    ...words.split(' · ').map((part, place) => {
      const made = document.createElement('span');
      made.textContent = place === 0 ? part : ` · ${part}`;
      return made;
    }),
  );
}

function shownOperation(model: Model, wanted: number | null): Operation | null {
  return wanted === null ? newestMapped(model) : (model.operations[wanted] ?? null);
}

/** Arrows: a thousandth of the whole, rounded; Shift ten, Control a hundred times as far; Alt one byte. */
function movedByte(event: KeyboardEvent, from: number, plan: CoveragePlan): number | null {
  const unit = event.altKey ? 1 : snapStep(plan.length, 1000);
  const times = event.ctrlKey ? 100 : event.shiftKey ? 10 : 1;
  const within = (byte: number): number => Math.min(Math.max(byte, 0), plan.length);
  switch (event.key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return within(from - unit * times);
    case 'ArrowRight':
    case 'ArrowUp':
      return within(from + unit * times);
    case 'Home':
      return 0;
    case 'End':
      return plan.length;
    default:
      return null;
  }
}

/** The notes of an operation that have a place on its map. */
function placed(breaches: Breaches, operation: number): readonly Breach[] {
  return breaches.of(operation).filter((breach) => breaches.place(breach) !== null);
}

function Legend({ download }: { readonly download: boolean }): React.JSX.Element {
  const entries = ['sent', 'received', ...(download ? [] : ['acknowledged']), 'resent', 'cut'];
  const words: Record<string, string> = { resent: 'sent twice' };
  return (
    <ul className="coverage-legend">
      {entries.map((entry) => (
        <li key={entry} data-kind={entry}>
          <i data-kind={entry} aria-hidden="true" />
          {words[entry] ?? entry}
        </li>
      ))}
    </ul>
  );
}

function Armed(props: {
  readonly armed: readonly ArmedFault[];
  readonly onDisarm: (id: number) => void;
}): React.JSX.Element | null {
  const waiting = props.armed.filter((armed) => !armed.fired);
  if (waiting.length === 0) return null;
  return (
    <ul className="coverage-armed" aria-label="Armed cuts">
      {waiting.slice(0, 6).map(({ id, spec }) => (
        <li key={id}>
          <Scissors size={11} aria-hidden="true" />
          <span
            title={`${spec.cut.toUpperCase()}, ${spec.end} ${spec.direction}, byte of the ${spec.content ? 'representation' : 'connection'}`}
          >
            {count(spec.at)}
            {spec.content ? '' : ` ${spec.end} ${spec.direction}`}
          </span>
          <button
            type="button"
            aria-label={`Take back the cut at byte ${count(spec.at)}`}
            onClick={() => props.onDisarm(id)}
          >
            <X size={11} aria-hidden="true" />
          </button>
        </li>
      ))}
      {waiting.length > 6 && <li>and {waiting.length - 6} more</li>}
    </ul>
  );
}

function pointedAt(
  model: Model,
  plan: CoveragePlan,
  lane: Lane,
  byte: number,
  time: number,
  x: number,
  y: number,
): Pointed {
  const writers = writersOf(plan.coverage, lane.layer, time, byte);
  const how =
    writers.length === 0
      ? `not ${lane.name} so far`
      : lane.name + (['', '', ' twice'][writers.length] ?? ` ${count(writers.length)} times`);
  const by = writers.slice(0, 4).map((id) => {
    const exchange = model.exchanges[id];
    if (exchange === undefined) return '';
    return `${exchange.method} ${shorten(exchange.target, 32)} on connection ${exchange.connection}`;
  });
  return {
    writer: writers.at(-1),
    lines: [`byte ${count(byte)}`, how, ...by],
    x: x + LABELS_WIDTH,
    y,
    left: x > plan.columns / 2,
  };
}

function noted(model: Model, plan: CoveragePlan, { row, times, x, y }: BreachMark): Pointed {
  return {
    writer: model.events.columns.exchange[row]!,
    note: row,
    lines: markLines(model, row, times),
    x: x + LABELS_WIDTH,
    y,
    left: x > plan.columns / 2,
  };
}

/** Why there is no map, and where to look instead. */
function emptyWords(model: Model, operation: Operation | null, time: number): string {
  if (operation === null) return 'Run an upload to see which of its bytes were sent, read and acknowledged.';
  const last = model.exchanges[operation.exchanges.at(-1) ?? -1];
  if (last !== undefined && last.messages.length > 0) return 'It carries messages: the inspector lists them.';
  if (last !== undefined && last.responseEnd > last.responseHeadEnd)
    return 'Each of its answers is whole by itself: the inspector shows them.';
  const state = model.operationState(operation, time);
  return state !== null && state.state >= OperationState.completed
    ? 'This operation carried no content.'
    : 'This operation has carried no content so far.';
}
