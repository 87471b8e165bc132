// The progress of an operation as a React component: the chart, and in words beside it where it stands, how long it may
// still take, and whether the rules were kept. Decides which operation; draws by chart.ts and painter.ts.

import { useEffect, useMemo, useRef, useState } from 'react';
import { type Breach, Breaches } from '../../shared/model/breaches.ts';
import type { Model, Operation } from '../../shared/model/model.ts';
import { count, counted, rate, shortBytes, span } from '../timeline/format.ts';
import type { ProgressChartProps } from '../timeline/types.ts';
import { useCanvas } from '../timeline/useCanvas.ts';
import { BreachButton } from '../ui/BreachButton.tsx';
import { WholeOperation } from '../ui/WholeOperation.tsx';
import { type ChartPlan, planChart } from './chart.ts';
import { paintChart } from './painter.ts';
import { exchangePace } from './exchange-pace.ts';
import { type Series, nestedOf, pacePerUnit, progressSeries, remaining, stallsOf } from './series.ts';
import { Tooltip } from './Tooltip.tsx';
import { type Tip, tipAt } from './tip.ts';
import '../ui/map-panel.css';
import './progress.css';

/** Words are renewed this often at most while a session runs, in milliseconds. */
const WORDS = 120;
const SEPARATOR = ' · ';

export function ProgressChart(props: ProgressChartProps): React.JSX.Element {
  const { model, operation: wanted, exchange, playhead, theme, subscribe, pointed, onSelect, onNote } = props;
  const breaches = useMemo(() => new Breaches(model), [model]);
  const [tip, setTip] = useState<Tip | null>(null);
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const plan = useRef<ChartPlan>(null);
  const [words, setWords] = useState<Words>(NOTHING);
  const written = useRef(-Infinity);
  const operation = shownOperation(model, wanted, playhead);

  const redraw = useCanvas(host, canvas, theme, (brush) => {
    const series = operation === null ? null : progressSeries(model, operation, playhead);
    const present = Math.min(playhead, model.endTime);
    if (operation === null || series === null) {
      plan.current = null;
      brush.begin('bg1');
      return;
    }
    plan.current = planChart({
      model,
      series,
      width: brush.width,
      height: brush.height,
      now: present,
      breaches: markedOf(model, breaches, series, operation, playhead),
      measure: (text) => brush.measure(text, 'label'),
    });
    paintChart(brush, plan.current, pointed.exchange());
  });

  useEffect(() => {
    const tell = (): void => {
      const shown = shownOperation(model, wanted, playhead);
      const series = shown === null ? null : progressSeries(model, shown, playhead);
      setWords(
        shown === null || series === null
          ? NOTHING
          : {
              ...wordsOf(series, Math.min(playhead, model.endTime)),
              exchange: exchangeWords(model, shown, exchange, playhead),
              notes: markedOf(model, breaches, series, shown, playhead).map(({ row }) => row),
            },
      );
    };
    let waiting: ReturnType<typeof setTimeout> | undefined;
    tell();
    const stop = subscribe(() => {
      redraw();
      if (waiting !== undefined) return;
      const since = performance.now() - written.current;
      waiting = setTimeout(
        () => {
          waiting = undefined;
          written.current = performance.now();
          tell();
        },
        Math.max(0, WORDS - since),
      );
    });
    return () => {
      stop();
      clearTimeout(waiting);
    };
  }, [model, wanted, exchange, playhead, breaches, subscribe, redraw]);

  useEffect(() => pointed.subscribe(redraw), [pointed, redraw]);

  const under = (event: React.MouseEvent): Tip | null => {
    const box = canvas.current!.getBoundingClientRect();
    const { current } = plan;
    return current === null ? null : tipAt(model, current, event.clientX - box.left, event.clientY - box.top);
  };
  const move = (event: React.MouseEvent): void => {
    const next = under(event);
    setTip((before) => (before?.key === next?.key ? before : next));
    pointed.point(next?.exchange ?? null);
  };
  const leave = (): void => {
    setTip(null);
    pointed.point(null);
  };
  const select = (event: React.MouseEvent): void => {
    const found = under(event);
    if (found?.note !== undefined) onNote(found.note);
    else if (found !== null && found.event >= 0) onSelect({ kind: 'event', id: found.event });
    else if (found !== null) onSelect({ kind: 'exchange', id: found.exchange });
  };

  const has = words !== NOTHING;
  return (
    <section className="progress map-panel" aria-label="Progress">
      <header>
        <h2>Progress</h2>
        <span className="map-summary" title={words.summary.join(SEPARATOR)}>
          {words.summary.map((part, place) => (
            <span key={part}>{place === 0 ? part : SEPARATOR + part}</span>
          ))}
        </span>
      </header>
      <div ref={host} className="progress-chart">
        <canvas
          ref={canvas}
          role="img"
          aria-label={has ? `Progress: ${words.summary.join(SEPARATOR)}` : 'No progress'}
          data-over={tip === null ? undefined : 'thing'}
          onClick={select}
          onPointerMove={move}
          onPointerLeave={leave}
        />
        {tip !== null && <Tooltip tip={tip} />}
        {!has && (
          <p className="progress-empty">
            {operation === null
              ? 'Run an experiment to see how far its work has come.'
              : 'Nothing has been told of how far this is.'}
          </p>
        )}
      </div>
      {has && (
        <footer>
          {words.nested.map((nested, depth) => (
            <NestedBar key={depth} nested={nested} depth={depth} />
          ))}
          {words.exchange !== null && <p title={words.exchange}>{words.exchange}</p>}
          <div className="progress-rules">
            {props.filtered && <WholeOperation />}
            <p data-broken={words.broken || undefined} title={words.rules}>
              {words.rules}
            </p>
            <BreachButton
              count={words.notes.length}
              onShow={() => {
                const [first] = words.notes;
                if (first !== undefined) onNote(first);
              }}
            />
          </div>
        </footer>
      )}
    </section>
  );
}

