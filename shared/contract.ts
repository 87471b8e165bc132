// The boundary between engine and user interface: every command and every push, typed once, validated at run time.
// Commands go up, pushes come down; batches of events (model/batch.ts) travel as bytes beside the pushes.

import { z } from 'zod';
import { comparison, sidesRow } from './compare/sides.ts';
import { replayPreview } from './replay/preview.ts';
import { FASTEST, SLOWEST } from './replay/timing.ts';

const connection = z.int().positive();
const end = z.enum(['client', 'server']);
const direction = z.enum(['out', 'in']);
const cutKind = z.enum(['rst', 'fin', 'stall']);
const bytePosition = z.int().nonnegative();
const parameterValue = z.union([z.string(), z.number(), z.boolean()]);
export const exportFormat = z.enum(['har', 'ndjson', 'curl', 'http', 'trace-event']);
export type ExportFormat = z.infer<typeof exportFormat>;

/** A cut that waits for its byte: `SPEC` of the command line. */
const cutSpec = z.strictObject({
  end,
  direction,
  /** Byte of that direction from the start of the connection, or, with `content`, of the representation. */
  at: bytePosition,
  content: z.boolean(),
  cut: cutKind,
});
export type CutSpec = z.infer<typeof cutSpec>;

/** A fault that is no cut at a byte. All but the last three disturb a direction of an end for as long as they stand. */
const disturbance = z.discriminatedUnion('fault', [
  /** Bytes per second, where that is slower than the pace. */
  z.strictObject({
    fault: z.literal('throttle'),
    end,
    direction,
    rate: z.int().min(1).max(1_000_000_000),
  }),
  /** Each write, or each delivery, so much later. */
  z.strictObject({
    fault: z.literal('delay'),
    end,
    direction,
    milliseconds: z.int().min(1).max(60_000),
  }),
  /** So many bytes in each write, or in each delivery, at most. */
  z.strictObject({
    fault: z.literal('fragment'),
    end,
    direction,
    bytes: z.int().min(1).max(65_536),
  }),
  /**
   * Turns bits of one byte that an end writes, once. Not of what it reads: where both ends are ours, the bytes between
   * them are recorded once, as they were sent.
   */
  z.strictObject({ fault: z.literal('corrupt'), end, at: bytePosition, mask: z.int().min(1).max(255) }),
  /** Cuts so long after the connection is opened, or after this is armed if that is later; once. */
  z.strictObject({
    fault: z.literal('cut-after'),
    end,
    direction,
    milliseconds: z.int().min(1).max(600_000),
    cut: cutKind,
  }),
  /** The time-out of a platform's router before the test server, for connections opened from then on (ms). */
  z.strictObject({
    fault: z.literal('cut-idle'),
    firstByte: z.int().min(10).max(600_000),
    between: z.int().min(10).max(600_000),
    first: z.enum(['any-byte', 'final-response']),
  }),
]);
export type Disturbance = z.infer<typeof disturbance>;

const parameter = z.strictObject({
  name: z.string(),
  title: z.string(),
  /** What it does, with its unit. */
  help: z.string(),
  type: z.enum(['number', 'string', 'boolean']),
  default: parameterValue,
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  choices: z.array(z.string()).optional(),
});
export type Parameter = z.infer<typeof parameter>;

const experimentInfo = z.strictObject({
  id: z.string(),
  title: z.string(),
  group: z.enum(['progress', 'resume', 'byte ranges', 'streaming', 'failures', 'proxies and libraries']),
  /** What it teaches: two or three sentences. */
  teaches: z.string(),
  sources: z.array(z.string()),
  parameters: z.array(parameter),
  /** Cuts worth trying, each with a label for a button. */
  cuts: z.array(z.strictObject({ label: z.string(), specs: z.array(cutSpec) })),
});
export type ExperimentInfo = z.infer<typeof experimentInfo>;

const check = z.strictObject({
  id: z.string(),
  level: z.enum(['pass', 'info', 'warning', 'error']),
  message: z.string(),
});
export type Check = z.infer<typeof check>;

