// Two sessions side by side: a row for each pair of exchanges, differences marked, and both messages of the chosen row. Shows
// what the engine found; computes nothing of the protocol.

import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowLeft, ArrowUp, Crosshair } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import { Button, ToggleButton } from 'react-aria-components';
import { useStore } from 'zustand';
import type { ListedRow, ListedSide, SidesComparison } from '../../shared/compare/sides.ts';
import { differenceName } from '../../shared/compare/words.ts';
import { useLaboratory } from '../stores/context.ts';
import { Key } from '../ui/Key.tsx';
import { markOf, type RowMark, verdictWords } from './desk.ts';
import { Sides } from './Sides.tsx';
import './comparison.css';

const MARKS: Record<RowMark, { readonly sign: string; readonly words: string; readonly tone: string }> = {
  gone: { sign: '−', words: 'only in the first', tone: 'cut' },
  new: { sign: '+', words: 'only in the second', tone: 'received' },
  differs: { sign: '≠', words: 'differs', tone: 'interim' },
  same: { sign: '=', words: 'the same', tone: 'quiet' },
};

/** Pixels of a row. */
const ROW = 28;
/** Rows that a page of the list is about. */
const PAGE = 10;

export function Comparison() {
  const laboratory = useLaboratory();
  const { desk } = laboratory;
  const shown = useStore(desk.store, (state) => state.shown);
  const selected = useStore(desk.store, (state) => state.selected);
  const detail = useStore(desk.store, (state) => state.detail);
  if (shown === null) return null;
  const { comparison, again } = shown;
  const chosen = comparison.rows[selected];
  const same = comparison.differing === 0 && comparison.remarks.length === 0;
  // What is looked at below is the second session where it was sent again, else the first.
  const there = (again ? chosen?.other : chosen?.one) ?? null;
  const show = (): void => {
    if (there === null) return;
    laboratory.select({ kind: 'exchange', id: there.id });
    desk.close();
  };
  return (
    <section
      className="comparison"
      aria-label="Comparison"
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === 'Escape') desk.close();
        else if (event.key === 'n' || event.key === 'p') desk.toDifference(event.key === 'n' ? 1 : -1);
        // The keys of the timeline are not for what lies over it.
        event.stopPropagation();
      }}
    >
      <header className="operation-header">
        <h2 className="strong">{again ? 'Sent again' : 'Comparison'}</h2>
        <span className="badge" data-tone={same ? 'final' : 'interim'}>
          {same ? 'alike' : 'differs'}
        </span>
        <span className="hint ellipsis">{verdictWords(comparison, again)}</span>
        <span className="grow" />
        <Button className="button small" isDisabled={there === null} onPress={show}>
          <Crosshair size={13} aria-hidden="true" />
          Show
          <Key>Enter</Key>
        </Button>
        <Button className="button small" onPress={() => desk.close()}>
          <ArrowLeft size={13} aria-hidden="true" />
          Timeline
          <Key>Esc</Key>
        </Button>
      </header>
      {comparison.remarks.length === 0 ? null : (
        <ul className="comparison-remarks">
          {comparison.remarks.map((remark) => (
            <li key={remark}>{remark}</li>
          ))}
        </ul>
      )}
      <Rows comparison={comparison} onShow={show} />
      {chosen === undefined ? null : detail?.index === selected ? (
        <Sides row={detail.row} one={comparison.one} other={comparison.other} />
      ) : (
        <div className="sides" />
      )}
    </section>
  );
}

interface RowsProps {
  readonly comparison: SidesComparison;
  readonly onShow: () => void;
}

