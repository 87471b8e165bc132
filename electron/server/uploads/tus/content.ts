// Takes the content of a request of tus, a POST's or a PATCH's, into its upload, and answers when all of it is there.

import type { FieldLines } from '../../../../shared/http1/writer.ts';
import { bring } from '../bringing.ts';
import type { ContentCheck } from '../digests.ts';
import { expectsContinue } from '../../http/announced.ts';
import type { Exchange } from '../../http/exchange.ts';
import type { Operation } from '../../operations/operation.ts';
import type { ServerCore } from '../../router.ts';
import type { Upload } from '../uploads.ts';
import { offsetLine, refuseTus, TUS_RESUMABLE, TusRefusal } from './request.ts';

interface TusContent {
  readonly expected: number | null;
  readonly cutAfter: number | null;
  readonly check: ContentCheck | null;
  /** Of the upload, in the answers to the request that creates it; null: the client knows it. */
  readonly location: string | null;
  /** All of it is stored. */
  arrived(): void;
}

/** The exchange must hold the upload. */
export function takeContent(
  exchange: Exchange,
  core: ServerCore,
  operation: Operation,
  upload: Upload,
  { expected, cutAfter, check, location, arrived }: TusContent,
): void {
  if (expectsContinue(exchange)) void exchange.interim(100, []);
  const stateFields = (): FieldLines => [
    ...(location === null ? [] : [['Location', location] as const]),
    offsetLine(upload),
  ];
  const refuse = (status: number, sentence: string): void =>
    refuseTus(exchange, new TusRefusal(status, sentence, stateFields()));
  const unknown = location !== null;
  const options = { expected, most: null, cutAfter, unknown, acknowledger: null, check };
  bring(exchange, core, operation, upload, options, {
    arrived,
    tooLong: () => refuse(413, `The upload has ${upload.length} bytes in all: nothing comes behind them.`),
    tooMuch: () => refuse(413, 'The request brings too much.'),
    mismatched: () => {
      void exchange.final({
        status: 460,
        reason: 'Checksum Mismatch',
        fields: [TUS_RESUMABLE, ...stateFields()],
        content: new Uint8Array(0),
      });
    },
    refuse,
  });
}
