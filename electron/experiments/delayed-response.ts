// The experiment `delayed-response`: one response that is not ready yet, silent or with a space now and then, and what
// becomes of it: a result of any kind, an error, a time-out, a client that goes away.

import type { Check } from '../../shared/contract.ts';
import { BarKind, type Model } from '../../shared/model/model.ts';
import { counted } from '../../shared/counted.ts';
import { MAX_TRIES, backoff } from '../client/backoff.ts';
import { runStrategy } from '../client/run-strategy.ts';
import type {
  FinalResponse,
  OperationRequest,
  OperationResult,
  StrategyOptions,
} from '../client/strategy.ts';
import { check, faults } from './kit/checks.ts';
import { PATIENCE } from './kit/parameters.ts';
import { pause } from '../wire/pause.ts';
import { ask, patienceOf } from './kit/requests.ts';
import type { Experiment, ExperimentContext } from './kit/types.ts';
import { finishedBy } from './kit/waiting.ts';

/** How the server says that it ended. */
interface Ending {
  readonly how: string;
  readonly milliseconds: number;
  readonly polls: number;
}

/** What is to be seen, by the parameters. */
interface Due {
  readonly how: 'done' | 'error' | 'cancel' | 'abort';
  /** Null: the client is not there any more. */
  readonly status: number | null;
  /** The content comes to its end. */
  readonly whole: boolean;
  readonly spaces: number;
}

/** Questions after how it ended: the server may hear later of a client that went than of the next request. */
const MOST_QUESTIONS = 20;
const TEXTS: Readonly<Record<string, string>> = {
  text: 'The result.',
  buffer: 'The result.',
  promise: 'The result.',
  json: '{"result":"The result."}',
  null: '',
};

function milliseconds(name: string, title: string, help: string, value: number, minimum = 0) {
  return { name, title, help, type: 'number', default: value, minimum, maximum: 600_000 } as const;
}

export const delayedResponse: Experiment = {
  stores: false,
  info: {
    id: 'delayed-response',
    title: 'A delayed response',
    group: 'streaming',
    teaches:
      'The result takes its time, and the connection must not be taken for dead: so the server answers 202 before it knows ' +
      'anything, and writes a space at each interval until the result is there. Blanks before JSON mean nothing; but the ' +
      'status is said, and an error that comes later can only break the content off. Who waits silently instead keeps the ' +
      'status free, and is cancelled by 202 when there is no time left.',
    sources: [
      'http-delayed-response',
      'RFC 9110 §15.3.3 (202)',
      'RFC 8259 §2 (blanks before JSON)',
      'RFC 9112 §8 (incomplete messages)',
    ],
    parameters: [
      {
        name: 'style',
        title: 'Style',
        help: 'wait: silently, with whatever status is right in the end. start: 202 and spaces from the beginning.',
        type: 'string',
        default: 'start',
        choices: ['wait', 'start'],
      },
      milliseconds('after', 'After', 'Milliseconds until there is a result.', 950),
      milliseconds('interval', 'Interval', 'Milliseconds from one space to the next.', 100, 1),
      milliseconds('initial', 'Initial delay', 'Milliseconds before the first interval begins.', 100),
      milliseconds('timeout', 'Time-out', 'Milliseconds after which it is cancelled; 0: never.', 0),
      {
        name: 'result',
        title: 'Result',
        help: 'What it ends with: text, an object as JSON, bytes, a stream, nothing, a promise; an error, or a promise that is rejected.',
        type: 'string',
        default: 'json',
        choices: ['text', 'json', 'buffer', 'stream', 'null', 'promise', 'error', 'reject'],
      },
      {
        name: 'leaves',
        title: 'The client leaves',
        help: 'Half-way to the result the client resets the connection: the server stops its timers.',
        type: 'boolean',
        default: false,
      },
      PATIENCE,
    ],
    cuts: [
      {
        label: 'Among the spaces',
        specs: [{ end: 'client', direction: 'in', at: 140, content: false, cut: 'rst' }],
      },
      {
        label: 'In the head',
        specs: [{ end: 'server', direction: 'out', at: 40, content: false, cut: 'fin' }],
      },
    ],
  },

  async run(context) {
    const { target } = context;
    const name = `n${Math.floor(context.random() * 2 ** 32).toString(36)}`;
    const due = dueIn(context);
    const url = target ?? urlOf(context, name);
    const result = await asked(context, url, due);
    if (
      context.signal.aborted ||
      (result.final === null && due.status !== null && result.outcome !== 'completed')
    )
      return finishedBy(result);
    if (target !== null) return finishedBy(result, { observed: [spacesTold(result.final)] });
    const ending = await endingOf(context, name);
    const model = context.model();
    const disturbed = faults(model).number > 0 || !isArrived(model);
    return finishedBy(
      { outcome: 'completed', reason: reasonFor(due, result) },
      {
        observed: [
          endCheck(due, ending, disturbed),
          ...(due.status === null ? [] : contentChecks(context, due, result)),
        ],
      },
    );
  },

  expect(model, _result, context) {
    if (context.target !== null) return [];
    const due = dueIn(context);
    const answer = model.exchanges.find(
      ({ target, status }) => target.startsWith('/delayed?') && status !== null,
    );
    if (due.status === null) return [];
    return [
      check(
        'status',
        answer?.status === due.status,
        `The status was ${answer?.status ?? 'none'}; ${due.status} was due.`,
        faults(model).number > 0 ? 'info' : 'error',
      ),
    ];
  },
};

function urlOf({ server, parameters }: ExperimentContext, name: string): string {
  const { style, after, interval, initial, timeout, result } = parameters;
  return (
    `${server.url}/delayed?style=${style}&after=${after}&interval=${interval}&initial=${initial}` +
    `&timeout=${timeout}&result=${result}&name=${name}`
  );
}

