// The command line that runs an experiment again as a session ran it: its parameters, its target, and what was done to it
// by hand. Pure. It must never name what the command line would refuse.

import type { ExperimentInfo } from '../contract.ts';
import type { EventTable } from '../model/events.ts';
import { Kind, unpackFault } from '../model/events.ts';
import type { Model } from '../model/model.ts';
import { shellWord } from './shell.ts';
import { formatCutSpec, formatFaultSpec } from './specs.ts';

/** What a session says of the run that it holds (AboutRecord). */
interface Begun {
  readonly experiment: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly target?: string;
  readonly cuts?: readonly string[];
}

/** Cuts that one command line can name. */
const MOST_CUTS = 100;

/**
 * `interim run ID --set size=5 --cut client:out:content:1200:rst` for the newest run of a session. A cut by hand is named by
 * the byte that it struck at; a stall by hand ends when its user likes, and is left out. Words are quoted for a POSIX shell.
 * @returns null for a session that holds no run of a known experiment
 */
export function commandLine(model: Model, experiments: readonly ExperimentInfo[]): string | null {
  const start = newestRun(model);
  const info = experiments.find(({ id }) => id === start?.begun.experiment);
  if (start === null || info === undefined) return null;
  const { begun, row } = start;
  const words = ['interim', 'run', info.id];
  if (begun.target !== undefined) words.push('--target', begun.target);
  for (const { name, default: usual } of info.parameters) {
    const value = begun.parameters[name];
    if (value !== undefined && value !== usual) words.push('--set', `${name}=${String(value)}`);
  }
  const isOurs = begun.target === undefined;
  for (const spec of cutsOf(model.events, row, begun.cuts ?? []).slice(0, MOST_CUTS))
    if (isOurs || !spec.startsWith('server:')) words.push('--cut', spec);
  for (const spec of faultsOf(model.events, row))
    if (isOurs || !spec.startsWith('server:')) words.push('--fault', spec);
  const encoder = new TextEncoder();
  return words.map((word) => shellWord(encoder.encode(word))).join(' ');
}

function newestRun(model: Model): { readonly begun: Begun; readonly row: number } | null {
  for (let place = model.abouts.length - 1; place >= 0; place--) {
    const row = model.abouts.values[place]!;
    const about = JSON.parse(model.events.row(row).text) as Partial<Begun>;
    const { experiment, parameters } = about;
    if (experiment !== undefined && parameters !== undefined)
      return { begun: { ...about, experiment, parameters }, row };
  }
  return null;
}

/** The cuts that were planned, and those by hand. Naming any takes an experiment its own: then those that struck are named. */
function cutsOf(events: EventTable, from: number, planned: readonly string[]): readonly string[] {
  const struck: { readonly byHand: boolean; readonly spec: string }[] = [];
  const { kind, code, a, b } = events.columns;
  for (let row = from; row < events.length; row++) {
    if (kind[row] !== Kind.fault) continue;
    const { action, cut, origin, end, direction } = unpackFault(code[row]!);
    if (action !== 'cut' || cut === null || origin === 'server') continue;
    const content = !Number.isNaN(b[row]!);
    const at = content ? b[row]! : a[row]!;
    struck.push({ byHand: origin === 'user', spec: formatCutSpec({ end, direction, at, content, cut }) });
  }
  const byHand = struck.filter((one) => one.byHand);
  if (byHand.length === 0) return planned;
  // `none` stands alone: beside others it is no cut.
  return planned.length > 0
    ? [...planned.filter((spec) => spec !== 'none'), ...byHand.map(({ spec }) => spec)]
    : struck.map(({ spec }) => spec);
}

/** What disturbed a direction of an end by hand, each kind as it first stood there. */
function faultsOf(events: EventTable, from: number): readonly string[] {
  const found = new Map<string, string>();
  const { kind, code, a } = events.columns;
  for (let row = from; row < events.length; row++) {
    if (kind[row] !== Kind.fault) continue;
    const { action, origin, end, direction } = unpackFault(code[row]!);
    if (origin !== 'user' || action === 'cut' || action === 'stall' || action === 'resume') continue;
    const figure = action === 'corrupt' ? a[row]! : Number(events.row(row).text);
    const place = `${end} ${direction} ${action}`;
    const isNamed = action === 'corrupt' ? direction === 'out' : figure > 0;
    if (isNamed && !found.has(place)) found.set(place, formatFaultSpec({ end, direction, action, figure }));
  }
  return [...found.values()];
}
