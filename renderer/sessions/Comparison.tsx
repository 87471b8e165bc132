// Two sessions side by side: a row for each pair of exchanges, differences marked, and both messages of the chosen row. Shows
// what the engine found; computes nothing of the protocol.

import { ArrowLeft } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button, ListBox, ListBoxItem, ToggleButton } from 'react-aria-components';
import { useStore } from 'zustand';
import type { ComparedSide, SidesRow } from '../../shared/compare/sides.ts';
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

export function Comparison() {
  const { desk } = useLaboratory();
  const shown = useStore(desk.store, (state) => state.shown);
  const only = useStore(desk.store, (state) => state.onlyDifferences);
  const selected = useStore(desk.store, (state) => state.selected);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.focus({ preventScroll: true }), []);
  if (shown === null) return null;
  const { comparison, again } = shown;
  const indices = comparison.rows.map((_, index) => index);
  const rows = only ? indices.filter((index) => markOf(comparison.rows[index]!) !== 'same') : indices;
  const chosen = comparison.rows[selected];
  const same = comparison.differing === 0 && comparison.remarks.length === 0;
  return (
    <section
      className="comparison"
      aria-label="Comparison"
      onKeyDown={(event) => {
        if (event.key === 'Escape') desk.close();
        // The keys of the timeline are not for what lies over it.
        if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
      }}
    >
      <header className="operation-header">
        <h2 className="strong">{again ? 'Sent again' : 'Comparison'}</h2>
        <span className="badge" data-tone={same ? 'final' : 'interim'}>
          {same ? 'the same' : 'differs'}
        </span>
        <span className="hint ellipsis">{verdictWords(comparison, again)}</span>
        <span className="grow" />
        <ToggleButton
          className="button small"
          isSelected={only}
          onChange={(on) => desk.setOnlyDifferences(on)}
        >
          Only differences
        </ToggleButton>
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
      <div className="comparison-head comparison-grid" aria-hidden="true">
        <span />
        <span>Request</span>
        <span className="ellipsis">{comparison.one}</span>
        <span className="ellipsis">{comparison.other}</span>
        <span>Differences</span>
      </div>
      <ListBox
        ref={list}
        className="comparison-rows"
        aria-label="Exchanges"
        selectionMode="single"
        selectionBehavior="replace"
        disallowEmptySelection
        selectedKeys={selected === -1 ? [] : [selected]}
        onSelectionChange={(keys) => {
          if (keys !== 'all') for (const key of keys) desk.select(Number(key));
        }}
        renderEmptyState={() => (
          <p className="empty">
            {only
              ? 'Nothing differs: turn “Only differences” off to see every exchange.'
              : 'Neither session holds an exchange.'}
          </p>
        )}
      >
        {rows.map((index) => (
          <Row key={index} index={index} row={comparison.rows[index]!} />
        ))}
      </ListBox>
      {chosen === undefined ? null : <Sides row={chosen} one={comparison.one} other={comparison.other} />}
    </section>
  );
}

function Row({ index, row }: { readonly index: number; readonly row: SidesRow }) {
  const { one, other, differences } = row;
  const { method, target } = (one ?? other)!;
  const { sign, words, tone } = MARKS[markOf(row)];
  const what = differences
    .filter(({ level }) => level === 'differs')
    .map((difference) => differenceName(difference))
    .join(', ');
  const text = `${method} ${target}`;
  return (
    <ListBoxItem
      id={index}
      textValue={text}
      className="comparison-row comparison-grid"
      aria-label={`${text}, ${words}. First: ${answerOf(one)}. Second: ${answerOf(other)}. ${what}`}
    >
      <span className="comparison-mark" data-tone={tone}>
        {sign}
      </span>
      <span className="mono ellipsis">
        <b>{method}</b> {target}
      </span>
      <span className="mono ellipsis">{answerOf(one)}</span>
      <span className="mono ellipsis">{answerOf(other)}</span>
      <span className="ellipsis comparison-what">
        {one === null || other === null ? words : what === '' ? words : what}
      </span>
    </ListBoxItem>
  );
}

/** `100 102×3 → 200`, `no answer` */
function answerOf(side: ComparedSide | null): string {
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
  const { response } = side;
  const final =
    side.status === null
      ? 'no answer'
      : `${side.status}${response !== null && !response.whole ? ' cut short' : ''}`;
  return [...runs, final].join(' ');
}