const resultTable = z.strictObject({
  title: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.array(z.string())),
  note: z.string().exactOptional(),
});
export type ResultTable = z.infer<typeof resultTable>;

const sessionState = z.strictObject({
  /** Grows by one whenever another session takes its place: batches of an older epoch are ignored. */
  epoch: z.int().nonnegative(),
  name: z.string(),
  /** Where it is on disk; null while it is only in the recorder's own folder. */
  path: z.string().nullable(),
  /** Records arrive still (a live session); false for an opened file. */
  live: z.boolean(),
  /** While a file is being read: the share of it that was, 0 … 1. Absent when all of it was. */
  read: z.number().min(0).max(1).exactOptional(),
  saved: z.boolean(),
  records: z.int().nonnegative(),
  keptBytes: z.int().nonnegative(),
  /** Counted but over budget, so not kept. */
  leftOutBytes: z.int().nonnegative(),
  /** Milliseconds since 1970. */
  startedAt: z.number(),
  /** What is wrong with the file, e.g. that it was cut short; one sentence. */
  warning: z.string().nullable(),
});
export type SessionState = z.infer<typeof sessionState>;

const runState = z.strictObject({
  experiment: z.string().nullable(),
  state: z.enum(['idle', 'running', 'completed', 'failed', 'refused']),
  reason: z.string(),
  checks: z.array(check),
  tables: z.array(resultTable),
});
export type RunState = z.infer<typeof runState>;

const armedFault = z.strictObject({ id: z.int().positive(), spec: cutSpec, fired: z.boolean() });
export type ArmedFault = z.infer<typeof armedFault>;

/** What the test server does where a request does not say: each holds for requests that come from then on. */
const serverSettings = z.strictObject({
  /** Most interim responses to one request; for connections opened from then on. */
  interimLimit: z.int().min(0).max(1_000_000),
  /** Status of what is not complete. */
  incompleteStatus: z.int().min(200).max(299),
  /** What becomes of a write to a file that breaks off: as its method has it, or always the same. */
  transaction: z.enum(['by-method', 'atomic', 'persist']),
  /** Bytes between two acknowledgements of an upload, at least. */
  acknowledgeBytes: z.int().min(1024).max(1_000_000_000),
  /** How long a step of a job takes. */
  stepMilliseconds: z.int().min(1).max(60_000),
  /** After so long without news a client that wants 102s is sent the last one again. */
  silenceMilliseconds: z.int().min(100).max(600_000),
});
export type ServerSettings = z.infer<typeof serverSettings>;

const serverState = z.strictObject({
  url: z.string(),
  settings: serverSettings,
  /** Files, streams, uploads and jobs that live on the test server now, newest of each kind first, 20 at most. */
  resources: z.array(
    z.strictObject({
      path: z.string(),
      kind: z.enum(['upload', 'job', 'response', 'file', 'stream']),
      /** `done`, `1/3` … */
      label: z.string(),
      have: z.number(),
      length: z.number().nullable(),
    }),
  ),
});
export type ServerState = z.infer<typeof serverState>;

const recent = z.strictObject({
  path: z.string(),
  name: z.string(),
  modifiedAt: z.number(),
  bytes: z.number(),
});
export type Recent = z.infer<typeof recent>;

const standingDisturbance = z.strictObject({ id: z.int().positive(), disturbance });

const faultState = z.strictObject({
  armed: z.array(armedFault),
  /** Those that stand; what strikes once is gone when it has. */
  disturbances: z.array(standingDisturbance),
  /** Bytes per second in each direction; 0 = unpaced. */
  rate: z.int().nonnegative(),
  /** Connections whose bytes are held now. */
  stalled: z.array(connection),
});
export type FaultState = z.infer<typeof faultState>;

const hello = z.strictObject({
  version: z.string(),
  experiments: z.array(experimentInfo),
  session: sessionState,
  run: runState,
  server: serverState,
  faults: faultState,
  recents: z.array(recent),
});
export type Hello = z.infer<typeof hello>;

