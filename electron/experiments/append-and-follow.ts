// The experiment `append-and-follow`: one client appends to a stream over a WebSocket and is cut off, others follow, and the
// appending goes on. Nobody may be told a byte that the server has not stored.

import type { Check, ResultTable } from '../../shared/contract.ts';
import { grouped } from '../../shared/model/story-words.ts';
import { counted } from '../../shared/counted.ts';
import { contentDigest } from '../client/content.ts';
import type { Followed } from './append-and-follow/audience.ts';
import { appendInRounds, type Round, type Rounds } from './append-and-follow/rounds.ts';
import { check, digestCheck, faults, times } from './kit/checks.ts';
import { CUT, PATIENCE, sizeOf } from './kit/parameters.ts';
import { ownCut, resourceDigest } from './kit/requests.ts';
import type { Experiment, ExperimentContext } from './kit/types.ts';

/** Below this, what a follower sends could reach the byte of a cut that is meant for the appender. */
const WORTH_CUTTING = 5_000;

export const appendAndFollow: Experiment = {
  info: {
    id: 'append-and-follow',
    title: 'Append and follow',
    group: 'streaming',
    teaches:
      'One client appends to a stream over a WebSocket; others follow it, and are told what is there and then each append ' +
      'as a message of its own. The server stores before it tells: when the appender is cut off, its followers have exactly ' +
      'what the stream holds. Whoever goes on first takes the stream, and asks how long it is only then: before, bytes of ' +
      'the broken connection could still be on their way. A second appender is refused.',
    sources: [
      'sourcegraph/httpfstream',
      'RFC 6455 §5 (frames), §7 (closing)',
      'RFC 9110 §14 (Range: how long the stream is)',
    ],
    parameters: [
      sizeOf(50_000),
      {
        name: 'piece',
        title: 'Append',
        help: 'Bytes of each append, which is one WebSocket message.',
        type: 'number',
        default: 1_000,
        minimum: 1,
        maximum: 60_000,
      },
      {
        name: 'followers',
        title: 'Followers',
        help: 'How many follow. The last one comes when half is appended.',
        type: 'number',
        default: 3,
        minimum: 1,
        maximum: 20,
      },
      {
        name: 'pause',
        title: 'Pause',
        help: 'Milliseconds between two appends.',
        type: 'number',
        default: 20,
        minimum: 0,
        maximum: 10_000,
      },
      CUT,
      PATIENCE,
    ],
    cuts: [
      {
        label: 'The appender, three times',
        specs: [10_000, 12_000, 14_000].map((at) => ({
          end: 'server',
          direction: 'in',
          at,
          content: false,
          cut: 'rst',
        })),
      },
      {
        label: 'A follower',
        specs: [{ end: 'server', direction: 'out', at: 10_000, content: false, cut: 'rst' }],
      },
      {
        label: 'Silence instead of the appender',
        specs: [{ end: 'server', direction: 'in', at: 20_000, content: false, cut: 'stall' }],
      },
      {
        label: 'In the handshake',
        specs: [{ end: 'client', direction: 'out', at: 100, content: false, cut: 'rst' }],
      },
    ],
  },

  ownCuts: (context) => {
    const size = Number(context.parameters['size']);
    return size < WORTH_CUTTING ? [] : [ownCut(context, 'request', Math.floor(size * 0.7) + 333, false)];
  },

  async run(context) {
    const appended = await appendInRounds(context);
    const { url, content, problem, rounds } = appended;
    const sent = await contentDigest(content, context.signal);
    const bytes = counted(content.length, 'byte');
    return {
      result: {
        ...(problem ?? {
          outcome: 'completed',
          reason: `${bytes} were appended on ${counted(rounds.length, 'connection')}, and followed to the end.`,
        }),
        digest: { sent, stored: problem === null ? await resourceDigest(context, url) : null },
      },
      observed: problem === null ? observe(appended, sent, context) : [],
      tables: [tableOf(rounds, sent)],
    };
  },

  expect: (model, result) => [
    digestCheck(result),
    {
      id: 'connections',
      level: 'info',
      message: `${counted(model.connections.length, 'connection')}, ${counted(faults(model).number, 'fault')}.`,
    },
  ],
};

function observe(
  { rounds, secondRefused }: Rounds,
  sent: string | null,
  context: ExperimentContext,
): Check[] {
  const last = rounds.at(-1)?.followed ?? [];
  const whole = last.filter(({ result }) => result.digest === sent).length;
  const broken = rounds.slice(0, -1).filter(({ followed }) => followed.length > 0);
  const honest = broken.every(isHonest);
  return [
    check(
      'followers',
      whole === last.length,
      `${whole} of ${counted(last.length, 'follower')} ${whole === 1 ? 'has' : 'have'} every byte that was appended, once and in order.`,
    ),
    ...(broken.length === 0 || context.target !== null
      ? []
      : [
          check(
            'nothing-untrue',
            honest,
            honest
              ? 'When the appender was cut off, its followers had exactly what the stream held.'
              : 'When the appender was cut off, a follower had other bytes than the stream.',
          ),
        ]),
    check(
      'second-appender',
      secondRefused,
      secondRefused
        ? 'A second appender was refused with 403, and the first went on unharmed.'
        : 'The second appender was not refused: the first one was gone when it came.',
      rounds.length > 1 ? 'info' : 'error',
    ),
  ];
}

function isHonest({ followed, digest }: Round): boolean {
  return followed.every(({ result }) => result.digest === digest);
}

function tableOf(rounds: readonly Round[], sent: string | null): ResultTable {
  return {
    title: 'What each follower was told',
    columns: ['Follower', 'Came at byte', 'Bytes', 'Messages', 'All of it', 'How it ended'],
    rows: rounds.flatMap(({ followed }, round) =>
      followed.map((one, index) =>
        rowOf(one, `${index + 1}${rounds.length > 1 ? `, round ${round + 1}` : ''}`, sent),
      ),
    ),
    note: 'What a stream holds already comes in messages of up to 64 KiB, each append in one of its own.',
  };
}

function rowOf({ result, joinedAt, tries }: Followed, name: string, sent: string | null): string[] {
  const { bytes, messages, digest, reason } = result;
  const again = tries === 1 ? '' : `, tried ${times(tries)}`;
  return [
    name,
    `${grouped(joinedAt)}${again}`,
    grouped(bytes),
    grouped(messages),
    digest === sent ? 'yes' : 'no',
    reason,
  ];
}