function NestedBar({ nested: { figures, unit, share }, depth }: NestedBarProps): React.JSX.Element {
  return (
    <div className="progress-nested">
      <span>{figures}</span>
      <span className="progress-unit">{unit}</span>
      <div
        className="progress-bar"
        role="progressbar"
        aria-label={depth === 0 ? 'Subordinate operation' : `Subordinate operation, ${depth + 1} deep`}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(share === null ? {} : { 'aria-valuenow': Math.round(share * 100) })}
      >
        <i style={{ width: `${(share ?? 0) * 100}%` }} />
      </div>
    </div>
  );
}

interface NestedBarProps {
  readonly nested: NestedWords;
  readonly depth: number;
}

interface NestedWords {
  readonly figures: string;
  readonly unit: string;
  readonly share: number | null;
}

interface Words {
  readonly summary: readonly string[];
  readonly nested: readonly NestedWords[];
  /** Of the exchange that is selected. */
  readonly exchange: string | null;
  readonly rules: string;
  readonly broken: boolean;
  /** Rows of the notes that are marked. */
  readonly notes: readonly number[];
}

const NOTHING: Words = { summary: [], nested: [], exchange: null, rules: '', broken: false, notes: [] };

/** The notes that have a place on a chart: those of values on a chart of steps, those of bytes on one of bytes. */
function markedOf(
  model: Model,
  breaches: Breaches,
  { kind }: Series,
  operation: Operation,
  time: number,
): readonly Breach[] {
  const of = kind === 'steps' ? 'progress' : 'bytes';
  const { columns } = model.events;
  return breaches.of(operation.id).filter((breach) => breach.of === of && columns.time[breach.row]! <= time);
}

/** `PATCH: 900,161 bytes in 3.6 s · 250 kB/s`; null: none of this operation is selected, or it moved nothing. */
function exchangeWords(model: Model, operation: Operation, id: number | null, time: number): string | null {
  const exchange = id === null ? undefined : model.exchanges[id];
  if (exchange === undefined || exchange.operation !== operation.id) return null;
  const pace = exchangePace(model, exchange, time);
  if (pace === null) return null;
  const { bytes, nanoseconds, left } = pace;
  const parts = [`${exchange.method}: ${counted(bytes, 'byte')}`];
  if (nanoseconds > 0) parts.push(` in ${span(nanoseconds)} · ${rate((bytes / nanoseconds) * 1e9)}`);
  if (left !== null && nanoseconds > 0) parts.push(` · about ${span((left / bytes) * nanoseconds)} left`);
  return parts.join('');
}

/** The operation that was asked for; else the newest that told of progress, else the newest. */
function shownOperation(model: Model, wanted: number | null, time: number): Operation | null {
  if (wanted !== null) return model.operations[wanted] ?? null;
  const begun = model.operations.filter((operation) => operation.startedAt <= time);
  return begun.findLast((operation) => operation.progress.length > 0) ?? begun.at(-1) ?? null;
}

function wordsOf(series: Series, now: number): Omit<Words, 'exchange' | 'notes'> {
  const last = series.steps.at(-1)!;
  const figure = series.kind === 'bytes' ? shortBytes : count;
  const parts = [
    Number.isNaN(last.total) ? figure(last.value) : `${figure(last.value)} of ${figure(last.total)}`,
  ];
  const left = remaining(series, now);
  const pace = pacePerUnit(series);
  // What matters most comes first: the last parts go where there is no room.
  if (left !== null) parts.push(`about ${span(left)} left`);
  if (series.kind === 'bytes' && pace !== null) parts.push(rate(1e9 / pace));
  else if (pace !== null && !series.ended) parts.push(`${span(pace)} a step`);
  if (series.ended) parts.push('ended');
  const stalls = stallsOf(series, now);
  const longest = stalls.reduce((most, { from, to }) => Math.max(most, to - from), 0);
  const rules: string[] = [];
  if (series.kind === 'steps') {
    rules.push(
      series.decreases === 0
        ? 'numerator never decreased'
        : `numerator decreased ${series.decreases === 1 ? 'once' : `${count(series.decreases)} times`}`,
      counted(series.told, 'value'),
    );
    if (series.overrun) rules.push('beyond its denominator');
  } else rules.push('as bytes: no Progress field was told');
  if (longest > 0) rules.push(`nothing told for ${span(longest)}`);
  return {
    summary: parts,
    nested: (series.last === null ? [] : nestedOf(series.last)).map(({ value, total, unit }, depth, all) => ({
      figures: `${count(value)} / ${total === null ? '?' : count(total)}`,
      unit: [
        unit === '' ? '' : `(${unit})`,
        `of step ${count((depth === 0 ? last.value : all[depth - 1]!.value) + 1)}`,
      ]
        .join(' ')
        .trim(),
      share: total === null || total === 0 ? null : Math.min(1, value / total),
    })),
    rules: rules.join(' · '),
    broken: series.decreases > 0 || series.overrun || longest > 0,
  };
}