/** Engine to interface. Batches come beside these, as bytes. */
export const push = z.discriminatedUnion('push', [
  z.strictObject({ push: z.literal('session'), session: sessionState }),
  z.strictObject({ push: z.literal('run'), run: runState }),
  z.strictObject({ push: z.literal('server'), server: serverState }),
  z.strictObject({ push: z.literal('faults'), faults: faultState }),
  z.strictObject({ push: z.literal('recents'), recents: z.array(recent) }),
  /** How far a comparison has come, 0 … 1. */
  z.strictObject({ push: z.literal('comparing'), share: z.number().min(0).max(1) }),
  /** Something went wrong outside of a command: one sentence that says what and what to do. */
  z.strictObject({ push: z.enum(['news', 'problem']), message: z.string() }),
  /** The native menu or the operating system asks the interface to act. */
  z.strictObject({
    push: z.literal('menu'),
    action: z.enum(['open', 'save', 'export', 'new', 'palette', 'keys', 'settings', 'tour']),
  }),
]);
export type Push = z.infer<typeof push>;

/** How a request of the user's own is carried out: the client's strategies by their names. */
export const strategyName = z.enum([
  'plain',
  'repeat',
  'idempotency-key',
  'resumable-request',
  'follow-progress',
  'follow-operation',
  'poll',
  'server-sent-events',
  'segmented-upload',
  'sparse-upload',
  'put-then-patch',
  'ietf-upload',
  'tus-upload',
  'resume-download',
]);

/** Bytes that one `send`, `sendRaw` or `sendBatch` brings with it; files and generated content are of any size. */
const SEND_LIMIT = 4 * 1024 * 1024;
/** Requests of one `sendBatch`, and bytes of content of each. */
const BATCH_LIMIT = 50;
const BATCH_CONTENT = 64 * 1024;
/** Milliseconds that a timer can count. */
const LONGEST_TIME = 2 ** 31 - 1;
/** RFC 4648 §4, with its padding. */
const base64 = z
  .string()
  .refine((text) => text.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(text.replace(/={1,2}$/, '')));

const bytesUpTo = (limit: number) => base64.max(Math.ceil(limit / 3) * 4);
const sentBytes = bytesUpTo(SEND_LIMIT);
const method = z.string().max(100);
/** Absolute, http or https. */
const url = z.string().max(8_192);
/** Milliseconds without a byte either way after which the server is taken for dead. */
const patience = z.int().positive().max(LONGEST_TIME);

/** Fields of a message in order, names in their own case. */
const fields = z.array(z.tuple([z.string().max(200), z.string().max(8_192)])).max(100);

/** Bytes; numbered lines of that length in bytes; or a file that the user chose. */
const sendContent = z.union([
  sentBytes,
  z.strictObject({ generated: z.int().nonnegative() }),
  z.strictObject({ file: z.string().min(1) }),
]);
export type SendContent = z.infer<typeof sendContent>;

/** What a strategy can be told; each has its own words in electron/client/strategy.ts, and the strategies that know it. */
const sendOptions = z.strictObject({
  patience: patience.exactOptional(),
  /** Beyond those of the strategy and of the request's own Prefer field. */
  preferences: z.array(z.string().max(8_192)).max(20).exactOptional(),
  /** Bytes. */
  segmentSize: z.int().positive().exactOptional(),
  /** Connections, or partial uploads. */
  parallel: z.int().min(1).max(100).exactOptional(),
  interopVersion: z.literal([3, 4, 5, 6, 7, 8]).exactOptional(),
  first: z.enum(['whole', 'empty']).exactOptional(),
  digests: z.enum(['content', 'representation', 'both']).exactOptional(),
  checksum: z.enum(['sha1', 'sha256']).exactOptional(),
  metadata: z.record(z.string().max(200), z.string().max(8_192)).exactOptional(),
  transaction: z.enum(['atomic', 'persist']).exactOptional(),
  deleteWhenDone: z.boolean().exactOptional(),
});
export type SendOptions = z.infer<typeof sendOptions>;

/** A response as the user of a strategy gets it. */
const finalResponse = z.strictObject({
  status: z.int(),
  reason: z.string(),
  fields: z.array(z.tuple([z.string(), z.string()])),
  /** The content up to 1 MiB; the session has all of it. */
  content: base64,
});
export type FinalResponse = z.infer<typeof finalResponse>;

