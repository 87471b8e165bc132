// The progress of an operation as a React component: the chart, and in words beside it where it stands, how long it may
// still take, and whether the rules were kept. Decides which operation; draws by chart.ts and painter.ts.

import { useEffect, useRef, useState } from 'react';
import type { Model, Operation } from '../../shared/model/model.ts';
import { count, counted, rate, shortBytes, span } from '../timeline/format.ts';
import type { ProgressChartProps } from '../timeline/types.ts';
import { useCanvas } from '../timeline/useCanvas.ts';
import { type ChartPlan, planChart } from './chart.ts';
import { paintChart } from './painter.ts';
import { type Series, nestedOf, pacePerUnit, progressSeries, remaining, stalledFor } from './series.ts';
import '../ui/map-panel.css';
import './progress.css';

/** Words are renewed this often at most while a session runs, in milliseconds. */
const WORDS = 120;
const SEPARATOR = ' · ';

export function ProgressChart(props: ProgressChartProps): React.JSX.Element {
  const { model, operation: wanted, playhead, theme, subscribe, pointed, onSelect } = props;
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const plan = useRef<ChartPlan>(null);
  const [words, setWords] = useState<Words>(NOTHING);
  const written = useRef(-Infinity);
  const operation = shownOperation(model, wanted, playhead);

  const redraw = useCanvas(host, canvas, theme, (brush) => {
    const series = operation === null ? null : progressSeries(model, operation, playhead);
    const present = Math.min(playhead, model.endTime);
    if (series === null) {
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
      measure: (text) => brush.measure(text, 'label'),
    });
    paintChart(brush, plan.current, pointed.exchange());
  });

  useEffect(() => {
    const tell = (): void => {
      const shown = shownOperation(model, wanted, playhead);
      const series = shown === null ? null : progressSeries(model, shown, playhead);
      setWords(series === null ? NOTHING : wordsOf(series, Math.min(playhead, model.endTime)));
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
  }, [model, wanted, playhead, subscribe, redraw]);

  useEffect(() => pointed.subscribe(redraw), [pointed, redraw]);

  const select = (event: React.MouseEvent): void => {
    const box = canvas.current!.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const near = plan.current?.points.find((point) => Math.hypot(point.x - x, point.y - y) <= 9);
    if (near !== undefined && near.event >= 0) onSelect({ kind: 'event', id: near.event });
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
          onClick={select}
        />
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
          {words.nested !== null && (
            <div className="progress-nested">
              <span>{words.nested.figures}</span>
              <span className="progress-unit">{words.nested.unit}</span>
              <div
                className="progress-bar"
                role="progressbar"
                aria-label="Subordinate operation"
                aria-valuemin={0}
                aria-valuemax={100}
                {...(words.nested.share === null
                  ? {}
                  : { 'aria-valuenow': Math.round(words.nested.share * 100) })}
              >
                <i style={{ width: `${(words.nested.share ?? 0) * 100}%` }} />
              </div>
            </div>
          )}
          <p data-broken={words.broken || undefined}>{words.rules}</p>
        </footer>
      )}
    </section>
  );
}

interface Words {
  readonly summary: readonly string[];
  readonly nested: { readonly figures: string; readonly unit: string; readonly share: number | null } | null;
  readonly rules: string;
  readonly broken: boolean;
}

const NOTHING: Words = { summary: [], nested: null, rules: '', broken: false };

/** The operation that was asked for; else the newest that told of progress, else the newest. */
function shownOperation(model: Model, wanted: number | null, time: number): Operation | null {
  if (wanted !== null) return model.operations[wanted] ?? null;
  const begun = model.operations.filter((operation) => operation.startedAt <= time);
  return begun.findLast((operation) => operation.progress.length > 0) ?? begun.at(-1) ?? null;
}

function wordsOf(series: Series, now: number): Words {
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
  if (series.ended) parts.push('ended');
  const nested = series.last === null ? null : nestedOf(series.last);
  const stall = stalledFor(series, now);
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
  if (stall !== null) rules.push(`nothing told for ${span(stall)}`);
  return {
    summary: parts,
    nested:
      nested === null
        ? null
        : {
            figures: `${count(nested.value)} / ${nested.total === null ? '?' : count(nested.total)}`,
            unit: [nested.unit === '' ? '' : `(${nested.unit})`, `of step ${count(last.value + 1)}`]
              .join(' ')
              .trim(),
            share:
              nested.total === null || nested.total === 0 ? null : Math.min(1, nested.value / nested.total),
          },
    rules: rules.join(' · '),
    broken: series.decreases > 0 || series.overrun || stall !== null,
  };
}
