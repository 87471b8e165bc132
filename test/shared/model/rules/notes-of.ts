// The notes that records give, as objects.

import type { CaptureRecord } from '../../../../shared/capture/records.ts';
import { Deriver } from '../../../../shared/model/derive.ts';
import { EventTable, Kind } from '../../../../shared/model/events.ts';

export interface Noted {
  readonly rule: string;
  readonly by: string;
  readonly source: string;
  readonly level: number;
  readonly at: number;
  readonly stream: number;
  readonly connection: number;
}

export function notesOf(records: readonly CaptureRecord[]): Noted[] {
  const table = new EventTable();
  const deriver = new Deriver(table);
  for (const record of records) deriver.feed(record);
  return notesIn(table);
}

export function notesIn(table: EventTable): Noted[] {
  const notes: Noted[] = [];
  for (let row = 0; row < table.length; row++) {
    const { kind, text, code: level, a: at, b: stream, connection } = table.row(row);
    if (kind !== Kind.note) continue;
    const [rule = '', by = '', source = ''] = text.split('|');
    notes.push({ rule, by, source, level, at, stream, connection });
  }
  return notes;
}
