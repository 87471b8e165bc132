// Notes that people write beside a session, live or opened: checked, recorded, and never lost when something else is looked
// at. What they are beside is told by whoever asks; decides nothing of that.

import { join } from 'node:path';
import {
  LONGEST_REMARK,
  MOST_REMARK_RECORDS,
  MOST_REMARKS,
  remarkFault,
} from '../../shared/capture/remark.ts';
import type { CommandArgs } from '../../shared/contract.ts';
import { saveSession } from '../session/save.ts';
import { fileName } from './names.ts';
import type { View } from './view.ts';

/** Records a note; its number. Throws an Error whose message is for the user. */
export function writeRemark(view: View, { id, connection, beside, text }: CommandArgs<'remark'>): number {
  const { remarks } = view.model;
  const fault = remarkFault(text);
  if (fault !== null) throw new Error(fault);
  if (id === null && text.trim() === '') throw new Error('A note needs words: write some, or close it.');
  if (id !== null && id >= remarks.next) throw new Error('That note is of another session: write it anew.');
  if (view.remarksRefused !== null) throw new Error(view.remarksRefused);
  const number = id ?? remarks.next;
  if (number > MOST_REMARKS)
    throw new Error(
      `A session has ${MOST_REMARKS.toLocaleString('en-US')} notes at most: add to one that is there, up to ${LONGEST_REMARK.toLocaleString('en-US')} characters each.`,
    );
  if (remarks.rows >= MOST_REMARK_RECORDS)
    throw new Error(
      `The notes of a session can be written and changed ${MOST_REMARK_RECORDS.toLocaleString('en-US')} times in all: begin a new session.`,
    );
  view.remark({ id: number, connection, beside, text: text.trim() === '' ? '' : text });
  return number;
}

/**
 * Closes what was looked at. Notes on a file that was not saved are kept all the same: in a copy among the recordings.
 * @param tell what became of them, in a sentence
 */
export async function leaveView(
  view: View,
  folder: string,
  tell: (push: 'news' | 'problem', message: string) => void,
): Promise<void> {
  if (view.hasUnsavedRemarks && view.file !== null) {
    const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-').slice(0, 23);
    const copy = join(folder, `${stamp} ${fileName(`${view.name} (with notes)`)}.pcapng`);
    try {
      await saveSession(view.file, copy, view.added());
      tell('news', `Your notes on “${view.name}” were not saved: a copy with them is among the sessions.`);
    } catch (error) {
      tell('problem', error instanceof Error ? error.message : String(error));
    }
  }
  await view.close();
}
