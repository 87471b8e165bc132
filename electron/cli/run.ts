// `interim run`: one experiment, against the embedded test server or a server of the user's own.

import { findExperiment, experiments } from '../experiments/index.ts';
import { begun } from '../experiments/kit/begun.ts';
import { runExperiment } from '../experiments/kit/run.ts';
import type { Experiment } from '../experiments/kit/types.ts';
import { apart, disturbAll, embeddedServer, laboratory } from './laboratory.ts';
import { tableText } from './table-text.ts';
import { forTerminal, summary, timeline } from './text.ts';
import { type Command, cuts, faults, isAtServer, options, UsageError, wholeNumber } from './usage.ts';

/** `--cut none`: not even the cuts that the experiment makes by itself. */
const NO_CUT = 'none' as const;

export const runCommand: Command = async (args, io) => {
  const { values, positionals } = options(
    args,
    {
      target: { type: 'string' },
      set: { type: 'string', multiple: true },
      cut: { type: 'string', multiple: true },
      fault: { type: 'string', multiple: true },
      seed: { type: 'string' },
      json: { type: 'boolean' },
      out: { type: 'string' },
      har: { type: 'string' },
    },
    { least: 1, most: 1, what: 'the id of one experiment: interim run ID (interim list shows them)' },
  );
  const id = positionals[0]!;
  const experiment = findExperiment(id);
  if (experiment === null)
    throw new UsageError(
      `There is no experiment “${id}”; there are ${experiments.map((known) => known.info.id).join(', ')}.`,
    );
  const parameters = parametersOf(experiment, values.set ?? []);
  const uncut = values.cut?.length === 1 && values.cut[0] === NO_CUT;
  const specs = uncut ? [] : cuts(values.cut);
  const target = targetOf(values.target);
  if (target !== null && specs.some((spec) => spec.end === 'server'))
    throw new UsageError(
      'A server: cut needs the embedded test server; with --target only client: cuts can be made.',
    );
  const disturbances = faults(values.fault);
  if (target !== null && disturbances.some(isAtServer))
    throw new UsageError(
      'A server: fault needs the embedded test server; with --target only client: faults can be made.',
    );
  const seed =
    values.seed === undefined ? Date.now() % 2 ** 32 : wholeNumber('seed', values.seed, 0, 2 ** 32 - 1);

  await apart(values.out, values.har);

  let told = 0;
  /** The last word is what the run came to: that connections are ended behind it is no part of it. */
  let over = false;
  const talk = values.json === true ? undefined : tell;
  const lab = await laboratory(experiment.info.title, values, io, () => talk?.());
  function tell(): void {
    if (over) return;
    const model = lab.fold();
    for (const line of timeline(model, told)) io.out(`${line}\n`);
    told = model.folded;
  }
  const server = await embeddedServer(lab.context).catch(async (error: unknown) => {
    await lab.close();
    throw error;
  });
  try {
    lab.view.recorder.about(begun(experiment.info, { parameters, target, cuts: uncut ? NO_CUT : specs }));
    disturbAll(lab.context, disturbances);
    const { result, checks, tables } = await runExperiment(experiment, {
      ...lab.context,
      server,
      target,
      parameters,
      cuts: specs.length === 0 && !uncut ? null : specs,
      random: seeded(seed),
      signal: io.signal,
      model: () => lab.fold(),
    });
    lab.view.recorder.about({ experiment: id, ...result, checks, tables });
    const failed = result.outcome !== 'completed' || checks.some((check) => check.level === 'error');
    if (values.json === true) {
      const document = await lab.report({
        experiment: id,
        outcome: result.outcome,
        reason: result.reason,
        checks,
        tables,
        digest: result.digest,
      });
      io.out(`${JSON.stringify(document, null, 2)}\n`);
    } else {
      tell();
      over = true;
      io.out(`\n${summary(lab.fold()).join('\n')}\n`);
      for (const table of tables) io.out(`\n${tableText(table).map(forTerminal).join('\n')}\n\n`);
      for (const check of checks) io.out(`${check.level.padEnd(7)} ${forTerminal(check.message)}\n`);
      io.out(`${result.outcome}: ${forTerminal(result.reason)}\n`);
    }
    return failed ? 1 : 0;
  } finally {
    await server.close();
    await lab.close();
  }
};

/** Every declared parameter, from `--set` or by default. */
function parametersOf(
  experiment: Experiment,
  texts: readonly string[],
): Record<string, string | number | boolean> {
  const { parameters } = experiment.info;
  const found: Record<string, string | number | boolean> = {};
  for (const { name, default: value } of parameters) found[name] = value;
  for (const text of texts) {
    const equals = text.indexOf('=');
    const name = equals === -1 ? text : text.slice(0, equals);
    const declared = parameters.find((parameter) => parameter.name === name);
    if (equals === -1 || declared === undefined)
      throw new UsageError(
        `--set takes NAME=VALUE; ${experiment.info.id} knows ${parameters.map((known) => known.name).join(', ') || 'no parameter'}, not “${text}”.`,
      );
    found[name] = valueOf(declared, text.slice(equals + 1));
  }
  return found;
}

function valueOf(
  declared: Experiment['info']['parameters'][number],
  text: string,
): string | number | boolean {
  const { name, type, minimum = -Infinity, maximum = Infinity, choices } = declared;
  if (type === 'boolean') {
    if (text !== 'true' && text !== 'false')
      throw new UsageError(`--set ${name} takes true or false, not “${text}”.`);
    return text === 'true';
  }
  if (type === 'string') {
    if (choices !== undefined && !choices.includes(text))
      throw new UsageError(`--set ${name} takes ${choices.join(', ')}, not “${text}”.`);
    return text;
  }
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || value < minimum || value > maximum)
    throw new UsageError(`--set ${name} takes a whole number from ${minimum} to ${maximum}, not “${text}”.`);
  return value;
}

function targetOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!URL.canParse(text) || !['http:', 'https:'].includes(new URL(text).protocol))
    throw new UsageError(
      `--target takes an http or https URL such as http://127.0.0.1:18080/test/2, not “${text}”.`,
    );
  return text;
}

/** A small seeded generator (mulberry32): the same seed, the same run. 0 ≤ x < 1. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
