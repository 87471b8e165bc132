// The test server: listens on loopback, gives each connection to its own server of requests, and holds what the resources
// share. Never answers a request itself.

import type { ServerSettings, ServerState } from '../../shared/contract.ts';
import { serveConnection } from './http/connection.ts';
import { ContentStores } from './uploads/content-store.ts';
import { listenOnDefaultPort } from './default-port.ts';
import { ServerError } from './errors.ts';
import type { Exchange } from './http/exchange.ts';
import { FileStore } from './files/store.ts';
import { Operations } from './operations/operations.ts';
import { PLAIN_TEXT, text } from './http/refuse.ts';
import { captureRoutes } from './resources/capture.ts';
import { createCollection } from './resources/collection.ts';
import { digestRoute } from './resources/digest.ts';
import { createPresets } from './presets/routes.ts';
import { createFailures } from './resources/failures.ts';
import { interimsRoute } from './resources/interims.ts';
import { jobRoutes } from './resources/job.ts';
import { oddRoute } from './resources/odd.ts';
import { parallelRoute } from './resources/parallel.ts';
import { printRoute } from './resources/print.ts';
import { resumableRoutes } from './resources/resumable.ts';
import { streamsRoute } from './resources/streams.ts';
import { testSuiteRoutes } from './resources/test-suite.ts';
import { tusRoutes } from './resources/tus.ts';
import { uploadRoutes } from './resources/uploads.ts';
import { createParallel, createRouter, type ServerCore } from './router.ts';
import { Streams } from './streams/streams.ts';
import { type TestServer, type TestServerOptions, USUAL_SETTINGS } from './types.ts';
import { delayedRoutes } from './waiting/delayed.ts';
import { createWaiting } from './waiting/routes.ts';
import { listen } from '../wire/listen.ts';
import type { Listener, Wire } from '../wire/types.ts';

/** From the first byte of a request to the end of its head: who sends a byte now and then holds no connection. */
const HEAD_MILLISECONDS = 30_000;
/** Longer for who has sent nothing yet: browsers connect ahead. */
const SILENT_MILLISECONDS = 60_000;
const IDLE_MILLISECONDS = 10 * 60 * 1000;
/** As long as Node's own server, on which the proof of concept stood: its client ends only when its connections do. */
const KEEP_ALIVE_MILLISECONDS = 5000;
/** draft-wright-http-progress: long enough for a client to come back on another business day. */
const STATUS_LIFETIME = 3 * 24 * 60 * 60 * 1000;
/** Resources that the state names. */
const SHOWN = 20;

/**
 * Starts a test server.
 * @throws WireError if it cannot listen there; ServerError `no-free-port` if none of the default ports is free,
 * `bad-option` for a status that is no 2xx, or a root that cannot be used
 */