function dueIn({ parameters }: ExperimentContext): Due {
  const starts = parameters['style'] === 'start';
  const after = Number(parameters['after']);
  const timeout = Number(parameters['timeout']);
  const late = timeout > 0 && timeout < after;
  const end = late ? timeout : after;
  // The first comes one interval behind the initial delay; one at the very end comes too late.
  const beats = Math.ceil((end - Number(parameters['initial'])) / Number(parameters['interval'])) - 1;
  const spaces = starts ? Math.max(0, beats) : 0;
  if (parameters['leaves'] === true) return { how: 'abort', status: null, whole: false, spaces };
  if (late) return { how: 'cancel', status: 202, whole: true, spaces };
  const fails = parameters['result'] === 'error' || parameters['result'] === 'reject';
  if (fails) return { how: 'error', status: spaces > 0 ? 202 : 500, whole: spaces === 0, spaces };
  return { how: 'done', status: starts ? 202 : 200, whole: true, spaces };
}

/** The request: repeated after a break, unless a break is what is to be seen; then only until there is an answer. */
async function asked(context: ExperimentContext, url: string, due: Due): Promise<OperationResult> {
  const request = { method: 'GET', url, fields: [], content: null };
  const options = { patience: patienceOf(context) + Number(context.parameters['after']) };
  if (context.target !== null || due.whole) return runStrategy('repeat', request, options, context);
  if (due.how === 'abort') return leaving(context, request, options);
  for (let tries = 1; ; tries++) {
    const result = await runStrategy('plain', request, options, context);
    if (result.outcome !== 'failed' || result.final !== null) return result;
    if (tries === MAX_TRIES || context.signal.aborted) return result;
    await pause(context, backoff(tries, context.random()));
  }
}

/** The same by a client that goes away half-way to the result. */
async function leaving(
  context: ExperimentContext,
  request: OperationRequest,
  options: StrategyOptions,
): Promise<OperationResult> {
  const { clock, parameters, signal } = context;
  const left = new AbortController();
  let cancel = (): void => {};
  try {
    return await runStrategy('plain', request, options, {
      ...context,
      signal: AbortSignal.any([signal, left.signal]),
      observer: {
        step: (name) => {
          if (name === 'begin') cancel = clock.after(Number(parameters['after']) / 2, () => left.abort());
        },
      },
    });
  } finally {
    cancel();
  }
}

/** The server has read the request: before that there is nothing that could end. */
function isArrived(model: Model): boolean {
  return model.exchanges.some(
    ({ target, bars }) => target.startsWith('/delayed?') && bars[BarKind.requestReceived]! >= 0,
  );
}

/** How the last response of that name ended, as the server says; null: it says nothing. */
async function endingOf(context: ExperimentContext, name: string): Promise<Ending | null> {
  for (let questions = 1; questions <= MOST_QUESTIONS && !context.signal.aborted; questions++) {
    const { final } = await ask(context, 'GET', `${context.server.url}/delayed/ends?name=${name}`);
    const endings = final === null ? [] : (JSON.parse(new TextDecoder().decode(final.content)) as Ending[]);
    const ending = endings.at(-1);
    if (ending !== undefined) return ending;
    await pause(context, 100);
  }
  return null;
}

function endCheck(due: Due, ending: Ending | null, disturbed: boolean): Check {
  return check(
    'ending',
    ending?.how === due.how,
    ending === null
      ? 'The server says nothing of how it ended.'
      : `The server says that it ended by “${ending.how}”, after ${ending.milliseconds} ms and ${counted(ending.polls, 'heartbeat')}; “${due.how}” was due.`,
    disturbed ? 'info' : 'error',
  );
}

function contentChecks(context: ExperimentContext, due: Due, { final, outcome }: OperationResult): Check[] {
  const disturbed = faults(context.model()).number > 0;
  const otherwise = disturbed ? 'info' : 'error';
  const content = new TextDecoder().decode(final?.content);
  const spaces = content.length - content.trimStart().length;
  const checks = [
    check(
      'spaces',
      spaces <= due.spaces,
      `${counted(spaces, 'space')} came; ⌈(end − initial) / interval⌉ − 1 = ${due.spaces} were due.`,
      otherwise,
    ),
    check(
      'whole',
      (outcome !== 'failed') === due.whole,
      due.whole
        ? `The content came ${outcome === 'failed' ? 'not whole' : 'whole'}.`
        : `The content ${outcome === 'failed' ? 'broke off' : 'came to its end'}: once the head is out, that is the only way to say that it went wrong.`,
      otherwise,
    ),
  ];
  const text = TEXTS[String(context.parameters['result'])];
  if (due.how === 'done' && text !== undefined)
    checks.push(
      check(
        'result',
        content.trim() === text,
        `Behind the spaces: ${content.trim() === '' ? 'nothing' : content.trim().slice(0, 100)}.`,
        otherwise,
      ),
    );
  return checks;
}

function spacesTold(final: FinalResponse | null): Check {
  const content = new TextDecoder().decode(final?.content);
  const spaces = content.length - content.trimStart().length;
  return {
    id: 'spaces',
    level: 'info',
    message: `The answer ${final?.status ?? 'never came'} begins with ${counted(spaces, 'space')}.`,
  };
}

function reasonFor(due: Due, { reason }: OperationResult): string {
  switch (due.how) {
    case 'abort':
      return 'The client left before there was a result.';
    case 'error':
      return `The work failed, and the client saw: ${reason}`;
    case 'cancel':
      return 'There was no time left: 202 said so.';
    case 'done':
      return 'The result came.';
  }
}