const outcome = z.enum(['completed', 'failed', 'refused']);
const nothing = z.strictObject({});
const done = z.null();

/** Every command: its arguments and its result. A refusal is an Error whose message is for the user. */
export const commands = {
  /** Must be the first. Everything the interface shows at once; all batches of the session follow from row 0. */
  hello: { args: nothing, result: hello },
  run: {
    args: z.strictObject({
      experiment: z.string(),
      parameters: z.record(z.string(), parameterValue),
      cuts: z.array(cutSpec).max(100),
      /** A server of the user's own in place of the test server. */
      target: url.exactOptional(),
    }),
    result: done,
  },
  /**
   * One request of the user's own, by a strategy, recorded in the live session; it may run beside an experiment.
   * Resolves when it is over, whatever the server did; `final` is null when there was no final response.
   */
  send: {
    args: z.strictObject({
      method,
      url,
      /** Host, Content-Length, Expect and Prefer are added where they are missing. */
      fields,
      content: sendContent.nullable(),
      strategy: strategyName,
      options: sendOptions.exactOptional(),
      /** Cuts for the connections of this request alone; they queue as those of a run do. */
      cuts: z.array(cutSpec).max(100).exactOptional(),
    }),
    result: z.strictObject({ outcome, reason: z.string(), final: finalResponse.nullable() }),
  },
  /**
   * Bytes as they are, on a connection of their own; nothing is added. Resolves when every request in them is answered, the
   * connection is over, or patience is. Every response that came, interim ones and one that broke off included, in order.
   */
  sendRaw: {
    args: z.strictObject({ url, bytes: sentBytes, patience }),
    result: z.strictObject({ outcome, reason: z.string(), responses: z.array(finalResponse) }),
  },
  /**
   * Several requests on one connection, written without waiting (RFC 9112 §9.3.2). Host and Content-Length are added where
   * they are missing. The answers stand at the place of their request, with up to 64 KiB of content; null: there was none.
   */
  sendBatch: {
    args: z.strictObject({
      url,
      requests: z
        .array(
          z.strictObject({
            method,
            /** Origin-form: path and query. */
            target: z.string().max(8_192),
            fields,
            content: bytesUpTo(BATCH_CONTENT).nullable(),
          }),
        )
        .min(1)
        .max(BATCH_LIMIT),
      patience,
    }),
    result: z.strictObject({ outcome, reason: z.string(), answers: z.array(finalResponse.nullable()) }),
  },
  /** Ends the running experiment, every request of the user's own, and what they have open. */
  stop: { args: nothing, result: done },
  /** Cuts a live connection now. */
  cut: { args: z.strictObject({ connection, end, direction, cut: cutKind }), result: done },
  /** Holds the bytes of a connection until resumed. */
  stall: { args: z.strictObject({ connection }), result: done },
  resume: { args: z.strictObject({ connection }), result: done },
  /**
   * Arms a cut, which strikes once. It stands beside those of an experiment, whatever begins, until it strikes or is taken
   * back: of all that stand, the one whose byte comes first strikes first.
   */
  arm: { args: cutSpec, result: z.strictObject({ id: z.int().positive() }) },
  /** Arms a disturbance, for live connections and later ones, whatever runs. */
  disturb: { args: disturbance, result: z.strictObject({ id: z.int().positive() }) },
  /** Takes back a cut or a disturbance. */
  disarm: { args: z.strictObject({ id: z.int().positive() }), result: done },
  /** Pace of every write, bytes per second; 0 = unpaced. */
  pace: { args: z.strictObject({ rate: z.int().nonnegative() }), result: done },
  /** Changes the settings of the test server, for good. */
  serverSettings: { args: serverSettings, result: done },
  /** Ends the test server and starts it again at the same port. The result is a sentence that tells what is left. */
  serverRestart: { args: nothing, result: z.string() },
  /** Sends the test server a request that makes a file, or begins a job to wait for; resolves with its path. */
  serverCreate: {
    args: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('file'), name: z.string().min(1).max(200), content: sentBytes }),
      z.strictObject({
        kind: z.literal('job'),
        steps: z.int().min(1).max(1000),
        stepMilliseconds: z.int().min(1).max(60_000),
      }),
    ]),
    result: z.strictObject({ path: z.string() }),
  },
  /** Sends the test server a DELETE of one of its resources. */
  serverDelete: { args: z.strictObject({ path: z.string().startsWith('/').max(2000) }), result: done },
  /** Captured bytes of a session that are kept, of this and of those that follow; what comes after is only counted. */
  keep: {
    args: z.strictObject({
      bytes: z
        .int()
        .min(1024 * 1024)
        .max(64 * 1024 ** 3),
    }),
    result: done,
  },
  /** An empty live session takes the place of the current one. */
  newSession: { args: nothing, result: done },
  /** Opens a file; null: the host asks for one (desktop). False: nobody chose one. */
  openSession: { args: z.strictObject({ path: z.string().min(1).nullable() }), result: z.boolean() },
  /**
   * Sends the requests of the session that is looked at again, with its faults, in a live session of its own. Resolves
   * when it is over, with what differed. `target`: the origin of another server; null: where it went. `timing`: each step as
   * soon as it may, or so many times as fast as it was. `faults` false: nothing is cut, slowed or changed.
   */
  replay: {
    args: z.strictObject({
      target: z.string().max(8_192).nullable(),
      timing: z.union([z.literal('asap'), z.number().min(SLOWEST).max(FASTEST)]),
      faults: z.boolean(),
    }),
    result: comparison,
  },
  /** What {@link commands.replay} would send of the session that is looked at. */
  replayPreview: { args: nothing, result: replayPreview },
  /** Compares the session that is looked at with a file, exchange by exchange. */
  compare: { args: z.strictObject({ path: z.string().min(1) }), result: comparison },
  /** One row of the last comparison, or of what was sent again, with all that both exchanges say. */
  comparedRow: { args: z.strictObject({ index: z.int().nonnegative() }), result: sidesRow },
  /**
   * Writes a note beside something of the session that is looked at (what a RemarkRecord says): the one of that number anew,
   * or a new one (`id` null). An empty text takes it back. The result is its number.
   */
  remark: {
    args: z.strictObject({
      id: z.int().positive().nullable(),
      /** 0: none. */
      connection: z.int().nonnegative(),
      beside: z.strictObject({
        event: z.string().max(40),
        time: z.int().nonnegative(),
        position: bytePosition.exactOptional(),
      }),
      text: z.string().max(100_000),
    }),
    result: z.strictObject({ id: z.int().positive() }),
  },
  /** Writes the session to a file; null: the host asks (desktop). */
  saveSession: { args: z.strictObject({ path: z.string().min(1).nullable() }), result: z.boolean() },
  exportSession: {
    args: z.strictObject({ as: exportFormat, path: z.string().min(1).nullable() }),
    result: z.boolean(),
  },
  /** Captured bytes start … end (exclusive, 1 MiB at most) of one stream. `kept` false: counted, not kept. */
  bytes: {
    args: z.strictObject({
      connection,
      stream: z.enum(['request', 'response']),
      start: bytePosition,
      end: bytePosition,
    }),
    result: z.strictObject({
      bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
      kept: z.boolean(),
    }),
  },
  /** The interface has taken in every batch up to this number: the engine may send on. */
  taken: { args: z.strictObject({ epoch: z.int(), batch: z.int() }), result: done },
} as const;

export type Commands = typeof commands;
export type CommandName = keyof Commands;
export type CommandArgs<N extends CommandName> = z.infer<Commands[N]['args']>;
export type CommandResult<N extends CommandName> = z.infer<Commands[N]['result']>;

/** What a host offers the interface as `window.interim` (desktop) or builds over a WebSocket (browser). */
export type EngineCommands = {
  readonly [N in CommandName]: (args: CommandArgs<N>) => Promise<CommandResult<N>>;
};

/** Longest stretch of bytes that one `bytes` command returns. */
export const BYTES_AT_ONCE = 1024 * 1024;
