// The notes of the session: those that people wrote, then those of the checks, the severest first; each leads to its event.

import { CircleX, Info, TriangleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { NONE, NoteLevel } from '../../shared/model/events.ts';
import { findRule } from '../../shared/model/rules/rules.ts';
import { useMatcher } from '../filter/use-filter.ts';
import { Yours } from '../remarks/Yours.tsx';
import { useLaboratory, useModel, useSelected } from '../stores/context.ts';
import { count, moment } from '../timeline/format.ts';
import type { NoteIndex } from './note-index.ts';
import { ruleSays, ruleTitle } from '../timeline/note-words.ts';
import { useLit } from './use-lit.ts';

/** Notes listed at most; the rest is counted. */
const LISTED = 500;

export function Notes({ index }: { readonly index: NoteIndex }) {
  const laboratory = useLaboratory();
  const { model } = useModel();
  const matcher = useMatcher(model);
  const selected = useSelected();
  const list = useRef<HTMLUListElement>(null);
  useLit(list);
  const current = selected?.kind === 'event' ? index.listedAs(selected.id) : null;
  // What was chosen on the timeline, the map or the chart comes into view.
  useEffect(() => {
    if (current !== null) list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const takes = (row: number): boolean => matcher === null || matcher.takesNote(row);
  const total = index.count(takes);
  const notes = index.first(LISTED, takes);
  const yours = model.remarks.list().filter(({ row }) => takes(row));
  if (total === 0 && yours.length === 0) return <div className="empty">No note matches the filter.</div>;
  return (
    <ul ref={list} className="notes" aria-label="Notes">
      {yours.length === 0 ? null : <li className="notes-title">Yours</li>}
      <Yours remarks={yours} />
      {yours.length === 0 || total === 0 ? null : <li className="notes-title">Of the checks</li>}
      {notes.map(({ row, times }) => {
        const { text, code, time, connection, exchange, a, b } = model.events.row(row);
        const [rule = '', side = '', source = ''] = text.split('|');
        return (
          <li key={row}>
            <button
              type="button"
              className="note"
              aria-current={row === current || undefined}
              data-exchange={exchange === NONE ? undefined : exchange}
              onClick={() => laboratory.select({ kind: 'event', id: row })}
            >
              <NoteIcon level={code} />
              <span className="grow">
                <b>{ruleTitle(rule)}</b> by the {side}, byte {count(a)} of the{' '}
                {b === 0 ? 'request' : 'response'} stream
                {times === 1 ? null : `, and ${count(times - 1)} more like it`}
                <span className="says">{ruleSays(rule, source)}</span>
                <span className="hint">
                  {findRule(source) === null ? source : ruleTitle(source)} · connection {connection} ·{' '}
                  {moment(time)}
                </span>
              </span>
            </button>
          </li>
        );
      })}
      {total > LISTED ? <li className="hint note">and {count(total - LISTED)} more</li> : null}
    </ul>
  );
}

/** How many notes there are; of those that match, where a filter is set. */
export function NotesCount({ index }: { readonly index: NoteIndex }) {
  const { model } = useModel();
  const matcher = useMatcher(model);
  const takes = (row: number): boolean => matcher === null || matcher.takesNote(row);
  const yours = model.remarks.list().filter(({ row }) => takes(row)).length;
  return <>{count(yours + (matcher === null ? index.length : index.count(takes)))}</>;
}

function NoteIcon({ level }: { readonly level: number }) {
  if (level === NoteLevel.error) return <CircleX size={14} data-tone="error" role="img" aria-label="error" />;
  if (level === NoteLevel.warning)
    return <TriangleAlert size={14} data-tone="interim" role="img" aria-label="warning" />;
  return <Info size={14} data-tone="accent" role="img" aria-label="information" />;
}
