// The run that a session holds as a command line on the clipboard. Decides nothing: shared/export writes it.

import { commandLine } from '../../shared/export/command-line.ts';
import type { Laboratory } from '../stores/laboratory.ts';
import { copyText } from './copy.ts';

/** The command line of the run that is looked at; null: there is none. */
function shownCommandLine({ feed, engine }: Pick<Laboratory, 'feed' | 'engine'>): string | null {
  return commandLine(feed.store.getState().model, engine.getState().experiments);
}

/** Copies it, and says what is to be done with it. */
export async function copyCommandLine(laboratory: Laboratory): Promise<void> {
  const line = shownCommandLine(laboratory);
  if (line === null) {
    laboratory.notices.tell('info', 'This session holds no run: run an experiment first.');
    return;
  }
  const done =
    'The command line was copied. In a checkout, npm run -s interim -- takes the place of interim.';
  if (await copyText(laboratory, line, done)) laboratory.notices.tell('info', done);
}