/** The rows, of which only those in view exist in the page. */
function Rows({ comparison, onShow }: RowsProps) {
  const { desk } = useLaboratory();
  const only = useStore(desk.store, (state) => state.onlyDifferences);
  const selected = useStore(desk.store, (state) => state.selected);
  const { rows } = comparison;
  const listed = useMemo(() => {
    const all = rows.map((_, index) => index);
    return only ? all.filter((index) => markOf(rows[index]!) !== 'same') : all;
  }, [rows, only]);
  const scroll = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes here
  const list = useVirtualizer({
    count: listed.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 8,
    getItemKey: (place) => listed[place]!,
  });
  const place = listed.indexOf(selected);
  useEffect(() => {
    const focus = (): void => scroll.current?.focus({ preventScroll: true });
    focus();
    // The dialog that asked for it gives the focus back in the frame after it has gone.
    let frame = requestAnimationFrame(() => (frame = requestAnimationFrame(focus)));
    return () => cancelAnimationFrame(frame);
  }, []);
  useEffect(() => {
    if (place !== -1) list.scrollToIndex(place, { align: 'auto' });
  }, [list, place]);

  const go = (to: number): void => {
    const next = listed[Math.min(listed.length - 1, Math.max(0, to))];
    if (next !== undefined) desk.select(next);
  };
  const move = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = {
      ArrowDown: place + 1,
      ArrowUp: place - 1,
      PageDown: place + PAGE,
      PageUp: place - PAGE,
      Home: 0,
      End: listed.length - 1,
    };
    const to = steps[event.key];
    if (event.key === 'Enter') onShow();
    else if (to === undefined) return;
    else go(to);
    event.preventDefault();
  };
  return (
    <>
      <div className="comparison-tools">
        <ToggleButton
          className="button small"
          isSelected={only}
          onChange={(on) => desk.setOnlyDifferences(on)}
        >
          Only differences
        </ToggleButton>
        <span className="grow" />
        <Button
          className="button plain small"
          isDisabled={comparison.differing === 0}
          onPress={() => desk.toDifference(-1)}
        >
          <ArrowUp size={13} aria-hidden="true" />
          Previous difference
          <Key>P</Key>
        </Button>
        <Button
          className="button plain small"
          isDisabled={comparison.differing === 0}
          onPress={() => desk.toDifference(1)}
        >
          <ArrowDown size={13} aria-hidden="true" />
          Next difference
          <Key>N</Key>
        </Button>
      </div>
      <div className="comparison-head comparison-grid" aria-hidden="true">
        <span />
        <span>Request</span>
        <span className="ellipsis">{comparison.one}</span>
        <span className="ellipsis">{comparison.other}</span>
        <span>Differences</span>
      </div>
      <div className="comparison-list">
        <div
          ref={scroll}
          className="comparison-rows"
          role="listbox"
          aria-label="Exchanges"
          tabIndex={0}
          aria-activedescendant={place === -1 ? undefined : `compared-${selected}`}
          onKeyDown={move}
        >
          {listed.length > 0 ? (
            <div className="comparison-space" role="presentation" style={{ height: list.getTotalSize() }}>
              {list.getVirtualItems().map((item) => {
                const index = listed[item.index]!;
                return (
                  <Row
                    key={item.key}
                    index={index}
                    row={rows[index]!}
                    top={item.start}
                    place={item.index + 1}
                    of={listed.length}
                    isSelected={index === selected}
                  />
                );
              })}
            </div>
          ) : null}
        </div>
        {listed.length > 0 ? null : (
          <p className="empty comparison-empty" role="status">
            {rows.length === 0
              ? 'Neither session holds an exchange.'
              : 'They are alike: nothing differs. Turn “Only differences” off to see every exchange.'}
          </p>
        )}
      </div>
    </>
  );
}

interface RowProps {
  /** Among all rows of the comparison. */
  readonly index: number;
  readonly row: ListedRow;
  readonly top: number;
  /** Among those that are listed, from 1 on. */
  readonly place: number;
  readonly of: number;
  readonly isSelected: boolean;
}

function Row({ index, row, top, place, of, isSelected }: RowProps) {
  const { desk } = useLaboratory();
  const { one, other, differs } = row;
  const { method, target } = (one ?? other)!;
  const { sign, words, tone } = MARKS[markOf(row)];
  const what = differs.map((difference) => differenceName(difference)).join(', ');
  return (
    <div
      id={`compared-${index}`}
      className="comparison-row comparison-grid"
      role="option"
      aria-selected={isSelected}
      aria-posinset={place}
      aria-setsize={of}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => desk.select(index)}
    >
      <span className="comparison-mark" data-tone={tone}>
        <span aria-hidden="true">{sign}</span>
        <span className="visually-hidden">{words}:</span>
      </span>
      <span className="mono ellipsis">
        <b>{method}</b> {target}
      </span>
      <span className="mono ellipsis">{answerOf(one)}</span>
      <span className="mono ellipsis">{answerOf(other)}</span>
      <span className="ellipsis comparison-what">
        {one === null || other === null || what === '' ? words : what}
      </span>
    </div>
  );
}

/** `100 102×3 → 200`, `no answer` */
function answerOf(side: ListedSide | null): string {
  if (side === null) return '–';
  const runs: string[] = [];
  let count = 0;
  side.interim.forEach((status, i) => {
    count++;
    if (side.interim[i + 1] === status) return;
    runs.push(count === 1 ? String(status) : `${status}×${count}`);
    count = 0;
  });
  if (side.interimCount > side.interim.length) runs.push('…');
  const final = side.status === null ? 'no answer' : `${side.status}${side.whole ? '' : ' cut short'}`;
  return [...runs, final].join(' ');
}
