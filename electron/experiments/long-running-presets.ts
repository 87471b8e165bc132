// The experiment `long-running-presets`: the same operation, told of in the four ways that clients of well-known interfaces
// meet, and one client that finds out by the first answer which of them it is.

import type { Check, ResultTable } from '../../shared/contract.ts';
import { grouped } from '../../shared/model/story-words.ts';
import { counted } from '../../shared/counted.ts';
import type { FieldLines } from '../../shared/http1/writer.ts';
import { bytesContent } from '../client/content.ts';
import { type Followed, follow } from '../client/waiting/follow-operation.ts';
import type { OperationStyle } from '../client/waiting/operation-styles.ts';
import { check, faults } from './kit/checks.ts';
import { type Cost, costOf } from './kit/cost.ts';
import { PATIENCE } from './kit/parameters.ts';
import { patienceOf } from './kit/requests.ts';
import type { Experiment, ExperimentContext, ExperimentResult } from './kit/types.ts';

const PRESETS = ['polling', 'azure', 'aip151', 'incremental'] as const satisfies readonly OperationStyle[];

const PATHS: Readonly<Record<OperationStyle, string>> = {
  polling: '/presets/polling',
  azure: '/presets/azure',
  aip151: '/presets/aip151/v1/reports:build',
  incremental: '/presets/incremental',
};

const TITLES: Readonly<Record<OperationStyle, string>> = {
  polling: '202 and Location',
  azure: 'Azure',
  aip151: 'AIP-151',
  incremental: 'Incremental',
};

interface Preset {
  readonly preset: OperationStyle | 'target';
  readonly followed: Followed;
  readonly cost: Cost;
}

