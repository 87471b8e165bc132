// A job told by 102s with Progress, and its status when it has ended. Shares out the interim responses that one request
// may have over the changes that are still to come.

import type { Exchange } from '../http/exchange.ts';
import type { WaitingJob } from './job.ts';
import { answerStatus, statusProgress } from './status.ts';

export function tellByInterims(exchange: Exchange, job: WaitingJob): void {
  /** The change from which on the next 102 is due. */
  let next = job.version;
  const look = (): void => {
    const status = job.status();
    if (status.state !== 'running') {
      leave();
      answerStatus(exchange, job, status, null);
    } else if (status.version >= next && exchange.interimsLeft > 0) {
      void exchange.interim(102, [['Progress', statusProgress(status)]]);
      const { interimsLeft } = exchange;
      const changes = job.last - 1 - status.version;
      next =
        status.version + (interimsLeft === 0 ? Infinity : Math.max(1, Math.ceil(changes / interimsLeft)));
    }
  };
  const leave = job.follow(look);
  exchange.whenOver(leave);
  look();
}
