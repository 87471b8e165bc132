// Five clients that wait for the same job over HTTP/1.1, on the captured wire, each on connections of its own. Each goes on
// after a break; how late it tells is measured where its user would hear of it.

import { createParser as createEventParser, type EventSourceParser } from 'eventsource-parser';
import { WebSocket } from 'ws';
import { parseProgress } from '../../../shared/fields/progress.ts';
import { FieldFault } from '../../../shared/fields/fault.ts';
import { type Line, onLine } from '../../client/line.ts';
import { Operation } from '../../client/operation.ts';
import { repeat } from '../../client/repeat.ts';
import { runStrategy } from '../../client/run-strategy.ts';
import type { Observer, OperationResult } from '../../client/strategy.ts';
import { connectDuplex } from '../../wire/duplex.ts';
import { pause, pauseUntil } from '../../wire/pause.ts';
import { WireError } from '../../wire/types.ts';
import { patienceOf } from '../kit/requests.ts';
import type { ExperimentContext } from '../kit/types.ts';
import { toldBy } from '../kit/waiting.ts';
import type { StepTime, WayName } from './ways.ts';

/** Seconds for which a request of long polling is held at most. */
const HELD_SECONDS = 60;
/** Milliseconds from one such request to the next, where there was nothing new. */
const SHORTEST_INTERVAL = 250;
/** Connections that the WebSocket way opens at most. */
const MOST_SOCKETS = 20;
/** Longest pause (ms) before it opens the next. */
const PAUSE = 200;

/** What one way came to, as its user saw it. */
export interface Waited {
  readonly name: WayName;
  /** One sentence about what went wrong; null: the end was heard of. */
  readonly failed: string | null;
  readonly told: readonly StepTime[];
}

/** Waits for the job at that URL by all five ways, side by side. */
export function waitFiveWays(context: ExperimentContext, job: string, interval: number): Promise<Waited[]> {
  return Promise.all([
    shortPolling(context, job, interval),
    longPolling(context, job),
    serverSentEvents(context, job),
    processing(context, job),
    webSocket(context, job),
  ]);
}

/** What a way has learned so far. */
class Learning {
  readonly told: StepTime[] = [];
  over = false;
  readonly #context: ExperimentContext;

  constructor(context: ExperimentContext) {
    this.#context = context;
  }

  get done(): number {
    return this.told.at(-1)?.done ?? 0;
  }