export const longRunningPresets: Experiment = {
  info: {
    id: 'long-running-presets',
    title: 'Long-running operations',
    group: 'progress',
    teaches:
      'An operation that takes long is told of differently by everybody: a 202 with a Location that ends in 303 See Other; ' +
      'the Operation-Location of Azure, whose status document says Succeeded; Google’s AIP-151, whose JSON says done and ' +
      'holds the result; or one answer that grows, with Incremental: ?1 so that nobody holds it back. One client follows ' +
      'them all: the first answer shows which it is. A request that carries a key may be sent again when its answer was lost.',
    sources: [
      'RFC 9110 §15.3.3 (202), §15.4.4 (303), §10.2.3 (Retry-After)',
      'Microsoft REST API Guidelines (long-running operations), Azure Resource Manager (Azure-AsyncOperation)',
      'Google AIP-151',
      'RFC 10036 (Incremental)',
      'draft-ietf-httpapi-idempotency-key-header, OASIS Repeatable Requests 1.0',
    ],
    parameters: [
      {
        name: 'preset',
        title: 'Preset',
        help: 'Which way to tell of the operation, or all of them side by side. Without meaning for a target of your own: what it does shows by its answer.',
        type: 'string',
        default: 'all',
        choices: ['all', ...PRESETS],
      },
      {
        name: 'fail',
        title: 'Fail',
        help: 'Whether the operation fails in its last step.',
        type: 'boolean',
        default: false,
      },
      {
        name: 'steps',
        title: 'Steps',
        help: 'Steps of the operation.',
        type: 'number',
        default: 4,
        minimum: 1,
        maximum: 100,
      },
      {
        name: 'step',
        title: 'Step',
        help: 'Milliseconds that a step takes.',
        type: 'number',
        default: 400,
        minimum: 10,
        maximum: 60_000,
      },
      PATIENCE,
    ],
    cuts: [
      {
        label: 'In the first answer: the request is sent again, under its key',
        specs: [{ end: 'client', direction: 'in', at: 120, content: false, cut: 'rst' }],
      },
      {
        label: 'In an answer about the operation',
        specs: [{ end: 'server', direction: 'out', at: 600, content: false, cut: 'fin' }],
      },
    ],
  },
  stores: false,

  async run(context) {
    const { target, parameters } = context;
    const wanted =
      target === null
        ? PRESETS.filter((preset) => [preset, 'all'].includes(String(parameters['preset'])))
        : (['target'] as const);
    const presets = await Promise.all(wanted.map((preset) => followed(context, preset)));
    return {
      result: resultOf(presets, context),
      observed: presets.map((preset) => checkOf(preset, context)),
      tables: [tableOf(presets)],
    };
  },

  expect(model, _result, context) {
    const posts = model.exchanges.filter(({ method }) => method === 'POST').length;
    const asked = new Set(
      model.exchanges.flatMap(({ target }) => (/^\/presets\/.+\/operations\//.test(target) ? [target] : [])),
    );
    const ways = new Set(Array.from(asked, (target) => target.replace(/[^/]+$/, '')));
    return [
      check(
        'once',
        asked.size === ways.size,
        `${counted(posts, 'POST')} and ${counted(faults(model).number, 'fault')}: ` +
          (asked.size === ways.size
            ? 'no operation was begun twice.'
            : `${asked.size} operations were asked for in ${counted(ways.size, 'way')}.`),
        context.target === null ? 'error' : 'info',
      ),
    ];
  },
};

async function followed(context: ExperimentContext, preset: Preset['preset']): Promise<Preset> {
  const { parameters, server, target } = context;
  const steps = Number(parameters['steps']);
  const url = preset === 'target' ? (target ?? '') : urlOf(server.url + PATHS[preset], steps, parameters);
  const outcome = await follow(
    {
      method: 'POST',
      url,
      fields: [['Content-Type', 'application/json'], ...keyFor(context, preset)],
      content: bytesContent(new TextEncoder().encode('{}')),
    },
    { patience: patienceOf(context) },
    context,
  );
  const prefix = preset === 'target' ? '' : `/presets/${preset}`;
  return { preset, followed: outcome, cost: costOf(context.model(), (one) => one.target.startsWith(prefix)) };
}

function urlOf(at: string, steps: number, parameters: ExperimentContext['parameters']): string {
  const fail = parameters['fail'] === true ? `&fail=${steps}` : '';
  return `${at}?steps=${steps}&step=${Number(parameters['step'])}${fail}`;
}

/** By which the server knows the request again; each world has its own. */
function keyFor({ random }: ExperimentContext, preset: Preset['preset']): FieldLines {
  const key = `${preset}-${Math.floor(random() * 2 ** 32).toString(16)}`;
  return preset === 'azure'
    ? [
        ['Repeatability-Request-ID', key],
        ['Repeatability-First-Sent', new Date().toUTCString()],
      ]
    : [['Idempotency-Key', `"${key}"`]];
}

/** Did it end as it was to? To whom it was to fail, its failure is no failure of the run. */
function isMet({ preset, followed: { result, style, told } }: Preset, context: ExperimentContext): boolean {
  if (preset === 'target') return told !== null;
  const outcome = context.parameters['fail'] === true ? 'refused' : 'completed';
  return style === preset && told !== null && result.outcome === outcome;
}

function resultOf(presets: readonly Preset[], context: ExperimentContext): ExperimentResult {
  const digest = { sent: null, stored: null };
  const astray = presets.find((preset) => !isMet(preset, context));
  if (astray !== undefined) {
    const { outcome, reason } = astray.followed.result;
    return {
      outcome: outcome === 'completed' ? 'failed' : outcome,
      reason: `${titleOf(astray)}: ${reason}`,
      digest,
    };
  }
  const end = context.parameters['fail'] === true && context.target === null ? 'failure' : 'end';
  const what = presets.length === 1 ? 'The operation was' : `All ${presets.length} operations were`;
  return { outcome: 'completed', reason: `${what} followed to the ${end}.`, digest };
}

function checkOf(preset: Preset, context: ExperimentContext): Check {
  const { style, told, result } = preset.followed;
  const known =
    style === null ? 'its first answer tells of no operation' : `its first answer shows ${TITLES[style]}`;
  return check(
    `preset-${preset.preset}`,
    isMet(preset, context),
    `${titleOf(preset)}: ${known}; ${told === null ? result.reason : `${told} says that it is over.`}`,
    preset.preset === 'target' ? 'info' : 'error',
  );
}

function tableOf(presets: readonly Preset[]): ResultTable {
  return {
    title: 'The same operation, told of in different ways',
    columns: ['Way', 'Requests', 'Bytes', 'What says that it is over', 'Where the result is', 'Outcome'],
    rows: presets.map((preset) => {
      const {
        followed: { at, told, result },
        cost,
      } = preset;
      return [
        titleOf(preset),
        String(cost.requests),
        grouped(cost.bytes),
        told ?? 'nothing',
        at === null
          ? result.outcome === 'completed'
            ? 'in that answer'
            : 'there is none'
          : `at ${new URL(at).pathname}`,
        result.outcome === 'completed' ? 'done' : 'failed',
      ];
    }),
    note: 'Bytes are those of the connections, both directions. Who asks once a second learns of the end up to a second late.',
  };
}

function titleOf({ preset }: Preset): string {
  return preset === 'target' ? 'The target' : TITLES[preset];
}
