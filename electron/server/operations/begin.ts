// A request that starts a job and whose content has no meaning: it is read and thrown away, and the job starts when
// all of it is there.

import { answerByJob } from './answers.ts';
import { expectsContinue, meetsExpectation } from '../http/announced.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Work } from './operation.ts';
import { readPreferences } from './preferences.ts';
import { refuse } from '../http/refuse.ts';
import type { ServerCore } from '../router.ts';

interface Beginning {
  readonly work: Work;
  /** Path of the status document, from the identifier. */
  readonly statusPath: (id: string) => string;
}

export function beginJob(exchange: Exchange, core: ServerCore, { work, statusPath }: Beginning): void {
  if (!meetsExpectation(exchange)) return;
  const operation = core.operations.create({
    exchange,
    preferences: readPreferences(exchange),
    work,
    naming: 'unguessable',
    statusPath,
    upload: null,
    credentials: null,
  });
  if (operation === null) {
    const sentence = `The ${work.worker} has too much to do: try again later.`;
    refuse(exchange, 503, sentence, [['Retry-After', '60']]);
    return;
  }
  if (expectsContinue(exchange)) void exchange.interim(100, []);
  exchange.receive({
    content: () => {},
    end: (complete) => {
      if (!complete) {
        core.operations.remove(operation);
        return;
      }
      operation.begin();
      const { job, statusPath: status } = operation;
      if (job !== null) answerByJob(exchange, core, operation, { job, status });
    },
  });
}
