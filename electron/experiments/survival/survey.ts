// All probes of one way to the server: each status alone and several times in a row, and a request that expects 100. The
// statuses go side by side, the numbers of each one after the other on one connection, as long as that lasts.

import { MAX_TRIES } from '../../client/backoff.ts';
import { type Line, onLine } from '../../client/line.ts';
import type { WireContext } from '../../wire/types.ts';
import { type Heard, hear, type Probe } from './probe.ts';

export const STATUSES = [100, 102, 103, 104, 199] as const;
export const TIMES = [1, 3, 11, 20] as const;

/** How the probes of one status came out. */
export interface StatusSurvey {
  readonly status: number;
  /** In the order of {@link TIMES}; shorter where nothing came of the first two. */
  readonly heard: readonly { readonly times: number; readonly heard: Heard }[];
  /** Connections that had carried one answered probe gave no sign of life to the next. */
  readonly dead: boolean;
}

export interface Survey {
  readonly statuses: readonly StatusSurvey[];
  readonly expect: Heard;
}

export interface SurveyOptions {
  /**
   * Whether somebody is in between. If not, a break is no finding about anybody: somebody cut, or our own machine was held
   * up; the probe is repeated as any request would be.
   */
  readonly between: boolean;
  /** Where /interims is, without a query. */
  readonly url: string;
  /** Milliseconds without a byte after which a probe is taken for lost. */
  readonly patience: number;
  readonly signal: AbortSignal;
}

export async function survey(options: SurveyOptions, context: WireContext): Promise<Survey> {
  const stoppable = { ...context, signal: options.signal };
  const [expect, ...statuses] = await Promise.all([
    onLine(stoppable, (line) => askExpect(line, options)),
    ...STATUSES.map((status) => onLine(stoppable, (line) => askStatus(line, status, options))),
  ]);
  return { statuses, expect };
}

async function askStatus(line: Line, status: number, options: SurveyOptions): Promise<StatusSurvey> {
  const { url, patience, signal } = options;
  const heard: { times: number; heard: Heard }[] = [];
  /** Connections that gave no sign of life to a second probe, though the first one and a new connection did. */
  let silent = 0;
  let alive = false;
  for (const times of TIMES) {
    if (signal.aborted || (heard.length === 2 && heard.every((before) => isNothing(before.heard)))) break;
    const probe: Probe = {
      method: 'GET',
      url: `${url}?send=${status}&times=${times}`,
      content: null,
      patience,
    };
    // Where the one before spoils the connection, each probe has its own.
    if (options.between && isDead(silent, alive)) line.stop();
    let result = await hear(line, probe);
    const { reused, broke } = result;
    const nothing = isNothing(result);
    alive ||= reused && !nothing;
    result = await again(line, probe, result, options);
    if (reused && nothing && broke === 'silence' && !isNothing(result)) silent++;
    heard.push({ times, heard: result });
  }
  return { status, heard, dead: options.between && isDead(silent, alive) };
}

/** Once more for what anybody may have cut; what breaks twice is a finding, if there is anybody to find out about. */
async function again(
  line: Line,
  probe: Probe,
  first: Heard,
  { between, signal }: SurveyOptions,
): Promise<Heard> {
  let result = first;
  const most = between ? 1 : MAX_TRIES;
  for (let tries = 0; result.broke !== null && tries < most && !signal.aborted; tries++)
    result = await hear(line, probe);
  return result;
}

/** Once may be chance: our own machine may have been held up. */
function isDead(silent: number, alive: boolean): boolean {
  return silent >= 2 && !alive;
}

async function askExpect(line: Line, options: SurveyOptions): Promise<Heard> {
  const { url, patience } = options;
  const probe: Probe = {
    method: 'POST',
    url: `${url}?send=100&times=1`,
    content: { bytes: new TextEncoder().encode('hello'), hold: patience / 2 },
    patience,
  };
  return again(line, probe, await hear(line, probe), options);
}

/** Not a byte that could be read came. */
export function isNothing({ interim, final }: Heard): boolean {
  return interim.length === 0 && final === null;
}
