// Conformance notes of an operation, the severest first; each leads to its event.

import { CircleX, Info, TriangleAlert } from 'lucide-react';
import { NoteLevel } from '../../shared/model/events.ts';
import type { Operation } from '../../shared/model/model.ts';
import { useLaboratory, useModel } from '../stores/context.ts';
import { count, moment } from '../timeline/format.ts';

/** Notes listed at most; the rest is counted. */
const LISTED = 500;

export function Notes({ operation }: { readonly operation: Operation | null }) {
  const laboratory = useLaboratory();
  const { model } = useModel();
  const { columns } = model.events;
  const total = operation?.notes.length ?? 0;
  const rows = Array.from(operation?.notes.values.subarray(0, Math.min(total, LISTED)) ?? []);
  rows.sort((one, other) => columns.code[other]! - columns.code[one]! || one - other);
  return (
    <ul className="notes" aria-label="Notes">
      {rows.map((row) => {
        const { text, code, time, a, b } = model.events.row(row);
        const [violation = '', side = '', rfc = ''] = text.split('|');
        return (
          <li key={row}>
            <button
              type="button"
              className="note"
              onClick={() => laboratory.select({ kind: 'event', id: row })}
            >
              <NoteIcon level={code} />
              <span className="grow">
                <b>{violation.replaceAll('-', ' ')}</b> by the {side}, byte {count(a)} of the{' '}
                {b === 0 ? 'request' : 'response'} stream
                <span className="hint">
                  {rfc} · {moment(time)}
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

function NoteIcon({ level }: { readonly level: number }) {
  if (level === NoteLevel.error) return <CircleX size={14} data-tone="error" role="img" aria-label="error" />;
  if (level === NoteLevel.warning)
    return <TriangleAlert size={14} data-tone="interim" role="img" aria-label="warning" />;
  return <Info size={14} data-tone="accent" role="img" aria-label="information" />;
}