export async function createTestServer(options: TestServerOptions): Promise<TestServer> {
  const { context, connectionLimit = 1024 } = options;
  let settings = settingsOf(options);
  const { incompleteStatus } = settings;
  if (!Number.isInteger(incompleteStatus) || incompleteStatus < 200 || incompleteStatus > 299) {
    throw new ServerError(
      'bad-option',
      `${incompleteStatus} cannot be the status of incomplete content: choose one of 200 to 299.`,
    );
  }
  const limits = {
    ...(options.memoryLimit === undefined ? {} : { memory: options.memoryLimit }),
    ...(options.storeLimit === undefined ? {} : { total: options.storeLimit }),
  };
  const stores = new ContentStores(limits);
  let scheduled = false;
  let closed = false;
  const changed = (): void => {
    if (scheduled || closed) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      if (!closed) server.changed();
    });
  };
  const operations = new Operations({
    clock: context.clock,
    stores,
    guessable: options.guessable ?? false,
    limit: options.operationLimit ?? 1000,
    lifetime: options.statusLifetime ?? STATUS_LIFETIME,
    changed,
  });
  const files = await FileStore.open({ root: options.root, stores, clock: context.clock, changed });
  const uploadLimit = options.uploadLimit ?? 4 * 1024 ** 3;
  const streams = await Streams.open({ root: options.root, stores, limit: uploadLimit, changed }).catch(
    async (error: unknown) => {
      await files.close();
      throw error;
    },
  );
  const core: ServerCore = {
    clock: context.clock,
    operations,
    files,
    streams,
    followerLag: options.followerLag ?? 1024 * 1024,
    uploadLimit,
    uploadLimits: { minSize: null, maxAppendSize: null, minAppendSize: null, ...options.uploadLimits },
    changed,
    get incompleteStatus() {
      return settings.incompleteStatus;
    },
    get transaction() {
      return settings.transaction;
    },
    get acknowledgeBytes() {
      return settings.acknowledgeBytes;
    },
    get stepMilliseconds() {
      return settings.stepMilliseconds;
    },
    get silenceMilliseconds() {
      return settings.silenceMilliseconds;
    },
  };
  const collection = createCollection(core);
  const waiting = createWaiting(core);
  const failures = createFailures(core);
  const presets = createPresets(core);
  const routes = [
    ...collection.routes,
    ...captureRoutes(core),
    digestRoute(core),
    printRoute(core),
    ...testSuiteRoutes(core),
    ...jobRoutes(core),
    ...resumableRoutes(core),
    ...tusRoutes(core),
    ...uploadRoutes(core),
    ...failures.routes,
    ...waiting.routes,
    ...presets.routes,
    ...delayedRoutes(core),
    streamsRoute(core),
    parallelRoute(core),
    oddRoute(core),
    interimsRoute(),
  ];
  const handle = createRouter(routes);
  const parallel = createParallel(routes);
  let connections = 0;
  const accept = (wire: Wire): void => {
    // As many again are told that there are too many; more than that are not listened to.
    if (connections >= 2 * connectionLimit) {
      wire.close('rst');
      return;
    }
    connections++;
    serveConnection(wire, {
      clock: context.clock,
      interimLimit: settings.interimLimit,
      headMilliseconds: HEAD_MILLISECONDS,
      silentMilliseconds: SILENT_MILLISECONDS,
      idleMilliseconds: IDLE_MILLISECONDS,
      keepAliveMilliseconds: KEEP_ALIVE_MILLISECONDS,
      handle: connections > connectionLimit ? refuseBusy : handle,
      parallel,
      closed: () => void connections--,
    });
  };
  const host = options.host ?? '127.0.0.1';
  const listener = await (
    options.port === 'default'
      ? listenOnDefaultPort(host, (port) => listen(host, port, context, accept))
      : listen(host, options.port, context, accept)
  ).catch(async (error: unknown) => {
    streams.close();
    await files.close();
    throw error;
  });
  const url = urlOf(listener);
  const server: TestServer = {
    url,
    port: listener.port,
    leftOver: files.leftOver,
    digest: (path) => {
      if (/^\/(?:uploads|put-only)\//.test(path)) return files.digest(path);
      if (path.startsWith('/streams/')) return streams.digest(path);
      const upload = /^\/(?:job\/([\w-]+)\.req|(?:resumable|tus)\/([\w-]+))$/.exec(path);
      if (upload === null) return collection.digest(path);
      const operation = operations.get(upload[1] ?? upload[2] ?? '');
      const gone =
        operation === undefined ||
        operation.expired ||
        operation.invalid !== null ||
        operation.deleted.has('request');
      return gone || operation.upload === null ? Promise.resolve(null) : operation.upload.content.digest();
    },
    state: () => ({
      url,
      settings,
      resources: shown(
        [
          ...waiting.resources().slice(0, SHOWN / 4),
          ...streams.resources().slice(0, SHOWN / 4),
          ...files.resources(),
        ],
        operations,
      ),
    }),
    set: (changes) => {
      settings = changes;
      changed();
    },
    changed: () => {},
    close: async () => {
      closed = true;
      await listener.close();
      operations.close();
      failures.close();
      waiting.close();
      presets.close();
      streams.close();
      await files.close();
      stores.close();
    },
  };
  return server;
}

function settingsOf(options: TestServerOptions): ServerSettings {
  const usual = USUAL_SETTINGS;
  return {
    interimLimit: options.interimLimit ?? usual.interimLimit,
    incompleteStatus: options.incompleteStatus ?? usual.incompleteStatus,
    transaction: options.transaction ?? usual.transaction,
    acknowledgeBytes: options.acknowledgeBytes ?? usual.acknowledgeBytes,
    stepMilliseconds: options.stepMilliseconds ?? usual.stepMilliseconds,
    silenceMilliseconds: options.silenceMilliseconds ?? usual.silenceMilliseconds,
  };
}

/** Newest first of each kind; neither leaves the other without a place. */
function shown(files: ServerState['resources'], operations: Operations): ServerState['resources'] {
  const others = operations.resources();
  const written = files.slice(0, Math.max(SHOWN / 2, SHOWN - others.length));
  return [...written, ...others].slice(0, SHOWN);
}

function refuseBusy(exchange: Exchange): void {
  void exchange.final({
    status: 503,
    fields: [['Retry-After', '1'], PLAIN_TEXT],
    content: text('There are too many connections here: close some, or try again later.'),
    last: true,
  });
}

function urlOf({ address, port }: Listener): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}
