// The timeline as a React component: gives the view its canvas, its size and its props, turns pointer and keys into
// calls, and shows what is not drawn: tooltip, empty state, the table. Renders on props, never on live values.

import {
  type KeyboardEvent,
  type PointerEvent,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { Table2 } from 'lucide-react';
import { barLines, eventLines } from './describe.ts';
import { heard } from './heard.ts';
import { GUTTER_WIDTH, RULER_HEIGHT } from './layout.ts';
import { type Point, Pointing } from './pointing.ts';
import { TimelineTable } from './TimelineTable.tsx';
import { remarkBeside, remarkLines } from './remarks.ts';
import type { Selection, TimelineHandle, TimelineProps } from './types.ts';
import { watchRatio } from './useCanvas.ts';
import { type Hovered, TimelineView } from './view.ts';
import './timeline.css';

/** Room that a tooltip may need. */
const TIP_WIDTH = 340;
const TIP_HEIGHT = 130;

export function Timeline(props: TimelineProps & { readonly ref?: Ref<TimelineHandle> }): React.JSX.Element {
  const { model, revision, subscribe, playhead, live, selection, armed, cutKind, theme, pointed, ref } =
    props;
  const filter = filterOf(props);
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useRef<TimelineView>(null);
  const [pointing] = useState(() => new Pointing());
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });
  const [tip, setTip] = useState<Tip | null>(null);
  const [table, setTable] = useState(false);

  useEffect(() => {
    const { current } = latest;
    const created = new TimelineView(
      canvas.current!,
      {
        model: current.model,
        playhead: current.playhead,
        live: current.live,
        selection: current.selection,
        armed: current.armed,
        cutKind: current.cutKind,
        filter: filterOf(current),
        theme: current.theme,
      },
      {
        select: (selected) => latest.current.onSelect(selected),
        cut: (target) => latest.current.onCut(target),
        follow: (following) => latest.current.onFollow?.(following),
        point: (exchange) => latest.current.pointed.point(exchange),
        hover: (hovered) => {
          const element = host.current;
          if (element !== null) element.dataset['over'] = pointing.dragging ?? overOf(hovered);
          setTip((before) => tipOf(latest.current, pointing.down ? null : hovered, element, before));
        },
      },
    );
    view.current = created;
    const size = (): void => {
      const box = host.current?.getBoundingClientRect();
      if (box !== undefined) created.resize(box.width, box.height, window.devicePixelRatio || 1);
    };
    const observer = new ResizeObserver(size);
    observer.observe(host.current!);
    const stop = watchRatio(size);
    // Fonts that arrive after the first frame change every width.
    document.fonts.addEventListener('loadingdone', size);
    const wheel = (event: WheelEvent): void => onWheel(created, canvas.current!, event);
    canvas.current!.addEventListener('wheel', wheel, { passive: false });
    const element = canvas.current!;
    return () => {
      observer.disconnect();
      stop();
      document.fonts.removeEventListener('loadingdone', size);
      element.removeEventListener('wheel', wheel);
      created.dispose();
      view.current = null;
    };
  }, [pointing]);

  useEffect(() => {
    view.current?.update({ model, playhead, live, selection, armed, cutKind, filter, theme });
  }, [model, playhead, live, selection, armed, cutKind, filter, theme]);

  useEffect(() => subscribe(() => view.current?.changed()), [subscribe]);

  useEffect(() => pointed.subscribe(() => view.current?.light(pointed.exchange())), [pointed]);

  useImperativeHandle(
    ref,
    () => ({
      zoom: (factor) => view.current?.zoom(factor),
      zoomToSelection: () => view.current?.zoomToSelection() ?? false,
      fit: () => view.current?.fit(),
      follow: (on) => view.current?.follow(on),
      step: (by) => view.current?.step(by),
      row: (by) => view.current?.row(by),
    }),
    [],
  );

  const at = (event: PointerEvent | React.MouseEvent): Point => {
    const box = canvas.current!.getBoundingClientRect();
    return {
      x: event.clientX - box.left,
      y: event.clientY - box.top,
      alt: event.altKey,
      shift: event.shiftKey,
    };
  };

  const key = (event: KeyboardEvent): void => {
    if (view.current === null || event.ctrlKey || event.metaKey) return;
    const isTakenBack = event.key === 'Escape' && pointing.cancel(view.current);
    if (!isTakenBack && !onKey(view.current, latest.current, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={host}
      className="timeline"
      role="group"
      aria-label="Timeline: arrow keys step through events and rows, plus and minus zoom, Z zooms to the selection, 0 fits, F follows"
      tabIndex={0}
      onKeyDown={key}
    >
      <canvas
        ref={canvas}
        aria-hidden="true"
        onPointerDown={(event) => {
          if (view.current === null || event.button > 1) return;
          canvas.current!.setPointerCapture(event.pointerId);
          pointing.press(view.current, at(event));
        }}
        onPointerMove={(event) => view.current !== null && pointing.move(view.current, at(event))}
        onPointerUp={(event) => view.current !== null && pointing.release(view.current, at(event))}
        onPointerCancel={() => view.current !== null && pointing.cancel(view.current)}
        onPointerLeave={() => {
          if (!pointing.down) view.current?.point(null);
        }}
        onDoubleClick={(event) => {
          const { x, y } = at(event);
          view.current?.enlarge(view.current.at(x, y), y);
        }}
      />
      {model.events.length === 0 && <Empty live={live} />}
      {filter !== null && filter.total > 0 && filter.count === 0 && (
        <NothingMatches onClear={props.onClearFilter} />
      )}
      {tip !== null && <Tooltip tip={tip} />}
      <button
        type="button"
        className="timeline-table-toggle"
        aria-pressed={table}
        title={table ? 'Show the timeline' : 'Show the timeline as a table'}
        onClick={() => setTable(!table)}
      >
        <Table2 size={14} aria-hidden="true" />
        <span className="timeline-hidden">Timeline as a table</span>
      </button>
      {table && (
        <TimelineTable
          model={model}
          revision={revision}
          playhead={playhead}
          selection={selection}
          filter={filter}
          onSelect={props.onSelect}
        />
      )}
      <div className="timeline-hidden" role="status">
        {spoken(props, selection)}
      </div>
    </div>
  );
}

function Empty({ live }: { readonly live: boolean }): React.JSX.Element {
  return (
    <div className="timeline-empty" style={{ left: GUTTER_WIDTH, top: RULER_HEIGHT }}>
      <p>Nothing has happened yet.</p>
      <p>
        {live
          ? 'Choose an experiment and press Run, or point your own client at the server below.'
          : 'This session holds no records. Open another one, or run an experiment.'}
      </p>
    </div>
  );
}

/** A filter of the session that is gone means nothing in this one. */
function filterOf({ filter, model }: TimelineProps): TimelineProps['filter'] {
  return filter?.model === model ? filter : null;
}

function NothingMatches({ onClear }: { readonly onClear: () => void }): React.JSX.Element {
  return (
    <div className="timeline-empty" style={{ left: GUTTER_WIDTH, top: RULER_HEIGHT }}>
      <p>Nothing matches the filter.</p>
      <button type="button" className="button small" onClick={onClear}>
        Clear the filter
      </button>
    </div>
  );
}

interface Tip {
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
  /** It stands left of the pointer, above it: there would be no room. */
  readonly left: boolean;
  readonly above: boolean;
}

function Tooltip({ tip }: { readonly tip: Tip }): React.JSX.Element {
  const [title, ...lines] = tip.lines;
  return (
    <div
      className="pointed timeline-tip"
      style={{
        transform: `translate(${tip.x}px, ${tip.y}px) translate(${tip.left ? 'calc(-100% - 14px)' : '14px'}, ${tip.above ? 'calc(-100% - 14px)' : '14px'})`,
      }}
      aria-hidden="true"
    >
      <strong>{title}</strong>
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}

function tipOf(
  props: TimelineProps,
  hovered: Hovered | null,
  host: HTMLElement | null,
  before: Tip | null,
): Tip | null {
  if (hovered === null || host === null) return null;
  const { hit } = hovered;
  let lines: readonly string[] = [];
  if (hit.kind === 'event') {
    lines = eventLines(props.model, hit.event);
    if (hit.count > 1) lines = [...lines, `and ${hit.count - 1} more here: zoom in to tell them apart`];
  } else if (hit.kind === 'bar') lines = [...barLines(props.model, hit.bar, props.playhead)];
  else if (hit.kind === 'remark') lines = remarkLines(props.model, hit.id);
  else if (hit.kind === 'armed') lines = ['Armed cut', 'strikes here if the pace stays'];
  if (lines.length === 0) return null;
  const x = hovered.x;
  const y = hovered.y;
  // Equal values must be the same value, or every pointer move would render.
  if (before !== null && before.x === x && before.y === y && before.lines.join('\n') === lines.join('\n'))
    return before;
  return { lines, x, y, left: x > host.clientWidth - TIP_WIDTH, above: y > host.clientHeight - TIP_HEIGHT };
}

function overOf(hovered: Hovered | null): string {
  const kind = hovered?.hit.kind;
  if (hovered !== null && hovered.y < RULER_HEIGHT && hovered.x >= GUTTER_WIDTH) return 'axis';
  if (kind === 'live') return 'live';
  return kind === 'event' || kind === 'bar' || kind === 'remark' ? 'thing' : '';
}

/** The words for the live region: what the keys have reached, and what somebody wrote beside it. */
function spoken(props: TimelineProps, selection: Selection | null): string {
  const remark = remarkBeside(props.model, selection);
  const words = heard(props.model, selection, props.playhead);
  return remark === null ? words : `${words}, with a note: ${remark.text}`;
}

function onKey(view: TimelineView, props: TimelineProps, key: string): boolean {
  switch (key) {
    case 'ArrowLeft':
      view.step(-1);
      return true;
    case 'ArrowRight':
      view.step(1);
      return true;
    case 'ArrowUp':
      view.row(-1);
      return true;
    case 'ArrowDown':
      view.row(1);
      return true;
    case '+':
    case '=':
      view.zoom(1.5);
      return true;
    case '-':
      view.zoom(1 / 1.5);
      return true;
    case '0':
      view.fit();
      return true;
    case 'f':
    case 'F':
      view.follow(!view.following);
      return true;
    case 'Enter':
      if (props.selection?.kind === 'operation') view.toggle(props.selection.id);
      else if (props.selection !== null) props.onSelect(props.selection);
      return true;
    case 'Escape':
      if (props.selection === null) return false;
      props.onSelect(null);
      return true;
    default:
      return false;
  }
}

/** Ctrl or a pinch zooms about the pointer, as does the wheel over the ruler; else it pans, rows first if they overflow. */
function onWheel(view: TimelineView, canvas: HTMLCanvasElement, event: WheelEvent): void {
  event.preventDefault();
  const box = canvas.getBoundingClientRect();
  const x = event.clientX - box.left;
  const y = event.clientY - box.top;
  const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
  if (event.ctrlKey || event.metaKey || y < RULER_HEIGHT || view.inMinimap(x, y)) {
    view.zoomAt(Math.exp(-event.deltaY * unit * (event.ctrlKey ? 0.01 : 0.003)), x);
    return;
  }
  const sideways = event.shiftKey ? event.deltaY : event.deltaX;
  const down = event.shiftKey ? 0 : event.deltaY;
  if (view.scrolls) view.pan(sideways * unit, down * unit);
  else view.pan((sideways + down) * unit, 0);
}
