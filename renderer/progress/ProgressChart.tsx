// The progress of an operation as a React component: the chart, and in words beside it where it stands, how long it may
// still take, and whether the rules were kept. Decides which operation; draws by chart.ts and painter.ts.

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Breaches } from '../../shared/model/breaches.ts';
import type { Model, Operation } from '../../shared/model/model.ts';
import { SessionClock } from '../timeline/clock.ts';
import type { ProgressChartProps } from '../timeline/types.ts';
import { useCanvas } from '../timeline/useCanvas.ts';
import { BreachButton } from '../ui/BreachButton.tsx';
import { PointedTip } from '../ui/PointedTip.tsx';
import { WholeOperation } from '../ui/WholeOperation.tsx';
import { type ChartPlan, planChart } from './chart.ts';
import { paintChart } from './painter.ts';
import { progressSeries } from './series.ts';
import { type Tip, tipAt } from './tip.ts';
import {
  exchangeWords,
  markedOf,
  type NestedWords,
  NOTHING,
  SEPARATOR,
  seriesWords,
  type Words,
} from './words.ts';
import '../ui/map-panel.css';
import './progress.css';

/** Words are renewed this often at most while a session runs, in milliseconds. */
const WORDS = 120;
/** While nothing is told, they and the chart are renewed this often, in milliseconds. */
const SILENT = 250;

export function ProgressChart(props: ProgressChartProps): React.JSX.Element {
  const {
    model,
    operation: wanted,
    exchange,
    live,
    playhead,
    theme,
    subscribe,
    pointed,
    onSelect,
    onNote,
  } = props;
  const breaches = useMemo(() => new Breaches(model), [model]);
  const [tip, setTip] = useState<Tip | null>(null);
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const plan = useRef<ChartPlan>(null);
  const [words, setWords] = useState<Words>(NOTHING);
  const written = useRef(-Infinity);
  const operation = shownOperation(model, wanted, playhead);

  // Between events the present goes on: a silence is seen to last.
  const clock = useMemo(() => clockOf(model), [model]);
  const present = useCallback(
    () => (playhead === Infinity ? clock.now(model, live) : Math.min(playhead, model.endTime)),
    [clock, model, live, playhead],
  );

  const redraw = useCanvas(host, canvas, theme, (brush) => {
    const series = operation === null ? null : progressSeries(model, operation, playhead);
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
      now: present(),
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
              ...seriesWords(series, present()),
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
    const silent = setInterval(() => {
      if (playhead !== Infinity || !clock.moving(model, live)) return;
      redraw();
      tell();
    }, SILENT);
    return () => {
      stop();
      clearTimeout(waiting);
      clearInterval(silent);
    };
  }, [model, wanted, exchange, playhead, live, clock, present, breaches, subscribe, redraw]);

  useEffect(() => pointed.subscribe(redraw), [pointed, redraw]);

  const under = (event: React.MouseEvent): Tip | null => {
    const box = canvas.current!.getBoundingClientRect();
    const { current } = plan;
    const found =
      current === null ? null : tipAt(model, current, event.clientX - box.left, event.clientY - box.top);
    return found === null ? null : { ...found, x: found.x + box.left, y: found.y + box.top };
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
        {tip !== null && <PointedTip lines={tip.lines} x={tip.x} y={tip.y} left={tip.left} />}
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
          {words.pace !== '' && <p title={words.pace}>{words.pace}</p>}
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

/** The operation that was asked for; else the newest that told of progress, else the newest. */
function shownOperation(model: Model, wanted: number | null, time: number): Operation | null {
  if (wanted !== null) return model.operations[wanted] ?? null;
  const begun = model.operations.filter((operation) => operation.startedAt <= time);
  return begun.findLast((operation) => operation.progress.length > 0) ?? begun.at(-1) ?? null;
}

/** A clock for each session: it knows no other. */
function clockOf(_session: Model): SessionClock {
  return new SessionClock();
}