  learned(done: number): void {
    if (done > this.done) this.told.push({ done, at: this.#context.clock.now() });
  }

  /** Takes in a status document. @returns what is wrong with it; null: nothing */
  heard(text: string): string | null {
    const told = toldBy(text);
    if (told === null) return 'The answer tells nothing of a job.';
    this.learned(told.done);
    this.over ||= told.state !== 'running';
    return null;
  }

  waited(name: WayName, failed: string | null): Waited {
    return { name, failed: this.over ? null : (failed ?? 'It ended before the job did.'), told: this.told };
  }
}

async function shortPolling(context: ExperimentContext, job: string, interval: number): Promise<Waited> {
  const learning = new Learning(context);
  const began = context.clock.now();
  const failed = await onLine(context, async (line) => {
    let wrong: string | null = null;
    // On a beat of its own, so that the time of an answer does not make the polls fewer.
    for (let poll = 1; !learning.over && wrong === null; poll++) {
      await pauseUntil(context, began + poll * interval);
      wrong = hear(learning, await ask(context, line, `${job}?tick=${interval}`));
    }
    return wrong;
  });
  return learning.waited('short polling', failed);
}

async function longPolling(context: ExperimentContext, job: string): Promise<Waited> {
  const learning = new Learning(context);
  const failed = await onLine(context, async (line) => {
    let wrong: string | null = null;
    while (!learning.over && wrong === null) {
      const { done } = learning;
      const asked = context.clock.now();
      const url = `${job}?wait=${HELD_SECONDS}&after=${done}`;
      wrong = hear(learning, await ask(context, line, url, HELD_SECONDS * 1000));
      // A server that holds nothing, and has nothing to tell, is not asked as fast as it answers.
      if (learning.done === done) await pauseUntil(context, asked + SHORTEST_INTERVAL);
    }
    return wrong;
  });
  return learning.waited('long polling', failed);
}

async function serverSentEvents(context: ExperimentContext, job: string): Promise<Waited> {
  const learning = new Learning(context);
  let parser: EventSourceParser | null = null;
  let decoder = new TextDecoder();
  const nonsense = new AbortController();
  const observer: Observer = {
    final: () => {
      decoder = new TextDecoder();
      parser = createEventParser({
        onEvent: ({ data }) => {
          const wrong = learning.heard(data);
          if (wrong !== null) nonsense.abort(wrong);
        },
      });
    },
    content: (bytes, from, to) => {
      parser?.feed(decoder.decode(bytes.subarray(from, to), { stream: true }));
      return null;
    },
  };
  const result = await runStrategy(
    'server-sent-events',
    { method: 'GET', url: `${job}/events`, fields: [], content: null },
    { patience: patienceOf(context), lastEvent: 'done' },
    { ...context, observer, signal: AbortSignal.any([context.signal, nonsense.signal]) },
  );
  const wrong = result.outcome === 'completed' ? null : result.reason;
  return learning.waited(
    'server-sent events',
    nonsense.signal.aborted ? String(nonsense.signal.reason) : wrong,
  );
}

async function processing(context: ExperimentContext, job: string): Promise<Waited> {
  const learning = new Learning(context);
  const observer: Observer = {
    interim: (head) => {
      const progress = parseProgress(head.field('progress') ?? '');
      if (!(progress instanceof FieldFault)) learning.learned(progress.numerator);
    },
  };
  const result = await onLine(context, (line) =>
    ask({ ...context, observer }, line, job, 0, [['Prefer', 'processing']]),
  );
  return learning.waited('102 Processing', hear(learning, result));
}

async function webSocket(context: ExperimentContext, job: string): Promise<Waited> {
  const learning = new Learning(context);
  let failed: string | null = null;
  for (let opened = 0; !learning.over && opened < MOST_SOCKETS && !context.signal.aborted; opened++) {
    if (opened > 0) await pause(context, PAUSE * context.random());
    failed = await openSocket(context, `${job}/socket`, learning);
  }
  return learning.waited('WebSocket', failed);
}

/** One connection of the WebSocket way, to its end. Null: it ended well. */
async function openSocket(
  context: ExperimentContext,
  url: string,
  learning: Learning,
): Promise<string | null> {
  const { hostname, port } = new URL(url);
  let duplex;
  try {
    duplex = await connectDuplex(hostname, Number(port === '' ? 80 : port), context);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return error.message;
  }
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { createConnection: () => duplex as never });
  const leave = (): void => socket.terminate();
  let silent = (): void => undefined;
  const heard = (): void => {
    silent();
    silent = context.clock.after(patienceOf(context), leave);
  };
  context.signal.addEventListener('abort', leave);
  heard();
  try {
    return await new Promise<string | null>((resolve) => {
      let failed: string | null = null;
      socket.on('upgrade', heard);
      socket.on('ping', heard);
      socket.on('message', (data) => {
        heard();
        failed ??= learning.heard(String(data as Buffer));
        if (failed !== null) leave();
      });
      socket.on('error', (error) => (failed ??= error.message));
      socket.on('close', (code) => resolve(failed ?? (code === 1000 ? null : `It was closed with ${code}.`)));
    });
  } finally {
    silent();
    context.signal.removeEventListener('abort', leave);
    duplex.destroy();
  }
}

/** One GET on a line, repeated until it is answered. @param allowed ms for which the server may hold it */
function ask(
  context: ExperimentContext & { readonly observer?: Observer },
  line: Line,
  url: string,
  allowed = 0,
  fields: readonly (readonly [string, string])[] = [],
): Promise<OperationResult> {
  return new Operation(
    { method: 'GET', url, fields, content: null },
    { patience: patienceOf(context) + allowed },
    context,
    repeat,
    line,
  ).run();
}

/** Takes in an answer. @returns what is wrong with it; null: nothing */
function hear(learning: Learning, { outcome, reason, final }: OperationResult): string | null {
  if (outcome !== 'completed' || final === null) return reason;
  return final.status === 200 ? learning.heard(new TextDecoder().decode(final.content)) : null;
}
