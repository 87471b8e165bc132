// The same upload through three protocols, while it is part there: a HEAD each, in the moment in which its client knows where
// to go on and has sent nothing of it yet. Asks only; the upload is not changed by it.

import type { Check, ResultTable } from '../../../shared/contract.ts';
import type { FieldLines } from '../../../shared/http1/writer.ts';
import type { ContentSource } from '../../client/content.ts';
import type { OperationResult, StrategyContext } from '../../client/strategy.ts';
import { TUS_VERSION } from '../../client/uploads/tus/protocol.ts';
import { check } from './checks.ts';
import { ask } from './requests.ts';
import type { ExperimentContext } from './types.ts';

interface Protocol {
  readonly name: string;
  readonly place: (id: string) => string;
  readonly fields: FieldLines;
  /** Fields that tell what there is, in its words; the first one how much. */
  readonly tells: readonly [string, ...string[]];
}

const PROTOCOLS: readonly Protocol[] = [
  {
    name: 'draft-wright-http-resume-request',
    place: (id) => `/job/${id}.req`,
    fields: [],
    tells: ['Content-Length'],
  },
  {
    name: 'draft-ietf-httpbis-resumable-upload',
    place: (id) => `/resumable/${id}`,
    fields: [['Upload-Draft-Interop-Version', '8']],
    tells: ['Upload-Offset', 'Upload-Complete', 'Upload-Length'],
  },
  {
    name: `tus ${TUS_VERSION}`,
    place: (id) => `/tus/${id}`,
    fields: [['Tus-Resumable', TUS_VERSION]],
    tells: ['Upload-Offset', 'Upload-Length'],
  },
];

interface Look {
  readonly rows: string[][];
  /** How much there is, as each of them tells it. */
  readonly offsets: ReadonlySet<string>;
}

export class ThreeProtocols {
  readonly #context: ExperimentContext;
  readonly #source: ContentSource;
  /** The client has just learned how much is there. */
  #learned = false;
  #look: Promise<Look | null> | null = null;
  #part = false;

  /** @param source the content of the upload */
  constructor(context: ExperimentContext, source: ContentSource) {
    this.#context = context;
    this.#source = source;
  }

  /** The content, which makes its reader wait once, before the rest of it is read. */
  get content(): ContentSource {
    const source = this.#source;
    return {
      length: source.length,
      read: async (from, to) => {
        if (this.#learned && from > 0 && this.#look === null && this.#context.target === null) {
          const id = this.#begun();
          this.#part = id !== null;
          if (id !== null) this.#look = this.#ask(id);
        }
        this.#learned = false;
        await this.#look;
        return source.read(from, to);
      },
      close: () => source.close(),
    };
  }

  /** The context of the upload: its steps tell when there is something to look at. */
  get watched(): StrategyContext {
    return {
      ...this.#context,
      observer: {
        step: (name) => {
          if (name === 'offset-learned') this.#learned = true;
        },
      },
    };
  }

  /** After the upload: what was seen, or, where nothing interrupted it, what is seen now. */
  async told({ locations }: OperationResult): Promise<{
    readonly tables: readonly ResultTable[];
    readonly checks: readonly Check[];
  }> {
    const id = idOf(locations.requestContent ?? '');
    if (this.#context.target !== null || id === null) return { tables: [], checks: [] };
    const look = await (this.#look ?? this.#ask(id));
    if (look === null) return { tables: [], checks: [] };
    const { rows, offsets } = look;
    const same = offsets.size === 1;
    return {
      tables: [
        {
          title: 'The same upload in the words of three protocols',
          columns: ['Protocol', 'Request', 'Answer', 'What it tells'],
          rows,
          note: this.#part
            ? 'Asked in the moment in which the client knew how much had arrived, and had not gone on yet.'
            : 'Asked when all of it was there: the upload was not interrupted with a part of it stored.',
        },
      ],
      checks: [
        check(
          'three-protocols',
          same,
          same
            ? `All three protocols tell ${[...offsets][0]} bytes of the same upload.`
            : `The protocols tell different offsets of one upload: ${[...offsets].join(', ')}.`,
        ),
      ],
    };
  }

  /** The number of the upload that was asked after last. */
  #begun(): string | null {
    const { exchanges } = this.#context.model();
    for (let index = exchanges.length - 1; index >= 0; index--) {
      const { method, target } = exchanges[index]!;
      if (method === 'HEAD' || method === 'PATCH') return idOf(target);
    }
    return null;
  }

  /** Null: not all of them answered, which tells nothing of the upload. */
  async #ask(id: string): Promise<Look | null> {
    const rows: string[][] = [];
    const offsets = new Set<string>();
    for (const { name, place, fields, tells } of PROTOCOLS) {
      const path = place(id);
      const { outcome, final } = await ask(this.#context, 'HEAD', `${this.#context.server.url}${path}`, {
        fields,
      });
      if (outcome !== 'completed' || final === null) return null;
      const told = tells.flatMap((field) => {
        const line = final.fields.find(([known]) => known.toLowerCase() === field.toLowerCase());
        return line === undefined ? [] : [line];
      });
      rows.push([
        name,
        `HEAD ${path}`,
        `${final.status} ${final.reason}`,
        told.map(([field, value]) => `${field}: ${value}`).join(', '),
      ]);
      offsets.add(told[0]?.[1] ?? 'nothing');
    }
    return { rows, offsets };
  }
}

function idOf(url: string): string | null {
  return /\/(?:resumable|tus)\/([\w-]+)$/.exec(url)?.[1] ?? null;
}
